"""The prompt panel: words, model, one wide button that is always seen; the rest is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.generation.completion import PhraseCompleter
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.hints import PromptHints
from desktop.generation.offers import WordOffers
from desktop.generation.word_store import WordStore
from desktop.naming import named
from desktop.panels.parameter_rows import ParameterRows
from desktop.panels.prompt_edit import LONGEST_PASTE, PromptEdit, looks_like_settings
from desktop.panels.prompt_foot import PromptFoot, PromptTrouble
from desktop.panels.prompt_keys import PromptKeys
from desktop.panels.prompt_loras import LoraList
from desktop.panels.prompt_models import ModelBox
from desktop.panels.prompt_run import RunBar
from desktop.panels.recipe_bar import RecipeBar
from desktop.panels.shrinking import Shrinking
from desktop.view.drops import dropped_pictures, dropped_record

if TYPE_CHECKING:
    from pipelines.prompting.recipes.recipe import Recipe

LEAST_SEEN = 80
"""Pixels in height of what scrolls that are seen on the smallest screen: the prompt."""
LEAST_LINES = 2
"""Of a prompt field where there is little room."""
FIELD_EDGE = 18
"""Pixels in height of a field that are not lines: its frame and the paper's margin."""


class PromptPanel(QWidget):
    """Everything a generation needs, bound to the form."""

    filesDropped = Signal(list)
    """Files that were dropped anywhere on the panel: they may carry settings."""

    libraryWanted = Signal()
    """The model library."""
    stylesWanted = Signal()
    """The dialog of the person's own styles."""
    room_changed = Signal()
    """It may need more room than before, or less."""

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
        self.model = ModelBox(form, self)
        self.library = named(QToolButton(self), "openModelLibrary", text="…", plain=True)
        self.run_bar = RunBar(form, controller, self)
        self.run, self.mode_label = self.run_bar.run, self.run_bar.mode_label
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
        self.fold = named(QToolButton(self), "moreParameters", checkable=True, autoRaise=True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.rows = ParameterRows(form, controller, self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_settings({"prompt", "negative_prompt"})
        self._unfold(False)

    def _make_edit(self, name: str, height: int) -> PromptEdit:
        edit = named(PromptEdit(self), name, tabChangesFocus=True)
        edit.setMaximumHeight(height)
        edit.setMinimumHeight(min(height, LEAST_LINES * edit.fontMetrics().lineSpacing() + FIELD_EDGE))
        return edit

    def _lay_out(self) -> None:
        parts = named(QWidget(self), "promptParts")
        inner = QVBoxLayout(parts)
        inner.setContentsMargins(8, 8, 8, 4)
        inner.setSpacing(6)
        for widget in (self.prompt, self.foot, self.trouble, self.loras, self.recipe, self.hint, self.negative):
            inner.addWidget(widget)
        models = QHBoxLayout()
        models.setSpacing(4)
        models.addWidget(self.model, 1)
        models.addWidget(self.library)
        inner.addLayout(models)
        for widget in (self.rows.always, self.fold, self.rows):
            inner.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._parts = Shrinking(parts, self, LEAST_SEEN)
        self._parts.asked.connect(self.room_changed)
        layout.addWidget(self._parts)
        layout.addWidget(self.run_bar)
        layout.addStretch(1)

    def sizeHint(self) -> QSize:
        """Room for everything that is shown, and for the line under the button."""
        return QSize(super().sizeHint().width(), self._parts.sizeHint().height() + self.run_bar.whole_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the fields above need the room, the line under the button is left to the button's tool tip."""
        super().resizeEvent(event)
        self.run_bar.spare_words(event.size().height() < self._parts.least_height + self.run_bar.whole_height)

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
        self.library.clicked.connect(self.libraryWanted)
        self.fold.toggled.connect(self._unfold)
        self._form.changed.connect(self._show_settings)
        self._controller.mode_changed.connect(lambda _: self.rows.show_mode())

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
        self.fold.setText(self.tr("More"))
        self.fold.setToolTip(self.tr("Steps, guidance, scheduler, seed, size and the soft rim"))
        self.rows.show_mode()

    def _unfold(self, open_: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.rows.setVisible(open_)
        self.negative.setVisible(open_ or bool(self._form.settings.negative_prompt))

    def _show_settings(self, names: set[str]) -> None:
        settings = self._form.settings
        for name, edit in (("prompt", self.prompt), ("negative_prompt", self.negative)):
            if name in names and edit.toPlainText() != getattr(settings, name):
                with QSignalBlocker(edit):
                    edit.setPlainText(getattr(settings, name))
        if "negative_prompt" in names and settings.negative_prompt:
            self.negative.show()  # what acts is seen, whoever wrote it
        if "model" in names:
            self.rows.show_mode()
        if names & {"prompt", "model"}:
            self.hint.setVisible(self._hints.is_foreign())
