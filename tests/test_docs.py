"""The pages for people: links lead somewhere, keys and tables are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from canvas.project.schema import MAJOR, MINOR, NEW_IN_1_1, NEW_IN_1_2, TABLES
from canvas.project.step_codec import KINDS
from desktop.actions.table import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
MODIFIERS = r"(?<![+\w])(?:Ctrl\+(?:Alt\+)?(?:Shift\+)?|Alt\+)"
KEY = re.compile(
    MODIFIERS
    + r"(?:[A-Z0-9]\b|F\d+|Left\b|Right\b|Up\b|Down\b|Space|Tab\b|Enter\b|Backspace\b)|(?<![+\w])Shift\+[A-Z]\b"
)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_are_there(page):
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name} points to {target}"
        assert not anchor or anchor in anchors(there), f"{page.name} points to {target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_keys_are_those_of_the_program(page):
    known = {key for action in ACTIONS for key in (*action.keys, *action.canvas_keys)}
    known |= {key for action in ACTIONS for key in KEY.findall(action.tip)}  # those of text fields are told there
    written = {key.replace("Enter", "Return") for key in KEY.findall(page.read_text("utf-8"))}
    assert not written - known, f"{page.name} has keys that do nothing: {sorted(written - known)}"


def test_the_project_file_is_described_as_it_is():
    page = (ROOT / "docs" / "project-file.md").read_text("utf-8")
    assert f"File version: **{MAJOR}.{MINOR}**" in page
    tables = re.findall(r"CREATE TABLE (\w+)", TABLES + NEW_IN_1_1 + NEW_IN_1_2)
    assert not [table for table in tables if f"**{table}**" not in page]
    assert not [kind for kind in KINDS if f"`{kind}`" not in page]
