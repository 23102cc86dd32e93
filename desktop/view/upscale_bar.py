"""The bar of an enlargement that is being made: how far it is, and cancel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton

from desktop.generation.upscaling import UpscaleRun
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating

GAP = 12
BAR_WIDTH = 160
PATIENCE_MS = 400
"""Shorter work shows no bar."""


class UpscaleBar(QFrame):
    """At the upper edge of the canvas while something is made larger. Painting goes on under it."""

    def __init__(self, view: CanvasView, run: UpscaleRun) -> None:
        super().__init__(view)
        self.setObjectName("upscaleBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._view, self._run = view, run
        self.status = named(QLabel(self), "upscaleStatus")
        self.progress = named(QProgressBar(self), "upscaleProgress", textVisible=False)
        self.progress.setRange(0, 1000)
        self.progress.setFixedSize(BAR_WIDTH, 6)
        self.cancel = named(QToolButton(self), "upscaleCancel")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        for widget in (self.status, self.progress, self.cancel):
            layout.addWidget(widget)
        self._late = named(QTimer(self), "upscaleLate", interval=PATIENCE_MS, singleShot=True)
        self._late.timeout.connect(self._appear)
        run.changed.connect(self._refresh)
        floating(view).add(self, Rank.EDGE, self._settle)
        self.hide()
        self.retranslate()

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes what the button does from the window's actions."""
        self.cancel.clicked.connect(actions["upscale.cancel"].trigger)

    def _refresh(self) -> None:
        self.progress.setValue(round(self._run.fraction * 1000))
        if not self._run.running:
            self._late.stop()
            self.hide()
        elif self.isHidden() and not self._late.isActive():
            self._late.start()

    def _appear(self) -> None:
        if self._run.running:
            self.adjustSize()
            self._settle()
            self.show()
            self.raise_()

    def _settle(self) -> None:
        self.move((self._view.width() - self.width()) // 2, GAP)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_late"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.status.setText(self.tr("Making it larger"))
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Take it back; nothing changes"))
