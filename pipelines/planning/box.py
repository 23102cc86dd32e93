"""Whole pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels in some region or on the canvas."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows, columns."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    @property
    def right(self) -> int:
        """First column behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row behind it."""
        return self.top + self.height
