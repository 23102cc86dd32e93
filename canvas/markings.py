"""Markings: values that lie over the canvas and are kept with the painting without being a part of the picture.

A row of the table is all that another kind needs: document, history and project file treat them alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from canvas.changes import ChangeKind
from canvas.guides import Guide, guides_from_json, guides_to_json
from canvas.prompt_regions import PromptRegion, regions_from_json, regions_to_json
from canvas.routes import Route, route_from_json, route_to_json

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Marking(Generic[T]):
    """One kind of values. They are immutable and equal by what they say."""

    change: ChangeKind
    "What the document tells; as a word its name in project files and in the steps there."
    empty: T
    "The value of a painting that has none."
    step: str
    "Name of the step that sets it."
    removal: str
    "Name of the step that makes it empty."
    to_json: Callable[[T], Any]
    "As stored in a project file."
    from_json: Callable[[object], T]
    "What `to_json` made. Raises CanvasError for whatever makes no sense."


GUIDES: Marking[tuple[Guide, ...]] = Marking(
    ChangeKind.GUIDES, (), "Guides", "Guides", guides_to_json, guides_from_json
)
"Lines to draw by, in the order in which they were set."
ROUTE: Marking[Route | None] = Marking(ChangeKind.ROUTE, None, "Route", "Remove route", route_to_json, route_from_json)
"The line along which the painting is to grow, if there is one."
REGIONS: Marking[tuple[PromptRegion, ...]] = Marking(
    ChangeKind.REGIONS, (), "Regions", "Remove regions", regions_to_json, regions_from_json
)
"Places with words of their own, in the order in which they are listed."
MARKINGS: tuple[Marking[Any], ...] = (GUIDES, ROUTE, REGIONS)
"Every kind."


class Marked:
    """The part of a document that its markings are."""

    def __init__(self) -> None:
        self._markings: dict[ChangeKind, Any] = {}

    @property
    def guides(self) -> tuple[Guide, ...]:
        """Lines to draw by, in the order in which they were set."""
        return self.marking(GUIDES)

    @property
    def route(self) -> Route | None:
        """The line along which the painting is to grow, if there is one."""
        return self.marking(ROUTE)

    @property
    def prompt_regions(self) -> tuple[PromptRegion, ...]:
        """Places with words of their own, in the order in which they are listed."""
        return self.marking(REGIONS)

    def marking(self, marking: Marking[T]) -> T:
        """The value of a marking."""
        value: T = self._markings.get(marking.change, marking.empty)
        return value

    def replace_marking(self, marking: Marking[T], value: T) -> None:
        """Put another value of a marking in place without a step (edits, and whoever loads a document)."""
        self._markings[marking.change] = value
