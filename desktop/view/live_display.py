"""How a live picture is seen: over the frame under the newest strokes, or beside it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from canvas.geometry import NOTHING, Bounds
from desktop.generation.live_capture import Shot
from desktop.generation.live_settings import LivePlace, LiveSettings
from desktop.view.canvas_view import CanvasView
from desktop.view.fresh_strokes import FreshStrokes
from desktop.view.overlays import ACCENT

LAYER, STROKES_LAYER = -2, -1
"""Below the previews of jobs and below candidates."""
GAP = 16
"""Pixels of the screen between the frame and the picture beside it."""
EDGE = 2
"""Width of the line around a picture beside the frame, pixels of the screen."""
LEAST_SCALE = 0.3
"""Smaller than this part of the frame a picture beside it says too little."""
KEY, EDGE_KEY = "live", "live edge"


class LiveDisplay(QObject):
    """Shows one picture of the frame on the canvas; nothing of it is in the document."""

    def __init__(self, view: CanvasView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._strokes = FreshStrokes(view, "live strokes", STROKES_LAYER, self)
        self._peeking = False
        self._now: tuple[Shot, QImage] | None = None
        self._touched = NOTHING
        self._settings = LiveSettings()
        view.viewChanged.connect(self._moved)

    @property
    def peeking(self) -> bool:
        """Whether the picture is hidden, so that the canvas is seen as it is."""
        return self._peeking

    def show(self, shot: Shot, image: QImage, touched: Bounds, settings: LiveSettings) -> None:
        """Another picture; `touched` is what changed on the canvas, in its pixels, since the shot was taken."""
        self._now, self._touched = (shot, image), touched
        self.refresh(settings)

    def touch(self, bounds: Bounds) -> None:
        """The canvas changed there, canvas pixels."""
        self._touched = self._touched.united(bounds)
        self._strokes.touch(bounds)

    def peek(self, on: bool, settings: LiveSettings) -> None:
        """Hides the picture, or shows it again."""
        self._peeking = on
        self.refresh(settings)

    def refresh(self, settings: LiveSettings) -> None:
        """Shows the same picture with other settings."""
        self._settings = settings
        if self._now is None:
            return
        shot, image = self._now
        if settings.place is LivePlace.BESIDE:
            self._strokes.end()
            self._show_beside(shot.bounds, image)
            return
        self._view.set_preview(shot.bounds, None, key=EDGE_KEY)
        if self._peeking:
            self._strokes.end()
            self._view.set_preview(shot.bounds, None, key=KEY)
        else:
            self._strokes.begin(shot.area, shot.base, shot.level, self._touched)
            self._view.set_preview(shot.bounds, image, key=KEY, layer=LAYER, opacity=settings.opacity)

    def _show_beside(self, frame: Bounds, image: QImage) -> None:
        camera = self._view.camera
        pixel = camera.ratio / camera.zoom
        place = beside(frame, self._view.visible_bounds(), max(1, round(GAP * pixel)))
        self._view.set_preview(place, image, key=KEY, layer=LAYER)
        line = place.expanded(max(1, round(EDGE * pixel)))
        edge = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        edge.fill(ACCENT)
        self._view.set_preview(line, edge, key=EDGE_KEY, layer=LAYER - 1)

    def _moved(self) -> None:
        """The view stands elsewhere: what is beside the frame stays in sight."""
        if self._now is not None and self._settings.place is LivePlace.BESIDE:
            self._show_beside(self._now[0].bounds, self._now[1])

    def clear(self) -> None:
        """Takes everything off the canvas."""
        self._strokes.end()
        if self._now is not None:
            for key in (KEY, EDGE_KEY):
                self._view.set_preview(self._now[0].bounds, None, key=key)
        self._now = None


def beside(frame: Bounds, visible: Bounds, gap: int) -> Bounds:
    """Where a picture of the frame stands next to it: at the side with more room in sight, whole, no larger than the
    frame; where there is hardly any, small in the upper right corner of what is seen. Canvas pixels."""
    rooms = {1: visible.right - frame.right - 2 * gap, -1: frame.x - visible.x - 2 * gap}
    tallest = (visible.height - 2 * gap) / frame.height
    scales = {side: min(1.0, room / frame.width, tallest) for side, room in rooms.items()}
    side = 1 if scales[1] >= scales[-1] else -1
    scale = scales[side]
    if scale < LEAST_SCALE:
        scale = min(LEAST_SCALE * visible.width / frame.width, LEAST_SCALE * visible.height / frame.height)
        width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        return Bounds(visible.right - gap - width, visible.y + gap, width, height)
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    left = frame.right + gap if side > 0 else frame.x - gap - width
    top = frame.y + (frame.height - height) // 2
    top = min(max(top, visible.y + gap), visible.bottom - gap - height) if height < frame.height else top
    return Bounds(left, top, width, height)
