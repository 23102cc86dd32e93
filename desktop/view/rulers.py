"""Rulers at the top and the left of the canvas: canvas pixels, a mark at the pointer, and guides drawn out of them."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from desktop.naming import named
from desktop.view.aids import GUIDE_LINE, guide_at
from desktop.view.camera import Camera
from desktop.view.guide_drag import GuideDrag
from desktop.view.input import InputRouter
from desktop.view.touches import Touch, touch_of

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView

THICKNESS = 20  # logical pixels
LABELS_APART = 64.0  # logical pixels, at least
TICKS_APART = 5.0


def axis_scale(camera: Camera, along_x: bool) -> tuple[float, float, bool] | None:
    """(device pixels per canvas pixel, device position of 0, whether it counts the canvas' x) of one ruler.

    None while the paper lies at another than a right angle: then no straight ruler is right.
    """
    m11, m12, m21, m22 = camera.linear()
    by_x, by_y = (m11, m21) if along_x else (m12, m22)
    if by_x and by_y:
        return None
    return by_x or by_y, camera.origin[0 if along_x else 1], bool(by_x)


def tick_steps(scale: float) -> tuple[int, int]:
    """Canvas pixels between labels and between ticks, where one canvas pixel takes `scale` logical pixels."""
    label = 1
    for power in range(12):
        found = next((n * 10**power for n in (1, 2, 5) if n * 10**power * scale >= LABELS_APART), 0)
        if found:
            label = found
            break
    parts = (10, 5, 2) if str(label)[0] != "2" else (10, 4, 2)
    fitting = (label // n for n in parts if label % n == 0 and label / n * scale >= TICKS_APART)
    return label, next(fitting, label)


class Ruler(QWidget):
    """One of the two."""

    def __init__(self, view: "CanvasView", router: InputRouter, along_x: bool) -> None:
        super().__init__(view)
        self._view, self._router, self._along_x = view, router, along_x
        self._mark: float | None = None
        self.setObjectName("rulerTop" if along_x else "rulerLeft")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.SplitVCursor if along_x else Qt.CursorShape.SplitHCursor)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets the tip in the present language."""
        self.setToolTip(self.tr("Drag a guide out of here; drag it back to take it away"))

    def set_mark(self, place: float | None) -> None:
        """Where the pointer is, logical pixels of the view."""
        for value in (self._mark, place):
            if value is not None:
                at = int(value) - 2
                self.update(QRect(at, 0, 6, THICKNESS) if self._along_x else QRect(0, at, THICKNESS, 6))
        self._mark = place

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ticks on whole device pixels, numbers, guides, and the mark."""
        camera = self._view.camera
        palette, ratio = self.palette(), camera.ratio
        line = max(1, round(ratio))
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), palette.color(QPalette.ColorRole.Window))
            painter.scale(1 / ratio, 1 / ratio)
            axis = axis_scale(camera, self._along_x)
            if axis is not None:
                self._paint_ticks(painter, axis, ratio)
            self._bar(
                painter,
                0,
                self._length(),
                round((THICKNESS - 1) * ratio),
                line,
                palette.color(QPalette.ColorRole.Light),
            )
            if axis is not None:
                self._paint_guides(painter, axis, line)
            if self._mark is not None:
                at = round(self._mark * ratio)
                self._bar(painter, at, line, 0, round(THICKNESS * ratio), palette.color(QPalette.ColorRole.Highlight))

    def _length(self) -> int:
        return math.ceil((self.width() if self._along_x else self.height()) * self._view.camera.ratio)

    def _bar(self, painter: QPainter, along: int, length: int, across: int, depth: int, colour: QColor) -> None:
        """A filled rectangle in device pixels, given along and across the ruler."""
        rect = QRect(along, across, length, depth) if self._along_x else QRect(across, along, depth, length)
        painter.fillRect(rect, colour)

    def _paint_ticks(self, painter: QPainter, axis: tuple[float, float, bool], ratio: float) -> None:
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        faint = QColor(ink)
        faint.setAlpha(110)
        font = painter.font()
        font.setPixelSize(round(9 * ratio))
        painter.setFont(font)
        painter.setPen(ink)
        line, deep = max(1, round(ratio)), round((THICKNESS - 1) * ratio)
        for value, labelled in _values(axis, self._length(), ratio):
            at = math.floor(axis[1] + value * axis[0])
            tall = deep if labelled else round(5 * ratio)
            self._bar(painter, at, line, deep - tall, tall, faint)
            if labelled:
                self._label(painter, at, str(value), ratio)

    def _label(self, painter: QPainter, at: int, text: str, ratio: float) -> None:
        room = QRectF(at + 3 * ratio, 0, 80 * ratio, 12 * ratio)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self._along_x:
            painter.drawText(room, flags, text)
            return
        painter.save()
        painter.translate(0, at - 3 * ratio)  # upwards along the ruler, as a book's back is read
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, 80 * ratio, 12 * ratio), flags, text)
        painter.restore()

    def _paint_guides(self, painter: QPainter, axis: tuple[float, float, bool], line: int) -> None:
        if not self._view.aids.guides:
            return
        depth = round(THICKNESS * self._view.camera.ratio)
        for guide in self._view.document.guides:
            if guide.horizontal is not axis[2]:
                at = math.floor(axis[1] + guide.position * axis[0] + 0.5)
                self._bar(painter, at, line, depth // 2, depth - depth // 2, GUIDE_LINE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A guide is taken up where one ends here, else a new one begins."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        view, touch = self._view, self._on_view(event)
        if view.aids.guides_locked:
            view.say(self.tr("The guides are locked. Unlock them in the View menu to move them or add more."))
            return
        turned = abs(view.camera.rotation)
        straight = turned < 45 or turned > 135
        horizontal = self._along_x if straight else not self._along_x
        crossing = [guide for guide in view.document.guides if guide.horizontal is not horizontal]
        axis = axis_scale(view.camera, self._along_x)
        old = guide_at(view.camera, crossing, touch.at.toTuple()) if view.aids.guides and axis else None
        if old is not None:
            horizontal = old.horizontal
        view.show_guides()
        self._router.begin_aside(GuideDrag(view, horizontal, old), Qt.MouseButton.LeftButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The guide follows."""
        if self._router.aside is not None:
            self._router.move(self._on_view(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The guide stays, or is gone."""
        if self._router.aside is not None:
            touch = self._on_view(event)
            self._router.move(touch)
            self._router.release(touch)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _on_view(self, event: QMouseEvent) -> Touch:
        touch = touch_of(event)
        at = QPointF(self.mapTo(self._view, touch.at))
        return Touch(at, 1.0, touch.modifiers, touch.button, touch.buttons, touch.seconds)


class Rulers(QObject):
    """Both rulers and the corner between them; they follow the view."""

    def __init__(self, view: "CanvasView", router: InputRouter) -> None:
        super().__init__(view)
        self._view = view
        self.top, self.left = Ruler(view, router, True), Ruler(view, router, False)
        self.corner = named(QWidget(view), "rulerCorner", autoFillBackground=True)
        self._widgets = (self.top, self.left, self.corner)
        for widget in self._widgets:
            widget.hide()
        view.viewChanged.connect(self.refresh)
        view.cursorMoved.connect(self._follow)
        view.installEventFilter(self)

    def set_visible(self, on: bool) -> None:
        """Show or hide them."""
        for widget in self._widgets:
            widget.setVisible(on)
        self.refresh()

    def refresh(self) -> None:
        """The view moved or has another size; guides may be others."""
        width, height = self._view.width(), self._view.height()
        self.corner.setGeometry(0, 0, THICKNESS, THICKNESS)
        self.top.setGeometry(0, 0, width, THICKNESS)
        self.left.setGeometry(0, 0, THICKNESS, height)
        self.corner.raise_()
        self.top.update()
        self.left.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer leaves: no mark."""
        if event.type() == QEvent.Type.Leave:
            self.top.set_mark(None)
            self.left.set_mark(None)
        return super().eventFilter(watched, event)

    def _follow(self, x: float, y: float) -> None:
        if self.top.isVisible():
            across, down = self._view.camera.to_view(x, y)
            self.top.set_mark(across)
            self.left.set_mark(down)


def _values(axis: tuple[float, float, bool], length: int, ratio: float) -> Iterator[tuple[int, bool]]:
    """Canvas pixels that get a tick between device pixels 0 and `length`, and whether they get a number."""
    scale, zero, _ = axis
    label, tick = tick_steps(abs(scale) / ratio)
    ends = sorted((-zero / scale, (length - zero) / scale))
    for number in range(math.floor(ends[0] / label) * label, math.ceil(ends[1]) + tick, tick):
        yield number, number % label == 0
