"""Fill: a click fills what looks alike around it; with Shift, the selection or the frame."""

from __future__ import annotations

import asyncio
import math

from PySide6.QtCore import QCoreApplication

from canvas.coat import Coat, mask_source, plain_source
from canvas.fill import FloodSettings, flood, reaches_rim
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.i18n import mark
from desktop.view.tools.base import SHIFT, ToolEvent
from desktop.view.tools.laying import LayingTool, rgb, sample
from desktop.view.tools.options import BLEND, OPACITY, SMOOTH, ToolOption

LARGEST = 1 << 26
"""Most pixels that one fill searches."""
SMALL = 1 << 18
"""Pixels that are searched at once; more go to a thread."""

translate = QCoreApplication.translate


class FillTool(LayingTool):
    """One click, one area."""

    id = "fill"
    step_name = "Fill"
    help = mark("tools", "Click an area to fill it. Shift fills the whole selection, or the frame without one.")
    options = (
        ToolOption("tolerance", mark("tools", "Tolerance"),
                   mark("tools", "How different from the clicked pixel a pixel may be and still be filled"),
                   40, low=0, high=255),
        ToolOption("contiguous", mark("tools", "Contiguous"),
                   mark("tools", "Fill only what hangs together; otherwise everything of that colour"), True),
        ToolOption("sample", mark("tools", "Look at"),
                   mark("tools", "Which pixels are borders: of all layers together or of this layer only"), "all",
                   choices=(("all", mark("tools", "All layers")), ("layer", mark("tools", "This layer")))),
        ToolOption("gap", mark("tools", "Close gaps"),
                   mark("tools", "Holes in an outline up to this width count as closed"), 0, 0, 20, " px"),
        ToolOption("grow", mark("tools", "Grow"),
                   mark("tools", "Reach so far under the surrounding lines; negative values stay away from them"),
                   1, -20, 50, " px"),
        SMOOTH,
        OPACITY,
        BLEND,
    )  # fmt: skip

    def press(self, event: ToolEvent) -> None:
        """Fill here, or say why not."""
        if self.working:
            return
        if event.modifiers & SHIFT:
            self.fill_region()
            return
        layer = self.paintable()
        if layer is None:
            return
        seed = (math.floor(event.x), math.floor(event.y))
        area = self._area(layer)
        problem = self._problem(seed, area)
        if problem:
            self.host.say(problem)
            return
        self.begin(lambda job: self._fill(job, layer, seed, area), (event.x, event.y))

    def fill_region(self) -> None:
        """Fill the selection, or the frame if nothing is selected."""
        layer = None if self.working else self.paintable()
        if layer is None:
            return
        region, selection = self.region(), self.host.document.selection
        coat = Coat(layer, plain_source(rgb(self.host.color)), region, selection, self.coat_settings())
        self.begin(lambda _: self.lay(coat), region.center)

    def _area(self, layer: PaintLayer) -> Bounds:
        """Where the flood may come: the selection, or what is painted and the frame."""
        document = self.host.document
        if not document.selection.is_empty:
            return document.selection.bounds
        painted = document.content_bounds() if self.option("sample") == "all" else layer.content_bounds()
        return painted.united(document.frame)

    def _problem(self, seed: tuple[int, int], area: Bounds) -> str:
        """Why nothing can be filled here, or nothing."""
        selection = self.host.document.selection
        if not selection.is_empty and not selection.coverage(Bounds(*seed, 1, 1)).any():
            return translate("tools", "This place is not selected. Click inside the selection, or drop it first.")
        if not area.contains(Bounds(*seed, 1, 1)):
            return translate(
                "tools",
                "The canvas is empty and endless here. Click inside the frame or the painting, or select an area.",
            )
        if area.width * area.height > LARGEST:
            return translate(
                "tools", "{width} × {height} pixels are too many to search. Select a smaller area around it first."
            ).format(width=area.width, height=area.height)
        return ""

    async def _fill(self, job: object, layer: PaintLayer, seed: tuple[int, int], area: Bounds) -> None:
        document, colour, how = self.host.document, rgb(self.host.color), self.coat_settings()
        source = layer if self.option("sample") == "layer" else None
        selection = document.selection
        settings = FloodSettings(
            int(self.option("tolerance")),
            bool(self.option("contiguous")),
            int(self.option("gap")),
            int(self.option("grow")),
            bool(self.option("smooth")),
        )
        picture = await sample(self.host, area, source, lambda share: self.progress(share * 0.6))
        inside = None if selection.is_empty else selection.coverage(area)
        at = (seed[0] - area.x, seed[1] - area.y)
        if area.width * area.height > SMALL or settings.gap:
            mask = await asyncio.to_thread(flood, picture, at, settings, inside)
        else:
            mask = flood(picture, at, settings, inside)
        if self._job is not job:
            return
        if not mask.any():
            self.host.say(translate("tools", "Nothing is left to fill: the area is smaller than it is shrunk by."))
            return
        await self.lay(Coat(layer, mask_source(area, mask, colour), area, selection, how))
        if selection.is_empty and area != document.frame and settings.contiguous and reaches_rim(mask):
            self.host.say(translate("tools", "This area is open: it was filled up to the edge of what is painted."))
