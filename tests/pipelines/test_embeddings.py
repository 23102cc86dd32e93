"""Textual inversions and other VAEs on real networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.models import Family, ModelKind
from pipelines.contract.request import EmbeddingWord, GenerationRequest
from pipelines.miniatures.addons import addon_info, write_embedding
from pipelines.miniatures.original_layout import vae_keys
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.worktop import Worktop, weights_hash

_TI = ModelKind.TEXTUAL_INVERSION


@pytest.fixture(scope="module")
def worktop(tiny_models: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Worktop:
    from diffusers import AutoencoderTiny

    from pipelines.miniatures.sd import sd1_pipeline

    root = tmp_path_factory.mktemp("addons")
    one = write_embedding(root / "easynegative.safetensors", 32)
    old = root / "old.pt"
    torch.save({"string_to_param": {"*": torch.ones(1, 32)}, "name": "old", "step": 3}, old)
    both = write_embedding(root / "both.safetensors", 32, 48)
    torch.manual_seed(9)
    vae = type(sd1_pipeline().vae).from_config(sd1_pipeline().vae.config)
    original = root / "vae-original.safetensors"
    save_file({name: tensor.contiguous().clone() for name, tensor in vae_keys(vae).items()}, str(original))
    diffusers_file = root / "vae-diffusers.safetensors"
    save_file(vae.state_dict(), str(diffusers_file))
    vae.save_pretrained(root / "vae-folder")
    kind: Any = AutoencoderTiny
    narrow = kind(encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4)
    narrow.save_pretrained(root / "tiny")
    wide = type(vae).from_config({**vae.config, "latent_channels": 16})
    save_file(wide.state_dict(), str(root / "wide.safetensors"))
    (root / "broken.safetensors").write_bytes(diffusers_file.read_bytes()[:4000])
    vaes = [original, diffusers_file, root / "vae-folder", root / "tiny", root / "wide.safetensors"]
    return Worktop(
        *tiny_models.models(),
        addon_info(one, _TI, addon_id="easynegative"),
        addon_info(old, _TI, addon_id="old"),
        addon_info(both, _TI, Family.SDXL, "both"),
        addon_info(write_embedding(root / "wide-words.safetensors", 40), _TI, Family.UNKNOWN, "wide-words"),
        addon_info(root / "broken.safetensors", _TI, addon_id="broken"),
        addon_info(root / "broken.safetensors", ModelKind.VAE, addon_id="broken-vae"),
        *(addon_info(path, ModelKind.VAE, Family.UNKNOWN, path.stem) for path in vaes),
        addon_info(original, ModelKind.VAE, Family.FLUX, "flux-vae"),
    )


def _asked(prompt: str, *words: str, **changes: Any) -> GenerationRequest:
    said = tuple(EmbeddingWord(word, word) for word in words)
    return sample(**{"model": "sd1", "prompt": prompt, "embeddings": said, "num_inference_steps": 2, **changes})


@pytest.mark.slow
def test_paints_what_diffusers_paints_with_the_embedding(worktop: Worktop) -> None:
    from diffusers import StableDiffusionPipeline

    asked = _asked("a boat easynegative at sea", "easynegative", negative_prompt="easynegative")
    pipe: Any = StableDiffusionPipeline.from_pretrained(worktop.library.resolve("sd1").path)
    pipe.load_textual_inversion(worktop.library.resolve("easynegative").path, token="easynegative")
    theirs = pipe(
        asked.prompt,
        negative_prompt=asked.negative_prompt,
        num_inference_steps=2,
        guidance_scale=asked.guidance_scale,
        width=128,
        height=128,
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
    ).images[0]
    before = weights_hash(worktop.model("sd1"))
    ours = worktop.paint(asked)
    assert np.abs(ours[..., :3] - theirs * 255).max() <= 1.5
    assert weights_hash(worktop.model("sd1")) == before
    without = _asked(asked.prompt, negative_prompt=asked.negative_prompt)
    assert np.abs(worktop.paint(without) - ours).max() > 5, "without it the word is only a word"


@pytest.mark.parametrize(("word", "model"), [("old", "sd1"), ("both", "sdxl")])
def test_old_and_double_files_act_and_leave_nothing(worktop: Worktop, word: str, model: str) -> None:
    plain = worktop.paint(_asked(f"a {word} boat", model=model))
    acted = worktop.paint(_asked(f"a {word} boat", word, model=model))
    assert np.abs(acted - plain).max() > 5
    assert np.array_equal(worktop.paint(_asked(f"a {word} boat", model=model)), plain)


def test_a_word_inside_another_is_no_embedding(worktop: Worktop) -> None:
    plain = worktop.paint(_asked("a bold boat"))
    assert np.array_equal(worktop.paint(_asked("a bold boat", "old")), plain)


@pytest.mark.parametrize(
    ("word", "model", "said"),
    [("both", "sd1", "sdxl"), ("wide-words", "sd1", "40"), ("broken", "sd1", "broken"), ("gone", "sd1", "gone")],
)
def test_what_cannot_be_used_is_refused_by_name(worktop: Worktop, word: str, model: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        worktop.paint(_asked("a boat", word, model=model))


def test_another_vae_paints_alike_from_every_kind_of_file(worktop: Worktop) -> None:
    own = worktop.paint(_asked("a boat"))
    before = weights_hash(worktop.model("sd1"))
    pictures = [worktop.paint(_asked("a boat", vae=f"vae-{name}")) for name in ("original", "diffusers", "folder")]
    assert np.abs(pictures[0] - own).max() > 5
    assert np.array_equal(pictures[0], pictures[1])
    assert np.array_equal(pictures[0], pictures[2])
    assert weights_hash(worktop.model("sd1")) == before
    assert np.array_equal(worktop.paint(_asked("a boat")), own)


def test_previews_and_remembered_pictures_follow_the_vae(worktop: Worktop) -> None:
    from pipelines.contract.request import Task

    asked = {"task": Task.IMAGE_TO_IMAGE, "strength": 0.5}
    own = worktop.paint(_asked("a boat", **asked))
    model = worktop.model("sd1")
    matrix, encoded = model.preview_matrix, set(model.encoded)
    other = worktop.paint(_asked("a boat", vae="tiny", **asked))
    assert model.preview_matrix is matrix
    assert set(model.encoded) == encoded
    assert np.abs(other - own).max() > 5
    assert np.array_equal(worktop.paint(_asked("a boat", **asked)), own)


@pytest.mark.parametrize(
    ("name", "said"), [("wide", "16 channels"), ("flux-vae", "made for flux"), ("broken-vae", "cannot be read")]
)
def test_a_vae_that_does_not_fit_is_refused(worktop: Worktop, name: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        worktop.paint(_asked("a boat", vae=name))


def test_an_embedding_needs_a_word(worktop: Worktop) -> None:
    with pytest.raises(InvalidRequestError):
        worktop.paint(sample(model="sd1", embeddings=(EmbeddingWord(" ", "old"),)))
