"""What Photoshop can say of a picture's layers: almost all, but not our modes erase, atop and behind.

A layer that erases becomes the mask of a group around all that it erases; one that lies atop of others is clipped to a
group of them; one that lies behind goes to the bottom. Looks the same, and nothing has to be drawn for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from canvas.formats.isolation import hides_nothing
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer

REGROUPED = "Photoshop has no blend modes erase, atop and behind: such layers were put into groups, masks and clipping."
UNMASKED = "A mask of the layer '{name}' was left out, because that layer erases and became a mask itself."
MERGED_AWAY = "The group '{name}' erases, lies atop or behind, which Photoshop cannot do; it was written as normal."


@dataclass(eq=False)
class Entry:
    """One layer, or with `children` one group, as Photoshop can hold it."""

    layer: Layer
    "Name, opacity, visibility, locks, pixels; mask, mode and clipping are those of the entry."
    children: "list[Entry] | None" = None
    "The lowest first; None for a layer."
    blend_mode: BlendMode = BlendMode.NORMAL
    clipped: bool = False
    mask: LayerMask | None = None
    mask_strength: float = 1.0
    "How much the mask hides, 0 to 1."
    isolated: bool = True
    "Whether a group is blended by itself first."


def express(layers: Sequence[Layer]) -> tuple[list[Entry], list[str]]:
    """The entries for layers, the lowest first, and what was changed for them, one sentence each."""
    notes: list[str] = []
    return _express(layers, notes), notes


def _express(layers: Sequence[Layer], notes: list[str]) -> list[Entry]:
    found: list[Entry] = []
    for layer in layers:
        entry = Entry(layer, None, layer.blend_mode, layer.clipped and bool(found), layer.mask)
        if isinstance(layer, GroupLayer):
            entry.children = _express(layer.children, notes)
            entry.isolated = layer.isolated
            if layer.mask is not None and hides_nothing(layer.mask):
                entry.mask = None
        if layer.blend_mode not in _SPECIAL or isinstance(layer, AdjustmentLayer):
            found.append(entry)
            continue
        entry.blend_mode = BlendMode.NORMAL
        if not isinstance(layer, PaintLayer):
            notes.append(MERGED_AWAY.format(name=layer.name))
            found.append(entry)
            continue
        notes.append(REGROUPED)
        if layer.blend_mode is BlendMode.BEHIND:
            found.insert(0, entry)
        elif found:
            found = _regrouped(entry, layer, found, notes)
        elif layer.blend_mode is BlendMode.ATOP:
            entry.layer.visible = False  # atop of nothing there is nothing to see
            found.append(entry)
    return found


_SPECIAL = (BlendMode.ERASE, BlendMode.ATOP, BlendMode.BEHIND)


def _regrouped(entry: Entry, layer: PaintLayer, below: list[Entry], notes: list[str]) -> list[Entry]:
    """`below` with a layer that erases it, or lies atop of it."""
    atop = layer.blend_mode is BlendMode.ATOP
    if atop:
        entry.clipped = True
        if sum(not one.clipped for one in below) == 1 and below[0].layer.visible:
            return [*below, entry]
        return [Entry(GroupLayer(f"{layer.name} …"), below), entry]
    if not layer.visible or layer.opacity <= 0:
        return below
    if layer.mask is not None:
        notes.append(UNMASKED.format(name=layer.name))
    group = GroupLayer(layer.name)
    mask = LayerMask(group, False, layer.surface)
    mask.offset = layer.offset
    return [Entry(group, below, mask=mask, mask_strength=layer.opacity)]
