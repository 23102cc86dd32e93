"""The colour that the brush paints with: wheel, numbers, the last ones used, and a second one to swap with."""

import re

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.naming import named
from desktop.panels.colour_wheel import ColourWheel
from desktop.panels.glyphs import glyph
from desktop.view.canvas_view import CanvasView

RECENT = 12
RANGES = (359, 100, 100)  # hue in degrees, saturation and value in percent
HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class Swatch(QWidget):
    """A field of one colour that can be clicked."""

    clicked = Signal()

    def __init__(self, name: str, size: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFixedSize(size)
        self._colour: QColor | None = None

    @property
    def colour(self) -> QColor | None:
        """What it shows."""
        return self._colour

    def show_colour(self, colour: QColor | None) -> None:
        """None: an empty place."""
        self._colour = colour
        self.setCursor(Qt.CursorShape.ArrowCursor if colour is None else Qt.CursorShape.PointingHandCursor)
        self.setToolTip("" if colour is None else colour.name())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded field with a faint rim."""
        del event
        rim = self.palette().windowText().color()
        rim.setAlpha(60 if self._colour is not None else 25)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(rim)
            painter.setBrush(self._colour if self._colour is not None else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if self._colour is not None and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class ColourPanel(QWidget):
    """Shows and sets the view's colour."""

    def __init__(self, view: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colourPanel")
        self._view = view
        self._hsv = (0.0, 0.0, 0.0)
        self._other = QColor(255, 255, 255)
        self.recent: list[QColor] = []
        self.wheel = ColourWheel(self)
        self.current = Swatch("colourCurrent", QSize(34, 26), self)
        self.other = Swatch("colourOther", QSize(34, 26), self)
        self.swap_button = named(QToolButton(self), "colourSwap", autoRaise=True)
        self.hex = named(QLineEdit(self), "colourHex")
        self.hex.setMaxLength(7)
        self.sliders = tuple(
            named(QSlider(Qt.Orientation.Horizontal, self), f"colour{part}Slider", maximum=top)
            for part, top in zip(("Hue", "Saturation", "Value"), RANGES, strict=True)
        )
        self.numbers = tuple(
            named(QSpinBox(self), f"colour{part}", maximum=top)
            for part, top in zip(("Hue", "Saturation", "Value"), RANGES, strict=True)
        )
        self.labels = tuple(QLabel(self) for _ in RANGES)
        self.swatches = tuple(Swatch(f"colourRecent{n}", QSize(20, 20), self) for n in range(RECENT))
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show(view.color)

    def _lay_out(self) -> None:
        self.swap_button.setIcon(glyph("swap", self.palette().windowText().color()))
        pair, grid, recent = QHBoxLayout(), QGridLayout(), QHBoxLayout()
        pair.addWidget(self.current)
        pair.addWidget(self.swap_button)
        pair.addWidget(self.other)
        pair.addStretch(1)
        self.hex.setFixedWidth(84)
        pair.addWidget(self.hex)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for line, (label, slider, number) in enumerate(zip(self.labels, self.sliders, self.numbers, strict=True)):
            number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            number.setFixedWidth(56)
            number.setSuffix("°" if line == 0 else " %")
            for column, widget in enumerate((label, slider, number)):
                grid.addWidget(widget, line, column)
        recent.setSpacing(3)
        for swatch in self.swatches:
            recent.addWidget(swatch)
        recent.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.wheel, 1)
        layout.addLayout(pair)
        layout.addLayout(grid)
        layout.addLayout(recent)

    def _connect(self) -> None:
        self.wheel.chosen.connect(self._choose_hsv)
        self.hex.editingFinished.connect(self._typed_hex)
        self.swap_button.clicked.connect(self.swap)
        self.other.clicked.connect(self.swap)
        for slider, number in zip(self.sliders, self.numbers, strict=True):
            slider.valueChanged.connect(number.setValue)
            number.valueChanged.connect(slider.setValue)
            number.valueChanged.connect(self._numbered)
        for swatch in self.swatches:
            swatch.clicked.connect(lambda chosen=swatch: self._view.set_color(chosen.colour or self._view.color))
        self._view.colorChanged.connect(self._show)
        self._view.gestureFinished.connect(self._used)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        names = (self.tr("Hue"), self.tr("Saturation"), self.tr("Value"))
        for label, slider, number, name in zip(self.labels, self.sliders, self.numbers, names, strict=True):
            label.setText(name)
            slider.setToolTip(name)
            number.setToolTip(name)
        self.wheel.setToolTip(self.tr("Hue on the ring, saturation and value in the square"))
        self.hex.setToolTip(self.tr("The colour as #rrggbb"))
        self.swap_button.setToolTip(self.tr("Swap the two colours"))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "swatches"):
            self.swap_button.setIcon(glyph("swap", self.palette().windowText().color()))

    def swap(self) -> None:
        """Exchange the two colours."""
        new, self._other = self._other, self._view.color
        self._view.set_color(new)
        self.other.show_colour(self._other)

    def remember(self, colour: QColor) -> None:
        """Put a colour first among the last ones used."""
        self.recent = [colour, *(old for old in self.recent if old != colour)][:RECENT]
        for swatch, shown in zip(self.swatches, [*self.recent, *[None] * RECENT], strict=False):
            swatch.show_colour(shown)

    def _used(self) -> None:
        if self._view.tool_id == "brush":
            self.remember(self._view.color)

    def _choose_hsv(self, hue: float, saturation: float, value: float) -> None:
        self._hsv = (hue, saturation, value)
        self._view.set_color(QColor.fromHsvF(min(hue, 0.9999), saturation, value))
        self._show(self._view.color)

    def _numbered(self) -> None:
        parts = [number.value() / (360 if at == 0 else 100) for at, number in enumerate(self.numbers)]
        self._choose_hsv(*parts)

    def _typed_hex(self) -> None:
        match = HEX.fullmatch(self.hex.text().strip())
        if match is not None:
            self._view.set_color(QColor(f"#{match[1]}"))
        self._show(self._view.color)

    def _show(self, colour: QColor) -> None:
        mine = QColor.fromHsvF(min(self._hsv[0], 0.9999), self._hsv[1], self._hsv[2])
        if mine.rgb() != colour.rgb():
            # Grey has no hue and black no saturation: keep what the person had chosen.
            hue = colour.hsvHueF() if colour.hsvHueF() >= 0 else self._hsv[0]
            saturation = colour.hsvSaturationF() if colour.value() > 0 else self._hsv[1]
            self._hsv = (hue, saturation, colour.valueF())
        self.wheel.show_hsv(*self._hsv)
        shown = (round(self._hsv[0] * 360) % 360, round(self._hsv[1] * 100), round(self._hsv[2] * 100))
        for slider, number, part in zip(self.sliders, self.numbers, shown, strict=True):
            with QSignalBlocker(slider), QSignalBlocker(number):
                slider.setValue(part)
                number.setValue(part)
        self.hex.setText(colour.name())
        self.current.show_colour(colour)
        self.other.show_colour(self._other)
        if not self.recent:
            self.remember(QColor(colour))
