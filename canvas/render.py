"""Rendering in two halves: decide from the layer tree what to draw where, then draw it.

Both run on the thread of the window only.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtGui import QImage, QPainter

from canvas.adjustments import Adjustment
from canvas.blending import adjust, make_opaque, mix
from canvas.geometry import TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.live import Live, LiveSet, live_of
from canvas.tile import FORMAT

Mode = QPainter.CompositionMode


class OpKind(IntEnum):
    """What a step of the render list does."""

    LAYER = 0
    OPEN = 1
    "What follows is blended together by itself,"
    CLOSE = 2
    "and then as one onto what is below."
    CLIP = 3
    "What follows is seen only where something is already, in this group,"
    UNCLIP = 4
    "until here."
    ADJUST = 5
    "Everything drawn so far in this group changes its colours."


class RenderOp(NamedTuple):
    """One step of the flat render list of a layer tree."""

    kind: OpKind
    layer: PaintLayer | None = None
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    mask: LayerMask | None = None
    adjustment: Adjustment | None = None


class Draw(NamedTuple):
    """One image to draw onto an area, or another step of the render list with what it needs there."""

    kind: OpKind
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    image: QImage | None = None
    "What to draw; for CLOSE and ADJUST the shape that limits it, as alpha over the whole area."
    place: tuple[int, int, int, int, int, int] = (0, 0, 0, 0, 0, 0)
    "x, y inside the area; x, y, width, height inside the image."
    adjustment: Adjustment | None = None

    @property
    def is_simple(self) -> bool:
        """Whether Qt can draw it by itself."""
        return self.kind is OpKind.LAYER and not self.blend.is_ours


def render_ops(group: GroupLayer, with_apart: bool = False) -> tuple[RenderOp, ...]:
    """Everything visible in a group, bottom to top; groups that only gather pass through.

    `with_apart`: as the painter sees it, with the layers that stand apart from the picture.
    """
    return ops_of(group.children, with_apart)


def ops_of(layers: Sequence[Layer], with_apart: bool = False) -> tuple[RenderOp, ...]:
    """The render list of layers that lie on each other, the lowest first; `with_apart` as for `render_ops`."""
    ops: list[RenderOp] = []
    index = 0
    while index < len(layers):
        base, index = layers[index], index + 1
        clipped: list[Layer] = []
        if not isinstance(base, AdjustmentLayer):
            while index < len(layers) and layers[index].clipped:
                clipped.append(layers[index])
                index += 1
        if not _is_seen(base, with_apart):
            continue
        inner = [op for layer in clipped if _is_seen(layer, with_apart) for op in _ops_of_one(layer, with_apart)]
        if inner:
            ops.append(RenderOp(OpKind.OPEN))
            ops.extend(_ops_of_one(base, with_apart, as_base=True))
            ops.extend([RenderOp(OpKind.CLIP), *inner, RenderOp(OpKind.UNCLIP)])
            ops.append(RenderOp(OpKind.CLOSE, None, base.opacity, base.blend_mode))
        else:
            ops.extend(_ops_of_one(base, with_apart))
    return tuple(ops)


def own_ops(layer: Layer) -> tuple[RenderOp, ...]:
    """A layer by itself with its mask, or what a group holds: shown or not, whatever its opacity and mode."""
    return tuple(_ops_of_one(layer, as_base=True))


def single_layer_op(layer: PaintLayer) -> tuple[RenderOp, ...]:
    """The pixels of one layer as they are, shown or not, without its mask."""
    return (RenderOp(OpKind.LAYER, layer),)


def _is_seen(layer: Layer, with_apart: bool) -> bool:
    return layer.visible and layer.opacity > 0 and (with_apart or not layer.apart)


def _ops_of_one(layer: Layer, with_apart: bool = False, as_base: bool = False) -> list[RenderOp]:
    """One layer; `as_base` leaves its opacity and mode to the group made of it and what is clipped to it."""
    mask = layer.mask if layer.mask is not None and layer.mask.enabled else None
    opacity, blend = (1.0, BlendMode.NORMAL) if as_base else (layer.opacity, layer.blend_mode)
    if isinstance(layer, PaintLayer):
        return [RenderOp(OpKind.LAYER, layer, opacity, blend, mask)]
    if isinstance(layer, AdjustmentLayer):
        return [RenderOp(OpKind.ADJUST, None, opacity, blend, mask, layer.adjustment)]
    if not isinstance(layer, GroupLayer):
        return []
    inner = render_ops(layer, with_apart)
    if inner and layer.isolated:
        return [RenderOp(OpKind.OPEN), *inner, RenderOp(OpKind.CLOSE, None, opacity, blend, mask)]
    return list(inner)


def plan(ops: Sequence[RenderOp], area: Bounds, live: Live | LiveSet | None = None) -> list[Draw]:
    """What to draw onto an area (canvas pixels); empty groups are left out."""
    draws: list[Draw] = []
    for op in ops:
        if op.kind is OpKind.LAYER:
            _plan_layer(op, area, live, draws)
        elif op.kind is OpKind.ADJUST:
            hidden, shape = _shape(op.mask, area, live)
            if draws and not hidden:
                draws.append(Draw(OpKind.ADJUST, op.opacity, op.blend, shape, adjustment=op.adjustment))
        elif op.kind is OpKind.UNCLIP and draws[-1].kind is OpKind.CLIP:
            draws.pop()
        elif op.kind is OpKind.CLOSE:
            hidden, shape = _shape(op.mask, area, live)
            if hidden or draws[-1].kind is OpKind.OPEN:
                _drop_group(draws)
            else:
                draws.append(Draw(op.kind, op.opacity, op.blend, shape))
        else:
            draws.append(Draw(op.kind))
    return draws


def _drop_group(draws: list[Draw]) -> None:
    """Forget everything since the innermost group that is open."""
    depth = 1
    while depth:
        kind = draws.pop().kind
        depth += (kind is OpKind.CLOSE) - (kind is OpKind.OPEN)


def is_plain(draws: Sequence[Draw]) -> bool:
    """Whether drawing right onto the paper gives the same as drawing onto nothing and that onto paper."""
    return all(d.kind is OpKind.LAYER and d.blend is BlendMode.NORMAL for d in draws)


def paint(target: QImage, draws: Sequence[Draw]) -> None:
    """Draw a plan onto a premultiplied image of the area's size."""
    index = 0
    while index < len(draws):
        draw, end = draws[index], index
        while end < len(draws) and draws[end].is_simple:
            end += 1
        if end > index:
            with QPainter(target) as painter:
                run(painter, draws[index:end])
        elif draw.kind is OpKind.LAYER and draw.image is not None:
            left, top, *source = draw.place
            mix(target, draw.image.copy(*source), draw.opacity, draw.blend, (left, top))
            end = index + 1
        elif draw.kind is OpKind.ADJUST and draw.adjustment is not None:
            adjust(target, draw.adjustment, draw.opacity, draw.image)
            end = index + 1
        else:
            end = _matching_end(draws, index)
            _paint_inner(target, draws[index + 1 : end], draws[end])
            end += 1
        index = end


