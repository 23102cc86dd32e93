"""Which steps of the history the file has, and what is to be written so that it has the newest ones."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass

from PySide6.QtGui import QImage

from canvas.edits import Edit, SavedSelectionsEdit, SelectionEdit
from canvas.geometry import TileKey
from canvas.history import History
from canvas.kept import Kept, KeptSelection
from canvas.layers import GroupLayer, Layer, LayerMask, LayerTree, PaintLayer
from canvas.pixel_edits import MaskEdit, PlaceEdit, TilesEdit
from canvas.project.batch import AwayLayer, Batch, StepRow, layer_row
from canvas.project.step_codec import can_be_stored
from canvas.steps import Step
from canvas.surface import Held

DEFAULT_STEPS = 100
MOST_TILES = 10_000
"""That the kept steps replace together: reading them costs 5 µs each when the painting is opened. The nearest step
stays, however large it is."""
GAP = 1 << 20
"""Between the numbers of two steps: one that only selects may come between those that are done and those that can
be redone."""
NOT_IN_USE = -1
"The position of a mask that its owner does not have at present."


@dataclass
class _Entry:
    """A step that the file has, or is about to get."""

    step: Step
    edits: tuple[Edit, ...]
    "As they were written: a drag replaces them."
    undone: bool
    placed: tuple[Layer, ...]
    "Layers that it puts into the tree or takes out of it, and masks."


class StepList:
    """The undo list of the file. Belongs to the window's thread; costs little when little happened."""

    def __init__(self, limit: int = DEFAULT_STEPS) -> None:
        self.limit = limit
        "How many steps the file keeps."
        self._entries: dict[int, _Entry] = {}
        self._numbers: dict[int, int] = {}
        self._strange: set[int] = set()
        self._away: dict[str, Layer] = {}

    def know(self, rows: Iterable[tuple[int, Step, bool]], away: Iterable[Layer], strange: Iterable[int]) -> None:
        """What the file has at the beginning: steps by number and whether undone, layers outside the tree, and the
        numbers of rows that could not be read."""
        for number, step, undone in rows:
            self._enter(number, step, undone)
        self._away = {layer.id: layer for layer in away}
        self._strange = set(strange)

    def forget_file(self) -> None:
        """The file is another one of which nobody knows what it has: everything is to be written anew."""
        self._strange |= set(self._entries)
        self._entries, self._numbers, self._away = {}, {}, {}

    def gather(self, batch: Batch, history: History, tree: LayerTree) -> None:
        """Everything by which the file's list differs from the history, into a batch."""
        wanted = self._wanted(history)
        steps = {id(step) for step, _ in wanted}
        gone = [number for number, entry in self._entries.items() if id(entry.step) not in steps]
        for number in gone:
            entry = self._entries.pop(number)
            del self._numbers[id(entry.step)]
            batch.steps[number] = None
            for edit in entry.edits:
                _hold(edit)
        batch.steps.update(dict.fromkeys(self._strange))
        self._strange.clear()
        changed = self._put(batch, wanted)
        if gone or changed:
            self._gather_away(batch, tree, changed)

    def _wanted(self, history: History) -> list[tuple[Step, bool]]:
        """The newest steps, oldest first, and whether each is undone; at least half of them can be undone."""
        done, undone = history.done, history.undone
        back = min(len(done), max(self.limit - len(undone), self.limit // 2))
        ahead = min(len(undone), self.limit - back)
        past = _storable(done[len(done) - step - 1] for step in range(back))
        future = _storable(undone[len(undone) - step - 1] for step in range(ahead))
        return [*((step, False) for step in reversed(past)), *((step, True) for step in future)]

    def _put(self, batch: Batch, wanted: list[tuple[Step, bool]]) -> list[Step]:
        """Writes new steps and other states; returns the steps that this is about."""
        changed: list[Step] = []
        numbers = self._numbered(wanted)
        for (step, _), number in zip(wanted, numbers, strict=True):
            old = self._numbers.get(id(step))
            if old is not None and old != number:
                del self._entries[old], self._numbers[id(step)]
                batch.steps[old] = None
        for (step, undone), number in zip(wanted, numbers, strict=True):
            entry = self._entries.get(number)
            if entry is not None and _same(entry.edits, step.edits):
                if entry.undone == undone:
                    continue
                batch.put_steps({number: undone})
            else:
                edits = tuple(copy(edit) for edit in step.edits)
                batch.put_steps({number: StepRow(step.name, undone, edits)})
            self._enter(number, step, undone)
            changed.append(step)
        return changed

    def _numbered(self, wanted: list[tuple[Step, bool]]) -> list[int]:
        """A number for every step, rising with time."""
        numbers: list[int | None] = [self._numbers.get(id(step)) for step, _ in wanted]
        first = next((place for place, number in enumerate(numbers) if number is not None), len(numbers))
        known = numbers[first] if first < len(numbers) else None
        last = 0 if known is None else known - (first + 1) * GAP
        found: list[int] = []
        for place, number in enumerate(numbers):
            if number is None or number <= last:
                after = next((one for one in numbers[place + 1 :] if one is not None), None) if place > first else None
                number = last + (GAP if after is None else 1)
            found.append(number)
            last = number
        return found

    def _enter(self, number: int, step: Step, undone: bool) -> None:
        self._entries[number] = _Entry(step, tuple(step.edits), undone, tuple(_placed(step.edits)))
        self._numbers[id(step)] = number

    # Layers outside the tree

    def _gather_away(self, batch: Batch, tree: LayerTree, changed: list[Step]) -> None:
        """Layers that left the tree, or came or changed with these steps while they were outside."""
        now = {layer.id: layer for layer in self._outside(tree)}
        placed = (layer for step in changed for layer in _placed(step.edits))
        tops = {id(top): top for layer in placed if (top := _top(layer)) is not tree.root}
        touched = {one.id for top in tops.values() for one in _with_all_inside(top)}
        for layer_id, layer in self._away.items():
            if layer_id not in now:
                batch.away[layer_id] = None
                if isinstance(layer, PaintLayer):
                    for ref in layer.surface.away().values():
                        ref.hold()
        for layer_id, layer in now.items():
            if layer_id not in self._away or layer_id in touched:
                batch.away[layer_id] = _as_away(layer)
        self._away = now

    def _outside(self, tree: LayerTree) -> Iterator[Layer]:
        """Every layer and mask that a step puts somewhere and that is not in the tree, with all inside."""
        seen: set[int] = {id(tree.root)}
        for layer in (layer for entry in self._entries.values() for layer in entry.placed):
            if isinstance(layer, LayerMask):
                if layer.owner.mask is not layer:
                    yield layer
                continue
            top = _top(layer)
            if id(top) not in seen:
                seen.add(id(top))
                yield from _with_all_inside(top)


def _storable(steps: Iterable[Step]) -> list[Step]:
    """Steps up to the first that is too much or has no form: what lies behind that one could not be reached."""
    found: list[Step] = []
    tiles = 0
    for step in steps:
        tiles += sum(len(edit.after) for edit in step.edits if isinstance(edit, TilesEdit))
        if not all(can_be_stored(edit) for edit in step.edits) or (found and tiles > MOST_TILES):
            break
        found.append(step)
    return found


def _same(left: tuple[Edit, ...], right: list[Edit]) -> bool:
    return len(left) == len(right) and all(one is other for one, other in zip(left, right, strict=True))


def _placed(edits: Iterable[Edit]) -> Iterator[Layer]:
    """What the edits put into the tree or take out of it."""
    for edit in edits:
        if isinstance(edit, PlaceEdit):
            yield edit.layer
        elif isinstance(edit, MaskEdit):
            yield from (mask for mask in (edit.before, edit.after) if mask is not None)


def _with_all_inside(layer: Layer) -> Iterator[Layer]:
    for one in (*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer):
        yield one
        if one.mask is not None:
            yield one.mask


def _top(layer: Layer) -> Layer:
    while layer.parent is not None:
        layer = layer.parent
    return layer


def _as_away(layer: Layer) -> AwayLayer:
    if isinstance(layer, LayerMask):
        parent, position = layer.owner.id, 0 if layer.owner.mask is layer else NOT_IN_USE
    else:
        group = layer.parent
        parent, position = ("", 0) if group is None else (group.id, group.children.index(layer))
    tiles: dict[TileKey, Held] = {}
    if isinstance(layer, PaintLayer):
        surface = layer.surface
        held = {key: surface.held(key) for key in surface.keys()}  # noqa: SIM118 - a set of its own
        tiles = {key: QImage(one) if isinstance(one, QImage) else one for key, one in held.items()}
    return AwayLayer(layer_row(layer, parent, position), tiles)


def _hold(edit: Edit) -> None:
    """The file forgets the step, the history may not: what it needs of the file stays there for it."""
    if isinstance(edit, TilesEdit):
        boxes = [*edit.before.values(), *edit.after.values()]
    elif isinstance(edit, SelectionEdit):
        boxes = [one.kept for one in (edit.before, edit.after) if isinstance(one, KeptSelection)]
    elif isinstance(edit, SavedSelectionsEdit):
        both = (*edit.before.values(), *edit.after.values())
        boxes = [one.kept for one in both if isinstance(one, KeptSelection)]
    else:
        return
    for box in boxes:
        if isinstance(box, Kept):
            box.hold()
