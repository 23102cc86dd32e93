"""The brush: size, edge, strength and what the pen's pressure does; the eraser has settings of its own."""

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from canvas.brush import BrushSettings
from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.layers import PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke
from desktop.naming import named
from desktop.view.canvas_view import CanvasView

LARGEST = 1000
STEPS = 1000
PREVIEW = QSize(220, 64)


class SizeScale:
    """Slider positions 0..STEPS to diameters 1..LARGEST, even in ratio."""

    @staticmethod
    def to_size(position: int) -> int:
        """Pixels."""
        return max(1, round(LARGEST ** (position / STEPS)))

    @staticmethod
    def to_position(size: float) -> int:
        """Slider position."""
        return round(STEPS * math.log(max(1.0, size)) / math.log(LARGEST))


class ValueRow(QWidget):
    """A label, a slider and a number that agree."""

    changed = Signal(int)

    def __init__(self, name: str, parent: QWidget, logarithmic: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}Row")
        self._logarithmic = logarithmic
        self.label = named(QLabel(self), f"{name}Label")
        self.slider = named(QSlider(Qt.Orientation.Horizontal, self), f"{name}Slider")
        self.number = named(QSpinBox(self), name)
        self.slider.setRange(0, STEPS if logarithmic else 100)
        self.number.setRange(1 if logarithmic else 0, LARGEST if logarithmic else 100)
        self.number.setSuffix(" px" if logarithmic else " %")
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setFixedWidth(68)
        self.slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(self._typed)

    def value(self) -> int:
        """Pixels or percent."""
        return self.number.value()

    def set_value(self, value: float) -> None:
        """Show a value without telling anyone."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.number.setValue(round(value))
            self.slider.setValue(SizeScale.to_position(value) if self._logarithmic else round(value))

    def _slid(self, position: int) -> None:
        self.number.setValue(SizeScale.to_size(position) if self._logarithmic else position)

    def _typed(self, value: int) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(SizeScale.to_position(value) if self._logarithmic else value)
        self.changed.emit(value)


class StrokePreview(QWidget):
    """One real stroke with the settings as they are, drawn small."""

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("brushPreview")
        self._view = view
        self.setMinimumHeight(PREVIEW.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return PREVIEW

    def paintEvent(self, event: QPaintEvent) -> None:
        """A wave, pressed lightly at its ends."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plate = QPainterPath()
            plate.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.fillPath(plate, self.palette().color(QPalette.ColorRole.Base))
            painter.setClipPath(plate)
            ratio = self.devicePixelRatioF()
            painter.scale(1 / ratio, 1 / ratio)
            self._draw_stroke(painter, self.width() * ratio, self.height() * ratio, ratio)

    def _draw_stroke(self, painter: QPainter, width: float, height: float, ratio: float) -> None:
        settings = self._view.brush
        size = min(settings.size * self._view.camera.zoom, height * 0.6)
        shown = replace(settings, size=max(1.0, size), eraser=False, smoothing=0.0)
        ink = self.palette().color(QPalette.ColorRole.Text)
        stroke = Stroke(PaintLayer(""), shown, (ink.red(), ink.green(), ink.blue()), Selection.none())
        left, right = 18 * ratio, width - 18 * ratio
        for step in range(41):
            t = step / 40
            y = height / 2 + math.sin(t * 2 * math.pi) * max(0.0, height * 0.42 - size / 2)
            stroke.add(left + (right - left) * t, y, 0.08 + 0.92 * math.sin(t * math.pi), t)
        for key in tiles_covering(Bounds(0, 0, math.ceil(width), math.ceil(height))):
            tile = stroke.tile(key)
            if tile is not None:
                painter.drawImage(QPointF(key[0] * TILE, key[1] * TILE), tile)


