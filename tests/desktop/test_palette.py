"""The palette finds actions by either language and runs them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.actions.table import ACTIONS
from desktop.main_window import MainWindow
from desktop.palette import Entry, find, score
from desktop.program import Program
from tests.desktop.conftest import Scenario, until

ENTRIES = [Entry(spec, spec.text.replace("…", ""), spec.menu) for spec in ACTIONS]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("undo", "edit.undo"),
        ("lasso", "tool.lasso"),
        ("zi", "view.zoom-in"),
        ("new layer", "layer.add"),
        ("layer new", "layer.add"),
        ("feather", "select.feather"),
        ("view.100", "view.100"),
        ("outp", "generate.mode.outpaint"),
    ],
)
def test_the_best_answer_comes_first(query: str, first: str) -> None:
    assert find(ENTRIES, query)[0].spec.id == first


def test_nonsense_finds_nothing() -> None:
    assert find(ENTRIES, "xqzzy") == []


def test_an_empty_query_shows_everything() -> None:
    assert len(find(ENTRIES, " ")) == len(ACTIONS)


def test_better_hits_score_higher() -> None:
    hits = [score("brush", text) for text in ("Brush", "Brush Panel", "Larger Brush", "Underbrush", "b r u s h", "Pen")]
    assert hits == sorted(hits, reverse=True)
    assert hits[0] == 1.0
    assert hits[-1] == 0.0


def test_enter_runs_what_was_found(window: MainWindow) -> None:
    window.actions_by_id["palette.open"].trigger()
    QTest.keyClicks(window.palette_frame.field, "eraser")
    QTest.keyClick(window.palette_frame.field, Qt.Key.Key_Return)
    assert window.view.tool_id == "eraser"
    assert window.palette_frame.isHidden()


def test_escape_changes_nothing(window: MainWindow) -> None:
    window.actions_by_id["palette.open"].trigger()
    QTest.keyClicks(window.palette_frame.field, "eraser")
    QTest.keyClick(window.palette_frame.field, Qt.Key.Key_Escape)
    assert window.view.tool_id == "brush"
    assert window.palette_frame.isHidden()


def test_an_impossible_action_is_shown_but_does_not_run(window: MainWindow) -> None:
    window.actions_by_id["palette.open"].trigger()
    QTest.keyClicks(window.palette_frame.field, "deselect")
    QTest.keyClick(window.palette_frame.field, Qt.Key.Key_Return)
    assert not window.palette_frame.isHidden()


def test_both_languages_find_in_chinese(program: Program, window: MainWindow, run: Scenario) -> None:
    program.settings.update(language="zh_CN")
    run(until(lambda: window.actions_by_id["tool.eraser"].text() == "橡皮"))
    window.actions_by_id["palette.open"].trigger()
    for query in ("橡皮", "eraser"):
        window.palette_frame.field.setText(query)
        index = window.palette_frame.model.index(0, 0)
        assert index.data(Qt.ItemDataRole.DisplayRole) == "橡皮"
