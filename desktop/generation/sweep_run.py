"""Painting a sweep: one cell after the other, shown on the canvas beside everything, kept as layers or dropped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.layers import GroupLayer
from canvas.pixels import from_rgba
from desktop.gathering import gather
from desktop.generation.capture import Capture, Region, Terms, draw_seed, find_region, freeze, parent_of
from desktop.generation.controller import CLOSE_SECONDS, GenerationController
from desktop.generation.controls import gather_guides
from desktop.generation.errand import Errand
from desktop.generation.form import GenerationSettings
from desktop.generation.laying import paint_layer
from desktop.generation.modes import Mode
from desktop.generation.sweep import Cell, Sweep
from desktop.generation.sweep_grid import Grid, draw_labels, ink_on, place_grid, shown
from desktop.generation.sweep_values import SweepError
from desktop.spoken import spoken
from pipelines.contract.errors import JobCancelled, PipelineError
from pipelines.contract.events import Preview
from pipelines.planning.sizes import limits_of

MOST_PIXELS = 100_000_000
"""Of all cells together: what is on show is held in memory."""
GIVE_UP = 2
"""So many cells in a row that fail end it: the next ones would, too."""


class SweepState(StrEnum):
    """What a sweep is at."""

    NONE = "none"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    """Everything is painted that will be; it waits for a decision."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep with the place it is about."""

    sweep: Sweep
    grid: Grid
    regions: Mapping[Cell, Region]
    settings: Mapping[Cell, GenerationSettings]
    flat: NDArray[np.uint8] | None
    """(h, w, 4) straight RGBA of the region, where the model is shown what is there."""
    typed_mode: Mode | None = None
    """The mode that was insisted on when it was asked for."""

    def capture(self, cell: Cell) -> Capture:
        """What one cell asks for; any thread. Raises InvalidRequestError."""
        region, settings = self.regions[cell], self.settings[cell]
        flat = None if self.flat is None or not region.needs_pixels else self.flat.copy()
        captured = freeze(region, flat, settings)
        return replace(captured, form={**captured.form, "mode": self.typed_mode and str(self.typed_mode)})


async def plan_sweep(controller: GenerationController, sweep: Sweep, base: GenerationSettings, mode: Mode) -> Plan:
    """The same place, seed and surroundings for every cell. Raises SweepError and what `find_region` raises."""
    session, form = controller.session, controller.form
    document, compositor = session.document, session.compositor
    seed = draw_seed() if base.random_seed else base.seed
    varied = base.variation_seed if base.variation_strength else draw_seed()
    base = replace(base, mode=mode, seed=seed, variation_seed=varied, random_seed=False)
    models = {info.id: limits_of(info) for info in form.models}
    typed_mode = controller.form.settings.mode
    context = controller.context_override if mode.uses_selection else None
    terms = Terms(context=context, wording=form.wording)

    def terms_for(settings: GenerationSettings, around: Bounds | None) -> Terms:
        return replace(terms, limits=models.get(settings.model, terms.limits), context=around)

    first = find_region(document, compositor, base, terms_for(base, context))
    settings = {cell: sweep.settings(base, mode, cell, first.rim) for cell in sweep.cells()}
    around = first.bounds
    for one in settings.values():  # every cell is of the same size: that of the one that needs most
        around = around.united(find_region(document, compositor, one, terms_for(one, context)).bounds)
    if not first.selection.is_empty:
        around = find_region(document, compositor, base, terms_for(base, around)).bounds  # with sides as models want
    _check_size(sweep, around)
    parent = await asyncio.to_thread(parent_of, document.generations, around)
    regions: dict[Cell, Region] = {}
    for cell, one in settings.items():
        region = find_region(document, compositor, one, terms_for(one, None if first.selection.is_empty else around))
        regions[cell] = replace(region, parent_id=parent)
    flat = await gather(document, compositor, around) if first.needs_pixels else None
    if mode.uses_prompt:
        for bounds in {region.bounds for region in regions.values()}:
            guides = await gather_guides(document, compositor, bounds)
            same = {cell: region for cell, region in regions.items() if region.bounds == bounds}
            regions.update({cell: replace(region, guides=guides) for cell, region in same.items()})
    return Plan(sweep, place_grid(sweep, document.content_bounds(), around), regions, settings, flat, typed_mode)


def _check_size(sweep: Sweep, region: Bounds) -> None:
    pixels = sweep.columns * sweep.rows * region.width * region.height
    if pixels > MOST_PIXELS:
        sentence = QCoreApplication.translate(
            "sweep",
            "{columns} × {rows} pictures of {width} × {height} pixels are too large to be shown at once. "
            "Leave values out, or make the frame or the selection smaller.",
        )
        raise SweepError(
            sentence.format(columns=sweep.columns, rows=sweep.rows, width=region.width, height=region.height)
        )


