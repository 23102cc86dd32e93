"""The small card over the canvas that shows how far longer work is, and stops it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from desktop.naming import named

PATIENCE = 0.5
WIDTH, GAP = 300, 16
T = TypeVar("T")


class ProgressCard(QFrame):
    """Appears when work takes longer than half a second; Esc or its button asks to stop. Gone with `finish`."""

    stopped = Signal()
    """The person wants no more of it."""

    def __init__(self, host: QWidget, title: str) -> None:
        super().__init__(host)
        self.setObjectName("progressCard")
        self._host = host
        self._began = time.monotonic()
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = named(QLabel(title, self), "progressTitle")
        self.bar = named(QProgressBar(self), "progressBar", textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedHeight(6)
        self.stop_button = named(QToolButton(self), "progressStop", autoRaise=True)
        self.stop_button.setText("✕")
        self.stop_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stop_button.clicked.connect(self.stopped)
        top, rows = QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.title, 1)
        top.addWidget(self.stop_button)
        rows.setContentsMargins(14, 8, 8, 14)
        rows.addLayout(top)
        rows.addWidget(self.bar)
        self.retranslate()
        self.hide()
        self._late = named(QTimer(self), "progressLate", interval=round(PATIENCE * 1000), singleShot=True)
        self._late.timeout.connect(self._appear)
        self._late.start()

    def advance(self, part: float) -> None:
        """How much is done, 0 to 1."""
        self.bar.setValue(round(part * 1000))
        if self.isHidden() and time.monotonic() - self._began > PATIENCE:
            self._appear()

    def _appear(self) -> None:
        self._late.stop()
        self.setFixedWidth(WIDTH)
        self.adjustSize()
        self.move((self._host.width() - self.width()) // 2, self._host.height() - self.height() - GAP * 3)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def finish(self) -> None:
        """Go, and give the keyboard back to the canvas."""
        self._late.stop()
        if self.hasFocus():
            self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        """Esc is ours before it is anyone's shortcut."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops."""
        if event.key() == Qt.Key.Key_Escape:
            self.stopped.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.stop_button.setToolTip(self.tr("Stop (Esc)"))


async def with_card(
    host: QWidget, title: str, work: Callable[[Callable[[float], None]], Coroutine[Any, Any, T]]
) -> T | None:
    """What some work gives that tells how far it is, with a card over `host`; None when the person stopped it."""
    card = ProgressCard(host, title)
    task = asyncio.ensure_future(work(card.advance))
    card.stopped.connect(task.cancel)
    try:
        await asyncio.wait([task])
        return None if task.cancelled() else task.result()
    finally:
        task.cancel()
        card.finish()
