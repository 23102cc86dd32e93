"""Models that see depth, poses or segments in a picture, and the control pictures that come of it.

Code that comes with a model is never run. They compute in 32 bits: in fewer a depth has visible steps.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch.nn import functional

from pipelines.contract.control import ControlKind
from pipelines.contract.errors import ModelError
from pipelines.contract.events import Progress, Started
from pipelines.contract.looking import AnnotationRequest
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import Pixels
from pipelines.engine.glance import Glance
from pipelines.engine.memory import Device
from pipelines.engine.picture_preparation import on_white, preparation_in, prepared, scaled
from pipelines.engine.seeing_networks import before_layers, folder_of, network_in, reading
from pipelines.library.sight import CLASSES, DEPTH, PEOPLE, POSE, SEGMENTS, sees
from pipelines.planning.poses import WHOLE_BODY, Person, drawn_poses, joints_in, place_of
from pipelines.planning.segment_colours import COLOURS
from pipelines.planning.surfaces import depth_picture, normal_picture
from pipelines.planning.whole_bodies import GOLIATH, whole_body_of

_STEPS = 20
"""Of the progress that is told of one look."""
_SURE_OF_A_PERSON = 0.4
_MOST_PEOPLE = 16
_BODY_EXPERT, _WHOLE_BODY_EXPERT = 0, 5
"""Of the six that ViTPose+ was trained with: COCO's, and COCO-WholeBody's."""
_IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
_BILINEAR = 2
_USUAL: Mapping[str, Mapping[str, Any]] = {
    DEPTH: {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]},
    POSE: _IMAGENET,
    SEGMENTS: {**_IMAGENET, "size": {"height": 512, "width": 512}, "resample": _BILINEAR},
    PEOPLE: {"size": {"height": 640, "width": 640}, "resample": _BILINEAR, "do_normalize": False},
}
"""For folders that do not say how they want their pictures, or not all of it."""

Shape = tuple[int, int]
"""Height, width."""


@dataclass(eq=False)
class Annotator:
    """One such model in memory."""

    info: ModelInfo
    network: Any
    preparation: Mapping[str, Any]
    """Its preprocessor_config.json."""
    layers: int
    """How many small layers it has."""
    tick: Callable[[], None] = field(default=lambda: None)
    """Called before each of them."""

    @torch.inference_mode()
    def run(self, pixels: NDArray[np.float32], **more: Any) -> Any:
        """Its answer to prepared pictures (n, 3, h, w)."""
        device = next(self.network.parameters()).device
        return self.network(pixel_values=torch.from_numpy(pixels).to(device), **more)


def load_annotator(info: ModelInfo, device: Device, interrupt: Callable[[], None]) -> Annotator:
    """Reads one; `interrupt` is called while it is read. Raises ModelError, as a sentence, when it is missing, damaged
    or no such model; what torch raises without memory."""
    folder = folder_of(info, ModelKind.ANNOTATOR, "see what a control layer follows")
    with reading(info, "annotator"):
        network = network_in(folder, _class_of(folder), dataclasses.replace(device, dtype=torch.float32), interrupt)
        said = {**_USUAL.get(info.variant, {}), **preparation_in(folder)}
    head: Any = getattr(network, "head", None)
    if getattr(head, "max_depth", 1) is None:  # as folders of older versions say that there is none
        head.max_depth = 1
    made = Annotator(info, network, said, 0)
    made.layers = before_layers(network, lambda: made.tick())
    return made


def _class_of(folder: Path) -> Any:
    names = json.loads((folder / "config.json").read_text("utf-8"))["architectures"]
    found = next((name for name in names if name in CLASSES), None)
    if found is None:
        raise ValueError(f"its class {names} is not known")
    return getattr(transformers, found)


def annotate(glance: Glance[AnnotationRequest, Annotator]) -> tuple[Pixels, dict[str, Any]]:
    """The control picture, (h, w, 4) of the size of what is looked at, and facts about it. Raises ModelError."""
    request, annotator = glance.request, glance.models[0]
    if request.kind not in sees(annotator.info):
        raise ModelError(f"'{annotator.info.name}' does not see what is asked for ({request.kind}). Choose another.")
    _tell(glance)
    try:
        rgb, alpha = on_white(request.image), request.image[..., 3]
        facts: dict[str, Any] = {"dtype": "float32"}
        if request.kind is ControlKind.POSE:
            finder = glance.models[1] if len(glance.models) > 1 else None
            people = people_in(annotator, rgb, boxes_in(finder, rgb) if finder else None)
            made, facts = drawn_poses(people, rgb.shape[:2]), {**facts, "people": len(people)}
            return _with_alpha(made, np.full_like(alpha, 255)), facts
        if request.kind is ControlKind.SEGMENTATION:
            return _with_alpha(COLOURS[segments_in(annotator, rgb)], alpha), facts
        depth = depth_picture(nearness_in(annotator, rgb), alpha > 0)
        made = normal_picture(depth) if request.kind is ControlKind.NORMAL else np.rint(depth * 255.0)
        return _with_alpha(made, alpha), facts
    finally:
        for model in glance.models:
            model.tick = lambda: None


def _tell(glance: Glance[AnnotationRequest, Annotator]) -> None:
    """From now on layers tell how far the look is, and leave by the interrupt's exception."""
    total, began, done = max(1, sum(model.layers for model in glance.models)), time.perf_counter(), 0

    def tick() -> None:
        nonlocal done
        glance.interrupt()
        before, done = done * _STEPS // total, done + 1
        step = done * _STEPS // total
        if before < step <= _STEPS:
            left = (time.perf_counter() - began) / step * (_STEPS - step)
            glance.emit(Progress(glance.job_id, step, _STEPS, seconds_left=left))

    glance.emit(Started(glance.job_id, steps=_STEPS))
    for model in glance.models:
        model.tick = tick


