"""What of the picture looks different when a layer does."""

from collections.abc import Iterable

from canvas.geometry import Bounds, Point
from canvas.layers import AdjustmentLayer, GroupLayer, PaintLayer

Reach = tuple[list[tuple[PaintLayer, Point]], bool]
"The surfaces of a layer with their offsets, and whether it changes what is below it everywhere."


def reaches(group: GroupLayer) -> dict[str, tuple[tuple[PaintLayer, ...], bool]]:
    """By layer id: every surface that looks different with the layer, and whether all below it may.

    With a layer go its mask, what a group holds, and what is clipped to it or would be to its neighbour.
    """
    found: dict[str, tuple[tuple[PaintLayer, ...], bool]] = {}
    clipped: tuple[PaintLayer, ...] = ()
    clipped_everywhere = False
    for layer in reversed(group.children):
        own: tuple[PaintLayer, ...] = (layer,) if isinstance(layer, PaintLayer) else ()
        everywhere = isinstance(layer, AdjustmentLayer)
        if isinstance(layer, GroupLayer):
            inside = reaches(layer)
            found.update(inside)
            own = tuple(surface for child in layer.children for surface in inside[child.id][0])
            everywhere = any(inside[child.id][1] for child in layer.children)
        own = tuple(dict.fromkeys([*own, *clipped]))
        everywhere = everywhere or clipped_everywhere
        found[layer.id] = (own, everywhere)
        if layer.mask is not None:
            found[layer.mask.id] = (own, everywhere)
        clipped, clipped_everywhere = (own, everywhere) if layer.clipped else ((), False)
    return found


def any_touches(extents: Iterable[tuple[PaintLayer, Point]], area: Bounds) -> bool:
    """Whether one of these surfaces, at their places, has something in an area of the canvas."""
    return any(layer.surface.touches(area.translated(-at.x, -at.y)) for layer, at in extents)
