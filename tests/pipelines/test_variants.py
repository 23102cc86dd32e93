"""What probing calls a variant is what the engine and the form know it by."""

from __future__ import annotations

import pytest

from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName
from pipelines.library.families import defaults_of, fitting_schedulers, nearest_scheduler


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


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("name", list(SchedulerName))
def test_the_nearest_scheduler_suits_the_model(family: Family, name: SchedulerName) -> None:
    info = ModelInfo("one", "One", "one.safetensors", ModelKind.CHECKPOINT, family)
    fitting = fitting_schedulers(info)
    nearest, same = nearest_scheduler(name, info)
    assert nearest in fitting
    assert (nearest is name) is (name in fitting)
    letters = str(name).removeprefix("flow-match-")
    assert same is (nearest is name or str(nearest).removeprefix("flow-match-") == letters)
