"""The picture that an export will write, small, on a chequered ground where it is transparent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from canvas.pixels import from_rgba

SIDE = 280
SQUARE = 8
ROUND = 6


class ExportPreview(QWidget):
    """Shows one small picture in its middle; a word where there is none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreview")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._word = ""

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        """The same square."""
        return self.sizeHint()

    @property
    def pixels(self) -> int:
        """How many pixels a side its picture should have."""
        return round((SIDE - 16) * self.devicePixelRatioF())

    def show_picture(self, rgba: NDArray[np.uint8]) -> None:
        """A picture of (h, w, 4) straight RGBA."""
        self._image, self._word = from_rgba(rgba), ""
        self.update()

    def show_word(self, word: str) -> None:
        """A word instead of a picture."""
        self._image, self._word = None, word
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws ground, chequers and picture."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = QPainterPath()
            ground.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
            painter.fillPath(ground, self.palette().color(QPalette.ColorRole.Base))
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawPath(ground)
            if self._image is None:
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect().adjusted(20, 20, -20, -20), flags, self._word)
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            place = self._place(self._image.size())
            _paint_chequers(painter, place)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)

    def _place(self, size: QSize) -> QRect:
        room = self.rect().adjusted(8, 8, -8, -8)
        ratio = self.devicePixelRatioF()
        wanted = QSize(max(1, round(size.width() / ratio)), max(1, round(size.height() / ratio)))
        if wanted.width() > room.width() or wanted.height() > room.height():
            wanted.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        corner = room.center() - QPoint(wanted.width() // 2, wanted.height() // 2)
        return QRect(corner, wanted)


def _paint_chequers(painter: QPainter, place: QRect) -> None:
    painter.save()
    painter.setClipRect(place)
    painter.fillRect(place, QColor("#ffffff"))
    for top in range(place.top(), place.bottom() + 1, SQUARE):
        for left in range(place.left(), place.right() + 1, SQUARE):
            if ((left - place.left()) // SQUARE + (top - place.top()) // SQUARE) % 2:
                painter.fillRect(left, top, SQUARE, SQUARE, QColor("#d9d9d9"))
    painter.restore()
