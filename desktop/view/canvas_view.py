"""CanvasView: the widget on which a document is seen and worked on."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from canvas.brush import BrushSettings
from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from desktop.naming import named
from desktop.view.camera_view import CameraView
from desktop.view.drops import dropped_pictures, has_pictures
from desktop.view.input import InputRouter, Motion, Touch, touch_of
from desktop.view.overlays import MarchingAnts, draw_brush_outline, draw_frame, draw_preview
from desktop.view.renderer import Renderer
from desktop.view.tools.base import Tool
from desktop.view.tools.options import OptionValue, ToolOption, ToolOptions
from desktop.view.tools.table import TOOL_CLASSES

BRUSH = BrushSettings(size=24, hardness=0.75, opacity=1.0, flow=1.0, pressure_size=True, smoothing=0.3)
ERASER = BrushSettings(size=48, hardness=0.75, opacity=1.0, flow=1.0, eraser=True, smoothing=0.2)
SMALLEST_CIRCLE = 5.0  # logical pixels: a smaller brush shows a cross instead
ANTS_MS = 100


@dataclass(frozen=True)
class Preview:
    """A picture shown over a region, never part of the document."""

    bounds: Bounds
    "Canvas pixels that it fills."
    image: QImage
    "Premultiplied; may be smaller than the region."


class CanvasView(CameraView):
    """Shows a document through a camera, and hands mouse, pen and keys to the chosen tool."""

    toolChanged = Signal(str)
    cursorMoved = Signal(float, float)
    message = Signal(str)
    colorPicked = Signal(QColor)
    dropped = Signal(object, float, float)
    selectionFinished = Signal()
    gestureStarted = Signal()
    gestureFinished = Signal()
    brushChanged = Signal()
    colorChanged = Signal(QColor)

    def __init__(self, document: Document, compositor: Compositor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.document = document
        self.compositor = compositor
        self._renderer = Renderer(compositor)
        self._ants = MarchingAnts()
        self._phase = 0
        self._previews: dict[object, Preview] = {}
        self._brushes = {"brush": BRUSH, "eraser": ERASER}
        self._color = QColor(32, 34, 40)
        self._pointer: QPointF | None = None
        self._circle_rect = QRect()
        self.options = ToolOptions(self)
        self.tools: dict[str, Tool] = {kind.id: kind(self) for kind in TOOL_CLASSES}
        self._tool_id = "brush"
        self._input = InputRouter(self)
        self._ants_timer = named(QTimer(self), "timer", interval=ANTS_MS)
        self._ants_timer.timeout.connect(self._march)
        self._disconnects = [
            document.changed.connect(self._document_changed),
            compositor.updated.connect(self._composite_changed),
        ]
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.refresh_cursor()

    # -- what the window asks for ------------------------------------------------------------------

    @property
    def tool_id(self) -> str:
        """The chosen tool."""
        return self._tool_id

    def set_tool(self, tool_id: str) -> None:
        """Choose a tool; the gesture of the old one is dropped. KeyError for an id that no tool has."""
        tool = self.tools[tool_id]
        if tool_id == self._tool_id:
            return
        self._input.cancel()
        self._tool_id = tool.id
        self.refresh_cursor()
        self.update()
        self.toolChanged.emit(tool_id)
        self.brushChanged.emit()

    @property
    def brush(self) -> BrushSettings:
        """The settings of the eraser while it is chosen, else of the brush."""
        return self.brush_of(self._tool_id)

    def brush_of(self, tool_id: str) -> BrushSettings:
        """The settings of the brush or the eraser."""
        return self._brushes["eraser" if tool_id == "eraser" else "brush"]

    def set_brush(self, settings: BrushSettings) -> None:
        """Change the settings of the eraser while it is chosen, else of the brush."""
        erasing = self._tool_id == "eraser"
        settings = replace(settings, eraser=erasing)
        if settings != self.brush:
            self._brushes["eraser" if erasing else "brush"] = settings
            self.update()
            self.refresh_cursor()
            self.brushChanged.emit()

    def step_brush_size(self, direction: int) -> None:
        """Larger (+1) or smaller (-1) by a tenth, at least one pixel."""
        size = self.brush.size
        step = max(1, round(size * 0.1))
        self.set_brush(replace(self.brush, size=min(1000, max(1, round(size) + (step if direction > 0 else -step)))))

    @property
    def color(self) -> QColor:
        """What the brush paints with."""
        return QColor(self._color)

    def set_color(self, color: QColor) -> None:
        """Paint with this, opaque."""
        opaque = QColor(color.red(), color.green(), color.blue())
        if opaque != self._color:
            self._color = opaque
            self.colorChanged.emit(QColor(opaque))

    def set_preview(self, bounds: Bounds, image: QImage | None, key: object = None) -> None:
        """Show a picture over a region until the same key brings another one or None."""
        old = self._previews.pop(key, None)
        if image is not None:
            self._previews[key] = Preview(bounds, QImage(image))
        for area in {bounds, old.bounds if old else bounds}:
            self._update_canvas(area)

    def cancel_gesture(self) -> bool:
        """Drop the gesture that runs (as Esc does); False when there is none."""
        return self._input.cancel()

    @property
    def gesture_running(self) -> bool:
        """Whether a stroke, an outline or a drag is unfinished."""
        return self._input.gesture is not None

    def cursor_on_canvas(self) -> tuple[float, float]:
        """Where the pointer is; the middle of the view when it is elsewhere."""
        return self._camera.center if self._pointer is None else self._camera.to_canvas(*self._pointer.toTuple())

    # -- what tools ask for ------------------------------------------------------------------------

    def option(self, tool_id: str, option: ToolOption) -> OptionValue:
        """What is set for a tool."""
        return self.options.value(tool_id, option)

    def refresh_overlay(self, area: Bounds | None = None) -> None:
        """Draw the overlay again; the picture under it is only copied."""
        if area is None:
            self.update()
        else:
            self._update_canvas(area)

    def refresh_cursor(self) -> None:
        """Give the pointer the shape that fits what a press would do."""
        if self._input.motion is Motion.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._input.navigating or self._tool_id == "hand":
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._circle() is not None:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(self._input.current_tool().cursor)
        self._update_circle()

    def say(self, sentence: str) -> None:
        """Show a sentence beside the pointer, and to whoever listens."""
        at = self._pointer or QPointF(self.width() / 2, self.height() / 2)
        QToolTip.showText(self.mapToGlobal(at.toPoint() + QPoint(12, 18)), sentence, self)
        self.message.emit(sentence)

    def color_picked(self, color: QColor) -> None:
        """The eyedropper took a colour."""
        self.colorPicked.emit(color)

    def selection_finished(self) -> None:
        """A tool made a selection."""
        self.selectionFinished.emit()

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the retained picture, then draw what lies over it."""
        del event  # Qt clips to its region
        camera = self._camera
        buffer = self._renderer.frame(camera)
        with QPainter(self) as painter:
            painter.scale(1 / camera.ratio, 1 / camera.ratio)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(QPoint(0, 0), buffer)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            for preview in self._previews.values():
                draw_preview(painter, camera, preview.bounds, preview.image)
            if not self.document.selection.is_empty:
                self._ants.paint(painter, self.document.selection, camera, self._phase)
            painter.scale(camera.ratio, camera.ratio)
            self._paint_overlays(painter)

    def _paint_overlays(self, painter: QPainter) -> None:
        if self._tool_id != "frame":
            draw_frame(painter, self._camera, self.document.frame, active=False)
        chosen, gesture = self.tools[self._tool_id], self._input.gesture
        for tool in (chosen,) if gesture in (None, chosen) else (chosen, gesture):
            painter.save()
            tool.paint_overlay(painter)
            painter.restore()
        circle = self._circle()
        if circle is not None and self._pointer is not None:
            draw_brush_outline(painter, self._pointer, circle)

    def _circle(self) -> float | None:
        """The diameter of the brush's outline in logical pixels, where one should be seen."""
        tool = self._input.current_tool()
        if tool.id not in self._brushes or self._input.navigating:
            return None
        diameter = self.brush_of(tool.id).size * self._camera.zoom / self._camera.ratio
        return diameter if diameter >= SMALLEST_CIRCLE else None

    def _update_circle(self) -> None:
        """Repaint where the outline was and where it is now."""
        diameter = self._circle()
        now = QRect()
        if diameter is not None and self._pointer is not None:
            half = int(diameter / 2) + 4
            middle = self._pointer.toPoint()
            now = QRect(middle.x() - half, middle.y() - half, 2 * half + 1, 2 * half + 1)
        for rect in (self._circle_rect, now):
            if not rect.isEmpty():
                self.update(rect)
        self._circle_rect = now

    def _update_canvas(self, bounds: Bounds, margin: int = 3) -> None:
        if bounds.is_empty:
            return
        area, ratio = self._camera.device_bounds(bounds, margin), self._camera.ratio
        left, top = int(area.x // ratio), int(area.y // ratio)
        rect = QRect(left, top, int(-(-area.right // ratio)) - left, int(-(-area.bottom // ratio)) - top)
        self.update(rect.intersected(self.rect()))

    def _composite_changed(self, bounds: Bounds) -> None:
        self._renderer.mark(bounds)
        self._update_canvas(bounds)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.LOADED:
            self._renderer.mark_all()
        if change.kind in (ChangeKind.SELECTION, ChangeKind.FRAME, ChangeKind.LOADED):
            self._tend_ants()
            self.update()

    def _tend_ants(self) -> None:
        wanted = self.isVisible() and not self.document.selection.is_empty
        if wanted != self._ants_timer.isActive():
            self._ants_timer.start() if wanted else self._ants_timer.stop()

    def _march(self) -> None:
        if self.window().isMinimized():
            return
        self._phase += max(1, round(self._camera.ratio))
        area, ratio = self._ants.area(self.document.selection, self._camera), self._camera.ratio
        if not area.is_empty:
            size = QSize(int(area.width / ratio) + 2, int(area.height / ratio) + 2)
            self.update(QRect(QPoint(int(area.x / ratio), int(area.y / ratio)), size))

    # -- events ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that the view needs even where the window has a shortcut; touchpad pinches."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._input.wants(event):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and self._input.pinch(event):
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.set_camera(self._camera)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The centre stays in the middle."""
        super().resizeEvent(event)
        self.set_camera(self._camera)

    def showEvent(self, event: QShowEvent) -> None:
        """Ants walk only while they are seen."""
        super().showEvent(event)
        self.set_camera(self._camera)
        self._tend_ants()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ants rest."""
        super().hideEvent(event)
        self._ants_timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Listen to the document no longer."""
        self.release_document()
        super().closeEvent(event)

    def release_document(self) -> None:
        """Drop the running gesture and stop listening; the view is about to go."""
        self._input.cancel()
        self._ants_timer.stop()
        while self._disconnects:
            self._disconnects.pop()()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A gesture or a motion begins."""
        self._point_at(event.position())
        event.setAccepted(self._input.press(touch_of(event)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of two."""
        self._point_at(event.position())
        event.setAccepted(self._input.press(touch_of(event), double=True))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The gesture goes on, or the pointer hovers."""
        self._moved(touch_of(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The gesture ends."""
        self._input.release(touch_of(event))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: as the mouse, with pressure; its other end erases."""
        touch = touch_of(event)
        if event.type() == QEvent.Type.TabletPress:
            self._point_at(touch.at)
            self._input.press(touch)
        elif event.type() == QEvent.Type.TabletRelease:
            self._input.release(touch)
        else:
            self._moved(touch)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor, or pan with a touchpad."""
        self._input.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Held keys, Esc, Enter."""
        if not self._input.key(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key is let go."""
        if not self._input.key(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys let go elsewhere are not heard here."""
        self._input.forget_keys()
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The outline of the brush appears."""
        self._point_at(event.position())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The outline of the brush goes."""
        self._pointer = None
        self._update_circle()
        super().leaveEvent(event)

    def childEvent(self, event: QChildEvent) -> None:
        """Cards over the canvas are watched: the pointer that enters one does not leave this widget for Qt."""
        if event.added():
            event.child().installEventFilter(self)
        super().childEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """No brush outline while the pointer is over a card."""
        if event.type() == QEvent.Type.Enter and isinstance(watched, QWidget):
            self._pointer = None
            self._update_circle()
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome."""
        if has_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """They may land anywhere."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell the window what came, and where on the canvas."""
        pictures = dropped_pictures(event.mimeData())
        if pictures is None:
            self.say(self.tr("There is no picture in what was dropped. Drop the picture itself or an image file."))
            return
        x, y = self._camera.to_canvas(event.position().x(), event.position().y())
        event.acceptProposedAction()
        self.dropped.emit(pictures, x, y)

    def _moved(self, touch: Touch) -> None:
        self._point_at(touch.at)
        self._input.move(touch)
        self.cursorMoved.emit(*self._camera.to_canvas(touch.at.x(), touch.at.y()))

    def _point_at(self, at: QPointF) -> None:
        self._pointer = at
        self._update_circle()
