"""Rendering in two halves: decide from the layer tree what to draw where, then draw it.

Both run on the thread of the window only.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtGui import QImage, QPainter

from canvas.geometry import TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.layers import BlendMode, GroupLayer, PaintLayer
from canvas.live import Live
from canvas.tile import FORMAT

Mode = QPainter.CompositionMode


class OpKind(IntEnum):
    """What a step of the render list does."""

    LAYER = 0
    OPEN = 1
    CLOSE = 2


class RenderOp(NamedTuple):
    """One step of the flat render list of a layer tree."""

    kind: OpKind
    layer: PaintLayer | None
    opacity: float
    mode: Mode


class Draw(NamedTuple):
    """One image to draw onto an area, or the begin or end of an isolated group."""

    kind: OpKind
    opacity: float
    mode: Mode
    image: QImage | None = None
    place: tuple[int, int, int, int, int, int] = (0, 0, 0, 0, 0, 0)
    "x, y inside the area; x, y, width, height inside the image."


def render_ops(group: GroupLayer) -> tuple[RenderOp, ...]:
    """Everything visible in a group, bottom to top; groups that only gather pass through."""
    ops: list[RenderOp] = []
    for child in group.children:
        if not child.visible or child.opacity <= 0:
            continue
        mode = child.blend_mode.composition
        if isinstance(child, PaintLayer):
            ops.append(RenderOp(OpKind.LAYER, child, child.opacity, mode))
        elif isinstance(child, GroupLayer):
            inner = render_ops(child)
            if inner and child.isolated:
                ops.append(RenderOp(OpKind.OPEN, None, 1.0, Mode.CompositionMode_SourceOver))
                ops.extend(inner)
                ops.append(RenderOp(OpKind.CLOSE, None, child.opacity, mode))
            else:
                ops.extend(inner)
    return tuple(ops)


def single_layer_op(layer: PaintLayer) -> tuple[RenderOp, ...]:
    """The pixels of one layer as they are, shown or not."""
    return (RenderOp(OpKind.LAYER, layer, 1.0, BlendMode.NORMAL.composition),)


def plan(ops: Sequence[RenderOp], area: Bounds, live: Live | None = None) -> list[Draw]:
    """What to draw onto an area (canvas pixels); empty groups are left out."""
    draws: list[Draw] = []
    for op in ops:
        if op.kind is OpKind.LAYER:
            if op.layer is not None:
                stroke = live if live is not None and live.layer is op.layer else None
                _plan_layer(op, op.layer, area, stroke, draws)
        elif op.kind is OpKind.CLOSE and draws and draws[-1].kind is OpKind.OPEN:
            draws.pop()
        else:
            draws.append(Draw(op.kind, op.opacity, op.mode))
    return draws


def is_plain(draws: Sequence[Draw]) -> bool:
    """Whether drawing right onto the paper gives the same as drawing onto nothing and that onto paper."""
    return all(d.kind is OpKind.LAYER and d.mode is Mode.CompositionMode_SourceOver for d in draws)


def paint(target: QImage, draws: Sequence[Draw], x: int = 0, y: int = 0) -> None:
    """Draw a plan onto an image; (x, y) is where the plan's area begins there."""
    with QPainter(target) as painter:
        run(painter, draws, x, y, (target.width() - x, target.height() - y))


def run(painter: QPainter, draws: Sequence[Draw], x: int, y: int, size: tuple[int, int]) -> None:
    """Draw a plan with a painter; the size is that of the buffers for isolated groups."""
    mode, opacity = Mode.CompositionMode_SourceOver, 1.0
    painter.setCompositionMode(mode)
    index = 0
    while index < len(draws):
        draw = draws[index]
        if draw.kind is OpKind.OPEN:
            end = _matching_close(draws, index)
            buffer = QImage(size[0], size[1], FORMAT)
            buffer.fill(0)
            paint(buffer, draws[index + 1 : end])
            draw = Draw(OpKind.LAYER, draws[end].opacity, draws[end].mode, buffer, (0, 0, 0, 0, *size))
            index = end
        if draw.mode is not mode:
            mode = draw.mode
            painter.setCompositionMode(mode)
        if draw.opacity != opacity:
            opacity = draw.opacity
            painter.setOpacity(opacity)
        if draw.image is not None:
            left, top, sx, sy, width, height = draw.place
            painter.drawImage(x + left, y + top, draw.image, sx, sy, width, height)
        index += 1


def _matching_close(draws: Sequence[Draw], start: int) -> int:
    depth = 0
    for index in range(start, len(draws)):
        kind = draws[index].kind
        depth += (kind is OpKind.OPEN) - (kind is OpKind.CLOSE)
        if depth == 0:
            return index
    raise AssertionError("every opened group is closed")


def _plan_layer(op: RenderOp, layer: PaintLayer, area: Bounds, live: Live | None, draws: list[Draw]) -> None:
    surface, (ox, oy) = layer.surface, layer.offset
    local = Bounds(area.x - ox, area.y - oy, area.width, area.height)
    for key in tiles_covering(local):
        image = surface.tile(key)
        own = live.tile(key) if live is not None else None
        if image is None and own is None:
            continue
        part = local.intersected(tile_bounds(key))
        sx, sy = part.x - key[0] * TILE, part.y - key[1] * TILE
        if own is not None and live is not None:
            image = _with_stroke(image, own, live.mode, Bounds(sx, sy, part.width, part.height))
            sx = sy = 0
        place = (part.x - local.x, part.y - local.y, sx, sy, part.width, part.height)
        draws.append(Draw(OpKind.LAYER, op.opacity, op.mode, image, place))


def _with_stroke(tile: QImage | None, own: QImage, mode: Mode, part: Bounds) -> QImage:
    """A part of a layer's tile with the live stroke on it, so that erasing spares what is below."""
    buffer = QImage(part.width, part.height, FORMAT)
    if tile is None:
        buffer.fill(0)
    with QPainter(buffer) as painter:
        if tile is not None:
            painter.setCompositionMode(Mode.CompositionMode_Source)
            painter.drawImage(0, 0, tile, *part)
        painter.setCompositionMode(mode)
        painter.drawImage(0, 0, own, *part)
    return buffer


def is_covered(layers: Sequence[PaintLayer], area: Bounds, live: Live | None) -> bool:
    """Whether any of the layers, or the live stroke, may have pixels inside an area of the canvas."""
    for layer in layers:
        if layer.surface.touches(area.translated(-layer.offset.x, -layer.offset.y)):
            return True
    return live is not None and not live.bounds.intersected(area).is_empty


def mip_area(key: TileKey, level: int) -> Bounds:
    """The canvas pixels that a 256 pixel tile of a mip plane shows."""
    return Bounds(key[0] << 8 + level, key[1] << 8 + level, TILE << level, TILE << level)
