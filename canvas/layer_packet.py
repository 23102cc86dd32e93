"""Layers as bytes for the clipboard: a JSON header and packed tiles. What comes in is checked, never trusted."""

import json
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from canvas import adjustments
from canvas.errors import CanvasError
from canvas.geometry import TILE, Bounds, Point, TileKey
from canvas.layer_control import control_from_json, control_to_json
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.pixels import view
from canvas.project.codec import decode, encode
from canvas.transform import image_of

MAGIC = b"HSLAYERS"
VERSION = 1
MAX_BYTES = 1 << 29
MAX_HEADER = 1 << 24
MAX_TILES = 8192
MAX_LAYERS = 1000
MAX_DEPTH = 32
MAX_NAME = 400
FARTHEST = 1 << 22
"Canvas pixels from the origin."
SHAPE = (TILE, TILE, 4)


def pack(layers: Sequence[Layer]) -> bytes:
    """Layers that are in no document (or stand still) with all that is inside; any thread once tiles are loaded.

    CanvasError when they are too many or too large.
    """
    blobs: list[bytes] = []
    header = {"version": VERSION, "layers": [_node(layer, blobs) for layer in layers]}
    body = json.dumps(header, ensure_ascii=False).encode()
    if len(body) > MAX_HEADER or sum(map(len, blobs)) > MAX_BYTES - len(body) - 64:
        raise CanvasError("These layers are too large for the clipboard. Copy fewer, or select a part.")
    return b"".join((MAGIC, struct.pack("<I", len(body)), body, *blobs))


def unpack(data: bytes, most_tiles: int = MAX_TILES) -> list[Layer]:
    """New layers with ids of their own; any thread. CanvasError for anything that `pack` would not write."""
    if len(data) > MAX_BYTES:
        raise CanvasError("The layers in the clipboard are too large.")
    if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + 4:
        raise _damaged("they do not begin as layers do")
    (size,) = struct.unpack_from("<I", data, len(MAGIC))
    start = len(MAGIC) + 4
    if size > MAX_HEADER or start + size > len(data):
        raise _damaged("the end is missing")
    try:
        header = json.loads(data[start : start + size])
    except (ValueError, RecursionError) as error:
        raise _damaged("the header cannot be read") from error
    if not isinstance(header, dict) or header.get("version") != VERSION:
        raise CanvasError("The layers in the clipboard come from another version of Handscroll.")
    reader = _Reader(data, start + size, min(most_tiles, MAX_TILES))
    layers = [reader.layer(node, 0) for node in reader.listed(header.get("layers"))]
    if not layers:
        raise _damaged("there are no layers in them")
    return layers


def _node(layer: Layer, blobs: list[bytes]) -> dict[str, Any]:
    node: dict[str, Any] = {
        "name": layer.name,
        "visible": layer.visible,
        "opacity": layer.opacity,
        "blend": layer.blend_mode.value,
        "clipped": layer.clipped,
    }
    if layer.control is not None:
        node["control"] = control_to_json(layer.control)
    if layer.mask is not None:
        node["mask"] = {
            **_pixels(layer.mask, blobs),
            "hides_outside": layer.mask.hides_outside,
            "enabled": layer.mask.enabled,
        }
    if isinstance(layer, PaintLayer):
        return {**node, "kind": "paint", "alpha_locked": layer.alpha_locked, **_pixels(layer, blobs)}
    if isinstance(layer, GroupLayer):
        return {**node, "kind": "group", "children": [_node(child, blobs) for child in layer.children]}
    if isinstance(layer, AdjustmentLayer):
        return {**node, "kind": "adjustment", "adjustment": adjustments.to_dict(layer.adjustment)}
    raise CanvasError(f"The layer '{layer.name}' cannot be copied.")


def _pixels(layer: PaintLayer, blobs: list[bytes]) -> dict[str, Any]:
    tiles: list[list[int]] = []
    for key in sorted(layer.surface.keys()):
        tile = layer.surface.tile(key)
        if tile is None:
            continue
        if len(blobs) >= MAX_TILES:
            raise CanvasError("These layers are too large for the clipboard. Copy fewer, or select a part.")
        codec, data = encode(view(tile))
        tiles.append([*key, int(codec), len(data)])
        blobs.append(data)
    return {"offset": list(layer.offset), "tiles": tiles}


