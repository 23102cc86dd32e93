"""Reversible edits: each holds by reference what it replaced, so undoing costs no copies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtGui import QImage

from canvas.changes import ChangeKind, DocumentChange
from canvas.geometry import NOTHING, Bounds, Point, TileKey, tile_bounds
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.selection import Selection
from canvas.tile import TILE_BYTES

Tiles = Mapping[TileKey, QImage | None]


class Editable(Protocol):
    """What edits need of a document."""

    @property
    def active(self) -> Layer | None:
        """The layer that tools work on."""
        ...

    @active.setter
    def active(self, layer: Layer | None) -> None: ...

    def replace_selection(self, selection: Selection) -> None:
        """Put another selection in place, without a step of its own."""
        ...

    def replace_frame(self, frame: Bounds) -> None:
        """Put another frame in place, without a step of its own."""
        ...

    def replace_saved_selections(self, saved: Mapping[str, Selection]) -> None:
        """Put other saved selections in place, without a step of its own."""
        ...

    def notify(self, change: DocumentChange) -> None:
        """Tell the listeners."""
        ...

    def step_off(self, fallback: Layer | None) -> bool:
        """If the active layer has left the tree, make another one active; whether it did."""
        ...


class Edit(Protocol):
    """One reversible change."""

    @property
    def held_bytes(self) -> int:
        """Memory that only undoing this needs."""
        ...

    def apply(self, document: Editable, origin: str) -> None:
        """Make the change (again)."""
        ...

    def revert(self, document: Editable, origin: str) -> None:
        """Take the change back."""
        ...


@dataclass
class TilesEdit:
    """Tiles of one layer replaced by others."""

    layer: PaintLayer
    "Whose tiles."
    before: Tiles
    "What was there; None is empty."
    after: Tiles
    "What is there now, under the same keys."
    bounds: Bounds = NOTHING
    "Layer pixels that differ; all of the tiles when not given."

    @property
    def held_bytes(self) -> int:
        """The replaced tiles."""
        return TILE_BYTES * sum(tile is not None for tile in self.before.values())

    def apply(self, document: Editable, origin: str) -> None:
        """Put the new tiles in place."""
        self._put(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Put the old tiles back."""
        self._put(self.before, document, origin)

    def followed_by(self, later: "TilesEdit") -> "TilesEdit":
        """This edit and a later one of the same layer as one."""
        before, after = {**later.before, **self.before}, {**self.after, **later.after}
        if self.bounds.is_empty or later.bounds.is_empty:
            return TilesEdit(self.layer, before, after)
        return TilesEdit(self.layer, before, after, self.bounds.united(later.bounds))

    def _put(self, tiles: Tiles, document: Editable, origin: str) -> None:
        bounds = self.bounds
        for key, tile in tiles.items():
            self.layer.surface.set_tile(key, tile)
            if self.bounds.is_empty:
                bounds = bounds.united(tile_bounds(key))
        where = bounds.translated(*self.layer.offset)
        document.notify(DocumentChange(ChangeKind.TILES, self.layer.id, where, origin, frozenset(tiles)))


