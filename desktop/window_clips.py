"""The window's commands for clips: making one, playing one, finding an old one again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from canvas.generations import GenerationRecord
from canvas.selection import Selection
from desktop.ahead import Ahead
from desktop.generation.clip_records import is_clip
from desktop.late import Late
from desktop.slots import Handler
from pipelines.contract.errors import InvalidRequestError, JobCancelled
from pipelines.contract.models import Family, ModelInfo
from pipelines.library.families import GENERATION_KINDS, animates

if TYPE_CHECKING:
    from desktop.dialogs.clip_player import ClipPlayer
    from desktop.generation.clips import ClipRun, ClipWish, ClipWork
    from desktop.main_window import MainWindow
    from pipelines.planning.cost import Cost
    from pipelines.prompting.recipes.recipe import Recipe

translate = QCoreApplication.translate
MISSING = "clip-model"
"""Key of the sentence about it in the banner."""


class ClipCommands:
    """Each part is made when it is wanted first."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program = window, window.program
        self._late = Late(self._make)
        modules = ("desktop.dialogs.animate", "desktop.dialogs.clip_player", "desktop.generation.clips")
        self._imports = Ahead(window, modules)
        self._wish: ClipWish | None = None
        self._running = 0
        self.players: dict[str, ClipPlayer] = {}
        """Those that are open, by record."""
        self._program.theme_changed.connect(self._dress)
        window.history_panel.playWanted.connect(window.slots.wrap(self.play))

    def _make(self) -> ClipRun:
        from desktop.generation.clips import ClipRun  # not for every start

        made = ClipRun(self._window.controller)
        made.changed.connect(self._changed)
        return made

    @property
    def run(self) -> ClipRun:
        """What makes clips."""
        return self._late()

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "generate.animate": self.animate,
            "clip.cancel": lambda: self.run.cancel(),
            "log.play": self.play_chosen,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {"clip-runs": lambda: self._running > 0, "log-clip": lambda: self._chosen() is not None}

    def _changed(self) -> None:
        if self.run.running != self._running:
            self._running = self.run.running
            self._window.refresh_actions()

    def _chosen(self) -> GenerationRecord | None:
        record = self._window.history_panel.record()
        return record if record is not None and is_clip(record) and record.candidates else None

    # --- making

    async def animate(self, *, model: str = "", wish: ClipWish | None = None) -> None:
        """Asks how; `model` is proposed, else the one of the last time. `wish`: everything that is proposed."""
        await self._imports()
        from desktop.dialogs.animate import AnimateDialog, Scene
        from desktop.generation.clips import ClipWork, is_painted, region_of

        models = await self._models()
        if not models:
            self._explain()
            return
        self._window.banner.retract(MISSING)
        document, region = self._window.session.document, region_of(self._window.session.document)
        scene = Scene(region, not document.selection.is_empty, is_painted(document, region))
        proposed = wish or self._proposed(model)
        dialog = AnimateDialog(scene, proposed, models, lambda info, asked: self._foretell(info, asked), self._window)
        by_id = {info.id: info for info in models}

        async def decided(chosen: ClipWish) -> None:
            self._wish = chosen
            await self.make(ClipWork(region, by_id[chosen.model], chosen))

        dialog.decided.connect(self._window.slots.wrap(decided))
        dialog.open()

    def _proposed(self, model: str) -> ClipWish:
        """What the last one was made with, the words and the seed of the form."""
        from desktop.generation.clips import ClipWish

        settings, last = self._window.form.settings, self._wish or ClipWish()
        chosen = model or last.model or settings.model
        if chosen != last.model:
            last = replace(last, fps=0, steps=settings.num_inference_steps if chosen == settings.model else 0)
        seed = None if settings.random_seed else settings.seed
        return replace(last, model=chosen, prompt=settings.prompt, seed=seed, from_picture=True)

    async def make(self, work: ClipWork) -> None:
        """Makes it, and plays it when it is there. Raises a sentence when it cannot be done."""
        self._window.note(translate("ClipCommands", "The clip is being made; the queue (F10) shows how far it is."))
        try:
            record = await self.run.run(work)
        except JobCancelled:
            self._window.note(translate("ClipCommands", "Cancelled; nothing has changed."))
            return
        if not self._window.closing:
            self.play(record)

    async def _models(self) -> list[ModelInfo]:
        found = await asyncio.to_thread(self._program.library.models, set(GENERATION_KINDS))
        return [info for info in found if animates(info)]

    def _explain(self) -> None:
        """Without a model the banner says what to do."""
        sentence = translate(
            "ClipCommands",
            "Clips need a model that makes them (Wan 2.1, or Wan 2.2 TI2V), and the library has none. Install one from "
            "the catalogue, or add a folder that holds one.",
        )
        self._window.banner.keep(
            MISSING,
            sentence,
            [
                ("clipCatalogue", translate("ClipCommands", "Catalogue…"), self._open_catalogue),
                ("clipLibrary", translate("ClipCommands", "Model Library…"), self._open_library),
            ],
        )

    def _open_catalogue(self) -> None:
        self._window.slots.start(self._window.model_commands.search_catalogue(str(Family.WAN)))

    def _open_library(self) -> None:
        self._window.actions_by_id["models.library"].trigger()

    def _foretell(self, info: ModelInfo, wish: ClipWish) -> Cost | None:
        from desktop.generation.clips import region_of, request_for
        from desktop.generation.worn import worn_by
        from pipelines.planning.cost import passes_of, work_of
        from pipelines.planning.sizes import limits_of

        form = self._window.form
        try:
            request = request_for(region_of(self._window.session.document), info, form.settings, wish, form.wording)
        except InvalidRequestError:  # said when it is begun
            return None
        work = work_of(request, passes_of(request, limits_of(info)))
        return self._window.sight_commands.cost_of(info, work, worn_by(request, form.wording))

    # --- playing

    def play_chosen(self) -> None:
        """Plays the clip that is chosen in the history."""
        record = self._chosen()
        if record is not None:
            self.play(record)

    def play(self, record: GenerationRecord) -> None:
        """Opens its player, or brings it to the front."""
        from desktop.dialogs.clip_player import ClipPlayer

        player = self.players.get(record.id)
        if player is None:
            window = self._window
            player = ClipPlayer(window.session, record, Path(window.file_commands.folder()), window)
            self.players[record.id] = player
            player.finished.connect(lambda _: self.players.pop(record.id, None))
            player.said.connect(window.note)
            player.written.connect(self._written)
            player.dress(self._program.theme)
        player.show()
        player.raise_()
        player.play(True)

    def _written(self, path: Path) -> None:
        self._program.settings.remember(folder=str(path.parent))
        self._window.note(translate("ClipCommands", "Written: {0}").format(path))

    def again(self, record: GenerationRecord) -> None:
        """Asks as for a new clip, at the place of this one and with everything as it was: one undo step."""
        from desktop.generation.clips import wish_of

        document = self._window.session.document
        with document.transaction("Use settings"):
            document.set_selection(Selection.none())
            document.set_frame(record.bounds)
        self._window.slots.start(self.animate(wish=wish_of(record)))

    async def like(self, recipe: Recipe) -> bool:
        """Asks as for a new clip with what the file of another one says, in a frame of its size: one undo step.

        False, and nothing is asked, where the library has no model for clips.
        """
        await self._imports()
        from desktop.generation.clips import wish_in
        from desktop.generation.recipes import RecipePlan

        models, document = await self._models(), self._window.session.document
        if not models:
            return False
        with document.transaction("Use settings"):
            document.set_selection(Selection.none())
            document.set_frame(RecipePlan(recipe, models).frame(document.frame, {"size"}))
        await self.animate(wish=wish_in(recipe, models))
        return True

    def _dress(self) -> None:
        for player in self.players.values():
            player.dress(self._program.theme)

    # --- life

    async def close(self) -> None:
        """Takes back what is made; the window is about to go."""
        for player in list(self.players.values()):
            player.close()
        if self._late.made is not None:
            await self._late.made.close()

    def release_document(self) -> None:
        """Listens no longer; the program stays."""
        self._program.theme_changed.disconnect(self._dress)
