"""How the tiles of a stroke meet those of its layer: modes, the alpha lock, and masks painted in grey."""

from typing import NamedTuple

from PySide6.QtGui import QImage, QPainter

from canvas.brush import BrushSettings
from canvas.layers import BlendMode, LayerMask, PaintLayer
from canvas.tile import FORMAT, new_tile

Mode = QPainter.CompositionMode
OVER, OUT = Mode.CompositionMode_SourceOver, Mode.CompositionMode_DestinationOut
KEPT, ATOP = Mode.CompositionMode_Destination, Mode.CompositionMode_SourceAtop
ALMOST = 0.004  # less than a level of 8 bits


class Blend(NamedTuple):
    """What happens to a layer's tile where a stroke covers it."""

    mode: Mode
    "Qt's mode for drawing the stroke's tile onto the layer's."
    locked: bool = False
    "The mode would change alpha, but must not: the result has to be computed as a whole."
    toward: float | None = None
    "A mask in grey: its alpha moves towards this, 0 to 1; computed as a whole too."

    @property
    def is_whole(self) -> bool:
        """Whether one drawing of the stroke's tile is not enough."""
        return self.locked or self.toward is not None


def blend_of(layer: PaintLayer, settings: BrushSettings, color: tuple[int, int, int]) -> Blend:
    """What a brush of this colour (0..255) does to this layer."""
    if isinstance(layer, LayerMask):
        return _mask_blend(layer, settings, color)
    if not layer.alpha_locked:
        return Blend(OUT if settings.erases else settings.mode.composition)
    if settings.erases or settings.mode is BlendMode.BEHIND:
        return Blend(KEPT)
    if settings.mode in (BlendMode.NORMAL, BlendMode.ATOP):
        return Blend(ATOP)
    return Blend(settings.mode.composition, locked=True)


def _mask_blend(mask: LayerMask, settings: BrushSettings, color: tuple[int, int, int]) -> Blend:
    """White shows and black hides, whichever way round the mask keeps it; the eraser is the other colour."""
    shown = (0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]) / 255
    shown = 1 - shown if settings.erases else shown
    alpha = shown if mask.hides_outside else 1 - shown
    if alpha > 1 - ALMOST:
        return Blend(OVER)
    return Blend(OUT) if alpha < ALMOST else Blend(OVER, toward=alpha)


def composed(tile: QImage | None, stroke_tile: QImage, blend: Blend) -> QImage:
    """A new tile: the layer's with the stroke's on it."""
    if blend.locked:
        return _locked(new_tile() if tile is None else tile, stroke_tile, blend.mode)
    fresh = new_tile() if tile is None else QImage(tile)
    with QPainter(fresh) as painter:
        if blend.toward is None:
            painter.setCompositionMode(blend.mode)
            painter.drawImage(0, 0, stroke_tile)
        else:
            painter.setCompositionMode(OUT)
            painter.drawImage(0, 0, stroke_tile)
            painter.setCompositionMode(Mode.CompositionMode_Plus)
            painter.setOpacity(blend.toward)
            painter.drawImage(0, 0, stroke_tile)
    return fresh


def _locked(tile: QImage, stroke_tile: QImage, mode: Mode) -> QImage:
    """The colours blended as if the tile were opaque, under the tile's own alpha."""
    straight = tile.convertToFormat(QImage.Format.Format_ARGB32)
    straight.reinterpretAsFormat(QImage.Format.Format_RGB32)
    opaque = straight.convertToFormat(FORMAT)
    with QPainter(opaque) as painter:
        painter.setCompositionMode(mode)
        painter.drawImage(0, 0, stroke_tile)
        painter.setCompositionMode(Mode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, tile)
    return opaque
