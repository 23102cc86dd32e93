"""The wide button that says what will happen, how far it is, and a line about it: always seen below the prompt."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.modes import MODES, Mode, mode_tip, mode_word
from desktop.naming import named

SPACING = 3


class RunBar(QWidget):
    """Runs and cancels; follows the mode, the form and the jobs of this painting."""

    def __init__(self, form: GenerationForm, controller: GenerationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runBar")
        self._form, self._controller = form, controller
        self.run = self._make_button()
        self.stop = named(QToolButton(self), "cancelGeneration", text="✕", visible=False)
        self.progress = named(QProgressBar(self), "generationProgress", visible=False, textVisible=False)
        self.progress.setFixedHeight(4)
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing jumps when a job begins
        self.progress.setSizePolicy(policy)
        self.mode_label = named(QLabel(self), "modeTip", wordWrap=True)
        self._lay_out()
        self.run.clicked.connect(lambda: controller.generate())
        self.stop.clicked.connect(lambda: controller.cancel())
        form.changed.connect(self._form_changed)
        controller.mode_changed.connect(self._show_mode)
        controller.router.changed.connect(self._show_jobs)
        self.retranslate()

    def _make_button(self) -> QToolButton:
        button = named(QToolButton(self), "generate")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(34)
        button.setProperty("primary", True)
        menu, group = QMenu(button), QActionGroup(button)
        for mode in (None, *MODES):
            action = QAction(menu, checkable=True, checked=mode is None)
            action.setData(mode)
            group.addAction(action)
            menu.addAction(action)
        menu.triggered.connect(lambda action: self._controller.set_mode(action.data()))
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.run, 1)
        buttons.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.setSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)
        layout.addWidget(self.mode_label)

    @property
    def whole_height(self) -> int:
        """Pixels that the button and the line below take, wrapped as it is in this width."""
        layout, margins = self.layout(), self.contentsMargins()
        if layout is not None:
            margins = layout.contentsMargins()
        words = self.mode_label.heightForWidth(self.width() - margins.left() - margins.right())
        own = max(self.run.minimumHeight(), self.run.sizeHint().height()) + self.progress.maximumHeight()
        return own + words + 2 * SPACING + margins.top() + margins.bottom()

    def spare_words(self, spared: bool) -> None:
        """Leaves the line under the button away, or brings it back."""
        self.mode_label.setHidden(spared)

    def _form_changed(self, names: set[str]) -> None:
        if "model" in names:
            self._show_mode(self._controller.mode)
        if "mode" in names:
            for action in self.run.menu().actions():
                action.setChecked(action.data() == self._form.settings.mode)

    def _show_mode(self, mode: Mode) -> None:
        tip = mode_tip(mode, edits=self._form.edits)
        self.run.setText(mode_word(mode, edits=self._form.edits))
        self.run.setToolTip(f"{tip} (Ctrl+Enter)")
        self.mode_label.setText(tip)

    def _show_jobs(self) -> None:
        ids = self._controller.jobs
        jobs = [job for id_, job in self._controller.router.jobs.items() if id_ in ids]
        self.stop.setVisible(bool(jobs))
        self.progress.setVisible(bool(jobs))
        if jobs:
            running = max(jobs, key=lambda job: job.step)
            self.progress.setRange(0, running.steps)
            self.progress.setValue(running.step)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.stop.setToolTip(self.tr("Cancel this document's newest job (Shift+Esc)"))
        for action in self.run.menu().actions():
            mode = action.data()
            action.setText(mode_word(Mode(mode)) if mode else self.tr("Decide by the picture"))
            action.setToolTip(mode_tip(Mode(mode)) if mode else "")
        self._show_mode(self._controller.mode)
