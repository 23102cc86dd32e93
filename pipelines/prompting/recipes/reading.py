"""Which program made this picture, and with which settings? Every reader is asked in turn."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.prompting.recipes import a1111, comfyui, fooocus, invokeai, novelai, ours
from pipelines.prompting.recipes.recipe import MAX_TEXT, Recipe

_READERS = (ours, novelai, invokeai, fooocus, a1111, comfyui)
"""Those with marks of their own first; text that many programs write after them."""


def read_recipe(chunks: Mapping[str, str]) -> Recipe | None:
    """The settings in a picture's texts (PNG text, EXIF comment, XMP), by name; None when there are none.

    Texts of more than 1 MiB are not looked at. Whatever they hold, nothing is raised and nothing takes long.
    """
    for reader in _READERS:
        recipe = reader.parse(chunks)
        if recipe is not None:
            return recipe
    return None


def read_pasted(text: str) -> Recipe | None:
    """The settings in a text that somebody pasted: lines of parameters, or the JSON of any program we know."""
    if len(text) > MAX_TEXT or not ("Steps:" in text or text.lstrip().startswith("{")):
        return None
    return read_recipe({"parameters": text, "prompt": text, "workflow": text})
