"""Which generations can be seen in an exported picture, and what its file says about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats.pictures import Provenance, SourceType
from canvas.generations import GenerationLog, GenerationRecord, LogQuery
from canvas.geometry import NOTHING, Bounds
from canvas.layers import GroupLayer, Layer
from pipelines.prompting.recipes.a1111 import parameters_text

SOFTWARE = "Handscroll"
MOST = 200
"""Generations that one file tells of: the newest."""
MOST_LOOKED = 2000
"""Kept generations that are looked at."""
LIKE = 6
"""Difference in a channel up to which a pixel still counts as the generated one."""
SEEN = 0.02
"""Share of a patch that must be found in the picture where its layer is gone: merged, or deleted."""
WHOLE = 0.995
"""Share of the picture from one generation that makes it generated altogether."""
NOT_TOLD = ("image", "mask")
"""Fields of a request that are pixels."""


@dataclass(frozen=True)
class Trace:
    """A kept candidate that may be seen in a part of the canvas."""

    record: GenerationRecord
    digest: str
    is_there: bool
    """Whether its layer is still shown."""


@dataclass(frozen=True)
class Seen:
    """A generation that is seen in a picture, and how much of the picture it is, 0..1."""

    record: GenerationRecord
    share: float


def shown_layers(document: Document, bounds: Bounds, only: Layer | None = None) -> dict[str, bool]:
    """Every layer's id, and whether it may be seen inside the bounds; the window's thread.

    With `only`, this layer or those in this group are the only ones that may.
    """
    inside = None if only is None else {only.id, *(one.id for one in _within(only))}
    return {
        layer.id: (inside is None or layer.id in inside) and _shows(layer, bounds) for layer in document.tree.walk()
    }


def traces_in(log: GenerationLog, bounds: Bounds, shown: Mapping[str, bool]) -> list[Trace]:
    """The kept candidates that may be seen inside the bounds, the newest first; any thread, may be slow.

    Those whose layers are still there count where the layers are now, the others where they were made.
    """
    found: list[Trace] = []
    for record in log.find(LogQuery(kept=True, deleted=True), MOST_LOOKED):
        touches = not record.bounds.intersected(bounds).is_empty
        for index in log.kept(record.id):
            is_shown = shown.get(log.kept_layer(record.id, index))
            if index < len(record.candidates) and (touches if is_shown is None else is_shown):
                found.append(Trace(record, record.candidates[index], is_shown is not None))
        if len(found) >= MOST:
            break
    return found


def _within(layer: Layer) -> Iterable[Layer]:
    return layer.walk() if isinstance(layer, GroupLayer) else ()


def _shows(layer: Layer, bounds: Bounds) -> bool:
    area = layer.tile_extent() if layer.shown and layer.opacity > 0 else NOTHING
    return not area.intersected(bounds).is_empty


def seen_in(
    rgba: NDArray[np.uint8], bounds: Bounds, traces: Sequence[Trace], pixels_of: Callable[[str], NDArray[np.uint8]]
) -> list[Seen]:
    """Which of the traces are in the picture, the newest first; any thread.

    A layer that is shown counts as seen. One that is gone may have been merged: it is seen when its pixels are found.
    """
    painted = max(1, int(np.count_nonzero(rgba[..., 3])))
    best: dict[str, Seen] = {}
    for trace in traces:
        try:
            like, whole = _agreement(rgba, bounds, trace.record.bounds, pixels_of(trace.digest))
        except CanvasError:
            like, whole = 0, 1  # pixels that were given up on purpose
        if trace.is_there or like >= SEEN * whole:
            seen = Seen(trace.record, like / painted)
            if trace.record.id not in best or best[trace.record.id].share < seen.share:
                best[trace.record.id] = seen
    return list(best.values())


def _agreement(rgba: NDArray[np.uint8], bounds: Bounds, place: Bounds, patch: NDArray[np.uint8]) -> tuple[int, int]:
    """Pixels of the picture that are the patch's own, and the patch's pixels inside the picture."""
    both = bounds.intersected(place).intersected(Bounds(place.x, place.y, patch.shape[1], patch.shape[0]))
    if both.is_empty:
        return 0, 1
    mine = rgba[both.y - bounds.y : both.bottom - bounds.y, both.x - bounds.x : both.right - bounds.x]
    its = patch[both.y - place.y : both.bottom - place.y, both.x - place.x : both.right - place.x]
    solid = (its[..., 3] > 127) & (mine[..., 3] > 0)
    difference = np.abs(mine[..., :3].astype(np.int16) - its[..., :3]).max(axis=2)
    return int(np.count_nonzero(solid & (difference <= LIKE))), max(1, int(np.count_nonzero(its[..., 3] > 127)))


def provenance_in(log: GenerationLog, rgba: NDArray[np.uint8], bounds: Bounds, shown: Mapping[str, bool]) -> Provenance:
    """What a picture of these canvas pixels says; `shown` is from `shown_layers`. Any thread, may be slow."""
    return provenance_of(seen_in(rgba, bounds, traces_in(log, bounds, shown), log.blobs.get))


def provenance_of(seen: Sequence[Seen]) -> Provenance:
    """What is written into the file: the main generation as parameters, all of them in our JSON."""
    recipe: dict[str, Any] = {"software": SOFTWARE}
    if not seen:
        return Provenance(recipe=recipe)
    main = max(seen, key=lambda one: one.share)  # of equals the first, which is the newest
    whole = len(seen) == 1 and main.share >= WHOLE
    request, facts = _request(main.record), dict(main.record.facts)
    recipe |= {"request": request, "facts": facts, "generations": [_told(one.record) for one in seen]}
    source = SourceType.GENERATED if whole else SourceType.COMPOSITE
    return Provenance(parameters_text(request, facts), recipe, source)


def _told(record: GenerationRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "parent": record.parent_id,
        "created": record.created,
        "task": record.task,
        "bounds": list(record.bounds),
        "request": _request(record),
        "facts": dict(record.facts),
    }


def _request(record: GenerationRecord) -> dict[str, Any]:
    return {key: value for key, value in record.request.items() if key not in NOT_TOLD}
