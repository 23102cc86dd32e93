"""How logged generations are put in order for the history panel: by time, by place, or as a tree. No widgets."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from canvas.generations import Annotation, Entry, GenerationRecord
from canvas.geometry import Bounds

SAME_PLACE = 0.6
"""Overlap by union from which two regions count as one place."""


PIECE = 64
"""Records that are put in order at a time."""
_Last = TypeVar("_Last")
Slices = Generator[None, None, _Last]
"""Work that stops for a breath now and then, and has a result in the end."""


def whole(work: Slices[_Last]) -> _Last:
    """All of the work at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


class Grouping(StrEnum):
    """What stands together."""

    TIME = "time"
    PLACE = "place"
    TREE = "tree"


@dataclass(frozen=True)
class Shown:
    """A record and what is said of it at the moment."""

    record: GenerationRecord
    annotation: Annotation = field(default_factory=Annotation)
    kept: tuple[int, ...] = ()
    "Candidates that became layers."

    @property
    def entry(self) -> Entry:
        """In the form that a query is asked about."""
        return Entry(self.record, self.annotation, dict.fromkeys(self.kept, "kept"))


class Branch(NamedTuple):
    """Where a record stands in the tree, and which lines its row draws."""

    column: int = 0
    above: bool = False
    "Whether it grew from the record over it in its own column."
    forks: bool = False
    "Whether it grew from one in the column before."
    below: bool = False
    "Whether something grew from it."
    rails: frozenset[int] = frozenset()
    "Columns of other branches that pass by."
    orphan: bool = False
    "Whether it grew from a record that is not shown."


class Row(NamedTuple):
    """One line of the list: a heading or a record."""

    title: str = ""
    "Of a heading."
    detail: str = ""
    "Beside the title."
    shown: Shown | None = None
    "The record; under a heading the one whose picture stands for all."
    heading: bool = False
    branch: Branch = Branch()


def local_day(record: GenerationRecord) -> date:
    """The day on this computer's calendar."""
    return datetime.fromisoformat(record.created).astimezone().date()


def local_time(created: str) -> str:
    """A record's time of day on this computer's clock."""
    return datetime.fromisoformat(created).astimezone().strftime("%H:%M")


def day_title(day: date) -> str:
    """Today, Yesterday, or the date as people of this language write it."""
    age = (datetime.now().astimezone().date() - day).days
    if age == 0:
        return QCoreApplication.translate("HistoryPanel", "Today")
    if age == 1:
        return QCoreApplication.translate("HistoryPanel", "Yesterday")
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)


def in_order(shown: Sequence[Shown], grouping: Grouping) -> Slices[list[Row]]:
    """The rows of these records, newest first, in pieces of work."""
    ways: dict[Grouping, Callable[[Sequence[Shown]], Slices[list[Row]]]] = {
        Grouping.TIME: _by_time, Grouping.PLACE: _by_place, Grouping.TREE: _as_tree,
    }  # fmt: skip
    return ways[grouping](shown)


def by_time(shown: Sequence[Shown], last: date | None = None) -> list[Row]:
    """Newest first, a heading before each day; none for `last`, the day that already has one."""
    return whole(_by_time(shown, last))


def _by_time(shown: Sequence[Shown], last: date | None = None) -> Slices[list[Row]]:
    rows: list[Row] = []
    for number, one in enumerate(shown):
        day = local_day(one.record)
        if day != last:
            rows.append(Row(day_title(day), heading=True))
            last = day
        rows.append(Row(shown=one))
        if number % PIECE == PIECE - 1:
            yield
    return rows


def by_place(shown: Sequence[Shown]) -> list[Row]:
    """Regions one after the other, the one worked on last first, each with its records, newest first."""
    return whole(_by_place(shown))


def _by_place(shown: Sequence[Shown]) -> Slices[list[Row]]:
    places: list[list[Shown]] = []
    cells: dict[tuple[int, int, int], list[int]] = {}
    known: dict[Bounds, int] = {}
    for number, one in enumerate(shown):
        bounds = one.record.bounds
        found = known.get(bounds)
        if found is None:
            found = _place_of(bounds, places, cells)
        if found is None:
            found = len(places)
            cells.setdefault(_cell(bounds), []).append(found)
            places.append([])
        known[bounds] = found
        places[found].append(one)
        if number % PIECE == PIECE - 1:
            yield
    rows: list[Row] = []
    for members in places:
        rows.append(_place_heading(members))
        for number, one in enumerate(members):
            rows.append(Row(shown=one))
            if number % PIECE == PIECE - 1:
                yield
        yield
    return rows


