"""Regions: places with words of their own."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

REGIONS = (
    _A("regions.add-from-selection", mark("actions", "Add Region"),
       mark("actions", "Give the selected place words of its own; all places are painted in one go"),
       ("Ctrl+Alt+R",), menu="generate/regions", icon="regions"),
    _A("regions.show", mark("actions", "Show Regions"),
       mark("actions", "Show the regions over the canvas: in colours while their panel is in front, else as outlines"),
       ("Ctrl+Shift+F5",), menu="generate/regions", icon="eye", checkable=True),
    _A("regions.select-next", mark("actions", "Select Next Region"),
       mark("actions", "Select the place of the next region that is there"), menu="generate/regions",
       needs="regions", separator=True),
    _A("regions.clear", mark("actions", "Remove All Regions"),
       mark("actions", "Take all regions away; their saved selections stay"), menu="generate/regions", icon="delete",
       needs="regions"),
)  # fmt: skip
