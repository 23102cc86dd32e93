"""Reversible edits of pixels and of the tree: each holds by reference what it replaced, so undoing costs no copies."""

from collections.abc import Mapping
from dataclasses import dataclass

from canvas.changes import ChangeKind, DocumentChange
from canvas.edits import Editable
from canvas.geometry import NOTHING, Bounds, TileKey, tile_bounds
from canvas.kept import Kept
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.surface import Held

Tiles = Mapping[TileKey, Held]


@dataclass
class TilesEdit:
    """Tiles of one layer replaced by others."""

    layer: PaintLayer
    "Whose tiles."
    before: Tiles
    "What was there; None is empty. History puts boxes in the place of images."
    after: Tiles
    "What is there now, under the same keys."
    bounds: Bounds = NOTHING
    "Layer pixels that differ; all of the tiles when not given."

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
            image = tile.image if isinstance(tile, Kept) else None
            self.layer.surface.set_tile(key, tile if image is None else image)
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
            active = document.active.id if document.active else ""
            document.notify(DocumentChange(ChangeKind.ACTIVE, active, origin=origin))


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
