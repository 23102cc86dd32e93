"""Large regions in small pieces, so that no single step keeps the window waiting."""

from __future__ import annotations

from collections.abc import Iterator

from canvas.geometry import Bounds


def pieces(bounds: Bounds, side: int) -> Iterator[Bounds]:
    """Cuts a region along a grid of `side` pixels that begins at the canvas origin; rows from top to bottom."""
    if bounds.is_empty:
        return
    for top in range(bounds.y // side * side, bounds.bottom, side):
        for left in range(bounds.x // side * side, bounds.right, side):
            yield Bounds(left, top, side, side).intersected(bounds)
