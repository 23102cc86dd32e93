"""Tools, brush and colours."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

TOOL = (
    _A("tool.brush", mark("actions", "Brush"), mark("actions", "Paint"),
       ("B",), menu="tool", icon="brush", checkable=True, group="tool"),
    _A("tool.eraser", mark("actions", "Eraser"), mark("actions", "Erase"),
       ("E",), menu="tool", icon="eraser", checkable=True, group="tool"),
    _A("tool.eyedropper", mark("actions", "Eyedropper"), mark("actions", "Take a colour from the canvas"),
       ("I",), menu="tool", icon="eyedropper", checkable=True, group="tool"),
    _A("tool.lasso", mark("actions", "Lasso"),
       mark("actions", "Draw around what should change, then type (Shift adds, Alt takes away)"),
       ("L",), menu="tool", icon="lasso", checkable=True, group="tool"),
    _A("tool.rectangle", mark("actions", "Rectangle Selection"),
       mark("actions", "Select a rectangle, then type (Shift adds, Alt takes away)"),
       ("M",), menu="tool", icon="rectangle", checkable=True, group="tool"),
    _A("tool.frame", mark("actions", "Frame"),
       mark("actions", "Move and resize the frame: the place that is generated"),
       ("C",), menu="tool", icon="frame", checkable=True, group="tool"),
    _A("tool.move", mark("actions", "Move Layer"), mark("actions", "Move this layer"),
       ("V",), menu="tool", icon="move", checkable=True, group="tool"),
    _A("tool.hand", mark("actions", "Hand"), mark("actions", "Move the view (hold Space with any tool)"),
       ("H",), menu="tool", icon="hand", checkable=True, group="tool"),
    _A("brush.larger", mark("actions", "Larger Brush"), mark("actions", "Make the brush larger"),
       ("]",), menu="tool", separator=True),
    _A("brush.smaller", mark("actions", "Smaller Brush"),
       mark("actions", "Make the brush smaller"), ("[",), menu="tool"),
    _A("brush.harder", mark("actions", "Harder Brush"), mark("actions", "Make the brush's edge harder"),
       ("Shift+]", "}"), menu="tool"),
    _A("brush.softer", mark("actions", "Softer Brush"), mark("actions", "Make the brush's edge softer"),
       ("Shift+[", "{"), menu="tool"),
    _A("color.swap", mark("actions", "Swap Colours"), mark("actions", "Swap the colour with the one before it"),
       ("X",), menu="tool", icon="swap", separator=True),
    _A("color.default", mark("actions", "Black and White"), mark("actions", "Paint black, with white in reserve"),
       ("D",), menu="tool"),
)  # fmt: skip