class _Reader:
    """Takes layers out of foreign bytes, in the order in which their tiles were written."""

    def __init__(self, data: bytes, at: int, most_tiles: int) -> None:
        self._data, self._at, self._most = data, at, most_tiles
        self._tiles = self._layers = 0

    def layer(self, node: object, depth: int) -> Layer:
        """One layer with all inside."""
        if not isinstance(node, dict) or depth > MAX_DEPTH:
            raise _damaged("a layer cannot be read")
        self._layers += 1
        if self._layers > MAX_LAYERS:
            raise _damaged("there are too many layers")
        mask = self._mask(node.get("mask"))
        layer = self._of_kind(node, depth)
        layer.name = _text(node.get("name"))
        layer.visible = node.get("visible") is not False
        layer.clipped = node.get("clipped") is True
        layer.opacity = min(max(_number(node.get("opacity", 1.0)), 0.0), 1.0)
        try:
            layer.blend_mode = BlendMode(node.get("blend", "normal"))
        except ValueError:
            raise _damaged("a blend mode is unknown") from None
        if not isinstance(layer, AdjustmentLayer):
            with suppress(CanvasError):  # a plain layer is better than none
                layer.control = control_from_json(node.get("control"))
        if mask is not None:
            mask.owner, layer.mask = layer, mask
        return layer

    def _of_kind(self, node: dict[str, Any], depth: int) -> Layer:
        kind = node.get("kind")
        if kind == "paint":
            painted = PaintLayer()
            painted.alpha_locked = node.get("alpha_locked") is True
            self._fill(painted, node)
            return painted
        if kind == "group":
            group = GroupLayer()
            for child in self.listed(node.get("children")):
                inner = self.layer(child, depth + 1)
                inner.parent = group
                group.children.append(inner)
            return group
        if kind == "adjustment" and isinstance(node.get("adjustment"), dict):
            try:
                return AdjustmentLayer("", adjustments.from_dict(node["adjustment"]))
            except (KeyError, TypeError, ValueError) as error:
                raise _damaged("an adjustment cannot be read") from error
        raise _damaged("a layer is of an unknown kind")

    def _mask(self, node: object) -> LayerMask | None:
        if node is None:
            return None
        if not isinstance(node, dict):
            raise _damaged("a mask cannot be read")
        mask = LayerMask(Layer(), node.get("hides_outside") is True)
        mask.enabled = node.get("enabled") is not False
        self._fill(mask, node)
        return mask

    def _fill(self, layer: PaintLayer, node: dict[str, Any]) -> None:
        x, y = (_whole(value) for value in self.listed(node.get("offset"), 2))
        layer.offset = Point(x, y)
        for entry in self.listed(node.get("tiles")):
            tx, ty, codec, size = (_whole(value) for value in self.listed(entry, 4))
            self._tiles += 1
            place = Bounds(tx * TILE + x, ty * TILE + y, TILE, TILE)
            if self._tiles > self._most or max(abs(place.x), abs(place.y)) > FARTHEST:
                raise _damaged("there are too many tiles, or they lie too far away")
            if size < 0 or self._at + size > len(self._data):
                raise _damaged("the end is missing")
            self._put(layer, (tx, ty), decode(codec, self._data[self._at : self._at + size], SHAPE))
            self._at += size

    @staticmethod
    def _put(layer: PaintLayer, key: TileKey, pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])  # premultiplied, whatever was claimed
        if pixels.any():
            layer.surface.set_tile(key, image_of(pixels))

    @staticmethod
    def listed(value: object, length: int | None = None) -> list[Any]:
        """A list, of a certain length if one is given."""
        if not isinstance(value, list) or (length is not None and len(value) != length):
            raise _damaged("a list is missing")
        return value


def inside(layers: Sequence[Layer]) -> Iterator[PaintLayer]:
    """Everything with pixels in layers that are in no document."""
    for layer in layers:
        if layer.mask is not None:
            yield layer.mask
        if isinstance(layer, PaintLayer):
            yield layer
        elif isinstance(layer, GroupLayer):
            yield from inside(layer.children)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        raise _damaged("a number is none")
    return float(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1 << 31:
        raise _damaged("a number is none")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _damaged("a name is missing")
    return "".join(letter for letter in value[:MAX_NAME] if letter.isprintable())


def _damaged(why: str) -> CanvasError:
    return CanvasError(f"The layers in the clipboard are damaged: {why}. Copy them again.")
