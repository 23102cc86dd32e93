"""A box to choose from whose words are cut with an ellipsis where there is no room, and whole in its tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QToolTip, QWidget

LEAST_LETTERS = 6


class ElidedBox(QComboBox):
    """As wide as there is room for, whatever the names are: versions stand at their ends, so the middle is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Not by its contents: for thousands of rows Qt would measure each.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_LETTERS)

    @property
    def shown_text(self) -> str:
        """What there is room for of the chosen text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room.width() - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt draws it, with the text that there is room for."""
        del event
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text
        with QPainter(self) as painter:
            self.style().drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
            self.style().drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)

    def event(self, event: QEvent) -> bool:
        """The tip begins with the whole text where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            whole, tip = self.currentText(), self.toolTip()
            if whole and whole != self.shown_text:
                QToolTip.showText(event.globalPos(), f"{whole}\n{tip}" if tip else whole, self)
                return True
        return super().event(event)
