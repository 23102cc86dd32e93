"""Plays undo steps from a file through on a plan of the painting, so that none can meet a painting it does not fit."""

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtGui import QImage

from canvas.edits import Edit, FrameEdit, PropertiesEdit, ShiftEdit
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.pixel_edits import MaskEdit, PlaceEdit, Tiles, TilesEdit
from canvas.project.batch import Place
from canvas.steps import Step
from canvas.surface import Held

ROOT = "root"
T = TypeVar("T")


class Rehearsal:
    """Which layer lies where and which mask is in use, by ids, beginning with the present."""

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        """For all layers, groups and masks, the root included."""
        self._children: dict[str, list[str]] = {}
        self._parent: dict[str, str] = {}
        self._mask: dict[str, str] = {}
        self._tiles: dict[Place, str] = {}
        self._frame: Bounds | None = None
        for layer in layers.values():
            if isinstance(layer, GroupLayer):
                self._children[layer.id] = [child.id for child in layer.children]
                self._parent.update((child.id, layer.id) for child in layer.children)
            if layer.mask is not None:
                self._mask[layer.id] = layer.mask.id

    def undo(self, step: Step) -> None:
        """Takes the step back. Raises CanvasError if that cannot be."""
        for edit in reversed(step.edits):
            self._play(edit, forward=False)

    def redo(self, step: Step) -> None:
        """Makes the step again. Raises CanvasError if that cannot be."""
        for edit in step.edits:
            self._play(edit, forward=True)

    def _play(self, edit: Edit, forward: bool) -> None:
        if isinstance(edit, PlaceEdit):
            self._place(edit, *_from_to(edit.before, edit.after, forward))
        elif isinstance(edit, MaskEdit):
            self._change_mask(edit, *_from_to(edit.before, edit.after, forward))
        elif isinstance(edit, TilesEdit):
            self._replace(edit.layer, *_from_to(edit.before, edit.after, forward))
        elif isinstance(edit, FrameEdit):
            self._move_frame(*_from_to(edit.before, edit.after, forward))
        elif isinstance(edit, PropertiesEdit):
            self._need(edit.layer)
        elif isinstance(edit, ShiftEdit):
            for layer in edit.surfaces:
                self._need(layer)

    def _change_mask(self, edit: MaskEdit, old: LayerMask | None, new: LayerMask | None) -> None:
        self._need(edit.owner)
        if self._mask.pop(edit.owner.id, None) != (old and old.id):
            raise CanvasError(f"another mask belongs to '{edit.owner.name}'")
        if new is not None:
            self._mask[edit.owner.id] = new.id

    def _move_frame(self, old: Bounds, new: Bounds) -> None:
        if self._frame not in (None, old):
            raise CanvasError("the frame lies elsewhere")
        self._frame = new

    def _replace(self, layer: PaintLayer, old: Tiles, new: Tiles) -> None:
        self._need(layer)
        for key, tile in old.items():
            place = (layer.id, key)
            now = self._tiles.get(place)
            if (_hash(layer.surface.held(key)) if now is None else now) != _hash(tile):
                raise CanvasError(f"other pixels are in '{layer.name}' than it would replace")
            self._tiles[place] = _hash(new.get(key))

    def _place(self, edit: PlaceEdit, old: tuple[GroupLayer, int] | None, new: tuple[GroupLayer, int] | None) -> None:
        layer = edit.layer
        if old is None and layer.id in self._parent:
            raise CanvasError(f"'{layer.name}' lies in a group already")
        if old is not None:
            self._need(old[0])
            inside = self._children[old[0].id]
            if old[1] >= len(inside) or inside[old[1]] != layer.id:
                raise CanvasError(f"'{layer.name}' does not lie where it should")
            del inside[old[1]], self._parent[layer.id]
        if new is not None:
            self._need(new[0])
            inside = self._children[new[0].id]
            if new[1] > len(inside):
                raise CanvasError(f"'{layer.name}' cannot lie that high")
            inside.insert(new[1], layer.id)
            self._parent[layer.id] = new[0].id

    def _need(self, layer: Layer) -> None:
        """The layer or mask must be in the tree at this moment."""
        if isinstance(layer, LayerMask):
            if self._mask.get(layer.owner.id) != layer.id:
                raise CanvasError("a mask that is not in use is changed")
            layer = layer.owner
        above: str | None = layer.id
        while above is not None and above != ROOT:
            above = self._parent.get(above)
        if above != ROOT:
            raise CanvasError(f"'{layer.name}' is not in the painting")


def _from_to(before: T, after: T, forward: bool) -> tuple[T, T]:
    return (before, after) if forward else (after, before)


def _hash(tile: Held) -> str:
    """The hash of a tile that is in the file, as all are while it is opened; empty for none."""
    return "" if tile is None or isinstance(tile, QImage) else tile.digest
