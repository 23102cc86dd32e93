"""The forms of the four adjustments. Each shows a frozen value and tells which one it should become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from canvas.adjustments import Adjustment, BrightnessContrast, Curves, HueSaturation, Levels, curve_table
from desktop.naming import named
from desktop.panels.curve_editor import CurveEditor, Points
from desktop.panels.gradient_slider import GradientSlider
from desktop.panels.levels_field import LevelsField, draw_tones
from desktop.panels.number_field import NumberField, NumberRange
from desktop.panels.tones import Tones

TURN = 180


class AdjustmentForm(QWidget):
    """What is common: numbers bound to fields of the adjustment."""

    edited = Signal(object)
    """The adjustment as it should be now, while something is dragged, too."""
    wants_tones = False

    def __init__(self, name: str, adjustment: Adjustment, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.adjustment = adjustment
        self.numbers: dict[str, NumberField] = {}
        self._scales: dict[str, float] = {}
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(8)

    def add_number(self, field: str, numbers: NumberRange, scale: float = 1.0) -> NumberField:
        """A number for a field; the field is the number divided by `scale`."""
        made = NumberField(f"{self.objectName()}-{field}", numbers, self)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setMinimumWidth(56)
        made.changed.connect(lambda value: self.change(**{field: value / scale}))
        self.numbers[field], self._scales[field] = made, scale
        return made

    def change(self, **values: Any) -> None:
        """Another value for some fields; told if it makes a difference."""
        changed = replace(self.adjustment, **values)
        if changed != self.adjustment:
            self.show_adjustment(changed)
            self.edited.emit(changed)

    def show_adjustment(self, adjustment: Adjustment) -> None:
        """Show a value without telling anyone."""
        self.adjustment = adjustment
        for field, number in self.numbers.items():
            number.show_value(getattr(adjustment, field) * self._scales[field])

    def show_tones(self, tones: Tones) -> None:
        """Other tones lie below the adjustment."""

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""


class LevelsForm(AdjustmentForm):
    """Handles under the tones, and their numbers."""

    wants_tones = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__("levelsForm", Levels(), parent)
        self.field = LevelsField("levelsField", self)
        self.field.changed.connect(self._dragged)
        self.rows.addWidget(self.field, 1)
        whole = NumberRange(0, 255, 0)
        inputs = QHBoxLayout()
        inputs.setSpacing(4)
        self.add_number("black", whole, 255)
        self.add_number("gamma", NumberRange(0.1, 10.0, 1.0, decimals=2, even_in_ratio=True))
        self.add_number("white", NumberRange(0, 255, 255), 255)
        self.add_number("out_black", whole, 255)
        self.add_number("out_white", NumberRange(0, 255, 255), 255)
        outputs = QHBoxLayout()
        outputs.setSpacing(4)
        self.rows.addWidget(self.numbers["gamma"])
        for name in ("black", "white"):
            inputs.addWidget(self.numbers[name])
        for name in ("out_black", "out_white"):
            outputs.addWidget(self.numbers[name])
        self.rows.addLayout(inputs)
        self.rows.addLayout(outputs)
        self.rows.addStretch(1)
        self.retranslate()

    def change(self, **values: Any) -> None:
        """White stays above black."""
        levels = self.adjustment
        if isinstance(levels, Levels):
            gap = 1 / 255
            if "black" in values:
                values["black"] = min(values["black"], levels.white - gap)
            if "white" in values:
                values["white"] = max(values["white"], levels.black + gap)
        super().change(**values)
        super().show_adjustment(self.adjustment)  # a number that went too far comes back

    def _dragged(self, levels: Levels) -> None:
        self.show_adjustment(levels)
        self.edited.emit(levels)

    def show_adjustment(self, adjustment: Adjustment) -> None:
        """Handles and numbers."""
        super().show_adjustment(adjustment)
        if isinstance(adjustment, Levels):
            self.field.show_levels(adjustment)

    def show_tones(self, tones: Tones) -> None:
        """Behind the handles."""
        self.field.show_tones(tones)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        labels = {
            "black": (self.tr("Black"), self.tr("Everything darker becomes black")),
            "gamma": (self.tr("Middle"), self.tr("Above 1 lightens the middle tones, below 1 darkens them")),
            "white": (self.tr("White"), self.tr("Everything lighter becomes white")),
            "out_black": (self.tr("Darkest"), self.tr("What black becomes")),
            "out_white": (self.tr("Lightest"), self.tr("What white becomes")),
        }
        for name, (label, tip) in labels.items():
            self.numbers[name].set_label(label)
            self.numbers[name].setToolTip(tip)


class ToneCurve(CurveEditor):
    """A curve over the tones of what is below."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent, lambda points: curve_table(points).tolist())
        self.setMinimumHeight(110)
        self.setMaximumHeight(260)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._heights = [0.0] * 256
        self._ink = QColor(128, 128, 128)

    def show_tones(self, heights: list[float], ink: QColor) -> None:
        """256 heights 0..1, and their colour."""
        self._heights, self._ink = heights, ink
        self.update()

    def _draw_grid(self, painter: QPainter, field: QRectF, ink: QColor) -> None:
        super()._draw_grid(painter, field, ink)
        draw_tones(painter, field, self._heights, self._ink)


