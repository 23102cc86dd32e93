"""Live painting: the frame painted anew while one works on it."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

LIVE = (
    _A("live.toggle", mark("actions", "Live Painting"),
       mark("actions", "Paint the frame anew while you work on it; nothing of it is in the painting until you keep it"),
       ("Ctrl+Shift+Space",), menu="generate/live", icon="live", checkable=True),
    _A("live.keep", mark("actions", "Keep Live Picture"),
       mark("actions", "Make a new layer of exactly the live picture on show, and log it"),
       ("Ctrl+Alt+Space",), menu="generate/live", icon="check", needs="live-picture"),
    _A("live.new-seed", mark("actions", "New Live Seed"),
       mark("actions", "Other noise: another live picture of the same strokes"),
       (), menu="generate/live", icon="again", needs="live"),
    _A("live.peek", mark("actions", "Show Own Strokes"),
       mark("actions", "Hide the live picture, so that you see what is painted (or hold ` over the canvas)"),
       (), menu="generate/live", icon="eye", checkable=True, needs="live"),
    _A("live.place-over", mark("actions", "Live Picture over the Frame"),
       mark("actions", "Show the live picture on the frame, under your newest strokes"),
       menu="generate/live", checkable=True, group="live-place", separator=True),
    _A("live.place-beside", mark("actions", "Live Picture beside the Frame"),
       mark("actions", "Show the live picture next to the frame, as large as it"),
       menu="generate/live", checkable=True, group="live-place"),
    _A("generate.take-in-strokes", mark("actions", "Take in Strokes while Painting"),
       mark("actions", "What you paint inside the region of a running job reaches it with its next step; the stroke "
            "itself stays on its layer, under the result"),
       menu="generate/live", checkable=True, separator=True),
)  # fmt: skip