class SweepRun(QObject):
    """One sweep of a painting at a time. Every cell is in the file and the log before it is shown."""

    changed = Signal()
    """State, progress, pictures or the chosen cell."""
    message = Signal(str)
    """A sentence for the banner."""

    def __init__(self, controller: GenerationController) -> None:
        super().__init__(controller)
        self._controller, self._session = controller, controller.session
        self._view = controller.view
        self._errand = Errand(self._session, controller.router, self)
        self._errand.progressed.connect(self._progressed)
        self._errand.previewed.connect(self._previewed)
        self.state = SweepState.NONE
        self.plan: Plan | None = None
        self.records: dict[Cell, GenerationRecord] = {}
        self.failures: dict[Cell, str] = {}
        self.running: Cell | None = None
        """The cell that is being painted."""
        self.fraction = 0.0
        """0..1 of that cell."""
        self.chosen: Cell | None = None
        self._images: dict[Cell, QImage] = {}
        self._labels: list[tuple[Bounds, QImage]] = []
        self._task: asyncio.Task[None] | None = None
        self._began = 0.0
        self._durations: list[float] = []
        self._keeping = False

    # --- figures

    @property
    def is_open(self) -> bool:
        """Whether a grid is on the canvas."""
        return self.state is not SweepState.NONE

    @property
    def is_painting(self) -> bool:
        """Whether cells are being painted, the last one maybe."""
        return self.state in (SweepState.RUNNING, SweepState.STOPPING)

    @property
    def can_cancel(self) -> bool:
        """Whether there is something to call off."""
        return self.state is SweepState.RUNNING

    @property
    def is_done(self) -> bool:
        """Whether it waits for a decision."""
        return self.state is SweepState.DONE

    @property
    def total(self) -> int:
        """How many cells there are."""
        return 0 if self.plan is None else self.plan.sweep.columns * self.plan.sweep.rows

    @property
    def painted(self) -> int:
        """How many are done."""
        return len(self._images)

    @property
    def overall(self) -> float:
        """0..1 of everything."""
        done = len(self._images) + len(self.failures)
        return min(1.0, (done + self.fraction) / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest takes; None before that can be said."""
        typical = sum(self._durations) / len(self._durations) if self._durations else None
        if typical is None and self.fraction > 0.25:
            typical = (time.monotonic() - self._began) / self.fraction
        if typical is None:
            return None
        return typical * max(0.0, self.total - len(self._durations) - self.fraction)

    # --- commands

    def start(self, plan: Plan) -> None:
        """Puts the empty grid on the canvas and begins; one that was there goes (the log has its pictures)."""
        if self.state in (SweepState.RUNNING, SweepState.STOPPING):
            raise SweepError(self.tr("A sweep is being painted. Wait for it, or cancel it."))
        self.drop()
        self.plan, self.state = plan, SweepState.RUNNING
        self._durations = []
        self._labels = draw_labels(plan.sweep, plan.grid, ink_on(self._session.compositor.paper))
        for number, (bounds, image) in enumerate(self._labels):
            self._view.set_preview(bounds, image, key=("sweep label", number))
        self.changed.emit()
        self._task = asyncio.get_running_loop().create_task(self._run(plan), name="sweep")

    def cancel(self) -> None:
        """Paints no more; what is done stays."""
        if self.state is SweepState.RUNNING:
            self.state = SweepState.STOPPING
            self._errand.cancel()
            self.changed.emit()

    def drop(self) -> None:
        """Takes the grid off the canvas; the log keeps its pictures."""
        if self.plan is None or self.state in (SweepState.RUNNING, SweepState.STOPPING):
            return
        for cell in self.plan.sweep.cells():
            self._view.set_preview(self.plan.grid.cell(cell), None, key=("sweep", cell))
        for number, (bounds, _) in enumerate(self._labels):
            self._view.set_preview(bounds, None, key=("sweep label", number))
        self._images, self._labels, self.records, self.failures = {}, [], {}, {}
        self.plan, self.chosen, self.state = None, None, SweepState.NONE
        self.changed.emit()

    async def keep(self) -> None:
        """The whole grid as a group with a layer of the pictures and one of the words: one undo step."""
        plan = self.plan
        if plan is None or self.state is not SweepState.DONE or self._keeping:
            return
        self._keeping = True
        try:
            places = [(plan.grid.cell(cell), image) for cell, image in self._images.items()]
            pictures = await paint_layer(self.tr("Pictures"), places)
            labels = await paint_layer(self.tr("Labels"), self._labels)
        finally:
            self._keeping = False
        if self.plan is not plan:  # dropped meanwhile
            return
        document = self._session.document
        group = GroupLayer(self.tr("Sweep of {count}").format(count=len(places)))
        with document.transaction("Keep sweep"):
            document.add_layer(group)
            document.add_layer(pictures, group)
            document.add_layer(labels, group)
        document.active = pictures
        self.drop()

    def choose(self, cell: Cell | None) -> None:
        """Takes a cell in hand; only finished ones can be."""
        chosen = cell if cell in self._images else None
        if chosen != self.chosen:
            self.chosen = chosen
            self.changed.emit()

    def step(self, across: int, down: int) -> None:
        """Takes the next finished cell in that direction in hand."""
        if self.plan is None:
            return
        sweep, at = self.plan.sweep, self.chosen
        if at is None:
            self.choose(next((cell for cell in sweep.cells() if cell in self._images), None))
            return
        for _ in range(max(sweep.columns, sweep.rows)):
            at = Cell((at.column + across) % sweep.columns, (at.row + down) % sweep.rows)
            if at in self._images:
                self.choose(at)
                return

    def settings_of(self, cell: Cell) -> GenerationSettings | None:
        """What a cell was painted with, its seed included."""
        return self.plan.settings.get(cell) if self.plan is not None else None

    def words_of(self, cell: Cell) -> str:
        """The labels of a cell's column and row."""
        if self.plan is None:
            return ""
        axes = ((self.plan.sweep.across, cell.column), (self.plan.sweep.down, cell.row))
        return " · ".join(axis.values[place].label for axis, place in axes if axis is not None)

    async def close(self) -> None:
        """Stops painting and waits, a little, until the last log entry is written."""
        self.cancel()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSE_SECONDS)
            self._task.cancel()  # an engine that does not answer must not keep the window open

    # --- the run

    async def _run(self, plan: Plan) -> None:
        failed_in_a_row = 0
        try:
            for number, cell in enumerate(plan.sweep.cells()):
                if self.state is not SweepState.RUNNING:
                    break
                try:
                    await self._paint(plan, cell, number)
                    failed_in_a_row = 0
                except JobCancelled:
                    if self.state is not SweepState.STOPPING:  # this one job was taken back, in the queue panel
                        self.state = SweepState.STOPPING
                    break
                except (PipelineError, CanvasError) as error:
                    self.failures[cell] = spoken(str(error))
                    failed_in_a_row += 1
                    self._say_failure(cell, error)
                    if failed_in_a_row >= GIVE_UP:
                        break
        finally:
            self._rest(plan)

    def _say_failure(self, cell: Cell, error: Exception) -> None:
        self.message.emit(self.tr("{words}: {reason}").format(words=self.words_of(cell), reason=spoken(str(error))))

    def _rest(self, plan: Plan) -> None:
        if self.running is not None:
            self._view.set_preview(plan.grid.cell(self.running), None, key="sweep running")
        self.running, self.fraction, self.state = None, 0.0, SweepState.DONE
        if not self._images:
            self.drop()
            return
        self.changed.emit()

    async def _paint(self, plan: Plan, cell: Cell, number: int) -> None:
        self.running, self.fraction, self._began = cell, 0.0, time.monotonic()
        self.changed.emit()
        captured = await asyncio.to_thread(plan.capture, cell)
        title = self.tr("{title} ({number} of {count})").format(
            title=self._session.title, number=number + 1, count=self.total
        )
        if self.state is not SweepState.RUNNING:
            raise JobCancelled(self.tr("Cancelled."))
        painted = await self._errand.paint(captured, title)
        picture = await asyncio.to_thread(shown, plan.flat, painted.patches[0])
        bounds, image = plan.grid.cell(cell), from_rgba(picture)
        self._view.set_preview(bounds, None, key="sweep running")
        self._view.set_preview(bounds, image, key=("sweep", cell))
        self._images[cell], self.records[cell] = image, painted.record
        self._durations.append(time.monotonic() - self._began)
        self.running, self.fraction = None, 0.0
        self.changed.emit()

    def _progressed(self, part: float) -> None:
        self.fraction = part
        self.changed.emit()

    def _previewed(self, event: Preview) -> None:
        if self.plan is not None and self.running is not None:
            self._view.set_preview(self.plan.grid.cell(self.running), from_rgba(event.image), key="sweep running")
