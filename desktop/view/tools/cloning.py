"""The clone tool: paints with what is somewhere else."""

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QImage, QPainter

from canvas.clone_stroke import CloneStroke
from canvas.geometry import Bounds, Point
from canvas.layers import LayerMask, PaintLayer
from desktop.i18n import mark
from desktop.view.overlays import outline_pens
from desktop.view.tools.base import ALT, ToolEvent, ToolHost
from desktop.view.tools.options import ToolOption
from desktop.view.tools.painting import Gesture, PaintingTool

ARM = 9.0  # logical pixels: half the cross at the source
SAMPLE = ToolOption(
    "sample",
    mark("tools", "Take from"),
    mark("tools", "Whether the copy is taken from what is seen or from the chosen layer alone"),
    "all",
    choices=(("all", mark("tools", "All layers")), ("layer", mark("tools", "This layer"))),
)
ALIGNED = ToolOption(
    "aligned",
    mark("tools", "Aligned"),
    mark("tools", "The source keeps its distance from stroke to stroke; otherwise every stroke begins at the cross"),
    True,
)


class CloneTool(PaintingTool):
    """Alt+click says where from; then strokes copy from there onto the active layer, inside the selection."""

    id = "clone"
    options = (SAMPLE, ALIGNED)

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._source: tuple[float, float] | None = None
        self._shift: Point | None = None
        self._pen: tuple[float, float] | None = None

    @property
    def source(self) -> tuple[float, float] | None:
        """Canvas position of the cross: what the pen would paint now; None before one was chosen."""
        if self._shift is None or self._pen is None:
            return self._source
        return self._pen[0] + self._shift.x, self._pen[1] + self._shift.y

    def press(self, event: ToolEvent) -> None:
        """Alt: from here. Else begin to copy."""
        if event.modifiers & ALT:
            self._source, self._shift, self._pen = (event.x, event.y), None, None
            self.host.refresh_overlay()
            return
        super().press(event)

    def begin(self, layer: PaintLayer, event: ToolEvent) -> Gesture | None:
        """A stroke of what is at the source."""
        if self._source is None:
            sentence = QCoreApplication.translate("tools", "Hold Alt and click the place to copy from first.")
            self.host.say(sentence)
            return None
        if isinstance(layer, LayerMask):
            sentence = QCoreApplication.translate("tools", "Masks cannot be cloned onto. Choose a layer with pixels.")
            self.host.say(sentence)
            return None
        if self._shift is None or not self.option("aligned"):
            self._shift = Point(round(self._source[0] - event.x), round(self._source[1] - event.y))
        alone = self.option("sample") == "layer"
        compositor = self.host.compositor

        def read(area: Bounds) -> QImage:
            if alone:
                return layer.surface.read(area.translated(-layer.offset.x, -layer.offset.y))
            return compositor.flatten(area)

        brush, selection = self.host.brush_of(self.id), self.host.document.selection
        return CloneStroke(layer, brush, selection, (read, self._shift), self.setup())

    def move(self, event: ToolEvent) -> None:
        """Copy on, the cross moving along."""
        super().move(event)
        self._follow(event)

    def release(self, event: ToolEvent) -> None:
        """Put the copy into the document: one undo step."""
        super().release(event)
        if not self.option("aligned"):
            self._shift = None
        self.host.refresh_overlay()

    def hover(self, event: ToolEvent) -> None:
        """The cross shows what would be copied."""
        super().hover(event)
        if self._shift is not None:
            self._follow(event)

    def paint_overlay(self, painter: QPainter) -> None:
        """A cross at the source."""
        super().paint_overlay(painter)
        if self.source is None:
            return
        middle = QPointF(*self.host.camera.to_view(*self.source))
        across, down = QPointF(ARM, 0), QPointF(0, ARM)

        def cross() -> None:
            painter.drawLine(middle - across, middle + across)
            painter.drawLine(middle - down, middle + down)

        outline_pens(painter, cross)

    def _follow(self, event: ToolEvent) -> None:
        self._pen = (event.x, event.y)
        self.host.refresh_overlay()
