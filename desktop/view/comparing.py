"""Comparing on the canvas: two pictures of one place by wipe, difference or flicker, over the view and never in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.compare_drawing import draw_divider, draw_name, draw_region
from desktop.view.compare_look import CompareLook, CompareMode, Side
from desktop.view.differences import Difference
from desktop.view.overlays import draw_preview
from desktop.view.renderer import device_transform

REACH = 12.0  # logical pixels: how near the divider a press takes it up
MARGIN = 34  # logical pixels around the region that handle and names may use
NUDGE = 0.05  # part of the region
GAINS = (1, 2, 4, 8, 16, 32)
RATES = (1, 2, 3, 4)
"""Changes a second while flickering."""


class CompareOverlay(QWidget):
    """Lies over the whole view while two pictures are compared; draws in their region only."""

    ended = Signal()
    applied = Signal()
    stepped = Signal(int)
    "Another candidate is wanted: +1 or -1."
    lookChanged = Signal()

    def __init__(self, view: CanvasView, look: CompareLook) -> None:
        super().__init__(view)
        self.setObjectName("compareOverlay")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view, self._look = view, look
        self._sides = (Side("", view.document.frame), Side("", view.document.frame))
        self._difference: Difference | None = None
        self._second = True
        self._dragging = self._space = False
        self._timer = named(QTimer(self), "flickerTimer")
        self._timer.timeout.connect(self._flick)
        self.setGeometry(view.rect())
        view.installEventFilter(self)
        view.viewChanged.connect(self.update)

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def look(self) -> CompareLook:
        """How the comparison is set."""
        return self._look

    @property
    def region(self) -> Bounds:
        """Canvas pixels that are compared."""
        first, second = self._sides
        return second.bounds if first.image is None else first.bounds.united(second.bounds)

    @property
    def shows_second(self) -> bool:
        """While flickering: whether the second picture is the one on show."""
        return self._second

    @property
    def flickers(self) -> bool:
        """Whether the pictures change by themselves now."""
        return self._timer.isActive()

    @property
    def difference(self) -> Difference | None:
        """What was computed for the pair on show."""
        return self._difference

    def set_look(self, **changes: Any) -> None:
        """Sets mode, divider, gain or rate."""
        look = replace(self._look, **changes)
        if look == self._look:
            return
        self._look = look
        self._tend_flicker()
        self._repaint_region()
        self.lookChanged.emit()

    def show_pair(self, first: Side, second: Side) -> None:
        """Compares these two from now on."""
        self._repaint_region()
        self._sides, self._difference = (first, second), None
        self._tend_flicker()
        self._repaint_region()

    def swap(self) -> None:
        """Exchanges the two sides."""
        self._sides = (self._sides[1], self._sides[0])
        self._repaint_region()

    def show_difference(self, difference: Difference | None) -> None:
        """Takes what was computed for the pair on show."""
        self._difference = difference
        self._repaint_region()

    def finish(self) -> None:
        """Takes itself off the canvas."""
        self._timer.stop()
        self._view.removeEventFilter(self)
        self._view.viewChanged.disconnect(self.update)
        self.hide()
        self.deleteLater()

    def _tend_flicker(self) -> None:
        if self._look.mode is CompareMode.FLICKER and self._look.running:
            self._timer.start(round(1000 / self._look.rate))
        else:
            self._timer.stop()

    def _flick(self) -> None:
        self._second = not self._second
        self._repaint_region()

    def _repaint_region(self) -> None:
        self.update(self.region_on_screen().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def region_on_screen(self) -> QRect:
        """Logical pixels of the view around the region."""
        camera = self._view.camera
        around, ratio = camera.device_bounds(self.region), camera.ratio
        shown = QRectF(around.x / ratio, around.y / ratio, around.width / ratio, around.height / ratio)
        return shown.toAlignedRect()

    # -- drawing -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The two pictures, the divider, their names."""
        del event  # Qt clips to its region
        with QPainter(self) as painter:
            if self._look.mode is CompareMode.WIPE:
                self._paint_wipe(painter)
            elif self._look.mode is CompareMode.FLICKER:
                self._paint_side(painter, self._sides[1 if self._second else 0], rect_of(self.region))
            elif self._difference is not None:
                self._paint_image(painter, self.region, self._difference.image, rect_of(self.region))
            draw_region(painter, self._view.camera, rect_of(self.region))
            self._paint_marks(painter)

    def _paint_wipe(self, painter: QPainter) -> None:
        for side, part in zip(self._sides, self.parts(), strict=True):
            self._paint_side(painter, side, part)

    def parts(self) -> tuple[QRectF, QRectF]:
        """The canvas rectangles of the first and the second picture while wiping."""
        r, share = self.region, self._look.share
        if self._look.across:
            cut = r.height * share
            return QRectF(r.x, r.y, r.width, cut), QRectF(r.x, r.y + cut, r.width, r.height - cut)
        cut = r.width * share
        return QRectF(r.x, r.y, cut, r.height), QRectF(r.x + cut, r.y, r.width - cut, r.height)

    def _paint_side(self, painter: QPainter, side: Side, part: QRectF) -> None:
        if side.image is not None:
            self._paint_image(painter, side.bounds, side.image, part)

    def _paint_image(self, painter: QPainter, bounds: Bounds, image: QImage, part: QRectF) -> None:
        camera = self._view.camera
        painter.save()
        painter.scale(1 / camera.ratio, 1 / camera.ratio)
        clip = QPainterPath()
        clip.addPolygon(device_transform(camera).map(QPolygonF(part)))
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        draw_preview(painter, camera, bounds, image)
        painter.restore()

    def _paint_marks(self, painter: QPainter) -> None:
        """What says which picture is which."""
        camera, (first, second), look = self._view.camera, self._sides, self._look
        if look.mode is CompareMode.WIPE:
            draw_divider(painter, *self.divider(), hot=self._dragging)
            for side, part in zip(self._sides, self.parts(), strict=True):
                draw_name(painter, camera, part, side.name)
        elif look.mode is CompareMode.FLICKER:
            draw_name(painter, camera, rect_of(self.region), (second if self._second else first).name)
        elif self._difference is not None:
            draw_name(painter, camera, rect_of(self.region), difference_words(self._difference, look.gain))

    def divider(self) -> tuple[QPointF, QPointF]:
        """The ends of the divider in logical pixels of the view."""
        first, _ = self.parts()
        start = first.bottomLeft() if self._look.across else first.topRight()
        camera = self._view.camera
        return (
            QPointF(*camera.to_view(start.x(), start.y())),
            QPointF(*camera.to_view(first.right(), first.bottom())),
        )

    # -- pointer -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press takes the divider along; what moves the paper is the view's."""
        left = event.button() == Qt.MouseButton.LeftButton
        if not left or self._space or self._view.tool_id == "hand":
            event.ignore()
            return
        if self._look.mode is CompareMode.WIPE and self._inside(event.position()):
            self._dragging = True
            self._drag_to(event.position())
        elif self._look.mode is CompareMode.FLICKER and self._inside(event.position()):
            self.set_look(running=False)
            self._flick()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the divider it turns it."""
        if self._look.mode is CompareMode.WIPE and self._near_divider(event.position()):
            self._dragging = False
            self.set_look(across=not self._look.across, share=0.5)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The divider follows; elsewhere the view hears it."""
        if self._dragging:
            self._drag_to(event.position())
            return
        wipes = self._look.mode is CompareMode.WIPE and self._near_divider(event.position())
        level = self._look.across != (self._view.camera.rotation % 180 == 90)
        split = Qt.CursorShape.SplitVCursor if level else Qt.CursorShape.SplitHCursor
        self.setCursor(split if wipes else Qt.CursorShape.ArrowCursor)
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The divider stays."""
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self._repaint_region()
        else:
            event.ignore()

    def _drag_to(self, at: QPointF) -> None:
        x, y = self._view.camera.to_canvas(at.x(), at.y())
        r = self.region
        share = (y - r.y) / r.height if self._look.across else (x - r.x) / r.width
        self.set_look(share=min(max(share, 0.0), 1.0))

    def _inside(self, at: QPointF) -> bool:
        x, y = self._view.camera.to_canvas(at.x(), at.y())
        return rect_of(self.region).contains(QPointF(x, y)) or self._near_divider(at)

    def _near_divider(self, at: QPointF) -> bool:
        start, end = self.divider()
        along, rel = end - start, at - start
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1.0)
        t = (rel.x() * along.x() + rel.y() * along.y()) / length
        away = abs(rel.x() * along.y() - rel.y() * along.x()) / length
        return away <= REACH and -REACH <= t <= length + REACH

    # -- keys --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Its keys are its own even where the window has a shortcut for them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._action_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends, Enter applies, arrows choose; W, D and F change the mode, X and V the sides and the divider."""
        act = self._action_of(event)
        if act is not None:
            act()
            return
        self._space = self._space or event.key() == Qt.Key.Key_Space
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go: presses are the divider's again."""
        self._space = self._space and event.key() != Qt.Key.Key_Space
        event.ignore()

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here; None for one that belongs to the view or the window."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = NUDGE if key == Qt.Key.Key_Right else -NUDGE
            return lambda: self.set_look(share=min(max(self._look.share + step, 0.0), 1.0))
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        return {
            Qt.Key.Key_Escape: self.ended.emit,
            Qt.Key.Key_Return: self.applied.emit,
            Qt.Key.Key_Enter: self.applied.emit,
            Qt.Key.Key_Left: lambda: self.stepped.emit(-1),
            Qt.Key.Key_Right: lambda: self.stepped.emit(1),
            Qt.Key.Key_Up: lambda: self.turn_up(1),
            Qt.Key.Key_Down: lambda: self.turn_up(-1),
            Qt.Key.Key_W: lambda: self.set_look(mode=CompareMode.WIPE),
            Qt.Key.Key_D: lambda: self.set_look(mode=CompareMode.DIFFERENCE),
            Qt.Key.Key_F: self.flicker,
            Qt.Key.Key_X: self.swap,
            Qt.Key.Key_V: lambda: self.set_look(across=not self._look.across, share=0.5),
        }.get(key)

    def flicker(self) -> None:
        """Flickers; again, it stops with the other picture on show, then goes on."""
        if self._look.mode is CompareMode.FLICKER:
            self.set_look(running=not self._look.running)
        else:
            self.set_look(mode=CompareMode.FLICKER, running=True)

    def turn_up(self, steps: int) -> None:
        """More or less gain of differences, or a faster or slower flicker."""
        look = self._look
        if look.mode is CompareMode.DIFFERENCE:
            self.set_look(gain=_stepped(GAINS, look.gain, steps))
        elif look.mode is CompareMode.FLICKER:
            self.set_look(rate=_stepped(RATES, look.rate, steps))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the view."""
        if event.type() == QEvent.Type.Resize and watched is self._view:
            self.setGeometry(self._view.rect())
        return super().eventFilter(watched, event)


def rect_of(bounds: Bounds) -> QRectF:
    """Bounds as Qt's rectangle."""
    return QRectF(bounds.x, bounds.y, bounds.width, bounds.height)


def difference_words(found: Difference, gain: int) -> str:
    """What was found, for the plate over it."""
    if not found.largest:
        return QCoreApplication.translate("compare", "The same, pixel for pixel")
    words = QCoreApplication.translate("compare", "× {gain} · at most {largest} · {share} % differs")
    return words.format(gain=gain, largest=found.largest, share=format_share(found.share))


def format_share(share: float) -> str:
    """A part of one in percent: whole, finer where it is small."""
    percent = share * 100
    return f"{percent:.0f}" if percent >= 10 or percent == 0 else f"{percent:.2g}"


def _stepped(values: tuple[int, ...], now: int, steps: int) -> int:
    return values[min(max(values.index(now) + steps, 0), len(values) - 1)]
