"""What is logged of a clip: one generation whose pictures are its frames, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canvas.generations import GenerationRecord
from pipelines.contract.request import Task

if TYPE_CHECKING:
    from pipelines.prompting.recipes.recipe import Recipe

FPS = "fps"
"""Key in the form of a record: at how many frames a second the clip was wanted."""
USUAL_FPS = 16
SLOWEST, FASTEST = 1, 60
"""Frames a second."""


def is_clip(record: GenerationRecord) -> bool:
    """Whether its pictures are frames, and no candidates to choose from."""
    return record.task == Task.ANIMATE


def tells_of_clip(recipe: Recipe) -> bool:
    """Whether these are the settings of a clip of ours, for which the form of pictures has no place."""
    return recipe.extras.get("task") == Task.ANIMATE


def fps_of(record: GenerationRecord) -> int:
    """At how many frames a second it plays."""
    said: Any = record.form.get(FPS)
    return said if isinstance(said, int) and SLOWEST <= said <= FASTEST else USUAL_FPS


def seed_shown(record: GenerationRecord, index: int) -> int | None:
    """The seed of picture `index` of a record: that of the batch plus its number, or the clip's one; None without."""
    seed = record.request.get("seed")
    if not isinstance(seed, int):
        return None
    return seed if is_clip(record) else seed + index
