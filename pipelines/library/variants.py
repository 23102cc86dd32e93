"""What sets a model apart within its family where its tensors cannot: its notes and its name tell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.contract.models import Family, Prediction

_SEPARATORS = re.compile(r"[^a-z0-9.]+")
_NOTES = (
    "modelspec.architecture",
    "modelspec.title",
    "ss_sd_model_name",
    "ss_base_model_version",
    "general.name",
    "general.basename",
)
_SPEED = (
    ("lightning", ("lightning",)),
    ("turbo", ("turbo",)),
    ("lcm", ("lcm",)),
    ("hyper", ("hypersd", "hyper sd", "hyper sdxl", "hyper")),
    ("dmd2", ("dmd2",)),
)
"""Trained to paint in few steps; beginnings of words of the name."""
_TASTES = (
    ("noobai", ("noobai", "noob")),
    ("illustrious", ("illustrious", "ilxl", "wai illustrious", "wainsfwillustrious")),
    ("pony", ("pony", "autismmix")),
    ("animagine", ("animagine",)),
)
_BY_FAMILY: dict[Family, tuple[tuple[str, tuple[str, ...]], ...]] = {
    Family.SD1: _SPEED,
    Family.SD2: (("turbo", ("turbo",)),),
    Family.SDXL: _SPEED + _TASTES,
    Family.SD3: (("turbo", ("turbo",)),),
    Family.FLUX: (("kontext", ("kontext",)), ("krea", ("krea",)), ("schnell", ("schnell",)), ("turbo", ("turbo",))),
    Family.FLUX2: (("klein", ("klein",)),),
    Family.QWEN_IMAGE: (
        ("layered", ("layered",)),
        ("edit-plus", ("edit plus", "edit 2509", "edit 2511")),
        ("edit", ("edit",)),
        ("lightning", ("lightning",)),
    ),
    Family.Z_IMAGE: (("turbo", ("turbo",)), ("edit", ("edit",))),
    Family.WAN: (
        ("a14b", ("a14b", "high noise", "highnoise", "low noise", "lownoise")),
        ("lightning", ("lightning", "lightx2v", "causvid")),
    ),
}


def variant_of(family: Family, name: str, metadata: Mapping[str, str]) -> str:
    """The variant that name and notes tell of, as in `ModelInfo.variant`; empty when they say nothing."""
    text = words(name, metadata)
    for variant, marks in _BY_FAMILY.get(family, ()):
        if any(f" {mark}" in text for mark in marks):
            return variant
    return ""


def prediction_of(family: Family, name: str, metadata: Mapping[str, str]) -> Prediction:
    """What notes and name tell of the prediction; UNKNOWN when they say nothing."""
    noted = metadata.get("modelspec.prediction_type", "").lower()
    if noted in ("v", "v_prediction", "v-prediction") or metadata.get("ss_v_parameterization") == "True":
        return Prediction.V_PREDICTION
    if noted == "epsilon":
        return Prediction.EPSILON
    text = words(name, metadata)
    if any(
        mark in text for mark in (" vpred", " v pred", " v prediction", "vpred ", " v2.1 768", " 768 v ", " v2 768")
    ):
        return Prediction.V_PREDICTION
    if family is Family.SD2 and any(mark in text for mark in (" 768", "768v")):
        return Prediction.V_PREDICTION
    if family is Family.SD2 and any(mark in text for mark in (" 512 ", " base ", "512base", "512 base")):
        return Prediction.EPSILON
    return Prediction.UNKNOWN


def words(name: str, metadata: Mapping[str, str]) -> str:
    """Name and telling notes in small letters, single spaces between the words, one at either end."""
    joined = " ".join([name, *(metadata[note] for note in _NOTES if note in metadata)])
    camel = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", joined)
    return f" {_SEPARATORS.sub(' ', camel.lower())} {_SEPARATORS.sub(' ', joined.lower())} "
