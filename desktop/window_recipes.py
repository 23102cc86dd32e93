"""The window's commands for settings that travel: out of pictures and texts, and from the log to the engine again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication, QImage

from canvas.generations import GenerationRecord
from desktop.dialogs.files import choose_files
from desktop.naming import named
from desktop.slots import Handler
from desktop.view.drops import dropped_pictures

if TYPE_CHECKING:
    from desktop.dialogs.reproduction import ReproductionDialog
    from desktop.generation.reproduce import Outcome
    from desktop.main_window import MainWindow
    from pipelines.prompting.recipes.recipe import Recipe

translate = QCoreApplication.translate
FILES = "*.png *.apng *.jpg *.jpeg *.webp *.avif *.gif *.tif *.tiff *.mp4 *.json *.txt"
TEXT_SUFFIXES = (".json", ".txt")
"""Files that hold settings alone: a graph of ComfyUI, a text beside a picture."""
FILM_SUFFIXES = (".mp4", ".m4v", ".mov", ".webm")
"""Films, of which nothing can come onto the canvas but their settings."""
OFFER_MS = 20_000
"""How long the banner offers the settings of a picture that was imported."""
KEY = "recipe"
MOST_FILES = 16
"""Of a whole folder that is dropped only so many are looked at for settings."""


class RecipeCommands:
    """Offers what it finds in the bar under the prompt; nothing is set before the painter says so."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._panel = window, window.prompt_panel
        self._panel.filesDropped.connect(window.slots.wrap(self.offer_files))
        self._timer = named(QTimer(window), "recipeTimer", interval=OFFER_MS, singleShot=True)
        self._timer.timeout.connect(lambda: window.banner.retract(KEY))

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "generate.settings-from-picture": self.choose,
            "generate.settings-from-clipboard": self.paste,
            "log.reproduce": self.reproduce,
        }

    # --- settings from outside

    async def choose(self) -> None:
        """Asks for a picture and offers the settings inside it."""
        title = translate("RecipeCommands", "Settings from a picture")
        filters = [translate("RecipeCommands", "Pictures and texts with settings") + f" ({FILES})"]
        paths = await choose_files(self._window, title, self._window.file_commands.folder(), filters)
        if paths:
            await self.offer_files(paths)

    async def paste(self) -> None:
        """Offers the settings in the text or the file on the clipboard."""
        from pipelines.prompting.recipes.reading import read_pasted  # here and below: not before it is asked for

        mime = QGuiApplication.clipboard().mimeData()
        found = dropped_pictures(mime) if mime is not None else None
        if isinstance(found, list):
            await self.offer_files(found)
            return
        recipe = await asyncio.to_thread(read_pasted, mime.text()) if mime is not None and mime.hasText() else None
        if recipe is not None:
            await self._offer(recipe, translate("RecipeCommands", "the clipboard"))
        elif isinstance(found, QImage):
            self._window.say(
                translate(
                    "RecipeCommands",
                    "A picture on the clipboard has lost its settings. Drop the picture's file on the prompt instead.",
                )
            )
        else:
            self._window.say(translate("RecipeCommands", "There are no settings on the clipboard."))

    async def offer_files(self, paths: Sequence[Path]) -> None:
        """Offers the settings of the first of these files that has some; says so when none has."""
        found = await self._find(paths)
        if found is not None:
            await self._offer(*found)
            return
        sentence = translate(
            "RecipeCommands",
            "{name} carries no settings that can be read. They are often lost when a picture is edited or sent.",
        )
        self._window.say(sentence.format(name=", ".join(path.name for path in paths[:3])))

    async def take_texts(self, paths: Sequence[Path]) -> list[Path]:
        """Offers what films and files of text hold, such as a saved graph; gives the other files, which are for the
        canvas."""
        texts = [path for path in paths if path.suffix.casefold() in (*TEXT_SUFFIXES, *FILM_SUFFIXES)]
        if texts:
            await self.offer_files(texts)
        return [path for path in paths if path not in texts]

    async def offer_imported(self, paths: Sequence[Path]) -> None:
        """After pictures came onto the canvas: the banner offers the settings of the first that has some."""
        found = await self._find(paths)
        if found is None:
            return
        recipe, name = found
        if self._window.banner.key not in ("", KEY):  # what stands there matters more
            await self._offer(recipe, name)
            return
        sentence = translate("RecipeCommands", "{name} carries its settings ({source}).")
        words = translate("RecipeCommands", "Use Its Settings")
        sentence = sentence.format(name=name, source=recipe.source)
        self._window.banner.keep(KEY, sentence, [("useItsSettings", words, lambda: self._accept(recipe, name))])
        self._timer.start()

    def _accept(self, recipe: Recipe, name: str) -> None:
        self._window.banner.retract(KEY)
        self._window.slots.start(self._offer(recipe, name))

    async def _find(self, paths: Sequence[Path]) -> tuple[Recipe, str] | None:
        from desktop.generation.recipes import recipe_in  # with Pillow, which the first paint need not wait for

        for path in paths[:MOST_FILES]:
            recipe = await asyncio.to_thread(recipe_in, path)
            if recipe is not None:
                return recipe, path.name
        return None

    async def _offer(self, recipe: Recipe, name: str) -> None:
        """In the bar under the prompt; for a clip on the page where clips are asked for."""
        from desktop.generation.clip_records import tells_of_clip

        if tells_of_clip(recipe) and await self._window.clip_commands.like(recipe):
            return
        self._window.show_dock("prompt")
        self._panel.offer_file(recipe, name)

    # --- reproducing

    async def reproduce(self) -> None:
        """Makes the chosen generation again and says how well that went."""
        record = self._window.history_panel.record()
        if record is not None:
            await self.reproduce_record(record)

    async def reproduce_record(self, record: GenerationRecord) -> None:
        """Opens the page of the reproduction and follows it to its end."""
        from desktop.dialogs.reproduction import ReproductionDialog
        from desktop.generation.reproduce import Reproduction

        window = self._window
        reproduction = Reproduction(window.session, window.program.router, record.id, window)
        dialog = ReproductionDialog(str(record.request.get("prompt", "")), window)
        alive = [True]
        dialog.destroyed.connect(lambda: alive.clear())
        dialog.cancelled.connect(reproduction.cancel)
        reproduction.progressed.connect(_while(alive, dialog.advance))
        reproduction.failed.connect(_while(alive, dialog.show_failure))
        reproduction.ended.connect(_while(alive, lambda outcome: self._show(dialog, outcome)))
        dialog.show()
        try:
            # Models that make nothing but clips are not in the form.
            await reproduction.run([info.id for info in (*window.form.models, *window.program.models)])
        finally:
            reproduction.deleteLater()

    def _show(self, dialog: ReproductionDialog, outcome: Outcome) -> None:
        from desktop.generation.reproduce import keep

        session = self._window.session
        dialog.kept.connect(lambda index: keep(session, outcome, index))
        dialog.show_outcome(outcome)


def _while(alive: list[bool], act: Callable[..., object]) -> Callable[..., None]:
    """`act`, as long as the list is not empty."""

    def perhaps(*arguments: object) -> None:
        if alive:
            act(*arguments)

    return perhaps
