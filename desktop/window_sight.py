"""The window's commands that show what the model sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.late import Late
from desktop.slots import Handler
from pipelines.contract.models import ModelInfo

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.view.model_sight import ModelSight
    from pipelines.contract.request import GenerationRequest
    from pipelines.planning.beside import Worn
    from pipelines.planning.cost import Cost, Work


class SightCommands:
    """One key, and what is dragged under it."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program = window, window.program
        self._late = Late(self._make)
        self._warned: set[tuple[str, int, int]] = set()
        window.controller.started.connect(self._started)

    def _started(self, job_id: str) -> None:
        captured = self._window.controller.capture_of(job_id)
        if captured is not None and self.free_bytes() is not None:
            self._window.slots.start(self._warn(captured.request))

    async def _warn(self, request: GenerationRequest) -> None:
        """Says that a picture may not fit into memory, once for each model and size, while it can be taken back."""
        from desktop.generation.shortage import picture_shortage
        from desktop.generation.worn import worn_by
        from pipelines.planning.cost import passes_of, work_of
        from pipelines.planning.sizes import limits_of

        form = self._window.form
        info = form.model_info()
        if info is None or info.id != request.model:
            return
        work = await asyncio.to_thread(lambda: work_of(request, passes_of(request, limits_of(info))))
        said = picture_shortage(self.cost_of(info, work, worn_by(request, form.wording)))
        size = info.id, request.width, request.height
        if said and size not in self._warned and not self._window.closing:
            self._warned.add(size)
            self._window.note(said)

    @property
    def sight(self) -> ModelSight:
        """The overlay and what it shows; made when it is opened first."""
        return self._late()

    def _make(self) -> ModelSight:
        from desktop.view.model_sight import ModelSight  # many modules: not for every start

        window = self._window
        sight = ModelSight(window.view, window.controller, self.cost_of, window.slots)
        for changed in (sight.toggled, sight.rested):
            changed.connect(lambda _: window.refresh_actions())
        window.program.paces.changed.connect(self._learned)
        sight.toggled.connect(lambda on: window.expand_commands.arrows.stand_back("sight", on))
        return sight

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        made = self._late.made
        return made is not None and made.is_open

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "view.model-sight": lambda: self.sight.set_open(not self.sight.is_open),
            "view.model-sight-end": lambda: self.sight.set_open(False),
            "view.model-sight-reset": lambda: self.sight.reset(),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        # While candidates stand there Esc is theirs.
        return {"model-sight": lambda: self.is_open and not self.sight.overlay.resting}

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {"view.model-sight": lambda: self.is_open}

    def cost_of(self, info: ModelInfo, work: Work, worn: tuple[Worn, ...] = ()) -> Cost:
        """What was learned about this model on the engine's device, with these add-ons; a rough figure before anything
        was."""
        from pipelines.planning.beside import beside
        from pipelines.planning.cost import rough_memory

        device, dtype = self._program.engine
        work = work.with_addons(beside(info, worn, dtype))
        free = self.free_bytes()
        pace = self._program.paces.pace(info.id, device, dtype)
        cost = replace(pace.predict(work), free_bytes=free)
        if cost.memory_bytes is not None and pace.reaches(work):
            return cost
        rough = rough_memory(info, work, device or "cpu", free or 0.0)
        return replace(cost, memory_bytes=max(rough or 0.0, cost.memory_bytes or 0.0) or None)

    def free_bytes(self) -> float | None:
        """What a job could take: of the system's memory now, with what the engine holds; of a GPU what was free when
        the engine came up. None before it has."""
        from desktop.window_status import memory_of

        router = self._program.router
        engine = router.engine
        if engine is None or engine.free_bytes <= 0:
            return None
        if engine.device != "cpu":
            return float(engine.free_bytes)
        import psutil  # not for every start

        pid = getattr(router.client, "pid", None)
        return float(psutil.virtual_memory().available + (memory_of(pid) if pid else 0))

    def _learned(self) -> None:
        made = self._late.made
        if made is not None and made.loop.running:
            made.loop.look()

    def release_document(self) -> None:
        """Looks no more; the window is about to go, the program stays."""
        if self._late.made is not None:
            self._late.made.set_open(False)
            self._program.paces.changed.disconnect(self._learned)
