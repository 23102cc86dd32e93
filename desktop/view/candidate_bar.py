"""The bar under fresh candidates: flip, keep, drop, another batch."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton

from canvas.geometry import NOTHING
from desktop.generation.apply import why_not_into
from desktop.generation.controller import GenerationController
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_near

MORE = (
    "generate.vary-slightly", "generate.vary", "generate.vary-strongly", "generate.weaker", "generate.stronger", "",
    "generate.accept-into-layer", "generate.keep-into-layer", "", "generate.other",
)  # fmt: skip
"""Actions behind the last button; an empty name is a line."""
SPACE = "space"
"""Reason for which candidates are hidden while the key is held."""


class CandidateBar(QFrame):
    """Shown while candidates wait for a decision. Never modal: painting goes on under it.

    Space held over the canvas shows the original; R is another batch.
    """

    def __init__(self, view: CanvasView, controller: GenerationController) -> None:
        super().__init__(view)
        self.setObjectName("candidateBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self._view, self._controller = view, controller
        self._place = NOTHING
        self.previous = self._button("candidatePrevious", "‹")
        self.count = named(QLabel(self), "candidateCount")
        self.next = self._button("candidateNext", "›")
        self.keep = self._button("candidateKeep", "")
        self.keep.setProperty("primary", True)
        self.drop = self._button("candidateDrop", "")
        self.again = self._button("candidateAgain", "")
        self.more = self._button("candidateMore", "…")
        self.menu = named(QMenu(self), "candidateMenu")
        self.menu.setToolTipsVisible(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        for widget in (self.previous, self.count, self.next, self.keep, self.drop, self.again, self.more):
            layout.addWidget(widget)
        self.previous.clicked.connect(lambda: controller.previous_candidate())
        self.next.clicked.connect(lambda: controller.next_candidate())
        self.keep.clicked.connect(lambda: controller.accept())
        self.drop.clicked.connect(lambda: controller.discard())
        self.again.clicked.connect(lambda: controller.again())
        self.more.clicked.connect(self.open_menu)
        controller.candidates_changed.connect(self._refresh)
        controller.form.changed.connect(self._form_changed)
        view.viewChanged.connect(self._follow)
        floating(view).add(self, Rank.PLACE, self._follow)
        view.keyHeld.connect(self._key_held)
        view.keyTapped.connect(self._key_tapped)
        self.hide()
        self.retranslate()

    def _button(self, name: str, text: str) -> QToolButton:
        button = named(QToolButton(self), name, text=text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        return button

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Fills the menu behind the last button."""
        for name in MORE:
            self.menu.addAction(actions[name]) if name else self.menu.addSeparator()

    def open_menu(self) -> None:
        """What else can be done. Opened with `popup`: a button's own menu would run an event loop of its own."""
        self._show_keep()
        self.menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _key_held(self, key: int, down: bool) -> None:
        if key == Qt.Key.Key_Space.value:
            self._controller.hide_candidate(down, SPACE)

    def _key_tapped(self, key: int) -> None:
        if key == Qt.Key.Key_R.value and self._controller.current is not None:
            self._controller.again()

    def _form_changed(self, names: set[str]) -> None:
        if "keep_into_layer" in names:
            self._show_keep()

    def _show_keep(self) -> None:
        """Where Enter puts it."""
        document = self._controller.session.document
        problem, layer = why_not_into(document), document.active
        into = self._controller.form.settings.keep_into_layer
        tip = self.tr("Keep it as a new layer (Enter)")
        if into and layer is not None and not problem:
            tip = self.tr("Keep it in the layer {name} (Enter)").format(name=layer.name)
        elif into:
            tip = self.tr("Keep it as a new layer (Enter). {reason}").format(reason=problem)
        self.keep.setToolTip(tip)
        for action in self.menu.actions():
            if action.objectName() == "generate.accept-into-layer" and problem:
                action.setToolTip(problem)

    def _refresh(self) -> None:
        current = self._controller.current
        if current is None:
            self.hide()
            return
        self.count.setText(f"{current.index + 1} / {len(current.patches)}")
        several = len(current.patches) > 1
        for widget in (self.previous, self.count, self.next):
            widget.setVisible(several)
        self._show_keep()
        self._place = current.place
        self.adjustSize()
        self.raise_()
        if not self.isVisible():
            self.show()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow()

    def _follow(self) -> None:
        current = self._controller.current
        if current is not None and self.isVisible():
            place_near(self, self._view, self._place)

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
        self._show_keep()
        self.drop.setText(self.tr("Drop"))
        self.drop.setToolTip(
            self.tr("Take it off the canvas; the history keeps it (Esc). Hold Space to see the original")
        )
        self.again.setText(self.tr("Again"))
        self.again.setToolTip(self.tr("Another batch with a new seed (R)"))
        self.more.setToolTip(self.tr("More to do with these pictures"))
