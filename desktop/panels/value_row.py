"""A label, a slider and a number that agree: one line of a panel's grid."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QSpinBox, QWidget

from desktop.naming import named
from desktop.panels.size_scale import LARGEST, STEPS, SizeScale

NUMBER_WIDTH = 64
LABEL_WIDTH = 78  # so that the sliders of all sections line up


@dataclass(frozen=True)
class ValueSpec:
    """What a line shows."""

    name: str
    "Its widgets are called NAMELabel, NAMESlider and NAME."
    field: str
    "The field of `BrushSettings`."
    label: str
    "English source of the context `BrushPanel`."
    tip: str
    "English source of the context `BrushPanel`."
    low: int = 0
    high: int = 100
    suffix: str = " %"
    scale: float = 100.0
    "What is shown, divided by the field's value."
    logarithmic: bool = False
    "Even in ratio, for sizes."


class ValueRow(QObject):
    """The widgets of a line."""

    changed = Signal()
    """A person moved it."""

    def __init__(self, spec: ValueSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{spec.name}Row")
        self.spec = spec
        self.label = named(QLabel(parent), f"{spec.name}Label")
        self.slider = named(QSlider(Qt.Orientation.Horizontal, parent), f"{spec.name}Slider")
        self.number = named(QSpinBox(parent), spec.name)
        self.label.setMinimumWidth(LABEL_WIDTH)
        self.slider.setMinimumWidth(60)
        self.slider.setRange(*((0, STEPS) if spec.logarithmic else (spec.low, spec.high)))
        self.number.setRange(*((1, LARGEST) if spec.logarithmic else (spec.low, spec.high)))
        self.number.setSuffix(spec.suffix)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(self._typed)

    def add_to(self, grid: QGridLayout, line: int) -> None:
        """Stands in the three columns of a grid."""
        for column, widget in enumerate((self.label, self.slider, self.number)):
            grid.addWidget(widget, line, column)

    def set_texts(self, label: str, tip: str) -> None:
        """In the present language."""
        self.label.setText(label)
        for widget in (self.label, self.slider, self.number):
            widget.setToolTip(tip)
            widget.setAccessibleName(label)

    def set_enabled(self, on: bool) -> None:
        """Whether it means anything now."""
        for widget in (self.label, self.slider, self.number):
            widget.setEnabled(on)

    def value(self) -> float:
        """In the field's own unit; what a person did not touch keeps its fractions (see `applied`)."""
        return self.number.value() / self.spec.scale

    def applied(self, current: float) -> float:
        """The field's value now: the old one where it is shown as the same number."""
        return current if self._shown(current) == self.number.value() else self.value()

    def show_value(self, value: float) -> None:
        """Show a field's value without telling anyone."""
        shown = self._shown(value)
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.number.setValue(shown)
            self.slider.setValue(SizeScale.to_position(value) if self.spec.logarithmic else shown)

    def _shown(self, value: float) -> int:
        return round(value * self.spec.scale)

    def _slid(self, position: int) -> None:
        self.number.setValue(SizeScale.to_size(position) if self.spec.logarithmic else position)

    def _typed(self, value: int) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(SizeScale.to_position(value) if self.spec.logarithmic else value)
        self.changed.emit()
