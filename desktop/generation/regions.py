"""Prompt regions of a painting in a request: which count there, with which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.prompt_regions import PromptRegion, regions_to_json
from canvas.selection import Selection
from desktop.generation.wording import Wording
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_REGIONS, Pixels, RegionPrompt

REGIONS = "regions"
"""Under this name a record's form has the regions as they were typed, in the order of the request's."""


@dataclass(frozen=True)
class Placed:
    """A region that says something, with its place."""

    region: PromptRegion
    selection: Selection


def placed_regions(document: Document, bounds: Bounds) -> tuple[Placed, ...]:
    """The regions that are on, have words, and whose saved selection is there and comes near `bounds` (canvas)."""
    found: list[Placed] = []
    for region in document.prompt_regions:
        place = region.place(document.saved_selections) if region.on and region.prompt.strip() else None
        if place is not None and not place.bounds.intersected(bounds).is_empty:
            found.append(Placed(region, place))
    return tuple(found)


def region_prompts(
    placed: Sequence[Placed],
    everywhere: Callable[[Pixels], str],
    bounds: Bounds,
    painted: tuple[slice, slice] | None,
    seed: int,
    wording: Wording,
) -> tuple[tuple[Placed, RegionPrompt], ...]:
    """The regions as the engine takes them: masks (h, w) of `bounds`, words behind those that hold in such a mask.

    Any thread. What touches nothing of `painted` (rows and columns; None for all) is left out. Raises
    InvalidRequestError for more than an engine takes.
    """
    found: list[tuple[Placed, RegionPrompt]] = []
    for one in placed:
        mask = one.selection.coverage(bounds)
        if (mask if painted is None else mask[painted]).any():
            own = wording.choose_own(one.region.prompt, seed)
            found.append((one, RegionPrompt(f"{_before(everywhere(mask))}{own}", mask)))
    check_number(len(found))
    return tuple(found)


def check_number(count: int) -> None:
    """Raises InvalidRequestError for more regions than an engine takes."""
    if count > MAX_REGIONS:
        sentence = QCoreApplication.translate(
            "capture",
            "{count} regions reach into what would be painted; {most} at most can be painted at once. "
            "Switch some of them off, or paint a smaller part.",
        )
        raise InvalidRequestError("regions", sentence.format(count=count, most=MAX_REGIONS))


def noted(placed: Sequence[Placed]) -> dict[str, Any]:
    """What a record's form says of the regions that were painted; nothing without any."""
    return {REGIONS: regions_to_json(one.region for one in placed)} if placed else {}


def own_words(words: str, everywhere: str) -> str:
    """A region's own words out of those that went to the engine."""
    return words.removeprefix(_before(everywhere))


def _before(everywhere: str) -> str:
    """What stands before each region's words."""
    common = everywhere.strip().rstrip(",")
    return f"{common}, " if common else ""
