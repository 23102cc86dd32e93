"""One widget for each kind of tool option, all alike to those who hold them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QFontInfo, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFontComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from desktop.naming import named
from desktop.panels.number_field import NumberField, NumberRange
from desktop.view.tools.options import OptionValue, ToolOption

SEGMENTS = 3
"""Most choices that stand side by side; more are a list to open."""
FONT_WIDTH = 168
LINE_WIDTH = 140


class OptionWidget(QWidget):
    """A control for one option, with its name. A double click on the name, or its menu, goes back to the default."""

    changed = Signal(object)
    """The new value, set by the person."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.option = option
        self._name = f"option-{option.group or tool_id}-{option.name}"
        self.setObjectName(f"{self._name}-row")
        self.label: QLabel | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 0, 3, 0)
        self._row.setSpacing(5)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    def show_value(self, value: OptionValue) -> None:
        """Show a value without telling anyone."""
        raise NotImplementedError

    def set_texts(self, label: str, tip: str) -> None:
        """Name and tool tip in the present language."""
        if self.label is not None:
            self.label.setText(label)
        for widget in (self, *self.findChildren(QWidget)):
            widget.setToolTip(tip)
        self.setAccessibleName(label)

    def add_label(self) -> None:
        """A name at the left."""
        self.label = named(QLabel(self), f"{self._name}-label", role="dim")
        self.label.installEventFilter(self)
        self._row.addWidget(self.label)

    def add(self, control: QWidget) -> None:
        """The control, right of what is there."""
        self._row.addWidget(control)

    def reset(self) -> None:
        """Back to the default."""
        self.show_value(self.option.default)
        self.changed.emit(self.option.default)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on the name."""
        if watched is self.label and event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset()
            return True
        return super().eventFilter(watched, event)

    def _open_menu(self, at: QPoint) -> None:
        menu = named(QMenu(self), f"{self._name}-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Reset"), self.reset)
        menu.popup(self.mapToGlobal(at))


class NumberOption(OptionWidget):
    """A bar to drag."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        numbers = NumberRange(
            low=option.low,
            high=option.high,
            default=float(option.default),
            decimals=option.decimals if isinstance(option.default, float) else 0,
            suffix=option.suffix,
            even_in_ratio=option.kind == "log" and option.low > 0,
        )
        self.field = NumberField(self._name, numbers, self)
        self.field.changed.connect(self._changed)
        self.add(self.field)

    def show_value(self, value: OptionValue) -> None:
        """Show a number."""
        self.field.show_value(float(value))

    def set_texts(self, label: str, tip: str) -> None:
        """The name stands on the bar."""
        super().set_texts(label, tip)
        self.field.set_label(label)

    def _changed(self, value: float) -> None:
        self.changed.emit(value if isinstance(self.option.default, float) else round(value))


class CheckOption(OptionWidget):
    """A check box that names itself."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        self.box = named(QCheckBox(self), self._name)
        self.box.clicked.connect(lambda on: self.changed.emit(on))
        self.add(self.box)

    def show_value(self, value: OptionValue) -> None:
        """Check it or not."""
        self.box.setChecked(bool(value))

    def set_texts(self, label: str, tip: str) -> None:
        """The name stands beside the box."""
        super().set_texts(label, tip)
        self.box.setText(label)


class SegmentOption(OptionWidget):
    """A few choices side by side."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        self.add_label()
        self.buttons: dict[str, QToolButton] = {}
        group = named(QButtonGroup(self), f"{self._name}-group", exclusive=True)
        strip = QHBoxLayout()
        strip.setSpacing(0)
        for value, _text in option.choices:
            part = "later" if self.buttons else "first"
            button = named(QToolButton(self), f"{self._name}-{value}", checkable=True, segment=part)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _, chosen=value: self.changed.emit(chosen))
            group.addButton(button)
            strip.addWidget(button)
            self.buttons[value] = button
        self._row.addLayout(strip)

    def show_value(self, value: OptionValue) -> None:
        """Press the button of a choice."""
        self.buttons[str(value)].setChecked(True)

    def set_texts(self, label: str, tip: str) -> None:
        """Every button has its own text."""
        super().set_texts(label, tip)
        for value, text in self.option.choices:
            self.buttons[value].setText(QCoreApplication.translate("tools", text))


class ListOption(OptionWidget):
    """Many choices in a list to open."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        self.add_label()
        self.box = named(QComboBox(self), self._name)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, text in option.choices:
            self.box.addItem(text, value)
        self.box.activated.connect(lambda row: self.changed.emit(self.box.itemData(row)))
        self.add(self.box)

    def show_value(self, value: OptionValue) -> None:
        """Choose a row."""
        self.box.setCurrentIndex(self.box.findData(value))

    def set_texts(self, label: str, tip: str) -> None:
        """Every row has its own text."""
        super().set_texts(label, tip)
        for row, (_value, text) in enumerate(self.option.choices):
            self.box.setItemText(row, QCoreApplication.translate("tools", text))


class LineOption(OptionWidget):
    """A line of text."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        self.add_label()
        self.line = named(QLineEdit(self), self._name)
        self.line.setFixedWidth(LINE_WIDTH)
        self.line.editingFinished.connect(lambda: self.changed.emit(self.line.text()))
        self.add(self.line)

    def show_value(self, value: OptionValue) -> None:
        """Write it."""
        if self.line.text() != value:
            self.line.setText(str(value))


class FontOption(OptionWidget):
    """A font family; nothing chosen is the system's own."""

    def __init__(self, option: ToolOption, tool_id: str, parent: QWidget | None = None) -> None:
        super().__init__(option, tool_id, parent)
        self.box = named(QFontComboBox(self), self._name)
        self.box.setFixedWidth(FONT_WIDTH)
        self.box.activated.connect(lambda _: self.changed.emit(self.box.currentFont().family()))
        line = self.box.lineEdit()
        if line is not None:
            line.editingFinished.connect(lambda: self.changed.emit(self.box.currentFont().family()))
        self.add(self.box)

    def show_value(self, value: OptionValue) -> None:
        """Choose a family."""
        with QSignalBlocker(self.box):
            self.box.setCurrentFont(QFont(str(value) or QFontInfo(QGuiApplication.font()).family()))


def option_widget(option: ToolOption, tool_id: str, parent: QWidget | None = None) -> OptionWidget:
    """The widget that fits an option."""
    if option.choices:
        few = len(option.choices) <= SEGMENTS or option.kind == "segments"
        kind: type[OptionWidget] = SegmentOption if few else ListOption
    elif isinstance(option.default, bool):
        kind = CheckOption
    elif isinstance(option.default, str):
        kind = FontOption if option.kind == "font" else LineOption
    else:
        kind = NumberOption
    return kind(option, tool_id, parent)
