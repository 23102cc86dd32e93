"""The window's commands for variations, sweeps and making larger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction

from canvas.geometry import Bounds
from desktop.generation.capture import Capture
from desktop.generation.reuse import settings_of
from desktop.generation.sweep import Scope, Sweep
from desktop.generation.sweep_cost import SweepCost
from desktop.generation.sweep_run import SweepRun, SweepState, plan_sweep
from desktop.generation.upscaling import Enlargement, UpscaleRun, region_of, request_for
from desktop.generation.variations import (
    PLAINLY,
    SLIGHTLY,
    STEP,
    STRONGLY,
    can_vary,
    has_strength,
    recall,
    restrained,
    varied,
)
from desktop.slots import Handler
from desktop.view.sweep_bar import SweepBar
from desktop.view.sweep_overlay import SweepOverlay
from desktop.view.upscale_bar import UpscaleBar
from pipelines.contract.errors import JobCancelled
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import LANCZOS, GenerationRequest, Task
from pipelines.planning.cost import passes_of, work_of
from pipelines.planning.sizes import limits_of

if TYPE_CHECKING:
    from desktop.dialogs.sweep import Typed
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
MEGAPIXEL = 1e6


class SweepCommands:
    """More of a picture, many at once, and larger."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program, self._view = window, window.program, window.view
        self._controller, self._session = window.controller, window.session
        self.run, self.upscale_run = SweepRun(window.controller), UpscaleRun(window.controller)
        self.overlay = SweepOverlay(window.view, self.run)
        self.bar, self.upscale_bar = SweepBar(window.view, self.run), UpscaleBar(window.view, self.upscale_run)
        self.overlay.busy_elsewhere = lambda: self._controller.current is not None
        self.overlay.keepWanted.connect(self.keep_picture)
        self.run.message.connect(window.say)
        self.run.changed.connect(self._changed)
        self.upscale_run.changed.connect(self._changed)
        self._program.router.finished.connect(self._learn)
        self._typed: Typed | None = None
        self._wanted = Enlargement()
        self._enlarging: dict[str, float] = {}
        self._state: tuple[object, ...] = ()

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
            "sweep.keep": self.run.keep,
            "sweep.drop": self.run.drop,
            "sweep.show": self.show_grid,
            "sweep.cancel": self.run.cancel,
            "generate.upscale": self.open_upscale,
            "upscale.cancel": self.upscale_run.cancel,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        run = self.run
        return {
            "vary": self._can_vary,
            "restrain": lambda: (current := self._controller.current) is not None and has_strength(current.captured),
            "log-vary": self._can_vary_logged,
            "sweep-open": lambda: run.is_open,
            "sweep-done": lambda: run.state is SweepState.DONE,
            "sweep-cell": lambda: run.chosen is not None,
            "sweep-runs": lambda: run.state is SweepState.RUNNING,
            "upscale-runs": lambda: self.upscale_run.running,
        }

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes what the buttons of its bars do."""
        self.bar.use_actions(actions)
        self.upscale_bar.use_actions(actions)

    def _changed(self) -> None:
        """Actions are looked at again only when one of them could be different."""
        state = (self.run.state, self.run.chosen is not None, self.upscale_run.running)
        if state != self._state:
            if self.run.state is SweepState.DONE and self._state[:1] != (SweepState.DONE,) and self.run.chosen is None:
                self.run.step(0, 0)
            self._state = state
            self._window.refresh_actions()

    # --- variations

    def _can_vary(self) -> bool:
        current = self._controller.current
        return current is not None and can_vary(current.captured.request)

    def _can_vary_logged(self) -> bool:
        pick = self._window.history_panel.pick()
        if pick is None or not pick.record.candidates:
            return False
        return pick.record.task != Task.UPSCALE or bool(pick.record.request.get("strength"))

    def vary(self, strength: float) -> None:
        """Variations of the candidate on show; it leaves the canvas, the log keeps it."""
        self._from_candidate(lambda source, index, pictures: varied(source, index, strength, pictures))

    def restrain(self, by: float) -> None:
        """The candidate on show with another strength."""
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
        pick = self._window.history_panel.pick()
        if pick is None:
            return
        source = await recall(self._session, pick.record.id)
        pictures = self._window.form.settings.num_images_per_prompt
        self._controller.paint(varied(source, pick.index, PLAINLY, pictures))

    # --- sweeps

    def open_sweep(self) -> None:
        """Asks what shall change; with a sweep running shows that one instead."""
        from desktop.dialogs.sweep import SweepDialog, Typed  # here and below: not for every start

        if self.run.state in (SweepState.RUNNING, SweepState.STOPPING):
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
        form = self._window.form
        form.restore(
            replace(settings_of(record, form.settings), num_images_per_prompt=form.settings.num_images_per_prompt)
        )
        self._window.note(translate("SweepCommands", "Kept as a new layer; its settings are used now."))

    def _seconds(self, request: GenerationRequest, info: ModelInfo) -> float | None:
        """What one job takes; in a thread, it looks at the request's pictures."""
        work = work_of(request, passes_of(request, limits_of(info)))
        return self._window.sight_commands.cost_of(info, work).seconds

    # --- larger

    async def open_upscale(self) -> None:
        """Asks how much larger, and how."""
        from desktop.dialogs.upscale import UpscaleDialog

        upscalers = await asyncio.to_thread(self._program.library.models, {ModelKind.UPSCALER})
        document, form = self._session.document, self._window.form
        region = region_of(document), not document.selection.is_empty
        wanted = replace(self._wanted, prompt=form.settings.prompt)
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
        if not self._view.visible_bounds().contains(place):
            self._view.fit(place.united(region_of(self._session.document)))

    def _foretell(self, region: Bounds, wanted: Enlargement) -> float | None:
        """Seconds; of the enlarging itself what the same method took before."""
        pixels = region.width * region.height * wanted.scale**2 / MEGAPIXEL
        enlarging = self._enlarging.get(wanted.upscaler, 0.1 if wanted.upscaler == LANCZOS else None)
        seconds = None if enlarging is None else enlarging * pixels
        if wanted.detail == 0:
            return seconds
        info, settings = self._window.form.model_info(), self._window.form.settings
        painting = self._seconds(request_for(region, settings, wanted), info) if info is not None else None
        return None if seconds is None or painting is None else seconds + painting

    def _learn(self, request: GenerationRequest, facts: Mapping[str, Any]) -> None:
        seconds = facts.get("enlarge_s")
        if request.task is Task.UPSCALE and isinstance(seconds, (int, float)):
            width, height = request.result_size
            self._enlarging[request.upscaler] = float(seconds) / (width * height / MEGAPIXEL)

    async def close(self) -> None:
        """Takes back what is painted; the window is about to go."""
        await self.run.close()
        await self.upscale_run.close()

    def release_document(self) -> None:
        """Listens no longer; the router stays."""
        self._program.router.finished.disconnect(self._learn)
