"""What is done with layers."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

LAYER = (
    _A("layer.add", mark("actions", "New Layer"), mark("actions", "A new empty layer above this one"),
       ("Ctrl+Shift+N",), menu="layer", icon="layer-add"),
    _A("layer.group", mark("actions", "New Group"), mark("actions", "Put this layer into a new group"),
       ("Ctrl+G",), menu="layer", icon="group"),
    _A("layer.duplicate", mark("actions", "Duplicate Layer"), mark("actions", "A copy of this layer, above it"),
       ("Ctrl+J",), menu="layer", icon="duplicate", needs="layer"),
    _A("layer.delete", mark("actions", "Delete Layer"), mark("actions", "Take this layer out of the painting"),
       ("Shift+Del",), menu="layer", icon="delete", needs="layer"),
    _A("layer.merge-down", mark("actions", "Merge Down"), mark("actions", "Make this layer one with the layer below"),
       ("Ctrl+Shift+E",), menu="layer", icon="merge-down", needs="layer-below"),
    _A("layer.rename", mark("actions", "Rename Layer"), mark("actions", "Give this layer another name"),
       ("F2",), menu="layer", needs="layer", separator=True),
    _A("layer.toggle-visible", mark("actions", "Show or Hide Layer"),
       mark("actions", "Hide this layer, or show it again"),
       ("Ctrl+H",), menu="layer", icon="eye", needs="layer"),
    _A("layer.lock", mark("actions", "Lock or Unlock Layer"), mark("actions", "Protect this layer from changes"),
       ("Ctrl+/",), menu="layer", icon="lock", needs="layer"),
    _A("layer.up", mark("actions", "Raise Layer"), mark("actions", "Move this layer one place up"),
       ("Ctrl+]",), menu="layer", icon="arrow-up", needs="layer", separator=True),
    _A("layer.down", mark("actions", "Lower Layer"), mark("actions", "Move this layer one place down"),
       ("Ctrl+[",), menu="layer", icon="arrow-down", needs="layer"),
)  # fmt: skip
