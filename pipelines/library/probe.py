"""What is this file or folder? Answered from headers and small JSON files; weights are never read."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import defaults_of, problem_of
from pipelines.library.said import Said
from pipelines.library.scan import hub_name

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


class Examined(NamedTuple):
    """All that one look at a file tells."""

    info: ModelInfo
    holds: tuple[str, ...] = ()
    """The parts that a single file has in it."""
    metadata: Mapping[str, str] = MappingProxyType({})
    """The notes in its header."""


def probe(path: Path | str, said: Said | None = None) -> ModelInfo:
    """What the model file or folder at `path` is.

    `said` is what the person says it is and wins over what the file seems to be. Pickled files are never unpickled:
    the names inside tell what they are, and but for upscaling models `problem` says that they must be converted first.
    Raises ModelError when there is nothing at `path` or it is damaged.
    """
    return examine(path, said or Said()).info


def examine(path: Path | str, said: Said) -> Examined:
    """The same with everything else that the look told. Raises ModelError as `probe` does."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - a symbolic link keeps its own name
    try:
        stamp = stamp_of(path)
    except OSError as error:
        raise ModelError(f"There is no model at {path}: {error.strerror or error}.") from error
    from pipelines.library import examining  # all the knowledge of names; the window starts without it

    blank = _blank(path, stamp)
    examined = examining.examine_folder(path, blank) if path.is_dir() else examining.examine_file(path, blank)
    return examined._replace(info=_as_said(examined.info, said, examined.holds))


def damaged(path: Path, stamp: Stamp, sentence: str) -> ModelInfo:
    """The entry of something that `probe` refused, so that the library can show it with the reason."""
    return replace(_blank(path, stamp), problem=sentence)


def _blank(path: Path, stamp: Stamp) -> ModelInfo:
    return ModelInfo(
        id=path.as_posix(),
        name=_name_of(path),
        path=str(path),
        kind=ModelKind.UNKNOWN,
        family=Family.UNKNOWN,
        size_bytes=stamp.size_bytes,
        modified_ns=stamp.modified_ns,
    )


def _name_of(path: Path) -> str:
    """What people call it: a folder in a Hugging Face cache is named after a hash."""
    is_folder = path.is_dir()
    if "snapshots" in path.parts and (name := hub_name(path if is_folder else path.with_suffix(""))):
        return name
    return path.name if is_folder else path.stem


def _as_said(info: ModelInfo, said: Said, holds: Collection[str]) -> ModelInfo:
    kind = info.kind if said.kind is None else said.kind
    family = info.family if said.family is None else said.family
    if said.family is not None and kind is ModelKind.UNKNOWN:
        kind = ModelKind.DIFFUSERS if Path(info.path).is_dir() else ModelKind.CHECKPOINT
    variant = info.variant if said.variant is None else said.variant
    info = replace(
        info,
        kind=info.kind if info.problem and said.kind is None else kind,
        family=family,
        variant=variant,
        prediction=info.prediction if said.prediction is None else said.prediction,
        defaults=defaults_of(family, variant),
    )
    return info if info.problem else replace(info, problem=problem_of(info, holds))
