"""Weighted and long prompts, BREAK and clip skip, on real text encoders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import RegionPrompt
from pipelines.engine.conditioning.words import Wording, encode_words
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import box_mask, sample
from tests.pipelines.worktop import Worktop

_LONG = ", ".join(f"wave number {number}" for number in range(11))  # a token is a letter to the miniatures


@pytest.fixture(scope="module")
def worktop(tiny_models: Shelf) -> Worktop:
    return Worktop(*tiny_models.models())


@pytest.fixture(scope="module")
def encode(worktop: Worktop) -> Any:
    """From prompts to the embeddings that the network is given."""

    @torch.inference_mode()
    def encoded(model: str, prompt: str, negative: str | None = None, **wording: Any) -> dict[str, torch.Tensor]:
        loaded = worktop.model(model)
        pipe = loaded.pipeline(loaded.architecture.text_to_image, loaded.components["scheduler"])
        loaded.wording = Wording((), **wording)
        try:
            return encode_words(loaded, pipe, prompt, negative, guided=True)
        finally:
            loaded.wording = None

    return encoded


@pytest.mark.parametrize("model", ["sd1", "sdxl"])
def test_without_weights_it_is_what_diffusers_makes(encode: Any, worktop: Worktop, model: str) -> None:
    loaded = worktop.model(model)
    pipe = loaded.pipeline(loaded.architecture.text_to_image, loaded.components["scheduler"])
    with torch.inference_mode():
        theirs = pipe.encode_prompt(
            prompt="a boat",
            device="cpu",
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
            negative_prompt="fog",
        )
    ours = encode(model, "a boat", "fog")
    names = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    for name, tensor in zip(names, theirs, strict=False):
        assert torch.equal(ours[name], tensor), name
    # Read by our own hands, as when another prompt of the job is longer: the first chunk is the same.
    longer = encode(model, "a boat", "fog", chunks=2)
    assert longer["prompt_embeds"].shape[1] == 2 * 77
    for name, tensor in zip(names, theirs, strict=False):
        first = longer[name][:, :77] if tensor.ndim == 3 else longer[name]
        assert torch.allclose(first, tensor, atol=1e-5), name


@pytest.mark.parametrize("model", ["sd1", "sdxl"])
def test_a_weight_multiplies_its_tokens_and_keeps_the_mean(encode: Any, model: str) -> None:
    plain, strong = (encode(model, text)["prompt_embeds"][0] for text in ("ab cd", "ab (cd:1.5)"))
    width = 32  # of the first text encoder: each is brought back to its own mean
    ratio = strong[:, :width] / plain[:, :width]
    usual, emphasised = ratio[0, 0], ratio[3:5].mean()
    assert torch.allclose(ratio[3:5], emphasised.expand(2, width), rtol=1e-3)
    assert emphasised / usual == pytest.approx(1.5, rel=1e-3)
    assert strong[:, :width].mean() == pytest.approx(float(plain[:, :width].mean()), rel=1e-3)


def test_long_prompts_are_read_in_chunks_to_their_end(encode: Any) -> None:
    words = encode("sd1", _LONG, "fog")
    other = encode("sd1", _LONG + ".", "fog")
    count = words["prompt_embeds"].shape[1] // 77
    assert count > 1
    assert words["negative_prompt_embeds"].shape == words["prompt_embeds"].shape
    assert torch.equal(words["prompt_embeds"][:, : 77 * (count - 1)], other["prompt_embeds"][:, : 77 * (count - 1)])
    assert not torch.allclose(words["prompt_embeds"], other["prompt_embeds"])


def test_a_break_begins_a_chunk(encode: Any) -> None:
    broken = encode("sdxl", "a boat BREAK at sea")
    alone = encode("sdxl", "at sea", chunks=2)
    assert torch.allclose(broken["prompt_embeds"][:, 77:], alone["prompt_embeds"][:, :77], atol=1e-5)
    boat = encode("sdxl", "a boat")
    assert torch.allclose(broken["pooled_prompt_embeds"], boat["pooled_prompt_embeds"], atol=1e-5)
    assert float(broken["negative_prompt_embeds"].abs().max()) == 0.0, "SDXL wants nothing for no negative prompt"


@pytest.mark.parametrize("model", ["sd1", "sdxl"])
def test_clip_skip_leaves_layers_out(worktop: Worktop, encode: Any, model: str) -> None:
    whole, skipped = encode(model, "a boat")["prompt_embeds"], encode(model, "a boat", clip_skip=1)["prompt_embeds"]
    assert whole.shape == skipped.shape
    assert not torch.allclose(whole, skipped)
    pictures = [worktop.paint(sample(model=model, clip_skip=skip, num_inference_steps=2)) for skip in (0, 1, 0)]
    assert np.abs(pictures[0] - pictures[1]).max() > 1
    assert np.array_equal(pictures[0], pictures[2])
    with pytest.raises(InvalidRequestError, match="clip_skip"):
        worktop.paint(sample(model=model, clip_skip=5))


def test_regions_of_other_lengths_paint(worktop: Worktop) -> None:
    region = RegionPrompt(_LONG, box_mask(128, 128))
    short = worktop.paint(sample(model="sd1", prompt="a boat", regions=(region,), num_inference_steps=2))
    long = worktop.paint(
        sample(model="sd1", prompt=_LONG, regions=(RegionPrompt("fog", region.mask),), num_inference_steps=2)
    )
    assert np.abs(short - long).max() > 1
