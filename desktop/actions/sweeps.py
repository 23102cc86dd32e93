"""Variations, sweeps, making larger."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

SWEEPS = (
    _A("generate.vary-slightly", mark("actions", "Vary Slightly"),
       mark("actions", "More pictures that are nearly the shown one"),
       menu="generate/vary", needs="vary", separator=True),
    _A("generate.vary", mark("actions", "Vary"), mark("actions", "More pictures that resemble the shown one"),
       ("Ctrl+Shift+T",), menu="generate/vary", needs="vary"),
    _A("generate.vary-strongly", mark("actions", "Vary Strongly"),
       mark("actions", "More pictures that go further from the shown one"),
       menu="generate/vary", needs="vary"),
    _A("generate.weaker", mark("actions", "Weaker"),
       mark("actions", "The shown picture again, nearer to what was there before"),
       menu="generate/vary", needs="restrain", separator=True),
    _A("generate.stronger", mark("actions", "Stronger"),
       mark("actions", "The shown picture again, further from what was there before"),
       menu="generate/vary", needs="restrain"),
    _A("log.vary", mark("actions", "Vary from History"),
       mark("actions", "More pictures that resemble the chosen one of the history, at its place"),
       menu="generate/history", needs="log-vary"),
    _A("generate.sweep", mark("actions", "Sweep…"),
       mark("actions", "A grid of pictures with one or two settings changing from cell to cell"),
       ("Ctrl+Alt+Y",), menu="generate", icon="grid", separator=True),
    _A("sweep.keep-picture", mark("actions", "Keep Picture of the Sweep"),
       mark("actions", "Put the chosen cell at its place as a new layer, and use its settings"),
       menu="generate/sweep", icon="check", needs="sweep-cell"),
    _A("sweep.keep", mark("actions", "Keep Grid"),
       mark("actions", "Put the sweep's pictures and words where they are, as a group of two layers"),
       menu="generate/sweep", icon="group", needs="sweep-done"),
    _A("sweep.drop", mark("actions", "Drop Grid"),
       mark("actions", "Take the sweep off the canvas; the history keeps every picture"),
       menu="generate/sweep", needs="sweep-done"),
    _A("sweep.show", mark("actions", "Show Grid"), mark("actions", "Bring all of the sweep into view"),
       menu="generate/sweep", icon="fit", needs="sweep-open"),
    _A("sweep.cancel", mark("actions", "Cancel Sweep"),
       mark("actions", "Paint no more of its pictures; what is done stays"),
       menu="generate/sweep", icon="stop", needs="sweep-runs"),
    _A("generate.upscale", mark("actions", "Upscale…"),
       mark("actions", "Make the selection or the frame larger, on demand with more detail"),
       ("Ctrl+Alt+U",), menu="generate", icon="zoom-in"),
    _A("upscale.cancel", mark("actions", "Cancel Upscale"), mark("actions", "Take back what is being made larger"),
       menu="generate", icon="stop", needs="upscale-runs"),
)  # fmt: skip
