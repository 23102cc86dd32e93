"""A part of a panel that opens and closes under its title."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.naming import named


class Section(QWidget):
    """A title that is a button, and a body."""

    opened = Signal(bool)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}Section")
        self.header = named(QToolButton(self), f"{name}Header", autoRaise=True, checkable=True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setArrowType(Qt.ArrowType.RightArrow)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.setStyleSheet("QToolButton { text-align: left; border: none; font-weight: 600; padding: 3px 2px; }")
        self.body = named(QWidget(self), f"{name}Body")
        self.body.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.header)
        layout.addWidget(self.body)
        self.header.toggled.connect(self._toggled)

    @property
    def is_open(self) -> bool:
        """Whether the body is there."""
        return self.header.isChecked()

    def set_open(self, on: bool) -> None:
        """Opens or closes."""
        self.header.setChecked(on)

    def set_title(self, text: str, tip: str) -> None:
        """In the present language."""
        self.header.setText(text)
        self.header.setToolTip(tip)

    def _toggled(self, on: bool) -> None:
        self.header.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.body.setVisible(on)
        self.opened.emit(on)
