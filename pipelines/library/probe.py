"""What is this file or folder? Answered from headers and small JSON files; weights are never read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import defaults_of, problem_of
from pipelines.library.folders import INDEX_NAME, identify_folder
from pipelines.library.header import read_header
from pipelines.library.keys import identify, upscaler_layout
from pipelines.library.pickled import read_pickled

STARTER_ID = "starter"
STARTER_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "starter"
PICKLED = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
"""Suffixes of files that are never unpickled here: that would run code that is inside."""


class Stamp(NamedTuple):
    """Changes whenever the file or folder does."""

    size_bytes: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp:
    """Size and newest modification of a file, or of a folder's files two levels deep. Raises OSError."""
    if not path.is_dir():
        status = path.stat()
        return Stamp(status.st_size, status.st_mtime_ns)
    size, newest, waiting = 0, path.stat().st_mtime_ns, [(path, 0)]
    while waiting:
        folder, depth = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir():
                    status = entry.stat(follow_symlinks=entry.is_file())
                    size, newest = size + status.st_size, max(newest, status.st_mtime_ns)
                elif depth == 0:
                    waiting.append((Path(entry.path), depth + 1))
    return Stamp(size, newest)


def probe(path: Path | str, family: Family | None = None) -> ModelInfo:
    """What the model file or diffusers folder at `path` is.

    `family` is what the person says it is and wins over what the file seems to be. Pickled files are never unpickled:
    upscaling models among them are told by the names inside; the others' `problem` says why they cannot be used.
    Raises ModelError when there is nothing at `path` or it is damaged.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 - a symbolic link keeps its own name
    try:
        stamp = stamp_of(path)
    except OSError as error:
        raise ModelError(f"There is no model at {path}: {error.strerror or error}.") from error
    return _with_family(_probe_folder(path, stamp) if path.is_dir() else _probe_file(path, stamp), family)


def damaged(path: Path, stamp: Stamp, sentence: str) -> ModelInfo:
    """The entry of something that `probe` refused, so that the library can show it with the reason."""
    return replace(_blank(path, stamp), problem=sentence)


def _blank(path: Path, stamp: Stamp) -> ModelInfo:
    return ModelInfo(
        id=path.as_posix(),
        name=path.name if path.is_dir() else path.stem,
        path=str(path),
        kind=ModelKind.UNKNOWN,
        family=Family.UNKNOWN,
        size_bytes=stamp.size_bytes,
        modified_ns=stamp.modified_ns,
    )


def _probe_file(path: Path, stamp: Stamp) -> ModelInfo:
    info = _blank(path, stamp)
    suffix = path.suffix.lower()
    if suffix in PICKLED:
        layout, foreign = _pickled_upscaler(path)
        if layout and not foreign:
            return replace(info, kind=ModelKind.UPSCALER, variant=layout)
        if layout:
            sentence = f"{path.name} holds more than weights ({foreign}), and loading it could run code. Do not use it."
            return replace(info, problem=sentence)
        sentence = f"{path.name} is a pickled file, and pickled files can run code. Convert it to safetensors first."
        return replace(info, problem=sentence)
    if suffix != ".safetensors":
        raise ModelError(f"{path.name} is not a model: models are .safetensors files or diffusers folders.")
    found = identify(read_header(path))
    return replace(info, kind=found.kind, family=found.family, variant=found.variant)


def _pickled_upscaler(path: Path) -> tuple[str, str]:
    """The layout of an upscaling network in a pickled file, and what else is in it; empty when it is none."""
    listed = read_pickled(path)
    if listed is None:
        return "", ""
    return upscaler_layout(listed.names), listed.foreign


def _probe_folder(path: Path, stamp: Stamp) -> ModelInfo:
    if not (path / INDEX_NAME).is_file():
        raise ModelError(f"The folder {path.name} is not a model: it has no {INDEX_NAME}.")
    family, variant, fault = identify_folder(path)
    info = replace(_blank(path, stamp), kind=ModelKind.DIFFUSERS, family=family, variant=variant, problem=fault)
    if path.resolve() == STARTER_FOLDER.resolve():
        return replace(info, id=STARTER_ID, name="Starter", family=Family.STARTER)
    return info


def _with_family(info: ModelInfo, said: Family | None) -> ModelInfo:
    kind, family = info.kind, said or info.family
    if info.problem:
        return replace(info, family=family, defaults=defaults_of(family))
    if said is not None and kind is ModelKind.UNKNOWN:
        kind = ModelKind.CHECKPOINT
    problem = problem_of(info.name, kind, family, info.variant)
    return replace(info, kind=kind, family=family, defaults=defaults_of(family), problem=problem)
