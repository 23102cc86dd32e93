"""What changes the selection as a whole."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

SELECT = (
    _A("select.all", mark("actions", "Select Frame"),
       mark("actions", "Select the whole frame"), ("Ctrl+A",), menu="select"),
    _A("select.none", mark("actions", "Deselect"), mark("actions", "Drop the selection"),
       ("Ctrl+D", "Ctrl+Shift+A"), menu="select", needs="selection"),
    _A("select.invert", mark("actions", "Invert Selection"),
       mark("actions", "Select what is not selected, within the frame and the selection"),
       ("Ctrl+I",), menu="select", needs="selection"),
    _A("select.grow", mark("actions", "Grow by 8 Pixels"),
       mark("actions", "Move the selection's edge 8 pixels outwards"),
       menu="select", needs="selection", separator=True),
    _A("select.shrink", mark("actions", "Shrink by 8 Pixels"),
       mark("actions", "Move the selection's edge 8 pixels inwards"),
       menu="select", needs="selection"),
    _A("select.feather", mark("actions", "Feather by 8 Pixels"), mark("actions", "Make the selection's edge soft"),
       menu="select", needs="selection"),
    _A("select.frame", mark("actions", "Frame around Selection"), mark("actions", "Put the frame around the selection"),
       menu="select", needs="selection", separator=True),
)  # fmt: skip