def _with_alpha(made: NDArray[Any], alpha: NDArray[np.uint8]) -> Pixels:
    rgb = np.asarray(made, np.uint8)
    found = np.dstack([rgb] * 3 + [alpha]) if rgb.ndim == 2 else np.dstack([rgb, alpha])
    found[alpha == 0] = 0
    return np.ascontiguousarray(found)


# --- what they see


def nearness_in(annotator: Annotator, rgb: Pixels) -> NDArray[np.float32]:
    """(h, w) of an RGB picture: larger is nearer, in no unit."""
    seen = annotator.run(prepared(rgb, annotator.preparation)[None]).predicted_depth[:, None].float()
    whole = functional.interpolate(seen, size=rgb.shape[:2], mode="bicubic", align_corners=False)
    values = whole[0, 0].cpu().numpy()
    if getattr(annotator.network.config, "depth_estimation_type", "relative") == "metric":
        return (1.0 / np.maximum(values, 1e-3)).astype(np.float32)  # in metres: near is small there
    return values


def segments_in(annotator: Annotator, rgb: Pixels) -> NDArray[np.intp]:
    """(h, w) of an RGB picture: the number of the class that each place belongs to."""
    logits = annotator.run(prepared(rgb, annotator.preparation)[None]).logits.float()
    whole = functional.interpolate(logits, size=rgb.shape[:2], mode="bilinear", align_corners=False)
    return whole[0].argmax(0).cpu().numpy()


def boxes_in(finder: Annotator, rgb: Pixels) -> NDArray[np.float32]:
    """(n, 4): left, top, width and height of the people in an RGB picture, pixels; the surest first."""
    seen = finder.run(prepared(rgb, finder.preparation)[None])
    labels: Mapping[int, str] = finder.network.config.id2label
    person = next((int(number) for number, name in labels.items() if str(name).casefold() == "person"), 0)
    sure = seen.logits[0, :, person].float().sigmoid().cpu().numpy()
    order = [place for place in np.argsort(-sure)[:_MOST_PEOPLE] if sure[place] >= _SURE_OF_A_PERSON]
    middle = seen.pred_boxes[0].float().cpu().numpy()[order]
    size = np.array([rgb.shape[1], rgb.shape[0]] * 2, np.float32)
    return np.concatenate([middle[:, :2] - middle[:, 2:] / 2, middle[:, 2:]], axis=1) * size


def people_in(annotator: Annotator, rgb: Pixels, boxes: NDArray[np.float32] | None = None) -> list[Person]:
    """The joints of everybody in an RGB picture, 17 or 133; without boxes one person fills it."""
    height, width = rgb.shape[:2]
    size = annotator.preparation.get("size", {"height": 256, "width": 192})
    shape = int(size["height"]), int(size["width"])
    found: list[Person] = []
    for box in np.array([[0, 0, width, height]], np.float32) if boxes is None else boxes:
        place = place_of(box, shape)
        shown = cv2.warpAffine(rgb, place.into(shape), (shape[1], shape[0]), flags=cv2.INTER_LINEAR)
        seen = scaled(np.asarray(shown, np.float32), annotator.preparation)[None]
        heat = annotator.run(seen, **_expert_of(annotator.network)).heatmaps
        person = joints_in(heat[0].float().cpu().numpy(), place)
        found.append(whole_body_of(person) if len(person.points) == GOLIATH else person)
    return found


def _expert_of(network: Any) -> dict[str, Any]:
    """Which of a ViTPose+'s experts is to be asked; nothing for a network that has one mind."""
    experts = getattr(getattr(network.config, "backbone_config", None), "num_experts", 1)
    if experts < 2:
        return {}
    expert = _WHOLE_BODY_EXPERT if network.config.num_labels == WHOLE_BODY else _BODY_EXPERT
    device = next(network.parameters()).device
    return {"dataset_index": torch.tensor([min(expert, experts - 1)], dtype=torch.long, device=device)}
