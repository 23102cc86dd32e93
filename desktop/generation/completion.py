"""Completes the phrase under the cursor with words that the chosen model knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QListView, QPlainTextEdit

SHOWN = 8
_LAST_PHRASE = re.compile(r"[^,，、;；.。\n]*$")


class PhraseCompleter(QObject):
    """Offers phrases while one types; Tab or Down takes one, Enter only when one is chosen, Esc closes the list."""

    def __init__(self, field: QLineEdit | QPlainTextEdit, phrases: Callable[[], Sequence[str]]) -> None:
        """`phrases` is asked at every key, so that another model brings other words."""
        super().__init__(field)
        self._field, self._phrases = field, phrases
        self._model = QStringListModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setObjectName("phraseCompleter")
        self.completer.setWidget(field)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(SHOWN)
        self.popup = QListView()
        self.popup.setObjectName("phrasePopup")
        self.completer.setPopup(self.popup)
        self.popup.installEventFilter(self)
        self.completer.activated.connect(self._take)
        changed = field.textEdited if isinstance(field, QLineEdit) else field.textChanged
        changed.connect(lambda *_: self._offer())

    def _offer(self) -> None:
        begun = self._begun()
        found = matching(begun, self._phrases()) if self._field.hasFocus() else []
        if not found:
            self.popup.hide()
            return
        self._model.setStringList(found)
        area = self._field.cursorRect()
        area.setWidth(200)
        self.completer.complete(area)
        self.popup.setCurrentIndex(QModelIndex())  # nothing is chosen until a person chooses

    def _begun(self) -> str:
        """What of the present phrase is typed already; empty in the middle of a word."""
        field = self._field
        if isinstance(field, QLineEdit):
            text, at = field.text(), field.cursorPosition()
        else:
            text, at = field.toPlainText(), field.textCursor().position()
        if text[at : at + 1].isalnum():
            return ""
        found = _LAST_PHRASE.search(text[:at])
        return found.group().lstrip() if found else ""

    def _take(self, phrase: str) -> None:
        begun, field = self._begun(), self._field
        if isinstance(field, QLineEdit):
            field.setSelection(field.cursorPosition() - len(begun), len(begun))
            field.insert(phrase)
            field.textEdited.emit(field.text())
        else:
            cursor = field.textCursor()
            cursor.movePosition(cursor.MoveOperation.Left, cursor.MoveMode.KeepAnchor, len(begun))
            cursor.insertText(phrase)
            field.setTextCursor(cursor)
        self.popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab takes the first phrase; Enter belongs to the field unless a phrase is chosen."""
        popup = self.popup
        if watched is popup and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            chosen = popup.currentIndex()
            if event.key() == Qt.Key.Key_Tab and not chosen.isValid():
                chosen = popup.model().index(0, 0)
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                popup.hide()
                if chosen.isValid():
                    self._take(chosen.data())
                else:
                    QApplication.sendEvent(self._field, event)
                return True
        return super().eventFilter(watched, event)


def matching(begun: str, phrases: Sequence[str]) -> list[str]:
    """Phrases to offer: those that begin so, then those with a word that does; none for what is complete already."""
    typed = begun.casefold()
    if not typed or (len(typed) < 2 and typed.isascii()):
        return []
    first = [p for p in phrases if p.casefold().startswith(typed)]
    inside = [p for p in phrases if p not in first and f" {typed}" in p.casefold()]
    found = list(dict.fromkeys([*first, *inside]))
    return [] if typed in (p.casefold() for p in found) else found[:SHOWN]
