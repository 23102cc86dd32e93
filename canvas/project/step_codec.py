"""Undo steps as JSON: one row of a table for every kind of edit. What is read is checked, never trusted.

Pixels are named by their place in a list of hashes that goes with the edits, layers by their ids.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from canvas import adjustments
from canvas.edits import (
    Edit,
    FrameEdit,
    MarkingEdit,
    PropertiesEdit,
    SavedSelectionsEdit,
    SelectionEdit,
    ShiftEdit,
)
from canvas.errors import CanvasError
from canvas.generations import LONGEST_NOTE, Annotation
from canvas.geometry import NOTHING, TILE, Bounds, Point, TileKey
from canvas.kept import Kept, KeptSelection, Pixels
from canvas.layer_control import LayerControl, control_from_json, control_to_json
from canvas.layer_properties import PROPERTIES, checked_property
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.log_edits import AnnotationEdit
from canvas.markings import MARKINGS, Marking
from canvas.pixel_edits import MaskEdit, PlaceEdit, Tiles, TilesEdit
from canvas.selection import MAX_SIDE, Selection
from canvas.surface import Held

Json: TypeAlias = dict[str, Any]
Box: TypeAlias = Held | Pixels
"What the writer turns into a hash."
FARTHEST = 1 << 30
"Canvas pixels from the origin."
LONGEST_NAME = 1000
FLAGS = frozenset({"visible", "locked", "clipped", "alpha_locked", "enabled", "hides_outside"})


class PixelList:
    """The pixels of one step while it becomes JSON: each box once."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        "In the order of their numbers."
        self._numbers: dict[int, int] = {}

    def number_of(self, box: Box) -> int | None:
        """The number by which the JSON names it; None for nothing."""
        if box is None:
            return None
        found = self._numbers.get(id(box))
        if found is None:
            found = self._numbers[id(box)] = len(self.boxes)
            self.boxes.append(box)
        return found


@dataclass
class Reading:
    """What the JSON of a step refers to."""

    layers: Mapping[str, Layer]
    "Every layer, group and mask in the tree or away, and the root of the tree, by id."
    box: Callable[[str, tuple[int, ...]], Kept]
    "The box for the pixels of a hash; the same one for the same hash and shape."
    hashes: Sequence[str] = field(default_factory=tuple)
    "The pixels of the step at hand, by number."

    def layer(self, value: object, kind: type[Layer] | tuple[type[Layer], ...] = Layer) -> Any:
        """The layer with an id. Raises CanvasError when it is not there, or of another kind."""
        found = self.layers.get(value) if isinstance(value, str) else None
        if found is None or not isinstance(found, kind):
            raise _wrong("layer", value)
        return found

    def pixels(self, value: object, shape: tuple[int, ...]) -> Kept | None:
        """The box with a number, None for none. Raises CanvasError for a number that is not there."""
        if value is None:
            return None
        return self.box(self.hashes[whole(value, 0, len(self.hashes) - 1)], shape)


def to_json(edit: Edit, pixels: PixelList) -> Json:
    """An edit that `can_be_stored`. Any thread: nothing is read that may change."""
    kind = str(edit.marking.change) if isinstance(edit, MarkingEdit) else NAMES[type(edit)]
    return {"kind": kind, **KINDS[kind].write(edit, pixels)}