def _place_heading(members: Sequence[Shown]) -> Row:
    candidates = [one for one in members if one.record.thumbnail]
    face = next((one for one in candidates if one.kept), candidates[0] if candidates else members[0])
    b = members[0].record.bounds
    detail = QCoreApplication.translate("HistoryPanel", "at {x}, {y} · {count}")
    return Row(f"{b.width} × {b.height}", detail.format(x=b.x, y=b.y, count=len(members)), shown=face, heading=True)


def _cell(bounds: Bounds) -> tuple[int, int, int]:
    """A coarse address: size class and position; places that overlap enough have neighbouring ones."""
    level = round(math.log2(max(bounds.width * bounds.height, 1)) / 2)
    side = 2 ** max(level, 1)
    center = bounds.center
    return level, math.floor(center.x / side), math.floor(center.y / side)


def _place_of(
    bounds: Bounds, places: Sequence[Sequence[Shown]], cells: dict[tuple[int, int, int], list[int]]
) -> int | None:
    level, column, row = _cell(bounds)
    center = bounds.center
    for size in (level - 1, level, level + 1):
        side = 2 ** max(size, 1)
        column, row = math.floor(center.x / side), math.floor(center.y / side)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                for number in cells.get((size, x, y), ()):
                    if overlap(bounds, places[number][0].record.bounds) >= SAME_PLACE:
                        return number
    return None


def overlap(first: Bounds, second: Bounds) -> float:
    """Area in both by area in either, 0..1."""
    both = first.intersected(second)
    shared = both.width * both.height
    area = first.width * first.height + second.width * second.height - shared
    return shared / area if area > 0 else 1.0


def as_tree(shown: Sequence[Shown]) -> list[Row]:
    """Every record under the one it grew from; the tree with the newest record first.

    The newest child goes on in its parent's column, so that long histories stay narrow; older ones fork off.
    """
    return whole(_as_tree(shown))


def _as_tree(shown: Sequence[Shown]) -> Slices[list[Row]]:
    known = {one.record.id: one for one in shown}
    yield
    children: dict[str, list[Shown]] = {}
    roots: dict[str, None] = {}
    found: dict[str, str] = {}
    for number, one in enumerate(shown):  # newest first: the first root met is that of the newest record
        roots.setdefault(_root(one, known, found))
        if one.record.parent_id in known:
            children.setdefault(one.record.parent_id, []).append(one)
        if number % PIECE == PIECE - 1:
            yield
    rows: list[Row] = []
    for number, root_id in enumerate(roots):
        if number:
            rows.append(Row(heading=True))  # a little air between trees
        yield from _add_tree(rows, known[root_id], children)
    return rows


def _root(one: Shown, known: dict[str, Shown], roots: dict[str, str]) -> str:
    """The id of the first record of this one's tree; `roots` remembers what was found."""
    way: list[str] = []
    here = one.record
    while here.id not in roots and here.parent_id in known:
        way.append(here.id)
        here = known[here.parent_id].record
    root = roots.get(here.id, here.id)
    roots.update(dict.fromkeys([*way, here.id], root))
    return root


def _add_tree(rows: list[Row], root: Shown, children: dict[str, list[Shown]]) -> Slices[None]:
    waiting = [(root, Branch(orphan=bool(root.record.parent_id)))]
    while waiting:
        one, branch = waiting.pop()
        grown = children.get(one.record.id, ())  # newest first
        column, above, forks, _, rails, orphan = branch
        rows.append(Row(shown=one, branch=Branch(column, above, forks, bool(grown), rails, orphan)))
        if grown:
            waiting.append((grown[0], Branch(column, above=True, rails=rails)))
        if len(grown) > 1:
            fork = Branch(column + 1, forks=True, rails=rails | {column})
            waiting.extend((child, fork) for child in grown[1:])
        if len(rows) % PIECE == 0:
            yield
