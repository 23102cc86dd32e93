"""The navigator: the whole painting in small, where the view stands over it, and how near and how turned it is."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDial, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from canvas.geometry import PointF
from desktop.naming import named
from desktop.panels.glyphs import glyph
from desktop.view.camera import MAX_ZOOM, MIN_ZOOM, Camera
from desktop.view.canvas_view import CanvasView
from desktop.view.input import WHEEL_STEP
from desktop.view.overlays import outline_pens
from desktop.view.overview import Overview

STEPS = 24  # of the zoom slider per doubling
MARGIN = 6.0


class MiniMap(QWidget):
    """The picture with the view's rectangle; press or drag to go there, turn the wheel to zoom."""

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("navigatorMap")
        self.setMinimumHeight(90)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self.overview = Overview(view.document, view.compositor, self)
        self.overview.changed.connect(self.update)
        view.viewChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for a picture of usual proportions."""
        return QSize(260, 180)

    def scale(self) -> tuple[float, QPointF]:
        """Logical pixels per canvas pixel, and where the canvas' origin lies."""
        area = self.overview.area
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        scale = min(room.width() / max(area.width, 1), room.height() / max(area.height, 1))
        middle = area.center
        return scale, QPointF(self.width() / 2 - middle.x * scale, self.height() / 2 - middle.y * scale)

    def to_canvas(self, at: QPointF) -> PointF:
        """The canvas point under a place of this widget."""
        scale, origin = self.scale()
        return PointF((at.x() - origin.x()) / scale, (at.y() - origin.y()) / scale)

    def view_shape(self) -> QPolygonF:
        """What the view shows, turned as the view is, in logical pixels of this widget."""
        camera = self._view.camera
        width, height = camera.device_size
        scale, origin = self.scale()
        corners = (camera.from_device(x, y) for x, y in ((0, 0), (width, 0), (width, height), (0, height)))
        return QPolygonF([QPointF(origin.x() + x * scale, origin.y() + y * scale) for x, y in corners])

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, then the view."""
        del event
        scale, origin = self.scale()
        area, image = self.overview.area, self.overview.image
        step = 1 << self.overview.level
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            corner = QPointF(origin.x() + area.x * scale, origin.y() + area.y * scale)
            place = QRectF(corner.x(), corner.y(), area.width * scale, area.height * scale)
            if not image.isNull():
                painter.drawImage(place, image, QRectF(0, 0, area.width / step, area.height / step))
            shade = QPolygonF(QRectF(self.rect())).subtracted(self.view_shape())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 70))
            painter.drawPolygon(shade, Qt.FillRule.OddEvenFill)
            outline_pens(painter, lambda: painter.drawPolygon(self.view_shape()))
            painter.setPen(QPen(self.palette().mid().color(), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer or further."""
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        self._view.zoom_by(WHEEL_STEP**turns)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self.overview.set_awake(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.overview.set_awake(False)

    def _go(self, at: QPointF) -> None:
        x, y = self.to_canvas(at)
        camera = self._view.camera
        self._view.set_camera(camera.holding((x, y), (camera.width / 2, camera.height / 2)))


class NavigatorPanel(QWidget):
    """Map, zoom, rotation, mirror."""

    def __init__(self, view: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigatorPanel")
        self._view = view
        self.map = MiniMap(view, self)
        self.zoom = named(QSlider(Qt.Orientation.Horizontal, self), "navigatorZoom")
        self.zoom.setRange(_zoom_step(MIN_ZOOM), _zoom_step(MAX_ZOOM))
        self.percent = named(QLabel(self), "navigatorPercent")
        self.turn = named(QDial(self), "navigatorTurn")
        self.turn.setRange(-180, 180)
        self.turn.setWrapping(True)
        self.turn.setFixedSize(34, 34)
        self.reset = named(QToolButton(self), "navigatorUpright", autoRaise=True)
        self.mirror = named(QToolButton(self), "navigatorMirror", autoRaise=True, checkable=True)
        self._lay_out()
        self.zoom.valueChanged.connect(lambda step: view.zoom_to(2.0 ** (step / STEPS)))
        self.turn.valueChanged.connect(lambda degrees: view.rotate_to(float(degrees)))
        self.reset.clicked.connect(view.reset_rotation)
        self.mirror.clicked.connect(view.mirror)
        view.viewChanged.connect(self._follow)
        self.retranslate()
        self._follow()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(6)
        for widget in (self.zoom, self.percent, self.turn, self.reset, self.mirror):
            below.addWidget(widget)
        self.percent.setMinimumWidth(self.percent.fontMetrics().horizontalAdvance("6400 %") + 2)
        self.percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        ink = self.palette().windowText().color()
        self.mirror.setIcon(glyph("mirror", ink))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self.map, 1)
        layout.addLayout(below)

    def release_document(self) -> None:
        """Stop listening; the document is about to go."""
        self.map.overview.release()

    def _follow(self) -> None:
        """Show where the view stands now."""
        camera: Camera = self._view.camera
        with QSignalBlocker(self.zoom), QSignalBlocker(self.turn):
            self.zoom.setValue(_zoom_step(camera.zoom))
            self.turn.setValue(round(camera.rotation))
        self.percent.setText(f"{camera.zoom * 100:.3g} %" if camera.zoom < 10 else f"{camera.zoom * 100:.0f} %")
        self.reset.setText(f"{camera.rotation:.0f}°")
        self.reset.setEnabled(camera.rotation != 0)
        self.mirror.setChecked(camera.mirrored)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.map.setToolTip(self.tr("Click or drag to go there; turn the wheel to zoom"))
        self.zoom.setToolTip(self.tr("Zoom"))
        self.turn.setToolTip(self.tr("Turn the view"))
        self.reset.setToolTip(self.tr("Turn the view upright again"))
        self.mirror.setToolTip(self.tr("Mirror the view; nothing is changed"))


def _zoom_step(zoom: float) -> int:
    return round(math.log2(zoom) * STEPS)
