"""A part of a panel that scrolls where there is no room for it, and takes no more room than it needs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST = 64
"""Pixels in height: two rows, so that one sees that there is more."""


class Shrinking(QScrollArea):
    """Scrolls `inner`, is as high as that where there is room, and is seen while it is.

    `least` pixels of it are always seen, or all of it where it is lower.
    """

    turned = Signal(bool)
    """It will be seen from now on, or not; the room is still shared as before."""

    def __init__(self, inner: QWidget, parent: QWidget, least: int = LEAST) -> None:
        super().__init__(parent)
        self._inner, self._least = inner, least
        self.setObjectName(f"{inner.objectName()}Scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        hidden = inner.isHidden()
        self.setWidget(inner)
        inner.setHidden(hidden)
        inner.installEventFilter(self)
        self.setHidden(hidden)

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
        return super().eventFilter(watched, event)
