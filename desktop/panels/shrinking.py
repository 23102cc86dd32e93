"""A part of a panel that scrolls where there is no room for it, and takes no more room than it needs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_LEAST = 64
"""Pixels in height: two rows, so that one sees that there is more."""


class Shrinking(QScrollArea):
    """Scrolls `inner`, is as high as that where there is room, and is seen while it is."""

    def __init__(self, inner: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._inner = inner
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
        """As large as what is inside."""
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Two rows."""
        inner = self._inner
        return QSize(inner.minimumSizeHint().width(), min(_LEAST, inner.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows what is inside: its size, and whether it is shown."""
        inner = getattr(self, "_inner", None)  # Qt asks before the beginning and after the end
        if inner is not None and watched is inner:
            if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
                self.setHidden(inner.isHidden())
            elif event.type() == QEvent.Type.LayoutRequest:
                self.updateGeometry()
        return super().eventFilter(watched, event)
