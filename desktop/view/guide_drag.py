"""Making, moving and throwing away a guide with the pointer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from canvas.guides import Guide
from canvas.markings import GUIDES
from desktop.view.aids import paint_guides
from desktop.view.overlays import draw_label
from desktop.view.touches import Touch

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView


class GuideDrag:
    """One guide under the pointer; one step of the history when it is let go, none when it comes back."""

    def __init__(self, view: "CanvasView", horizontal: bool, old: Guide | None = None) -> None:
        self._view, self._old = view, old
        self._horizontal = horizontal
        self.guide = old

    def move(self, touch: Touch) -> None:
        """The pointer is here now; over a ruler, or out of the view, the guide is gone."""
        at = touch.at
        if not self._view.drawing_area().contains(at.toPoint()):
            self.guide = None
        else:
            x, y = self._view.camera.to_canvas(at.x(), at.y())
            self.guide = Guide(self._horizontal, round(y if self._horizontal else x))
        self._view.update()

    def finish(self) -> None:
        """Leave it where it is; two guides never lie in the same place."""
        document = self._view.document
        others = tuple(guide for guide in document.guides if guide not in (self._old, self.guide))
        if self.guide != self._old:
            document.set_marking(GUIDES, others if self.guide is None else (*others, self.guide))
        self._view.update()

    def cancel(self) -> None:
        """All guides as they were."""
        self._view.update()

    def shown(self) -> tuple[Guide, ...]:
        """The document's guides without the one that is led."""
        return tuple(guide for guide in self._view.document.guides if guide != self._old)

    def paint(self, painter: QPainter) -> None:
        """The guide and its position (logical pixels)."""
        if self.guide is None:
            return
        camera = self._view.camera
        painter.save()
        painter.scale(1 / camera.ratio, 1 / camera.ratio)
        paint_guides(painter, camera, (self.guide,))
        painter.restore()
        area = self._view.drawing_area()
        x, y = camera.center
        x, y = camera.to_view(*((x, self.guide.position) if self.guide.horizontal else (self.guide.position, y)))
        x, y = min(max(x, area.left() + 30), area.right() - 30), min(max(y, area.top()), area.bottom() - 30)
        painter.save()
        draw_label(painter, QPointF(x, y + 8), str(self.guide.position))
        painter.restore()
