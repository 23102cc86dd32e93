"""Draws what the model sees over the canvas: the region, the fill, the soft mask and the rim, where they really are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from canvas.pixels import view as pixels_of
from desktop.generation.foresight import Foresight, Sight
from desktop.view.camera import Camera
from desktop.view.canvas_view import CanvasView
from desktop.view.model_sight_look import ALL, COLOURS, Lines, Rays, SightLayer, outlines, rays_of, sight_image
from desktop.view.overlays import draw_label
from desktop.view.renderer import device_transform

DIM = QColor(8, 9, 11, 120)
EDGE, SEAM = QColor(255, 255, 255), QColor(0, 0, 0, 130)
SUBPIXEL = 4
"""Bits of a pixel to which lines are placed."""
LABEL_HEIGHT = 20
FINE = 0.5
"""Below this part of its size a picture is averaged before it is drawn."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A sight made ready to draw."""

    sight: Sight
    layers: frozenset[SightLayer]
    image: QImage
    lines: tuple[tuple[Lines, QColor, float], ...]
    """Lines, their colour and their width in logical pixels."""
    quick: tuple[tuple[QPolygonF, QColor], ...]
    """The same, for while the view moves."""
    rays: tuple[Rays, ...]
    sharp: dict[Camera, QImage] = field(default_factory=dict)
    """The image as one camera sees it; empty while nobody made it."""


@dataclass(frozen=True)
class Way:
    """A line to one grip of the rim, with the words beside it; logical pixels."""

    start: QPointF
    end: QPointF
    colour: QColor
    text: str
    shows_text: bool


def draw(sight: Sight, layers: frozenset[SightLayer]) -> Drawn:
    """Everything that takes long; any thread."""
    lines: list[tuple[Lines, QColor, float]] = []
    if layers & {SightLayer.FILL, SightLayer.MASK}:  # the ants walk under them
        lines.append((outlines(sight.selected.astype(np.float32) / 255.0, sight.crop), EDGE, 1.0))
    if SightLayer.RIM in layers:
        lines.append((outlines(sight.masks.composite, sight.crop), COLOURS[SightLayer.RIM], 1.8))
    quick = tuple((_polygon_of(line), colour) for found, colour, _ in lines for line in found)
    rays = rays_of(sight.selected, sight.crop)
    return Drawn(sight, layers, sight_image(sight, layers), tuple(lines), quick, rays)


def _polygon_of(line: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in line])


