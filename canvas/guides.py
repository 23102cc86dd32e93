"""Guides: straight lines over the canvas to draw and place by; they are part of the document, not of the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from canvas.errors import CanvasError

FARTHEST = 1 << 30
"Canvas pixels from the origin."


@dataclass(frozen=True)
class Guide:
    """One line, endless in both directions."""

    horizontal: bool
    "Whether it runs from left to right; else from top to bottom."
    position: int
    "The canvas row (or column) along whose upper (or left) edge it runs."


def guides_to_json(guides: Iterable[Guide]) -> list[list[Any]]:
    """As stored in a project file: `["h" or "v", position]` for each."""
    return [["h" if guide.horizontal else "v", guide.position] for guide in guides]


def guides_from_json(data: object) -> tuple[Guide, ...]:
    """What `guides_to_json` made. Raises CanvasError for whatever makes no sense."""
    try:
        if isinstance(data, list):
            return tuple(_read(kind, at) for kind, at in data)
    except (TypeError, ValueError):
        pass
    raise CanvasError(f"the guides {str(data)[:80]!r} make no sense here")


def _read(kind: object, at: object) -> Guide:
    if kind not in ("h", "v") or type(at) is not int or not -FARTHEST <= at <= FARTHEST:
        raise ValueError(at)
    return Guide(kind == "h", at)
