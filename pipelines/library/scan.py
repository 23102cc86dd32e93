"""Finds models in folders, in place: nothing is moved, copied or opened here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.library.details import names_beside

INDEX_NAME = "model_index.json"
"""What makes a folder a diffusers folder."""
MAX_DEPTH = 8
"""Folders below a library folder that are looked into."""
MAX_ENTRIES = 200_000
"""Where a scan stops: such a folder is somebody's whole disk, not a model library."""
MODEL_SUFFIXES = frozenset({".safetensors", ".sft", ".gguf", ".ckpt", ".pth", ".pt", ".bin"})
_PART_WEIGHTS = re.compile(r"(diffusion_pytorch_model|model|pytorch_model)(\.\w+)?(-\d+-of-\d+)?\.(safetensors|bin)")
"""Weights of a single part in a folder of its own, beside its config.json."""
_HUB_PREFIX = "models--"
"""Beginning of a repository's folder in a Hugging Face cache."""


class Sighting(NamedTuple):
    """A model file or folder, and what lies beside it."""

    path: Path
    beside: tuple[str, ...] = ()
    """Names of the small files that tell something about it."""


def find_models(folders: Sequence[Path]) -> Iterator[Path]:
    """The paths of `sight_models`."""
    return (sighting.path for sighting in sight_models(folders))


def sight_models(folders: Sequence[Path], visited: dict[str, int] | None = None) -> Iterator[Sighting]:
    """Each file with a model's suffix, each diffusers folder and folder of one part, once; follows links, not loops.
    One of `folders` may be a model file itself.

    Diffusers folders are not looked into, hidden folders and unreadable ones are left out. Of a repository in a Hugging
    Face cache only the revisions that a branch points at are given. `visited` is filled with every folder looked into
    and its time of change, 0 for one that is not there.
    """
    seen: set[tuple[int, int]] = set()
    visited = {} if visited is None else visited
    budget = MAX_ENTRIES
    waiting = [(Path(os.path.abspath(folder)), 0) for folder in reversed(folders)]  # noqa: PTH100 - keeps links' names
    while waiting and budget > 0:
        folder, depth = waiting.pop()
        if depth == 0 and folder.suffix.lower() in MODEL_SUFFIXES and folder.is_file():
            visited[str(folder)] = folder.stat().st_mtime_ns
            beside = tuple(name for name in names_beside(folder.name) if folder.with_name(name).is_file())
            yield Sighting(folder, beside)
            continue
        entries = _entries(folder, seen, visited)
        budget -= len(entries)
        names = {entry.name for entry in entries}
        if INDEX_NAME in names or ("config.json" in names and any(map(_PART_WEIGHTS.fullmatch, names))):
            yield Sighting(folder)
            continue
        if folder.name.startswith(_HUB_PREFIX) and "snapshots" in names:
            waiting.extend((revision, depth + 1) for revision in reversed(hub_revisions(folder)))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                if depth < MAX_DEPTH:
                    waiting.append((Path(entry.path), depth + 1))
            elif entry.name.rpartition(".")[2].lower() in _ENDINGS:
                yield Sighting(Path(entry.path), tuple(name for name in names_beside(entry.name) if name in names))


_ENDINGS = frozenset(suffix[1:] for suffix in MODEL_SUFFIXES)


def hub_revisions(repository: Path) -> list[Path]:
    """The snapshots of a repository in a Hugging Face cache that its branches point at; all where none is named."""
    snapshots = repository / "snapshots"
    revisions: list[Path] = []
    for branch in sorted(_files(repository / "refs")):
        try:
            revision = branch.read_bytes()[:64].decode("ascii").strip()
        except (OSError, ValueError):
            continue
        if re.fullmatch(r"[0-9A-Za-z]+", revision) and (snapshots / revision).is_dir():
            revisions.append(snapshots / revision)
    return list(dict.fromkeys(revisions)) or sorted(path for path in snapshots.iterdir() if path.is_dir())


def hub_name(path: Path) -> str:
    """The repository's name for a snapshot's folder in a Hugging Face cache, or a folder in it; else empty."""
    for parent in (path, *path.parents):
        if parent.parent.name == "snapshots" and parent.parent.parent.name.startswith(_HUB_PREFIX):
            name = parent.parent.parent.name.removeprefix(_HUB_PREFIX).rpartition("--")[2]
            inner = path.relative_to(parent).as_posix()
            return name if inner == "." else f"{name}/{inner}"
    return ""


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.rglob("*") if path.is_file()]
    except OSError:
        return []


def _entries(folder: Path, seen: set[tuple[int, int]], visited: dict[str, int]) -> list[os.DirEntry[str]]:
    """What the folder holds, in name order; nothing when it was seen before or cannot be read."""
    try:
        status = folder.stat()
        key = (status.st_dev, status.st_ino)
        if status.st_ino and key in seen:
            return []
        seen.add(key)
        visited[str(folder)] = status.st_mtime_ns
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:  # not there now (a drive that is not plugged in), or not ours to read
        visited.setdefault(str(folder), 0)
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
