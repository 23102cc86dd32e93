"""Prompt regions: places on the canvas with words of their own; part of the document, not of the picture.

A place is a saved selection, named. Whoever forgets that selection leaves a region without a place, which says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from canvas.errors import CanvasError
from canvas.selection import Selection

COLOURS = 8
"""How many colours tell regions apart."""
MOST_STORED, LONGEST_NAME, LONGEST_PROMPT = 1000, 1000, 20_000


@dataclass(frozen=True)
class PromptRegion:
    """One place and what is to be there."""

    name: str
    "Of the saved selection that is its place."
    prompt: str = ""
    "Its own words, beside those that hold everywhere."
    colour: int = 0
    "Number of the colour in which it is shown, 0 .. COLOURS - 1."
    on: bool = True
    "Whether it counts."

    def place(self, saved: Mapping[str, Selection]) -> Selection | None:
        """Its place among the saved selections; None if that one is gone, or empty."""
        found = saved.get(self.name)
        return None if found is None or found.is_empty else found


def free_colour(regions: Iterable[PromptRegion]) -> int:
    """The colour that the fewest regions have."""
    used = [region.colour for region in regions]
    return min(range(COLOURS), key=used.count)


def regions_to_json(regions: Iterable[PromptRegion]) -> list[dict[str, Any]]:
    """As stored in a project file."""
    return [{"selection": one.name, "prompt": one.prompt, "colour": one.colour, "on": one.on} for one in regions]


def regions_from_json(data: object) -> tuple[PromptRegion, ...]:
    """What `regions_to_json` made. Raises CanvasError for whatever makes no sense."""
    try:
        if not isinstance(data, list) or len(data) > MOST_STORED:
            raise TypeError("not a list")
        return tuple(_read(row) for row in data)
    except (KeyError, TypeError, ValueError) as error:
        raise CanvasError(f"the prompt regions {str(data)[:80]!r} make no sense here ({error})") from error


def _read(row: Any) -> PromptRegion:
    name, prompt, colour, on = row["selection"], row["prompt"], row["colour"], row["on"]
    if not isinstance(name, str) or not isinstance(prompt, str) or not isinstance(on, bool) or type(colour) is not int:
        raise TypeError("values of a wrong kind")
    if len(name) > LONGEST_NAME or len(prompt) > LONGEST_PROMPT or not 0 <= colour < COLOURS:
        raise ValueError("values out of range")
    return PromptRegion(name, prompt, colour, on)
