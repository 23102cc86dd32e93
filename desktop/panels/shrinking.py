"""Parts of a panel that scroll where there is no room for them, and are never cut in the middle of a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QWidget

from desktop.naming import named

LEAST = 64
"""Pixels in height: two rows, so that one sees that there is more."""


MOST_BLANK = 72
"""Pixels in height that may stay blank below the last whole row; a row that is higher than this is cut."""


class RowScroll(QScrollArea):
    """Scrolls a panel; where it ends in the middle of a row, it ends before that row instead."""

    def __init__(self, panel: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settle = named(QTimer(self), "rowScrollTimer", interval=0, singleShot=True)
        self._settle.timeout.connect(self.end_between_rows)
        self.setWidget(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows fit."""
        super().resizeEvent(event)
        self._settle.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the rows; a scroll area watches its widget by itself."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            settle = getattr(self, "_settle", None)  # Qt asks before the beginning and after the end
            if settle is not None:
                settle.start()
        return super().eventFilter(watched, event)

    def end_between_rows(self) -> None:
        """Leaves blank what would be a part of a row, as long as nothing is scrolled."""
        panel, room = self.widget(), self.contentsRect().height()
        layout = panel.layout() if panel is not None else None
        end = room
        if panel is not None and layout is not None and min(panel.height(), panel.minimumSizeHint().height()) > room:
            end = last_whole_row(list(_rows(layout, 0)), room)
        blank = room - end if room - end <= MOST_BLANK else 0
        if self.viewportMargins().bottom() != blank:
            self.setViewportMargins(0, 0, 0, blank)


def last_whole_row(rows: Sequence[tuple[int, int]], room: int) -> int:
    """Where the last of the rows (top, bottom) that is wholly within `room` ends; `room` where none is."""
    ends = [bottom for _, bottom in rows if bottom <= room and not any(top < bottom < end for top, end in rows)]
    return max(ends, default=room)


def _rows(layout: QLayout, down: int) -> Iterator[tuple[int, int]]:
    """Top and bottom of everything that stands below each other, in pixels of the outermost widget."""
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None or item.isEmpty():
            continue
        place, inner, offset = item.geometry(), item.layout(), down
        widget = item.widget()
        if widget is not None:
            inner, offset = widget.layout(), down + place.top()
        if inner is not None and not isinstance(inner, QHBoxLayout) and inner.count():
            yield from _rows(inner, offset)
        elif place.height() > 0:
            yield down + place.top(), down + place.top() + place.height()


class Shrinking(RowScroll):
    """Scrolls `inner`, is as high as that where there is room, and is seen while it is.

    `least` pixels of it are always seen, or all of it where it is lower.
    """

    turned = Signal(bool)
    """It will be seen from now on, or not; the room is still shared as before."""
    asked = Signal()
    """It may want another height than before."""

    def __init__(self, inner: QWidget, parent: QWidget, least: int = LEAST) -> None:
        self._inner, self._least = inner, least
        hidden = inner.isHidden()
        super().__init__(inner, parent)
        inner.setHidden(hidden)
        self.setObjectName(f"{inner.objectName()}Scroll")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inner.installEventFilter(self)
        self.setHidden(hidden)

    @property
    def least_height(self) -> int:
        """Pixels below which it scrolls."""
        return self._inner.minimumSizeHint().height()

    def sizeHint(self) -> QSize:
        """As large as what is inside; where its sentences are wrapped, as high as they are in this width."""
        inner = self._inner
        wanted = inner.sizeHint()
        if inner.hasHeightForWidth() and self.isVisible():
            width = max(self.width(), inner.minimumSizeHint().width())
            wanted.setHeight(inner.heightForWidth(width))
        return wanted

    def minimumSizeHint(self) -> QSize:
        """What is always seen."""
        return QSize(self._inner.minimumSizeHint().width(), min(self._least, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may want another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._inner.hasHeightForWidth():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows what is inside: its size, and whether it is shown."""
        inner = getattr(self, "_inner", None)  # Qt asks before the beginning and after the end
        if inner is not None and watched is inner:
            if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
                self.turned.emit(not inner.isHidden())
                self.setHidden(inner.isHidden())
            elif event.type() == QEvent.Type.LayoutRequest:
                self.updateGeometry()
                self.asked.emit()
        return super().eventFilter(watched, event)
