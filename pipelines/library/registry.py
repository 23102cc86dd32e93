"""The model library: the starter and whatever lies in the person's folders, by id. No network, no weights read."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Companion, Family, ModelInfo, ModelKind
from pipelines.library.details import EMBEDDED, ModelDetails, picture_in
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.file_hashes import FileHashes
from pipelines.library.index import Found, Index
from pipelines.library.looking import is_offered, look, look_again, moved
from pipelines.library.probe import STARTER_FOLDER, STARTER_ID, damaged, probe, stamp_of
from pipelines.library.said import Said
from pipelines.library.scan import MODEL_SUFFIXES, Sighting, sight_models

if TYPE_CHECKING:
    from pipelines.library.layouts import Layout
    from pipelines.library.verifying import Verdict
    from pipelines.library.watching import Watch

OFFERED = GENERATION_KINDS | {ModelKind.UNKNOWN}
"""What `models` lists: models that paint by themselves, and what is unrecognised, with its problem."""
_MAX_PICTURE_BYTES = 32_000_000
_MAX_OWN_PICTURE = 4_000_000


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
        self._found: dict[str, Found] = {}
        self._visited: dict[str, int] = {}
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

    def watch(self, changed: Callable[[], None], every: float = 3.0) -> Watch:
        """Looks every few seconds whether a folder or a file changed; then scans and calls `changed`, on a thread.

        Ends with `Watch.stop`.
        """
        from pipelines.library.watching import Known, Watch

        self.models()

        def known() -> Known:
            with self._scanning:  # both of the same scan
                return Known(self._visited, {path: found.stamp for path, found in self._found.items()})

        def scan() -> None:
            self._scan()
            changed()

        return Watch(known, scan, every)

    def hash_everything(self) -> None:
        """Works out what is not known yet of the files' SHA-256 in the background, gently; goes on after a restart."""
        self._hashes.queue(self.models(frozenset(ModelKind)))

    def layout_of(self, path: Path | str) -> Layout:
        """Whose model folder it is and where its models lie. Raises ModelError when it cannot be read."""
        from pipelines.library.layouts import layout_of

        return layout_of(_absolute(path))

    def add_folder(self, path: Path | str) -> None:
        """Adds a folder of models, another program's folder with its models in it, or one model file, and scans.

        Raises ModelError when it is no folder, no model file and no list of folders.
        """
        from pipelines.library.layouts import EXTRA_PATHS, layout_of

        folder = _absolute(path)
        is_file = folder.suffix.lower() in MODEL_SUFFIXES and folder.is_file()
        if not folder.is_dir() and not is_file and folder.name.lower() not in EXTRA_PATHS:
            raise ModelError(f"{folder} is not a folder; choose the folder that holds your models.")
        layout_of(folder)  # says what is wrong with a list before it is remembered
        self._index.add_folder(folder)
        self._scan()

    def remove_folder(self, path: Path | str) -> None:
        """Takes a folder out of the library and scans; no file is touched. Unknown ones are ignored."""
        folder = _absolute(path)
        self._given = [given for given in self._given if given != folder]
        self._index.remove_folder(folder)
        self._scan()

    def say(self, model_id: str, said: Said) -> ModelInfo:
        """The person says what a model is, which wins over what the file seems to be; an empty `said` takes it back.

        Gives the model as it is now. Raises ModelError when there is nothing under that id.
        """
        if model_id == STARTER_ID:
            raise ModelError("The starter model is what it is; that cannot be changed.")
        path = _absolute(model_id)
        with self._scanning:  # or a scan under way would write back what it read before
            found = look(_sighting(path), said)
            self._index.say(str(path), said)
            if found.info.id in (self._infos or {}):
                kept = self._found.get(str(path), found)
                found = found._replace(beside=kept.beside)
                self._index.remember({str(path): found}, gone=())
                self._found = {**self._found, str(path): found}
                self._infos = self._paired()
                return self._infos.get(found.info.id, found.info)
        return self._with_companions(found, said)

    def said(self, model_id: str) -> Said:
        """What the person said it is."""
        return self._index.said().get(str(_absolute(model_id)), Said())

    def set_family(self, model_id: str, family: Family | None) -> ModelInfo:
        """Says the family alone; None takes that back."""
        return self.say(model_id, replace(self.said(model_id), family=family))

    def choose_companion(self, model_id: str, part: str, path: Path | str | None) -> ModelInfo:
        """The person chooses the file that serves as `part` of a model; None leaves it to the library again."""
        said = self.said(model_id)
        others = tuple(companion for companion in said.companions if companion.part != part)
        chosen = () if path is None else (Companion(part, str(_absolute(path))),)
        return self.say(model_id, replace(said, companions=others + chosen))

    def details(self, model_id: str) -> ModelDetails:
        """Everything worth knowing about a model: its words, picture, licence, the person's notes."""
        info = self._known(model_id) or self._starter_or_probe(model_id)
        found = self._found.get(info.path)
        details = found.details if found is not None else look(_sighting(Path(info.path)), Said()).details
        note, tags = self._index.note_of(info.path)
        return replace(details, note=note or details.note, tags=tags, file_hash=self._hashes.known(info))

    def thumbnail(self, model_id: str) -> bytes:
        """A picture of what the model makes, as the bytes of an image file; empty when there is none."""
        details, path = self.details(model_id), Path(self._starter_or_probe(model_id).path)
        if chosen := self._index.picture_of(str(path)):
            return chosen
        if details.thumbnail == EMBEDDED:
            from pipelines.library.header import read_notes

            return picture_in(read_notes(path))
        picture = Path(details.thumbnail) if details.thumbnail else None
        try:
            is_fit = picture is not None and picture.stat().st_size <= _MAX_PICTURE_BYTES
            return picture.read_bytes() if picture is not None and is_fit else b""
        except OSError:
            return b""

    def set_thumbnail(self, model_id: str, picture: bytes) -> None:
        """Remembers the person's picture for a model, the bytes of an image file; empty ones take it back.

        Nothing is written beside the model. Raises ModelError for more than a few megabytes.
        """
        if len(picture) > _MAX_OWN_PICTURE:
            raise ModelError("The picture is too large for a thumbnail; make it smaller first.")
        self._index.take_picture(self._starter_or_probe(model_id).path, picture)

    def has_own_thumbnail(self, model_id: str) -> bool:
        """Whether the person chose the model's picture."""
        return bool(self._index.picture_of(self._starter_or_probe(model_id).path))

    def verify(
        self,
        model_id: str,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Verdict:
        """Reads every byte of a model and compares its SHA-256 with all that is known of it. For a thread.

        `progress` is told bytes read and bytes in all. Raises ModelError when it cannot be read; JobCancelled.
        """
        from pipelines.library.verifying import Witness, verify

        info = self._known(model_id) or self._starter_or_probe(model_id)
        verdict = verify(info, self._hashes.known(info), progress, is_cancelled)
        if Witness.BEFORE not in verdict.differs:
            self._hashes.remember(info, verdict.file_hash)
        return verdict

    def set_note(self, model_id: str, note: str) -> None:
        """Remembers the person's note about a model."""
        path = self._starter_or_probe(model_id).path
        self._index.take_note(path, note.strip(), self._index.note_of(path)[1])

    def set_tags(self, model_id: str, tags: Iterable[str]) -> None:
        """Remembers the person's tags for a model; each once, without line breaks."""
        path = self._starter_or_probe(model_id).path
        cleaned = dict.fromkeys(" ".join(tag.split()) for tag in tags)
        self._index.take_note(path, self._index.note_of(path)[0], [tag for tag in cleaned if tag])

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """Path -> the person's tags, for every model that has some."""
        return self._index.tags()

    def words(self) -> Mapping[str, str]:
        """Path -> what else a model is found by: its title, its base, its trigger words. From memory."""
        told = {path: found.details for path, found in self._found.items()}
        return {path: " ".join((one.title, one.base, *one.trigger_words)) for path, one in told.items()}

    def partners(self, model_id: str) -> list[ModelInfo]:
        """What can be used together with a model: add-ons of its family for a painter, painters for an add-on."""
        from pipelines.library.companions import PARTNERS

        info = self._known(model_id) or self._starter_or_probe(model_id)
        wanted = PARTNERS if info.kind in GENERATION_KINDS else GENERATION_KINDS
        family = info.family
        return [
            other
            for other in self.models(wanted)
            if not other.problem and other.id != info.id and family is not Family.UNKNOWN and other.family is family
        ]

    def _known(self, model_id: str) -> ModelInfo | None:
        if model_id == STARTER_ID:
            return self._starter_info()
        return (self._infos or {}).get(model_id)

    def _starter_or_probe(self, model_id: str) -> ModelInfo:
        return self._known(model_id) or self._probe(model_id)

    def _probe(self, model_id: str) -> ModelInfo:
        if model_id == STARTER_ID:
            raise ModelError("The starter model is not installed. Install Handscroll again, or choose another model.")
        if not os.path.lexists(model_id):
            raise ModelError(
                f"There is no model '{model_id}' in the library, and no file or folder of that name. Choose another "
                "model, or put it back."
            )
        path = _absolute(model_id)
        if self._starter_path is not None and path.resolve() == self._starter_path.resolve():
            return self.resolve(STARTER_ID)
        said = self._index.said().get(str(path), Said())
        return self._with_companions(look(Sighting(path), said), said)

    def _with_companions(self, found: Found, said: Said) -> ModelInfo:
        """Of something outside the library, or seen before the first scan."""
        from pipelines.library.companions import paired, wants_companions

        if self._infos is None and wants_companions(found):
            self._scan()
        path = found.info.path
        return paired({**self._found, path: found}, {path: said}, only=path)[found.info.id]

    def _starter_info(self) -> ModelInfo | None:
        if self._starter is None and self._starter_path is not None and self._starter_path.is_dir():
            try:
                info = probe(self._starter_path, Said(family=Family.STARTER))
            except ModelError as error:
                info = damaged(self._starter_path, stamp_of(self._starter_path), str(error))
                info = replace(info, kind=ModelKind.DIFFUSERS, family=Family.STARTER)
            self._starter = replace(info, id=STARTER_ID, name="Starter")
        return self._starter

    def _scan(self) -> dict[str, ModelInfo]:
        with self._scanning:
            before, said = self._index.found(), self._index.said()
            entries: dict[str, Found] = {}
            visited: dict[str, int] = {}
            for sighting in sight_models(self._places(), visited):
                path = str(sighting.path)
                if not self._is_starter(sighting.path):
                    found = look_again(sighting, before.get(path), said.get(path, Said()))
                    if found is not None:
                        entries[path] = found
            gone = before.keys() - entries.keys()
            fresh = {path: found for path, found in entries.items() if before.get(path) != found}
            for old, new in moved({path: before[path] for path in gone}, fresh).items():
                self._index.move(old, new)
                if saying := said.get(old):
                    fresh[new] = entries[new] = look_again(Sighting(Path(new)), None, saying) or entries[new]
            if fresh or gone:
                self._index.remember(fresh, gone)
            self._found, self._visited = entries, visited
            self._infos = self._paired()
            return self._infos

    def _is_starter(self, path: Path) -> bool:
        is_file = path.suffix.lower() in MODEL_SUFFIXES  # asking the disk about every file takes long
        return not is_file and self._starter_path is not None and path.resolve() == self._starter_path.resolve()

    def _paired(self) -> dict[str, ModelInfo]:
        from pipelines.library.companions import paired  # the window starts without

        infos = paired(self._found, self._index.said())
        return {name: info for name, info in infos.items() if is_offered(info.kind, info.path)}

    def _places(self) -> list[Path]:
        from pipelines.library.layouts import layout_of  # the window starts without

        places: list[Path] = []
        for folder in self.folders:
            try:
                places += layout_of(folder).folders
            except ModelError:  # a list that was damaged since it was added; its folder still counts
                places += [folder] if folder.is_dir() else []
        return list(dict.fromkeys(places))


def _sighting(path: Path) -> Sighting:
    """A path outside of any scan, with what lies beside it."""
    from pipelines.library.details import names_beside

    return Sighting(path, tuple(name for name in names_beside(path.name) if path.with_name(name).is_file()))


def _absolute(path: Path | str) -> Path:
    """Absolute without following links: a link's own name is what the person knows."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100
