"""The colour in hand: wheel, sliders, hex, the last ones used, swatches, and a second colour to swap with."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from desktop.colours import ColourSet
from desktop.naming import named
from desktop.panels.colour_sliders import HSV_TOPS, RGB_TOPS, ChannelRows, Hsv, from_hsv, hsv_stops, rgb_stops
from desktop.panels.colour_wheel import ColourWheel
from desktop.panels.glyphs import glyph
from desktop.panels.swatches import Swatch, SwatchGrid
from desktop.view.canvas_view import CanvasView

HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
FIELD = QSize(28, 24)
SAVE_MS = 1500
PAINTS = ("brush", "fill", "gradient", "shapes", "text")
"""Tools whose gestures make the colour one of the last used."""


class ColourPanel(QWidget):
    """Shows and sets the view's colour."""

    def __init__(self, view: CanvasView, colours: ColourSet | None = None, parent: QWidget | None = None) -> None:
        """Without a set of colours the panel has one of its own, which is not remembered."""
        super().__init__(parent)
        self.setObjectName("colourPanel")
        self._view = view
        self.colours = ColourSet(parent=self) if colours is None else colours
        self._hsv = Hsv()
        self._other = QColor(self.colours.other)
        view.set_second_color(self._other)
        self.wheel = ColourWheel(self)
        self.current = Swatch("colourCurrent", FIELD, self)
        self.before = Swatch("colourBefore", QSize(14, FIELD.height()), self)
        self.other = Swatch("colourOther", FIELD, self)
        self.swap_button = named(QToolButton(self), "colourSwap", autoRaise=True)
        self.hex = named(QLineEdit(self), "colourHex", maxLength=7)
        self.hsv_button = named(QToolButton(self), "colourHsvButton", text="HSV", checkable=True, checked=True)
        self.rgb_button = named(QToolButton(self), "colourRgbButton", text="RGB", checkable=True)
        self.hsv = ChannelRows("colourHsv", ("Hue", "Saturation", "Value"), HSV_TOPS, self)
        self.rgb = ChannelRows("colourRgb", ("Red", "Green", "Blue"), RGB_TOPS, self)
        self.recent_label = named(QLabel(self), "colourRecentLabel", role="dim")
        self.recent = SwatchGrid("colourRecent", self)
        self.swatch_label = named(QLabel(self), "colourSwatchLabel", role="dim")
        self.swatches = SwatchGrid("colourSwatches", self, editable=True)
        self._save_timer = named(QTimer(self), "timer", interval=SAVE_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self.retranslate()
        if self.colours.current is not None:
            view.set_color(self.colours.current)
        self.before.show_colour(view.color)
        self._show(view.color)
        self._show_set()

    def _lay_out(self) -> None:
        self._dress()
        pair = QHBoxLayout()
        pair.setSpacing(3)
        for widget in (self.current, self.before, self.swap_button, self.other):
            pair.addWidget(widget)
        pair.addStretch(1)
        modes = QButtonGroup(self)
        modes.setObjectName("colourModes")
        for button in (self.hsv_button, self.rgb_button):
            button.setAutoRaise(True)
            modes.addButton(button)
            pair.addWidget(button)
        self.hex.setFixedWidth(68)
        pair.addWidget(self.hex)
        self.rgb.hide()
        for row in self.hsv.numbers[1:]:
            row.setSuffix(" %")
        self.hsv.numbers[0].setSuffix("°")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.wheel, 1)
        layout.addLayout(pair)
        for widget in (self.hsv, self.rgb, self.recent_label, self.recent, self.swatch_label, self.swatches):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.wheel.chosen.connect(self._choose_hsv)
        self.hsv.changed.connect(self._hsv_moved)
        self.rgb.changed.connect(lambda: self._view.set_color(QColor(*self.rgb.values())))
        self.rgb_button.toggled.connect(self._show_channels)
        self.hex.editingFinished.connect(self._typed_hex)
        self.swap_button.clicked.connect(self.swap)
        self.other.clicked.connect(self.swap)
        self.before.clicked.connect(lambda: self._view.set_color(self.before.colour or self._view.color))
        for grid in (self.recent, self.swatches):
            grid.chosen.connect(self._view.set_color)
        self.swatches.added.connect(self.add_swatch)
        self.swatches.removed.connect(self.colours.remove_swatch)
        self.swatches.replaced.connect(lambda at: self.colours.replace_swatch(at, self._view.color))
        self.colours.changed.connect(self._show_set)
        self._save_timer.timeout.connect(self.colours.save)
        self._view.colorChanged.connect(self._show)
        self._view.gestureFinished.connect(self._used)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.hsv.set_names((self.tr("Hue"), self.tr("Saturation"), self.tr("Value")))
        self.rgb.set_names((self.tr("Red"), self.tr("Green"), self.tr("Blue")))
        self.wheel.setToolTip(self.tr("Hue on the ring, saturation and value in the square"))
        self.wheel.setAccessibleName(self.wheel.toolTip())
        self.hex.setToolTip(self.tr("The colour as #rrggbb"))
        self.hsv_button.setToolTip(self.tr("Sliders of hue, saturation and value"))
        self.rgb_button.setToolTip(self.tr("Sliders of red, green and blue"))
        self.swap_button.setToolTip(self.tr("Swap the two colours (X)"))
        self.current.set_tip(self.tr("The colour now"))
        self.before.set_tip(self.tr("The colour painted with last; click to take it again"))
        self.other.set_tip(self.tr("The colour in reserve; click to swap (X)"))
        self.recent_label.setText(self.tr("Recent"))
        self.swatch_label.setText(self.tr("Swatches"))
        self.recent.setAccessibleName(self.recent_label.text())
        self.swatches.setAccessibleName(self.swatch_label.text())

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if not hasattr(self, "swatches"):
            return
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        self.swap_button.setIcon(glyph("swap", self.palette().windowText().color()))

    def swap(self) -> None:
        """Exchange the two colours."""
        new, self._other = self._other, self._view.color
        self._view.set_color(new)
        self._view.set_second_color(self._other)
        self.colours.other = QColor(self._other)
        self.other.show_colour(self._other)
        self._save_timer.start()

    def add_swatch(self) -> None:
        """Keep the colour in hand among the swatches."""
        self.colours.add_swatch(self._view.color)

    def save(self) -> None:
        """Write the colours to the settings now."""
        self._save_timer.stop()
        self.colours.save()

    def _used(self) -> None:
        if self._view.tool_id in PAINTS:
            self.colours.remember(self._view.color)
            self.before.show_colour(self._view.color)
            self._save_timer.start()

    def _show_channels(self, rgb: bool) -> None:
        self.hsv.setVisible(not rgb)
        self.rgb.setVisible(rgb)

    def _choose_hsv(self, hue: float, saturation: float, value: float) -> None:
        self._hsv.parts = (hue, saturation, value)
        self._view.set_color(from_hsv(hue, saturation, value))
        self._show(self._view.color)

    def _hsv_moved(self) -> None:
        hue, saturation, value = self.hsv.values()
        self._choose_hsv(hue / 360, saturation / 100, value / 100)

    def _typed_hex(self) -> None:
        match = HEX.fullmatch(self.hex.text().strip())
        if match is not None:
            self._view.set_color(QColor(f"#{match[1]}"))
        self._show(self._view.color)

    def _show(self, colour: QColor) -> None:
        self._hsv.follow(colour)
        self.wheel.show_hsv(*self._hsv.parts)
        self.hsv.show_values(self._hsv.whole(), hsv_stops(*self._hsv.parts))
        self.rgb.show_values((colour.red(), colour.green(), colour.blue()), rgb_stops(colour))
        self.hex.setText(colour.name())
        self.current.show_colour(colour)
        self.other.show_colour(self._other)
        if self.colours.current != colour:
            self.colours.current = QColor(colour)
            self._save_timer.start()

    def _show_set(self) -> None:
        self.recent.show_colours(self.colours.recent or [self._view.color])
        self.swatches.show_colours(self.colours.swatches)
