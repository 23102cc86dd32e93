"""Guides: straight lines over the canvas to draw and place by; they are part of the document, not of the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


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
    """What `guides_to_json` made; rows of another form are left out."""
    rows = data if isinstance(data, list) else []
    good = [row for row in rows if isinstance(row, list) and len(row) == 2]
    return tuple(Guide(kind == "h", at) for kind, at in good if kind in ("h", "v") and type(at) is int)
