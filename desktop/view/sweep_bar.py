"""The bar of a sweep: how far it is, what is left, cancel; then keep a picture, keep the grid, drop."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton

from desktop.generation.remaining import time_text
from desktop.generation.sweep_run import SweepRun, SweepState
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_at_bottom

GAP = 12
BAR_WIDTH = 160
LONGEST = 60


class SweepBar(QFrame):
    """At the lower edge of the canvas while a grid is on it. Never modal, never with the keyboard."""

    def __init__(self, view: CanvasView, run: SweepRun) -> None:
        super().__init__(view)
        self.setObjectName("sweepBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._view, self._run = view, run
        self.status = named(QLabel(self), "sweepStatus")
        self.progress = named(QProgressBar(self), "sweepProgress", textVisible=False)
        self.progress.setRange(0, 1000)
        self.progress.setFixedSize(BAR_WIDTH, 6)
        self.cancel = self._button("sweepCancel")
        self.keep_cell = self._button("sweepKeepCell")
        self.keep_grid = self._button("sweepKeepGrid")
        self.drop = self._button("sweepDrop")
        self.keep_grid.setProperty("primary", True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        for widget in (self.status, self.progress, self.cancel, self.keep_cell, self.keep_grid, self.drop):
            layout.addWidget(widget)
        run.changed.connect(self._refresh)
        floating(view).add(self, Rank.TOOL, self._settle)
        self.hide()
        self.retranslate()

    def _button(self, name: str) -> QToolButton:
        button = named(QToolButton(self), name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        return button

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes what the buttons do from the window's actions."""
        pairs = (
            (self.cancel, "sweep.cancel"),
            (self.keep_cell, "sweep.keep-picture"),
            (self.keep_grid, "sweep.keep"),
            (self.drop, "sweep.drop"),
        )
        for button, name in pairs:
            button.clicked.connect(actions[name].trigger)

    def _refresh(self) -> None:
        run = self._run
        if not run.is_open:
            self.hide()
            return
        done = run.state is SweepState.DONE
        with QSignalBlocker(self.progress):
            self.progress.setValue(round(run.overall * 1000))
        self.progress.setVisible(not done)
        self.cancel.setVisible(not done)
        self.cancel.setEnabled(run.state is SweepState.RUNNING)
        for button in (self.keep_cell, self.keep_grid, self.drop):
            button.setVisible(done)
        self.keep_cell.setEnabled(run.chosen is not None)
        self.status.setText(self._status())
        if self.isHidden():
            self.show()
            self.raise_()
        self._settle()

    def _status(self) -> str:
        run = self._run
        if run.state is SweepState.DONE:
            if run.chosen is not None:
                words = run.words_of(run.chosen)
                return words if len(words) <= LONGEST else words[:LONGEST] + "…"
            if run.painted < run.total:
                return self.tr("{painted} of {total} pictures").format(painted=run.painted, total=run.total)
            return self.tr("{total} pictures").format(total=run.total)
        if run.state is SweepState.STOPPING:
            return self.tr("Stopping…")
        number = min(run.painted + len(run.failures) + 1, run.total)
        words = self.tr("Picture {number} of {total}").format(number=number, total=run.total)
        left = run.seconds_left
        if left is None:
            return words
        return words + " · " + self.tr("about {time} left").format(time=time_text(left))

    def _settle(self) -> None:
        """In the middle of the lower edge; figures that change do not make it dance."""
        wanted = self.sizeHint()
        if wanted.width() > self.width() or self.width() - wanted.width() > GAP * 3 or self.height() != wanted.height():
            self.resize(wanted)
        place_at_bottom(self, self._view)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "drop"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Paint no more of them; what is done stays"))
        self.keep_cell.setText(self.tr("Keep Picture"))
        self.keep_cell.setToolTip(
            self.tr("Put the chosen picture at its place as a new layer, and use its settings (Enter, or double-click)")
        )
        self.keep_grid.setText(self.tr("Keep Grid"))
        self.keep_grid.setToolTip(self.tr("Put all pictures and their words where they are, as a group of two layers"))
        self.drop.setText(self.tr("Drop"))
        self.drop.setToolTip(self.tr("Take the grid off the canvas; the history keeps every picture"))
        self._refresh()