def run(painter: QPainter, draws: Sequence[Draw], x: int = 0, y: int = 0) -> None:
    """Draw simple steps with a painter; (x, y) is where the plan's area begins there."""
    blend, opacity = BlendMode.NORMAL, 1.0
    painter.setCompositionMode(Mode.CompositionMode_SourceOver)
    for draw in draws:
        if draw.blend is not blend:
            blend = draw.blend
            painter.setCompositionMode(blend.composition)
        if draw.opacity != opacity:
            opacity = draw.opacity
            painter.setOpacity(opacity)
        if draw.image is not None:
            left, top, sx, sy, width, height = draw.place
            painter.drawImage(x + left, y + top, draw.image, sx, sy, width, height)


def _paint_inner(target: QImage, inner: Sequence[Draw], last: Draw) -> None:
    """A group of its own, or what is clipped to everything drawn so far."""
    buffer = QImage(target.size(), FORMAT) if last.kind is OpKind.CLOSE else make_opaque(target)
    if last.kind is OpKind.CLOSE:
        buffer.fill(0)
    paint(buffer, inner)
    shape = last.image if last.kind is OpKind.CLOSE else target
    if shape is not None:
        with QPainter(buffer) as painter:
            painter.setCompositionMode(Mode.CompositionMode_DestinationIn)
            painter.drawImage(0, 0, shape)
    if last.blend.is_ours:
        mix(target, buffer, last.opacity, last.blend)
        return
    with QPainter(target) as painter:
        clipping = last.kind is OpKind.UNCLIP
        painter.setCompositionMode(Mode.CompositionMode_Source if clipping else last.blend.composition)
        painter.setOpacity(last.opacity)
        painter.drawImage(0, 0, buffer)


