"""How many steps of a schedule really run when a picture is only partly forgotten."""

from __future__ import annotations

import math

MIN_STEPS = 4
"""Fewer really-run steps than this leave noise in the picture."""
_MOST = 1000
"""A schedule of more steps is none: models know a thousand."""


def steps_for(steps: int, strength: float) -> int:
    """The step count to ask of an image-to-image pipeline so that at least MIN_STEPS really run.

    Fewer run only if `steps` itself is smaller. 0 when the strength is so low that nothing would run at all:
    the picture stays as it is.
    """
    wanted = min(MIN_STEPS, steps)
    if strength <= 0 or wanted / strength >= _MOST:
        return 0
    total = steps
    if int(total * strength) < wanted:
        total = math.ceil(wanted / strength)
        total += int(total * strength) < wanted  # rounding
    return total


def steps_run(steps: int, strength: float) -> int:
    """How many of them run then, as diffusers' image-to-image pipelines count."""
    total = steps_for(steps, strength)
    return min(int(total * strength), total)
