"""One thread and plain numbers for every test of the engine, and tiny real models built once per session."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind

# Before torch is imported anywhere: two threads on a busy machine take a hundred times longer than one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

if TYPE_CHECKING:
    from tests.pipelines.studio import Studio

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"


@pytest.fixture(scope="package", autouse=True)
def plain_engine() -> Iterator[None]:
    """Engines of these tests compute in fp32 on one thread of the CPU, in this process and in children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDSCROLL_THREADS", "1")
        patch.setenv("HANDSCROLL_DTYPE", "fp32")
        patch.setenv("HANDSCROLL_DEVICE", "cpu")
        yield


class Shelf:
    """A model source over a fixed list."""

    def __init__(self, *models: ModelInfo) -> None:
        self._models = {info.id: info for info in models}

    def resolve(self, model_id: str) -> ModelInfo:
        if model_id not in self._models:
            raise ModelError(f"There is no model '{model_id}' in the library.")
        return self._models[model_id]

    def models(self) -> Sequence[ModelInfo]:
        return list(self._models.values())


def starter_info() -> ModelInfo:
    defaults = ModelDefaults(num_inference_steps=14, guidance_scale=2.0, native_size=256)
    return ModelInfo("starter", "Starter", str(STARTER), ModelKind.DIFFUSERS, Family.STARTER, defaults=defaults)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """`starter` (in truth a tiny SD1.5, at once ready), `sd1`, `sd1-inpaint`, `sdxl` as diffusers folders."""
    from pipelines.miniatures.sd import sd1_pipeline, sdxl_pipeline
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("models")
    sd1 = write_folder(sd1_pipeline(), root / "sd1")
    inpaint = write_folder(sd1_pipeline(channels=9), root / "sd1-inpaint")
    sdxl = write_folder(sdxl_pipeline(), root / "sdxl")
    return Shelf(
        info_of(sd1, Family.SD1, "starter"),
        info_of(sd1, Family.SD1, "sd1"),
        info_of(inpaint, Family.SD1, "sd1-inpaint", variant="inpaint"),
        info_of(sdxl, Family.SDXL, "sdxl"),
    )


@pytest.fixture(scope="module")
def tiny_studio(tiny_models: Shelf) -> Iterator[Studio]:
    """An engine with the tiny models."""
    from tests.pipelines.studio import Studio

    studio = Studio(tiny_models)
    yield studio
    studio.engine.close()


@pytest.fixture(scope="module")
def starter_studio() -> Iterator[Studio]:
    """An engine with the starter model."""
    from tests.pipelines.studio import Studio

    studio = Studio(Shelf(starter_info()))
    yield studio
    studio.engine.close()
