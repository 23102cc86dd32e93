"""What lies over the picture without being part of it: frame, previews, brush outline, labels."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from canvas.geometry import Bounds
from desktop.view.camera import Camera
from desktop.view.renderer import device_transform

HANDLE = 4.5  # logical pixels: half a frame handle
HANDLE_REACH = 9.0  # logical pixels: how near a press must be
ACCENT = QColor(70, 140, 255)


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


def draw_brush_outline(
    painter: QPainter, at: QPointF, diameter: float, roundness: float = 1.0, angle: float = 0.0
) -> None:
    """A thin ellipse at true size (logical pixels; degrees clockwise on the screen), seen on light and dark."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(at)
    painter.rotate(angle)
    for colour, grow in ((QColor(0, 0, 0, 170), 0.5), (QColor(255, 255, 255, 200), -0.5)):
        painter.setPen(QPen(colour, 1.0))
        painter.drawEllipse(QPointF(0, 0), diameter / 2 + grow, diameter * roundness / 2 + grow)
    painter.restore()
