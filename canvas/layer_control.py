"""What makes a layer a control layer: how generation follows its picture, or looks at it. Its pixels stay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from canvas.errors import CanvasError

REFERENCE = "reference"
"""The kind of a layer that is looked at, instead of being followed place by place."""
MOST_WEIGHT = 2.0
LONGEST_KIND, LONGEST_MODEL = 40, 4000


class Source(StrEnum):
    """How a layer's picture becomes what a network follows."""

    AUTO = "auto"
    """Lines by hand where nothing but strokes is painted, else made from the picture."""
    MADE = "made"
    """Edges, tones … are made from the picture."""
    DRAWN = "drawn"
    """The layer holds lines drawn by hand, in any colour."""
    READY = "ready"
    """The layer is such a picture already."""


@dataclass(frozen=True)
class LayerControl:
    """How one layer guides generation."""

    kind: str
    "What is followed: canny, lineart, depth …; or REFERENCE."
    model: str = ""
    "Id in the model library; empty: the one that fits best."
    weight: float = 1.0
    "0 .. MOST_WEIGHT."
    start: float = 0.0
    "Part of the steps after which it begins to act, 0..1."
    end: float = 1.0
    "Part of the steps after which it acts no more; not before `start`."
    on: bool = True
    "Whether it counts."
    apart: bool = True
    "Whether the layer is only shown to the painter, and is no part of the picture: not generated upon, not exported."
    source: Source = Source.AUTO
    detail: float = 0.5
    "0..1: how faint an edge may be to be followed."
    thickness: float = 0.5
    "0..1: of scribbled lines."
    annotator: str = ""
    "Id of the network of the library that sees what is followed; empty: the first that can."

    @property
    def is_reference(self) -> bool:
        """Whether it is looked at, instead of being followed."""
        return self.kind == REFERENCE

    @property
    def acts(self) -> bool:
        """Whether it makes any difference."""
        return self.on and self.weight > 0.0 and self.end > self.start


def checked_control(value: object) -> LayerControl | None:
    """The value if a layer can hold it. Raises CanvasError."""
    if value is None:
        return None
    if not isinstance(value, LayerControl):
        raise CanvasError(f"A layer is made a control layer by a LayerControl, not by {value!r}.")
    shares = (value.start, value.end, value.detail, value.thickness)
    if not all(math.isfinite(one) and 0.0 <= one <= 1.0 for one in shares) or value.start > value.end:
        raise CanvasError("Beginning, end, detail and thickness of a control layer lie between 0 and 1, in this order.")
    if not 0.0 <= value.weight <= MOST_WEIGHT:
        raise CanvasError(f"The weight of a control layer goes from 0 to {MOST_WEIGHT:g}, not {value.weight}.")
    if not 0 < len(value.kind) <= LONGEST_KIND or max(len(value.model), len(value.annotator)) > LONGEST_MODEL:
        raise CanvasError(f"A control layer cannot be of the kind {value.kind[:60]!r}.")
    return value


def control_to_json(control: LayerControl) -> dict[str, Any]:
    """As stored in a project file."""
    return {**asdict(control), "source": control.source.value}


def control_from_json(data: object) -> LayerControl | None:
    """What `control_to_json` made; None for None. Raises CanvasError for whatever makes no sense."""
    if data is None:
        return None
    try:
        if not isinstance(data, Mapping):
            raise TypeError("not an object")
        return checked_control(LayerControl(**{name: _read(name, data[name]) for name in _NAMES if name in data}))
    except (TypeError, ValueError) as error:
        raise CanvasError(f"the control {str(data)[:80]!r} makes no sense here ({error})") from error


_NAMES = tuple(one.name for one in fields(LayerControl))


def _read(name: str, value: object) -> Any:
    wanted = {"kind": str, "model": str, "source": str, "annotator": str, "on": bool, "apart": bool}.get(name)
    if wanted is None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} is no number")
        return float(value)
    if not isinstance(value, wanted):
        raise TypeError(f"{name} is of a wrong kind")
    return Source(value) if name == "source" else value
