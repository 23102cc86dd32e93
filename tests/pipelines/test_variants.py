"""What probing calls a variant is what the engine and the form know it by."""

from __future__ import annotations

import pytest

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import defaults_of


@pytest.mark.parametrize(
    ("family", "variant", "pipeline", "steps"),
    [
        (Family.FLUX2, "klein", "Flux2KleinPipeline", 4),
        (Family.FLUX2, "klein-9b", "Flux2KleinPipeline", 4),
        (Family.FLUX2, "", "Flux2Pipeline", 28),
        (Family.SD3, "large-turbo", "StableDiffusion3Pipeline", 4),
        (Family.SD3, "large", "StableDiffusion3Pipeline", 28),
    ],
)
def test_variants_have_their_row(family: Family, variant: str, pipeline: str, steps: int) -> None:
    from pipelines.engine.architectures import architecture_of

    info = ModelInfo("one", "One", "one.safetensors", ModelKind.CHECKPOINT, family, variant)
    assert architecture_of(info).text_to_image == pipeline
    assert defaults_of(family, variant).num_inference_steps == steps
