"""What is shown of a layer before it is part of it: a stroke, a transformation, a gradient under the pointer."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtGui import QImage, QPainter

from canvas.geometry import NOTHING, Bounds, TileKey
from canvas.layers import PaintLayer


class Live(Protocol):
    """A change of one layer that is seen but not made; the compositor draws it in the layer's place."""

    @property
    def layer(self) -> PaintLayer:
        """Whose pixels seem different."""
        ...

    @property
    def mode(self) -> QPainter.CompositionMode:
        """How its tiles meet the layer's; Source stands in their place, also where it is transparent."""
        ...

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that may look different."""
        ...

    def tile(self, key: TileKey) -> QImage | None:
        """What meets the layer's tile of this layer-local key; None leaves the layer as it is. Do not paint on it."""
        ...

    def keys(self) -> Iterable[TileKey]:
        """The layer-local keys of all tiles that look different."""
        ...


class LiveSet:
    """Changes of several layers, or of a layer and its mask, that are shown together."""

    def __init__(self, lives: Sequence[Live]) -> None:
        self.lives = {live.layer: live for live in lives}

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that may look different."""
        found = NOTHING
        for live in self.lives.values():
            found = found.united(live.bounds)
        return found


def live_of(live: Live | LiveSet | None, layer: PaintLayer) -> Live | None:
    """The change of one layer among what is shown."""
    if isinstance(live, LiveSet):
        return live.lives.get(layer)
    return live if live is not None and live.layer is layer else None
