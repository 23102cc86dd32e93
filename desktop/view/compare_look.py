"""What is compared on the canvas and how; apart from the overlay, which only a comparison needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QImage

from canvas.geometry import Bounds


class CompareMode(StrEnum):
    """How two pictures are put side by side."""

    WIPE = "wipe"
    DIFFERENCE = "difference"
    FLICKER = "flicker"


@dataclass(frozen=True)
class Side:
    """One of the two pictures."""

    name: str
    "What it is called on the canvas."
    bounds: Bounds
    "Canvas pixels that it fills."
    image: QImage | None = None
    "Premultiplied; None is the canvas as it is."


@dataclass(frozen=True)
class CompareLook:
    """How the comparison is set at the moment."""

    mode: CompareMode = CompareMode.WIPE
    share: float = 0.5
    "Where the divider is, as a part of the region."
    across: bool = False
    "Whether the divider lies level instead of upright."
    gain: int = 4
    "Times that differences are multiplied."
    rate: int = 2
    "Changes a second while flickering."
    running: bool = True
    "Whether it flickers, or stands still."
