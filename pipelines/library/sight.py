"""Which networks of the library see depth, poses or segments in a picture."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contract.control import ControlKind
from pipelines.contract.models import ModelInfo, ModelKind

DEPTH, POSE, SEGMENTS, PEOPLE = "depth", "pose", "segments", "people"
CLASSES: dict[str, str] = {
    "DepthAnythingForDepthEstimation": DEPTH,
    "DPTForDepthEstimation": DEPTH,
    "VitPoseForPoseEstimation": POSE,
    "Sapiens2ForPoseEstimation": POSE,
    "SegformerForSemanticSegmentation": SEGMENTS,
    "UperNetForSemanticSegmentation": SEGMENTS,
    "DPTForSemanticSegmentation": SEGMENTS,
    "RTDetrForObjectDetection": PEOPLE,
}
"""By their classes in transformers: what an annotator sees, its `variant`."""
SEGMENT_CLASSES = 150
"""Of ADE20K, in whose colours control networks follow segments."""
POINTS = (17, 133, 308)
"""Of a person, which networks may see: COCO's joints; with hands and face COCO-WholeBody's points, or Goliath's."""
_SEEN: dict[str, frozenset[ControlKind]] = {
    DEPTH: frozenset({ControlKind.DEPTH, ControlKind.NORMAL}),
    POSE: frozenset({ControlKind.POSE}),
    SEGMENTS: frozenset({ControlKind.SEGMENTATION}),
}


def sees(info: ModelInfo) -> frozenset[ControlKind]:
    """Kinds of control pictures that a model makes."""
    return _SEEN.get(info.variant, frozenset()) if info.kind is ModelKind.ANNOTATOR else frozenset()


def annotators(kind: ControlKind, models: Iterable[ModelInfo]) -> tuple[ModelInfo, ...]:
    """Those that can be used for a kind, by name."""
    found = [info for info in models if kind in sees(info) and not info.problem]
    return tuple(sorted(found, key=lambda info: (info.name.casefold(), info.id)))


def finder(models: Iterable[ModelInfo]) -> ModelInfo | None:
    """What finds the people of a picture, whose poses are seen one by one."""
    found = [info for info in models if info.kind is ModelKind.ANNOTATOR and info.variant == PEOPLE]
    return min(
        (info for info in found if not info.problem), key=lambda info: (info.name.casefold(), info.id), default=None
    )
