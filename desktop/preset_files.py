"""Files of brush presets: read with a clear sentence for every way to be wrong, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from canvas.brush_presets import BrushPreset
from canvas.errors import CanvasError
from desktop.spoken import spoken

VERSION = 1
KIND = "handscroll-brush-presets"
SUFFIX = ".json"
MOST_BYTES = 4 << 20
LONGEST_NAME = 60


def write_presets(path: Path, presets: Sequence[BrushPreset]) -> None:
    """Write presets for others, under the names they have here. Raises CanvasError when the disk refuses."""
    data = {"kind": KIND, "version": VERSION, "presets": [preset.to_dict() for preset in presets]}
    try:
        replace_file(path, json.dumps(data, ensure_ascii=False, indent=1))
    except OSError as error:
        reason = spoken(error.strerror or str(error))
        raise CanvasError(
            _tr("The presets could not be written to {path}: {reason}").format(path=path, reason=reason)
        ) from error


def read_presets(path: Path) -> list[BrushPreset]:
    """The presets of a file. Raises CanvasError when it is none, or when one of them makes no sense."""
    made: list[BrushPreset] = []
    for number, entry in enumerate(_entries(path), 1):
        try:
            made.append(read_preset(entry))
        except CanvasError as error:
            raise CanvasError(
                _tr("Preset {number} in {file} cannot be used. {reason}").format(
                    number=number, file=path.name, reason=spoken(str(error))
                )
            ) from error
    return made


def read_preset(entry: object) -> BrushPreset:
    """One stored preset. Raises CanvasError for what is none."""
    made = BrushPreset.from_dict(entry if isinstance(entry, Mapping) else {})
    return replace(made, name=clean_name(made.name))


def clean_name(name: str) -> str:
    """One line without spaces around it. Raises CanvasError when nothing is left or it is too long."""
    clean = " ".join(name.split())
    if not clean:
        raise CanvasError(_tr("A preset needs a name."))
    if len(clean) > LONGEST_NAME:
        raise CanvasError(_tr("A preset's name has at most {count} characters.").format(count=LONGEST_NAME))
    return clean


def replace_file(path: Path, text: str) -> None:
    """Write beside it, then put in its place: it is never half written. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _entries(path: Path) -> Sequence[object]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CanvasError(_tr("{file} is too large to be a file of brush presets.").format(file=path.name))
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = spoken(error.strerror or str(error))
        raise CanvasError(_tr("{file} cannot be read: {reason}").format(file=path.name, reason=reason)) from error
    except (ValueError, RecursionError) as error:
        raise CanvasError(_tr("{file} is not a file of brush presets.").format(file=path.name)) from error
    if not isinstance(data, dict) or data.get("kind") != KIND or not isinstance(data.get("presets"), list):
        raise CanvasError(_tr("{file} is not a file of brush presets.").format(file=path.name))
    if data.get("version") != VERSION:
        raise CanvasError(
            _tr("{file} was written by a newer Handscroll. Update the program to use it.").format(file=path.name)
        )
    if not data["presets"]:
        raise CanvasError(_tr("There are no presets in {file}.").format(file=path.name))
    return data["presets"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("presets", text)
