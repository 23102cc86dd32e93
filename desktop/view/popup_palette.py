"""The pop-up palette: colour, last colours, presets and size on a round card at the cursor."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRadialGradient,
)
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QWidget

from canvas.brush_presets import BrushPreset
from desktop.brush_store import QUICK
from desktop.colours import RECENT, ColourSet
from desktop.naming import named
from desktop.panels.colour_sliders import Hsv, from_hsv
from desktop.panels.colour_wheel import ColourWheel
from desktop.panels.size_scale import STEPS, SizeScale
from desktop.panels.stroke_sample import SamplePainter, SampleSpec
from desktop.preset_choice import PresetChoice
from desktop.view.canvas_view import CanvasView
from desktop.view.popup_buttons import ColourDot, PresetDot

SIDE = 348
"""Logical pixels across, where the view has room for it."""
WHEEL_SIDE = 168
DOT, PLATE = 19, 54
COLOUR_ORBIT, PRESET_ORBIT = 97, 135
ARC = 236.0
"""Degrees of the orbits, open at the bottom where the size is."""
SHADOW = 8


class PopupPalette(QWidget):
    """Over the canvas; it never waits for anything, and a press outside it or Esc closes it."""

    def __init__(self, view: CanvasView, choice: PresetChoice, colours: ColourSet, samples: SamplePainter) -> None:
        super().__init__(view)
        self.setObjectName("popupPalette")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a press here is not a dab on the canvas
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._view, self._choice, self._colours, self._samples = view, choice, colours, samples
        self._hsv = Hsv()
        self._shown_presets: list[BrushPreset] = []
        self.presets = [PresetDot(f"popupPreset{n + 1}", samples, self) for n in range(QUICK)]
        self.dots = [ColourDot(f"popupColour{n + 1}", self) for n in range(RECENT)]
        self.wheel = named(ColourWheel(self), "popupWheel")
        self.wheel.setMinimumSize(60, 60)
        self.size_slider = named(QSlider(Qt.Orientation.Horizontal, self), "popupSize", maximum=STEPS, pageStep=50)
        self.size_label = named(QLabel(self), "popupSizeLabel")
        self.size_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        for index, plate in enumerate(self.presets):
            plate.clicked.connect(lambda _=False, at=index: self._take(at))
        for dot in self.dots:
            dot.clicked.connect(lambda _=False, chosen=dot: self._take_colour(chosen.colour))
        self.wheel.chosen.connect(self._choose_hsv)
        self.size_slider.valueChanged.connect(self._sized)
        view.colorChanged.connect(self._show_colour)
        view.brushChanged.connect(self._show_size)
        samples.ready.connect(self._sample_ready)  # a method: a lambda would outlive this window
        self.retranslate()

    # --- opening and closing

    def open_at(self, x: float, y: float) -> None:
        """Appears with its middle at a place of the view, wholly inside the view."""
        side = min(SIDE, self._view.width(), self._view.height())
        left = min(max(round(x - side / 2), 0), self._view.width() - side)
        top = min(max(round(y - side / 2), 0), self._view.height() - side)
        self.setGeometry(left, top, side, side)
        self._arrange()
        self._fill()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def close_card(self) -> None:
        """Goes away and gives the canvas the keyboard."""
        if not self.isVisible():
            return
        had_focus = self.isAncestorOf(self.focusWidget() or self) or self.hasFocus()
        self.hide()
        if had_focus:
            self._view.setFocus(Qt.FocusReason.PopupFocusReason)

    def toggle_at(self, x: float, y: float) -> None:
        """Opens, or closes when it is open."""
        self.close_card() if self.isVisible() else self.open_at(x, y)

    def hideEvent(self, event: QHideEvent) -> None:
        """Listens to nobody while it is not there."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press outside closes; on the canvas it does nothing else."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress) and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if not inside:
                self.close_card()
                return watched is self._view
        elif event.type() == QEvent.Type.Resize and watched is self._view:
            self.close_card()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The corners around the disc are outside; the right button closes."""
        away = event.position() - QRectF(self.rect()).center()
        if math.hypot(away.x(), away.y()) > self.width() / 2 or event.button() == Qt.MouseButton.RightButton:
            self.close_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter close, digits take a preset."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_card()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_8:
            self._take(key - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Esc and digits are ours even where the window has a shortcut for them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ours = event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if ours or Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_8:
                event.accept()
                return True
        return super().event(event)

    # --- choosing

    def _take(self, index: int) -> None:
        if index < len(self._shown_presets):
            self._choice.take(self._shown_presets[index].id)
            self.close_card()

    def _take_colour(self, colour: QColor | None) -> None:
        if colour is not None:
            self._view.set_color(colour)
            self.close_card()

    def _choose_hsv(self, hue: float, saturation: float, value: float) -> None:
        self._hsv.parts = (hue, saturation, value)
        self._view.set_color(from_hsv(hue, saturation, value))

    def _sized(self, position: int) -> None:
        self._view.set_brush(replace(self._view.brush, size=float(SizeScale.to_size(position))))

    # --- showing

    def _arrange(self) -> None:
        scale, middle = self.width() / SIDE, QPointF(self.width() / 2, self.height() / 2)
        _put(self.wheel, middle, QSize(round(WHEEL_SIDE * scale), round(WHEEL_SIDE * scale)))
        for index, plate in enumerate(self.presets):
            place = middle + on_orbit(index - (QUICK - 1) / 2, QUICK) * (PRESET_ORBIT * scale)
            _put(plate, place, QSize(round(PLATE * scale), round(PLATE * scale)))
        _put(self.size_slider, middle + QPointF(0, 118 * scale), QSize(round(150 * scale), 22))
        _put(self.size_label, middle + QPointF(0, 140 * scale), QSize(round(110 * scale), 18))

    def _fill(self) -> None:
        self._shown_presets = self._choice.store.quick()
        chosen = self._choice.preset
        for index, plate in enumerate(self.presets):
            preset = self._shown_presets[index] if index < len(self._shown_presets) else None
            plate.show_preset(preset, preset is not None and chosen is not None and preset.id == chosen.id, index + 1)
        self._show_recent()
        self._show_colour(self._view.color)
        self._show_size()

    def _show_recent(self) -> None:
        """The newest at the top, older ones to both sides of it."""
        count, scale, middle = len(self._colours.recent), self.width() / SIDE, QPointF(self.rect().center())
        for index, dot in enumerate(self.dots):
            dot.show_colour(self._colours.recent[index] if index < count else None)
            step = (index + 1) // 2 * (1 if index % 2 else -1)
            place = middle + on_orbit(step, RECENT) * (COLOUR_ORBIT * scale)
            _put(dot, place, QSize(round(DOT * scale), round(DOT * scale)))

    def _show_colour(self, colour: QColor) -> None:
        self._hsv.follow(colour)
        self.wheel.show_hsv(*self._hsv.parts)

    def _show_size(self) -> None:
        size = self._view.brush.size
        with QSignalBlocker(self.size_slider):
            self.size_slider.setValue(SizeScale.to_position(size))
        self.size_label.setText(self.tr("{size} px").format(size=f"{size:.0f}"))

    def _sample_ready(self, _spec: SampleSpec) -> None:
        if self.isVisible():
            for plate in self.presets:
                plate.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc with a soft shadow."""
        del event
        middle, radius = QRectF(self.rect()).center(), self.width() / 2 - SHADOW
        shadow = QRadialGradient(middle, self.width() / 2)
        for place, alpha in ((radius / (radius + SHADOW), 70), (1.0, 0)):
            shadow.setColorAt(place, QColor(0, 0, 0, alpha))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shadow)
            painter.drawEllipse(middle, self.width() / 2, self.width() / 2)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
            painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
            painter.drawEllipse(middle, radius, radius)

    # --- texts

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "size_label"):
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.setAccessibleName(self.tr("Pop-up palette"))
        self.wheel.setToolTip(self.tr("Hue on the ring, saturation and value in the square"))
        self.wheel.setAccessibleName(self.wheel.toolTip())
        self.size_slider.setToolTip(self.tr("Diameter of the brush in canvas pixels"))
        self.size_slider.setAccessibleName(self.size_slider.toolTip())
        self._show_size()


def on_orbit(steps: float, count: int) -> QPointF:
    """The direction so many steps to the right of the top, where `count` places are spread over the arc."""
    turn = math.radians(ARC * steps / max(1, count - 1))
    return QPointF(math.sin(turn), -math.cos(turn))


def _put(widget: QWidget, middle: QPointF, size: QSize) -> None:
    widget.setGeometry(
        round(middle.x() - size.width() / 2), round(middle.y() - size.height() / 2), size.width(), size.height()
    )
