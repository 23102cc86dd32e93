"""The selection brush: paints what is selected, with all that the brush engine can do.

It holds a brush of its own that paints on a scratch document; what was painted there becomes coverage.
"""

from dataclasses import replace
from typing import Any, cast

import numpy as np
from PySide6.QtGui import QColor, QPainter

from canvas.brush import BrushSettings
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds, TileKey
from canvas.layers import BlendMode, PaintLayer
from canvas.live import Live, live_of
from canvas.selection import Mask, Selection
from canvas.tile import pixels
from desktop.view.film import RED, draw_live
from desktop.view.overlays import ACCENT
from desktop.view.tools.base import ALT, SHIFT, Tool, ToolEvent, ToolHost
from desktop.view.tools.painting import BrushTool
from desktop.view.tools.selecting import COMBINE

TINT = 0.45
LIGHT = 127  # a colour lighter than this selects in quick mask mode


class SelectionBrushTool(Tool):
    """Paint to select; Alt takes away. In quick mask mode it works behind brush and eraser."""

    id = "selection-brush"
    options = (COMBINE,)

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._scratch = _Scratch(host)
        self._brush = BrushTool(cast(ToolHost, self._scratch))
        self._selects = True

    @property
    def busy(self) -> bool:
        """Whether a stroke is under the pen."""
        return self._brush.busy

    def press(self, event: ToolEvent) -> None:
        """Begin a stroke."""
        overlay = self.host.selection_overlay
        routed = overlay.routed
        self._selects = self._would_select(event, routed)
        color = RED if routed else ACCENT if self._selects else RED
        self._scratch.begin(routed or self.id, color)
        self._brush.press(_plain(event))
        self._show()

    def move(self, event: ToolEvent) -> None:
        """Lead the stroke on."""
        self._brush.move(_plain(event))
        self._show()

    def release(self, event: ToolEvent) -> None:
        """Put what was painted into the selection: one undo step."""
        if not self.busy:
            return
        self._brush.release(_plain(event))
        self.host.selection_overlay.set_stroke(None)
        document = self.host.document
        painted = self._scratch.painted()
        base = document.selection
        if base.is_empty and not self._selects and self.host.selection_overlay.routed:
            # Nothing is protected yet: all that can be seen to belong to the painting, less the stroke.
            base = Selection.rectangle(document.frame.united(self.host.camera.visible_bounds()))
        selection = base.brushed(painted, self._selects)
        if base is document.selection and selection is base:
            self.host.refresh_overlay()
            return
        with document.transaction("Paint selection"):
            document.set_selection(selection)

    def cancel(self) -> None:
        """Drop the stroke without a trace."""
        self._brush.cancel()
        self.host.selection_overlay.set_stroke(None)
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """What is being painted, tinted; in quick mask mode the film shows it."""
        live = self._scratch.live
        if live is None or self.host.selection_overlay.quick_mask:
            return
        ratio = self.host.camera.ratio
        painter.scale(1 / ratio, 1 / ratio)
        painter.setOpacity(TINT)
        draw_live(painter, self.host.camera, live)

    def _show(self) -> None:
        self.host.selection_overlay.set_stroke(self._scratch.live, self._selects)
        self.host.refresh_overlay()

    def _would_select(self, event: ToolEvent, routed: str) -> bool:
        """Quick mask: light colours select, dark ones protect, the eraser takes the film away."""
        if routed == "brush":
            return self.host.color.lightness() > LIGHT
        if routed == "eraser":
            return True
        if event.modifiers & ALT:
            return False
        return bool(event.modifiers & SHIFT) or self.option("combine") != "subtract"


class _Scratch:
    """The host of the inner brush: a document, a brush and a colour of its own, the view for everything else."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._brush_id = ""
        self._color = QColor()
        self._fresh()

    def _fresh(self) -> None:
        self.document = Document.new(Bounds(0, 0, 1, 1))
        self.compositor = Compositor(self.document, QColor("white"), 1 << 20)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)

    @property
    def color(self) -> QColor:
        """The tint of what is painted; only its coverage counts."""
        return self._color

    def brush_of(self, tool_id: str) -> BrushSettings:
        """The brush that paints the selection, as one that only covers."""
        del tool_id
        look = self._host.brush_of(self._brush_id)
        return replace(look, eraser=False, mode=BlendMode.NORMAL)

    def begin(self, brush_id: str, color: QColor) -> None:
        """An empty layer for the next stroke."""
        self.compositor.close()
        self._fresh()
        self._brush_id, self._color = brush_id, color

    @property
    def live(self) -> Live | None:
        """What is being painted."""
        layer = self.document.active
        return live_of(self.compositor.live, layer) if isinstance(layer, PaintLayer) else None

    def painted(self) -> dict[TileKey, Mask]:
        """The coverage of what was painted, under canvas tile keys."""
        layer = self.document.active
        if not isinstance(layer, PaintLayer):
            return {}
        found: dict[TileKey, Mask] = {}
        for key, tile in layer.surface.snapshot().items():
            found[key] = np.ascontiguousarray(pixels(tile)[..., 3])
        return found


def _plain(event: ToolEvent) -> ToolEvent:
    """The event without Alt, which only says that the stroke takes away."""
    return replace(event, modifiers=event.modifiers & ~ALT)
