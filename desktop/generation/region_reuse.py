"""The prompt regions of a logged generation, put back so that the same is asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.markings import REGIONS as MARKING
from canvas.project.project import Project
from canvas.prompt_regions import PromptRegion, regions_from_json
from canvas.selection import Selection
from desktop.generation.regions import REGIONS, Placed, own_words, placed_regions
from desktop.spoken import spoken
from pipelines.prompting.wildcards import words_for_seed


async def load_regions(record: GenerationRecord, project: Project, complaints: list[str]) -> tuple[Placed, ...]:
    """The regions of a record, with the places that they had in it; a sentence for each that cannot be read."""
    asked = record.request.get(REGIONS)
    rows = asked if isinstance(asked, list) else []
    typed: tuple[PromptRegion, ...] = ()
    with suppress(CanvasError):
        typed = regions_from_json(record.form.get(REGIONS))
    drawn = len(typed) if len(typed) <= len(rows) else 0  # a route's stretches come behind what was drawn by hand
    if drawn != len(rows):
        sentence = QCoreApplication.translate("reuse", "Its {count} regions are left out: they were not drawn by hand.")
        complaints.append(sentence.format(count=len(rows) - drawn))
    found: list[Placed] = []
    everywhere, seed = str(record.request.get("prompt", "")), record.request.get("seed")
    for number, (region, row) in enumerate(zip(typed[:drawn], rows[:drawn], strict=True)):
        try:
            mask = await asyncio.wrap_future(project.load_blob(record.inputs[f"region-{number}"]))
            size = (record.bounds.width, record.bounds.height)
            if mask.shape != size[::-1]:  # painted smaller than it is
                mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.uint8)
            place = Selection.from_mask(record.bounds, mask)
        except (CanvasError, KeyError) as error:
            sentence = QCoreApplication.translate(
                "reuse", "The region '{name}' is left out: its place cannot be read ({reason})."
            )
            complaints.append(sentence.format(name=region.name, reason=spoken(str(error))))
            continue
        said = own_words(str(row.get("prompt", "")), everywhere)
        found.append(Placed(replace(region, prompt=words_for_seed(region.prompt, said, seed)), place))
    return tuple(found)


def restore_regions(document: Document, bounds: Bounds, wanted: Sequence[Placed]) -> None:
    """Makes these the regions that count in `bounds`, canvas pixels. A saved selection that is another one by now
    stays, and the region gets a name beside it."""
    used: list[PromptRegion] = []
    for one in wanted:
        name = _name_for(document, one, bounds)
        if name not in document.saved_selections:
            document.save_selection(name, one.selection)
        used.append(replace(one.region, name=name, on=True))
    names = {region.name for region in used}
    silenced = {placed.region for placed in placed_regions(document, bounds)}
    others = (
        replace(one, on=one.on and one not in silenced) for one in document.prompt_regions if one.name not in names
    )
    document.set_marking(MARKING, (*used, *others))


def _name_for(document: Document, one: Placed, bounds: Bounds) -> str:
    """The region's name, with a number if that one stands for another place by now."""
    mask, name, number = one.selection.coverage(bounds), one.region.name, 1
    while (saved := document.saved_selections.get(name)) is not None:
        if np.array_equal(saved.coverage(bounds), mask):
            break
        number += 1
        name = f"{one.region.name} {number}"
    return name
