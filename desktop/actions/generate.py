"""Generating: run, candidates, modes, models."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

GENERATE = (
    _A("generate.accept", mark("actions", "Keep Candidate"), mark("actions", "Keep the shown picture as a new layer"),
       ("Ctrl+Shift+Return",), ("Return", "Enter"), menu="generate", icon="check", needs="candidates"),
    _A("generate.run", mark("actions", "Generate"),
       mark("actions", "Paint what the wide button says: the selection or the frame"),
       ("Ctrl+Return", "Ctrl+Enter"), ("Return", "Enter"), menu="generate", icon="generate"),
    _A("generate.discard", mark("actions", "Drop Candidates"),
       mark("actions", "Take the candidates off the canvas; the history keeps them"),
       ("Ctrl+Shift+Backspace",), ("Esc",), menu="generate", icon="close", needs="candidates"),
    _A("generate.next", mark("actions", "Next Candidate"), mark("actions", "Show the next picture of the batch"),
       (), ("Right",), menu="generate", needs="candidates"),
    _A("generate.previous", mark("actions", "Previous Candidate"),
       mark("actions", "Show the picture of the batch before this one"),
       (), ("Left",), menu="generate", needs="candidates"),
    _A("generate.again", mark("actions", "Again"), mark("actions", "Another batch of the same with a new seed"),
       ("Ctrl+R",), menu="generate", icon="again"),
    _A("generate.cancel", mark("actions", "Cancel Job"), mark("actions", "Cancel this painting's newest job"),
       ("Shift+Esc",), menu="generate", icon="stop", needs="jobs"),
    _A("generate.mode.auto", mark("actions", "Decide by the Picture"),
       mark("actions", "Frame, selection and what is painted decide what is generated"),
       menu="generate/mode", checkable=True, group="mode", separator=True),
    _A("generate.mode.text-to-image", mark("actions", "Text to Image"),
       mark("actions", "Always paint from the words alone"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.image-to-image", mark("actions", "Image to Image"),
       mark("actions", "Always repaint what the frame holds"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.inpaint", mark("actions", "Inpaint"), mark("actions", "Always repaint the selection"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.outpaint", mark("actions", "Outpaint"),
       mark("actions", "Always grow into the empty part of the frame"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("prompt.focus", mark("actions", "Go to the Prompt"), mark("actions", "Type in the prompt panel"),
       ("Ctrl+P",), menu="generate", separator=True),
    _A("models.folders", mark("actions", "Model Folders…"), mark("actions", "Add folders with models of your own"),
       menu="generate", icon="folder"),
)  # fmt: skip
