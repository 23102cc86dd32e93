"""The window's commands for variations, sweeps and making larger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from canvas.geometry import Bounds
from desktop.generation.capture import Capture
from desktop.late import Late
from desktop.slots import Handler
from pipelines.contract.errors import InvalidRequestError, JobCancelled
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import LANCZOS, GenerationRequest, Task

if TYPE_CHECKING:
    from desktop.dialogs.sweep import Typed
    from desktop.generation.sweep import Scope, Sweep
    from desktop.generation.sweep_run import SweepRun
    from desktop.generation.upscaling import Enlargement, UpscaleRun
    from desktop.main_window import MainWindow
    from desktop.view.sweep_bar import SweepBar
    from desktop.view.sweep_overlay import SweepOverlay
    from desktop.view.upscale_bar import UpscaleBar
    from pipelines.planning.beside import Worn

translate = QCoreApplication.translate
MEGAPIXEL = 1e6
SLIGHTLY, PLAINLY, STRONGLY = 0.1, 0.25, 0.5
"""How far the noise of a variation is turned."""
STEP = 0.1
"""Of Stronger and Weaker."""


@dataclass(frozen=True)
class _Grid:
    """What a sweep is painted and shown with."""

    run: SweepRun
    overlay: SweepOverlay
    bar: SweepBar


@dataclass(frozen=True)
class _Larger:
    """What makes larger, and its bar."""

    run: UpscaleRun
    bar: UpscaleBar


class SweepCommands:
    """More of a picture, many at once, and larger. Each is made when it is wanted first: many modules."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program, self._view = window, window.program, window.view
        self._controller, self._session = window.controller, window.session
        self._grid, self._larger = Late(self._make_grid), Late(self._make_larger)
        self._program.router.finished.connect(self._learn)
        self._typed: Typed | None = None
        self._wanted: Enlargement | None = None
        self._enlarging: dict[str, float] = {}
        self._state: tuple[object, ...] = ()

    def _make_grid(self) -> _Grid:
        from desktop.generation.sweep_run import SweepRun
        from desktop.view.sweep_bar import SweepBar
        from desktop.view.sweep_overlay import SweepOverlay

        run = SweepRun(self._controller)
        made = _Grid(run, SweepOverlay(self._view, run), SweepBar(self._view, run))
        made.overlay.busy_elsewhere = lambda: self._controller.current is not None
        made.overlay.keepWanted.connect(self.keep_picture)
        made.bar.use_actions(self._window.actions_by_id)
        run.message.connect(self._window.say)
        run.changed.connect(self._changed)
        return made

    def _make_larger(self) -> _Larger:
        from desktop.generation.upscaling import UpscaleRun
        from desktop.view.upscale_bar import UpscaleBar

        run = UpscaleRun(self._controller)
        made = _Larger(run, UpscaleBar(self._view, run))
        made.bar.use_actions(self._window.actions_by_id)
        run.changed.connect(self._changed)
        return made

    @property
    def run(self) -> SweepRun:
        """The sweep of this painting."""
        return self._grid().run

    @property
    def overlay(self) -> SweepOverlay:
        """Its grid over the canvas."""
        return self._grid().overlay

    @property
    def bar(self) -> SweepBar:
        """Its bar."""
        return self._grid().bar

    @property
    def upscale_run(self) -> UpscaleRun:
        """What makes larger."""
        return self._larger().run

    @property
    def upscale_bar(self) -> UpscaleBar:
        """The bar of that."""
        return self._larger().bar

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "generate.vary-slightly": lambda: self.vary(SLIGHTLY),
            "generate.vary": lambda: self.vary(PLAINLY),
            "generate.vary-strongly": lambda: self.vary(STRONGLY),
            "generate.stronger": lambda: self.restrain(STEP),
            "generate.weaker": lambda: self.restrain(-STEP),
            "log.vary": self.vary_logged,
            "generate.sweep": self.open_sweep,
            "sweep.keep-picture": self.keep_picture,
            "sweep.keep": lambda: self.run.keep(),
            "sweep.drop": lambda: self.run.drop(),
            "sweep.show": self.show_grid,
            "sweep.cancel": lambda: self.run.cancel(),
            "generate.upscale": self.open_upscale,
            "upscale.cancel": lambda: self.upscale_run.cancel(),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "vary": self._can_vary,
            "restrain": self._can_restrain,
            "log-vary": self._can_vary_logged,
            "sweep-open": lambda: self._sweep(lambda run: run.is_open),
            "sweep-done": lambda: self._sweep(lambda run: run.is_done),
            "sweep-cell": lambda: self._sweep(lambda run: run.chosen is not None),
            "sweep-runs": lambda: self._sweep(lambda run: run.can_cancel),
            "upscale-runs": self._enlarges,
        }

    def _sweep(self, holds: Callable[[SweepRun], bool]) -> bool:
        made = self._grid.made
        return made is not None and holds(made.run)

    def _enlarges(self) -> bool:
        made = self._larger.made
        return made is not None and made.run.running

    def _changed(self) -> None:
        """Actions are looked at again only when one of them could be different."""
        made = self._grid.made
        run = made.run if made is not None else None
        state = (run and run.state, run is not None and run.chosen is not None, self._enlarges())
        if state != self._state:
            if run is not None and run.is_done and self._state[:1] != (run.state,) and run.chosen is None:
                run.step(0, 0)
            self._state = state
            self._window.refresh_actions()

    # --- variations

    def _can_vary(self) -> bool:
        current = self._controller.current
        if current is None:
            return False
        from desktop.generation.variations import can_vary

        return can_vary(current.captured.request)

    def _can_restrain(self) -> bool:
        current = self._controller.current
        if current is None:
            return False
        from desktop.generation.variations import has_strength

        return has_strength(current.captured)

    def _can_vary_logged(self) -> bool:
        pick = self._window.history_panel.pick()
        if pick is None or not pick.record.candidates or pick.record.task == Task.ANIMATE:
            return False
        return pick.record.task != Task.UPSCALE or bool(pick.record.request.get("strength"))

    def vary(self, strength: float) -> None:
        """Variations of the candidate on show; it leaves the canvas, the log keeps it."""
        from desktop.generation.variations import varied

        self._from_candidate(lambda source, index, pictures: varied(source, index, strength, pictures))

    def restrain(self, by: float) -> None:
        """The candidate on show with another strength."""
        from desktop.generation.variations import restrained

        self._from_candidate(lambda source, index, pictures: restrained(source, index, by, pictures))

    def _from_candidate(self, make: Callable[[Capture, int, int], Capture]) -> None:
        current = self._controller.current
        if current is None:
            return
        pictures = self._window.form.settings.num_images_per_prompt
        source = replace(current.captured, parent_id=current.record.id)
        captured = make(source, current.index, pictures)
        self._controller.discard()
        self._controller.paint(captured)

    async def vary_logged(self) -> None:
        """Variations of the picture that is chosen in the history."""
        from desktop.generation.variations import recall, varied

        pick = self._window.history_panel.pick()
        if pick is None:
            return
        source = await recall(self._session, pick.record.id)
        pictures = self._window.form.settings.num_images_per_prompt
        self._controller.paint(varied(source, pick.index, PLAINLY, pictures))

    # --- sweeps

    def open_sweep(self) -> None:
        """Asks what shall change; with a sweep running shows that one instead."""
        from desktop.dialogs.sweep import SweepDialog, Typed
        from desktop.generation.sweep import Scope
        from desktop.generation.sweep_cost import SweepCost

        if self._sweep(lambda run: run.is_painting):
            self.show_grid()
            self._window.say(translate("SweepCommands", "A sweep is being painted. Wait for it, or cancel it."))
            return
        controller, form = self._controller, self._window.form
        scope = Scope(form.settings, controller.mode, form.models)
        cost = SweepCost(controller, scope, self._seconds)
        dialog = SweepDialog(scope, self._typed or Typed(), cost.foretell, self._window)

        async def decided(sweep: Sweep, typed: Typed) -> None:
            self._typed = typed
            await self.start(sweep, scope)

        dialog.decided.connect(self._window.slots.wrap(decided))
        dialog.open()

    async def start(self, sweep: Sweep, scope: Scope) -> None:
        """Paints it. Raises SweepError and other sentences about what cannot be had."""
        from desktop.generation.sweep_run import plan_sweep

        plan = await plan_sweep(self._controller, sweep, scope.settings, scope.mode)
        self.run.start(plan)
        self.show_grid()
        self._view.setFocus()

    def show_grid(self) -> None:
        """Brings all of the grid into view."""
        if self.run.plan is not None:
            self._view.fit(self.run.plan.grid.bounds)

    def keep_picture(self) -> None:
        """The chosen cell at its own place as a new layer; its settings into the form."""
        cell = self.run.chosen
        record = self.run.records.get(cell) if cell is not None else None
        if record is None:
            return
        self._controller.apply_record(record.id)
        from desktop.generation.reuse import settings_of

        form = self._window.form
        form.restore(
            replace(settings_of(record, form.settings), num_images_per_prompt=form.settings.num_images_per_prompt)
        )
        self._window.note(translate("SweepCommands", "Kept as a new layer; its settings are used now."))

    def _seconds(self, request: GenerationRequest, info: ModelInfo, followed: tuple[Worn, ...] = ()) -> float | None:
        """What one job takes, `followed` beside what it names; in a thread, it looks at the request's pictures."""
        from desktop.generation.worn import worn_by
        from pipelines.planning.cost import passes_of, work_of
        from pipelines.planning.sizes import limits_of

        work = work_of(request, passes_of(request, limits_of(info)))
        worn = (*worn_by(request, self._window.form.wording), *followed)
        return self._window.sight_commands.cost_of(info, work, worn).seconds

    # --- larger

    async def open_upscale(self, *, upscaler: str = "") -> None:
        """Asks how much larger, and how; `upscaler` is proposed, else the one of the last time."""
        from desktop.dialogs.upscale import UpscaleDialog
        from desktop.generation.upscaling import Enlargement, region_of

        upscalers = await asyncio.to_thread(self._program.library.models, {ModelKind.UPSCALER})
        document, form = self._session.document, self._window.form
        region = region_of(document), not document.selection.is_empty
        wanted = replace(self._wanted or Enlargement(), prompt=form.settings.prompt)
        wanted = replace(wanted, upscaler=upscaler or wanted.upscaler)
        usable = [info for info in upscalers if not info.problem]
        dialog = UpscaleDialog(region, wanted, usable, lambda asked: self._foretell(region[0], asked), self._window)
        dialog.decided.connect(self._window.slots.wrap(self.upscale))
        dialog.open()

    async def upscale(self, wanted: Enlargement) -> None:
        """Makes it larger. Raises a sentence when it cannot be done."""
        self._wanted = wanted
        try:
            await self.upscale_run.run(wanted, self._bring_into_view)
        except JobCancelled:
            self._window.note(translate("SweepCommands", "Cancelled; nothing has changed."))

    def _bring_into_view(self, place: Bounds) -> None:
        from desktop.generation.upscaling import region_of

        if not self._view.visible_bounds().contains(place):
            self._view.fit(place.united(region_of(self._session.document)))

    def _foretell(self, region: Bounds, wanted: Enlargement) -> float | None:
        """Seconds; of the enlarging itself what the same method took before."""
        pixels = region.width * region.height * wanted.scale**2 / MEGAPIXEL
        enlarging = self._enlarging.get(wanted.upscaler, 0.1 if wanted.upscaler == LANCZOS else None)
        seconds = None if enlarging is None else enlarging * pixels
        if wanted.detail == 0:
            return seconds
        from desktop.generation.upscaling import request_for
        from desktop.generation.worn import worn_for_layers

        form, document = self._window.form, self._session.document
        info, wording = form.model_info(), form.wording
        if info is None:
            return None
        try:
            request = request_for(region, form.settings, wanted, wording)
        except InvalidRequestError:  # said when it is begun
            return None
        painting = self._seconds(request, info, worn_for_layers(document, region, wording, info.id))
        return None if seconds is None or painting is None else seconds + painting

    def _learn(self, request: GenerationRequest, facts: Mapping[str, Any]) -> None:
        seconds = facts.get("enlarge_s")
        if request.task is Task.UPSCALE and isinstance(seconds, (int, float)):
            width, height = request.result_size
            self._enlarging[request.upscaler] = float(seconds) / (width * height / MEGAPIXEL)

    async def close(self) -> None:
        """Takes back what is painted; the window is about to go."""
        for made in (self._grid.made, self._larger.made):
            if made is not None:
                await made.run.close()

    def release_document(self) -> None:
        """Listens no longer; the router stays."""
        self._program.router.finished.disconnect(self._learn)
