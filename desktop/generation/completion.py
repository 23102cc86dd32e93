"""Completes what is typed under the cursor: a list below the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit

from desktop.generation.offers import Offer


class PhraseCompleter(QObject):
    """Offers phrases while one types; Tab or Down takes one, Enter only when one is chosen, Esc closes the list.

    The list is a part of the window, not a pop-up of its own: it takes neither the keyboard nor an input method away.
    """

    def __init__(self, field: QLineEdit | QPlainTextEdit, offers: Callable[[str], Sequence[Offer]]) -> None:
        """`offers` is asked at every key for the text in front of the cursor."""
        super().__init__(field)
        self._field, self._ask = field, offers
        self._offers: Sequence[Offer] = ()
        self.list = QListWidget()
        self.list.setObjectName("phraseList")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.hide()
        self.list.itemClicked.connect(lambda item: self._take(self.list.row(item)))
        field.installEventFilter(self)
        field.destroyed.connect(self.list.deleteLater)
        changed = field.textEdited if isinstance(field, QLineEdit) else field.textChanged
        changed.connect(lambda *_: self._offer())

    def _offer(self) -> None:
        before = self._before() if self._field.hasFocus() else ""
        self._offers = found = self._ask(before) if before else ()
        self.list.clear()
        if not found:
            self.list.hide()
            return
        self.list.addItems([offer.shown for offer in found])
        window = self._field.window()
        if self.list.parent() is not window:
            self.list.setParent(window)
        row = self.list.sizeHintForRow(0)
        self.list.resize(max(180, self.list.sizeHintForColumn(0) + 24), row * len(found) + 2 * self.list.frameWidth())
        at = self._field.mapTo(window, self._field.cursorRect().bottomLeft()) + QPoint(0, 4)
        at.setX(max(0, min(at.x(), window.width() - self.list.width())))
        if at.y() + self.list.height() > window.height():
            at.setY(self._field.mapTo(window, self._field.cursorRect().topLeft()).y() - 4 - self.list.height())
        self.list.move(at)
        self.list.show()
        self.list.raise_()

    def _before(self) -> str:
        """The text in front of the cursor; empty in the middle of a word."""
        field = self._field
        if isinstance(field, QLineEdit):
            text, at = field.text(), field.cursorPosition()
        else:
            text, at = field.toPlainText(), field.textCursor().position()
        return "" if text[at : at + 1].isalnum() else text[:at]

    def _take(self, row: int) -> None:
        offer, field = self._offers[row], self._field
        if isinstance(field, QLineEdit):
            field.setSelection(field.cursorPosition() - offer.typed, offer.typed)
            field.insert(offer.text)
            field.textEdited.emit(field.text())
        else:
            cursor = field.textCursor()
            cursor.movePosition(cursor.MoveOperation.Left, cursor.MoveMode.KeepAnchor, offer.typed)
            cursor.insertText(offer.text)
            field.setTextCursor(cursor)
        self.list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that belong to the list while it is seen."""
        if not self.list.isVisible():
            return super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.list.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        """Whether the list used a key."""
        row, rows = self.list.currentRow(), self.list.count()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.setCurrentRow((row + (1 if key == Qt.Key.Key_Down else -1)) % rows)
        elif key == Qt.Key.Key_Tab or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0):
            self._take(max(row, 0))
        elif key == Qt.Key.Key_Escape:
            self.list.hide()
        else:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.list.hide()
            return False
        return True
