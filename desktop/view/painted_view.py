"""The part of the canvas that draws: the retained picture, and everything that lies over it."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.guides import Guide
from desktop.naming import named
from desktop.view.aids import ViewAids, paint_grids, paint_guides
from desktop.view.brushes_in_hand import BrushesInHand
from desktop.view.camera import Camera
from desktop.view.guide_drag import GuideDrag
from desktop.view.input import InputRouter
from desktop.view.overlays import draw_brush_outline, draw_frame, draw_preview
from desktop.view.region_overlay import RegionOverlay
from desktop.view.renderer import Renderer
from desktop.view.selection_overlay import SelectionOverlay
from desktop.view.tools.table import Toolbox

DRAFT_MS = 100
DRAFT_PIXELS = 4_000_000  # of the screen; fewer are drawn smoothly within a frame
SMALLEST_CIRCLE = 5.0  # logical pixels: a smaller brush shows a cross instead
CURSOR_KINDS = (
    ChangeKind.ACTIVE,
    ChangeKind.LAYER_SET,
    ChangeKind.LAYER_ADDED,
    ChangeKind.LAYER_REMOVED,
    ChangeKind.LOADED,
)


@dataclass(frozen=True)
class Preview:
    """A picture shown over a region, never part of the document."""

    bounds: Bounds
    "Canvas pixels that it fills."
    image: QImage
    "Premultiplied; may be smaller than the region."
    layer: int = 0
    "Higher lies on top; of equal ones the newest does."
    opacity: float = 1.0


class PaintedView(BrushesInHand):
    """Shows a document: picture, previews, ants, overlays of the tools, the brush's outline."""

    tools: Toolbox
    _input: InputRouter

    def __init__(self, document: Document, compositor: Compositor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.compositor = compositor
        self._renderer = Renderer(compositor)
        self.selection_overlay = SelectionOverlay(self)
        self.region_overlay = RegionOverlay(self)
        self.aids = ViewAids()
        self._previews: dict[object, Preview] = {}
        self._pointer: QPointF | None = None
        self._circle_rect = QRect()
        self._soon = QRegion()
        self._painted_at = 0.0
        self._frame_timer = named(QTimer(self), "frameTimer", singleShot=True)
        self._frame_timer.timeout.connect(self._repaint_now)
        self._sharpen_timer = named(QTimer(self), "sharpenTimer", singleShot=True, interval=0)
        self._sharpen_timer.timeout.connect(self._sharpen)
        self._draft_timer = named(QTimer(self), "draftTimer", singleShot=True, interval=DRAFT_MS)
        self._draft_timer.timeout.connect(self._end_draft)
        self._disconnects = [
            document.changed.connect(self._document_changed),
            compositor.updated.connect(self._composite_changed),
        ]

    def set_preview(
        self, bounds: Bounds, image: QImage | None, key: object = None, layer: int = 0, opacity: float = 1.0
    ) -> None:
        """Show a picture over a region until the same key brings another one or None; higher layers lie on top."""
        old = self._previews.pop(key, None)
        if image is not None:
            self._previews[key] = Preview(bounds, QImage(image), layer, opacity)
        for area in {bounds, old.bounds if old else bounds}:
            self._update_canvas(area)

    def guides_changed(self) -> None:
        """Draw the guides again."""
        self.update()

    def refresh_overlay(self, area: Bounds | None = None) -> None:
        """Draw the overlay again; the picture under it is only copied."""
        if area is None:
            self.update_soon(self.rect())
        else:
            self._update_canvas(area)

    # -- when to paint -----------------------------------------------------------------------------

    def update_soon(self, rect: QRect) -> None:
        """Repaint a part with the next frame of the screen: a pen that reports 500 times a second costs no more."""
        self._soon += rect
        if self._frame_timer.isActive():
            return
        frame_ms = 1000 / min(max(self.screen().refreshRate(), 60.0), 144.0)
        passed = (time.monotonic() - self._painted_at) * 1000
        if passed >= frame_ms:
            self._repaint_now()
        else:
            self._frame_timer.start(max(1, round(frame_ms - passed)))

    def _repaint_now(self) -> None:
        region, self._soon = self._soon, QRegion()
        self.update(region)

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the retained picture, then draw what lies over it."""
        del event  # Qt clips to its region
        self._painted_at = time.monotonic()
        camera = self._camera
        buffer = self._renderer.frame(camera)
        with QPainter(self) as painter:
            painter.scale(1 / camera.ratio, 1 / camera.ratio)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(QPoint(0, 0), buffer)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            for preview in sorted(self._previews.values(), key=lambda one: one.layer):
                painter.setOpacity(preview.opacity)
                draw_preview(painter, camera, preview.bounds, preview.image)
            painter.setOpacity(1.0)
            paint_grids(painter, camera, self.aids)
            if self.aids.guides:
                paint_guides(painter, camera, self._still_guides())
            self.region_overlay.paint(painter, camera)
            self.selection_overlay.paint(painter, camera)
            painter.scale(camera.ratio, camera.ratio)
            self._paint_overlays(painter)
        if not self._renderer.unfinished.is_empty and not self._sharpen_timer.isActive():
            self._sharpen_timer.start()

    def set_camera(self, camera: Camera) -> None:
        """Stand somewhere else; while the paper turns on a large screen the picture is a quick one."""
        before = self._camera
        super().set_camera(camera)
        now = self._camera
        width, height = now.device_size
        if now.rotation % 90 and before.scale_key != now.scale_key and width * height > DRAFT_PIXELS:
            self._renderer.draft = True
            self._draft_timer.start()

    def _end_draft(self) -> None:
        self._renderer.draft = False
        self._renderer.mark_all()
        self.update()

    def _still_guides(self) -> tuple[Guide, ...]:
        """The guides without the one under the pointer."""
        aside = self._input.aside
        return aside.shown() if isinstance(aside, GuideDrag) else self.document.guides

    def _sharpen(self) -> None:
        """Another slice of what is not composited yet; events come first."""
        if self.isVisible():
            area = self._renderer.unfinished
            self.update(self._logical_rect(area))

    def _paint_overlays(self, painter: QPainter) -> None:
        if self._tool_id != "frame":
            draw_frame(painter, self._camera, self.document.frame, active=False)
        chosen, gesture = self.tools[self._tool_id], self._input.gesture
        for tool in (chosen,) if gesture in (None, chosen) else (chosen, gesture):
            painter.save()
            tool.paint_overlay(painter)
            painter.restore()
        circle = self._circle()
        if self._input.aside is not None:
            self._input.aside.paint(painter)
        elif circle is not None and self._pointer is not None:
            look = self.brush_of(self._input.current_tool().id)
            draw_brush_outline(painter, self._pointer, circle, look.roundness, self._angle_on_screen(look.angle))

    def _angle_on_screen(self, degrees: float) -> float:
        """A direction on the canvas, clockwise from east, as it is seen."""
        return self._camera.rotation + (180.0 - degrees if self._camera.mirrored else degrees)

    def _circle(self) -> float | None:
        """The diameter of the brush's outline in logical pixels, where one should be seen."""
        tool = self._input.current_tool()
        if tool.id not in self._brushes or self._input.navigating or self._input.aside is not None:
            return None
        brush = self.brush_of(self.selection_overlay.routed or tool.id)
        diameter = brush.size * self._camera.zoom / self._camera.ratio
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
                self.update_soon(rect)
        self._circle_rect = now

    def _update_canvas(self, bounds: Bounds, margin: int = 3) -> None:
        if bounds.is_empty:
            return
        self.update_soon(self._logical_rect(self._camera.device_bounds(bounds, margin)))

    def _logical_rect(self, area: Bounds) -> QRect:
        """Device pixels to those of the widget, inside it."""
        ratio = self._camera.ratio
        left, top = int(area.x // ratio), int(area.y // ratio)
        rect = QRect(left, top, int(-(-area.right // ratio)) - left, int(-(-area.bottom // ratio)) - top)
        return rect.intersected(self.rect())

    def _composite_changed(self, bounds: Bounds) -> None:
        self._renderer.mark(bounds)
        self._update_canvas(bounds)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.LOADED:
            self._renderer.mark_all()
        if change.kind in (ChangeKind.SELECTION, ChangeKind.FRAME, ChangeKind.LOADED):
            self.selection_overlay.refresh()
        if change.kind in (ChangeKind.GUIDES, ChangeKind.LOADED):
            self.guides_changed()
        if change.kind in (ChangeKind.REGIONS, ChangeKind.SAVED_SELECTIONS):
            self.update()
        if change.kind in CURSOR_KINDS:
            self.refresh_cursor()
