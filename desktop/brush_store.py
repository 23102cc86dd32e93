"""The brush presets: the shipped ones, what a person made of them, and own ones; kept in a small JSON file."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from canvas.brush import BrushSettings
from canvas.brush_presets import PRESETS, BrushPreset
from canvas.errors import CanvasError
from desktop.preset_files import KIND, VERSION, clean_name, read_preset, replace_file
from desktop.preset_names import translated

log = logging.getLogger(__name__)

OWN = "Own"
"""The group of presets that a person made."""
MOST_OWN = 500
LAST_KEPT = 24
QUICK = 8
SHIPPED = {preset.id: preset for preset in PRESETS}


class BrushStore(QObject):
    """Presets by id. Every change is written at once; the file is replaced whole."""

    changed = Signal()

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """Reads `path` if it is there; a damaged file is said in the log and started anew. None keeps nothing."""
        super().__init__(parent)
        self._path = path
        data = _stored(path)
        self._mine = {preset.id: preset for preset in _presets_of(data.get("presets"), path)}
        self._hidden = set(_names(data.get("hidden")))
        self._favourites = _names(data.get("favourites"))
        self._last = _names(data.get("last"))

    # --- reading

    def presets(self) -> list[BrushPreset]:
        """All that are shown: the shipped ones as they are now, then own ones."""
        shipped = [self._mine.get(name, preset) for name, preset in SHIPPED.items() if name not in self._hidden]
        return shipped + [preset for name, preset in self._mine.items() if name not in SHIPPED]

    def find(self, preset_id: str) -> BrushPreset | None:
        """A preset by its id."""
        return self._mine.get(preset_id) or SHIPPED.get(preset_id)

    def is_own(self, preset_id: str) -> bool:
        """Whether a person made it."""
        return preset_id not in SHIPPED

    def is_altered(self, preset_id: str) -> bool:
        """Whether a shipped preset is not as it was shipped."""
        return preset_id in SHIPPED and preset_id in self._mine

    def is_favourite(self, preset_id: str) -> bool:
        """Whether it stands first in the pop-up palette."""
        return preset_id in self._favourites

    @property
    def has_hidden(self) -> bool:
        """Whether shipped presets were deleted."""
        return bool(self._hidden)

    def quick(self) -> list[BrushPreset]:
        """Eight for the pop-up palette: favourites, then the last ones used, then the first there are."""
        shown = {preset.id: preset for preset in self.presets()}
        order = dict.fromkeys([*self._favourites, *self._last, *shown])
        return [shown[name] for name in order if name in shown][:QUICK]

    # --- changing

    def add(self, name: str, settings: BrushSettings) -> BrushPreset:
        """Keep a brush as a new preset. Raises CanvasError for a bad name or too many."""
        self._refuse_more(1)
        made = BrushPreset(_new_id(), self._free_name(name), OWN, settings)
        self._mine[made.id] = made
        self._write()
        return made

    def add_all(self, presets: Sequence[BrushPreset]) -> list[BrushPreset]:
        """Take presets of a file in as own ones, with free names. Raises CanvasError for too many."""
        self._refuse_more(len(presets))
        added: list[BrushPreset] = []
        for preset in presets:
            made = replace(preset, id=_new_id(), name=self._free_name(preset.name), group=OWN)
            self._mine[made.id] = made
            added.append(made)
        self._write()
        return added

    def overwrite(self, preset_id: str, settings: BrushSettings) -> None:
        """Put other settings into a preset."""
        self._mine[preset_id] = replace(self._known(preset_id), settings=settings)
        self._write()

    def rename(self, preset_id: str, name: str) -> None:
        """Call it differently. Raises CanvasError for a bad name or one that another preset has."""
        known, clean = self._known(preset_id), clean_name(name)
        if clean == shown_name(known):
            return
        if clean in self._shown_names():
            raise CanvasError(_tr("There is already a preset called “{name}”. Choose another name.").format(name=clean))
        self._mine[preset_id] = replace(known, name=clean)
        self._write()

    def delete(self, preset_id: str) -> None:
        """Take it out of the list. A shipped one can be brought back by `restore`."""
        self._known(preset_id)
        self._mine.pop(preset_id, None)
        if preset_id in SHIPPED:
            self._hidden.add(preset_id)
        self._favourites = [name for name in self._favourites if name != preset_id]
        self._last = [name for name in self._last if name != preset_id]
        self._write()

    def reset(self, preset_id: str) -> None:
        """Make a shipped preset what it was."""
        if self.is_altered(preset_id):
            del self._mine[preset_id]
            self._write()

    def restore(self) -> None:
        """Bring every shipped preset back as it was; own ones stay."""
        self._hidden.clear()
        self._mine = {name: preset for name, preset in self._mine.items() if name not in SHIPPED}
        self._write()

    def set_favourite(self, preset_id: str, on: bool) -> None:
        """Put it first in the pop-up palette, or no longer."""
        others = [name for name in self._favourites if name != preset_id]
        self._favourites = [*others, preset_id] if on else others
        self._write()

    def used(self, preset_id: str) -> None:
        """It was taken in hand."""
        if self._last[:1] != [preset_id]:
            self._last = [preset_id, *(name for name in self._last if name != preset_id)][:LAST_KEPT]
            self._write()

    # --- inside

    def _known(self, preset_id: str) -> BrushPreset:
        found = self.find(preset_id)
        if found is None:
            raise CanvasError(_tr("This preset is no longer there."))
        return found

    def _refuse_more(self, count: int) -> None:
        if len(self._mine) + count > MOST_OWN:
            raise CanvasError(
                _tr("There can be at most {count} presets of your own. Delete some first.").format(count=MOST_OWN)
            )

    def _shown_names(self) -> set[str]:
        return {shown_name(preset) for preset in self.presets()}

    def _free_name(self, name: str) -> str:
        """The name, with a number behind it where another preset has it."""
        clean, taken = clean_name(name), self._shown_names()
        if clean not in taken:
            return clean
        return next(made for n in range(2, MOST_OWN + len(SHIPPED) + 3) if (made := f"{clean} {n}") not in taken)

    def _write(self) -> None:
        """A disk that refuses is noted in the log; what is in memory stays usable."""
        if self._path is not None:
            data = {
                "kind": KIND,
                "version": VERSION,
                "presets": [preset.to_dict() for preset in self._mine.values()],
                "hidden": sorted(self._hidden),
                "favourites": self._favourites,
                "last": self._last,
            }
            try:
                replace_file(self._path, json.dumps(data, ensure_ascii=False, indent=1))
            except OSError as error:
                log.warning("The brush presets could not be written to %s: %s", self._path, error)
        self.changed.emit()


def shown_name(preset: BrushPreset) -> str:
    """Its name; those of shipped presets in the present language."""
    shipped = SHIPPED.get(preset.id)
    if shipped is not None and shipped.name == preset.name:
        return translated(preset.name)
    return preset.name


def _tr(text: str) -> str:
    return QCoreApplication.translate("presets", text)


def _new_id() -> str:
    return f"own-{uuid.uuid4().hex[:12]}"


def _stored(path: Path | None) -> Mapping[str, Any]:
    if path is None or not path.exists():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            return data
        reason: object = "it holds no table"
    except (OSError, ValueError, RecursionError) as error:
        reason = error
    log.warning("The brush presets in %s cannot be read and start anew: %s", path, reason)
    return {}


def _presets_of(entries: object, path: Path | None) -> list[BrushPreset]:
    """The presets that make sense; the others are said in the log."""
    found: list[BrushPreset] = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            preset = read_preset(entry)
        except CanvasError as error:
            log.warning("A brush preset in %s is left out: %s", path, error)
            continue
        found.append(preset)
    return found


def _names(value: object) -> list[str]:
    return list(dict.fromkeys(name for name in value if isinstance(name, str))) if isinstance(value, list) else []
