"""What is to be written next: plain data, gathered by the window's thread, coalesced until the writer takes it."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.adjustments import to_dict
from canvas.edits import Edit
from canvas.errors import CanvasError
from canvas.generations import Annotation, GenerationRecord
from canvas.geometry import Bounds, TileKey
from canvas.layer_control import control_to_json
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, LayerMask, LayerTree, PaintLayer
from canvas.project.codec import Packed
from canvas.surface import Held

Pixels: TypeAlias = NDArray[np.uint8]
Stored: TypeAlias = QImage | Packed | str | None
"A tile to write: its frozen image or its bytes, the hash of one that is in the file, or None for an empty place."
Place: TypeAlias = tuple[str, TileKey]
"A layer's or mask's id, and which of its tiles."
Keep: TypeAlias = Packed | bool
"What undo needs: these pixels, those of a hash in the file (True), or a hash no longer (False)."
AfterCommit: TypeAlias = Callable[[Mapping[Place, str]], None]
"Told, on the writer's thread, the hash of every tile that a batch wrote."


class LayerRow(NamedTuple):
    """One row of the layer table, in its columns' order."""

    id: str
    parent: str
    position: int
    kind: str
    name: str
    visible: int
    opacity: float
    blend_mode: str
    locked: int
    alpha_locked: int
    offset_x: int
    offset_y: int
    clipped: int
    extra: str


class Verdict(NamedTuple):
    """A candidate that became a layer."""

    generation_id: str
    idx: int
    layer_id: str
    at: str


class SelectionPixels(NamedTuple):
    """Coverage (h, w) and the canvas pixels it lies on; empty bounds for no selection."""

    bounds: Bounds
    mask: Pixels


class NotStoredError(CanvasError):
    """A generation could not be written yet; it stays in memory and is written as soon as that works."""

    def __init__(self, sentence: str, record: GenerationRecord) -> None:
        super().__init__(sentence)
        self.record = record
        "With its hashes; `Project.load_blob` answers them from memory meanwhile."


class FilmPatch(NamedTuple):
    """A small picture of what changed, for the film of the painting."""

    at: str
    "ISO 8601, UTC."
    bounds: Bounds
    "Canvas pixels that it covers."
    data: bytes
    "WebP, straight RGBA, of any small size."


@dataclass
class NewGeneration:
    """A record and its pixels, on their way into the file."""

    record: GenerationRecord
    "With its hashes filled in."
    pixels: Mapping[str, Pixels]
    "By hash."
    done: Future[GenerationRecord] | None = None
    "Completed after COMMIT, or failed with NotStoredError at the first attempt that fails."


@dataclass(frozen=True)
class StepRow:
    """One step of the undo list."""

    name: str
    "In English."
    undone: bool
    "Whether it is to be made again, not to be taken back."
    edits: tuple[Edit, ...]
    "Copies of the edits, so that the history may put boxes of its own into them."


StepChange: TypeAlias = StepRow | bool | None
"A step to write, whether a written one is undone now, or None for one to remove."


@dataclass(frozen=True)
class AwayLayer:
    """A layer or mask that is not in the tree."""

    row: LayerRow
    tiles: Mapping[TileKey, Held]
    "Its pixels as they are held."


