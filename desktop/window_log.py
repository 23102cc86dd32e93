"""The window's commands for the log of generations: find, compare, apply, star, note, delete."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from desktop.comparison import Comparison
from desktop.generation.clip_records import is_clip, seed_shown
from desktop.generation.record_pictures import Pick
from desktop.panels.history_rows import Grouping
from desktop.panels.history_words import details_text
from desktop.slots import Handler
from desktop.view.compare_look import CompareMode
from desktop.view.drops import DroppedRecord

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
CLOSEST = 1.0
"""Showing a record never zooms nearer than this."""


class LogCommands:
    """Works on what the history panel has chosen at the moment of the call."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._controller = window, window.controller
        self._panel, self._view = window.history_panel, window.view
        self._document = window.session.document
        self._restore_look()
        self.comparison = Comparison(window.session, window.view, self._panel.pictures, window.slots)
        self.comparison.applied.connect(self._apply_pick)
        self.comparison.changed.connect(self._comparison_changed)
        self._panel.chosenChanged.connect(window.refresh_actions)
        self._panel.chosenChanged.connect(self._compare_chosen)
        self._panel.starWanted.connect(window.slots.wrap(self._star_one))
        self._panel.noteWanted.connect(window.slots.wrap(self._note))
        self._panel.applyWanted.connect(self._apply_pick)
        self._panel.message.connect(window.say)
        window.docks["history"].visibilityChanged.connect(self._panel.seen)
        self._view.recordDropped.connect(window.slots.wrap(self.drop))
        self._panel.switches.groupingChosen.connect(lambda _: self._remember_look())
        self._panel.switches.sizeChanged.connect(self._remember_look)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        found: dict[str, Handler] = {
            "log.search": self.search,
            "log.next": lambda: self.step(1),
            "log.previous": lambda: self.step(-1),
            "log.parent": self.go_to_parent,
            "log.show": self.show,
            "log.scrub": self.scrub,
            "log.apply": self.apply,
            "log.apply-here": self.apply_here,
            "log.use-settings": self.use_settings,
            "log.compare-end": self.comparison.end,
            "log.star": self.star,
            "log.note": self.edit_note,
            "log.copy-prompt": self.copy_prompt,
            "log.copy-seed": self.copy_seed,
            "log.copy-all": self.copy_all,
            "log.delete": self.delete,
            "log.restore": self.restore,
            "log.pictures": self.toggle_pictures,
        }
        for mode in CompareMode:
            found[f"log.compare-{mode}"] = lambda chosen=mode: self.compare(chosen)
        for grouping in Grouping:
            found[f"log.by-{grouping}"] = lambda chosen=grouping: self.group_by(chosen)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        panel = self._panel
        return {
            "log-record": lambda: panel.record() is not None,
            "log-records": lambda: bool(panel.records()),
            "log-picture": lambda: panel.pick() is not None,
            "log-parent": lambda: (record := panel.record()) is not None and bool(record.parent_id),
            "log-comparable": lambda: self._pair() is not None,
            "log-comparing": lambda: self.comparison.overlay is not None,
            "log-deleted": lambda: any(one.annotation.deleted for one in panel.list.chosen_rows()),
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        found: dict[str, Callable[[], bool]] = {"log.pictures": self._panel.switches.large.isChecked}
        for grouping in Grouping:
            found[f"log.by-{grouping}"] = lambda chosen=grouping: self._panel.switches.grouping is chosen
        return found

    def _restore_look(self) -> None:
        """Grouping and size as they were left, in whatever window."""
        look = self._window.program.settings.remembered.history
        if look.get("grouping") in set(Grouping):
            self._panel.group_by(Grouping(look["grouping"]))
        self._panel.switches.large.setChecked(look.get("large") is True)

    def _remember_look(self) -> None:
        switches = self._panel.switches
        look = {"grouping": str(switches.grouping), "large": switches.large.isChecked()}
        self._window.program.settings.remember(history=look)

    # -- finding -----------------------------------------------------------------------------------

    def search(self) -> None:
        """Shows the panel and puts the keyboard into its search line."""
        self._window.show_dock("history")
        self._panel.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._panel.filter.selectAll()

    def step(self, steps: int) -> None:
        """Chooses the next or the one before, and shows it in place."""
        self._window.show_dock("history")
        self._panel.step(steps, focus=self.comparison.overlay is None)

    def go_to_parent(self) -> None:
        """Chooses what this one grew from."""
        record = self._panel.record()
        if record is not None and record.parent_id:
            self._panel.go_to(record.parent_id)

    def show(self) -> None:
        """Moves the view to where it was made; zooms out as far as that needs."""
        record = self._panel.record()
        if record is not None:
            self._show_bounds(record.bounds)

    def _show_bounds(self, bounds: Bounds) -> None:
        camera = self._view.camera
        fitted = camera.fitted(bounds, nearest=max(CLOSEST, camera.zoom))
        self._view.set_camera(replace(fitted, zoom=min(fitted.zoom, max(camera.zoom, CLOSEST))))

    def scrub(self) -> None:
        """Lets a place be scrubbed back in time: the selection, else the frame, else what the pointer is on."""
        self.comparison.end()
        self._window.show_dock("history")
        place, document = self._panel.this_place(), self._document
        if document.selection.is_empty and self._view.underMouse():
            x, y = self._view.cursor_on_canvas()
            pointed = Bounds(math.floor(x), math.floor(y), 1, 1)
            place = place if place.contains(pointed) else pointed
        self._panel.scrub_place(place)

    def group_by(self, grouping: Grouping) -> None:
        """Time, place or tree."""
        self._window.show_dock("history")
        self._panel.group_by(grouping)
        self._remember_look()
        self._window.refresh_actions()

    def toggle_pictures(self) -> None:
        """Large pictures, or rows with words."""
        self._window.show_dock("history")
        self._panel.switches.large.toggle()
        self._window.refresh_actions()

    # -- using again -------------------------------------------------------------------------------

    def apply(self) -> None:
        """The chosen picture as a layer at its old place."""
        pick = self._panel.pick()
        if pick is not None:
            self._apply_pick(pick)

    def _apply_pick(self, pick: Pick) -> None:
        self._panel.look.want(None)
        self._controller.apply_record(pick.record.id, pick.index)

    def apply_here(self) -> None:
        """The chosen picture as a layer in the middle of the selection, else of the frame."""
        pick = self._panel.pick()
        if pick is not None:
            self._panel.look.want(None)
            self._controller.apply_record(pick.record.id, pick.index, self._panel.this_place())

    def drop(self, dropped: DroppedRecord, x: float, y: float) -> None:
        """A picture dragged out of a history becomes a layer around this point. CanvasError for another painting's."""
        if dropped.document_id != self._document.id:
            sentence = translate("LogCommands", "This generation belongs to another painting. Drop it there.")
            raise CanvasError(sentence)
        self._panel.look.want(None)
        self._controller.apply_record(dropped.record_id, dropped.index, Bounds(round(x), round(y), 1, 1))

    def use_settings(self) -> None:
        """Restores the form, the seed and the place."""
        record = self._panel.record()
        if record is not None and is_clip(record):
            self._window.clip_commands.again(record)
        elif record is not None:
            self._controller.reuse(record.id)

    def copy_prompt(self) -> None:
        """Its prompt to the clipboard."""
        record = self._panel.record()
        if record is not None:
            self._copy(str(record.request.get("prompt", "")), translate("LogCommands", "Prompt copied."))

    def copy_seed(self) -> None:
        """The seed of the picture that is shown, to the clipboard: that of the batch plus its number."""
        record = self._panel.record()
        if record is not None:
            seed = seed_shown(record, self._panel.details.index) or 0
            self._copy(str(seed), translate("LogCommands", "Seed {seed} copied.").format(seed=seed))

    def copy_all(self) -> None:
        """Everything known of it to the clipboard."""
        record = self._panel.record()
        if record is not None:
            self._copy(details_text(record), translate("LogCommands", "All parameters copied."))

    def _copy(self, text: str, said: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.note(said)

    # -- what is said of it ------------------------------------------------------------------------

    def star(self) -> None:
        """Stars all chosen, or takes the star off when all have one: one step."""
        log, records = self._document.generations, self._panel.records()
        on = not all(log.annotation(record.id).starred for record in records)
        with self._document.transaction("Star" if on else "Remove star"):
            for record in records:
                self._document.annotate(record.id, starred=on)

    def _star_one(self, record: GenerationRecord) -> None:
        self._document.annotate(record.id, starred=not self._document.generations.annotation(record.id).starred)

    def edit_note(self) -> None:
        """Puts the keyboard into the note."""
        self._window.show_dock("history")
        self._panel.edit_note()

    def _note(self, record_id: str, note: str) -> None:
        self._document.annotate(record_id, note=note)

    def delete(self) -> None:
        """Takes the chosen ones off the history: one step; nothing is lost, so nothing is asked."""
        records = self._panel.records()
        self._mark(records, deleted=True, step="Delete generation")
        count = len(records)
        if count == 1:
            self._window.note(translate("LogCommands", "Deleted. Ctrl+Z brings it back."))
        elif count:
            words = translate("LogCommands", "{count} deleted. Ctrl+Z brings them back.")
            self._window.note(words.format(count=count))

    def restore(self) -> None:
        """Brings the chosen ones back: one step."""
        self._mark(self._panel.records(), deleted=False, step="Bring back generation")

    def _mark(self, records: list[GenerationRecord], deleted: bool, step: str) -> None:
        self._panel.look.want(None)
        if records:
            with self._document.transaction(step):
                for record in records:
                    self._document.annotate(record.id, deleted=deleted)

    # -- comparing ---------------------------------------------------------------------------------

    def _pair(self) -> tuple[Pick | None, Pick] | None:
        """What would be compared: two chosen records, or the canvas and one, or the canvas and a fresh candidate."""
        pair = self._panel.pair()
        if pair is not None:
            return pair
        pick = self._panel.pick()
        if pick is not None:
            return None, pick
        current = self._controller.current
        return (None, Pick(current.record, current.index)) if current is not None else None

    async def compare(self, mode: CompareMode) -> None:
        """Begins a comparison, or goes on with it in another way."""
        pair = self._pair()
        if self.comparison.overlay is not None and self.comparison.pick is not None:
            self.comparison.overlay.set_look(mode=mode, running=True)
        elif pair is not None:
            self._panel.scrub.end()
            self._panel.look.want(None)
            await self.comparison.start(mode, pair[1], pair[0])
            self._bring_into_view(pair[1].record.bounds)

    def _compare_chosen(self) -> None:
        """Another choice in the list while comparing is compared instead."""
        pair, mode = self._pair(), self.comparison.mode
        if mode is not None and pair is not None and pair != self.comparison.picks and self._panel.records():
            self._window.slots.start(self.comparison.start(mode, pair[1], pair[0]))

    def _bring_into_view(self, bounds: Bounds) -> None:
        if self._view.visible_bounds().intersected(bounds).is_empty:
            self._show_bounds(bounds)

    def _comparison_changed(self) -> None:
        """Fresh candidates on show would be part of the canvas that is compared: they step aside."""
        self._controller.hide_candidate(self.comparison.overlay is not None)
        self._panel.look.rest(self.comparison.overlay is not None)
        self._window.refresh_actions()

    def release_document(self) -> None:
        """Stop listening; the window is about to go."""
        self.comparison.release_document()
        self._panel.release_document()
