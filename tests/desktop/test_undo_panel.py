"""The list of steps: what it shows, where a click goes, and forgetting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds, Point
from canvas.layers import PaintLayer
from desktop.panels.undo_panel import UndoPanel
from desktop.step_names import STEPS, step_text
from desktop.view.canvas_view import CanvasView
from tests.canvas.naive import noise

ROOT = Path(__file__).resolve().parents[2]
Painting = tuple[Document, UndoPanel]


@pytest.fixture
def painting(qapp: QApplication) -> Iterator[Painting]:
    document = Document.new(Bounds(0, 0, 512, 512))
    compositor = Compositor(document, QColor("white"))
    view = CanvasView(document, compositor)
    panel = UndoPanel(view)
    panel.resize(300, 400)
    panel.show()
    yield document, panel
    panel.release_document()
    view.release_document()
    compositor.close()
    panel.close()
    view.close()


def layer_of(document: Document) -> PaintLayer:
    return next(document.tree.paint_layers())


def paint(document: Document, steps: int) -> None:
    for n in range(steps):
        document.set_layer(layer_of(document), offset=Point(n + 1, 0))
    QTest.qWait(1)


def texts(panel: UndoPanel) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def arrive(panel: UndoPanel) -> None:
    for _ in range(2000):
        QTest.qWait(1)
        if not panel.travels:
            break
    assert not panel.travels
    QTest.qWait(2)


def test_it_lists_steps_and_shows_where_the_painting_is(painting: Painting) -> None:
    document, panel = painting
    assert texts(panel) == ["Beginning"]
    document.put_image(layer_of(document), 0, 0, noise(40, 40, 1))
    document.set_layer(layer_of(document), opacity=0.5)
    document.undo()
    QTest.qWait(2)
    assert texts(panel) == ["Beginning", "Put image", "Layer opacity"]
    assert panel.list.currentIndex().row() == 1
    assert panel.model.index(1).data(Qt.ItemDataRole.FontRole).bold()
    assert panel.model.index(2).data(Qt.ItemDataRole.ForegroundRole) is not None
    assert panel.model.index(1).data(Qt.ItemDataRole.ForegroundRole) is None
    assert not panel.model.index(1).data(Qt.ItemDataRole.DecorationRole).isNull()
    document.set_layer(layer_of(document), name="x")
    QTest.qWait(2)
    assert texts(panel) == ["Beginning", "Put image", "Rename layer"]


def test_a_click_goes_there_and_back(painting: Painting) -> None:
    document, panel = painting
    paint(document, 60)
    QTest.qWait(2)
    for row, x in ((10, 10), (0, 0), (60, 60), (59, 59)):
        index = panel.model.index(row)
        panel.list.scrollTo(index)
        QTest.mouseClick(
            panel.list.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            panel.list.visualRect(index).center(),
        )
        arrive(panel)
        assert layer_of(document).offset.x == x
        assert panel.model.present == row
        assert panel.list.currentIndex().row() == row
    assert panel.progress.isHidden()


def test_painting_on_ends_a_journey(painting: Painting) -> None:
    document, panel = painting
    paint(document, 3000)
    panel.go_to(0)
    assert panel.travels
    assert panel.progress.isVisible()
    document.set_layer(layer_of(document), name="here")
    QTest.qWait(3)
    assert not panel.travels
    assert document.history.undo_name == "Rename layer"
    assert document.history.steps_done > 1


def test_escape_stops_a_journey_where_it_is(painting: Painting) -> None:
    document, panel = painting
    paint(document, 3000)
    panel.go_to(0)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    QTest.qWait(3)
    assert not panel.travels
    assert 0 < document.history.steps_done < 3000
    assert panel.model.present == document.history.steps_done


def test_forgetting_asks_first(painting: Painting) -> None:
    document, panel = painting
    document.put_image(layer_of(document), 0, 0, noise(300, 300, 1))
    document.put_image(layer_of(document), 0, 0, noise(300, 300, 2))
    QTest.qWait(2)
    assert panel.memory.text() == "1.0 MB in memory"
    panel.forget.click()
    assert panel.question.isVisible()
    panel.no.click()
    assert not panel.question.isVisible()
    assert document.history.can_undo
    panel.forget.click()
    panel.yes.click()
    QTest.qWait(2)
    assert not document.history.can_undo
    assert texts(panel) == ["Beginning"]
    assert not panel.forget.isEnabled()
    assert panel.memory.text().startswith("0.0 MB")


def test_names_that_are_not_in_the_table_are_shown_as_they_are(painting: Painting) -> None:
    document, panel = painting
    with document.transaction("Etwas Eigenes"):
        document.set_frame(Bounds(0, 0, 9, 9))
    QTest.qWait(2)
    assert texts(panel) == ["Beginning", "Etwas Eigenes"]
    assert step_text("Put image") == "Put image"


def test_every_name_that_the_canvas_gives_is_in_the_table() -> None:
    """The canvas cannot translate: its names are English constants, and all of them must be known here."""
    found: set[str] = set()
    for path in (ROOT / "canvas").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                names = _texts(node.args[0]) if node.func.attr in ("transaction", "_do") else []
            elif isinstance(node, ast.FunctionDef) and node.name in ("step_name", "annotation_step"):
                names = _texts(node)
            found |= {name for name in names if name[:1].isupper() and not name.endswith(".")}
    assert len(found) > 30
    assert found - set(STEPS) == set()


def _texts(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