@dataclass
class Batch:
    """Everything that changed since the last commit; later changes of the same thing replace earlier ones."""

    layers: tuple[LayerRow, ...] | None = None
    "All layers as they are now, or None when no layer was added, removed, moved or set."
    rewritten: set[str] = field(default_factory=set)
    "Layers whose stored tiles are all replaced by those in `tiles`."
    tiles: dict[tuple[str, TileKey], Stored] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    "JSON by key."
    selection: SelectionPixels | None = None
    "The new selection, or None when it did not change."
    generations: list[NewGeneration] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    annotations: dict[str, Annotation] = field(default_factory=dict)
    "What is said of generations, by their ids."
    blobs: dict[str, Pixels] = field(default_factory=dict)
    "Other pixels to keep, by hash."
    saved: dict[str, SelectionPixels] | None = None
    "All saved selections by name, or None when none changed."
    keeps: dict[str, Keep] = field(default_factory=dict)
    "What undo needs and needs no more, by hash."
    after_commit: list[AfterCommit] = field(default_factory=list)
    steps: dict[int, StepChange] = field(default_factory=dict)
    "Undo steps by number."
    away: dict[str, AwayLayer | None] = field(default_factory=dict)
    "Layers outside the tree that undo steps need, by id; None for one that they need no more."
    forget_film: bool = False
    "Whether the film goes, but for the patches in `film`."
    film: list[FilmPatch] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return (
            self.layers is None
            and self.selection is None
            and self.saved is None
            and not (self.tiles or self.rewritten or self.meta or self.generations or self.verdicts or self.blobs)
            and not (self.keeps or self.annotations or self.steps or self.away or self.film or self.forget_film)
        )

    def add(self, newer: "Batch") -> None:
        """Takes in what happened afterwards."""
        for layer_id in newer.rewritten:
            for key in [k for k in self.tiles if k[0] == layer_id]:
                del self.tiles[key]
        self.rewritten |= newer.rewritten
        self.layers = self.layers if newer.layers is None else newer.layers
        self.selection = self.selection if newer.selection is None else newer.selection
        self.saved = self.saved if newer.saved is None else newer.saved
        self.tiles.update(newer.tiles)
        self._keep(newer.keeps)
        self.put_steps(newer.steps)
        self.away.update(newer.away)
        self.after_commit.extend(newer.after_commit)
        self.meta.update(newer.meta)
        self.blobs.update(newer.blobs)
        self.generations.extend(newer.generations)
        self.verdicts.extend(newer.verdicts)
        self.annotations.update(newer.annotations)
        self.forget_film |= newer.forget_film
        self.film = newer.film if newer.forget_film else [*self.film, *newer.film]

    def put_steps(self, newer: Mapping[int, "StepChange"]) -> None:
        """Takes in what became of steps afterwards; one that is not written yet keeps its edits."""
        for number, change in newer.items():
            mine = self.steps.get(number)
            if isinstance(change, bool) and isinstance(mine, StepRow):
                change = replace(mine, undone=change)
            self.steps[number] = change

    def _keep(self, newer: Mapping[str, Keep]) -> None:
        for digest, keep in newer.items():
            mine = self.keeps.get(digest)
            self.keeps[digest] = mine if keep is True and isinstance(mine, Packed) else keep

    def find_blob(self, digest: str) -> Pixels | None:
        """Pixels that are still on their way into the file."""
        for made in self.generations:
            if digest in made.pixels:
                return made.pixels[digest]
        return self.blobs.get(digest)


def layer_rows(tree: LayerTree) -> tuple[LayerRow, ...]:
    """All layers of a tree as rows; layers of the root have an empty parent, position 0 is the lowest."""
    rows: list[LayerRow] = []

    def gather(group: GroupLayer, parent: str) -> None:
        for position, layer in enumerate(group.children):
            rows.append(layer_row(layer, parent, position))
            if layer.mask is not None:
                rows.append(layer_row(layer.mask, layer.id, 0))
            if isinstance(layer, GroupLayer):
                gather(layer, layer.id)

    gather(tree.root, "")
    return tuple(rows)


def layer_row(layer: Layer, parent: str, position: int) -> LayerRow:
    """A layer or mask as a row."""
    offset, alpha_locked, visible = (0, 0), False, layer.visible
    if isinstance(layer, PaintLayer):
        offset, alpha_locked = layer.offset, layer.alpha_locked
    extra: dict[str, Any] = {}
    kind = "group" if isinstance(layer, GroupLayer) else "paint"
    if isinstance(layer, LayerMask):
        kind, visible, extra = "mask", layer.enabled, {"hides_outside": layer.hides_outside}
    elif isinstance(layer, AdjustmentLayer):
        kind, extra = "adjustment", {"adjustment": to_dict(layer.adjustment)}
    elif layer.control is not None:
        extra = {"control": control_to_json(layer.control)}
    return LayerRow(
        layer.id,
        parent,
        position,
        kind,
        layer.name,
        int(visible),
        float(layer.opacity),
        str(layer.blend_mode),
        int(layer.locked),
        int(alpha_locked),
        int(offset[0]),
        int(offset[1]),
        int(layer.clipped),
        json.dumps(extra) if extra else "{}",
    )


def now() -> str:
    """The time in the form that every table uses: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