def from_json(data: object, reading: Reading) -> Edit:
    """The edit. Raises CanvasError for kinds that this version does not know, and for whatever makes no sense."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(kind, str) or kind not in KINDS:
        raise _wrong("kind of edit", kind)
    try:
        made: Edit = KINDS[kind].read(data, reading)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise CanvasError(f"an edit of the kind {kind} cannot be read ({type(error).__name__} {error})") from error
    return made


def can_be_stored(edit: Edit) -> bool:
    """Whether the file has a form for edits of this kind."""
    return type(edit) in NAMES


def whole(value: object, low: int = -FARTHEST, high: int = FARTHEST) -> int:
    """A whole number within limits. Raises CanvasError."""
    if type(value) is not int or not low <= value <= high:
        raise _wrong("number", value)
    return value


def _wrong(what: str, value: object) -> CanvasError:
    return CanvasError(f"the {what} {str(value)[:80]!r} makes no sense here")


def _text(value: object, longest: int = LONGEST_NAME) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _wrong("text", value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong("switch", value)
    return value


def _items(value: object, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise _wrong("list", value)
    return value


def _bounds(value: object) -> Bounds:
    x, y, width, height = _items(value, 4)
    made = Bounds(whole(x), whole(y), whole(width, 0), whole(height, 0))
    return NOTHING if made.is_empty else made


# Tiles


def _tiles_out(edit: TilesEdit, pixels: PixelList) -> Json:
    number = pixels.number_of
    rows = [[*key, number(edit.before.get(key)), number(edit.after.get(key))] for key in edit.after]
    return {"layer": edit.layer.id, "bounds": list(edit.bounds), "tiles": rows}


def _tiles_in(data: Json, reading: Reading) -> TilesEdit:
    layer = reading.layer(data["layer"], PaintLayer)
    before: dict[TileKey, Held] = {}
    after: dict[TileKey, Held] = {}
    shape = (TILE, TILE, 4)
    for x, y, old, new in _items(data["tiles"]):
        key = (whole(x, -FARTHEST // TILE, FARTHEST // TILE), whole(y, -FARTHEST // TILE, FARTHEST // TILE))
        before[key], after[key] = reading.pixels(old, shape), reading.pixels(new, shape)
    if not after:
        raise _wrong("list of tiles", after)
    sides: tuple[Tiles, Tiles] = (before, after)
    return TilesEdit(layer, *sides, _bounds(data["bounds"]))


# Selections


def _selection_out(selection: Selection | KeptSelection, pixels: PixelList) -> Json:
    if selection.bounds.is_empty:
        return {"bounds": [0, 0, 0, 0], "mask": None}
    box: Box = selection.kept if isinstance(selection, KeptSelection) else selection.mask
    return {"bounds": list(selection.bounds), "mask": pixels.number_of(box)}


def _selection_in(data: object, reading: Reading) -> Selection | KeptSelection:
    if not isinstance(data, dict):
        raise _wrong("selection", data)
    bounds = _bounds(data["bounds"])
    if bounds.is_empty:
        return Selection.none()
    if max(bounds.width, bounds.height) > MAX_SIDE:
        raise _wrong("size of a selection", bounds)
    kept = reading.pixels(data["mask"], (bounds.height, bounds.width))
    if kept is None:
        raise _wrong("selection", data)
    return KeptSelection(bounds, kept)


def _select_out(edit: SelectionEdit, pixels: PixelList) -> Json:
    return {"before": _selection_out(edit.before, pixels), "after": _selection_out(edit.after, pixels)}


def _select_in(data: Json, reading: Reading) -> SelectionEdit:
    return SelectionEdit(_selection_in(data["before"], reading), _selection_in(data["after"], reading))


def _saved_out(edit: SavedSelectionsEdit, pixels: PixelList) -> Json:
    sides = {"before": edit.before, "after": edit.after}
    return {side: [[name, _selection_out(one, pixels)] for name, one in saved.items()] for side, saved in sides.items()}


def _saved_in(data: Json, reading: Reading) -> SavedSelectionsEdit:
    def side(rows: object) -> dict[str, Selection | KeptSelection]:
        return {_text(name): _selection_in(one, reading) for name, one in (_items(row, 2) for row in _items(rows))}

    return SavedSelectionsEdit(side(data["before"]), side(data["after"]))


# Properties


def _properties_out(edit: PropertiesEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    def side(values: Mapping[str, Any]) -> Json:
        return {name: _value_out(value) for name, value in values.items()}

    return {"layer": edit.layer.id, "before": side(edit.before), "after": side(edit.after)}


def _value_out(value: Any) -> Any:
    if isinstance(value, tuple(adjustments.KINDS.values())):
        return adjustments.to_dict(value)
    if isinstance(value, LayerControl):
        return control_to_json(value)
    if isinstance(value, BlendMode):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _properties_in(data: Json, reading: Reading) -> PropertiesEdit:
    layer: Layer = reading.layer(data["layer"])

    def side(values: object) -> dict[str, Any]:
        if not isinstance(values, dict) or not values or any(name not in PROPERTIES for name in values):
            raise _wrong("set of properties", values)
        return {name: _value_in(layer, name, value) for name, value in values.items()}

    before, after = side(data["before"]), side(data["after"])
    if before.keys() != after.keys():
        raise _wrong("set of properties", list(after))
    return PropertiesEdit(layer, before, after)


_READERS: Mapping[str, Callable[[object], Any]] = {
    "name": _text,
    "blend_mode": lambda value: BlendMode(_text(value)),
    "control": control_from_json,
}
"How properties that are no switches and no numbers are read."


def _value_in(layer: Layer, name: str, value: Any) -> Any:
    if not hasattr(layer, name):
        raise _wrong("property", name)
    if name in FLAGS:
        return _flag(value)
    if name in _READERS:
        return checked_property(layer, name, _READERS[name](value))
    if name == "opacity":
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise _wrong("opacity", value)
        return float(value)
    if name == "offset":
        x, y = _items(value, 2)
        return Point(whole(x), whole(y))
    if name == "adjustment" and isinstance(layer, AdjustmentLayer):
        if not isinstance(value, dict):
            raise _wrong("adjustment", value)
        return adjustments.from_dict(value)
    raise _wrong("property", name)


def _shift_out(edit: ShiftEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    return {"layers": [layer.id for layer in edit.surfaces], "by": [edit.dx, edit.dy]}


def _shift_in(data: Json, reading: Reading) -> ShiftEdit:
    dx, dy = _items(data["by"], 2)
    layers = tuple(reading.layer(one, PaintLayer) for one in _items(data["layers"]))
    if len(set(layers)) != len(layers) or not layers:
        raise _wrong("list of layers", data["layers"])
    return ShiftEdit(layers, whole(dx), whole(dy))


# The tree


def _place_out(edit: PlaceEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    def side(place: tuple[GroupLayer, int] | None) -> list[Any] | None:
        return None if place is None else [place[0].id, place[1]]

    places = {"before": side(edit.before), "after": side(edit.after)}
    return {"layer": edit.layer.id, **places, "was_active": edit.was_active}


def _place_in(data: Json, reading: Reading) -> PlaceEdit:
    def side(place: object) -> tuple[GroupLayer, int] | None:
        if place is None:
            return None
        group, index = _items(place, 2)
        return reading.layer(group, GroupLayer), whole(index, 0)

    layer: Layer = reading.layer(data["layer"])
    before, after = side(data["before"]), side(data["after"])
    if isinstance(layer, LayerMask) or (before is None and after is None):
        raise _wrong("place of a layer", data["layer"])
    return PlaceEdit(layer, before, after, _flag(data["was_active"]))


def _mask_out(edit: MaskEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    sides = {"before": edit.before and edit.before.id, "after": edit.after and edit.after.id}
    return {"layer": edit.owner.id, **sides, "was_active": edit.was_active}


def _mask_in(data: Json, reading: Reading) -> MaskEdit:
    owner: Layer = reading.layer(data["layer"])
    masks: list[LayerMask | None] = []
    for side in ("before", "after"):
        mask = None if data[side] is None else reading.layer(data[side], LayerMask)
        if mask is not None and mask.owner is not owner:
            raise _wrong("mask", data[side])
        masks.append(mask)
    return MaskEdit(owner, masks[0], masks[1], _flag(data["was_active"]))


# The rest


def _frame_out(edit: FrameEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    return {"before": list(edit.before), "after": list(edit.after)}


def _frame_in(data: Json, reading: Reading) -> FrameEdit:  # noqa: ARG001 - all kinds look alike
    before, after = _bounds(data["before"]), _bounds(data["after"])
    if before.is_empty or after.is_empty:
        raise _wrong("frame", data["after"])
    return FrameEdit(before, after)


def _marking_out(edit: MarkingEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    write = edit.marking.to_json
    return {"before": write(edit.before), "after": write(edit.after)}


def _marking_in(marking: Marking[Any]) -> Callable[[Json, Reading], MarkingEdit]:
    def read(data: Json, reading: Reading) -> MarkingEdit:  # noqa: ARG001 - all kinds look alike
        return MarkingEdit(marking, marking.from_json(data["before"]), marking.from_json(data["after"]))

    return read


def _annotation_out(edit: AnnotationEdit, pixels: PixelList) -> Json:  # noqa: ARG001 - all kinds look alike
    def side(one: Annotation) -> list[Any]:
        return [one.starred, one.note, one.deleted]

    return {"generation": edit.record_id, "before": side(edit.before), "after": side(edit.after)}


def _annotation_in(data: Json, reading: Reading) -> AnnotationEdit:  # noqa: ARG001 - all kinds look alike
    def side(row: object) -> Annotation:
        starred, note, deleted = _items(row, 3)
        return Annotation(_flag(starred), _text(note, LONGEST_NOTE), _flag(deleted))

    return AnnotationEdit(_text(data["generation"]), side(data["before"]), side(data["after"]))


class Kind(NamedTuple):
    """How edits of one kind become JSON and come back."""

    edit: type[Any]
    write: Callable[[Any, PixelList], Json]
    read: Callable[[Json, Reading], Edit]


KINDS: Mapping[str, Kind] = {
    "tiles": Kind(TilesEdit, _tiles_out, _tiles_in),
    "selection": Kind(SelectionEdit, _select_out, _select_in),
    "saved-selections": Kind(SavedSelectionsEdit, _saved_out, _saved_in),
    "properties": Kind(PropertiesEdit, _properties_out, _properties_in),
    "shift": Kind(ShiftEdit, _shift_out, _shift_in),
    "place": Kind(PlaceEdit, _place_out, _place_in),
    "mask": Kind(MaskEdit, _mask_out, _mask_in),
    "frame": Kind(FrameEdit, _frame_out, _frame_in),
    **{str(one.change): Kind(MarkingEdit, _marking_out, _marking_in(one)) for one in MARKINGS},
    "annotation": Kind(AnnotationEdit, _annotation_out, _annotation_in),
}
NAMES: Mapping[type[Any], str] = {kind.edit: name for name, kind in KINDS.items()}
"Edits of markings are called by their marking."
