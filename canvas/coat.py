"""A coat of paint: pixels for a part of one layer, made tile by tile, seen live and committed as one step.

Fills, gradients and shapes are coats that differ only in where their pixels come from.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtGui import QImage, QPainter

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.layers import BlendMode, PaintLayer
from canvas.selection import Mask, Selection
from canvas.tile import FORMAT, is_blank, new_tile, pixels, read_words, words

Mode = QPainter.CompositionMode
Source = Callable[[Bounds], QImage | None]
"""The pixels of one whole tile's bounds (canvas pixels), premultiplied 256 x 256; None where there are none."""


@dataclass(frozen=True)
class CoatSettings:
    """How a coat meets what is on the layer."""

    opacity: float = 1.0
    """0..1."""
    blend_mode: BlendMode = BlendMode.NORMAL
    """One that Qt has: not hue, saturation, color, luminosity."""


class Coat:
    """One gesture's pixels on one layer, clipped to the selection and to `area`; a `Live`."""

    def __init__(
        self,
        layer: PaintLayer,
        source: Source,
        area: Bounds,
        selection: Selection,
        settings: CoatSettings | None = None,
    ) -> None:
        """`area` in canvas pixels; an empty selection restricts nothing. CanvasError for a mode that Qt lacks."""
        self.layer = layer
        self._settings = CoatSettings() if settings is None else settings
        if self._settings.blend_mode.mixes_channels:
            raise CanvasError(f"Paint cannot be laid in the mode {self._settings.blend_mode}. Choose another one.")
        self._source = source
        self._offset = layer.offset
        self._selection = selection
        self._area = area if selection.is_empty else area.intersected(selection.bounds)
        self._made: dict[TileKey, QImage | None] = {}

    def renew(self, source: Source, area: Bounds) -> Bounds:
        """Take other pixels; returns the canvas pixels that look different now."""
        before = self._area
        self._source = source
        self._area = area if self._selection.is_empty else area.intersected(self._selection.bounds)
        self._made.clear()
        return before.united(self._area)

    @property
    def mode(self) -> Mode:
        """How its tiles meet the layer's."""
        if self._settings.blend_mode is BlendMode.NORMAL:
            return Mode.CompositionMode_SourceAtop if self.layer.alpha_locked else Mode.CompositionMode_SourceOver
        return Mode.CompositionMode_Source

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that it may reach."""
        return self._area

    def keys(self) -> Iterable[TileKey]:
        """The layer-local keys of all tiles that it may reach."""
        return tiles_covering(self._local_area())

    def tile(self, key: TileKey) -> QImage | None:
        """What meets the layer's tile of this layer-local key, made when first asked for. Do not paint on it."""
        if key not in self._made:
            own = self._own(key)
            if own is not None and self.mode is Mode.CompositionMode_Source:
                own = self._blended(key, own)
            self._made[key] = own
        return self._made[key]

    def commit(self, document: Document, name: str) -> None:
        """Put it into the document as one step."""
        for _ in self.commit_slowly(document, name):
            pass

    def commit_slowly(self, document: Document, name: str) -> Iterator[float]:
        """As `commit`, but yields the share done (0..1) after every tile; nothing changes before the end."""
        surface, keys = self.layer.surface, list(self.keys())
        made: list[tuple[TileKey, QImage | None, QImage]] = []
        for done, key in enumerate(keys, 1):
            old, fresh = surface.tile(key), self._result(key)
            if fresh is not None and fresh != old and not (old is None and is_blank(fresh)):
                made.append((key, old, fresh))
            yield done / len(keys)
        painted: dict[TileKey, QImage | None] = {}
        for key, old, fresh in made:
            if surface.tile(key) is not old:  # the layer was changed meanwhile
                self._made.pop(key, None)
                fresh = self._result(key) or fresh
            painted[key] = None if is_blank(fresh) else fresh
        with document.transaction(name):
            document.set_tiles(self.layer, painted, self._local_area())

    def _local_area(self) -> Bounds:
        return NOTHING if self._area.is_empty else self._area.translated(-self._offset.x, -self._offset.y)

    def _own(self, key: TileKey) -> QImage | None:
        """The source's pixels, clipped and thinned."""
        place = tile_bounds(key).translated(*self._offset)
        inside = place.intersected(self._area)
        if inside.is_empty:
            return None
        image = self._source(place)
        if image is None:
            return None
        strength = round(self._settings.opacity * 255)
        rows = slice(inside.y - place.y, inside.bottom - place.y)
        columns = slice(inside.x - place.x, inside.right - place.x)
        if strength == 255 and self._selection.is_empty:
            return image if inside == place else _cut_out(image, rows, columns)
        cover = np.zeros((TILE, TILE), np.uint8)
        cover[rows, columns] = 255 if self._selection.is_empty else self._selection.coverage(inside)
        if strength == 255 and cover.min() == 255:
            return image
        return _thinned(image, cover, strength)

    def _result(self, key: TileKey) -> QImage | None:
        """The layer's tile as it will be; None where the coat adds nothing."""
        own = self.tile(key)
        if own is None or self.mode is Mode.CompositionMode_Source:
            return own
        return laid(self.layer.surface.tile(key), own, self.mode)

    def _blended(self, key: TileKey, own: QImage) -> QImage:
        old = self.layer.surface.tile(key)
        fresh = laid(old, own, self._settings.blend_mode.composition)
        if self.layer.alpha_locked:
            fresh = with_alpha_of(fresh, old)
        return fresh


