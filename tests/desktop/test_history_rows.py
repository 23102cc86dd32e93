"""How the history puts records in order: days, places, the tree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from desktop.panels.history_rows import Row, Shown, as_tree, by_place, by_time, day_title, overlap

SQUARE = Bounds(0, 0, 64, 64)
NOON = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)


def shown(
    name: str,
    parent: str = "",
    days: int = 0,
    bounds: Bounds = SQUARE,
    minutes: int = 0,
) -> Shown:
    created = (NOON - timedelta(days=days, minutes=minutes)).astimezone(UTC).isoformat()
    return Shown(GenerationRecord(name, parent, created, "inpaint", "finished", {}, bounds, {}))


def names(rows: list[Row]) -> list[str]:
    found = []
    for row in rows:
        if row.heading:
            found.append(row.title or "–")
        elif row.shown is not None:
            found.append(row.shown.record.id)
    return found


def test_days_have_headings_once() -> None:
    rows = by_time([shown("c"), shown("b"), shown("a", days=1), shown("z", days=40)])
    old = (NOON - timedelta(days=40)).date()
    assert names(rows) == ["Today", "c", "b", "Yesterday", "a", day_title(old), "z"]
    assert str(old.year) in day_title(old)


def test_a_page_goes_on_under_the_heading_of_its_day() -> None:
    assert names(by_time([shown("b", days=1), shown("a", days=2)], last=(NOON - timedelta(days=1)).date()))[0] == "b"


def test_regions_that_nearly_cover_each_other_are_one_place() -> None:
    left, moved, far = Bounds(0, 0, 100, 100), Bounds(6, -4, 100, 104), Bounds(300, 0, 100, 100)
    inside = Bounds(20, 20, 40, 40)
    assert overlap(left, moved) > 0.6 > overlap(left, inside)
    rows = by_place(
        [shown("d", bounds=moved), shown("c", bounds=far), shown("b", bounds=left), shown("a", bounds=inside)]
    )
    order = [row.shown.record.id for row in rows if row.shown and not row.heading]
    assert order == ["d", "b", "c", "a"]
    headings = [row for row in rows if row.heading]
    assert [row.title for row in headings] == ["100 × 104", "100 × 100", "40 × 40"]
    assert "2" in headings[0].detail


def test_places_of_very_large_and_negative_regions_are_found_again() -> None:
    place = Bounds(-5000, -7000, 3000, 200)
    rows = by_place([shown("b", bounds=place), shown("a", bounds=place.translated(40, 3))])
    assert sum(row.heading for row in rows) == 1


def test_the_newest_child_goes_on_and_older_ones_fork_off() -> None:
    """root -> a, b, c; a -> a1: the newest child c stays in the first column, under what forked off before it."""
    rows = as_tree(
        [shown("c", "root"), shown("a1", "a"), shown("b", "root"), shown("a", "root"), shown("root", minutes=9)]
    )
    assert names(rows) == ["root", "a", "a1", "b", "c"]
    branches = {row.shown.record.id: row.branch for row in rows if row.shown}
    assert [branches[n].column for n in ("root", "a", "a1", "b", "c")] == [0, 1, 1, 1, 0]
    assert branches["a"].forks
    assert branches["b"].forks
    assert not branches["c"].forks
    assert branches["c"].above
    assert branches["a1"].above
    assert not branches["root"].above
    assert branches["a1"].rails == {0}
    assert branches["c"].rails == frozenset()
    assert branches["root"].below
    assert not branches["c"].below


def test_what_grew_from_something_unseen_is_an_orphan_and_trees_stand_apart() -> None:
    rows = as_tree([shown("b", "gone"), shown("a")])
    assert names(rows) == ["b", "–", "a"]
    assert rows[0].branch.orphan
    assert not rows[2].branch.orphan


def test_a_chain_of_thousands_is_no_deeper_than_one() -> None:
    chain = [shown(f"r{n}", f"r{n - 1}" if n else "") for n in reversed(range(4000))]
    rows = as_tree(chain)
    assert len(rows) == 4000
    assert {row.branch.column for row in rows} == {0}
    assert rows[0].shown is not None
    assert rows[0].shown.record.id == "r0"
