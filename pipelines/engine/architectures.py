"""One row per model family the engine can run: its pipelines, its sizes, its files."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo


@dataclass(frozen=True)
class Architecture:
    """What the engine must know of a family; pipeline classes by their names in diffusers."""

    family: Family
    text_to_image: str
    image_to_image: str
    inpaint: str
    """For nine-channel UNets; four channels use image to image with a soft mask."""
    tokenizers: tuple[str, ...] = ("tokenizer",)
    """Folders that must hold a vocabulary."""
    unused: tuple[str, ...] = ()
    """Components of the folder that are never loaded."""
    windows_of_latents: bool = False
    """Trained on windows cut from the latents of larger pictures: it knows nothing of what a VAE makes of a border."""
    config_folder: str = ""
    """Folder below resources/configs for single files; empty: single files of this family cannot be opened."""


_UNUSED = ("safety_checker", "feature_extractor", "image_encoder")
_SD1 = Architecture(
    Family.SD1,
    text_to_image="StableDiffusionPipeline",
    image_to_image="StableDiffusionImg2ImgPipeline",
    inpaint="StableDiffusionInpaintPipeline",
    unused=_UNUSED,
    config_folder="sd1",
)

ARCHITECTURES = (
    _SD1,
    Architecture(
        Family.SD2,
        text_to_image="StableDiffusionPipeline",
        image_to_image="StableDiffusionImg2ImgPipeline",
        inpaint="StableDiffusionInpaintPipeline",
        unused=_UNUSED,
    ),
    Architecture(
        Family.STARTER,
        text_to_image="StableDiffusionPipeline",
        image_to_image="StableDiffusionImg2ImgPipeline",
        inpaint="StableDiffusionInpaintPipeline",
        unused=_UNUSED,
        windows_of_latents=True,
    ),
    Architecture(
        Family.SDXL,
        text_to_image="StableDiffusionXLPipeline",
        image_to_image="StableDiffusionXLImg2ImgPipeline",
        inpaint="StableDiffusionXLInpaintPipeline",
        tokenizers=("tokenizer", "tokenizer_2"),
        unused=("feature_extractor", "image_encoder"),
        config_folder="sdxl",
    ),
)


def architecture_of(info: ModelInfo) -> Architecture:
    """The row of the model's family. Raises ModelError when the engine cannot run it."""
    if info.problem:
        raise ModelError(info.problem)
    for row in ARCHITECTURES:
        if row.family is info.family:
            return row
    known = ", ".join(row.family.value for row in ARCHITECTURES)
    raise ModelError(
        f"'{info.name}' is a model of the family {info.family.value}, which this version cannot run. "
        f"Choose a model of one of these families: {known}."
    )
