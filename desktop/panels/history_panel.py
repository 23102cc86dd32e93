"""The history panel: every generation of this painting, to be found, looked at, compared and used again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from desktop.generation.clip_records import is_clip
from desktop.generation.controller import GenerationController
from desktop.generation.record_look import RecordLook
from desktop.generation.record_pictures import Pick, RecordPictures
from desktop.naming import named
from desktop.panels.history_delegate import RowSize
from desktop.panels.history_details import HistoryDetails
from desktop.panels.history_filters import ROOMY, HistoryFilters
from desktop.panels.history_foot import HistoryFoot
from desktop.panels.history_glyphs import history_glyph
from desktop.panels.history_list import HistoryList
from desktop.panels.history_model import HistoryModel
from desktop.panels.history_rows import Grouping, local_day
from desktop.panels.history_scrub import HistoryScrub
from desktop.panels.history_switches import HistorySwitches
from desktop.slots import Slots

NO_LIMIT = 16777215  # Qt's QWIDGETSIZE_MAX
LOWEST_LIST = 56
LIST_KEYS = {
    Qt.Key.Key_Return: "log.apply",
    Qt.Key.Key_Enter: "log.apply",
    Qt.Key.Key_Delete: "log.delete",
}
"""What keys do while the list has the keyboard."""


class HistoryPanel(QWidget):
    """Search, list, details and what can be done with a record."""

    chosenChanged = Signal()
    "Other records are chosen."
    starWanted = Signal(object)
    "A record whose star was clicked."
    noteWanted = Signal(str, str)
    applyWanted = Signal(object)
    "A Pick that becomes a layer at its old place."
    playWanted = Signal(object)
    "The record of a clip."
    message = Signal(str)

    def __init__(self, controller: GenerationController, slots: Slots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        session = controller.session
        self._document, self._view = session.document, controller.view
        self._step_waits = False
        self._wake = named(QTimer(self), "historyWake", interval=0, singleShot=True)
        self._reveal = named(QTimer(self), "historyReveal", interval=0, singleShot=True)
        self.pictures = RecordPictures(session.project)
        self.look = RecordLook(controller.view, self.pictures, slots)
        self.model = HistoryModel(session.project, self)
        self.filters = HistoryFilters(self.this_place, lambda: [m.id for m in controller.form.models], self)
        self.filter = self.filters.search
        self.switches = HistorySwitches(self)
        self.list = HistoryList(self.model, self)
        self.details = HistoryDetails(session.document.generations, self)
        self.foot = HistoryFoot(self)
        self.scrub = HistoryScrub(session.project, self.pictures, self.look, self)
        self._lay_out()
        self._connect()
        self.dress()
        self.retranslate()
        self._chosen()

    def _lay_out(self) -> None:
        self.below = named(QWidget(self), "historyBelow")
        below = QVBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.details, 1)
        below.addWidget(self.foot)
        self.splitter = named(QSplitter(Qt.Orientation.Vertical, self), "historySplitter", childrenCollapsible=False)
        for part, stretch in ((self.list, 3), (self.below, 2)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.indexOf(part), stretch)
        self.list.setMinimumHeight(LOWEST_LIST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.filters)
        layout.addWidget(self.switches)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.scrub)

    def _connect(self) -> None:
        model, shown = self.model, self.list
        self._wake.timeout.connect(model.wake)  # not at once: docks are shown for a moment before they are tabs
        self._reveal.timeout.connect(self.list.reveal)  # once the details have taken their room
        self.filters.changed.connect(self._filter)
        self.switches.groupingChosen.connect(self.group_by)
        self.switches.sizeChanged.connect(self._arrange)
        model.foundChanged.connect(self._found)
        model.problem.connect(self.message)
        model.dataChanged.connect(lambda *_: self._refresh_details())
        shown.hovered.connect(self._hovered)
        shown.starClicked.connect(self.starWanted)
        shown.chosenChanged.connect(self._chosen)
        shown.doubleClicked.connect(lambda _: self._apply())
        shown.customContextMenuRequested.connect(self._open_menu)
        shown.installEventFilter(self)
        self.filter.installEventFilter(self)
        self.details.noted.connect(self.noteWanted)
        self.details.recordWanted.connect(self.go_to)
        self.details.candidateChanged.connect(lambda _: self._candidate_changed())
        self.look.problem.connect(self.message)
        self.foot.detailsToggled.connect(self._share_room)
        self.scrub.ended.connect(self._share_room)
        self.scrub.problem.connect(self.message)
        self.scrub.applied.connect(self.applyWanted)

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes the window's actions for its buttons, its menu and its keys."""
        self.foot.use_actions(actions)

    # -- what is asked for -------------------------------------------------------------------------

    def this_place(self) -> Bounds:
        """The selection, else the frame, else what the window shows."""
        document = self._document
        if not document.selection.is_empty:
            return document.selection.bounds
        return self._view.visible_bounds() if document.frame.is_empty else document.frame

    def _filter(self) -> None:
        self.model.set_query(self.filters.query(), self.filters.only_deleted)

    def group_by(self, grouping: Grouping) -> None:
        """Time, place or tree."""
        self.switches.groups[grouping].setChecked(True)
        self.model.set_grouping(grouping)

    def _arrange(self) -> None:
        large = self.switches.large.isChecked()
        self.list.arrange(RowSize.PICTURES if large else RowSize.WORDS)

    def go_to(self, record_id: str) -> None:
        """Chooses a record; for one that is not listed the list begins with its day, without other filters."""
        if self.model.row_of(record_id) is None:
            log = self._document.generations
            self.filters.clear()
            self.filters.chips["deleted"].setChecked(log.annotation(record_id).deleted)
            self.filters.set_days(None, local_day(log.get(record_id)))
            self.model.find_record(record_id, self.list.choose)
            return
        self.list.choose([record_id])

    def step(self, steps: int, focus: bool = True) -> None:
        """Chooses the next record or the one before and shows it in place; the first one as soon as there is one."""
        if focus:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.model.found:
            self.list.choose_next(steps)
            self.show_in_place()
        elif not self.model.complete:
            self._step_waits = True

    def _found(self) -> None:
        nothing = self.tr("Nothing was found.") if self.filters.narrows else self.tr("What you generate appears here.")
        self.list.empty_words = nothing if self.model.complete else ""
        self._show_count()
        if self._step_waits and self.model.found:
            self._step_waits = False
            self.step(0)

    # -- what is chosen ----------------------------------------------------------------------------

    def records(self) -> list[GenerationRecord]:
        """The chosen records in the order of the list."""
        return self.list.chosen()

    def record(self) -> GenerationRecord | None:
        """The one chosen record; None when there are none or several."""
        records = self.records()
        return records[0] if len(records) == 1 else None

    def pick(self) -> Pick | None:
        """The picture that is meant: of the one chosen record, the candidate that its details show."""
        record = self.record()
        return Pick(record, self.details.index) if record is not None and record.candidates else None

    def best_of(self, record: GenerationRecord) -> Pick:
        """The first picture that was kept, else the first one."""
        kept = self._document.generations.kept(record.id)
        return Pick(record, kept[0] if kept else 0)

    def pair(self) -> tuple[Pick, Pick] | None:
        """Older and newer of exactly two chosen records with pictures."""
        records = self.records()
        if len(records) != 2 or not all(record.candidates for record in records):
            return None
        older, newer = sorted(records, key=lambda record: record.created)
        return self.best_of(older), self.best_of(newer)

    def _chosen(self) -> None:
        records = self.records()
        alone = len(records) == 1
        self.details.show_record(records[0] if alone else None)
        self._share_room()
        self._show_count()
        self._reveal.start()
        self.show_in_place()
        self.chosenChanged.emit()

    def _share_room(self) -> None:
        """List, details and buttons: a low panel shows either the list or the details, a high one both."""
        count = len(self.records())
        details = count == 1 and self.foot.info.isChecked()
        self.below.setVisible(bool(count) and not self.scrub.running)
        self.details.setVisible(details)
        self.below.setMaximumHeight(NO_LIMIT if details else self.foot.sizeHint().height())
        self.list.setVisible(not details or self.scrub.running or self.height() >= ROOMY)

    def _candidate_changed(self) -> None:
        self.show_in_place()
        self.chosenChanged.emit()

    def _refresh_details(self) -> None:
        record = self.record()
        if record is not None:
            self.details.show_record(record)
        self.chosenChanged.emit()

    def _show_count(self) -> None:
        found = f"{self.model.found}{'' if self.model.complete else '+'}"
        words = self.tr("{found} found of {all}") if self.filters.narrows else self.tr("{all} generations")
        total = self._document.generations.count() if self.model.found else 0
        self.switches.show_count(found, len(self.records()), words.format(found=found, all=total))

    # -- in place ----------------------------------------------------------------------------------

    def show_in_place(self) -> None:
        """Shows the chosen picture on the canvas while the keys are in the list."""
        if not self.scrub.running:
            keys = self.list.hasFocus() or self.details.candidate.hasFocus()
            self.look.want(self.pick() if keys else None)

    def _hovered(self, record: GenerationRecord | None) -> None:
        if self.scrub.running:
            return
        chosen = self.pick()
        if record is None:
            self.look.want(None)
        elif chosen is not None and chosen.record.id == record.id:
            self.look.want(chosen)
        else:
            self.look.want(self.best_of(record))

    def scrub_place(self, place: Bounds) -> None:
        """Lets a place be scrubbed back in time; once more ends it."""
        if self.scrub.running:
            self.scrub.end()
        else:
            self.scrub.begin(place)
            self._share_room()

    def edit_note(self) -> None:
        """Puts the keyboard into the note of the chosen record."""
        self.foot.info.setChecked(True)
        self.details.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.details.note.selectAll()

    def _apply(self) -> None:
        pick = self.pick()
        if pick is not None and is_clip(pick.record):
            self.playWanted.emit(pick.record)
        elif pick is not None:
            self.applyWanted.emit(pick)

    def _open_menu(self, at: QPoint) -> None:
        if self.list.row_at(at) is not None:
            self.foot.menu.popup(self.list.viewport().mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter applies the chosen one, Delete deletes, Esc lets it be: while the list has the keys.

        In the search line Esc takes the words away, then gives the keys back to the canvas.
        """
        if isinstance(event, QKeyEvent) and watched in (self.list, self.filter):
            own = self._own_key(watched, event)
            if own is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # else the window's own Delete would clear the layer
                return True
            if own is not None and event.type() == QEvent.Type.KeyPress:
                own()
                return True
        return super().eventFilter(watched, event)

    def _own_key(self, watched: QObject, event: QKeyEvent) -> Callable[[], object] | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if event.key() == Qt.Key.Key_Escape:
            return self._leave_list if watched is self.list else self._leave_search
        name = LIST_KEYS.get(Qt.Key(event.key())) if watched is self.list else None
        if name == "log.apply":  # as a double click
            return self._apply
        return None if name is None else lambda: self.foot.trigger(name)

    def _leave_list(self) -> None:
        self.list.clearSelection()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_search(self) -> None:
        if self.filter.text():
            self.filter.clear()
        else:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- life --------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low panel keeps its room for the list."""
        super().resizeEvent(event)
        self.filters.make_room(self.height())
        self.foot.make_room(self.height() >= ROOMY)
        self._share_room()

    def seen(self, on: bool) -> None:
        """Only a panel that is seen asks the file; what a hidden one showed on the canvas goes.

        Its dock says so: behind other tabs a panel is hidden and Qt calls it visible all the same.
        """
        if on:
            self._wake.start()
            return
        self._wake.stop()
        self.scrub.end()
        self.look.want(None)
        self.model.rest()

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self.seen(False)
        self.pictures.close()
        self.model.release_document()

    def dress(self) -> None:
        """Draws the icon in the theme's ink."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        self.filters.unfold.setIcon(history_glyph("filter", ink))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language or theme."""
        if hasattr(self, "below"):
            if event.type() == QEvent.Type.LanguageChange:
                self.retranslate()
            elif event.type() == QEvent.Type.PaletteChange:
                self.dress()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.list.setAccessibleName(self.tr("Generations"))
        self._show_count()
