"""Which properties of a layer can be set, to what, and what setting them is called."""

from collections.abc import Mapping
from typing import Any

from canvas.errors import CanvasError
from canvas.geometry import Point
from canvas.layer_control import checked_control
from canvas.layers import BlendMode, GroupLayer, Layer, LayerMask, PaintLayer

PROPERTIES = frozenset(
    {
        "name",
        "visible",
        "opacity",
        "blend_mode",
        "locked",
        "clipped",
        "offset",
        "alpha_locked",
        "adjustment",
        "enabled",
        "hides_outside",
        "control",
    }
)


def checked_property(layer: Layer, name: str, value: Any) -> Any:
    """The value as the layer can hold it. Raises CanvasError for a property it lacks and a value out of range."""
    if name not in PROPERTIES or not hasattr(layer, name):
        raise CanvasError(f"The layer '{layer.name}' has no property {name}.")
    if name == "opacity":
        if not 0.0 <= float(value) <= 1.0:
            raise CanvasError(f"Opacity goes from 0 to 1, not {value}.")
        return float(value)
    if name == "blend_mode":
        return BlendMode(value)
    if name == "control":
        if value is not None and (isinstance(layer, LayerMask) or not isinstance(layer, PaintLayer | GroupLayer)):
            raise CanvasError("Only layers with pixels, and groups, can be control layers.")
        return checked_control(value)
    if name == "offset":
        return Point(int(value[0]), int(value[1]))
    return value


def step_name(values: Mapping[str, Any]) -> str:
    """What the undo list calls a change of these properties."""
    names = {
        "name": "Rename layer",
        "visible": "Show layer" if values.get("visible") else "Hide layer",
        "opacity": "Layer opacity",
        "blend_mode": "Blend mode",
        "locked": "Lock layer" if values.get("locked") else "Unlock layer",
        "offset": "Move layer pixels",
        "clipped": "Clip layer" if values.get("clipped") else "Release clipping",
        "adjustment": "Change adjustment",
        "enabled": "Enable mask" if values.get("enabled") else "Disable mask",
        "hides_outside": "Invert mask",
        "control": "Change control" if values.get("control") else "Plain layer",
        "alpha_locked": "Lock transparency" if values.get("alpha_locked") else "Unlock transparency",
    }
    return names[next(iter(values))] if len(values) == 1 else "Change layer"
