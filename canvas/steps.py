"""Step: what one undo takes back, and which pixels only it needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from PySide6.QtGui import QImage

from canvas.edits import Edit, FrameEdit, PropertiesEdit, SelectionEdit, ShiftEdit
from canvas.kept import Kept, KeptSelection, Shelf
from canvas.layers import GroupLayer, Layer, PaintLayer
from canvas.pixel_edits import MaskEdit, PlaceEdit, Tiles, TilesEdit
from canvas.selection import Selection


@dataclass
class Step:
    """What one undo takes back: the edits of one gesture, in the order they were made."""

    name: str
    "What the user did, in English; the desktop translates."
    edits: list[Edit] = field(default_factory=list)
    "The edits, oldest first."
    merge_key: tuple[str, ...] = ()
    "Steps in a row with the same key are one drag; empty never merges."
    claimed: list[Kept] = field(default_factory=list)
    "The pixels that only this step needs at present."

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
        properties = [edit for edit in (*self.edits, *later.edits) if isinstance(edit, PropertiesEdit)]
        if len(properties) == len(self.edits) + len(later.edits):
            self.edits = list(_joined(properties))
        elif isinstance(mine, ShiftEdit) and isinstance(newer, ShiftEdit):
            self.edits[-1] = ShiftEdit(mine.surfaces, mine.dx + newer.dx, mine.dy + newer.dy)
        elif isinstance(mine, FrameEdit) and isinstance(newer, FrameEdit):
            self.edits[-1] = FrameEdit(mine.before, newer.after)
        else:
            self.edits.extend(later.edits)

    def claim(self, shelf: Shelf, undone: bool) -> None:
        """Put what the step holds into boxes, and count those that nothing but undo shows now."""
        self.release(shelf)
        for edit in self.edits:
            if isinstance(edit, TilesEdit):
                edit.before, edit.after = _boxed(edit.before, shelf), _boxed(edit.after, shelf)
                hidden = edit.after if undone else edit.before
                self.claimed.extend(kept for kept in hidden.values() if isinstance(kept, Kept))
            elif isinstance(edit, SelectionEdit):
                edit.before, edit.after = _boxed_selection(edit.before, shelf), _boxed_selection(edit.after, shelf)
                other = edit.after if undone else edit.before
                if isinstance(other, KeptSelection):
                    self.claimed.append(other.kept)
            elif isinstance(edit, PlaceEdit):
                if (edit.before if undone else edit.after) is None:
                    self._claim_surfaces(surfaces_of(edit.layer), shelf)
            elif isinstance(edit, MaskEdit):
                mask = edit.after if undone else edit.before
                if mask is not None:
                    self._claim_surfaces([mask], shelf)
        for kept in self.claimed:
            shelf.claim(kept)

    def release(self, shelf: Shelf) -> None:
        """The step needs nothing for itself any more, or will say anew what it needs."""
        for kept in self.claimed:
            shelf.unclaim(kept)
        self.claimed = []

    def _claim_surfaces(self, layers: Iterable[PaintLayer], shelf: Shelf) -> None:
        """Layers that left the tree: their surfaces hold boxes, so that these can be compressed where they are."""
        for layer in layers:
            surface = layer.surface
            for key in surface.keys():  # noqa: SIM118 - a set of its own, and the surface changes
                held = surface.held(key)
                if isinstance(held, QImage):
                    surface.set_tile(key, shelf.keep(held))
            self.claimed.extend(kept for kept in surface.away().values() if isinstance(kept, Kept))


def surfaces_of(layer: Layer) -> Iterator[PaintLayer]:
    """Everything with pixels in a layer: itself, its mask, and if it is a group those inside."""
    for one in (*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer):
        if isinstance(one, PaintLayer):
            yield one
        if one.mask is not None:
            yield one.mask


def _boxed(tiles: Tiles, shelf: Shelf) -> Tiles:
    return {key: None if tile is None else shelf.keep(tile) for key, tile in tiles.items()}


def _boxed_selection(selection: Selection | KeptSelection, shelf: Shelf) -> Selection | KeptSelection:
    return shelf.keep_selection(selection) if isinstance(selection, Selection) else selection


def _joined(edits: list[PropertiesEdit]) -> list[PropertiesEdit]:
    """One edit for each layer, from what it had first to what it got last."""
    joined: dict[str, PropertiesEdit] = {}
    for edit in edits:
        old = joined.get(edit.layer.id, edit)
        joined[edit.layer.id] = PropertiesEdit(edit.layer, edit.before | old.before, old.after | edit.after)
    return list(joined.values())
