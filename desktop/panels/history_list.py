"""The list of the history panel: rows or a grid, one or many chosen, hovered, starred by a click, dragged away.

Qt lays a list view out row by row and anew after every change, which takes longer than a frame when there are
thousands; this one knows where its rows are (`RowLayout`) and draws those that are seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from canvas.generations import GenerationRecord
from desktop.panels.history_delegate import STAR, HistoryDelegate, RowSize, RowState
from desktop.panels.history_layout import RowLayout
from desktop.panels.history_model import HistoryModel
from desktop.panels.history_rows import Row, Shown
from desktop.panels.history_thumbnails import Thumbnails

AnyIndex = QModelIndex | QPersistentModelIndex
Moves = QAbstractItemView.CursorAction
SINGLE_STEP = 24
"""Logical pixels that a turn of the wheel moves, times the lines that the system asks for."""
EMPTY_MARGINS = (16, 8, -16, -8)
"""Around the words that stand where nothing is listed."""
STEPS = {Moves.MoveLeft: -1, Moves.MovePrevious: -1, Moves.MoveRight: 1, Moves.MoveNext: 1}


class RowsView(QListView):
    """A list view that lays itself out by arithmetic; what rows look like is its delegate's business."""

    def __init__(self, model: HistoryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = model
        self.thumbnails = Thumbnails(self)
        self.delegate = HistoryDelegate(self, self.thumbnails)
        self._layout: RowLayout | None = None
        self._pointer: QPoint | None = None
        self.empty_words = ""
        """What is said when nothing is listed."""
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # widths must not change while laying out
        self.thumbnails.ready.connect(self.viewport().update)

    # -- places ------------------------------------------------------------------------------------

    @property
    def places(self) -> RowLayout:
        """Where the rows are."""
        if self._layout is None or self._layout.headings is not self.rows.headings:
            self._layout = RowLayout(self.rows.headings, self.delegate.sizes(self.viewport().width()))
        return self._layout

    def doItemsLayout(self) -> None:
        """Takes the places from the rows as they are now."""
        self._layout = None
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Lets the bar reach to the end of the list."""
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(SINGLE_STEP)
        bar.setPageStep(page)
        bar.setRange(0, max(self.places.height - page, 0))
        QAbstractItemView.updateGeometries(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are as wide as the list."""
        self._layout = None
        QAbstractItemView.resizeEvent(self, event)
        self.scheduleDelayedItemsLayout()

    def horizontalOffset(self) -> int:
        """There is nothing beside it."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled."""
        return self.verticalScrollBar().value()

    def visualRect(self, index: AnyIndex) -> QRect:
        """Where a row is in the viewport."""
        if not index.isValid() or index.row() >= self.rows.rowCount():
            return QRect()
        return self.places.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row under a point of the viewport."""
        number = self.places.at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if number is None else self.rows.index(number)

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Brings a row into sight."""
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        rect, bar, page = self.places.rect(index.row()), self.verticalScrollBar(), self.viewport().height()
        at_bottom = rect.bottom() + 1 - page
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                bar.setValue(rect.top())
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                bar.setValue(at_bottom)
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                bar.setValue((rect.top() + at_bottom) // 2)
            case _:
                bar.setValue(min(max(bar.value(), at_bottom), rect.top()))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Moves what is there and draws the rest; what the pointer is on changes."""
        self._update_pointed()
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)
        self._update_pointed()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The record that a key leads to; headings are stepped over."""
        del modifiers
        places, count, now = self.places, self.rows.rowCount(), self.currentIndex()
        if not now.isValid():
            number = places.record(0, 1)
        elif action in (Moves.MoveHome, Moves.MoveEnd):
            number = places.record(0, 1) if action is Moves.MoveHome else places.record(count - 1, -1)
        elif action in STEPS:
            number = places.record(now.row() + STEPS[action], STEPS[action])
        else:
            number = self._further(places.rect(now.row()), action)
        return now if number is None else self.rows.index(number)

    def _further(self, rect: QRect, action: QAbstractItemView.CursorAction) -> int | None:
        page = max(self.viewport().height() - rect.height(), rect.height())
        last = self.places.height - 1
        y, step = {
            Moves.MoveUp: (rect.top() - 1, -1),
            Moves.MoveDown: (rect.bottom() + 1, 1),
            Moves.MovePageUp: (max(rect.top() - page, 0), 1),
            Moves.MovePageDown: (min(rect.bottom() + page, last), -1),
        }[action]
        return self.places.nearest(rect.center().x(), y, step)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Chooses what a rectangle of the viewport touches."""
        area = rect.normalized().translated(0, self.verticalOffset())
        selection = QItemSelection()
        for number in self.places.between(area.top(), area.bottom() + 1):
            if self.places.rect(number).intersects(area):
                index = self.rows.index(number)
                selection.merge(QItemSelection(index, index), QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """The part of the viewport that these rows fill."""
        region, offset, page = QRegion(), self.verticalOffset(), self.viewport().height()
        seen = self.places.between(offset, offset + page)
        for number in seen:
            if any(part.top() <= number <= part.bottom() for part in ranges(selection)):
                region += self.places.rect(number).translated(0, -offset)
        return region

    # -- looks -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the rows that are seen."""
        offset, dirty = self.verticalOffset(), event.rect()
        selection = self.selectionModel()
        pointed = self._pointed()
        with QPainter(self.viewport()) as painter:
            if self.empty_words and not self.rows.rowCount():
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                room = self.viewport().rect().adjusted(*EMPTY_MARGINS)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_words)
            self.delegate.begin(painter)
            for number in self.places.between(dirty.top() + offset, dirty.bottom() + 1 + offset):
                rect = self.places.rect(number).translated(0, -offset)
                if event.region().intersects(rect):
                    chosen = selection.isRowSelected(number, QModelIndex())
                    state = RowState(chosen, hovered=number == pointed, first=number == 0)
                    self.delegate.draw(painter, QRectF(rect), self.rows.row(number), state)

    def _pointed(self) -> int | None:
        at = self._pointer
        return None if at is None else self.places.at(at.x(), at.y() + self.verticalOffset())

    def _update_pointed(self) -> None:
        number = self._pointed()
        if number is not None:
            self.viewport().update(self.places.rect(number).translated(0, -self.verticalOffset()))

    def point(self, at: QPoint | None) -> None:
        """Draws the row under the pointer as such."""
        before = self._pointed()
        self._update_pointed()
        self._pointer = at
        if self._pointed() != before:
            self._update_pointed()


def ranges(selection: QItemSelection) -> list[QItemSelectionRange]:
    """What a selection consists of."""
    return [selection.at(number) for number in range(selection.count())]


class HistoryList(RowsView):
    """Knows rows only; what they mean is the panel's business."""

    hovered = Signal(object)
    "The GenerationRecord under the pointer, or None."
    starClicked = Signal(object)
    "The record whose star was clicked."
    chosenChanged = Signal()

    def __init__(self, model: HistoryModel, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.setObjectName("historyList")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self._chosen: list[Shown] | None = None
        self._kept_ids: list[str] = []
        self._kept_scroll = 0
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        for signal in (model.rowsInserted, model.dataChanged):
            signal.connect(self._forget_chosen)
        self.selectionModel().selectionChanged.connect(lambda *_: self._choice_changed())
        self.arrange(RowSize.WORDS)

    # -- looks -------------------------------------------------------------------------------------

    def arrange(self, size: RowSize) -> None:
        """Another size of rows."""
        self.delegate.size = size
        self._layout = None
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # -- what is chosen ----------------------------------------------------------------------------

    def _forget_chosen(self) -> None:
        self._chosen = None

    def _choice_changed(self) -> None:
        self._chosen = None
        self.chosenChanged.emit()

    def _chosen_numbers(self) -> list[int]:
        selection = self.selectionModel().selection()
        rows = {number for part in ranges(selection) for number in range(part.top(), part.bottom() + 1)}
        return sorted(number for number in rows if not self.rows.row(number).heading)

    def chosen(self) -> list[GenerationRecord]:
        """The records that are chosen, in the order in which they stand."""
        return [one.record for one in self.chosen_rows()]

    def chosen_rows(self) -> list[Shown]:
        """Those records with what is said of them."""
        if self._chosen is None:
            found = [self.rows.row(number).shown for number in self._chosen_numbers()]
            self._chosen = [one for one in found if one is not None]
        return self._chosen

    def choose(self, ids: Sequence[str], scroll: bool = True) -> None:
        """Chooses these records, as far as they are here."""
        places = [number for one in ids if (number := self.rows.row_of(one)) is not None]
        selection = QItemSelection()
        for first, last in runs(places):
            selection.append(QItemSelectionRange(self.rows.index(first), self.rows.index(last)))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            current = self.rows.index(places[-1])
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            if scroll:
                self.scrollTo(current)

    def reveal(self) -> None:
        """Scrolls to what is chosen, if that is one record."""
        rows = self._chosen_numbers()
        if len(rows) == 1:
            self.scrollTo(self.rows.index(rows[0]))

    def choose_next(self, steps: int) -> None:
        """The record so many rows further down; the first one when none is chosen."""
        now = self._chosen_numbers()
        number = self.places.record(now[-1] if now else 0, 1)
        for _ in range(abs(steps) if now else 0):
            step = 1 if steps > 0 else -1
            further = None if number is None else self.places.record(number + step, step)
            number = number if further is None else further
        shown = None if number is None else self.rows.row(number).shown
        if shown is not None:
            self.choose([shown.record.id])

    def _remember(self) -> None:
        self.delegate.grouping = self.rows.arranged
        self._kept_ids = [record.id for record in self.chosen()]
        self._kept_scroll = self.verticalScrollBar().value()

    def _restore(self) -> None:
        self._chosen = None
        self.choose(self._kept_ids, scroll=False)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self._kept_scroll)
        self.chosenChanged.emit()

    # -- pointer -----------------------------------------------------------------------------------

    def row_at(self, at: QPoint) -> Row | None:
        """The record's row under a point of the viewport."""
        index = self.indexAt(at)
        row = self.rows.row(index.row()) if index.isValid() else None
        return None if row is None or row.heading else row

    def _on_star(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        middle = self.delegate.star_place(QRectF(self.visualRect(index)))
        return (middle - at.toPointF()).manhattanLength() <= STAR * 0.75

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the star is for the star."""
        at = event.position().toPoint()
        row = self.row_at(at)
        if row is not None and row.shown is not None and self._on_star(at):
            if event.button() == Qt.MouseButton.LeftButton:
                self.starClicked.emit(row.shown.record)
                return
        elif row is None and event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self.clearSelection()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tells what the pointer is on."""
        self.point(event.position().toPoint())
        super().mouseMoveEvent(event)
        if not event.buttons():
            row = self.row_at(event.position().toPoint())
            self.hovered.emit(row.shown.record if row is not None and row.shown is not None else None)

    def viewportEvent(self, event: QEvent) -> bool:
        """Nothing is hovered once the pointer has left."""
        if event.type() == QEvent.Type.Leave:
            self.point(None)
            self.hovered.emit(None)
        return super().viewportEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What the keys had shown goes."""
        super().focusOutEvent(event)
        self.hovered.emit(None)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of every unbroken run of these numbers, in rising order."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
