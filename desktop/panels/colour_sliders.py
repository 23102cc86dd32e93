"""Three channels of a colour as sliders and numbers: hue, saturation and value, or red, green and blue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from desktop.naming import named
from desktop.panels.gradient_slider import GradientSlider

HSV_TOPS = (359, 100, 100)
"""Hue in degrees, saturation and value in percent."""
RGB_TOPS = (255, 255, 255)


class ChannelRows(QWidget):
    """A label, a slider and a number for each of three channels."""

    changed = Signal()
    """A person moved one of them."""

    def __init__(self, name: str, parts: Sequence[str], tops: Sequence[int], parent: QWidget) -> None:
        """`parts` name the widgets, `tops` are the largest values."""
        super().__init__(parent)
        self.setObjectName(name)
        self.labels = tuple(named(QLabel(self), f"colour{part}Label") for part in parts)
        self.sliders = tuple(
            GradientSlider(f"colour{part}Slider", top, self) for part, top in zip(parts, tops, strict=True)
        )
        self.numbers = tuple(
            named(QSpinBox(self), f"colour{part}", maximum=top) for part, top in zip(parts, tops, strict=True)
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for line, (label, slider, number) in enumerate(zip(self.labels, self.sliders, self.numbers, strict=True)):
            number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            number.setFixedWidth(56)
            for column, widget in enumerate((label, slider, number)):
                grid.addWidget(widget, line, column)
            slider.valueChanged.connect(number.setValue)
            number.valueChanged.connect(slider.setValue)
            number.valueChanged.connect(self.changed)

    def set_names(self, names: Sequence[str]) -> None:
        """Texts of labels and tips."""
        for label, slider, number, name in zip(self.labels, self.sliders, self.numbers, names, strict=True):
            label.setText(name)
            for widget in (label, slider, number):
                widget.setToolTip(name)
                widget.setAccessibleName(name)

    def values(self) -> tuple[int, ...]:
        """The three numbers."""
        return tuple(number.value() for number in self.numbers)

    def show_values(self, values: Sequence[int], stops: Sequence[Sequence[QColor]]) -> None:
        """Show numbers, and grooves of these colours, without telling anyone."""
        for slider, number, value, colours in zip(self.sliders, self.numbers, values, stops, strict=True):
            with QSignalBlocker(slider), QSignalBlocker(number):
                slider.setValue(value)
                number.setValue(value)
            slider.set_stops(colours)


def hsv_stops(hue: float, saturation: float, value: float) -> tuple[list[QColor], ...]:
    """The grooves for a colour, parts 0..1: what moving one channel alone would give."""
    del saturation
    hues = [QColor.fromHsvF(step / 6 % 1.0, 1.0, 1.0) for step in range(7)]
    shade = max(value, 0.25)  # at black every groove would be black
    return (
        hues,
        [from_hsv(hue, 0.0, shade), from_hsv(hue, 1.0, shade)],
        [QColor("black"), from_hsv(hue, 1.0, 1.0)],
    )


def rgb_stops(colour: QColor) -> tuple[list[QColor], ...]:
    """The grooves for a colour: what moving one channel alone would give."""
    red, green, blue = colour.red(), colour.green(), colour.blue()
    return (
        [QColor(0, green, blue), QColor(255, green, blue)],
        [QColor(red, 0, blue), QColor(red, 255, blue)],
        [QColor(red, green, 0), QColor(red, green, 255)],
    )


def from_hsv(hue: float, saturation: float, value: float) -> QColor:
    """A colour of parts 0..1; Qt knows no hue of exactly 1."""
    return QColor.fromHsvF(min(hue, 0.9999), saturation, value)


class Hsv:
    """Hue, saturation and value 0..1 that outlive greys: grey has no hue and black no saturation of its own."""

    def __init__(self) -> None:
        self.parts = (0.0, 0.0, 0.0)

    @property
    def colour(self) -> QColor:
        """As Qt holds it."""
        return from_hsv(*self.parts)

    def follow(self, colour: QColor) -> None:
        """Take a colour from elsewhere, and keep what it does not say."""
        if self.colour.rgb() == colour.rgb():
            return
        hue = colour.hsvHueF() if colour.hsvHueF() >= 0 else self.parts[0]
        saturation = colour.hsvSaturationF() if colour.value() > 0 else self.parts[1]
        self.parts = (hue, saturation, colour.valueF())

    def whole(self) -> tuple[int, int, int]:
        """Degrees, percent, percent."""
        hue, saturation, value = self.parts
        return round(hue * 360) % 360, round(saturation * 100), round(value * 100)