def sharpened(drawn: Drawn, camera: Camera) -> QImage:
    """Picture and lines as the camera sees them, in device pixels and smooth. Any thread."""
    seen = _seen(drawn.image, drawn.sight.crop, camera)
    m11, m12, m21, m22 = camera.linear()
    matrix, origin = np.array([[m11, m12], [m21, m22]]), np.array(camera.origin) - 0.5
    fixed, over = 1 << SUBPIXEL, np.zeros_like(seen)
    for lines, colour, width in drawn.lines:
        placed = [np.rint((line @ matrix + origin) * fixed).astype(np.int32) for line in lines]
        for ink, wide in ((SEAM, width + 2.0), (colour, width)):
            word = tuple(part * ink.alpha() // 255 for part in (ink.blue(), ink.green(), ink.red(), 255))
            thick = max(1, round(wide * camera.ratio))
            cv2.polylines(over, placed, False, word, thick, cv2.LINE_AA, SUBPIXEL)
    kept = (255 - over[..., 3:]).astype(np.uint16)
    seen = (over + (seen * kept + 127) // 255).astype(np.uint8)
    height, width = seen.shape[:2]
    return QImage(seen.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _seen(image: QImage, area: Bounds, camera: Camera) -> NDArray[np.uint8]:
    """A premultiplied picture that covers `area` of the canvas, (height, width, 4) of the view's device pixels."""
    source: NDArray[np.uint8] = pixels_of(image)
    shrunk = camera.zoom * area.width / image.width()
    if shrunk < FINE:
        side = (max(1, round(image.width() * shrunk)), max(1, round(image.height() * shrunk)))
        source = cv2.resize(source, side, interpolation=cv2.INTER_AREA).astype(np.uint8)
    across, down = area.width / source.shape[1], area.height / source.shape[0]
    m11, m12, m21, m22 = camera.linear()
    x, y = camera.to_device(area.x + across / 2, area.y + down / 2)
    matrix = np.array([[m11 * across, m21 * down, x - 0.5], [m12 * across, m22 * down, y - 0.5]])
    how = cv2.INTER_NEAREST if camera.zoom * across >= 2.0 else cv2.INTER_LINEAR
    seen = cv2.warpAffine(source, matrix, camera.device_size, flags=how, borderValue=(0, 0, 0, 0))
    return np.ascontiguousarray(seen.astype(np.uint8, copy=False))


class SightOverlay(QWidget):
    """Lies over the whole view and lets every event through."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.setObjectName("modelSightOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._view = view
        self.layers = ALL
        self.foresight: Foresight | None = None
        self.drawn: Drawn | None = None
        self.resting = False
        "Whether something else is to be seen there."
        self.ruler: tuple[QPointF, str] | None = None
        "What is said beside a handle that is dragged (logical pixels)."
        self.ways: tuple[Way, ...] = ()
        "From the selection's edge to the rim's grips."
        view.installEventFilter(self)
        self.setGeometry(view.rect())
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the view."""
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        return super().eventFilter(watched, event)

    @property
    def crop(self) -> Bounds:
        """What the model is shown, canvas pixels."""
        foresight = self.foresight
        if foresight is None:
            return Bounds(0, 0, 0, 0)
        sight = foresight.sight
        return sight.crop if sight is not None and sight.region == foresight.bounds else foresight.bounds

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dims what is outside, lays fill and mask over what is inside, then the lines."""
        del event  # Qt clips to its region
        foresight, camera = self.foresight, self._view.camera
        if foresight is None or foresight.problem or self.resting:
            return
        with QPainter(self) as painter:
            painter.scale(1 / camera.ratio, 1 / camera.ratio)
            if SightLayer.CROP in self.layers:
                _dim(painter, camera, self.crop)
            if self.drawn is not None and self.drawn.sight is foresight.sight:
                self._draw_sight(painter, camera, self.drawn)
            if SightLayer.CROP in self.layers:
                _outline(painter, camera, (_polygon(foresight.bounds),), QColor(255, 255, 255), 1.4)
                if self.crop != foresight.bounds:
                    _outline(painter, camera, (_polygon(self.crop),), QColor(255, 255, 255), 1.0, dashed=True)
            painter.scale(camera.ratio, camera.ratio)
            _draw_ways(painter, self.ways)
            if self.ruler is not None:
                at, text = self.ruler
                draw_label(painter, at + QPointF(0, 12), text)

    def _draw_sight(self, painter: QPainter, camera: Camera, drawn: Drawn) -> None:
        sharp = drawn.sharp.get(camera)
        if sharp is not None:
            painter.drawImage(QPoint(0, 0), sharp)
            return
        # Nearest pixels and thin lines for the moment: smooth ones take longer than an event may.
        painter.save()
        painter.setTransform(device_transform(camera), combine=True)
        painter.drawImage(QRectF(*drawn.sight.crop), drawn.image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for polygon, colour in drawn.quick:
            painter.setPen(QPen(colour, 0))
            painter.drawPolyline(polygon)
        painter.restore()


def _polygon(bounds: Bounds) -> QPolygonF:
    return QPolygonF(QRectF(*bounds))


def _dim(painter: QPainter, camera: Camera, crop: Bounds) -> None:
    width, height = camera.device_size
    path = QPainterPath()  # what two shapes cover is left out
    path.addRect(0, 0, width, height)
    path.addPolygon(device_transform(camera).map(_polygon(crop)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, camera.rotation % 90 != 0)
    painter.fillPath(path, DIM)
    painter.restore()


def _outline(
    painter: QPainter, camera: Camera, lines: Iterable[QPolygonF], colour: QColor, width: float, dashed: bool = False
) -> None:
    """Closed canvas lines, light on a dark seam so that they show on everything."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    transform = device_transform(camera)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    mapped = [transform.map(line) for line in lines]
    for ink, wide in ((QColor(0, 0, 0, 120), width + 1.6), (colour, width)):
        painter.setPen(QPen(ink, wide * camera.ratio, style if ink is colour else Qt.PenStyle.SolidLine))
        for line in mapped:
            painter.drawPolygon(line)
    painter.restore()


def _draw_ways(painter: QPainter, ways: Iterable[Way]) -> None:
    """Lines to the grips, and what they are called behind them."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for way in ways:
        for colour, width in ((QColor(0, 0, 0, 120), 3.2), (way.colour, 1.6)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(way.start, way.end)
    painter.restore()
    for way in ways:
        if way.shows_text:
            painter.save()
            draw_label(painter, _label_place(painter, way), way.text)
            painter.restore()


def _label_place(painter: QPainter, way: Way) -> QPointF:
    """Middle of the label's upper edge: on the far side of the grip."""
    length = QLineF(way.start, way.end).length()
    across = 1.0 if length < 1 else (way.end.x() - way.start.x()) / length
    down = 0.0 if length < 1 else (way.end.y() - way.start.y()) / length
    half = (painter.fontMetrics().horizontalAdvance(way.text) + 18) / 2
    return QPointF(way.end.x() + across * (half + 10), way.end.y() + down * 20 - LABEL_HEIGHT / 2)
