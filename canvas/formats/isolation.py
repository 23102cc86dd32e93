"""Groups that are blended by themselves in other programs although they are normal and fully opaque."""

from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, LayerMask


def reaches_below(group: GroupLayer) -> bool:
    """Whether something inside would change with what is below the group, if the group lets it."""
    for child in group.children:
        if isinstance(child, AdjustmentLayer) or child.blend_mode is not BlendMode.NORMAL:
            return True
        if isinstance(child, GroupLayer) and not child.isolated and reaches_below(child):
            return True
    return False


def isolate(group: GroupLayer) -> None:
    """Make sure that a group is blended by itself: where it matters it gets a mask that hides nothing."""
    if not group.isolated and reaches_below(group):
        group.mask = LayerMask(group)


def hides_nothing(mask: LayerMask) -> bool:
    """Whether a mask only isolates its group."""
    return isinstance(mask.owner, GroupLayer) and not mask.hides_outside and not len(mask.surface)
