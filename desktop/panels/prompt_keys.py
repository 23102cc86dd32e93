"""Keys of prompt fields: Ctrl+Up and Ctrl+Down weigh words, Alt+PgUp and Alt+PgDown walk through earlier prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

STEP = 0.05
"""What one press adds to a weight, or takes."""
Field = QLineEdit | QPlainTextEdit


class PromptKeys(QObject):
    """Sits on one field. Every change is a step of the field's own undo."""

    def __init__(self, field: Field, prompts: Callable[[], Sequence[str]] | None = None) -> None:
        """`prompts`: earlier ones, the newest first; without it the field has no history."""
        super().__init__(field)
        self._field, self._prompts = field, prompts
        self._place, self._draft = -1, ""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes its keys before the window's shortcuts do."""
        if isinstance(event, QKeyEvent) and (work := self._work(event)) is not None:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                work()
                return True
        return super().eventFilter(watched, event)

    def _work(self, event: QKeyEvent) -> Callable[[], None] | None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self.weigh(STEP if key == Qt.Key.Key_Up else -STEP)
        back = modifiers == Qt.KeyboardModifier.AltModifier and self._prompts is not None
        if back and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            return lambda: self.walk(1 if key == Qt.Key.Key_PageUp else -1)
        if isinstance(self._field, QLineEdit) and event.matches(QKeySequence.StandardKey.Paste):
            from pipelines.prompting.novelai import from_novelai, is_novelai  # here and below: not for every start

            text = QGuiApplication.clipboard().text()
            if is_novelai(text):
                return lambda: self.insert(from_novelai(" ".join(text.split())))
        return None

    def weigh(self, step: float) -> None:
        """Adds to the weight of what is selected, or of the word at the cursor."""
        from pipelines.prompting.weighing import weigh

        text, start, end = self._state()
        change = weigh(text, start, end, step)
        if change is None:
            return
        self._select(change.start, change.end)
        self.insert(change.text)
        left, right = change.chosen
        self._select(left if end > start else right, right)

    def walk(self, step: int) -> None:
        """Shows an earlier prompt (+1) or a later one (-1); behind the newest comes what was being typed."""
        said = self._prompts() if self._prompts is not None else ()
        text = self._state()[0]
        if self._place < 0 or self._place >= len(said) or said[self._place] != text:
            self._place, self._draft = -1, text
            if step > 0 and said and said[0] == text:
                self._place = 0
        place = self._place + step
        if not -1 <= place < len(said):
            return
        self._place = place
        self._select(0, len(text))
        self.insert(said[place] if place >= 0 else self._draft)

    def insert(self, text: str) -> None:
        """Puts text in place of what is selected, as if it was typed."""
        field = self._field
        if isinstance(field, QLineEdit):
            field.insert(text.replace("\n", " "))
            field.textEdited.emit(field.text())
        else:
            field.textCursor().insertText(text)

    def _state(self) -> tuple[str, int, int]:
        """Text, and start and end of what is selected; both the cursor's place where nothing is."""
        field = self._field
        if isinstance(field, QLineEdit):
            at = field.selectionStart() if field.hasSelectedText() else field.cursorPosition()
            return field.text(), at, at + len(field.selectedText())
        cursor = field.textCursor()
        return field.toPlainText(), cursor.selectionStart(), cursor.selectionEnd()

    def _select(self, start: int, end: int) -> None:
        field = self._field
        if isinstance(field, QLineEdit):
            field.setCursorPosition(start)
            field.setSelection(start, end - start)
            return
        cursor = field.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        field.setTextCursor(cursor)
