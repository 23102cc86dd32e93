"""The smudge tool: a finger in wet paint."""

from canvas.layers import PaintLayer
from canvas.smudge import Smudge
from desktop.view.tools import mirroring
from desktop.view.tools.base import ToolEvent
from desktop.view.tools.painting import Gesture, PaintingTool


class SmudgeTool(PaintingTool):
    """Drags the paint of the active layer along, inside the selection."""

    id = "smudge"
    options = mirroring.OPTIONS

    def begin(self, layer: PaintLayer, event: ToolEvent) -> Gesture | None:
        """Nothing is carried yet."""
        del event
        return Smudge(layer, self.host.brush_of(self.id), self.host.document.selection, self.setup())
