"""The numbers of a brush, by the section in which the brush panel shows them."""

from __future__ import annotations

from desktop.i18n import mark
from desktop.panels.value_row import ValueSpec

_V = ValueSpec

BASIC = (
    _V("brushSize", "size", mark("BrushPanel", "Size"), mark("BrushPanel", "Diameter in canvas pixels ([ and ])"),
       suffix=" px", scale=1.0, logarithmic=True),
    _V("brushHardness", "hardness", mark("BrushPanel", "Hardness"), mark("BrushPanel", "How sharp the edge is")),
    _V("brushOpacity", "opacity", mark("BrushPanel", "Opacity"),
       mark("BrushPanel", "The most that one stroke covers")),
    _V("brushFlow", "flow", mark("BrushPanel", "Flow"), mark("BrushPanel", "How much paint each touch leaves")),
    _V("brushSmoothing", "smoothing", mark("BrushPanel", "Smoothing"),
       mark("BrushPanel", "How much a shaky line is steadied")),
)  # fmt: skip
TIP = (
    _V("brushRoundness", "roundness", mark("BrushPanel", "Roundness"),
       mark("BrushPanel", "Height of the tip as a part of its width"), low=5),
    _V("brushAngle", "angle", mark("BrushPanel", "Angle"), mark("BrushPanel", "How far the tip is turned"),
       low=-180, high=180, suffix="°", scale=1.0),
    _V("brushSpacing", "spacing", mark("BrushPanel", "Spacing"),
       mark("BrushPanel", "Distance between touches as a part of the diameter"), low=2, high=200),
)  # fmt: skip
PAINT = (
    _V("brushWetEdge", "wet_edge", mark("BrushPanel", "Wet edge"),
       mark("BrushPanel", "How far paint runs to the rim of a soft stroke, as watercolour does")),
    _V("brushHueJitter", "hue_jitter", mark("BrushPanel", "Hue ±"),
       mark("BrushPanel", "How far the hue of each touch differs by chance")),
    _V("brushSaturationJitter", "saturation_jitter", mark("BrushPanel", "Saturation ±"),
       mark("BrushPanel", "How far the saturation of each touch differs by chance")),
    _V("brushValueJitter", "value_jitter", mark("BrushPanel", "Brightness ±"),
       mark("BrushPanel", "How far the brightness of each touch differs by chance")),
)  # fmt: skip
GRAIN = (
    _V("brushGrainStrength", "grain_strength", mark("BrushPanel", "Depth"),
       mark("BrushPanel", "How deep the paper's valleys are, which paint does not reach")),
    _V("brushGrainScale", "grain_scale", mark("BrushPanel", "Scale"), mark("BrushPanel", "How coarse the paper is"),
       low=25, high=400),
)  # fmt: skip
SCATTER = (
    _V("brushScatter", "scatter", mark("BrushPanel", "Scatter"),
       mark("BrushPanel", "How far touches fall from the line, in parts of the diameter"), high=300),
    _V("brushCount", "count", mark("BrushPanel", "Count"), mark("BrushPanel", "Touches at every step"),
       low=1, high=8, suffix="", scale=1.0),
)  # fmt: skip
STROKE = (
    _V("brushString", "string_length", mark("BrushPanel", "String"),
       mark("BrushPanel", "Length of the string on which the pen pulls the brush, in canvas pixels"),
       high=500, suffix=" px", scale=1.0),
)  # fmt: skip

FOLLOW_NAMES = {
    "none": mark("BrushPanel", "Nothing"),
    "direction": mark("BrushPanel", "Direction of the stroke"),
    "tilt": mark("BrushPanel", "Tilt of the pen"),
    "rotation": mark("BrushPanel", "Rotation of the pen"),
}
GRAIN_NAMES = {
    "": mark("BrushPanel", "Smooth"),
    "paper": mark("BrushPanel", "Paper"),
    "canvas": mark("BrushPanel", "Canvas"),
    "noise": mark("BrushPanel", "Speckles"),
}
STABILISER_NAMES = {
    "none": mark("BrushPanel", "Off"),
    "smooth": mark("BrushPanel", "Steady hand"),
    "string": mark("BrushPanel", "Pulled string"),
}
SECTION_NAMES = {
    "tip": (mark("BrushPanel", "Tip"), mark("BrushPanel", "The shape of one touch")),
    "paint": (mark("BrushPanel", "Paint"), mark("BrushPanel", "How paint meets the layer, and its colour")),
    "grain": (mark("BrushPanel", "Grain"), mark("BrushPanel", "The paper under the paint")),
    "scatter": (mark("BrushPanel", "Scatter"), mark("BrushPanel", "Where touches fall beside the line")),
    "stroke": (mark("BrushPanel", "Stroke"), mark("BrushPanel", "How the hand is steadied")),
    "dynamics": (mark("BrushPanel", "Dynamics"), mark("BrushPanel", "What pressure, tilt, speed and chance change")),
}
