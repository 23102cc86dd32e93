"""Magic wand and select by colour: a click selects what looks alike."""

import asyncio
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter

from canvas.geometry import Bounds
from canvas.pixels import view
from canvas.selection import MAX_SIDE, Combine, Mask, Selection
from canvas.wand import Colour, alike, antialiased, connected
from desktop.i18n import mark
from desktop.view.overlays import draw_label
from desktop.view.sampling import measured
from desktop.view.tools.base import ToolEvent, ToolHost
from desktop.view.tools.options import ToolOption
from desktop.view.tools.selecting import SELECTION_OPTIONS, SelectingTool, combined

PATIENCE = 0.3  # seconds before progress is shown

TOLERANCE = ToolOption(
    "tolerance",
    mark("tools", "Tolerance"),
    mark("tools", "How different a colour may be, 0 to 255"),
    24,
    high=255,
)
SAMPLE = ToolOption(
    "sample",
    mark("tools", "Look at"),
    mark("tools", "Whose colours count"),
    "all",
    choices=(("all", mark("tools", "All layers")), ("layer", mark("tools", "This layer"))),
)
GROW = ToolOption(
    "grow",
    mark("tools", "Grow"),
    mark("tools", "Move the edge outwards, or inwards below 0"),
    0,
    low=-64,
    high=64,
    suffix=" px",
)


class ColourTool(SelectingTool):
    """What wand and select by colour share: a click, a look at the canvas, a shape."""

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._pressed: ToolEvent | None = None
        self._progress = 0.0
        self._since = math.inf

    @property
    def drawing(self) -> bool:
        """Whether the button is held."""
        return self._pressed is not None

    def begin(self, event: ToolEvent) -> None:
        """The pixel that counts."""
        self._pressed = event

    def end(self, event: ToolEvent) -> None:
        """Select from where the button was pressed."""
        del event
        held, self._pressed = self._pressed, None
        if held is not None:
            how = self._combine
            self.work(lambda: self._select(math.floor(held.x), math.floor(held.y), how))

    def drop(self) -> None:
        """Forget the press."""
        self._pressed = None
        self._since = math.inf
        self.host.refresh_overlay()

    def shaper(self) -> Callable[[Mask, tuple[int, int]], Mask]:
        """What makes, of all pixels that look alike and the clicked one, the shape; it runs in a thread."""
        return lambda mask, _seed: mask

    @property
    def softness(self) -> int:
        """Over how many further steps of difference coverage falls to nothing."""
        return 0

    def paint_overlay(self, painter: QPainter) -> None:
        """How far it is, when it takes long."""
        if self._pressed is None and time.monotonic() - self._since > PATIENCE:
            pattern = QCoreApplication.translate("tools", "Looking… {percent} % (Esc stops)")
            middle = QPointF(self.host.camera.width / 2, 24)
            draw_label(painter, middle, pattern.format(percent=round(self._progress * 100)))

    async def _select(self, x: int, y: int, how: Combine) -> None:
        document, compositor = self.host.document, self.host.compositor
        layer = document.active if self.option("sample") == "layer" else None
        bounds = self._area(x, y)
        spot = compositor.flatten(Bounds(x, y, 1, 1), layer)
        blue, green, red, alpha = (int(part) for part in view(spot)[0, 0])
        colour: Colour = (blue, green, red, alpha)
        tolerance, softness = int(self.option("tolerance")), self.softness
        self._since = time.monotonic()
        try:
            mask = await measured(
                compositor, bounds, layer, lambda pixels: alike(pixels, colour, tolerance, softness), self._show
            )
            radius, grow = float(self.option("feather")), int(self.option("grow"))
            seed = (x - bounds.x, y - bounds.y)
            before, shape_of = document.selection, self.shaper()

            def finished() -> Selection:
                found = Selection.from_mask(bounds, shape_of(mask, seed)).grown(grow)
                return combined(before, found, how, radius)

            result = await asyncio.to_thread(finished)
        finally:
            self._since = math.inf
        if not (result.is_empty and before.is_empty):
            self._put(result)

    def _show(self, progress: float) -> None:
        self._progress = progress
        if time.monotonic() - self._since > PATIENCE:
            self.host.refresh_overlay()

    def _area(self, x: int, y: int) -> Bounds:
        """Where is looked: everything painted and the frame; around the view when that is too large."""
        document, spot = self.host.document, Bounds(x, y, 1, 1)
        area = document.content_bounds().united(document.frame)
        seen = self.host.camera.visible_bounds()
        if not area.contains(spot):
            area = area.united(seen).united(spot)
        if max(area.width, area.height) <= MAX_SIDE:
            return area
        half = MAX_SIDE // 2
        return area.intersected(Bounds(x - half, y - half, MAX_SIDE, MAX_SIDE))


class WandTool(ColourTool):
    """A click selects the area of like colour around it."""

    id = "wand"
    options = (
        *SELECTION_OPTIONS,
        TOLERANCE,
        ToolOption(
            "contiguous",
            mark("tools", "Contiguous"),
            mark("tools", "Only what hangs together with the clicked pixel"),
            True,
        ),
        SAMPLE,
        GROW,
        ToolOption(
            "gap",
            mark("tools", "Close gaps"),
            mark("tools", "Openings in a line that are narrower than this count as closed"),
            0,
            high=32,
            suffix=" px",
        ),
    )

    def shaper(self) -> Callable[[Mask, tuple[int, int]], Mask]:
        """The connected part, with a soft edge when asked for."""
        contiguous, gap, soft = self.option("contiguous"), int(self.option("gap")), self.antialias

        def shape_of(mask: Mask, seed: tuple[int, int]) -> Mask:
            found = connected(mask, seed, gap) if contiguous else mask
            return antialiased(found) if soft else found

        return shape_of


class SelectColorTool(ColourTool):
    """A click selects everything of like colour, wherever it is."""

    id = "select-color"
    options = (
        *SELECTION_OPTIONS,
        TOLERANCE,
        ToolOption(
            "softness",
            mark("tools", "Softness"),
            mark("tools", "Colours a little further off are selected in part"),
            16,
            high=255,
        ),
        SAMPLE,
        GROW,
    )

    @property
    def softness(self) -> int:
        """As it is set, nothing without antialiasing."""
        return int(self.option("softness")) if self.antialias else 0
