"""The prompt field that appears at a finished selection: type, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton

from desktop.generation.completion import PhraseCompleter
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.hints import PromptHints
from desktop.generation.modes import SELECTION_MODES, Mode, mode_tip, mode_word
from desktop.generation.offers import WordOffers
from desktop.naming import named
from desktop.panels.prompt_keys import PromptKeys
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_near

WIDTH = 380


class InlinePrompt(QFrame):
    """One line at the selection. It edits the form's prompt: there is one prompt, shown in two places."""

    def __init__(
        self,
        view: CanvasView,
        form: GenerationForm,
        controller: GenerationController,
        prompts: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        """`prompts`: earlier ones, the newest first."""
        super().__init__(view)
        self.setObjectName("inlinePrompt")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self._view, self._form, self._controller = view, form, controller
        self.field = named(QLineEdit(self, clearButtonEnabled=True), "inlinePromptField")
        self.completion = PhraseCompleter(self.field, WordOffers(form, PromptHints(form).phrases))
        self.keys = PromptKeys(self.field, prompts)
        self.run = named(QToolButton(self), "inlinePromptRun")
        self.run.setProperty("primary", True)
        self.others = named(QToolButton(self), "inlinePromptModes", arrowType=Qt.ArrowType.DownArrow, autoRaise=True)
        self.menu = named(QMenu(self), "inlinePromptMenu")
        self.menu.setToolTipsVisible(True)
        for mode in SELECTION_MODES:
            self.menu.addAction("").setData(mode)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.run)
        layout.addWidget(self.others)
        self.setFixedWidth(WIDTH)
        self.hide()
        self.field.textEdited.connect(lambda text: form.set(prompt=text))
        self.field.returnPressed.connect(lambda: self._submit())
        self.run.clicked.connect(lambda: self._submit())
        self.others.clicked.connect(self.open_menu)
        self.menu.triggered.connect(lambda action: self._submit(Mode(action.data())))
        form.changed.connect(self._show_prompt)
        controller.mode_changed.connect(lambda _: self._show_mode())
        view.selectionFinished.connect(self._selection_finished)
        view.gestureStarted.connect(self.hide)
        view.viewChanged.connect(self._follow)
        floating(view).add(self, Rank.PLACE, self._follow)
        self.retranslate()

    def _selection_finished(self) -> None:
        if self._view.document.selection.is_empty:
            self.hide()
            return
        self._controller.refresh_mode()
        self._show_mode()
        self._show_prompt({"prompt"})
        self.adjustSize()
        self.show()
        self._follow()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    def _show_prompt(self, names: set[str]) -> None:
        if "prompt" in names and self.field.text() != self._form.settings.prompt:
            with QSignalBlocker(self.field):
                self.field.setText(self._form.settings.prompt)

    def open_menu(self) -> None:
        """The other modes, for this once. Opened with `popup`: a button's own menu runs a loop of its own."""
        self.menu.popup(self.others.mapToGlobal(QPoint(0, self.others.height())))

    def _submit(self, mode: Mode | None = None) -> None:
        """Paints what the button says, or in another mode, this once."""
        self.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        if mode is None:
            self._controller.generate()
        else:
            self._controller.generate_as(mode)

    def _show_mode(self) -> None:
        mode = self._controller.mode
        edits = self._form.edits
        self.run.setText(mode_word(mode, edits=edits))
        self.run.setToolTip(self.tr("{what} (Enter)").format(what=mode_tip(mode, edits=edits)))

    def _follow(self) -> None:
        """Stays under the selection, always wholly inside the view."""
        if not self.isVisible():
            return
        if self._view.document.selection.is_empty:
            self.hide()
            return
        place_near(self, self._view, self._view.document.selection.bounds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives the keyboard back to the canvas; the selection stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.field.setPlaceholderText(self.tr("What should be here? Enter paints it"))
        self.field.setToolTip(self.tr("The prompt for the selection. Empty is fine. Enter paints, Esc goes back"))
        self.others.setToolTip(self.tr("Do something else with the selection"))
        for action in self.menu.actions():
            action.setText(mode_word(Mode(action.data())))
            action.setToolTip(mode_tip(Mode(action.data())))
        self._show_mode()
