"""Which model a word on the command line means."""

from __future__ import annotations

import os
from collections.abc import Collection

from pipelines.commands.errors import InputError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.library.registry import Library


def find_named(library: Library, wanted: str, kinds: Collection[ModelKind]) -> ModelInfo:
    """The model of that path or id, else the one in the library that has that name; one of these `kinds` goes first.

    It may be of another kind. Raises InputError or ModelError.
    """
    if os.path.lexists(wanted):
        return library.resolve(wanted)
    everything = [info for info in library.models(frozenset(ModelKind)) if wanted in {info.id, info.name}]
    named = [info for info in everything if info.kind in kinds] or everything
    if len(named) > 1:
        paths = ", ".join(info.path for info in named)
        raise InputError(f"Several models are called {wanted}: {paths}. Give the path of one of them.")
    return library.resolve(named[0].id if named else wanted)
