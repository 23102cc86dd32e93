"""The tips as pictures to choose from."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QToolButton, QWidget

from canvas.tips import TIPS, tip_coverage
from desktop.i18n import mark
from desktop.naming import named

COLUMNS = 5
PICTURE = 30
NAMES = {
    "round": mark("BrushPanel", "Round"),
    "square": mark("BrushPanel", "Square"),
    "flat": mark("BrushPanel", "Flat"),
    "chalk": mark("BrushPanel", "Chalk"),
    "charcoal": mark("BrushPanel", "Charcoal"),
    "bristle": mark("BrushPanel", "Bristles"),
    "splatter": mark("BrushPanel", "Splatter"),
    "leaf": mark("BrushPanel", "Leaf"),
    "star": mark("BrushPanel", "Star"),
}


class TipChooser(QWidget):
    """One button for each tip; their pictures are drawn one by one, when they are first seen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tipChooser")
        self.buttons: dict[str, QToolButton] = {}
        self._waiting: list[str] = []
        self._drawn: Future[object] | None = None
        self._threads = ThreadPoolExecutor(1, "brush-tips")
        self._timer = named(QTimer(self), "timer", interval=3)
        self._timer.timeout.connect(self._draw_one)
        group = QButtonGroup(self)
        group.setObjectName("tipGroup")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for index, name in enumerate(TIPS):
            button = named(QToolButton(self), f"tip-{name}", checkable=True)
            button.setAutoRaise(True)
            button.setIconSize(QSize(PICTURE, PICTURE))
            button.clicked.connect(lambda _=False, tip=name: self.chosen.emit(tip))
            group.addButton(button)
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
            self.buttons[name] = button
        grid.setColumnStretch(COLUMNS, 1)

    def show_tip(self, name: str) -> None:
        """Mark this one."""
        self.buttons[name].setChecked(True)

    def set_names(self, names: dict[str, str]) -> None:
        """Translated names by tip."""
        for name, button in self.buttons.items():
            button.setToolTip(names.get(name, name))
            button.setAccessibleName(names.get(name, name))

    def draw(self) -> None:
        """Draw all pictures in the palette's ink, one in each turn of the event loop."""
        self._waiting, self._drawn = list(self.buttons), None
        self._timer.start()

    def _draw_one(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        if self._drawn is None:
            self._drawn = self._threads.submit(tip_coverage, self._waiting[0], 64)
        if not self._drawn.done():
            return
        name, self._drawn = self._waiting.pop(0), None
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(tip_picture(name, round(PICTURE * ratio), self.palette().text().color()))
        pixmap.setDevicePixelRatio(ratio)
        self.buttons[name].setIcon(QIcon(pixmap))


def tip_picture(name: str, side: int, ink: QColor) -> QImage:
    """(side, side) premultiplied: the tip's coverage in this colour."""
    covered = tip_coverage(name, 64)
    pixels = np.empty((64, 64, 4), np.float32)
    for channel, part in enumerate((ink.blue(), ink.green(), ink.red(), 255)):
        pixels[..., channel] = covered * part
    made = QImage(np.rint(pixels).astype(np.uint8).tobytes(), 64, 64, 256, QImage.Format.Format_ARGB32_Premultiplied)
    return made.scaled(
        side, side, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).copy()
