"""The log of generations as the rows of a list: searched on the reader's thread, page by page, never all at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from canvas.errors import CanvasError
from canvas.generations import Entry, GenerationLog, GenerationRecord, LogQuery, passes
from canvas.project.project import Project
from desktop.naming import named
from desktop.panels.history_rows import Grouping, Row, Shown, Slices, by_time, in_order, local_day
from desktop.panels.history_words import subtitle
from desktop.spoken import spoken
from desktop.view.drops import RECORD_TYPE, DroppedRecord, record_mime

PAGE = 100
SETTLE_MS = 40
SLICE_SECONDS = 0.003
"""Rows are put in order for so long at a time."""
PIECE = 512
AnyIndex = QModelIndex | QPersistentModelIndex


class _Answer:
    """What a search found, made on the reader's thread."""

    def __init__(self, done: Future[tuple[Entry, ...]]) -> None:
        self.shown: list[Shown] = []
        self.problem: str | None = None
        "What the search failed of; it may have no words."
        try:
            self.shown = [Shown(one.record, one.annotation, tuple(sorted(one.kept))) for one in done.result()]
        except (CanvasError, CancelledError) as error:
            self.problem = spoken(str(error))


class HistoryModel(QAbstractListModel):
    """What a query finds, newest first, arranged by a grouping. Asks nothing before `wake`."""

    foundChanged = Signal()
    "Another number of records is known to match, or the rows were arranged anew."
    problem = Signal(str)
    _arrived = Signal(int, object)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyModel")
        self._project = project
        self._log: GenerationLog = project.document.generations
        self.query, self.grouping = LogQuery(), Grouping.TIME
        self.only_deleted = False
        self.arranged = Grouping.TIME
        "The grouping of the rows as they are now; another one may be on its way."
        self.headings = np.zeros(0, np.bool_)
        "Which rows are headings; another array after every change."
        self._all_here = False
        self._shown: list[Shown] = []
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._shift = 0  # rows that came at the top since the places were noted
        self._awake = self._stale = False
        self._number = 0
        self._work: Slices[None] | None = None
        self._changed_meanwhile: set[str] = set()
        self._asked = self._fresh = False
        self._before = ""
        self._wanted = PAGE
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)  # the reader's thread emits
        self._settle = named(QTimer(self), "historySettle", interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(lambda: self.search(keep=True))
        self._go_on = named(QTimer(self), "historyArrange", interval=0, singleShot=True)
        self._go_on.timeout.connect(self._arrange_some)
        self._disconnect = self._log.changed.connect(self._log_changed)

    # -- what is asked -----------------------------------------------------------------------------

    def wake(self) -> None:
        """Somebody looks: search now if that was not done, or if the log changed meanwhile."""
        if not self._awake or self._stale:
            self._awake, self._stale = True, False
            self.search(keep=True)

    def rest(self) -> None:
        """Nobody looks: what happens is only remembered."""
        self._awake, self._stale = False, True
        self._asked = False
        self._number += 1

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self._settle.stop()
        self._break_off()
        self._number += 1
        self._disconnect()

    def set_query(self, query: LogQuery, only_deleted: bool = False) -> None:
        """Looks for something else."""
        if (query, only_deleted) != (self.query, self.only_deleted):
            self.query, self.only_deleted = query, only_deleted
            self.search()

    def set_grouping(self, grouping: Grouping) -> None:
        """Arranges what is here in another way."""
        if grouping is not self.grouping:
            self.grouping = grouping
            self._arrange()

    def search(self, keep: bool = False) -> None:
        """Asks from the newest on; `keep`: for as many as are here now. Later, while nobody looks."""
        if not self._awake:
            self._stale = True
            return
        self._number += 1
        self._fresh = True
        self._wanted = max(PAGE, len(self._shown)) if keep else PAGE
        self._all_here = False
        self._ask(self._wanted, "")

    def canFetchMore(self, parent: AnyIndex) -> bool:
        """Whether older ones may match."""
        if parent.isValid() or not self._awake or self._all_here:
            return False
        return not self._asked and self._work is None and bool(self._shown)

    def fetchMore(self, parent: AnyIndex) -> None:
        """The next page; it comes later."""
        if self.canFetchMore(parent):
            self._wanted = PAGE
            self._ask(PAGE, self._before)

    def _ask(self, limit: int, before: str) -> None:
        self._asked = True
        self._changed_meanwhile.clear()
        number = self._number
        future = self._project.search_entries(self.query, limit, before)
        future.add_done_callback(lambda done: self._arrived.emit(number, _Answer(done)))

    def _take(self, number: int, answer: _Answer) -> None:
        if number != self._number:
            return  # another question was asked meanwhile
        self._asked = False
        if answer.problem is not None:
            self._all_here = True
            self.problem.emit(answer.problem or self.tr("The search was broken off."))
            return
        records = answer.shown
        if self._changed_meanwhile:
            said = self._changed_meanwhile
            records = [self._look_up(one.record) if one.record.id in said else one for one in records]
        found = [one for one in records if one.annotation.deleted or not self.only_deleted]
        self._all_here = len(records) < self._wanted
        if records:
            self._before = records[-1].record.id
        if self._fresh:
            self._fresh = False
            self._shown = found
            self._arrange()
        else:
            self._append([one for one in found if one.record.id not in self._places])
        if not self._all_here and len(found) < len(records) and len(self._shown) < PAGE:
            self._wanted = PAGE
            self._ask(PAGE, self._before)

    def _look_up(self, record: GenerationRecord) -> Shown:
        return Shown(record, self._log.annotation(record.id), self._log.kept(record.id))

    @property
    def complete(self) -> bool:
        """Whether everything that matches is here, in its place."""
        return self._all_here and self._work is None

    def find_record(self, record_id: str, found: Callable[[list[str]], object]) -> None:
        """Fetches pages until a record is here, then calls `found` with its id; gives up at the end of the log."""
        if record_id in self._places:
            found([record_id])
            return

        def look() -> None:
            if record_id in self._places or (self.complete and not self._asked):
                self.foundChanged.disconnect(look)
                found([record_id])
            else:
                self.fetchMore(QModelIndex())

        self.foundChanged.connect(look)

    # -- rows --------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Puts all rows in order anew: at once if that is quick, else bit by bit while the old ones are shown."""
        self._break_off()
        self._work = self._arranging(list(self._shown), self.grouping)
        self._arrange_some()

    def _break_off(self) -> None:
        self._go_on.stop()
        self._work = None

    def _arrange_some(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        work = self._work
        with suppress(StopIteration):
            while work is not None:
                next(work)
                if time.perf_counter() >= until:
                    self._go_on.start()
                    return

    def _arranging(self, shown: Sequence[Shown], grouping: Grouping) -> Slices[None]:
        rows = yield from in_order(shown, grouping)
        places: dict[str, int] = {}
        headings = np.zeros(len(rows), np.bool_)
        for start in range(0, len(rows), PIECE):
            _note_places(rows, start, min(start + PIECE, len(rows)), places)
            headings[start : start + PIECE] = [row.heading for row in rows[start : start + PIECE]]
            yield
        self.arranged = grouping
        self.beginResetModel()
        self._rows, self._places, self._shift, self.headings = rows, places, 0, headings
        self._work = None
        self.endResetModel()
        self.foundChanged.emit()

    def _append(self, found: Sequence[Shown]) -> None:
        last = local_day(self._shown[-1].record) if self._shown else None
        self._shown.extend(found)
        if self._work is not None or self.grouping is not Grouping.TIME:
            self._arrange()
            return
        self._insert(len(self._rows), by_time(found, last))
        self.foundChanged.emit()

    def _prepend(self, one: Shown) -> None:
        self._shown.insert(0, one)
        if self._work is not None or self.grouping is not Grouping.TIME:
            self._arrange()
            return
        same_day = len(self._shown) > 1 and local_day(self._shown[1].record) == local_day(one.record)
        self._insert(*((1, [Row(shown=one)]) if same_day else (0, by_time([one]))))
        self.foundChanged.emit()

    def _insert(self, at: int, rows: list[Row]) -> None:
        """Rows that come at the end, or over the first record."""
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self.headings = np.insert(self.headings, at, [row.heading for row in rows])
        if at <= 1:
            self._shift += len(rows)
        places: dict[str, int] = {}
        _note_places(self._rows, at, at + len(rows), places)
        self._places.update((record_id, number - self._shift) for record_id, number in places.items())
        self.endInsertRows()

    def _log_changed(self, record_id: str) -> None:
        if not self._awake:
            self._stale = True
            return
        self._changed_meanwhile.add(record_id)
        one = self._look_up(self._log.get(record_id))
        fits = passes(self.query, one.entry) and (one.annotation.deleted or not self.only_deleted)
        row = self.row_of(record_id)
        if row is not None and fits:
            self._replace(row, one)
            if self._work is not None:
                self._settle.start()  # the rows on their way do not know it yet
        elif row is None and fits and not self._asked and self._work is None and self._is_newest(one):
            self._prepend(one)
        elif row is not None or fits:
            self._settle.start()

    def _is_newest(self, one: Shown) -> bool:
        if not self._shown:
            return self.complete
        return one.record.created >= self._shown[0].record.created

    def _replace(self, number: int, one: Shown) -> None:
        self._rows[number] = self._rows[number]._replace(shown=one)
        place = next((i for i, old in enumerate(self._shown) if old.record.id == one.record.id), None)
        if place is not None:
            self._shown[place] = one
        index = self.index(number)
        self.dataChanged.emit(index, index)

    # -- what views and panels ask -----------------------------------------------------------------

    @property
    def found(self) -> int:
        """Records that match and are here."""
        return len(self._places)

    @property
    def records(self) -> tuple[GenerationRecord, ...]:
        """Those records, newest first."""
        return tuple(one.record for one in self._shown)

    def row_of(self, record_id: str) -> int | None:
        """Where a record stands; None if it is not here."""
        place = self._places.get(record_id)
        return None if place is None else place + self._shift

    def row(self, number: int) -> Row:
        """One row."""
        return self._rows[number]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Headings and records."""
        return 0 if parent.isValid() else len(self._rows)

    def mimeTypes(self) -> list[str]:
        """What a drag out of the list is."""
        return [RECORD_TYPE]

    def supportedDragActions(self) -> Qt.DropAction:
        """A drag takes nothing away."""
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The first dragged record with a picture: where it is dropped it becomes a layer."""
        shown = [self._rows[index.row()].shown for index in indexes]
        found = next((one for one in shown if one is not None and one.record.candidates), None)
        if found is None:
            return QMimeData()
        index = found.kept[0] if found.kept else 0
        return record_mime(DroppedRecord(self._project.document.id, found.record.id, index))

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Records can be chosen and dragged; headings only stand there."""
        if not index.isValid() or self._rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, and its words for screen readers and keyboard search."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.heading or row.shown is None:
                return " ".join(part for part in (row.title, row.detail) if part)
            return str(row.shown.record.request.get("prompt", ""))
        if role == Qt.ItemDataRole.ToolTipRole and row.shown is not None and not row.heading:
            record = row.shown.record
            lines = (str(record.request.get("prompt", "")), subtitle(record, with_day=True), row.shown.annotation.note)
            return "\n".join(line for line in lines if line)
        return None


def _note_places(rows: Sequence[Row], start: int, stop: int, places: dict[str, int]) -> None:
    for number in range(start, stop):
        row = rows[number]
        if row.shown is not None and not row.heading:
            places[row.shown.record.id] = number
