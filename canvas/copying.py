"""Copies of layers; they share pixels with the original until one is painted on."""

from typing import TypeVar

from canvas.layers import AdjustmentLayer, GroupLayer, Layer, LayerMask, PaintLayer


def copied(layer: Layer) -> Layer:
    """A copy of a layer with a new id, not in any tree; the pixels are shared until one is painted on."""
    if isinstance(layer, PaintLayer):
        twin: Layer = _paint_copy(layer, PaintLayer())
    elif isinstance(layer, AdjustmentLayer):
        twin = AdjustmentLayer("", layer.adjustment)
    else:
        twin = GroupLayer()
    twin.name = f"{layer.name} copy"
    twin.visible, twin.opacity, twin.locked = layer.visible, layer.opacity, layer.locked
    twin.blend_mode, twin.clipped, twin.control = layer.blend_mode, layer.clipped, layer.control
    if layer.mask is not None:
        mask = LayerMask(twin, layer.mask.hides_outside)
        mask.enabled = layer.mask.enabled
        twin.mask = _paint_copy(layer.mask, mask)
    if isinstance(layer, GroupLayer) and isinstance(twin, GroupLayer):
        for child in layer.children:
            inner = copied(child)
            inner.name = child.name
            inner.parent = twin
            twin.children.append(inner)
    return twin


def frozen(layer: Layer) -> Layer:
    """A copy for a file: as `copied`, with the names as they are."""
    twin = copied(layer)
    twin.name = layer.name
    _share_notes(layer, twin)
    return twin


def _share_notes(layer: Layer, twin: Layer) -> None:
    if isinstance(layer, PaintLayer) and isinstance(twin, PaintLayer):
        twin.in_file = layer.in_file
    elif isinstance(layer, GroupLayer) and isinstance(twin, GroupLayer):
        for inner, inner_twin in zip(layer.children, twin.children, strict=True):
            _share_notes(inner, inner_twin)


_Painted = TypeVar("_Painted", bound=PaintLayer)


def _paint_copy(layer: PaintLayer, twin: _Painted) -> _Painted:
    twin.surface = layer.surface.copy()
    twin.offset, twin.alpha_locked = layer.offset, layer.alpha_locked
    return twin
