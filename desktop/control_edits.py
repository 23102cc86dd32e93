"""What is done to control layers; everything is one undo step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layer_control import REFERENCE, LayerControl, Source
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.pixels import from_rgba, to_rgba
from desktop.generation.control_models import label_of_kind, usual_kind
from desktop.generation.controls import Rgba, drawer_of, looks_drawn
from desktop.generation.wording import Wording

translate = QCoreApplication.translate
_BY_KIND: Mapping[str, Any] = {"model": "", "source": Source.AUTO, "annotator": ""}
"""What was chosen for one kind, and is for no other."""
LOOKED_AT = 512
"""Pixels a side of the part of a layer by which its kind is guessed."""


def controllable(layers: Sequence[Layer]) -> list[Layer]:
    """Those that can be control layers: paint layers and groups."""
    return [one for one in layers if isinstance(one, PaintLayer | GroupLayer) and not isinstance(one, LayerMask)]


def use(document: Document, layers: Sequence[Layer], kind: str, wording: Wording, model_id: str) -> None:
    """Makes layers control layers of that kind, "" for the one that suits each; what was set of them stays."""
    with document.transaction("Use as reference" if kind == REFERENCE else "Use as control"):
        for layer in controllable(layers):
            wanted = kind or usual_kind(_is_drawn(layer), wording, model_id)
            before = layer.control
            if before is None:
                document.set_layer(layer, control=LayerControl(wanted))
            elif before.kind != wanted:
                document.set_layer(layer, control=replace(before, kind=wanted, **_BY_KIND))


def release(document: Document, layers: Sequence[Layer]) -> None:
    """Makes layers plain again."""
    with document.transaction("Plain layer"):
        for layer in layers:
            if layer.control is not None:
                document.set_layer(layer, control=None)


def change(document: Document, layers: Sequence[Layer], values: Mapping[str, Any], dragged: str = "") -> None:
    """Sets fields of the control of layers that have one; while a field is `dragged` all of it is one step."""
    changing = [layer for layer in layers if layer.control is not None]
    key = ("control", dragged, *(layer.id for layer in changing)) if dragged else ()
    with document.transaction("Change control", key):
        for layer in changing:
            if layer.control is not None:
                document.set_layer(layer, control=replace(layer.control, **values))


def switch(document: Document, layers: Sequence[Layer], name: str) -> None:
    """Turns a yes-or-no field on, or off where all of the layers have it on."""
    changing = [layer for layer in layers if layer.control is not None]
    on = not all(getattr(layer.control, name) for layer in changing)
    change(document, changing, {name: on})


def make_layer(document: Document, layer: Layer, rgba: Rgba, bounds: Bounds) -> PaintLayer:
    """A layer above with what is followed of another one, (h, w, 4) of `bounds`; it is followed instead of that one."""
    control, parent = layer.control, layer.parent or document.tree.root
    kind = control.kind if control is not None else ""
    name = translate("controls", "{kind} of {name}").format(kind=label_of_kind(kind), name=layer.name)
    made = PaintLayer(name)
    with document.transaction("Layer from control"):
        document.add_layer(made, parent, parent.children.index(layer) + 1)
        document.put_image(made, bounds.x, bounds.y, from_rgba(np.ascontiguousarray(rgba)))
        if control is not None:
            document.set_layer(made, control=replace(control, source=Source.READY, on=True))
            document.set_layer(layer, control=replace(control, on=False))
    document.active = made
    return made


def _is_drawn(layer: Layer) -> bool:
    """Whether a layer holds nothing but strokes, as far as its middle shows."""
    box = layer.content_bounds()
    if box.is_empty:
        return True  # it is to be drawn yet
    width, height = min(box.width, LOOKED_AT), min(box.height, LOOKED_AT)
    middle = Bounds(box.x + (box.width - width) // 2, box.y + (box.height - height) // 2, width, height)
    return looks_drawn(to_rgba(drawer_of(layer)(middle))[..., 3])
