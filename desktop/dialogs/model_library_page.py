"""The right side of the model library: everything about the chosen model, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.model_library_chips import Chips
from desktop.dialogs.model_library_entries import in_order
from desktop.dialogs.model_library_facts import ModelFacts
from desktop.dialogs.model_library_head import ModelHead
from desktop.dialogs.model_library_parts import PartRows, memory_text
from desktop.dialogs.model_library_words import KINDS, hash_words, kind_word
from desktop.naming import named
from desktop.spoken import spoken
from pipelines.contract.events import EngineReady
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.library.details import ModelDetails

MOST_WORDS = 24
MOST_PARTNERS = 12
SETTLE_MS = 700
"""After the last key in notes or tags they are written down."""

STALE_MS = 250
"""So long what was gathered about the model before may stand under the next one's name: it does not flicker."""


class ModelPage(QScrollArea):
    """Shows; what is wanted is told by `wanted` with the name of a deed."""

    wanted = Signal(str)
    """`use`, `verify`, `convert`, `bin`, `folder`, `uses`, `copy-path`, `picture`, `picture-file`, `no-picture`."""
    word_chosen = Signal(str)
    """A trigger word for the prompt."""
    partner_chosen = Signal(str)
    """Id of a model that goes with this one."""
    layer_chosen = Signal(str)
    """Id of a layer that guides with it."""
    partners_wanted = Signal(object)
    """All that goes with this one shall be listed: their kinds."""
    said = Signal(object)
    """A Said."""
    noted = Signal(str, str, tuple)
    """Id, note, tags."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelPage")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.info: ModelInfo | None = None
        self.engine: Callable[[], EngineReady | None] = lambda: None
        """What the engine said of itself."""
        self._facts: ModelFacts | None = None
        self._inside = named(QWidget(self.viewport()), "modelPageInside")
        self._timer = named(QTimer(self), "modelNotesTimer", interval=SETTLE_MS, singleShot=True)
        self._stale = named(QTimer(self), "modelStaleTimer", interval=STALE_MS, singleShot=True)
        self.is_complete = False
        """Whether everything that was gathered is shown."""

    def build(self) -> Iterator[None]:
        """Steps that fill it."""
        inside = self._inside
        self.head = ModelHead(inside)
        yield from self.head.build()
        yield from self._make_sections(inside)
        self._lay_out(inside)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # the window's ground shows until it is painted
        yield
        self._connect()
        self.retranslate()
        yield

    def _make_sections(self, inside: QWidget) -> Iterator[None]:
        names = ("words", "about", "parts", "partners", "uses", "tags", "note", "memory", "file")
        self._titles = {name: named(QLabel(inside), f"modelTitle-{name}", role="heading") for name in names}
        yield
        self.words = Chips(inside, "modelWords")
        self.partners = Chips(inside, "modelPartners")
        self.parts = PartRows(inside)
        self.memory = named(QLabel(inside), "modelMemory", wordWrap=True, role="dim")
        self.memory.setTextFormat(Qt.TextFormat.RichText)
        yield
        self.layers = Chips(inside, "modelLayers")
        self.uses = named(QPushButton(inside), "modelUses", chip=True, autoDefault=False)
        self.about = named(QLabel(inside), "modelAbout", wordWrap=True, openExternalLinks=True)
        self.about.setTextFormat(Qt.TextFormat.RichText)
        yield
        self.tags = named(QLineEdit(inside), "modelTags")
        self.note = named(QPlainTextEdit(inside), "modelNote", tabChangesFocus=True)
        self.note.setFixedHeight(64)
        self.file = named(QLabel(inside), "modelFile", wordWrap=True, role="dim")
        self.file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.memory, self.about, self.file, self.head.name, self.head.line, self.head.outcome):
            label.setMinimumWidth(1)  # a word longer than the page must not push its buttons out of sight
        yield

    def _lay_out(self, inside: QWidget) -> None:
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(4, 0, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.head)
        self._bodies: dict[str, QWidget] = {
            "words": self.words, "about": self.about, "parts": self.parts, "partners": self.partners,
            "uses": self.uses, "tags": self.tags, "note": self.note, "memory": self.memory, "file": self.file,
        }  # fmt: skip
        for name, body in self._bodies.items():
            layout.addSpacing(4)
            layout.addWidget(self._titles[name])
            layout.addWidget(body, 0, *([Qt.AlignmentFlag.AlignLeft] if body is self.uses else []))
            if body is self.uses:
                layout.addWidget(self.layers)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.head.wanted.connect(self.wanted)
        self.head.form.said.connect(self.said)
        self.words.chosen.connect(self.word_chosen)
        self.partners.chosen.connect(self._partner)
        self.layers.chosen.connect(self.layer_chosen)
        self.uses.clicked.connect(lambda: self.wanted.emit("uses"))
        self.note.textChanged.connect(self._timer.start)
        self.tags.textEdited.connect(lambda _: self._timer.start())
        self.tags.editingFinished.connect(self.write_down)
        self._timer.timeout.connect(self.write_down)
        self._stale.timeout.connect(self._hide_sections)
        self._hide_sections()

    # --- showing

    def show_model(self, info: ModelInfo | None) -> None:
        """Shows what is known at once; `show_facts` brings the rest."""
        self.write_down()
        other = info is None or self.info is None or info.id != self.info.id
        self.info = info
        self._inside.setVisible(info is not None)
        if info is None:
            self._facts = None
            return
        if other:
            self._facts, self.is_complete = None, False
            self.verticalScrollBar().setValue(0)
            self._stale.start()
        self._show_head(info)

    def _hide_sections(self) -> None:
        """What is known of the model before has stood there long enough."""
        self._show_sections({name: name == "file" for name in self._bodies})

    def _show_head(self, info: ModelInfo) -> None:
        self.head.show_model(info)
        self.file.setText(_breakable(info.path))

    def show_facts(self, facts: ModelFacts) -> None:
        """The rest has been gathered."""
        for _ in self.fill(facts):
            pass

    def fill(self, facts: ModelFacts) -> Iterator[None]:
        """The same in steps; it ends early when another model is shown meanwhile."""
        info = self.info
        if info is None:
            return
        fresh, self._facts = self._facts is None, facts
        if fresh:
            self._show_notes(facts.details)
        self.head.has_own_picture = facts.has_own_picture
        steps = (self._show_words, self._show_partners, self._show_layers, self._show_form, self._show_parts)
        for show in steps:
            for _ in show(facts):
                yield
                if self.info is not info or self._facts is not facts:
                    return
        self._show_texts(facts)
        self._stale.stop()
        self.is_complete = True
        yield

    def _show_notes(self, details: ModelDetails) -> None:
        """What the person wrote, unless it is being written."""
        for field in (self.note, self.tags):
            field.blockSignals(True)
        self.note.setPlainText(details.note)
        self.tags.setText(", ".join(details.tags))
        for field in (self.note, self.tags):
            field.blockSignals(False)

    def _show_words(self, facts: ModelFacts) -> Iterator[None]:
        words = facts.details.trigger_words[:MOST_WORDS]
        yield from self.words.fill([(word, word, self.tr("Put this into the prompt")) for word in words])

    def _show_partners(self, facts: ModelFacts) -> Iterator[None]:
        yield from self.partners.fill(self._partner_chips(facts.partners))

    def _show_layers(self, facts: ModelFacts) -> Iterator[None]:
        tip = self.tr("This layer guides generation with it; click to choose the layer")
        yield from self.layers.fill([(one.id, one.name, tip) for one in facts.layers])

    def _show_form(self, facts: ModelFacts) -> Iterator[None]:
        if self.info is not None:
            yield from self.head.form.fill(self.info, facts.said)

    def _show_parts(self, facts: ModelFacts) -> Iterator[None]:
        yield from self.parts.fill(facts.parts)

    def _partner_chips(self, partners: Sequence[ModelInfo]) -> list[tuple[str, str, str]]:
        listed = sorted(partners, key=lambda one: (KINDS.index(one.kind), in_order(one.name)))
        chips = [
            (one.id, f"+ {one.name}" if one.kind is ModelKind.LORA else one.name, self._partner_tip(one))
            for one in listed[:MOST_PARTNERS]
        ]
        if len(partners) > MOST_PARTNERS:
            words = self.tr("All {count}…").format(count=len(partners))
            chips.append(("", words, self.tr("Show them in the list")))
        return chips

    def _partner_tip(self, one: ModelInfo) -> str:
        deed = self.tr("Add it to the list under the prompt") if one.kind is ModelKind.LORA else self.tr("Show it")
        return f"{one.name}\n{kind_word(one.kind)}: {deed}"

    def _partner(self, model_id: str) -> None:
        if model_id:
            self.partner_chosen.emit(model_id)
        elif self._facts is not None:
            self.partners_wanted.emit(frozenset(one.kind for one in self._facts.partners))

    def _show_texts(self, facts: ModelFacts) -> None:
        details, info = facts.details, self.info
        if info is None:
            return
        uses = facts.uses or 0
        none = self.tr("Not used in this painting yet")
        self.uses.setText(self.tr("Generations: {count}").format(count=uses) if uses else none)
        self.uses.setEnabled(bool(uses))
        self.about.setText(self._about(details))
        groups = hash_words(details.file_hash)
        said = [self.tr("SHA-256 {hash}").format(hash=groups)] if groups else []
        self.file.setText("\n".join(map(_breakable, [info.path, *said])))
        self.memory.setText(memory_text(info, facts.sizes, self.engine()) if facts.sizes is not None else "")
        shown = {
            "words": bool(details.trigger_words), "about": bool(self.about.text()), "parts": bool(facts.parts),
            "partners": bool(facts.partners), "uses": facts.uses is not None, "tags": True, "note": True,
            "memory": facts.sizes is not None, "file": True,
        }  # fmt: skip
        self.head.show_guess(on=details.family_is_guess)
        self.layers.setVisible(bool(facts.layers))
        self._show_sections(shown)

    def _about(self, details: ModelDetails) -> str:
        from html import escape

        rows = [
            (self.tr("Base"), escape(details.base)),
            (self.tr("Licence"), escape(spoken(details.licence))),
            (self.tr("By"), escape(details.author)),
            (self.tr("From"), _link(details.source)),
        ]
        lines = [f"{name}: {value}" for name, value in rows if value]
        title = details.title if self.info is not None and details.title != self.info.name else ""
        return "<br>".join(
            filter(None, (f"<b>{escape(title)}</b>" if title else "", *lines, escape(details.description)))
        )

    def _show_sections(self, shown: Mapping[str, bool]) -> None:
        layout = self._inside.layout()
        if layout is not None:
            layout.setEnabled(False)  # else everything is laid out anew for each widget that comes or goes
            for name, on in shown.items():
                self._titles[name].setVisible(on)
                self._bodies[name].setVisible(on)
            layout.setEnabled(True)
            layout.invalidate()

    def write_down(self) -> None:
        """Notes and tags as they are typed now."""
        waits = self._timer.isActive() or self.tags.isModified()
        self._timer.stop()
        self.tags.setModified(False)
        if waits and self.info is not None and self._facts is not None:
            tags = tuple(filter(None, (tag.strip() for tag in self.tags.text().split(","))))
            self.noted.emit(self.info.id, self.note.toPlainText().strip(), tags)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        titles = {
            "words": self.tr("Trigger words"), "about": self.tr("About"), "parts": self.tr("Parts"),
            "partners": self.tr("Goes with"), "uses": self.tr("In this painting"), "tags": self.tr("Tags"),
            "note": self.tr("Notes"), "memory": self.tr("Memory"), "file": self.tr("File"),
        }  # fmt: skip
        for name, words in titles.items():
            self._titles[name].setText(words)
        self.uses.setToolTip(self.tr("Show them in the history"))
        self.tags.setPlaceholderText(self.tr("ink, portrait, favourite"))
        self.tags.setToolTip(self.tr("Your own words for it, with commas between; the filters at the left show them"))
        self.note.setPlaceholderText(self.tr("What it is good for, which settings it likes"))
        self.note.setToolTip(self.tr("Your own note; only this program knows it"))
        self.file.setToolTip(self.tr("Where it lies; nothing was copied"))
        if self.info is not None:
            self._show_head(self.info)
        if self._facts is not None:
            self.show_facts(self._facts)


def _link(address: str) -> str:
    from html import escape

    if not address.startswith("https://"):
        return escape(address)
    return f'<a href="{escape(address)}">{escape(address.removeprefix("https://"))}</a>'


def _breakable(path: str) -> str:
    """A path that may be broken into lines behind its separators."""
    return path.replace("/", "/\u200b").replace("\\", "\\\u200b").replace("_", "_\u200b")
