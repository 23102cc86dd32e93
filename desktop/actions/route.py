"""The route: painting along a line."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

ROUTE = (
    _A("route.start", mark("actions", "Paint Along the Route"),
       mark("actions", "Paint window after window along the route, or go on where it stopped"),
       ("Ctrl+Alt+O",), menu="generate/route", icon="route", needs="route-rests"),
    _A("route.stop", mark("actions", "Stop After This Window"),
       mark("actions", "Finish the window in work, then rest; go on at any time"),
       ("Ctrl+Alt+.",), menu="generate/route", icon="stop", needs="route-runs"),
    _A("route.stop-now", mark("actions", "Stop the Route at Once"),
       mark("actions", "Drop the window in work and rest; go on at any time"),
       menu="generate/route", needs="route-runs"),
    _A("route.split", mark("actions", "Split the Route Here"),
       mark("actions", "Begin a stretch with words of its own where the pointer is (or double-click the line)"),
       menu="generate/route", needs="route", separator=True),
    _A("route.join", mark("actions", "Join the Stretch"),
       mark("actions", "Make the chosen stretch a part of the one before it"), menu="generate/route",
       needs="stretches"),
    _A("route.previous-stretch", mark("actions", "Previous Stretch"),
       mark("actions", "Show the words of the stretch before"), menu="generate/route", needs="stretches"),
    _A("route.next-stretch", mark("actions", "Next Stretch"),
       mark("actions", "Show the words of the next stretch"), menu="generate/route", needs="stretches"),
    _A("route.new-seed", mark("actions", "New Seed for the Route"),
       mark("actions", "What comes next along the route is painted from another noise"),
       menu="generate/route", icon="again", needs="route", separator=True),
    _A("route.show", mark("actions", "Show the Route"),
       mark("actions", "Take the route tool and bring all of the route into view"),
       menu="generate/route", icon="fit", needs="route"),
    _A("route.remove", mark("actions", "Remove the Route"),
       mark("actions", "Take the line away; what is painted stays"), menu="generate/route", icon="delete",
       needs="route"),
)  # fmt: skip
