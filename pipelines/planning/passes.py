"""In how many passes a region is painted, each at what size and in which windows.

A region the model can paint in one go is one pass. A larger one begins as a whole at the model's own size, so that its
composition is one; then its picture is enlarged and painted over at a low strength, in overlapping windows, until it
has the canvas's resolution. Nothing is ever painted over more than the model's largest area at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from pipelines.planning.box import Box
from pipelines.planning.sizes import RunLimits, run_size
from pipelines.planning.windows import windows_of

DETAIL_STRENGTH = 0.4
"""How far later passes may go from the enlarged picture: new detail, the same composition."""
KEEPS_COMPOSITION = 0.5
"""Up to this strength a picture's own composition survives: a first pass at a reduced size would only blur it."""
_SAME_SIZE = 1.05
"""So much smaller a picture may be painted without losing detail that one would see."""
_GROWTH = 4.0
"""Each pass paints at most this many times as large as the one before."""


@dataclass(frozen=True)
class Pass:
    """One run over a part of a region."""

    box: Box
    """The part of the region it paints, region pixels."""
    width: int
    """At what width it is painted, pixels, a multiple of the model's step."""
    height: int
    strength: float
    windows: tuple[Box, ...]
    """What the network sees at once, in pixels of width x height. One that covers everything = in one go."""

    @property
    def windowed(self) -> bool:
        """Whether the network sees only parts of it at once."""
        return self.windows != (Box(0, 0, self.width, self.height),)

    @property
    def scale(self) -> float:
        """Pixels painted for each pixel of the region."""
        return self.width / self.box.width


def window_side(limits: RunLimits) -> int:
    """Side in pixels of the largest square the model paints in one go."""
    side = limits.native * min(limits.max_short_side, math.sqrt(limits.max_area))
    return max(limits.multiple, int(side) // limits.multiple * limits.multiple)


def window_overlap(limits: RunLimits) -> int:
    """How many pixels neighbouring windows share: a quarter of their side."""
    return max(limits.multiple, window_side(limits) // 4 // limits.multiple * limits.multiple)


def plan_passes(width: int, height: int, masks_box: Box | None, limits: RunLimits, strength: float) -> tuple[Pass, ...]:
    """The passes for a region of width x height, in order; the last one paints at the region's resolution unless the
    model's one go comes near it.

    `masks_box` is what is to be changed in region pixels: passes after the first paint it with a margin only. With
    None everything is. `strength` 0..1 is the first pass's; up to KEEPS_COMPOSITION no pass is at a reduced size.
    """
    first_width, first_height = run_size(width, height, limits)
    whole = Box(0, 0, width, height)
    enlarged = max(width / first_width, height / first_height)
    # What hardly changes must not come back blurred: at a low strength nothing is painted smaller than it is.
    if enlarged <= (_SAME_SIZE if strength <= KEEPS_COMPOSITION else limits.max_enlarged):
        return (_in_one_go(whole, first_width, first_height, strength),)
    box = whole if masks_box is None else _with_margin(masks_box, width, height, limits)
    if strength <= KEEPS_COMPOSITION:
        return (_in_windows(box, 1.0, strength, masks_box, limits),)
    levels = math.ceil(math.log(enlarged) / math.log(_GROWTH))
    scales = [enlarged ** (level / levels - 1.0) for level in range(1, levels + 1)]
    later = (_in_windows(box, scale, min(strength, DETAIL_STRENGTH), masks_box, limits) for scale in scales)
    return (_in_one_go(whole, first_width, first_height, strength), *later)


def detail_pass(region: tuple[int, int], size: tuple[int, int], limits: RunLimits, strength: float) -> Pass:
    """One pass over a region that was enlarged to `size` (width and height, as `region`'s) and keeps its composition
    whatever the strength: at that size, in windows."""
    whole = _in_windows(Box(0, 0, *size), 1.0, strength, None, limits)
    return replace(whole, box=Box(0, 0, *region))


def whole_pass(width: int, height: int, limits: RunLimits, strength: float) -> Pass:
    """A region of width x height in one go, whatever its size: clips."""
    return _in_one_go(Box(0, 0, width, height), *run_size(width, height, limits), strength)


def _in_one_go(box: Box, width: int, height: int, strength: float) -> Pass:
    return Pass(box, width, height, strength, (Box(0, 0, width, height),))


def _in_windows(box: Box, scale: float, strength: float, masks_box: Box | None, limits: RunLimits) -> Pass:
    """`box` painted at `scale`; windows that do not reach what is to be changed are left out."""
    width, height = (_up_to(side * scale, limits.multiple) for side in (box.width, box.height))
    if width * height < limits.min_area * limits.native**2:
        width, height = run_size(box.width, box.height, limits)
    windows = windows_of(width, height, window_side(limits), window_overlap(limits), limits.multiple)
    if masks_box is not None:
        wanted = _mapped(masks_box, box, width / box.width, height / box.height)
        windows = tuple(window for window in windows if _meet(window, wanted))
    return Pass(box, width, height, strength, windows)


def _with_margin(masks_box: Box, width: int, height: int, limits: RunLimits) -> Box:
    """The masks' box with surroundings the model can join it to; one window large at least where there is room."""
    margin, least = window_side(limits) // 4, window_side(limits)
    left, across = _widened(masks_box.left - margin, masks_box.right + margin, least, width, limits.multiple)
    top, down = _widened(masks_box.top - margin, masks_box.bottom + margin, least, height, limits.multiple)
    return Box(left, top, across, down)


def _widened(low: int, high: int, least: int, limit: int, multiple: int) -> tuple[int, int]:
    """(start, length) of low..high, at least `least` long and a multiple where 0..limit has room for it."""
    low, high = max(0, low), min(limit, high)
    length = min(limit, _up_to(max(high - low, least), multiple))
    start = max(0, min(low - (length - (high - low)) // 2, limit - length))
    return start, length


def _mapped(inner: Box, outer: Box, across: float, down: float) -> Box:
    """`inner` in pixels of `outer`'s pass, rounded outwards."""
    left, top = math.floor((inner.left - outer.left) * across), math.floor((inner.top - outer.top) * down)
    right, bottom = math.ceil((inner.right - outer.left) * across), math.ceil((inner.bottom - outer.top) * down)
    return Box(left, top, right - left, bottom - top)


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _up_to(value: float, multiple: int) -> int:
    return max(multiple, math.ceil(round(value / multiple, 6)) * multiple)
