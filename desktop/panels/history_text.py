"""The words in the rows of the history: broken into lines and cut off once, then only drawn."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextLayout, QTextOption

KEPT = 1000
LONGEST = 400
"""Letters that are looked at: more never fit into two lines."""


class Words:
    """Texts in at most so many lines of a width, as they were broken last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, float, int, str], tuple[str, ...]] = OrderedDict()

    def lines(self, painter: QPainter, width: float, text: str, most: int) -> int:
        """How many lines a text needs, at least one."""
        return max(len(self._broken(painter, width, text, most)), 1)

    def draw(self, painter: QPainter, box: QRectF, text: str, lines: int) -> float:
        """Text in at most so many lines, the last one cut off with dots; returns the height it took."""
        height = painter.fontMetrics().height()
        y = box.top()
        for line in self._broken(painter, box.width(), text, lines):
            place = QRectF(box.left(), y, box.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
            y += height
        return y - box.top()

    def _broken(self, painter: QPainter, width: float, text: str, most: int) -> tuple[str, ...]:
        font = painter.font()
        key = text[:LONGEST], width, most, font.key()
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _broken(painter, width, text[:LONGEST], most)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def _broken(painter: QPainter, width: float, text: str, most: int) -> tuple[str, ...]:
    metrics = QFontMetricsF(painter.font())
    if most == 1 or (len(text) < width and "\n" not in text and metrics.horizontalAdvance(text) <= width):
        line = text.replace("\n", " ").strip()
        return (metrics.elidedText(line, Qt.TextElideMode.ElideRight, width),)
    layout = QTextLayout(text, painter.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        last = len(lines) == most - 1
        words = text[start:] if last else text[start : start + line.textLength()]
        lines.append(metrics.elidedText(words.replace("\n", " ").strip(), Qt.TextElideMode.ElideRight, width))
    layout.endLayout()
    return tuple(lines)
