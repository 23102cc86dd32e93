"""Whether the memory that a job is expected to take is there, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from pipelines.contract.request import FRAME_STEP, MIN_FRAMES
from pipelines.planning.cost import Cost

GIGABYTE = 1e9


def shortage_words(cost: Cost | None) -> str:
    """A sentence where more is needed than is free; empty where it fits, and where nobody knows."""
    if cost is None or not cost.is_short or cost.memory_bytes is None or cost.free_bytes is None:
        return ""
    sentence = QCoreApplication.translate("shortage", "It needs about {needed} GB of memory, and {free} GB are free.")
    return sentence.format(needed=f"{cost.memory_bytes / GIGABYTE:.1f}", free=f"{cost.free_bytes / GIGABYTE:.1f}")


def picture_shortage(cost: Cost | None) -> str:
    """The same for a picture, with what to change."""
    if words := shortage_words(cost):
        advice = QCoreApplication.translate("shortage", "Choose a smaller frame or a smaller model, or close programs.")
        return f"{words} {advice}"
    return ""


def clip_shortage(cost: Cost | None, frames: int, cost_of: Callable[[int], Cost | None]) -> str:
    """The same for a clip of so many frames; `cost_of` tells what other numbers of them need."""
    words = shortage_words(cost)
    if not words:
        return ""
    fitting = most_frames(frames, lambda one: not shortage_words(cost_of(one)))
    if fitting:
        advice = QCoreApplication.translate("shortage", "With {frames} frames it would fit, or in a smaller frame.")
        return f"{words} {advice.format(frames=fitting)}"
    advice = QCoreApplication.translate("shortage", "Choose a smaller frame or a smaller model, or close programs.")
    return f"{words} {advice}"


def most_frames(frames: int, fits: Callable[[int], bool]) -> int:
    """The most frames below `frames` that fit, counted as clips count them; 0 when not even the fewest do."""
    low, high = 0, (frames - MIN_FRAMES) // FRAME_STEP
    while low < high:  # of the first `high` numbers of frames, `low` are known to fit
        middle = (low + high) // 2
        low, high = (middle + 1, high) if fits(MIN_FRAMES + middle * FRAME_STEP) else (low, middle)
    return MIN_FRAMES + (low - 1) * FRAME_STEP if low else 0
