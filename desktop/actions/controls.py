"""Control layers: what generation follows, and what it looks at."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

_USES = (
    _A("control.use", mark("actions", "Use as Control"),
       mark("actions", "Let generation follow the edges, lines, depth … of the chosen layers; again makes them plain"),
       ("Ctrl+Alt+Shift+K",), menu="layer/control", icon="control", needs="controllable", checkable=True),
    _A("control.reference", mark("actions", "Use as Reference"),
       mark("actions", "Let the model look at the chosen layers for style and content; again makes them plain"),
       menu="layer/control", needs="controllable", checkable=True),
    _A("control.plain", mark("actions", "Not a Control Layer"),
       mark("actions", "Make the chosen control and reference layers plain again: parts of the picture, not followed"),
       menu="layer/control", needs="control"),
    _A("control.toggle", mark("actions", "Control On"),
       mark("actions", "Let the control of the chosen layers act, or rest for a while"),
       ("Ctrl+Alt+Shift+H",), menu="layer/control", needs="control", checkable=True, separator=True),
    _A("control.apart", mark("actions", "Keep out of the Picture"),
       mark("actions", "Show the layer to you alone: it is not generated upon, merged or exported"),
       menu="layer/control", needs="control", checkable=True),
    _A("control.preview", mark("actions", "Show What Is Followed"),
       mark("actions", "Show over the frame, or the selection, what the model follows of this layer"),
       ("Ctrl+Alt+Shift+W",), menu="layer/control", icon="eye", needs="followed", checkable=True),
    _A("control.make-layer", mark("actions", "New Layer from What Is Followed"),
       mark("actions", "A layer with these lines or tones, to be changed by hand; it is followed instead of this one"),
       menu="layer/control", icon="layer-add", needs="followed"),
    _A("control.annotator", mark("actions", "Seen by…"),
       mark("actions", "Choose which network of the library sees depth, a pose … in this layer; there are several"),
       menu="layer/control", needs="annotators"),
)  # fmt: skip

_KINDS = (
    _A("control.follow-canny", mark("actions", "Follow Edges (Canny)"),
       mark("actions", "Hard edges, found in the layer's picture"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-lineart", mark("actions", "Follow Line Art"),
       mark("actions", "Drawn lines, or what is darker than around it"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-softedge", mark("actions", "Follow Soft Edges"),
       mark("actions", "Wide soft edges: the shapes, but not their finest lines"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-scribble", mark("actions", "Follow a Scribble"),
       mark("actions", "A few thick strokes, drawn by hand"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-depth", mark("actions", "Follow Depth"),
       mark("actions", "How near things are, as a network of the library sees it; or the layer is such a map"),
       menu="layer/follow", needs="controllable", checkable=True, separator=True),
    _A("control.follow-normal", mark("actions", "Follow Normals"),
       mark("actions", "Where surfaces face, as a network that sees depth has it; or the layer is a map of normals"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-pose", mark("actions", "Follow a Pose"),
       mark("actions", "How people stand, as a network of the library sees it; or the layer has OpenPose's figures"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-segmentation", mark("actions", "Follow Segments"),
       mark("actions", "What is where, as a network of the library sees it; or the layer has the colours of ADE20K"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-tile", mark("actions", "Follow Detail (Tile)"),
       mark("actions", "The layer's picture itself without its finest detail"),
       menu="layer/follow", needs="controllable", checkable=True, separator=True),
    _A("control.follow-inpaint", mark("actions", "Follow for Inpainting"),
       mark("actions", "The layer's picture; what is transparent is made anew"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-blur", mark("actions", "Follow a Blur"),
       mark("actions", "The layer's picture out of focus: its colours and masses"),
       menu="layer/follow", needs="controllable", checkable=True),
    _A("control.follow-gray", mark("actions", "Follow Grey Tones"),
       mark("actions", "Light and dark of the layer's picture; colours are free"),
       menu="layer/follow", needs="controllable", checkable=True),
)  # fmt: skip

CONTROLS = _USES + _KINDS
