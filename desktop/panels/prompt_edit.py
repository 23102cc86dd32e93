"""The field for prompts of several lines."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from desktop.view.drops import dropped_pictures

LONGEST_PASTE = 256 * 1024
"""Characters of a pasted text that is looked at for settings."""


class PromptEdit(QPlainTextEdit):
    """A text field in which Enter submits and Shift+Enter breaks the line."""

    submitted = Signal()
    filesDropped = Signal(list)
    """Files that were dropped or pasted here."""
    pasting = Signal()
    """Comes before a paste changes the text."""
    pasted = Signal(str)
    converted = Signal()
    """A pasted prompt of NovelAI was rewritten; one undo step brings it back as it was."""

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files are not text: they are looked at for settings. What is pasted may be a whole recipe."""
        files = dropped_pictures(source)
        if isinstance(files, list):
            self.filesDropped.emit(files)
            return
        self.pasting.emit()
        start = self.textCursor().selectionStart()
        super().insertFromMimeData(source)
        if source.hasText():
            self._rewrite(start, source.text())
            self.pasted.emit(source.text())

    def _rewrite(self, start: int, text: str) -> None:
        """Weights in NovelAI's way become those that are understood here, as a step of its own."""
        if len(text) > LONGEST_PASTE or looks_like_settings(text):
            return
        from pipelines.prompting.novelai import from_novelai, is_novelai  # not for every start

        if not is_novelai(text):
            return
        cursor = self.textCursor()
        end = cursor.position()
        cursor.setPosition(start)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        cursor.insertText(from_novelai(cursor.selectedText().replace("\u2029", "\n")))
        self.converted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter runs; with Shift it is a line break."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
            return
        super().keyPressEvent(event)


def looks_like_settings(text: str) -> bool:
    """Whether a pasted text may be a recipe with more than words."""
    return "Steps:" in text or (text.lstrip().startswith("{") and '"' in text)
