"""A small document in a real view, offscreen."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from desktop.view.canvas_view import CanvasView

PAPER = QColor(247, 246, 243)


@pytest.fixture
def document() -> Document:
    return Document.new(Bounds(0, 0, 256, 256))


@pytest.fixture
def view(qtbot: QtBot, document: Document) -> Iterator[CanvasView]:
    compositor = Compositor(document, PAPER)
    shown = CanvasView(document, compositor)
    qtbot.addWidget(shown)
    shown.resize(480, 360)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.release_document()
    compositor.close()