def _cut_out(image: QImage, rows: slice, columns: slice) -> QImage:
    """A new tile with a part of one."""
    fresh = new_tile()
    words(fresh)[rows, columns] = read_words(image)[rows, columns]
    return fresh


def _thinned(image: QImage, cover: Mask, strength: int) -> QImage:
    """A new tile: every channel times the coverage and the strength (0..255), rounded to the nearest."""
    fresh = QImage(image)
    part = pixels(fresh)
    if strength < 255:
        cover = cv2.LUT(cover, ((np.arange(256) * strength + 127) // 255).astype(np.uint8)).astype(np.uint8, copy=False)
    part[:] = cv2.multiply(part, cv2.merge([cover] * 4), scale=1 / 255)
    return fresh


def laid(tile: QImage | None, own: QImage, mode: Mode) -> QImage:
    """A new tile: what is there with something on it."""
    fresh = new_tile() if tile is None else QImage(tile)
    with QPainter(fresh) as painter:
        painter.setCompositionMode(mode)
        painter.drawImage(0, 0, own)
    return fresh


def with_alpha_of(tile: QImage, other: QImage | None) -> QImage:
    """The colours of one tile with exactly the alpha of another."""
    if other is None:
        return new_tile()
    straight = tile.convertToFormat(QImage.Format.Format_ARGB32)
    kept = pixels(straight)
    kept[..., 3] = read_words(other) >> 24
    return straight.convertToFormat(FORMAT)


def mask_source(bounds: Bounds, mask: Mask, color: tuple[int, int, int]) -> Source:
    """One colour (RGB, 0..255) through an (h, w) coverage that lies at `bounds`."""
    table = color_table(color)

    def source(place: Bounds) -> QImage | None:
        inside = place.intersected(bounds)
        if inside.is_empty:
            return None
        rows = slice(inside.y - bounds.y, inside.bottom - bounds.y)
        part = mask[rows, inside.x - bounds.x : inside.right - bounds.x]
        if not part.any():
            return None
        tile = new_tile()
        top, left = inside.y - place.y, inside.x - place.x
        words(tile)[top : top + inside.height, left : left + inside.width] = table[part]
        return tile

    return source


def plain_source(color: tuple[int, int, int]) -> Source:
    """One colour everywhere (RGB, 0..255)."""
    tile = QImage(TILE, TILE, FORMAT)
    tile.fill(0xFF000000 | color[0] << 16 | color[1] << 8 | color[2])
    return lambda _: tile


def color_table(color: tuple[int, int, int]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """256 premultiplied 0xAARRGGBB words of a colour, by coverage."""
    alpha = np.arange(256, dtype=np.uint32)
    red, green, blue = ((alpha * part + 127) // 255 for part in color)
    return (alpha << 24 | red << 16 | green << 8 | blue).astype(np.uint32)
