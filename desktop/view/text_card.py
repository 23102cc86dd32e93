"""The card over the canvas in which a text is typed; the text itself is seen on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.naming import named

WIDTH = 300
HEIGHT = 128


class TextField(QPlainTextEdit):
    """Plain lines; Ctrl+Enter and Esc are for the card, also where the window has shortcuts for them."""

    accepted = Signal()
    dismissed = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep the card's own keys from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes a line, Ctrl+Enter finishes, Esc drops."""
        if not _own(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            self.accepted.emit()


class TextCard(QFrame):
    """A small editor with two buttons. Hidden until it is opened."""

    changed = Signal()
    """Another text, or another place of the caret."""
    accepted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("textCard")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = named(TextField(self), "textCardField", tabChangesFocus=True)
        self.cancel_button = named(QPushButton(self), "textCardCancel")
        self.done_button = named(QPushButton(self), "textCardDone", primary=True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field, 1)
        layout.addLayout(row)
        self.resize(WIDTH, HEIGHT)
        self.hide()
        self.field.textChanged.connect(self.changed)
        self.field.cursorPositionChanged.connect(self.changed)
        self.field.accepted.connect(self.accepted)
        self.field.dismissed.connect(self.dismissed)
        self.done_button.clicked.connect(self.accepted)
        self.cancel_button.clicked.connect(self.dismissed)
        self.retranslate()

    @property
    def text(self) -> str:
        """What is written."""
        return self.field.toPlainText()

    @property
    def caret(self) -> int:
        """Characters before the caret."""
        return self.field.textCursor().position()

    def open(self) -> None:
        """Empty, shown, and with the keyboard."""
        self.field.clear()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "done_button"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.field.setPlaceholderText(self.tr("Type the text"))
        self.field.setToolTip(self.tr("Enter begins a new line, Ctrl+Enter puts the text on the canvas"))
        self.done_button.setText(self.tr("Done"))
        self.done_button.setToolTip(self.tr("Put the text on the canvas as a new layer (Ctrl+Enter)"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Drop the text (Esc)"))


def _own(event: QKeyEvent) -> bool:
    if event.key() == Qt.Key.Key_Escape:
        return True
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
