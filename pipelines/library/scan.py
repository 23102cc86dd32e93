"""Finds models in folders, in place: nothing is moved, copied or opened here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.library.folders import INDEX_NAME

MAX_DEPTH = 8
"""Folders below a library folder that are looked into."""
MAX_ENTRIES = 200_000
"""Where a scan stops: such a folder is somebody's whole disk, not a model library."""
MODEL_SUFFIXES = frozenset({".safetensors", ".ckpt", ".pth"})


def find_models(folders: Sequence[Path]) -> Iterator[Path]:
    """Each *.safetensors, *.ckpt and *.pth file and each diffusers folder, once; follows links, not loops.

    Diffusers folders are not looked into, hidden folders and unreadable ones are left out.
    """
    seen: set[tuple[int, int]] = set()
    budget = MAX_ENTRIES
    waiting = [(Path(os.path.abspath(folder)), 0) for folder in reversed(folders)]  # noqa: PTH100 - keeps links' names
    while waiting and budget > 0:
        folder, depth = waiting.pop()
        entries = _entries(folder, seen)
        budget -= len(entries)
        if any(entry.name == INDEX_NAME for entry in entries):
            yield folder
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                if depth < MAX_DEPTH:
                    waiting.append((Path(entry.path), depth + 1))
            elif Path(entry.name).suffix.lower() in MODEL_SUFFIXES:
                yield Path(entry.path)


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """What the folder holds, in name order; nothing when it was seen before or cannot be read."""
    try:
        status = folder.stat()
        key = (status.st_dev, status.st_ino)
        if status.st_ino and key in seen:
            return []
        seen.add(key)
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []  # not there now (a drive that is not plugged in), or not ours to read


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