def _matching_end(draws: Sequence[Draw], start: int) -> int:
    depth = 0
    for index in range(start, len(draws)):
        kind = draws[index].kind
        depth += (kind in (OpKind.OPEN, OpKind.CLIP)) - (kind in (OpKind.CLOSE, OpKind.UNCLIP))
        if depth == 0:
            return index
    raise AssertionError("every opened group is closed")


def _plan_layer(op: RenderOp, area: Bounds, live: Live | LiveSet | None, draws: list[Draw]) -> None:
    """One draw for each tile of a layer inside the area."""
    layer = op.layer
    if layer is None:
        return
    surface, (ox, oy) = layer.surface, layer.offset
    own_live = live_of(live, layer)
    local = Bounds(area.x - ox, area.y - oy, area.width, area.height)
    for key in tiles_covering(local):
        image = surface.tile(key)
        own = own_live.tile(key) if own_live is not None else None
        if image is None and own is None:
            continue
        part = local.intersected(tile_bounds(key))
        sx, sy = part.x - key[0] * TILE, part.y - key[1] * TILE
        if own is not None and own_live is not None:
            image = _with_live(image, own, own_live.mode, Bounds(sx, sy, part.width, part.height))
            sx = sy = 0
        if op.mask is not None and image is not None:
            image = _masked(image.copy(sx, sy, part.width, part.height), op.mask, part.translated(ox, oy), live)
            sx = sy = 0
            if image is None:
                continue
        place = (part.x - local.x, part.y - local.y, sx, sy, part.width, part.height)
        draws.append(Draw(OpKind.LAYER, op.opacity, op.blend, image, place))


def _with_live(tile: QImage | None, own: QImage, mode: Mode, part: Bounds) -> QImage:
    """A part of a layer's tile with the live change on it, so that erasing spares what is below."""
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


def _masked(image: QImage, mask: LayerMask, area: Bounds, live: Live | LiveSet | None) -> QImage | None:
    """An image of its own, limited by a mask; None where the mask hides all of it."""
    hidden, shape = _shape(mask, area, live)
    if hidden:
        return None
    if shape is not None:
        with QPainter(image) as painter:
            painter.setCompositionMode(Mode.CompositionMode_DestinationIn)
            painter.drawImage(0, 0, shape)
    return image


def _shape(mask: LayerMask | None, area: Bounds, live: Live | LiveSet | None) -> tuple[bool, QImage | None]:
    """Whether a mask hides a whole area; else what it shows there as alpha, None for everything."""
    if mask is None:
        return False, None
    draws: list[Draw] = []
    _plan_layer(RenderOp(OpKind.LAYER, mask), area, live, draws)
    if not draws:
        return mask.hides_outside, None
    shape = QImage(area.width, area.height, FORMAT)
    shape.fill(0 if mask.hides_outside else 0xFF000000)
    with QPainter(shape) as painter:
        blend = BlendMode.NORMAL if mask.hides_outside else BlendMode.ERASE
        run(painter, [draw._replace(blend=blend) for draw in draws])
    return False, shape


def is_covered(layers: Sequence[PaintLayer], area: Bounds, live: Live | LiveSet | None) -> bool:
    """Whether any of the layers, or the live change, may have pixels inside an area of the canvas."""
    for layer in layers:
        if layer.surface.touches(area.translated(-layer.offset.x, -layer.offset.y)):
            return True
    return live is not None and not live.bounds.intersected(area).is_empty


def mip_area(key: TileKey, level: int) -> Bounds:
    """The canvas pixels that a 256 pixel tile of a mip plane shows."""
    return Bounds(key[0] << 8 + level, key[1] << 8 + level, TILE << level, TILE << level)
