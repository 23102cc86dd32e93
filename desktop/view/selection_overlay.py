"""How the selection is shown: ants around it, a red film beside it (quick mask), or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QPainter

from canvas.live import Live
from canvas.selection import Selection
from desktop.naming import named
from desktop.view.ants import MarchingAnts
from desktop.view.camera import Camera
from desktop.view.film import MaskFilm
from desktop.view.overlays import draw_label
from desktop.view.tools.options import ToolOption

if TYPE_CHECKING:
    from desktop.view.painted_view import PaintedView

ANTS_MS = 100
SLOW_MS = 500
"""Between two steps of the ants while another window is in front."""
OUTLINE = ToolOption("outline", "Outline", "Show the outline of the selection", True, group="selection-view")
"""Kept with the tools' options, so that it holds for the next painting too."""


class SelectionOverlay(QObject):
    """One per view; draws the document's selection, or the one that stands in for it for the moment."""

    quickMaskChanged = Signal(bool)
    outlineChanged = Signal(bool)

    def __init__(self, view: PaintedView) -> None:
        super().__init__(view)
        self._view = view
        self._ants, self._film = MarchingAnts(), MaskFilm()
        self._preview: Selection | None = None
        self._quick_mask = False
        self._outline = True
        self._last = Selection.none()
        self._stroke: tuple[Live, bool] | None = None
        self._phase = 0
        self._timer = named(QTimer(self), "antsTimer", interval=ANTS_MS)
        self._timer.timeout.connect(self.march)

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def shown(self) -> Selection:
        """The selection that is seen now."""
        return self._view.document.selection if self._preview is None else self._preview

    @property
    def last(self) -> Selection:
        """The last selection of the document that was not empty."""
        return self._last

    def set_preview(self, selection: Selection | None) -> None:
        """Show another selection than the document's; None ends it."""
        if selection is not self._preview:
            self._preview = selection
            self.refresh()

    @property
    def quick_mask(self) -> bool:
        """Whether what is not selected lies under a red film, and brush and eraser paint the selection.

        Change it between gestures.
        """
        return self._quick_mask

    @quick_mask.setter
    def quick_mask(self, on: bool) -> None:
        if on != self._quick_mask:
            self._quick_mask = on
            self._view.refresh_cursor()
            self.refresh()
            self.quickMaskChanged.emit(on)

    @property
    def outline(self) -> bool:
        """Whether the ants are shown."""
        return self._outline

    @outline.setter
    def outline(self, on: bool) -> None:
        if on != self._outline:
            self._outline = on
            self.refresh()
            self.outlineChanged.emit(on)

    @property
    def routed(self) -> str:
        """`brush` or `eraser` while that tool paints the selection, else empty."""
        tool = self._view.tool_id
        return tool if self._quick_mask and tool in ("brush", "eraser") else ""

    def set_stroke(self, stroke: Live | None, selects: bool = True) -> None:
        """What is being painted into the selection, for the film."""
        self._stroke = None if stroke is None else (stroke, selects)

    @property
    def edges_found(self) -> int:
        """How often the edge was looked for."""
        return self._ants.computed

    @property
    def walking(self) -> bool:
        """Whether the ants move."""
        return self._timer.isActive()

    # -- drawing -----------------------------------------------------------------------------------

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Draw into a painter in device pixels."""
        if self._quick_mask:
            self._film.paint(painter, self.shown, camera, self._stroke)
            painter.save()
            painter.scale(camera.ratio, camera.ratio)
            draw_label(painter, QPointF(camera.width / 2, 10), self.tr("Quick mask"))
            painter.restore()
        elif self._outline and not self.shown.is_empty:
            self._ants.paint(painter, self.shown, camera, self._phase)

    def refresh(self) -> None:
        """The selection, or the way it is shown, is another one."""
        if not self._view.document.selection.is_empty:
            self._last = self._view.document.selection
        self.tend()
        self._view.update()

    def tend(self) -> None:
        """Let the ants walk only while they can be seen."""
        seen = self._view.isVisible() and self._outline and not self._quick_mask
        wanted = seen and not self.shown.is_empty
        if wanted != self._timer.isActive():
            self._timer.start() if wanted else self._timer.stop()

    def rest(self) -> None:
        """Stop walking: the view is hidden or about to go."""
        self._timer.stop()

    def march(self) -> None:
        """One step of the ants."""
        window = self._view.window()
        if window.isMinimized():
            return
        wanted = ANTS_MS if window.isActiveWindow() else SLOW_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        camera = self._view.camera
        self._phase += max(1, round(camera.ratio))
        area, ratio = self._ants.area(self.shown, camera), camera.ratio
        if not area.is_empty:
            size = QSize(int(area.width / ratio) + 2, int(area.height / ratio) + 2)
            self._view.update(QRect(QPoint(int(area.x / ratio), int(area.y / ratio)), size))
