"""The person's own styles: words around the prompt, under a name; also templates made from the present prompts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.files import choose_files
from desktop.generation.form import GenerationForm
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from pipelines.prompting.styles import PLACE, Style, read_styles

if TYPE_CHECKING:
    from desktop.generation.word_store import WordStore

FIELD_HEIGHT = 72


class StylesDialog(QDialog):
    """A list of names, and the words of the one that is chosen. Nothing is written before Save."""

    def __init__(self, store: WordStore, form: GenerationForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stylesDialog")
        self._store, self._form, self._slots = store, form, Slots(self)
        self._styles = list(store.own)
        self.heading = named(QLabel(self), "stylesHeading", wordWrap=True)
        self.list = named(QListWidget(self), "stylesList")
        self.name = named(QLineEdit(self), "styleName")
        self.prompt = named(QPlainTextEdit(self), "stylePrompt", tabChangesFocus=True)
        self.negative = named(QPlainTextEdit(self), "styleNegative", tabChangesFocus=True)
        self.new = named(QPushButton(self), "styleNew")
        self.take = named(QPushButton(self), "styleFromPrompt")
        self.load = named(QPushButton(self), "styleImport")
        self.remove = named(QPushButton(self), "styleRemove")
        self.problem = named(QLabel(self), "stylesProblem", wordWrap=True, visible=False)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Save | standard.Cancel, self)
        self._labels = {name: QLabel(self) for name in ("name", "prompt", "negative")}
        self._lay_out()
        self._connect()
        self.retranslate()
        self._fill(0)

    def _lay_out(self) -> None:
        fields = QFormLayout()
        for name, widget in (("name", self.name), ("prompt", self.prompt), ("negative", self.negative)):
            if isinstance(widget, QPlainTextEdit):
                widget.setMinimumHeight(FIELD_HEIGHT)
            self._labels[name].setBuddy(widget)
            fields.addRow(self._labels[name], widget)
        tools = QHBoxLayout()
        for button in (self.new, self.take, self.load, self.remove):
            button.setAutoDefault(False)
            tools.addWidget(button)
        tools.addStretch(1)
        middle = QHBoxLayout()
        middle.addWidget(self.list, 1)
        middle.addLayout(fields, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addLayout(middle, 1)
        layout.addLayout(tools)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        self.resize(680, 420)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show)
        self.name.textEdited.connect(lambda _: self._edited())
        for field in (self.prompt, self.negative):
            field.textChanged.connect(self._edited)
        self.new.clicked.connect(lambda: self._add(Style(self._free_name(self.tr("New style")))))
        self.take.clicked.connect(lambda: self._take_prompt())
        self.load.clicked.connect(self._slots.wrap(self._import))
        self.remove.clicked.connect(lambda: self._remove())
        self.buttons.accepted.connect(self._slots.wrap(self._save))
        self.buttons.rejected.connect(self.reject)
        self._slots.failed.connect(self._complain)

    # --- the list

    def _fill(self, row: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([style.name for style in self._styles])
        self.list.setCurrentRow(min(row, len(self._styles) - 1))
        self.list.blockSignals(False)
        self._show(self.list.currentRow())

    def _show(self, row: int) -> None:
        there = 0 <= row < len(self._styles)
        style = self._styles[row] if there else Style("", "", "")
        for field, text in ((self.prompt, style.prompt), (self.negative, style.negative_prompt)):
            field.blockSignals(True)
            field.setPlainText(text)
            field.blockSignals(False)
            field.setEnabled(there)
        self.name.setText(style.name)
        self.name.setEnabled(there)
        self.remove.setEnabled(there)

    def _edited(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._styles):
            name = self.name.text().strip()
            words, against = self.prompt.toPlainText(), self.negative.toPlainText()
            self._styles[row] = replace(self._styles[row], name=name, prompt=words, negative_prompt=against)
            self.list.item(row).setText(name)

    def _add(self, style: Style) -> None:
        self._styles.append(style)
        self._fill(len(self._styles) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def _take_prompt(self) -> None:
        """The form's prompts as a template: what is typed later comes in front of its words."""
        settings = self._form.settings
        words = f"{PLACE}, {settings.prompt.strip()}" if settings.prompt.strip() else PLACE
        self._add(Style(self._free_name(self.tr("Template")), words, settings.negative_prompt.strip()))

    def _remove(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._styles):
            del self._styles[row]
            self._fill(row)

    async def _import(self) -> None:
        filters = [self.tr("Styles (*.json *.csv)"), self.tr("All files (*)")]
        files = await choose_files(self, self.tr("Import Styles"), str(Path.home()), filters)
        for file in files:
            self.merge(await asyncio.to_thread(read_styles, file))

    def merge(self, found: Sequence[Style]) -> None:
        """Adds styles; those of the same name take the place of what was there."""
        known = {style.name for style in found}
        self._styles = [style for style in self._styles if style.name not in known] + list(found)
        self._fill(len(self._styles) - 1)

    def _free_name(self, wanted: str) -> str:
        names, number = {style.name for style in self._styles}, 1
        while (name := wanted if number == 1 else f"{wanted} {number}") in names:
            number += 1
        return name

    # --- the end

    async def _save(self) -> None:
        names = [style.name for style in self._styles]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if "" in names:
            self._complain(self.tr("A style has no name. Give it one, or delete it."))
        elif doubled is not None:
            self._complain(self.tr("Two styles are called '{name}'. Rename one of them.").format(name=doubled))
        else:
            await self._store.keep_styles(self._styles)
            self.accept()

    def _complain(self, sentence: str) -> None:
        self.problem.setText(spoken(sentence))
        self.problem.show()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Own Styles"))
        sentence = self.tr("{place} is where the prompt goes; without it the words come behind the prompt.")
        self.heading.setText(sentence.format(place=PLACE))
        self._labels["name"].setText(self.tr("Name"))
        self._labels["prompt"].setText(self.tr("Prompt"))
        self._labels["negative"].setText(self.tr("Negative"))
        self.name.setToolTip(self.tr("What the style is called in the menu and in recipes"))
        self.prompt.setToolTip(self.tr("Words around the prompt"))
        self.negative.setToolTip(self.tr("Words behind the negative prompt"))
        self.new.setText(self.tr("New"))
        self.new.setToolTip(self.tr("An empty style"))
        self.take.setText(self.tr("From the Prompt"))
        self.take.setToolTip(self.tr("A template of the prompt and the negative prompt as they are typed now"))
        self.load.setText(self.tr("Import…"))
        self.load.setToolTip(self.tr("Add the styles of a file: ours (.json) or A1111's styles.csv"))
        self.remove.setText(self.tr("Delete"))
        self.remove.setToolTip(self.tr("Take the chosen style out of the list"))
