"""What lies over the picture without being part of it: frame, previews, brush outline, labels, ants."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.view.camera import Camera
from desktop.view.renderer import device_transform

HANDLE = 4.5  # logical pixels: half a frame handle
HANDLE_REACH = 9.0  # logical pixels: how near a press must be
ACCENT = QColor(70, 140, 255)
DASH = 4  # device pixels of one ant at ratio 1
Indices = NDArray[np.intp]
LIGHT, DARK = np.uint32(0xFFFFFFFF), np.uint32(0xFF202020)


def outline_pens(painter: QPainter, draw: Callable[[], object]) -> None:
    """Draw a thin line twice, wide and dark, then narrow and light, so that it shows on everything."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 130), 3.0), (QColor(255, 255, 255), 1.2)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        draw()


def draw_label(painter: QPainter, top_middle: QPointF, text: str) -> None:
    """A small dark plate with light text, centred under a point (logical pixels)."""
    font = painter.font()
    font.setPointSizeF(9)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 14, metrics.height() + 6
    plate = QRectF(round(top_middle.x() - width / 2), round(top_middle.y()), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 22, 26, 205))
    painter.drawRoundedRect(plate, 5, 5)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def frame_handles(camera: Camera, frame: Bounds) -> dict[tuple[int, int], tuple[float, float]]:
    """Where the eight handles are in the view, by the sides they pull (-1, 0, 1 for x and y)."""
    xs = {-1: frame.x, 0: frame.x + frame.width / 2, 1: frame.right}
    ys = {-1: frame.y, 0: frame.y + frame.height / 2, 1: frame.bottom}
    grips = ((i, j) for i in xs for j in ys if (i, j) != (0, 0))
    corners_first = sorted(grips, key=lambda grip: grip[0] * grip[1] == 0)
    return {(i, j): camera.to_view(xs[i], ys[j]) for i, j in corners_first}


def draw_frame(painter: QPainter, camera: Camera, frame: Bounds, active: bool) -> None:
    """The generation frame: a subtle line, or with handles and its size while its tool is chosen."""
    if frame.is_empty:
        return
    corners = ((frame.x, frame.y), (frame.right, frame.y), (frame.right, frame.bottom), (frame.x, frame.bottom))
    shape = QPolygonF([QPointF(*camera.to_view(x, y)) for x, y in corners])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not camera.is_upright)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 150), 3.0 if active else 2.0))
    painter.drawPolygon(shape)
    line = QColor(ACCENT)
    line.setAlpha(255 if active else 150)
    painter.setPen(QPen(line, 1.4 if active else 1.0, Qt.PenStyle.SolidLine if active else Qt.PenStyle.DashLine))
    painter.drawPolygon(shape)
    if active:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ACCENT, 1.4))
        painter.setBrush(QColor(255, 255, 255))
        for x, y in frame_handles(camera, frame).values():
            painter.drawRoundedRect(QRectF(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE), 2, 2)
        around = shape.boundingRect()
        draw_label(painter, QPointF(around.center().x(), around.bottom() + 10), f"{frame.width} × {frame.height}")
    painter.restore()


def draw_preview(painter: QPainter, camera: Camera, bounds: Bounds, image: QImage) -> None:
    """A picture over a region of the canvas, stretched to fill it; the painter works in device pixels."""
    painter.save()
    exact = image.width() == bounds.width and camera.zoom == 1.0 and camera.rotation % 90 == 0
    close = camera.zoom * bounds.width >= 2 * image.width() and image.width() == bounds.width
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact and not close)
    if exact and not camera.mirrored and camera.rotation == 0:
        x, y = camera.to_device(bounds.x, bounds.y)
        painter.drawImage(QPoint(round(x), round(y)), image)
    else:
        painter.setTransform(device_transform(camera), combine=True)
        area = QRectF(bounds.x, bounds.y, bounds.width, bounds.height)
        painter.drawImage(area, image, QRectF(0, 0, image.width(), image.height()))
    painter.restore()


