"""Reference pictures of FLUX, through Redux."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import Failed
from pipelines.contract.models import Family
from pipelines.contract.request import GenerationRequest, ReferenceImage
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A small FLUX, Redux for it as a file, and its vision network beside it."""
    from pipelines.miniatures.control import write_control
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.references import ip_adapter_info, redux_parts
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("redux")
    pipe = miniature_of(Family.FLUX).build()
    vision, redux = redux_parts(pipe.transformer)
    vision.save_pretrained(str(root / "image_encoder"))
    adapter = write_control(redux, root / "redux.safetensors")
    return Shelf(
        info_of(write_folder(pipe, root / "flux"), Family.FLUX),
        ip_adapter_info(adapter, Family.FLUX),
        ip_adapter_info(write_control(vision, root / "broken.safetensors"), Family.FLUX),
    )


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    made = Studio(shelf)
    yield made
    made.engine.close()


def looking(adapter: str = "redux", **changes: Any) -> GenerationRequest:
    reference = ReferenceImage(picture(48, 48, seed=9), adapter)
    return sample(**({"model": "flux", "references": (reference,)} | changes))


def colours(studio: Studio, asked: GenerationRequest) -> np.ndarray:
    return studio.paint(asked).patches[0][..., :3].astype(int)


def difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


def test_a_reference_is_read_as_in_diffusers(studio: Studio, shelf: Shelf) -> None:
    import torch
    from diffusers import FluxPipeline
    from diffusers.pipelines.flux.modeling_flux import ReduxImageEncoder
    from safetensors.torch import load_file
    from transformers import SiglipVisionModel

    root = Path(shelf.resolve("redux").path).parent
    kind: Any = FluxPipeline
    pipe = kind.from_pretrained(shelf.resolve("flux").path, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    vision: Any = SiglipVisionModel
    encoder = vision.from_pretrained(str(root / "image_encoder"))
    redux: Any = ReduxImageEncoder(redux_dim=encoder.config.hidden_size, txt_in_features=48)
    redux.load_state_dict(load_file(str(root / "redux.safetensors")))
    pixels = torch.from_numpy(picture(48, 48, seed=9)[..., :3] / np.float32(127.5) - 1.0).permute(2, 0, 1)[None]
    with torch.inference_mode():
        tokens = redux(encoder(pixels).last_hidden_state).image_embeds
        words, pooled, _ = pipe.encode_prompt("a boat under the moon", None, max_sequence_length=512)
    made = pipe(
        prompt_embeds=torch.cat([words, 0.8 * tokens], dim=1),
        pooled_prompt_embeds=pooled,
        width=128,
        height=128,
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
    )
    asked = looking()
    asked = replace(asked, references=(replace(asked.references[0], weight=0.8),))
    got = colours(studio, asked)
    assert difference(got, np.rint(made.images[0] * 255.0).astype(int)) <= 1
    plain = colours(studio, looking(references=()))
    assert difference(got, plain) > 0
    never = replace(asked.references[0], start=0.3, end=0.45)
    assert difference(plain, colours(studio, looking(references=(never,)))) == 0


def test_what_does_not_fit_is_refused_with_a_sentence(studio: Studio) -> None:
    for name in ("broken", "flux"):
        end = studio.end_of(looking(name))
        assert isinstance(end, Failed)
        assert name in end.sentence
