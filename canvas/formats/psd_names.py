"""How Photoshop calls blend modes, and how we do."""

from psd_tools.constants import BlendMode as Photoshop

from canvas.layers import BlendMode

TO_PHOTOSHOP = {
    BlendMode.NORMAL: Photoshop.NORMAL,
    BlendMode.MULTIPLY: Photoshop.MULTIPLY,
    BlendMode.SCREEN: Photoshop.SCREEN,
    BlendMode.OVERLAY: Photoshop.OVERLAY,
    BlendMode.DARKEN: Photoshop.DARKEN,
    BlendMode.LIGHTEN: Photoshop.LIGHTEN,
    BlendMode.COLOR_DODGE: Photoshop.COLOR_DODGE,
    BlendMode.COLOR_BURN: Photoshop.COLOR_BURN,
    BlendMode.HARD_LIGHT: Photoshop.HARD_LIGHT,
    BlendMode.SOFT_LIGHT: Photoshop.SOFT_LIGHT,
    BlendMode.DIFFERENCE: Photoshop.DIFFERENCE,
    BlendMode.EXCLUSION: Photoshop.EXCLUSION,
    BlendMode.PLUS: Photoshop.LINEAR_DODGE,
    BlendMode.HUE: Photoshop.HUE,
    BlendMode.SATURATION: Photoshop.SATURATION,
    BlendMode.COLOR: Photoshop.COLOR,
    BlendMode.LUMINOSITY: Photoshop.LUMINOSITY,
}
"Atop, erase and behind have no counterpart there."

FROM_PHOTOSHOP = {theirs: ours for ours, theirs in TO_PHOTOSHOP.items()} | {Photoshop.PASS_THROUGH: BlendMode.NORMAL}

NEAREST = {
    Photoshop.DARKER_COLOR: BlendMode.DARKEN,
    Photoshop.LIGHTER_COLOR: BlendMode.LIGHTEN,
    Photoshop.LINEAR_BURN: BlendMode.COLOR_BURN,
}
"Modes that are not known here, and what comes nearest; every other unknown one becomes normal."