def draw_brush_outline(painter: QPainter, at: QPointF, diameter: float) -> None:
    """A thin circle at true size (logical pixels), seen on light and dark."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, grow in ((QColor(0, 0, 0, 170), 0.5), (QColor(255, 255, 255, 200), -0.5)):
        painter.setPen(QPen(colour, 1.0))
        painter.drawEllipse(at, diameter / 2 + grow, diameter / 2 + grow)
    painter.restore()


class MarchingAnts:
    """The edge of the selection in the view's own resolution: found once, then only recoloured."""

    def __init__(self) -> None:
        self._selection: Selection | None = None
        self._camera: Camera | None = None
        self._edge: tuple[Indices, Indices, Indices] | None = None
        self._corner = QPoint(0, 0)
        self._image = QImage()
        self.computed = 0  # how often the edge was looked for, for tests

    def area(self, selection: Selection, camera: Camera) -> Bounds:
        """The device rectangle that the ants cover; empty when none is in sight."""
        if selection.is_empty:
            return Bounds(0, 0, 0, 0)
        width, height = camera.device_size
        return camera.device_bounds(selection.bounds, 3).intersected(Bounds(0, 0, width, height))

    def paint(self, painter: QPainter, selection: Selection, camera: Camera, phase: int) -> None:
        """Draw into a painter in device pixels; `phase` moves the dashes."""
        if selection is not self._selection or camera != self._camera:
            self._selection, self._camera = selection, camera
            self._find_edge(selection, camera)
        if self._edge is None:
            return
        rows, columns, along = self._edge
        dash = max(1, round(DASH * camera.ratio))
        pixels = np.frombuffer(self._image.bits(), np.uint32).reshape(self._image.height(), -1)
        pixels[rows, columns] = np.where(((along - phase) // dash) % 2 == 0, LIGHT, DARK)
        painter.drawImage(self._corner, self._image)

    def _find_edge(self, selection: Selection, camera: Camera) -> None:
        self._edge = None
        self.computed += 1
        area = self.area(selection, camera)
        if area.is_empty:
            return
        inside = (view_mask(selection, camera, area) > 127).astype(np.uint8)
        contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        if not contours:
            return
        # Counting along each line keeps the dashes even in every direction.
        points = np.concatenate(contours)[:, 0, :].astype(np.intp)
        along = np.concatenate([np.arange(len(line)) for line in contours])
        columns, rows = points[:, 0], points[:, 1]
        # Where the view cuts the selection there is no edge.
        width, height = camera.device_size
        x, y = columns + area.x, rows + area.y
        kept = (x > 0) & (y > 0) & (x < width - 1) & (y < height - 1)
        rows, columns, along = rows[kept], columns[kept], along[kept]
        if camera.ratio >= 1.5:
            rows, columns, along = _thickened(rows, columns, along, (area.height, area.width))
        self._edge = (rows, columns, along)
        self._corner = QPoint(area.x, area.y)
        self._image = QImage(area.width, area.height, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.fill(0)


def _thickened(
    rows: Indices, columns: Indices, along: Indices, shape: tuple[int, int]
) -> tuple[Indices, Indices, Indices]:
    """Every pixel as a block of 2 x 2, inside the picture."""
    rows = np.concatenate([np.minimum(rows + dy, shape[0] - 1) for dy in (0, 1) for _ in (0, 1)])
    columns = np.concatenate([np.minimum(columns + dx, shape[1] - 1) for _ in (0, 1) for dx in (0, 1)])
    return rows, columns, np.tile(along, 4)


def view_mask(selection: Selection, camera: Camera, area: Bounds) -> NDArray[np.uint8]:
    """The selection's coverage, (area.height, area.width), as seen in a device rectangle."""
    step = max(1, int(0.5 / camera.zoom))
    seen = camera.canvas_bounds(area).expanded(2 * step).intersected(selection.bounds)
    if seen.is_empty:
        return np.zeros((area.height, area.width), np.uint8)
    left, top = seen.x - selection.bounds.x, seen.y - selection.bounds.y
    part = np.ascontiguousarray(selection.mask[top : top + seen.height : step, left : left + seen.width : step])
    m11, m12, m21, m22 = camera.linear()
    # Sample (0, 0) of the part stands for the middle of canvas pixel `seen.x, seen.y`; device pixels likewise.
    x, y = camera.to_device(seen.x + 0.5, seen.y + 0.5)
    matrix = np.array([[m11 * step, m21 * step, x - area.x - 0.5], [m12 * step, m22 * step, y - area.y - 0.5]])
    flags = cv2.INTER_NEAREST if camera.zoom >= 2.0 else cv2.INTER_LINEAR
    seen_now = cv2.warpAffine(part, matrix, (area.width, area.height), flags=flags, borderValue=0)
    return seen_now.astype(np.uint8, copy=False)
