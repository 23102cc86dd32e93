"""The models of the library as the rows of a list, and what of them is asked for. 2 000 of them cost a millisecond."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl

from desktop.spoken import spoken
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import named_family
from pipelines.library.probe import STARTER_ID

AnyIndex = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
"""The role under which a row gives its Entry."""


@dataclass(frozen=True)
class Entry:
    """One model and what the person said about it."""

    info: ModelInfo
    tags: tuple[str, ...] = ()
    folder: str = ""
    """The folder of the library that it was found in; empty for the starter."""
    searched: str = ""
    """All words it is found by, in small letters."""


@dataclass(frozen=True)
class Asked:
    """What is asked for; the default is everything. Within a set one is enough, all sets must hold."""

    words: str = ""
    kinds: frozenset[ModelKind] = frozenset()
    families: frozenset[Family] = frozenset()
    folders: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    problems: bool = False
    """Only what cannot be used."""

    def passes(self, entry: Entry, words: Sequence[str]) -> bool:
        """Whether an entry is asked for; `words` are those of `words`, each in small letters."""
        info = entry.info
        return (
            (not self.kinds or info.kind in self.kinds)
            and (not self.families or named_family(info) in self.families)
            and (not self.folders or entry.folder in self.folders)
            and (not self.tags or not self.tags.isdisjoint(entry.tags))
            and (not self.problems or bool(info.problem))
            and all(word in entry.searched for word in words)
        )

    def chosen(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of `entries` that are asked for, in their order."""
        words = self.words.casefold().split()
        return [entry for entry in entries if self.passes(entry, words)]


@dataclass(frozen=True)
class Counts:
    """How many models there are of each sort."""

    kinds: Mapping[ModelKind, int]
    families: Mapping[Family, int]
    folders: Mapping[str, int]
    tags: Mapping[str, int]
    problems: int


def entries_of(
    infos: Iterable[ModelInfo], tags: Mapping[str, tuple[str, ...]], folders: Sequence[Path],
    word: Callable[[ModelInfo], str],
) -> list[Entry]:  # fmt: skip
    """The rows; `word` gives what else a model is found by. Any thread."""
    places = sorted((str(folder) for folder in folders), key=len, reverse=True)  # the innermost first
    found: list[Entry] = []
    for info in infos:
        own = tags.get(info.path, ())
        folder = next((place for place in places if _is_in(info.path, place)), "")
        sort = (named_family(info) or "", str(info.kind), info.variant)
        parts = (info.name, Path(info.path).name, *sort, word(info), *own)
        found.append(Entry(info, own, folder, "\n".join(parts).casefold()))
    return sorted(found, key=lambda entry: (entry.info.id != STARTER_ID, in_order(entry.info.name)))


def in_order(name: str) -> list[tuple[int, str]]:
    """A key by which people put names in order: 2 before 10, whatever the case."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(name.casefold())]


_NUMBER = re.compile(r"(\d{1,18})")


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith((folder + "/", folder + "\\"))


def counted(entries: Sequence[Entry]) -> Counts:
    """How many there are of each sort."""
    return Counts(
        Counter(entry.info.kind for entry in entries),
        Counter(family for entry in entries if (family := named_family(entry.info)) is not None),
        Counter(entry.folder for entry in entries if entry.folder),
        Counter(tag for entry in entries for tag in entry.tags),
        sum(bool(entry.info.problem) for entry in entries),
    )


@dataclass(frozen=True)
class Seen:
    """One look at the library."""

    entries: list[Entry]
    counts: Counts
    folders: list[str]
    asked: Asked
    """What was asked for when it was looked at."""
    shown: list[Entry]
    """Those of the entries that were asked for."""


_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class ModelEntries(QAbstractListModel):
    """Those of all entries that are asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelEntries")
        self.all: list[Entry] = []
        self.shown: list[Entry] = []
        self._rows: dict[str, int] = {}
        self._entries: dict[str, Entry] = {}
        self.is_in_use: Callable[[str], bool] = lambda _: False
        """Whether the model of an id is chosen in the prompt panel."""

    def take(self, seen: Seen) -> None:
        """These are there now."""
        self.all = seen.entries
        self._entries = {entry.info.id: entry for entry in seen.entries}
        self.show(seen.shown)

    def show(self, shown: list[Entry]) -> None:
        """Shows these of all entries."""
        if len(shown) != len(self.shown) or any(map(operator.is_not, shown, self.shown)):
            self.beginResetModel()
            self.shown = shown
            self._rows = {entry.info.id: row for row, entry in enumerate(shown)}
            self.endResetModel()

    def row_of(self, model_id: str) -> int:
        """The row of a model, -1 when it is not shown."""
        return self._rows.get(model_id, -1)

    def neighbour_of(self, model_id: str) -> str:
        """The model behind one, or before it when it is the last; empty where there is none."""
        row = self.row_of(model_id)
        near = [*self.shown[row + 1 : row + 2], *self.shown[max(row - 1, 0) : row]] if row >= 0 else []
        return near[0].info.id if near else ""

    def entry_of(self, model_id: str) -> Entry | None:
        """The entry of a model, shown or not."""
        return self._entries.get(model_id)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Rows; entries have no children."""
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The entry, its name, and a tool tip."""
        if not index.isValid():
            return None
        entry = self.shown[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.info.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (entry.info.path, spoken(entry.info.problem))))
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Rows can be dragged, as files."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """As what a drag leaves."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(self.shown[index.row()].info.path) for index in indexes])
        return mime
