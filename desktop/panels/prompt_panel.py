"""The prompt panel: words, model, one wide button that says what will happen; the rest is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.generation.completion import PhraseCompleter
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.hints import PromptHints
from desktop.generation.modes import MODES, Mode, mode_tip, mode_word
from desktop.generation.offers import WordOffers
from desktop.generation.word_store import WordStore
from desktop.naming import named
from desktop.panels.parameter_rows import ParameterRows
from desktop.panels.prompt_edit import LONGEST_PASTE, PromptEdit, looks_like_settings
from desktop.panels.prompt_foot import PromptFoot, PromptTrouble
from desktop.panels.prompt_keys import PromptKeys
from desktop.panels.prompt_loras import LoraList
from desktop.panels.recipe_bar import RecipeBar
from desktop.view.drops import dropped_pictures, dropped_record

if TYPE_CHECKING:
    from pipelines.prompting.recipes.recipe import Recipe


class PromptPanel(QWidget):
    """Everything a generation needs, bound to the form."""

    filesDropped = Signal(list)
    """Files that were dropped anywhere on the panel: they may carry settings."""

    libraryWanted = Signal()
    """The model library."""
    stylesWanted = Signal()
    """The dialog of the person's own styles."""

    def __init__(
        self,
        form: GenerationForm,
        controller: GenerationController,
        words: WordStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("promptPanel")
        prompts = words.prompts if words is not None else list[str]
        self._form, self._controller = form, controller
        self.prompt = self._make_edit("prompt", 74)
        self.negative = self._make_edit("negativePrompt", 48)
        self.model = named(QComboBox(self), "model")
        self.library = named(QToolButton(self), "openModelLibrary", text="…", plain=True)
        self.run = self._make_button()
        self.stop = named(QToolButton(self), "cancelGeneration", text="✕", visible=False)
        self.progress = named(QProgressBar(self), "generationProgress", visible=False, textVisible=False)
        self.progress.setFixedHeight(4)
        self.recipe = RecipeBar(form, controller.session.document, self)
        self._before_paste = form.settings
        self.setAcceptDrops(True)
        self.hint = named(QLabel(self), "promptHint", wordWrap=True, visible=False)
        self._hints = PromptHints(form)
        self.completion = PhraseCompleter(self.prompt, WordOffers(form, self._hints.phrases))
        self.keys = PromptKeys(self.prompt, prompts)
        self.negative_keys = PromptKeys(self.negative)
        self.negative_completion = PhraseCompleter(self.negative, WordOffers(form, self._hints.phrases))
        self.loras = LoraList(form, words.trigger_words if words is not None else None, self)
        self.foot = PromptFoot(form, prompts, self.loras.fill_menu, self)
        self.trouble = PromptTrouble(form, self)
        self.mode_label = named(QLabel(self), "modeTip", wordWrap=True)
        self.fold = named(QToolButton(self), "moreParameters", checkable=True, autoRaise=True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.rows = ParameterRows(form, controller, self)
        self._lay_out()
        self._connect()
        self._fill_models()
        self.retranslate()
        self._show_settings({"prompt", "negative_prompt"})
        self._unfold(False)

    def _make_edit(self, name: str, height: int) -> PromptEdit:
        edit = named(PromptEdit(self), name, tabChangesFocus=True)
        edit.setFixedHeight(height)
        return edit

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
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        words = (self.prompt, self.foot, self.trouble, self.loras, self.recipe, self.hint, self.negative)
        for widget in words:
            layout.addWidget(widget)
        models = QHBoxLayout()
        models.setSpacing(4)
        models.addWidget(self.model, 1)
        models.addWidget(self.library)
        layout.addLayout(models)
        layout.addLayout(buttons)
        for widget in (self.progress, self.mode_label, self.rows.always, self.fold, self.rows):
            layout.addWidget(widget)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.prompt.textChanged.connect(lambda: self._form.set(prompt=self.prompt.toPlainText()))
        self.negative.textChanged.connect(lambda: self._form.set(negative_prompt=self.negative.toPlainText()))
        for edit in (self.prompt, self.negative):
            edit.submitted.connect(self._controller.generate)
            edit.filesDropped.connect(self.filesDropped)
        self.foot.promptChosen.connect(self._use_prompt)
        self.foot.loraChosen.connect(self.loras.add)
        self.foot.stylesWanted.connect(self.stylesWanted)
        self.loras.wordChosen.connect(self.add_words)
        self.prompt.pasting.connect(self._note_before_paste)
        self.prompt.pasted.connect(self._look_at_pasted)
        self.model.activated.connect(lambda i: self._form.choose_model(self.model.itemData(i)))
        self.library.clicked.connect(self.libraryWanted)
        self.run.clicked.connect(lambda: self._controller.generate())
        self.stop.clicked.connect(lambda: self._controller.cancel())
        self.fold.toggled.connect(self._unfold)
        self._form.changed.connect(self._show_settings)
        self._form.models_changed.connect(self._fill_models)
        self._controller.mode_changed.connect(self._show_mode)
        self._controller.router.changed.connect(self._show_jobs)

    # --- settings from elsewhere

    def offer_file(self, recipe: Recipe, name: str) -> None:
        """Offers the settings of a file under the prompt."""
        self.recipe.offer_file(recipe, name)

    def _note_before_paste(self) -> None:
        self._before_paste = self._form.settings

    def add_words(self, words: str) -> None:
        """Puts words behind the prompt, as one step of the field's undo."""
        said = self.prompt.toPlainText().rstrip().rstrip(",")
        self._use_prompt(f"{said}, {words}" if said else words)

    def _use_prompt(self, prompt: str) -> None:
        cursor = self.prompt.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(prompt)
        self.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at_pasted(self, text: str) -> None:
        if len(text) > LONGEST_PASTE or not looks_like_settings(text):
            return
        from pipelines.prompting.recipes.reading import read_pasted  # many readers: only for what may be a recipe

        recipe = read_pasted(text)
        if recipe is not None:
            self.recipe.offer_pasted(recipe, self._before_paste)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files, which may carry settings, and generations of the history."""
        if isinstance(dropped_pictures(event.mimeData()), list) or self._dropped_id(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The settings of a generation are used at once; files are looked into by whoever listens."""
        record_id, files = self._dropped_id(event.mimeData()), dropped_pictures(event.mimeData())
        if record_id:
            event.acceptProposedAction()
            self._controller.reuse(record_id)
            return
        if isinstance(files, list):
            event.acceptProposedAction()
            self.filesDropped.emit(files)

    def _dropped_id(self, mime: QMimeData) -> str:
        """The generation of this painting's history that a drag carries; empty for others."""
        record = dropped_record(mime)
        mine = self._controller.session.document.id
        return record.record_id if record is not None and record.document_id == mine else ""

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.prompt.setPlaceholderText(self.tr("What should be painted? (Enter runs, Shift+Enter breaks the line)"))
        self.prompt.setToolTip(
            self.tr(
                "The prompt: what the picture should show. Ctrl+Up and Ctrl+Down weigh the word at the cursor, {a|b} "
                "and __file__ choose by the seed, BREAK begins a new part"
            )
        )
        self.negative.setPlaceholderText(self.tr("What should not appear"))
        self.negative.setToolTip(self.tr("The negative prompt: what the picture should avoid"))
        self.model.setToolTip(self.tr("The model that paints. Add folders with Generate > Model Folders"))
        self.library.setToolTip(self.tr("The model library: all models, what they are, more of them"))
        self.hint.setText(
            self.tr(
                "This model knows only ink-wash landscapes: mountains, water, pines, boats, moon, snow … "
                "Other models come in with Generate > Model Folders."
            )
        )
        self.stop.setToolTip(self.tr("Cancel this document's newest job (Shift+Esc)"))
        self.fold.setText(self.tr("More"))
        self.fold.setToolTip(self.tr("Steps, guidance, scheduler, seed, size and the soft rim"))
        for action in self.run.menu().actions():
            mode = action.data()
            action.setText(mode_word(Mode(mode)) if mode else self.tr("Decide by the picture"))
            action.setToolTip(mode_tip(Mode(mode)) if mode else "")
        self._show_mode(self._controller.mode)

    def _unfold(self, open_: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.rows.setVisible(open_)
        self.negative.setVisible(open_ or bool(self._form.settings.negative_prompt))

    def _show_mode(self, mode: Mode) -> None:
        tip = mode_tip(mode, edits=self._form.edits)
        self.run.setText(mode_word(mode, edits=self._form.edits))
        self.run.setToolTip(f"{tip} (Ctrl+Enter)")
        self.mode_label.setText(tip)
        self.rows.show_mode()

    def _show_settings(self, names: set[str]) -> None:
        settings = self._form.settings
        for name, edit in (("prompt", self.prompt), ("negative_prompt", self.negative)):
            if name in names and edit.toPlainText() != getattr(settings, name):
                with QSignalBlocker(edit):
                    edit.setPlainText(getattr(settings, name))
        if "model" in names:
            self._select_model()
            self._show_mode(self._controller.mode)
        if names & {"prompt", "model"}:
            self.hint.setVisible(self._hints.is_foreign())
        if "mode" in names:
            for action in self.run.menu().actions():
                action.setChecked(action.data() == settings.mode)

    def _fill_models(self) -> None:
        self.model.clear()
        for info in self._form.models:
            self.model.addItem(info.name, info.id)
            self.model.setItemData(self.model.count() - 1, info.path, Qt.ItemDataRole.ToolTipRole)
        self._select_model()

    def _select_model(self) -> None:
        self.model.setCurrentIndex(self.model.findData(self._form.settings.model))

    def _show_jobs(self) -> None:
        ids = self._controller.jobs
        jobs = [job for id_, job in self._controller.router.jobs.items() if id_ in ids]
        self.stop.setVisible(bool(jobs))
        self.progress.setVisible(bool(jobs))
        if jobs:
            running = max(jobs, key=lambda job: job.step)
            self.progress.setRange(0, running.steps)
            self.progress.setValue(running.step)
