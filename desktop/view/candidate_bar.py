"""The bar under fresh candidates: flip, keep, drop, another batch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from desktop.generation.controller import GenerationController
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.placing import place_near


class CandidateBar(QFrame):
    """Shown while candidates wait for a decision. Never modal: painting goes on under it."""

    def __init__(self, view: CanvasView, controller: GenerationController) -> None:
        super().__init__(view)
        self.setObjectName("candidateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self._view, self._controller = view, controller
        self.previous = self._button("candidatePrevious", "‹")
        self.count = named(QLabel(self), "candidateCount")
        self.next = self._button("candidateNext", "›")
        self.keep = self._button("candidateKeep", "")
        self.keep.setProperty("primary", True)
        self.drop = self._button("candidateDrop", "")
        self.again = self._button("candidateAgain", "")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        for widget in (self.previous, self.count, self.next, self.keep, self.drop, self.again):
            layout.addWidget(widget)
        self.previous.clicked.connect(lambda: controller.previous_candidate())
        self.next.clicked.connect(lambda: controller.next_candidate())
        self.keep.clicked.connect(lambda: controller.accept())
        self.drop.clicked.connect(lambda: controller.discard())
        self.again.clicked.connect(lambda: controller.again())
        controller.candidates_changed.connect(self._refresh)
        view.viewChanged.connect(self._follow)
        self.hide()
        self.retranslate()

    def _button(self, name: str, text: str) -> QToolButton:
        button = named(QToolButton(self), name, text=text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        return button

    def _refresh(self) -> None:
        current = self._controller.current
        if current is None:
            self.hide()
            return
        self.count.setText(f"{current.index + 1} / {len(current.patches)}")
        several = len(current.patches) > 1
        for widget in (self.previous, self.count, self.next):
            widget.setVisible(several)
        self.adjustSize()
        if not self.isVisible():
            self.show()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow()

    def _follow(self) -> None:
        current = self._controller.current
        if current is not None and self.isVisible():
            place_near(self, self._view, current.record.bounds)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.previous.setToolTip(self.tr("Previous picture (Left)"))
        self.next.setToolTip(self.tr("Next picture (Right)"))
        self.keep.setText(self.tr("Keep"))
        self.keep.setToolTip(self.tr("Keep it as a new layer (Enter)"))
        self.drop.setText(self.tr("Drop"))
        self.drop.setToolTip(self.tr("Take it off the canvas; the history keeps it (Esc)"))
        self.again.setText(self.tr("Again"))
        self.again.setToolTip(self.tr("Another batch with a new seed (Ctrl+R)"))
