"""Sliders of sizes: even in ratio, so that small brushes have as much room as large ones."""

from __future__ import annotations

import math

LARGEST = 1000
STEPS = 1000


class SizeScale:
    """Slider positions 0..STEPS to diameters 1..LARGEST, even in ratio."""

    @staticmethod
    def to_size(position: int) -> int:
        """Pixels."""
        return max(1, round(LARGEST ** (position / STEPS)))

    @staticmethod
    def to_position(size: float) -> int:
        """Slider position."""
        return round(STEPS * math.log(max(1.0, size)) / math.log(LARGEST))
