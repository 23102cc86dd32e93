"""The line under the prompt: how many tokens it has, styles, earlier prompts, LoRAs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from desktop.generation.form import GenerationForm
from desktop.generation.token_meter import TokenMeter
from desktop.i18n import mark
from desktop.naming import named
from desktop.spoken import spoken
from pipelines.prompting.tokens import TokenCount

LOOK_MS = 400
SHOWN_PROMPTS = 30
LONGEST_ROW = 70
"""Letters of an earlier prompt in the menu."""
STYLE_WORDS = {
    "enhance": mark("styles", "Enhance"),
    "anime": mark("styles", "Anime"),
    "photographic": mark("styles", "Photographic"),
    "digital-art": mark("styles", "Digital art"),
    "comic-book": mark("styles", "Comic book"),
    "fantasy-art": mark("styles", "Fantasy art"),
    "line-art": mark("styles", "Line art"),
    "analog-film": mark("styles", "Analog film"),
    "neon-punk": mark("styles", "Neon punk"),
    "isometric": mark("styles", "Isometric"),
    "low-poly": mark("styles", "Low poly"),
    "origami": mark("styles", "Origami"),
    "modeling-compound": mark("styles", "Modeling compound"),
    "cinematic": mark("styles", "Cinematic"),
    "3d-model": mark("styles", "3D model"),
    "pixel-art": mark("styles", "Pixel art"),
    "tile-texture": mark("styles", "Tile texture"),
    "ink-wash": mark("styles", "Ink wash"),
    "watercolour": mark("styles", "Watercolour"),
    "oil-painting": mark("styles", "Oil painting"),
    "pencil-sketch": mark("styles", "Pencil sketch"),
}


class PromptFoot(QWidget):
    """Shows and opens; the menus are filled when they are opened."""

    promptChosen = Signal(str)
    loraChosen = Signal(str)
    """Id of a LoRA."""
    stylesWanted = Signal()
    """The dialog in which styles are made."""

    def __init__(
        self, form: GenerationForm, prompts: Callable[[], Sequence[str]], fill_loras: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("promptFoot")
        self._form, self._prompts, self._fill_loras = form, prompts, fill_loras
        self.meter = TokenMeter(form, self)
        self.tokens = named(QLabel(self), "promptTokens")
        self.styles = named(QToolButton(self), "promptStyles", autoRaise=True)
        self.styles.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.past = named(QToolButton(self), "promptHistory", autoRaise=True, text="↺")
        self.loras = named(QToolButton(self), "promptLoras", autoRaise=True)
        self.describe = named(QToolButton(self), "promptDescribe", autoRaise=True)
        self.styles_menu = self._menu("promptStylesMenu")
        self.past_menu = self._menu("promptHistoryMenu")
        self.loras_menu = self._menu("promptLorasMenu")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.tokens)
        layout.addWidget(self.styles, 1)
        layout.addWidget(self.loras)
        layout.addWidget(self.describe)
        layout.addWidget(self.past)
        self._connect()
        self.retranslate()

    def _menu(self, name: str) -> QMenu:
        menu = named(QMenu(self), name)
        menu.setToolTipsVisible(True)
        return menu

    def _connect(self) -> None:
        self.meter.changed.connect(self._show_tokens)
        self._form.changed.connect(self._form_changed)
        self._form.wording_changed.connect(self._show_styles)
        self.styles.clicked.connect(self.open_styles)
        self.past.clicked.connect(self.open_past)
        self.loras.clicked.connect(self.open_loras)
        self.styles_menu.triggered.connect(lambda action: self._style_chosen(action.data()))
        self.past_menu.triggered.connect(lambda action: self.promptChosen.emit(action.data()))
        self.loras_menu.triggered.connect(lambda action: self.loraChosen.emit(action.data()))

    # --- menus

    def open_styles(self) -> None:
        """All styles, those in use ticked; below, the way to the person's own."""
        menu, chosen = self.styles_menu, self._form.settings.styles
        menu.clear()
        for name, style in self._form.wording.styles.items():
            action = menu.addAction(style_word(name))
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.setData(name)
            action.setToolTip(style.prompt)
        for name in chosen:
            if name not in self._form.wording.styles:
                action = menu.addAction(self.tr("{name} (gone)").format(name=name))
                action.setData(name)
        menu.addSeparator()
        menu.addAction(self.tr("No Style")).setData("")
        menu.addAction(self.tr("Own Styles…")).setData(None)
        self._open(menu, self.styles)

    def open_past(self) -> None:
        """Earlier prompts, the newest first."""
        self.past_menu.clear()
        for prompt in self._prompts()[:SHOWN_PROMPTS]:
            line = " ".join(prompt.split())
            short = line if len(line) <= LONGEST_ROW else f"{line[: LONGEST_ROW - 1]}…"
            action = self.past_menu.addAction(short.replace("&", "&&"))
            action.setData(prompt)
            action.setToolTip(prompt)
        if self.past_menu.isEmpty():
            self.past_menu.addAction(self.tr("Nothing was painted yet")).setEnabled(False)
        self._open(self.past_menu, self.past)

    def open_loras(self) -> None:
        """LoRAs that suit the model."""
        self._fill_loras(self.loras_menu)
        self._open(self.loras_menu, self.loras)

    def _open(self, menu: QMenu, button: QToolButton) -> None:
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _style_chosen(self, name: str | None) -> None:
        if name is None:
            self.stylesWanted.emit()
            return
        chosen = self._form.settings.styles
        if not name:
            self._form.set(styles=())
        elif name in chosen:
            self._form.set(styles=tuple(one for one in chosen if one != name))
        else:
            self._form.set(styles=(*chosen, name))

    # --- showing

    def _form_changed(self, names: set[str]) -> None:
        if "styles" in names:
            self._show_styles()

    def _show_styles(self) -> None:
        chosen = self._form.settings.styles
        words = ", ".join(map(style_word, chosen)) if chosen else self.tr("Styles")
        self.styles.setText(words)
        tip = self.tr("Styles put words around the prompt; several can be chosen")
        self.styles.setToolTip(f"{words}\n{tip}" if chosen else tip)

    def _show_tokens(self) -> None:
        count = self.meter.prompt
        self.tokens.setText(str(count))
        self.tokens.setProperty("role", "warning" if count.is_over else "dim")
        self.tokens.style().polish(self.tokens)
        self.tokens.setToolTip(self._tokens_tip(count))

    def _tokens_tip(self, count: TokenCount) -> str:
        lines = [self.tr("Tokens of the prompt, and how many the model reads at a time")]
        if count.is_over:
            lines.append(self.tr("The prompt is too long: its end is not read. Shorten it."))
        elif count.chunks > 1:
            lines.append(self.tr("The prompt is read in {count} parts").format(count=count.chunks))
        if not count.exact:
            lines.append(self.tr("About: the model's vocabulary is not installed"))
        lines.append(self.tr("Negative prompt: {count}").format(count=self.meter.negative_prompt))
        return "\n".join(lines)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.loras.setText(self.tr("+ LoRA"))
        self.loras.setToolTip(self.tr("Add a LoRA; <lora:name:0.8> in the prompt does the same"))
        self.past.setToolTip(self.tr("Earlier prompts (Alt+PgUp, Alt+PgDn in the field)"))
        self._show_styles()
        self._show_tokens()


def style_word(name: str) -> str:
    """What a style is called: those that come with the program in the present language, others as they are."""
    word = STYLE_WORDS.get(name)
    return QCoreApplication.translate("styles", word) if word is not None else name


class PromptTrouble(QLabel):
    """A sentence while the words name something that is not there; looks a little after the last key."""

    def __init__(self, form: GenerationForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "promptTrouble", wordWrap=True, visible=False)
        self._form = form
        self._timer = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._timer.timeout.connect(self.look)
        form.changed.connect(self._form_changed)
        form.wording_changed.connect(self._timer.start)

    def _form_changed(self, names: set[str]) -> None:
        if names & {"prompt", "negative_prompt", "styles", "model", "vae"}:
            self._timer.start()

    def look(self) -> None:
        """Looks now."""
        sentence = spoken(self._form.wording.problem(self._form.settings))
        self.setText(sentence)
        self.setVisible(bool(sentence))
