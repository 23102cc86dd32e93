"""A flow of small buttons, each for a word or a model; the buttons are kept and told other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.naming import named
from desktop.panels.flow_layout import FlowLayout

WIDEST = 250
"""Logical pixels of a button's words."""


class Chips(QWidget):
    """Tells by `chosen` which value was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._flow = FlowLayout(self, spacing=4)
        self._buttons: list[QPushButton] = []
        self._values: list[str] = []

    def fill(self, rows: Sequence[tuple[str, str, str]]) -> Iterator[None]:
        """One button for each (value, words, tip), in steps; all of them come into sight with the last."""
        while len(self._buttons) < len(rows):
            self._buttons.append(self._button(len(self._buttons)))
            yield
        for button, (_, words, tip) in zip(self._buttons, rows, strict=False):
            shown = button.fontMetrics().elidedText(words.replace("&", "&&"), Qt.TextElideMode.ElideRight, WIDEST)
            button.setText(shown)
            button.setToolTip(tip if words in tip else f"{words}\n{tip}")
        yield
        self._values = [value for value, _, _ in rows]
        self._flow.setEnabled(False)  # else all of them are placed anew for each that comes or goes
        for button in self._buttons[self._flow.count() :]:
            self._flow.addWidget(button)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(rows))
        self._flow.setEnabled(True)
        self._flow.invalidate()
        self.updateGeometry()
        yield

    def _button(self, place: int) -> QPushButton:
        button = named(QPushButton(self), f"{self.objectName()}-{place}", chip=True, autoDefault=False, visible=False)
        button.ensurePolished()
        button.clicked.connect(lambda: self.chosen.emit(self._values[place]))
        return button
