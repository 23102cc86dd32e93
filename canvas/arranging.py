"""Where layers stand: several moved, grouped or deleted at once, and one shown alone. Each is one undo step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canvas.document import Document
from canvas.layers import GroupLayer, Layer


def move_layers(document: Document, layers: Sequence[Layer], parent: GroupLayer, index: int) -> None:
    """Put layers (bottom to top) together into a group, the lowest at `index`, counted before anything moves.

    A layer that would end up inside itself stays where it is, as do all if nothing would change.
    """
    moving = [layer for layer in layers if layer is not parent and not is_inside(parent, layer)]
    above = next((child for child in parent.children[index:] if child not in moving), None)
    with document.transaction("Move layer" if len(moving) == 1 else "Move layers"):
        for layer in moving:
            rest = [child for child in parent.children if child is not layer]
            document.move_layer(layer, parent, rest.index(above) if above is not None else len(rest))


def shift_places(document: Document, layers: Sequence[Layer], up: bool) -> None:
    """Move layers one place up or down; at the end of a group out of it, beside an open group into it."""
    order = list(reversed(layers)) if up else list(layers)
    with document.transaction("Raise layer" if up else "Lower layer"):
        blocked: set[str] = set()
        for layer in order:
            if not _shift_one(document, layer, up, blocked):
                blocked.add(layer.id)


def _shift_one(document: Document, layer: Layer, up: bool, blocked: set[str]) -> bool:
    parent = layer.parent
    if parent is None:
        return False
    index = parent.children.index(layer) + (1 if up else -1)
    if 0 <= index < len(parent.children):
        neighbour = parent.children[index]
        if neighbour.id in blocked:
            return False
        if isinstance(neighbour, GroupLayer):
            document.move_layer(layer, neighbour, 0 if up else len(neighbour.children))
        else:
            document.move_layer(layer, parent, index)
        return True
    outer = parent.parent
    if outer is None:
        return False
    place = outer.children.index(parent)
    document.move_layer(layer, outer, place + 1 if up else place)
    return True


def move_to_end(document: Document, layers: Sequence[Layer], top: bool) -> None:
    """Move layers to the top or the bottom of the painting, out of every group."""
    root = document.tree.root
    with document.transaction("Layer to the top" if top else "Layer to the bottom"):
        move_layers(document, layers, root, len(root.children) if top else 0)


def put_into_group(document: Document, layers: Sequence[Layer], group: GroupLayer) -> None:
    """Add a new group in the place of the topmost of these layers (bottom to top), holding all of them."""
    top = layers[-1]
    parent = top.parent or document.tree.root
    with document.transaction("Group layers"):
        document.add_layer(group, parent, parent.children.index(top) + 1)
        for layer in layers:
            document.move_layer(layer, group, len(group.children))


def ungroup(document: Document, group: GroupLayer) -> tuple[Layer, ...]:
    """Put what a group holds in the group's place; returns it, bottom to top."""
    parent = group.parent or document.tree.root
    inside = tuple(group.children)
    with document.transaction("Ungroup"):
        for layer in inside:
            document.move_layer(layer, parent, parent.children.index(group))
            if not group.visible:
                document.set_layer(layer, visible=False)
        document.remove_layer(group)
    return inside


def remove_layers(document: Document, layers: Sequence[Layer]) -> None:
    """Take layers out; what stood below the lowest of them becomes active."""
    left = near(document, layers)
    with document.transaction("Remove layer" if len(layers) == 1 else "Remove layers"):
        for layer in layers:
            document.remove_layer(layer)
    if left is not None or not document.tree.root.children:
        document.active = left


def near(document: Document, layers: Sequence[Layer]) -> Layer | None:
    """The layer to go on with when these (bottom to top) are gone; None if nothing is left."""
    gone = set(layers)
    for layer in layers:
        parent = layer.parent
        if parent is None:
            continue
        at = parent.children.index(layer)
        beside = [*reversed(parent.children[:at]), *parent.children[at + 1 :]]
        found = next((one for one in beside if one not in gone), None)
        if found is not None:
            return found
        if parent is not document.tree.root and parent not in gone:
            return parent
    return next((one for one in reversed(document.tree.root.children) if one not in gone), None)


def neighbour(document: Document, layer: Layer | None, up: bool) -> Layer | None:
    """The next layer above or below in the order of the layers panel, groups before what they hold."""
    rows = panel_order(document.tree.root)
    if layer is None or layer not in rows:
        return rows[-1 if up else 0] if rows else None
    at = rows.index(layer) + (-1 if up else 1)
    return rows[at] if 0 <= at < len(rows) else None


def panel_order(group: GroupLayer) -> list[Layer]:
    """Everything inside a group from top to bottom, a group before what it holds."""
    rows: list[Layer] = []
    for child in reversed(group.children):
        rows.append(child)
        if isinstance(child, GroupLayer):
            rows.extend(panel_order(child))
    return rows


def others_of(layer: Layer) -> list[Layer]:
    """The layers beside this one and beside every group around it: what has to hide to show it alone."""
    found: list[Layer] = []
    one: Layer | None = layer
    while one is not None and one.parent is not None:
        found.extend(child for child in one.parent.children if child is not one)
        one = one.parent
    return found


def set_visible(document: Document, wanted: Mapping[Layer, bool], name: str) -> None:
    """Show and hide several layers as one step; those that have left the document are passed over."""
    with document.transaction(name):
        for layer, on in wanted.items():
            if layer in document.tree:
                document.set_layer(layer, visible=on)


def is_inside(layer: Layer, group: Layer) -> bool:
    """Whether the layer lies in the group, at any depth."""
    above = layer.parent
    while above is not None and above is not group:
        above = above.parent
    return above is group
