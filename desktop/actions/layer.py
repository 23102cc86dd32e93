"""What is done with layers, masks and adjustments."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

_LAYERS = (
    _A("layer.add", mark("actions", "New Layer"), mark("actions", "A new empty layer above this one"),
       ("Ctrl+Shift+N",), menu="layer", icon="layer-add"),
    _A("layer.group", mark("actions", "New Group"), mark("actions", "Put the chosen layers into a new group"),
       ("Ctrl+G",), menu="layer", icon="group"),
    _A("layer.ungroup", mark("actions", "Ungroup"),
       mark("actions", "Take the layers out of this group, and the group away"),
       ("Ctrl+Shift+G",), menu="layer", icon="ungroup", needs="group"),
    _A("layer.duplicate", mark("actions", "Duplicate Layer"), mark("actions", "A copy of each chosen layer, above it"),
       ("Ctrl+J",), menu="layer", icon="duplicate", needs="layer"),
    _A("layer.delete", mark("actions", "Delete Layer"), mark("actions", "Take the chosen layers out of the painting"),
       ("Shift+Del",), menu="layer", icon="delete", needs="layer"),
    _A("layer.rename", mark("actions", "Rename Layer"), mark("actions", "Give this layer another name"),
       ("F2",), menu="layer", needs="layer"),
    _A("layer.toggle-visible", mark("actions", "Show or Hide Layer"),
       mark("actions", "Hide the chosen layers, or show them again"),
       ("Ctrl+H",), menu="layer", icon="eye", needs="layer", separator=True),
    _A("layer.show-only", mark("actions", "Show Only This Layer"),
       mark("actions", "Hide all other layers; again brings them back"),
       ("Ctrl+Alt+H",), menu="layer", needs="layer"),
    _A("layer.lock", mark("actions", "Lock Layer"), mark("actions", "Protect the chosen layers from changes"),
       ("Ctrl+/",), menu="layer", icon="lock", needs="layer", checkable=True),
    _A("layer.alpha-lock", mark("actions", "Lock Transparent Pixels"),
       mark("actions", "Paint only where something is painted already"),
       ("/",), menu="layer", icon="alpha-lock", needs="pixels", checkable=True),
    _A("layer.clip", mark("actions", "Clip to Layer Below"),
       mark("actions", "Show this layer only where the layer below it has something"),
       ("Ctrl+Alt+G",), menu="layer", icon="clip", needs="layer", checkable=True),
)  # fmt: skip

_MASKS = (
    _A("mask.fitting", mark("actions", "Add Mask"),
       mark("actions", "A mask that shows what is selected, or everything if nothing is; paint on it to hide"),
       ("Ctrl+Shift+K",), menu="layer/mask", icon="mask", needs="no-mask"),
    _A("mask.add", mark("actions", "Mask That Shows All"), mark("actions", "A white mask: painting on it hides"),
       menu="layer/mask", needs="no-mask"),
    _A("mask.hide-all", mark("actions", "Mask That Hides All"), mark("actions", "A black mask: painting on it shows"),
       menu="layer/mask", needs="no-mask"),
    _A("mask.from-selection", mark("actions", "Mask from Selection"),
       mark("actions", "A mask that shows what is selected"),
       menu="layer/mask", needs="no-mask-selected"),
    _A("mask.paint", mark("actions", "Paint on Mask"),
       mark("actions", "Work on the mask of this layer, or on the layer itself again"),
       ("Ctrl+\\",), menu="layer/mask", needs="mask", checkable=True, separator=True),
    _A("mask.toggle", mark("actions", "Mask Off"), mark("actions", "Switch the mask off for a while, or on again"),
       ("Ctrl+Alt+\\",), menu="layer/mask", needs="mask", checkable=True),
    _A("mask.invert", mark("actions", "Invert Mask"), mark("actions", "Show what was hidden, hide what was shown"),
       ("Ctrl+Alt+I",), menu="layer/mask", needs="mask"),
    _A("mask.apply", mark("actions", "Apply Mask"),
       mark("actions", "Take what the mask hides out of the layer's pixels, and the mask away"),
       ("Ctrl+Alt+Return",), menu="layer/mask", needs="mask-on-pixels", separator=True),
    _A("mask.remove", mark("actions", "Remove Mask"), mark("actions", "Take the mask away; all of the layer is seen"),
       ("Ctrl+Alt+Backspace",), menu="layer/mask", needs="mask"),
)  # fmt: skip

_ADJUSTMENTS = (
    _A("adjust.levels", mark("actions", "New Levels"),
       mark("actions", "An adjustment layer: black point, white point and middle of what is below"),
       ("Ctrl+L",), menu="layer/adjust", icon="levels"),
    _A("adjust.curves", mark("actions", "New Curves"),
       mark("actions", "An adjustment layer: bend the tones of what is below, all or one channel"),
       ("Ctrl+M",), menu="layer/adjust", icon="curves"),
    _A("adjust.hue-saturation", mark("actions", "New Hue and Saturation"),
       mark("actions", "An adjustment layer: turn hues, strengthen or weaken colour, colorize"),
       ("Ctrl+U",), menu="layer/adjust", icon="hue-saturation"),
    _A("adjust.brightness-contrast", mark("actions", "New Brightness and Contrast"),
       mark("actions", "An adjustment layer: lighter or darker, harder or softer"),
       ("Ctrl+B",), menu="layer/adjust", icon="brightness-contrast"),
    _A("adjust.edit", mark("actions", "Change Adjustment…"),
       mark("actions", "Open the panel with the sliders of this adjustment layer"),
       ("Ctrl+Shift+U",), menu="layer/adjust", needs="adjustment", separator=True),
)  # fmt: skip

_MERGES = (
    _A("layer.merge-down", mark("actions", "Merge Down"), mark("actions", "Make this layer one with the layer below"),
       ("Ctrl+Shift+E",), menu="layer/merge", icon="merge-down", needs="layer-below"),
    _A("layer.merge-chosen", mark("actions", "Merge Chosen Layers"),
       mark("actions", "Make the chosen layers, or all of this group, one layer"),
       ("Ctrl+Alt+E",), menu="layer/merge", needs="mergeable"),
    _A("layer.merge-visible", mark("actions", "Merge Visible"),
       mark("actions", "Make all layers that are shown one; hidden ones stay"),
       ("Ctrl+Alt+V",), menu="layer/merge", needs="layers"),
    _A("layer.flatten", mark("actions", "Flatten"),
       mark("actions", "Make the whole painting one layer; hidden layers go"),
       ("Ctrl+Alt+F",), menu="layer/merge", needs="layers"),
    _A("layer.stamp", mark("actions", "New Layer from Visible"),
       mark("actions", "A new layer at the top that holds what is seen; the others stay"),
       ("Ctrl+Alt+Shift+E",), menu="layer/merge", needs="layers", separator=True),
)  # fmt: skip

_ORDER = (
    _A("layer.up", mark("actions", "Raise Layer"), mark("actions", "Move the chosen layers one place up"),
       ("Ctrl+]",), menu="layer/order", icon="arrow-up", needs="layer"),
    _A("layer.down", mark("actions", "Lower Layer"), mark("actions", "Move the chosen layers one place down"),
       ("Ctrl+[",), menu="layer/order", icon="arrow-down", needs="layer"),
    _A("layer.top", mark("actions", "Layer to Top"), mark("actions", "Move the chosen layers above all others"),
       ("Ctrl+Shift+]", "Ctrl+}"), menu="layer/order", needs="layer"),
    _A("layer.bottom", mark("actions", "Layer to Bottom"), mark("actions", "Move the chosen layers below all others"),
       ("Ctrl+Shift+[", "Ctrl+{"), menu="layer/order", needs="layer"),
    _A("layer.next", mark("actions", "Layer Above"), mark("actions", "Work on the layer above this one"),
       ("Alt+]",), ("PgUp",), menu="layer/order", needs="layers", separator=True),
    _A("layer.previous", mark("actions", "Layer Below"), mark("actions", "Work on the layer below this one"),
       ("Alt+[",), ("PgDown",), menu="layer/order", needs="layers"),
)  # fmt: skip

LAYER = _LAYERS + _MASKS + _ADJUSTMENTS + _MERGES + _ORDER