class BrushPanel(QWidget):
    """The settings of the brush, or of the eraser while it is chosen."""

    def __init__(self, view: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("brushPanel")
        self._view = view
        self.title = named(QLabel(self), "brushTitle")
        self.preview = StrokePreview(view, self)
        self.size_row = ValueRow("brushSize", self, logarithmic=True)
        self.hardness = ValueRow("brushHardness", self)
        self.strength = ValueRow("brushOpacity", self)
        self.flow = ValueRow("brushFlow", self)
        self.smoothing = ValueRow("brushSmoothing", self)
        self._rows = (self.size_row, self.hardness, self.strength, self.flow, self.smoothing)
        self.pressure = named(QLabel(self), "brushPressureLabel")
        self.pressure_size = named(QCheckBox(self), "brushPressureSize")
        self.pressure_opacity = named(QCheckBox(self), "brushPressureOpacity")
        self.pressure_flow = named(QCheckBox(self), "brushPressureFlow")
        self.build_up = named(QCheckBox(self), "brushBuildUp")
        self._checks = (self.pressure_size, self.pressure_opacity, self.pressure_flow, self.build_up)
        self._lay_out()
        self.retranslate()
        for row in self._rows:
            row.changed.connect(self._apply)
        for check in self._checks:
            check.toggled.connect(self._apply)
        view.brushChanged.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for line, row in enumerate(self._rows):
            grid.addWidget(row.label, line, 0)
            grid.addWidget(row.slider, line, 1)
            grid.addWidget(row.number, line, 2)
            row.hide()  # its parts live in the grid, so that all rows line up
        grid.setColumnStretch(1, 1)
        toggles = QHBoxLayout()
        toggles.addWidget(self.pressure)
        for check in (self.pressure_size, self.pressure_opacity, self.pressure_flow):
            toggles.addWidget(check)
        toggles.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.preview)
        layout.addLayout(grid)
        layout.addLayout(toggles)
        layout.addWidget(self.build_up)
        layout.addStretch(1)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        texts = (
            (self.size_row, self.tr("Size"), self.tr("Diameter in canvas pixels ([ and ])")),
            (self.hardness, self.tr("Hardness"), self.tr("How sharp the edge is")),
            (self.strength, self.tr("Opacity"), self.tr("The most that one stroke covers")),
            (self.flow, self.tr("Flow"), self.tr("How much paint each touch leaves")),
            (self.smoothing, self.tr("Smoothing"), self.tr("How much a shaky line is steadied")),
        )
        for row, label, tip in texts:
            row.label.setText(label)
            for widget in (row.label, row.slider, row.number):
                widget.setToolTip(tip)
        self.pressure.setText(self.tr("Pressure:"))
        self.pressure.setToolTip(self.tr("What pressing the pen harder changes"))
        self.pressure_size.setText(self.tr("size", "pressure changes"))
        self.pressure_size.setToolTip(self.tr("Pressing harder makes the line wider"))
        self.pressure_opacity.setText(self.tr("opacity", "pressure changes"))
        self.pressure_opacity.setToolTip(self.tr("Pressing harder makes the line more opaque"))
        self.pressure_flow.setText(self.tr("flow", "pressure changes"))
        self.pressure_flow.setToolTip(self.tr("Pressing harder leaves more paint"))
        self.build_up.setText(self.tr("Build up within a stroke"))
        self.build_up.setToolTip(self.tr("Passing over the same place again in one stroke adds paint"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _show(self) -> None:
        brush = self._view.brush
        self.title.setText(self.tr("Eraser") if brush.eraser else self.tr("Brush"))
        self.size_row.set_value(brush.size)
        for row, share in (
            (self.hardness, brush.hardness),
            (self.strength, brush.opacity),
            (self.flow, brush.flow),
            (self.smoothing, brush.smoothing),
        ):
            row.set_value(share * 100)
        flags = (brush.pressure_size, brush.pressure_opacity, brush.pressure_flow, brush.build_up)
        for check, on in zip(self._checks, flags, strict=True):
            with QSignalBlocker(check):
                check.setChecked(on)
        self.preview.update()

    def _apply(self) -> None:
        self._view.set_brush(self._wanted(self._view.brush))

    def _wanted(self, brush: BrushSettings) -> BrushSettings:
        return replace(
            brush,
            size=self.size_row.value(),
            hardness=self.hardness.value() / 100,
            opacity=self.strength.value() / 100,
            flow=self.flow.value() / 100,
            smoothing=self.smoothing.value() / 100,
            pressure_size=self.pressure_size.isChecked(),
            pressure_opacity=self.pressure_opacity.isChecked(),
            pressure_flow=self.pressure_flow.isChecked(),
            build_up=self.build_up.isChecked(),
        )
