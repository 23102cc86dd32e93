"""The model library: the starter and whatever lies in the person's folders, by id. No network, no weights read."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import platformdirs

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.file_hashes import FileHashes
from pipelines.library.index import Found, Index
from pipelines.library.probe import STARTER_FOLDER, STARTER_ID, Stamp, damaged, probe, stamp_of
from pipelines.library.scan import find_models

OFFERED = GENERATION_KINDS | {ModelKind.UNKNOWN}
"""What `models` lists: models that paint by themselves, and what is unrecognised, with its problem."""


def default_index() -> Path:
    """Where the library is remembered: HANDSCROLL_DATA_DIR, or the system's place for a program's data."""
    folder = os.environ.get("HANDSCROLL_DATA_DIR")
    base = Path(folder) if folder else platformdirs.user_data_path("handscroll", appauthor=False)
    return base / "models.sqlite"


class Library:
    """Models by id: `starter`, or the path in POSIX form. Any thread may call; a scan never blocks `resolve`."""

    def __init__(
        self, folders: Sequence[Path] = (), *, index: Path | None = None, starter: Path | None = STARTER_FOLDER
    ) -> None:
        """Reads nothing yet. `folders` come on top of those remembered in `index`; without it all is in memory only."""
        self._given = [_absolute(folder) for folder in folders]
        self._index = Index(index)
        self._hashes = FileHashes(self._index)
        self._starter_path = starter
        self._starter: ModelInfo | None = None
        self._infos: dict[str, ModelInfo] | None = None
        self._scanning = threading.Lock()

    @property
    def folders(self) -> list[Path]:
        """Every folder that is looked into."""
        return list(dict.fromkeys([*self._given, *self._index.folders()]))

    def models(self, kinds: Collection[ModelKind] = OFFERED) -> list[ModelInfo]:
        """What is there of these kinds: the starter first, then by name. Those with a `problem` cannot be used.

        The first call scans; later ones give what the last `refresh` found.
        """
        infos = self._infos
        if infos is None:
            infos = self._scan()
        found = sorted(
            (info for info in infos.values() if info.kind in kinds), key=lambda info: (info.name.casefold(), info.id)
        )
        starter = self._starter_info()
        return [starter, *found] if starter is not None and starter.kind in kinds else found

    def resolve(self, model_id: str) -> ModelInfo:
        """The model (or LoRA and so on) of that id; a path outside the library's folders will do as well.

        With the hash of its file if that is known by now (`file_hashes`).

        Raises ModelError when it is missing, damaged or cannot be used.
        """
        info = self._known(model_id)
        if info is None or not Path(info.path).exists():
            info = self._probe(model_id)
        if info.problem:
            raise ModelError(info.problem)
        return replace(info, file_hash=self._hashes.of(info))

    def refresh(self) -> list[ModelInfo]:
        """Scans all folders in place and gives `models()`. Files that did not change are not opened again."""
        self._scan()
        return self.models()

    def add_folder(self, path: Path | str) -> None:
        """Adds a folder of models and scans. Raises ModelError when it is no folder."""
        folder = _absolute(path)
        if not folder.is_dir():
            raise ModelError(f"{folder} is not a folder; choose the folder that holds your models.")
        self._index.add_folder(folder)
        self._scan()

    def remove_folder(self, path: Path | str) -> None:
        """Takes a folder out of the library and scans; no file is touched. Unknown ones are ignored."""
        folder = _absolute(path)
        self._given = [given for given in self._given if given != folder]
        self._index.remove_folder(folder)
        self._scan()

    def set_family(self, model_id: str, family: Family | None) -> ModelInfo:
        """The person says what a model is, which wins over what the file seems to be; None takes that back.

        Gives the model as it is now. Raises ModelError when there is nothing under that id.
        """
        if model_id == STARTER_ID:
            raise ModelError("The starter model is what it is; its family cannot be changed.")
        path = _absolute(model_id)
        info = probe(path, family)
        with self._scanning:  # or a scan under way would write back what it read before
            self._index.say(str(path), family)
            self._index.remember({str(path): Found(Stamp(info.size_bytes, info.modified_ns), info)}, gone=())
            if self._infos is not None and info.id in self._infos:
                self._infos = {**self._infos, info.id: info}
        return info

    def _known(self, model_id: str) -> ModelInfo | None:
        if model_id == STARTER_ID:
            return self._starter_info()
        return (self._infos or {}).get(model_id)

    def _probe(self, model_id: str) -> ModelInfo:
        if model_id == STARTER_ID:
            raise ModelError("The starter model is not installed. Install Handscroll again, or choose another model.")
        if not os.path.lexists(model_id):
            raise ModelError(f"There is no model '{model_id}' in the library, and no file or folder of that name.")
        path = _absolute(model_id)
        if self._starter_path is not None and path.resolve() == self._starter_path.resolve():
            return self.resolve(STARTER_ID)
        return probe(path, self._index.said().get(str(path)))

    def _starter_info(self) -> ModelInfo | None:
        if self._starter is None and self._starter_path is not None and self._starter_path.is_dir():
            try:
                info = probe(self._starter_path, Family.STARTER)
            except ModelError as error:
                info = damaged(self._starter_path, stamp_of(self._starter_path), str(error))
                info = replace(info, kind=ModelKind.DIFFUSERS, family=Family.STARTER)
            self._starter = replace(info, id=STARTER_ID, name="Starter")
        return self._starter

    def _scan(self) -> dict[str, ModelInfo]:
        with self._scanning:
            before, said = self._index.found(), self._index.said()
            entries: dict[str, Found] = {}
            for path in find_models(self.folders):
                if self._starter_path is None or path.resolve() != self._starter_path.resolve():
                    found = _look(path, before.get(str(path)), said.get(str(path)))
                    if found is not None:
                        entries[str(path)] = found
            fresh = {path: found for path, found in entries.items() if before.get(path) != found}
            if fresh or before.keys() - entries.keys():
                self._index.remember(fresh, gone=before.keys() - entries.keys())
            self._infos = {found.info.id: found.info for found in entries.values() if _is_offered(found.info)}
            return self._infos


def _is_offered(info: ModelInfo) -> bool:
    """Of .pth files only upscaling models: everything else of the world of torch may lie about under that suffix."""
    return info.kind is not ModelKind.UNKNOWN or Path(info.path).suffix.lower() != ".pth"


def _look(path: Path, before: Found | None, said: Family | None) -> Found | None:
    """What is at `path`, from memory when it did not change; None when it vanished meanwhile."""
    try:
        stamp = stamp_of(path)
    except OSError:
        return None
    if before is not None and before.stamp == stamp:
        return before
    try:
        return Found(stamp, probe(path, said))
    except ModelError as error:
        return Found(stamp, damaged(path, stamp, str(error)))


def _absolute(path: Path | str) -> Path:
    """Absolute without following links: a link's own name is what the person knows."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100
