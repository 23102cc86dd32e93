"""Krita's tile files: the pixels of one layer or mask inside a .kra, 64 x 64 tiles packed with LZF.

A text head ("VERSION 2", "TILEWIDTH 64", "TILEHEIGHT 64", "PIXELSIZE 4", "DATA n"), then n times a line
"x,y,LZF,size" and `size` bytes: one byte that says whether what follows is packed, then the tile plane by plane.
LZF is Marc Lehmann's format: a control byte below 32 announces that many + 1 literal bytes, any other a copy of bytes
already written.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds

MAX_TILES = 200_000
MAX_HEAD_LINE = 64
REACH = 1 << 24
"""How far from the origin a tile may lie."""
TILE = 64

Planes = NDArray[np.uint8]


@dataclass(frozen=True)
class TileFile:
    """The packed tiles of one layer."""

    pixel_bytes: int
    "1 for masks, 4 for RGBA with 8 bits."
    tiles: dict[tuple[int, int], memoryview]
    "Left and top edge in layer pixels -> the flag byte and the bytes after it."

    @property
    def bounds(self) -> Bounds:
        """The rectangle around all tiles, layer pixels."""
        if not self.tiles:
            return NOTHING
        xs, ys = [x for x, _ in self.tiles], [y for _, y in self.tiles]
        return Bounds(min(xs), min(ys), max(xs) - min(xs) + TILE, max(ys) - min(ys) + TILE)

    def unpack(self, default: bytes, done: Callable[[int], None] | None = None) -> NDArray[np.uint8]:
        """(h, w, pixel_bytes) over `bounds`, `default` where no tile is. `done` gets the tiles unpacked so far."""
        area, planes = self.bounds, self.pixel_bytes
        out = np.empty((area.height, area.width, planes), np.uint8)
        out[:] = np.frombuffer(default, np.uint8)
        for number, ((x, y), packed) in enumerate(self.tiles.items(), 1):
            left, top = x - area.x, y - area.y
            tile = np.frombuffer(_unpacked(packed, TILE * TILE * planes), np.uint8).reshape(planes, TILE, TILE)
            out[top : top + TILE, left : left + TILE] = tile.transpose(1, 2, 0)
            if done is not None and number % 64 == 0:
                done(number)
        return out


def read_tiles(data: bytes, pixel_bytes: int) -> TileFile:
    """Finds the tiles, unpacks nothing. Raises CanvasError for what is damaged or of another kind."""
    position, facts = 0, {}
    while "DATA" not in facts:
        line, position = _line(data, position)
        name, _, value = line.partition(" ")
        facts[name] = _number(value)
        if len(facts) > 16:
            raise CanvasError("its tiles have an unknown head")
    if facts.get("VERSION") != 2 or (facts.get("TILEWIDTH"), facts.get("TILEHEIGHT")) != (TILE, TILE):
        raise CanvasError("its tiles have an unknown version or size")
    if facts.get("PIXELSIZE") != pixel_bytes:
        raise CanvasError(f"its pixels have {facts.get('PIXELSIZE')} bytes instead of {pixel_bytes}")
    if not 0 <= facts["DATA"] <= MAX_TILES:
        raise CanvasError("it claims too many tiles")
    tiles: dict[tuple[int, int], memoryview] = {}
    view = memoryview(data)
    for _ in range(facts["DATA"]):
        line, position = _line(data, position)
        parts = line.split(",")
        if len(parts) != 4 or parts[2] != "LZF":
            raise CanvasError("its tiles are packed in an unknown way")
        x, y, size = _number(parts[0]), _number(parts[1]), _number(parts[3])
        if x % TILE or y % TILE or max(abs(x), abs(y)) > REACH:
            raise CanvasError("a tile lies at an impossible place")
        if not 1 <= size <= len(data) - position:
            raise CanvasError("a tile is cut short")
        tiles[x, y] = view[position : position + size]
        position += size
    return TileFile(pixel_bytes, tiles)


def _line(data: bytes, position: int) -> tuple[str, int]:
    end = data.find(b"\n", position, position + MAX_HEAD_LINE)
    if end < 0:
        raise CanvasError("its list of tiles is cut short")
    return data[position:end].decode("ascii", "replace"), end + 1


def _number(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 12:
        raise CanvasError("its list of tiles is damaged")
    return int(text)


def _unpacked(packed: memoryview, length: int) -> bytes:
    """One tile; raises CanvasError unless it has exactly `length` bytes."""
    body = bytes(packed[1:])
    out = unpack_lzf(body, length) if packed[0] == 1 else body
    if packed[0] > 1 or len(out) != length:
        raise CanvasError("a tile is damaged")
    return out


def unpack_lzf(data: bytes, length: int) -> bytes:
    """What LZF packed, at most `length` bytes and one copy more; CanvasError for a copy from before the start."""
    out, at, end = bytearray(), 0, len(data)
    try:
        while at < end:
            control = data[at]
            if control < 32:
                out += data[at + 1 : at + 2 + control]
                at += 2 + control
                continue
            count = control >> 5
            if count == 7:
                at += 1
                count += data[at]
            distance = ((control & 31) << 8) + data[at + 1] + 1
            at += 2
            count += 2
            start = len(out) - distance
            if start < 0 or len(out) > length:
                raise CanvasError("a tile is damaged")
            if distance >= count:
                out += out[start : start + count]
            else:  # the copy feeds on itself: a pattern of `distance` bytes
                out += (out[start:] * (count // distance + 1))[:count]
    except IndexError as error:
        raise CanvasError("a tile is cut short") from error
    return bytes(out)
