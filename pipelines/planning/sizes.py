"""The sizes at which models paint well, and the size at which a region is painted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from pipelines.contract.models import Family, ModelInfo


@dataclass(frozen=True)
class RunLimits:
    """What sizes a model paints well."""

    native: int
    """Side of the square it was trained on, pixels."""
    min_area: float
    """Smallest area as a part of native x native."""
    max_area: float
    """Largest area as a part of native x native."""
    max_short_side: float
    """Longest short side as a part of native: beyond it compositions double."""
    multiple: int = 8
    """Both sides are multiples of this many pixels."""
    max_enlarged: float = 1.3
    """How much its result is enlarged at most; larger regions get a second pass for the detail."""


_SHARES: dict[Family, tuple[float, float, float]] = {
    Family.STARTER: (1.0, 8.0, 1.25),
    Family.SD1: (1.0, 1.5, 1.25),
    Family.SD2: (1.0, 1.5, 1.25),
    Family.SDXL: (0.61, 1.0, 1.0),
    Family.SD3: (0.56, 1.1, 1.05),
    Family.FLUX: (0.25, 1.5, 1.25),
    Family.FLUX2: (0.25, 2.0, 1.5),
    Family.QWEN_IMAGE: (0.33, 1.0, 1.0),
    Family.Z_IMAGE: (0.25, 1.5, 1.25),
    Family.WAN: (0.3, 1.0, 1.0),
}
"""Smallest area, largest area, longest short side, as parts of the native square and side."""
_ENLARGED = {Family.STARTER: 1.625}
"""Where it differs from the usual: the starter is there for a first picture at once."""


_TOKEN = 16
"""Pixels to a side of what transformers see as one."""
_OF_TOKENS = frozenset({Family.SD3, Family.FLUX, Family.FLUX2, Family.QWEN_IMAGE, Family.Z_IMAGE, Family.WAN})
_WIDE_TOKEN: dict[tuple[Family, str], int] = {(Family.WAN, "ti2v"): 32}
"""Where a variant's tokens are larger."""


def limits_of(info: ModelInfo) -> RunLimits:
    """The sizes this model paints well; a family that is not known gets those of SD1."""
    least, most, short = _SHARES.get(info.family, _SHARES[Family.SD1])
    usual = _TOKEN if info.family in _OF_TOKENS else RunLimits.multiple
    multiple = _WIDE_TOKEN.get((info.family, info.variant), usual)
    limits = RunLimits(info.defaults.native_size, least, most, short, multiple)
    return replace(limits, max_enlarged=_ENLARGED.get(info.family, limits.max_enlarged))


def run_size(width: int, height: int, limits: RunLimits) -> tuple[int, int]:
    """The size (width, height) in pixels at which a region of `width` x `height` is painted.

    Small regions are enlarged, large ones reduced; the shape is kept as far as the multiple allows.
    """
    area, square = float(width * height), float(limits.native**2)
    scale = 1.0
    if area * scale**2 < limits.min_area * square:
        scale = math.sqrt(limits.min_area * square / area)
    if area * scale**2 > limits.max_area * square:
        scale = math.sqrt(limits.max_area * square / area)
    scale = min(scale, limits.max_short_side * limits.native / min(width, height))
    return _within(width * scale, height * scale, limits)


def clip_size(width: int, height: int, limits: RunLimits) -> tuple[int, int]:
    """The size (width, height) of the frames that a clip of such a region has: of its very shape, and no larger than
    they are painted."""
    across, down = run_size(width, height, limits)
    scale = min(1.0, math.sqrt(across * down / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _within(width: float, height: float, limits: RunLimits) -> tuple[int, int]:
    """Rounded to multiples, the longer side down where rounding would pass the largest area."""
    across, down = _round_to(width, limits.multiple), _round_to(height, limits.multiple)
    largest = limits.max_area * limits.native**2
    if across * down > largest:
        longest = max(limits.multiple, int(largest / min(across, down)) // limits.multiple * limits.multiple)
        across, down = (longest, down) if across >= down else (across, longest)
    return across, down


def _round_to(value: float, multiple: int) -> int:
    return max(multiple, int(value / multiple + 0.5) * multiple)
