"""The round buttons of the pop-up palette: a preset's stroke, a colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from canvas.brush_presets import BrushPreset
from desktop.brush_store import shown_name
from desktop.panels.preset_list import plate_colour, sample_spec
from desktop.panels.stroke_sample import SamplePainter


class RoundButton(QAbstractButton):
    """A disc with a rim that shows hover and focus; Enter clicks as Space does."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._over = False

    def hitButton(self, pos: QPoint) -> bool:
        """Inside the disc only."""
        away = QPointF(pos) - QRectF(self.rect()).center()
        return away.x() ** 2 + away.y() ** 2 <= (self.width() / 2) ** 2

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _disc(self) -> QPainterPath:
        path = QPainterPath()
        path.addEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        return path

    def _draw_rim(self, painter: QPainter, chosen: bool) -> None:
        rim = QColor(self.palette().color(QPalette.ColorRole.Text))
        rim.setAlpha(200 if self.hasFocus() else 120 if self._over else 45)
        if chosen:
            rim = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(rim, 2.0 if chosen or self.hasFocus() else 1.2))
        painter.drawPath(self._disc())


class PresetDot(RoundButton):
    """A preset: its stroke."""

    def __init__(self, name: str, samples: SamplePainter, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._samples = samples
        self._preset: BrushPreset | None = None
        self._chosen = False

    def show_preset(self, preset: BrushPreset | None, chosen: bool, number: int) -> None:
        """None: nothing is here. The number is its key."""
        self._preset, self._chosen = preset, chosen
        self.setVisible(preset is not None)
        name = "" if preset is None else shown_name(preset)
        self.setToolTip(f"{name} ({number})")
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Plate, stroke, rim."""
        del event
        if self._preset is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(self._disc(), plate_colour(self._preset, self.palette()))
            spec = sample_spec(self._preset, self.size(), self.devicePixelRatioF(), self.palette())
            picture = self._samples.picture(spec)
            if picture is not None:
                painter.save()
                painter.setClipPath(self._disc())
                painter.drawImage(QPointF(0, 0), picture)
                painter.restore()
            self._draw_rim(painter, self._chosen)


class ColourDot(RoundButton):
    """A colour that was painted with."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.colour: QColor | None = None

    def show_colour(self, colour: QColor | None) -> None:
        """None: nothing is here."""
        self.colour = colour
        self.setVisible(colour is not None)
        name = "" if colour is None else colour.name()
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc in its colour."""
        del event
        if self.colour is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(self._disc(), self.colour)
            self._draw_rim(painter, False)