@dataclass
class PlaceEdit:
    """A layer put into, taken out of, or moved inside the tree."""

    layer: Layer
    "Which layer; a group brings what it holds."
    before: tuple[GroupLayer, int] | None
    "The group and index it had, None if it was not in the tree."
    after: tuple[GroupLayer, int] | None
    "The group and index it gets, None if it leaves the tree."
    was_active: bool = False
    "Whether it was the active layer when it was taken out."

    @property
    def held_bytes(self) -> int:
        """The pixels of a layer that left."""
        if self.after is not None:
            return 0
        inside = [self.layer, *(self.layer.walk() if isinstance(self.layer, GroupLayer) else ())]
        return sum(layer.surface.loaded_bytes for layer in inside if isinstance(layer, PaintLayer))

    def apply(self, document: Editable, origin: str) -> None:
        """Put it where it goes."""
        self._place(self.before, self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Put it where it was."""
        self._place(self.after, self.before, document, origin)
        if self.was_active:
            document.active = self.layer

    def _place(
        self,
        old: tuple[GroupLayer, int] | None,
        new: tuple[GroupLayer, int] | None,
        document: Editable,
        origin: str,
    ) -> None:
        if old is not None:
            old[0].children.pop(old[1])
            self.layer.parent = None
        if new is not None:
            new[0].children.insert(new[1], self.layer)
            self.layer.parent = new[0]
        moved_on = False
        if old is not None and new is None:
            group, index = old
            inside = group.parent is not None
            beside = group.children[max(index - 1, 0)] if group.children else group if inside else None
            moved_on = document.step_off(beside)
        kind = ChangeKind.LAYER_MOVED
        if old is None or new is None:
            kind = ChangeKind.LAYER_ADDED if old is None else ChangeKind.LAYER_REMOVED
        document.notify(DocumentChange(kind, self.layer.id, self.layer.tile_extent(), origin))
        if moved_on:
            document.notify(DocumentChange(ChangeKind.ACTIVE, document.active.id if document.active else ""))


@dataclass
class MaskEdit:
    """Another mask of one layer, or none."""

    owner: Layer
    "Whose mask."
    before: LayerMask | None
    "The old one."
    after: LayerMask | None
    "The new one."
    was_active: bool = False
    "Whether the old one was what tools worked on."

    @property
    def held_bytes(self) -> int:
        """The pixels of the old mask."""
        return self.before.surface.loaded_bytes if self.before is not None else 0

    def apply(self, document: Editable, origin: str) -> None:
        """Put the new mask in place."""
        self._put(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Put the old mask back."""
        self._put(self.before, document, origin)
        if self.was_active:
            document.active = self.before

    def _put(self, mask: LayerMask | None, document: Editable, origin: str) -> None:
        self.owner.mask = mask
        moved_on = document.step_off(self.owner)
        document.notify(DocumentChange(ChangeKind.LAYER_SET, self.owner.id, self.owner.tile_extent(), origin))
        if moved_on:
            document.notify(DocumentChange(ChangeKind.ACTIVE, self.owner.id))


@dataclass
class ShiftEdit:
    """Layers and masks moved by the same way."""

    surfaces: tuple[PaintLayer, ...]
    "Everything with pixels that moves."
    dx: int
    "Canvas pixels to the right."
    dy: int
    "Canvas pixels down."

    @property
    def held_bytes(self) -> int:
        """Next to nothing."""
        return 0

    def apply(self, document: Editable, origin: str) -> None:
        """Move there."""
        self._move(self.dx, self.dy, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Move back."""
        self._move(-self.dx, -self.dy, document, origin)

    def _move(self, dx: int, dy: int, document: Editable, origin: str) -> None:
        for layer in self.surfaces:
            bounds = layer.tile_extent()
            layer.offset = Point(layer.offset.x + dx, layer.offset.y + dy)
            bounds = bounds.united(layer.tile_extent())
            document.notify(DocumentChange(ChangeKind.LAYER_SET, layer.id, bounds, origin))


QUIET = frozenset({"name", "locked", "alpha_locked"})


@dataclass
class PropertiesEdit:
    """Properties of one layer."""

    layer: Layer
    "Whose properties."
    before: dict[str, Any]
    "The old values by name."
    after: dict[str, Any]
    "The new values by name."

    @property
    def held_bytes(self) -> int:
        """Next to nothing."""
        return 0

    def apply(self, document: Editable, origin: str) -> None:
        """Set the new values."""
        self._set(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Set the old values."""
        self._set(self.before, document, origin)

    def _set(self, values: Mapping[str, Any], document: Editable, origin: str) -> None:
        bounds = NOTHING if QUIET.issuperset(values) else self.layer.tile_extent()
        for name, value in values.items():
            setattr(self.layer, name, value)
        if not bounds.is_empty:
            bounds = bounds.united(self.layer.tile_extent())
        document.notify(DocumentChange(ChangeKind.LAYER_SET, self.layer.id, bounds, origin))


@dataclass
class SelectionEdit:
    """Another selection."""

    before: Selection
    "The old one."
    after: Selection
    "The new one."

    @property
    def held_bytes(self) -> int:
        """The old mask."""
        return self.before.mask.nbytes

    def apply(self, document: Editable, origin: str) -> None:
        """Select the new one."""
        self._select(self.after, self.before, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Select the old one."""
        self._select(self.before, self.after, document, origin)

    def _select(self, new: Selection, old: Selection, document: Editable, origin: str) -> None:
        document.replace_selection(new)
        where = new.bounds.united(old.bounds)
        document.notify(DocumentChange(ChangeKind.SELECTION, bounds=where, origin=origin))


@dataclass
class SavedSelectionsEdit:
    """Other selections kept under a name."""

    before: Mapping[str, Selection]
    "The old ones."
    after: Mapping[str, Selection]
    "The new ones."

    @property
    def held_bytes(self) -> int:
        """The masks that are not kept any more."""
        return sum(kept.mask.nbytes for name, kept in self.before.items() if self.after.get(name) is not kept)

    def apply(self, document: Editable, origin: str) -> None:
        """Keep the new ones."""
        self._keep(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Keep the old ones."""
        self._keep(self.before, document, origin)

    def _keep(self, saved: Mapping[str, Selection], document: Editable, origin: str) -> None:
        document.replace_saved_selections(saved)
        document.notify(DocumentChange(ChangeKind.SAVED_SELECTIONS, origin=origin))


@dataclass
class FrameEdit:
    """Another frame."""

    before: Bounds
    "The old one."
    after: Bounds
    "The new one."

    @property
    def held_bytes(self) -> int:
        """Next to nothing."""
        return 0

    def apply(self, document: Editable, origin: str) -> None:
        """Set the new frame."""
        document.replace_frame(self.after)
        document.notify(DocumentChange(ChangeKind.FRAME, bounds=self.after.united(self.before), origin=origin))

    def revert(self, document: Editable, origin: str) -> None:
        """Set the old frame."""
        document.replace_frame(self.before)
        document.notify(DocumentChange(ChangeKind.FRAME, bounds=self.after.united(self.before), origin=origin))


@dataclass
class Step:
    """What one undo takes back: the edits of one gesture, in the order they were made."""

    name: str
    "What the user did, in English; the desktop translates."
    edits: list[Edit] = field(default_factory=list)
    "The edits, oldest first."
    merge_key: tuple[str, ...] = ()
    "Steps in a row with the same key are one drag; empty never merges."

    @property
    def held_bytes(self) -> int:
        """Memory that undoing this step needs."""
        return sum(edit.held_bytes for edit in self.edits)

    @property
    def only_selects(self) -> bool:
        """Whether the step changes nothing but the selection."""
        return all(isinstance(edit, SelectionEdit) for edit in self.edits)

    @property
    def selects(self) -> bool:
        """Whether the step changes the selection among other things."""
        return any(isinstance(edit, SelectionEdit) for edit in self.edits)

    def compact(self) -> None:
        """Join edits in a row of the same layer's tiles, so that states in between are not kept."""
        joined: list[Edit] = []
        for edit in self.edits:
            last = joined[-1] if joined else None
            if isinstance(edit, TilesEdit) and isinstance(last, TilesEdit) and last.layer is edit.layer:
                joined[-1] = last.followed_by(edit)
            else:
                joined.append(edit)
        self.edits = joined

    def absorb(self, later: "Step") -> None:
        """Take the newer step's values into this one; both must have the same merge key."""
        mine, newer = self.edits[-1], later.edits[-1]
        if isinstance(mine, PropertiesEdit) and isinstance(newer, PropertiesEdit):
            self.edits[-1] = PropertiesEdit(mine.layer, mine.before, newer.after)
        elif isinstance(mine, ShiftEdit) and isinstance(newer, ShiftEdit):
            self.edits[-1] = ShiftEdit(mine.surfaces, mine.dx + newer.dx, mine.dy + newer.dy)
        elif isinstance(mine, FrameEdit) and isinstance(newer, FrameEdit):
            self.edits[-1] = FrameEdit(mine.before, newer.after)
        else:
            self.edits.extend(later.edits)
