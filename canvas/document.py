"""Document: layer tree, selection, frame, history and generation log; tells what changed in one event."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np
from PySide6.QtGui import QImage, QPainter

from canvas.changes import ChangeKind, DocumentChange
from canvas.edits import (
    FrameEdit,
    MarkingEdit,
    PropertiesEdit,
    SavedSelectionsEdit,
    SelectionEdit,
    ShiftEdit,
)
from canvas.errors import CanvasError
from canvas.generations import LONGEST_NOTE, Annotation, GenerationLog
from canvas.geometry import NOTHING, Bounds, Point, TileKey, tile_bounds, tiles_covering
from canvas.layer_properties import checked_property, step_name
from canvas.layers import GroupLayer, Layer, LayerMask, LayerTree, PaintLayer
from canvas.log_edits import AnnotationEdit, annotation_step
from canvas.markings import Marked, Marking
from canvas.pixel_edits import MaskEdit, PlaceEdit, TilesEdit
from canvas.pixels import alpha_image
from canvas.selection import Selection
from canvas.stepping import Stepping
from canvas.tile import is_blank, pixels

T = TypeVar("T")


class Document(Stepping, Marked):
    """Everything a drawing is. Every method that changes it makes a step, or joins the open transaction."""

    def __init__(self, frame: Bounds, generations: GenerationLog | None = None, document_id: str = "") -> None:
        super().__init__()
        self.id = document_id or uuid4().hex
        self.tree = LayerTree()
        self.generations = GenerationLog() if generations is None else generations
        self._selection = Selection.none()
        self._frame = frame
        self._active: Layer | None = None
        self._chosen: tuple[Layer, ...] = ()
        self._saved_selections: dict[str, Selection] = {}
        self.generations.changed.connect(
            lambda record_id: self.notify(DocumentChange(ChangeKind.GENERATIONS, origin=record_id))
        )

    @staticmethod
    def new(frame: Bounds, layer_name: str = "Layer 1") -> "Document":
        """A fresh document with one empty, active paint layer and nothing to undo."""
        document = Document(frame)
        layer = PaintLayer(layer_name)
        layer.parent = document.tree.root
        document.tree.root.children.append(layer)
        document._active = layer
        return document

    @property
    def selection(self) -> Selection:
        """What is selected; empty means no restriction."""
        return self._selection

    @property
    def frame(self) -> Bounds:
        """The rectangle that the next generation fills."""
        return self._frame

    @property
    def active(self) -> Layer | None:
        """The layer that tools work on. Setting it is not a step of the history."""
        return self._active

    @active.setter
    def active(self, layer: Layer | None) -> None:
        if layer is not None and layer not in self.tree:
            raise CanvasError(f"The layer '{layer.name}' is not part of this document.")
        if layer is not self._active:
            self._active = layer
            self._chosen = ()
            self.notify(DocumentChange(ChangeKind.ACTIVE, layer.id if layer else ""))

    @property
    def chosen(self) -> tuple[Layer, ...]:
        """The layers that commands for several layers work on, bottom to top: always with the active one, never masks.

        A layer inside a chosen group is not listed beside it.
        """
        active = self._active.owner if isinstance(self._active, LayerMask) else self._active
        wanted = {layer.id for layer in self._chosen} | ({active.id} if active is not None else set())
        found = [layer for layer in self.tree.walk() if layer.id in wanted]
        return tuple(layer for layer in found if not _is_inside(layer, wanted))

    def choose(self, layers: Sequence[Layer]) -> None:
        """Choose further layers beside the active one. Not a step of the history; another active layer ends it."""
        self._chosen = tuple(layers)
        self.notify(DocumentChange(ChangeKind.CHOSEN))

    @property
    def saved_selections(self) -> Mapping[str, Selection]:
        """Selections kept under a name, in the order in which they were saved. Do not change it."""
        return self._saved_selections

    # Layers

    def add_layer(self, layer: Layer, parent: GroupLayer | None = None, index: int | None = None) -> None:
        """Put a new layer into a group (the root if None), at the top unless an index is given."""
        if layer in self.tree:
            raise CanvasError(f"The layer '{layer.name}' is already in this document.")
        group = self._group(parent)
        index = len(group.children) if index is None else index
        _check_index(group, index)
        self._do("Add layer", PlaceEdit(layer, None, (group, index)))

    def remove_layer(self, layer: Layer) -> None:
        """Take a layer out, a group with everything inside."""
        self._do("Remove layer", PlaceEdit(layer, self._place_of(layer), None, self._active is layer))

    def duplicate_layer(self, layer: Layer) -> Layer:
        """A copy that shares its pixels with the original, right above it; returns the copy."""
        from canvas.copying import copied  # a start does without

        group, index = self._place_of(layer)
        copy = copied(layer)
        with self.transaction("Duplicate layer"):
            self.add_layer(copy, group, index + 1)
        return copy

    def move_layer(self, layer: Layer, parent: GroupLayer | None, index: int) -> None:
        """Move a layer; the index counts the group's layers without the moved one."""
        old, group = self._place_of(layer), self._group(parent)
        above: Layer | None = group
        while above is not None:
            if above is layer:
                raise CanvasError(f"The group '{layer.name}' cannot be moved into itself.")
            above = above.parent
        _check_index(group, index, without=int(old[0] is group))
        if old != (group, index):
            self._do("Move layer", PlaceEdit(layer, old, (group, index)))

    def set_layer(self, layer: Layer, merge: bool = False, **properties: Any) -> None:
        """Set properties: name, visible, opacity, blend_mode, locked, and of paint layers offset, alpha_locked.

        With `merge`, calls in a row for the same properties of the same layer are one step (a slider drag).
        """
        self._check_in(layer)
        values = {name: checked_property(layer, name, value) for name, value in properties.items()}
        before = {name: getattr(layer, name) for name in values}
        if before == values:
            return
        key = (layer.id, *sorted(values)) if merge else ()
        self._do(step_name(values), PropertiesEdit(layer, before, values), key)

    def shift_layers(self, layers: Sequence[Layer], dx: int, dy: int, merge: bool = False) -> None:
        """Move layers, groups with all inside, and their masks; `merge` as for set_layer. A mask moves alone."""
        surfaces: list[PaintLayer] = []
        for layer in layers:
            self._check_in(layer)
            for one in (*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer):
                found = (one, one.mask) if isinstance(one, PaintLayer) else (one.mask,)
                surfaces.extend(surface for surface in found if surface is not None and surface not in surfaces)
        if surfaces and (dx, dy) != (0, 0):
            key = ("shift", *(layer.id for layer in surfaces)) if merge else ()
            self._do("Move layer pixels", ShiftEdit(tuple(surfaces), dx, dy), key)

    def add_mask(self, layer: Layer, selection: Selection | None = None, hides_outside: bool = False) -> LayerMask:
        """Give a layer a mask that shows everything, or only what is selected; CanvasError if it has one.

        `hides_outside` without a selection hides everything.
        """
        self._place_of(layer)
        if layer.mask is not None:
            raise CanvasError(f"The layer '{layer.name}' already has a mask. Remove or change that one.")
        chosen = selection is not None and not selection.is_empty
        mask = LayerMask(layer, hides_outside or chosen)
        if selection is not None and chosen:
            mask.surface.write_image(selection.bounds.x, selection.bounds.y, alpha_image(selection.mask))
        self._do("Add mask", MaskEdit(layer, None, mask))
        return mask

    def remove_mask(self, layer: Layer) -> None:
        """Take a layer's mask away, so that all of it is seen."""
        self._place_of(layer)
        if layer.mask is not None:
            self._do("Remove mask", MaskEdit(layer, layer.mask, None, self._active is layer.mask))

    # Pixels

    def put_image(
        self,
        layer: PaintLayer,
        x: int,
        y: int,
        image: QImage,
        mode: QPainter.CompositionMode = QPainter.CompositionMode.CompositionMode_SourceOver,
    ) -> None:
        """Compose an image onto a layer with its top left corner at canvas pixel (x, y)."""
        self._check_in(layer)
        local = Point(x - layer.offset.x, y - layer.offset.y)
        before = layer.surface.write_image(local.x, local.y, image, mode)
        if before:
            after = {key: layer.surface.tile(key) for key in before}
            bounds = Bounds(local.x, local.y, image.width(), image.height())
            self._do("Put image", TilesEdit(layer, before, after, bounds))

    def set_tiles(self, layer: PaintLayer, tiles: Mapping[TileKey, QImage | None], bounds: Bounds = NOTHING) -> None:
        """Replace tiles (layer-local keys); `bounds` in layer pixels says what differs if less than all."""
        self._check_in(layer)
        changed = {key: tile for key, tile in tiles.items() if tile is not None or key in layer.surface}
        if changed:
            before = {key: layer.surface.held(key) for key in changed}
            self._do("Paint", TilesEdit(layer, before, changed, bounds))

    def clear(self, layer: PaintLayer, selection: Selection) -> None:
        """Cut the selected pixels out; an empty selection restricts nothing, so everything goes."""
        if selection.is_empty:
            with self.transaction("Clear"):
                self.set_tiles(layer, dict.fromkeys(layer.surface.keys()))
            return
        local = selection.translated(-layer.offset.x, -layer.offset.y)
        tiles: dict[TileKey, QImage | None] = {}
        for key in tiles_covering(local.bounds):
            old = layer.surface.tile(key)
            if old is None:
                continue
            fresh = _cut(old, local, key)
            if fresh is None or fresh != old:
                tiles[key] = fresh
        with self.transaction("Clear"):
            self.set_tiles(layer, tiles, local.bounds)

    # Selection, frame

    def set_selection(self, selection: Selection, merge: bool = False) -> None:
        """Select something else; `merge` as for set_layer, for a selection that is moved step by step."""
        if selection != self._selection:
            name, key = ("Move selection", ("selection",)) if merge else ("Select", ())
            self._do(name, SelectionEdit(self._selection, selection), key)

    def save_selection(self, name: str, selection: Selection | None) -> None:
        """Keep a selection under a name, replacing one of that name; None forgets it."""
        kept = {key: old for key, old in self._saved_selections.items() if key != name or selection is not None}
        if selection is not None:
            kept[name] = selection
        if kept != self._saved_selections:
            edit = SavedSelectionsEdit(self._saved_selections, kept)
            self._do("Forget selection" if selection is None else "Save selection", edit)

    def set_frame(self, frame: Bounds, merge: bool = False) -> None:
        """Move or resize the frame; `merge` as for set_layer."""
        if frame.is_empty:
            raise CanvasError("The frame must be at least one pixel wide and high.")
        if frame != self._frame:
            self._do("Frame", FrameEdit(self._frame, frame), ("frame",) if merge else ())

    def set_marking(self, marking: Marking[T], value: T, merge: str = "") -> None:
        """Another value of a marking; calls in a row with the same `merge` are one step (words being typed)."""
        before = self.marking(marking)
        if value != before:
            name = marking.removal if value == marking.empty else marking.step
            self._do(name, MarkingEdit(marking, before, value), (marking.change, merge) if merge else ())

    def annotate(
        self, record_id: str, *, starred: bool | None = None, note: str | None = None, deleted: bool | None = None
    ) -> None:
        """Say something else of a logged generation; None leaves as it is. A deleted one is only hidden.

        Raises CanvasError for an unknown generation and for notes longer than LONGEST_NOTE characters.
        """
        before = self.generations.annotation(record_id)
        after = Annotation(
            before.starred if starred is None else starred,
            before.note if note is None else note,
            before.deleted if deleted is None else deleted,
        )
        if len(after.note) > LONGEST_NOTE:
            raise CanvasError(f"The note has {len(after.note)} characters; {LONGEST_NOTE} is the most. Shorten it.")
        if after != before:
            self._do(annotation_step(before, after), AnnotationEdit(record_id, before, after))

    def content_bounds(self) -> Bounds:
        """Canvas pixels, tight around everything painted on any layer, shown or not."""
        return self.tree.root.content_bounds()

    def picture_bounds(self) -> Bounds:
        """As `content_bounds`, without layers that stand apart from the picture."""
        return self.tree.root.picture_bounds()

    # What edits and loaders use

    def replace_selection(self, selection: Selection) -> None:
        """Put another selection in place without a step (edits, and whoever loads a document)."""
        self._selection = selection

    def replace_frame(self, frame: Bounds) -> None:
        """Put another frame in place without a step (edits, and whoever loads a document)."""
        self._frame = frame

    def replace_saved_selections(self, saved: Mapping[str, Selection]) -> None:
        """Put other saved selections in place without a step (edits, and whoever loads a document)."""
        self._saved_selections = dict(saved)

    def replace_annotation(self, record_id: str, annotation: Annotation) -> None:
        """Say something else of a logged generation without a step (edits); nothing if a damaged file lost it."""
        with suppress(CanvasError):
            self.generations.annotate(record_id, annotation)

    def step_off(self, fallback: Layer | None) -> bool:
        """If the active layer has left the tree, quietly make another one active; whether it did."""
        if self._active is None or self._active in self.tree:
            return False
        self._active = fallback
        return True

    def _group(self, parent: GroupLayer | None) -> GroupLayer:
        if parent is None or parent is self.tree.root:
            return self.tree.root
        self._place_of(parent)
        return parent

    def _place_of(self, layer: Layer) -> tuple[GroupLayer, int]:
        if layer.parent is None or layer not in self.tree:
            raise CanvasError(f"The layer '{layer.name}' is not part of this document.")
        return layer.parent, layer.parent.children.index(layer)

    def _check_in(self, layer: Layer) -> None:
        if layer not in self.tree:
            raise CanvasError(f"The layer '{layer.name}' is not part of this document.")


def _check_index(group: GroupLayer, index: int, without: int = 0) -> None:
    most = len(group.children) - without
    if not 0 <= index <= most:
        raise CanvasError(f"A layer of '{group.name}' can be at 0 to {most}, not at {index}.")


def _is_inside(layer: Layer, groups: set[str]) -> bool:
    above = layer.parent
    while above is not None:
        if above.id in groups:
            return True
        above = above.parent
    return False


def _cut(tile: QImage, selection: Selection, key: TileKey) -> QImage | None:
    fresh = QImage(tile)
    part = pixels(fresh)
    kept = 255 - selection.coverage(tile_bounds(key)).astype(np.uint16)[..., None]
    part[:] = ((part * kept + 127) // 255).astype(np.uint8)
    return None if is_blank(fresh) else fresh
