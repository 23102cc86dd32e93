"""How logged generations are put in order for the history panel: by time, by place, or as a tree. No widgets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from canvas.generations import Annotation, Entry, GenerationRecord
from canvas.geometry import Bounds

SAME_PLACE = 0.6
"""Overlap by union from which two regions count as one place."""


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


@dataclass(frozen=True)
class Branch:
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


@dataclass(frozen=True)
class Row:
    """One line of the list: a heading or a record."""

    title: str = ""
    "Of a heading."
    detail: str = ""
    "Beside the title."
    shown: Shown | None = None
    "The record; under a heading the one whose picture stands for all."
    heading: bool = False
    branch: Branch = field(default_factory=Branch)


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


def by_time(shown: Sequence[Shown], last: date | None = None) -> list[Row]:
    """Newest first, a heading before each day; none for `last`, the day that already has one."""
    rows: list[Row] = []
    for one in shown:
        day = local_day(one.record)
        if day != last:
            rows.append(Row(day_title(day), heading=True))
            last = day
        rows.append(Row(shown=one))
    return rows


def by_place(shown: Sequence[Shown]) -> list[Row]:
    """Regions one after the other, the one worked on last first, each with its records, newest first."""
    places: list[list[Shown]] = []
    cells: dict[tuple[int, int, int], list[int]] = {}
    for one in shown:
        found = _place_of(one.record.bounds, places, cells)
        if found is None:
            cells.setdefault(_cell(one.record.bounds), []).append(len(places))
            places.append([one])
        else:
            places[found].append(one)
    rows: list[Row] = []
    for members in places:
        rows.append(_place_heading(members))
        rows.extend(Row(shown=one) for one in members)
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
    known = {one.record.id: one for one in shown}
    children: dict[str, list[Shown]] = {}
    roots: dict[str, None] = {}
    found: dict[str, str] = {}
    for one in shown:  # newest first: the first root met is that of the newest record
        roots.setdefault(_root(one, known, found))
        if one.record.parent_id in known:
            children.setdefault(one.record.parent_id, []).insert(0, one)
    rows: list[Row] = []
    for number, root_id in enumerate(roots):
        if number:
            rows.append(Row(heading=True))  # a little air between trees
        rows.extend(_tree_rows(known[root_id], children))
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


def _tree_rows(root: Shown, children: dict[str, list[Shown]]) -> Iterable[Row]:
    waiting = [(root, Branch(orphan=bool(root.record.parent_id)))]
    while waiting:
        one, branch = waiting.pop()
        grown = children.get(one.record.id, [])
        yield Row(shown=one, branch=Branch(**{**vars(branch), "below": bool(grown)}))
        if not grown:
            continue
        column, rails = branch.column, branch.rails
        waiting.append((grown[-1], Branch(column, above=True, rails=rails)))
        forks = Branch(column + 1, forks=True, rails=rails | {column})
        waiting.extend((child, forks) for child in reversed(grown[:-1]))
