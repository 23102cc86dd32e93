"""Which miniatures there are: every family that the engine runs, and its variants that run in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.contract.models import Family, Prediction


@dataclass(frozen=True)
class Miniature:
    """One small model to be built."""

    family: Family
    build: Callable[[], Any]
    """Makes the pipeline; imports torch."""
    variant: str = ""
    layout: str = ""
    """The layout of `resources/configs` that it stands for as a single file; empty: it is no such file."""
    prediction: Prediction = Prediction.UNKNOWN
    """What has to be said of its single file."""
    zero_terminal_snr: bool = False

    @property
    def name(self) -> str:
        """`flux-kontext`."""
        return "-".join(filter(None, (str(self.family), self.variant)))


def _sd1(channels: int = 4) -> Any:
    from pipelines.miniatures.sd import sd1_pipeline

    return sd1_pipeline(channels)


def _sd2(prediction: str) -> Any:
    from pipelines.miniatures.sd import sd2_pipeline

    return sd2_pipeline(prediction)


def _sdxl(channels: int = 4, *, velocities: bool = False) -> Any:
    from pipelines.miniatures.sd import sdxl_pipeline

    return sdxl_pipeline(channels, velocities=velocities)


def _refiner() -> Any:
    from pipelines.miniatures.sd import refiner_pipeline

    return refiner_pipeline()


def _sd3() -> Any:
    from pipelines.miniatures.sd3 import sd3_pipeline

    return sd3_pipeline()


def _flux(variant: str = "") -> Any:
    from pipelines.miniatures.flux import flux_pipeline

    return flux_pipeline(variant)


def _z_image() -> Any:
    from pipelines.miniatures.z_image import z_image_pipeline

    return z_image_pipeline()


def _flux2() -> Any:
    from pipelines.miniatures.flux2 import flux2_pipeline

    return flux2_pipeline()


def _flux2_dev() -> Any:
    from pipelines.miniatures.flux2_dev import flux2_dev_pipeline

    return flux2_dev_pipeline()


def _qwen() -> Any:
    from pipelines.miniatures.qwen import qwen_pipeline

    return qwen_pipeline()


def _wan(variant: str = "") -> Any:
    from pipelines.miniatures import wan

    builders = {"": wan.wan_pipeline, "i2v": wan.wan_i2v_pipeline, "ti2v": wan.wan_ti2v_pipeline}
    return builders[variant]()


def _qwen_edit(*, plus: bool) -> Any:
    from pipelines.miniatures.qwen import qwen_edit_pipeline

    return qwen_edit_pipeline(plus=plus)


MINIATURES = (
    Miniature(Family.SD1, _sd1, layout="sd1"),
    Miniature(Family.SD1, lambda: _sd1(9), "inpaint", "sd1-inpaint"),
    Miniature(Family.SD2, lambda: _sd2("v_prediction"), layout="sd2"),
    Miniature(Family.SD2, lambda: _sd2("epsilon"), "base", "sd2", Prediction.EPSILON),
    Miniature(Family.SDXL, _sdxl, layout="sdxl"),
    Miniature(Family.SDXL, lambda: _sdxl(9), "inpaint", "sdxl-inpaint"),
    Miniature(
        Family.SDXL, lambda: _sdxl(velocities=True), "noobai", "sdxl", Prediction.V_PREDICTION, zero_terminal_snr=True
    ),
    Miniature(Family.SDXL, _refiner, "refiner", "sdxl-refiner"),
    Miniature(Family.SD3, _sd3, layout="sd3-medium"),
    Miniature(Family.FLUX, _flux, layout="flux-dev"),
    Miniature(Family.FLUX, lambda: _flux("schnell"), "schnell", "flux-schnell"),
    Miniature(Family.FLUX, lambda: _flux("fill"), "fill", "flux-fill"),
    Miniature(Family.FLUX, lambda: _flux("kontext"), "kontext", "flux-dev"),
    Miniature(Family.Z_IMAGE, _z_image, layout="z-image"),
    Miniature(Family.FLUX2, _flux2_dev, layout="flux2-dev"),
    Miniature(Family.FLUX2, _flux2, "klein", "flux2-klein-4b"),
    Miniature(Family.QWEN_IMAGE, _qwen, layout="qwen-image"),
    Miniature(Family.QWEN_IMAGE, lambda: _qwen_edit(plus=False), "edit", "qwen-image"),
    Miniature(Family.QWEN_IMAGE, lambda: _qwen_edit(plus=True), "edit-plus", "qwen-image"),
    Miniature(Family.WAN, _wan, layout="wan-1.3b"),
    Miniature(Family.WAN, lambda: _wan("i2v"), "i2v", "wan-i2v-14b"),
    Miniature(Family.WAN, lambda: _wan("ti2v"), "ti2v", "wan-ti2v-5b"),
)


def miniature_of(family: Family, variant: str = "") -> Miniature:
    """The miniature of that family and variant. Raises KeyError when there is none."""
    for one in MINIATURES:
        if one.family is family and one.variant == variant:
            return one
    raise KeyError(f"There is no miniature of {family} {variant}".strip() + ".")
