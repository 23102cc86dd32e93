"""What is done to the prompt regions of a painting; everything is one undo step."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.markings import REGIONS
from canvas.prompt_regions import LONGEST_NAME, PromptRegion, free_colour
from canvas.selection import Selection

translate = QCoreApplication.translate


def add_region(document: Document, selection: Selection) -> PromptRegion:
    """A region where the selection is; the selection is saved under the region's name. Raises CanvasError for none."""
    if selection.is_empty:
        raise CanvasError(
            translate("regions", "Nothing is selected. Draw a lasso around the place that is to have its own words.")
        )
    name = free_name(document)
    with document.transaction("Add region"):
        document.save_selection(name, selection)
        return add_saved(document, name)


def add_saved(document: Document, name: str) -> PromptRegion:
    """A region at a saved selection."""
    regions = document.prompt_regions
    added = PromptRegion(name, colour=free_colour(regions))
    with document.transaction("Add region"):
        document.set_marking(REGIONS, (*regions, added))
    return added


def change_region(document: Document, number: int, typed: bool = False, **values: object) -> None:
    """Other words, another colour, on or off; while words are `typed` they are one step."""
    regions = document.prompt_regions
    changed = replace(regions[number], **values)  # type: ignore[arg-type]
    after = (*regions[:number], changed, *regions[number + 1 :])
    document.set_marking(REGIONS, after, f"words {number}" if typed else "")


def remove_region(document: Document, number: int) -> None:
    """One region fewer; its saved selection stays."""
    regions = document.prompt_regions
    with document.transaction("Delete region"):
        document.set_marking(REGIONS, (*regions[:number], *regions[number + 1 :]))


def reshape_region(document: Document, number: int, selection: Selection) -> None:
    """Gives a region the place of a selection. Raises CanvasError for none."""
    if selection.is_empty:
        raise CanvasError(translate("regions", "Nothing is selected. Draw a lasso around the region's new place."))
    with document.transaction("Region place"):
        document.save_selection(document.prompt_regions[number].name, selection)


def rename_region(document: Document, number: int, name: str) -> None:
    """Another name for a region and its saved selection. Raises CanvasError for one that is taken, or none."""
    regions, saved = document.prompt_regions, document.saved_selections
    name, old = name.strip(), regions[number].name
    if name == old:
        return
    if not name or len(name) > LONGEST_NAME:
        raise CanvasError(translate("regions", "A region needs a name. It keeps the one that it had."))
    if name in saved or any(region.name == name for region in regions):
        pattern = translate("regions", "There is a saved selection called '{name}' already. Choose another name.")
        raise CanvasError(pattern.format(name=name))
    place = saved.get(old)
    with document.transaction("Rename region"):
        if place is not None:
            document.save_selection(name, place)
            document.save_selection(old, None)
        after = tuple(replace(region, name=name) if region.name == old else region for region in regions)
        document.set_marking(REGIONS, after)


def free_name(document: Document) -> str:
    """A name that neither a region nor a saved selection has."""
    taken = {*document.saved_selections, *(region.name for region in document.prompt_regions)}
    pattern = translate("regions", "Region {number}")
    number = len(document.prompt_regions) + 1
    while pattern.format(number=number) in taken:
        number += 1
    return pattern.format(number=number)