class CurvesForm(AdjustmentForm):
    """One curve for all channels and one for each, chosen by a button."""

    wants_tones = True
    CHANNELS: ClassVar = ("all", "red", "green", "blue")
    INKS: ClassVar = {"red": "#d9534b", "green": "#4f9d5d", "blue": "#4b78cf"}

    def __init__(self, parent: QWidget) -> None:
        super().__init__("curvesForm", Curves(), parent)
        self.channel = "all"
        self._tones: Tones | None = None
        self.buttons: dict[str, QToolButton] = {}
        group = named(QButtonGroup(self), "curvesChannels")
        line = QHBoxLayout()
        line.setSpacing(4)
        for name in self.CHANNELS:
            button = named(QToolButton(self), f"curvesChannel-{name}", plain=True)
            button.setCheckable(True)
            button.setStyleSheet("padding: 4px 2px")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, chosen=name: self.choose(chosen))
            group.addButton(button)
            self.buttons[name] = button
            line.addWidget(button)
        self.curve = ToneCurve("curvesCurve", self)
        self.curve.changed.connect(lambda: self.change(**{self.channel: self.curve.points}))
        self.rows.addLayout(line)
        self.rows.addWidget(self.curve, 1)
        self.rows.addStretch(0)
        self.retranslate()
        self.choose("all")

    def choose(self, channel: str) -> None:
        """Bend the curve of this channel from now on."""
        self.channel = channel
        self.buttons[channel].setChecked(True)
        self.show_adjustment(self.adjustment)
        if self._tones is not None:
            self.show_tones(self._tones)

    def show_adjustment(self, adjustment: Adjustment) -> None:
        """The curve of the chosen channel."""
        super().show_adjustment(adjustment)
        if isinstance(adjustment, Curves):
            points: Points = getattr(adjustment, self.channel)
            self.curve.set_points(points)
            for name, button in self.buttons.items():
                bent = getattr(adjustment, name) != getattr(Curves(), name)
                font = button.font()
                font.setBold(bent)
                button.setFont(font)

    def show_tones(self, tones: Tones) -> None:
        """Those of the chosen channel."""
        self._tones = tones
        ink = QColor(self.INKS.get(self.channel, "#8a8f95"))
        self.curve.show_tones(tones[self.CHANNELS.index(self.channel)].tolist(), ink)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        texts = {
            "all": (self.tr("All"), self.tr("Bend red, green and blue together")),
            "red": (self.tr("Red"), self.tr("Bend red only")),
            "green": (self.tr("Green"), self.tr("Bend green only")),
            "blue": (self.tr("Blue"), self.tr("Bend blue only")),
        }
        for name, (text, tip) in texts.items():
            self.buttons[name].setText(text)
            self.buttons[name].setToolTip(tip)


class HueSaturationForm(AdjustmentForm):
    """Hue over a rainbow, saturation, lightness, and one hue for all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("hueSaturationForm", HueSaturation(), parent)
        self.rainbow = GradientSlider("hueSaturationRainbow", 2 * TURN, self)
        self.rainbow.valueChanged.connect(lambda value: self.change(hue=float(value - TURN)))
        self.rows.addWidget(self.rainbow)
        self.rows.addWidget(self.add_number("hue", NumberRange(-TURN, TURN, 0, suffix="°")))
        self.rows.addWidget(self.add_number("saturation", NumberRange(-100, 100, 0, suffix=" %"), 100))
        self.rows.addWidget(self.add_number("lightness", NumberRange(-100, 100, 0, suffix=" %"), 100))
        self.colorize = named(QCheckBox(self), "hueSaturationColorize")
        self.colorize.toggled.connect(lambda on: self.change(colorize=on))
        self.rows.addWidget(self.colorize)
        self.rows.addStretch(1)
        self.retranslate()
        self.show_adjustment(self.adjustment)

    def show_adjustment(self, adjustment: Adjustment) -> None:
        """Numbers, rainbow, tick."""
        super().show_adjustment(adjustment)
        if isinstance(adjustment, HueSaturation):
            for widget in (self.rainbow, self.colorize):
                widget.blockSignals(True)
            self.rainbow.setValue(round(adjustment.hue) + TURN)
            self.colorize.setChecked(adjustment.colorize)
            for widget in (self.rainbow, self.colorize):
                widget.blockSignals(False)
            # Colorizing, the place on the bar is the hue; else it is what red would become.
            self.rainbow.set_stops([QColor.fromHsv((at * 15 + TURN) % 360, 190, 215) for at in range(25)])
            self.rainbow.update()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        labels = {
            "hue": (self.tr("Hue"), self.tr("Turns every hue by this angle; colorizing, the hue that all get")),
            "saturation": (self.tr("Saturation"), self.tr("Stronger or weaker colours; -100 % is grey")),
            "lightness": (self.tr("Lightness"), self.tr("Towards black or white")),
        }
        for name, (label, tip) in labels.items():
            self.numbers[name].set_label(label)
            self.numbers[name].setToolTip(tip)
        self.rainbow.setToolTip(self.tr("What red becomes"))
        self.colorize.setText(self.tr("Colorize"))
        self.colorize.setToolTip(self.tr("Give everything one hue"))


class BrightnessContrastForm(AdjustmentForm):
    """Two numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("brightnessContrastForm", BrightnessContrast(), parent)
        self.rows.addWidget(self.add_number("brightness", NumberRange(-100, 100, 0, suffix=" %"), 100))
        self.rows.addWidget(self.add_number("contrast", NumberRange(-100, 100, 0, suffix=" %"), 100))
        self.rows.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.numbers["brightness"].set_label(self.tr("Brightness"))
        self.numbers["brightness"].setToolTip(self.tr("Lighter or darker"))
        self.numbers["contrast"].set_label(self.tr("Contrast"))
        self.numbers["contrast"].setToolTip(self.tr("Tones further apart or closer together"))


def make_forms(parent: QWidget) -> dict[str, AdjustmentForm]:
    """A form for every kind of adjustment."""
    return {
        Levels.kind: LevelsForm(parent),
        Curves.kind: CurvesForm(parent),
        HueSaturation.kind: HueSaturationForm(parent),
        BrightnessContrast.kind: BrightnessContrastForm(parent),
    }
