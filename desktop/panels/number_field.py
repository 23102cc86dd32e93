"""One number in little room: its name and value on a bar that is dragged, or typed into after a click."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QSizePolicy, QWidget

from desktop.naming import named

HEIGHT = 26
NARROWEST = 104
STEPS = 100
"""Wheel notches or arrow keys from one end to the other, where whole numbers allow it."""
SLIP = 3.0
"""Logical pixels that a click may slip."""


@dataclass(frozen=True)
class NumberRange:
    """What numbers a field takes."""

    low: float
    high: float
    default: float
    decimals: int = 0
    suffix: str = ""
    even_in_ratio: bool = False
    """Whether the same way on the bar is the same factor; the low end must be above 0."""

    def share(self, value: float) -> float:
        """Where a value lies on the bar, 0..1."""
        if self.even_in_ratio:
            return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def at(self, share: float) -> float:
        """The value at a place of the bar."""
        share = min(max(share, 0.0), 1.0)
        if self.even_in_ratio:
            return self.fitted(self.low * (self.high / self.low) ** share)
        return self.fitted(self.low + (self.high - self.low) * share)

    def fitted(self, value: float) -> float:
        """Inside the range, rounded to the digits shown."""
        return round(min(max(value, self.low), self.high), self.decimals)

    def stepped(self, value: float, steps: float) -> float:
        """A value so many small steps further; always another one."""
        smallest = 10.0**-self.decimals
        target = self.at(self.share(value) + steps / STEPS)
        if abs(target - value) < smallest / 2:
            target = self.fitted(value + math.copysign(smallest, steps))
        return target

    def text(self, value: float) -> str:
        """As it is shown."""
        return f"{value:.{self.decimals}f}{self.suffix}"

    def read(self, text: str) -> float | None:
        """A typed number; None when it is none."""
        typed = text.strip().removesuffix(self.suffix.strip()).strip().replace(",", ".")
        try:
            value = float(typed)
        except ValueError:
            return None
        return self.fitted(value) if math.isfinite(value) else None


class NumberField(QWidget):
    """Drag sets, a click types, the wheel and arrows step, a double click goes back to the default."""

    changed = Signal(float)

    def __init__(self, name: str, numbers: NumberRange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.numbers = numbers
        self._label = ""
        self._value = numbers.default
        self._pressed: QPointF | None = None
        self._dragging = False
        self._typing_since = 0.0
        self.edit = named(QLineEdit(self), f"{name}Edit")
        self.edit.hide()
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.editingFinished.connect(self._typed)
        self.edit.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> float:
        """The number."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number without telling anyone."""
        value = self.numbers.fitted(value)
        if value != self._value:
            self._value = value
            self.update()

    def set_value(self, value: float) -> None:
        """Show a number and tell."""
        value = self.numbers.fitted(value)
        if value != self._value:
            self._value = value
            self.update()
            self.changed.emit(value)

    def reset(self) -> None:
        """Back to the default."""
        self.set_value(self.numbers.default)

    def set_label(self, label: str) -> None:
        """The name on the bar."""
        self._label = label
        self.setAccessibleName(label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the name and the longest number."""
        longest = max((self.numbers.text(end) for end in (self.numbers.low, self.numbers.high)), key=len)
        width = self.fontMetrics().horizontalAdvance(f"{self._label}  {longest}") + 22
        return QSize(max(NARROWEST, width), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar filled up to the value; name at the left, number at the right."""
        del event
        if self.edit.isVisible():
            return
        palette, area = self.palette(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        plate = QPainterPath()
        plate.addRoundedRect(area, 4, 4)
        filled = QColor(palette.color(QPalette.ColorRole.Highlight))
        filled.setAlpha(110)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(plate, palette.color(QPalette.ColorRole.Base))
            painter.save()
            painter.setClipPath(plate)
            share = min(max(self.numbers.share(self._value), 0.0), 1.0)
            painter.fillRect(QRectF(area.left(), area.top(), area.width() * share, area.height()), filled)
            painter.restore()
            rim = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid
            painter.setPen(palette.color(rim))
            painter.drawPath(plate)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            inner, middle = area.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, self._label)
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, self.numbers.text(self._value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The bar's end follows the pointer."""
        if self._pressed is None:
            return
        self._dragging = self._dragging or abs(event.position().x() - self._pressed.x()) > SLIP
        if self._dragging:
            self.set_value(self.numbers.at(event.position().x() / max(1, self.width() - 1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click at the same place: type."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            self._pressed = None
            if not self._dragging:
                self.begin_typing()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the default."""
        self._pressed = None
        self._reset_by_click()
        event.accept()

    def _reset_by_click(self) -> None:
        self.edit.hide()
        self.reset()
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Reset or type."""
        menu = named(QMenu(self), f"{self.objectName()}Menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Reset to {value}").format(value=self.numbers.text(self.numbers.default)), self.reset)
        menu.addAction(self.tr("Type a number"), self.begin_typing)
        menu.popup(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step."""
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if turns:
            self.set_value(self.numbers.stepped(self._value, turns))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Enter or a digit types."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
        steps |= {Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        key = Qt.Key(event.key())
        if key in steps:
            self.set_value(self.numbers.stepped(self._value, steps[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.begin_typing()
        elif event.text() and event.text() in "0123456789-.":
            self.begin_typing()
            self.edit.setText(event.text())
        else:
            super().keyPressEvent(event)

    def begin_typing(self) -> None:
        """Put a text field in the bar's place."""
        self.edit.setText(self.numbers.text(self._value).removesuffix(self.numbers.suffix))
        self.edit.setGeometry(self.rect())
        self.edit.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()
        self._typing_since = time.monotonic()
        self.update()

    def _typed(self) -> None:
        if not self.edit.isVisible():
            return
        value = self.numbers.read(self.edit.text())
        self.edit.hide()
        if value is not None:
            self.set_value(value)
        self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Esc in the text field leaves the number as it was; the second click of two arrives there, too."""
        clicks = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if watched is self.edit and event.type() in clicks:
            fresh = time.monotonic() - self._typing_since < QApplication.doubleClickInterval() / 1000
            if fresh:
                self._reset_by_click()
            return fresh
        if watched is self.edit and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.edit.hide()
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                self.update()
                return True
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The rim shows it."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The rim goes."""
        super().focusOutEvent(event)
        self.update()
