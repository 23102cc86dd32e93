"""Prompt regions are part of the document: undone, redone, kept in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.markings import MARKINGS, REGIONS
from canvas.project.project import Project
from canvas.prompt_regions import COLOURS, PromptRegion, free_colour, regions_from_json, regions_to_json
from canvas.selection import Selection

TWO = (PromptRegion("sky", "night, 月", 3), PromptRegion("sea", "", 0, on=False))


@pytest.fixture
def document() -> Document:
    return Document.new(Bounds(0, 0, 64, 64))


def test_json_there_and_back() -> None:
    assert regions_from_json(regions_to_json(TWO)) == TWO
    assert regions_from_json([]) == ()


@pytest.mark.parametrize(
    "change",
    [{"selection": 1}, {"prompt": None}, {"colour": COLOURS}, {"colour": True}, {"on": 1}, {"prompt": "x" * 30_000}],
)
def test_damaged_rows_are_refused(change: dict[str, Any]) -> None:
    row = regions_to_json(TWO)[0]
    with pytest.raises(CanvasError, match="prompt regions"):
        regions_from_json([{**row, **change}])


def test_what_is_no_list_is_refused() -> None:
    for data in (None, {}, "regions", [[]], [None]):
        with pytest.raises(CanvasError, match="prompt regions"):
            regions_from_json(data)


def test_colours_are_told_apart_as_long_as_possible() -> None:
    regions: list[PromptRegion] = []
    for number in range(COLOURS + 1):
        regions.append(PromptRegion(str(number), colour=free_colour(regions)))
    assert len({region.colour for region in regions[:COLOURS]}) == COLOURS
    assert regions[COLOURS].colour == regions[0].colour


def test_its_place_is_a_saved_selection(document: Document) -> None:
    region = PromptRegion("sky")
    assert region.place(document.saved_selections) is None
    document.save_selection("sky", Selection.none())
    assert region.place(document.saved_selections) is None
    sky = Selection.rectangle(Bounds(0, 0, 9, 9))
    document.save_selection("sky", sky)
    assert region.place(document.saved_selections) is sky


def test_typing_in_one_field_is_one_step(document: Document) -> None:
    heard: list[DocumentChange] = []
    document.changed.connect(heard.append)
    for field in ("first", "second"):
        for words in ("n", "ni", "night"):
            document.set_marking(REGIONS, (PromptRegion("sky", field + words),), f"words {field}")
    assert document.history.names == ("Regions", "Regions")
    assert [change.kind for change in heard].count(ChangeKind.REGIONS) == 6
    document.undo()
    assert document.prompt_regions[0].prompt == "firstnight"
    document.undo()
    assert document.prompt_regions == ()
    document.redo()
    assert document.prompt_regions[0].prompt == "firstnight"
    document.set_marking(REGIONS, document.prompt_regions)
    assert document.history.can_redo, "nothing was changed"
    document.set_marking(REGIONS, ())
    assert document.history.undo_name == "Remove regions"


def test_they_are_in_the_file(document: Document, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "a.scroll", document)
    document.set_marking(REGIONS, TWO)
    project.close()
    project = Project.open(tmp_path / "a.scroll")
    assert project.document.prompt_regions == TWO
    project.document.undo()
    assert project.document.prompt_regions == ()
    project.close()


def test_a_file_that_says_more_than_this_version_knows_opens_without_them(document: Document, tmp_path: Path) -> None:
    import sqlite3

    document.set_marking(REGIONS, TWO)
    Project.create(tmp_path / "a.scroll", document).close()
    with sqlite3.connect(tmp_path / "a.scroll") as connection:
        for marking in MARKINGS:
            connection.execute("UPDATE meta SET value = '[5]' WHERE key = ?", (str(marking.change),))
    connection.close()
    project = Project.open(tmp_path / "a.scroll")
    assert (project.document.prompt_regions, project.document.guides, project.document.route) == ((), (), None)
    project.close()
