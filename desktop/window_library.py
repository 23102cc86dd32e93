"""The window's commands about the model library: opening it, using a model, files that are dropped, work on a model."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.ahead import Ahead, shown
from desktop.slots import Handler
from desktop.spoken import read_ahead, spoken
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import GENERATION_KINDS, only_animates
from pipelines.library.scan import INDEX_NAME, MODEL_SUFFIXES, find_models

if TYPE_CHECKING:
    from desktop.dialogs.model_library import ModelLibraryDialog
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
DEEDS = ("use", "verify", "convert", "bin", "folder", "copy-path", "picture", "picture-file", "no-picture", "uses")
"""What can be done with the model that is chosen in the library; `models.<deed>` in the table of actions."""
GUIDES = frozenset({ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER, ModelKind.IP_ADAPTER})
BANNER = "dropped-models"
MOST_LOOKED_AT = 2000
"""Models in a dropped folder that are counted."""


class Offer(NamedTuple):
    """What using a model means."""

    words: str
    tip: str
    possible: bool


class LibraryCommands:
    """One library dialog for each window; it is made when it is wanted first."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program = window, window.program
        self.dialog: ModelLibraryDialog | None = None
        self._making = asyncio.Lock()
        modules = ("desktop.dialogs.model_library", "desktop.dialogs.model_library_deeds", "desktop.dialogs.downloads")
        self._imports = Ahead(window, modules, read_ahead)
        window.prompt_panel.libraryWanted.connect(window.slots.wrap(self.show_models))

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        found: dict[str, Handler] = {
            "models.library": self.show_models,
            "models.folders": self.show_folders,
            "models.add-folder": self.add_folder,
            "models.open-file": self.choose_files,
            "models.look-again": self.look_again,
        }
        for deed in DEEDS:
            found[f"models.{deed}"] = partial(self._deed_by_name, deed)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {"library-model": lambda: self.dialog is not None and self.dialog.chosen is not None}

    # --- the dialog

    async def show(self) -> ModelLibraryDialog:
        """The library, in front; it is built in slices when it is not there yet."""
        async with self._making:
            if self.dialog is None:
                self.dialog = await self._make()
                await shown(self.dialog, self.dialog.parts)
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    async def _make(self) -> ModelLibraryDialog:
        await self._imports()
        from desktop.dialogs.model_library import ModelLibraryDialog

        dialog = ModelLibraryDialog(self._window)
        await dialog.fill()
        dialog.use.connect(self._window.slots.wrap(self._use_from_dialog))
        dialog.deed.connect(self._window.slots.wrap(self._do))
        dialog.files_dropped.connect(self._window.slots.wrap(self._take_into_dialog))
        dialog.finished.connect(self._closed)
        return dialog

    async def show_models(self) -> None:
        """The library with its models in front."""
        (await self.show()).tabs.setCurrentIndex(0)

    async def show_named(self, sentence: str) -> None:
        """The library, at the model that a sentence of the engine names first, between quotes."""
        dialog = await self.show()
        quoted = [(sentence.find(f"'{one.info.name}'"), one.info.id) for one in dialog.entries.all]
        named = min((found for found in quoted if found[0] >= 0), default=None)
        if named is not None:
            dialog.show_model(named[1])

    def _closed(self) -> None:
        self.dialog = None
        self._window.refresh_actions()

    async def show_folders(self) -> None:
        """The library with its folders in front."""
        (await self.show()).show_folders()

    async def add_folder(self) -> None:
        """Asks for a folder of models and takes it into the library."""
        dialog = await self.show()
        dialog.show_folders()
        await dialog.folders.add_folder()

    async def look_again(self) -> None:
        """Looks through all folders."""
        await self._program.rescan()
        count = len(await asyncio.to_thread(self._program.library.models, frozenset(ModelKind)))
        self._window.note(translate("LibraryCommands", "{count} models are in the library.").format(count=count))

    # --- using

    def offer(self, info: ModelInfo) -> Offer:
        """What `use` would do with a model, in words."""
        from pipelines.library.sight import sees  # not for every start

        words = {
            ModelKind.LORA: translate("LibraryCommands", "Add to the Prompt"),
            ModelKind.TEXTUAL_INVERSION: translate("LibraryCommands", "Add to the Prompt"),
            ModelKind.VAE: translate("LibraryCommands", "Use as VAE"),
            ModelKind.UPSCALER: translate("LibraryCommands", "Upscale…"),
            ModelKind.CAPTIONER: translate("LibraryCommands", "Describe With It"),
        }.get(info.kind, translate("LibraryCommands", "Paint With It"))
        if info.problem:
            return Offer(words, spoken(info.problem), False)
        if info.kind in GUIDES:
            tip = translate("LibraryCommands", "The layers that are chosen guide the picture with it")
            return Offer(translate("LibraryCommands", "Guide With the Layer"), tip, True)
        if sees(info):
            tip = translate("LibraryCommands", "It sees what is followed of the layers that are chosen")
            return Offer(translate("LibraryCommands", "Look With It"), tip, True)
        if info.kind in (ModelKind.TEXT_ENCODER, ModelKind.IMAGE_ENCODER, ModelKind.ANNOTATOR, ModelKind.UNKNOWN):
            tip = translate("LibraryCommands", "Models that need it find it by themselves")
            return Offer(translate("LibraryCommands", "Part of Others"), tip, False)
        if only_animates(info):
            words = translate("LibraryCommands", "Animate With It…")
        settings = self._window.form.settings
        if info.id in (settings.model, settings.vae, *(lora.model for lora in settings.loras)):
            tip = translate("LibraryCommands", "It is chosen in the prompt panel")
            return Offer(translate("LibraryCommands", "In Use"), tip, False)
        return Offer(words, translate("LibraryCommands", "A double click or Enter does the same"), True)

    def use(self, info: ModelInfo) -> str:
        """Uses a model by what it is; gives a sentence of what was done, or of why it could not."""
        if info.problem:
            return spoken(info.problem)
        if only_animates(info):
            self._window.slots.start(self._window.clip_commands.animate(model=info.id))
            return translate("LibraryCommands", "{name} makes clips.").format(name=info.name)
        if info.kind in GENERATION_KINDS:
            self._window.form.choose_model(info.id)
            return translate("LibraryCommands", "{name} paints from now on.").format(name=info.name)
        if info.kind is ModelKind.CAPTIONER:
            self._window.describe_commands.use_model(info.id)
            sentence = translate("LibraryCommands", "{name} describes pictures from now on (Ctrl+Alt+C).")
            return sentence.format(name=info.name)
        if info.kind is ModelKind.ANNOTATOR and self.offer(info).possible:
            return self._window.control_commands.use_annotator(info)
        return self._use_addon(info) if self._suits(info) else self._unfit(info)

    def _use_addon(self, info: ModelInfo) -> str:
        panel = self._window.prompt_panel
        if info.kind is ModelKind.LORA:
            panel.loras.add(info.id)
            sentence = translate("LibraryCommands", "{name} is in the list under the prompt.")
        elif info.kind is ModelKind.TEXTUAL_INVERSION:
            panel.add_words(info.name)
            sentence = translate("LibraryCommands", "{name} is in the prompt.")
        elif info.kind is ModelKind.VAE:
            self._window.form.set(vae=info.id)
            sentence = translate("LibraryCommands", "{name} turns numbers into pictures now.")
        elif info.kind in GUIDES and self._window.control_commands.use_model(info):
            sentence = translate("LibraryCommands", "The chosen layer guides the picture with {name}.")
        elif info.kind in GUIDES:
            sentence = translate("LibraryCommands", "Choose a layer with pixels first: it will guide the picture.")
        else:
            sentence = self.offer(info).tip
        return sentence.format(name=info.name)

    def _suits(self, info: ModelInfo) -> bool:
        from pipelines.library.wording import fits

        form = self._window.form
        return fits(info, form.wording.family_of(form.settings.model))

    def _unfit(self, info: ModelInfo) -> str:
        from desktop.dialogs.model_library_words import family_word

        chosen = self._window.form.model_info()
        sentence = translate(
            "LibraryCommands",
            "{name} is made for {family}; the chosen model is {other}. Choose a {family} model first.",
        )
        other = family_word(chosen.family if chosen is not None else Family.UNKNOWN)
        return sentence.format(name=info.name, family=family_word(info.family), other=other)

    async def _use_from_dialog(self, info: ModelInfo) -> None:
        if info.kind is ModelKind.UPSCALER and not info.problem:
            await self._window.sweep_commands.open_upscale(upscaler=info.id)
            return
        sentence = self.use(info)
        if self.dialog is not None:
            self.dialog.page.head.say_outcome(sentence)

    # --- work on the chosen one

    async def _deed_by_name(self, deed: str) -> None:
        dialog = self.dialog
        info = dialog.chosen if dialog is not None else None
        if dialog is None or info is None:
            return
        if deed == "use":
            await self._use_from_dialog(info)
        elif dialog.page.head.deeds().get(deed, True):
            await self._do(deed, info)

    async def _do(self, deed: str, info: ModelInfo) -> None:
        from desktop.dialogs.model_library_deeds import ModelDeeds

        if self.dialog is not None:
            await ModelDeeds(self._window, self.dialog).do(deed, info)

    # --- files from outside

    async def choose_files(self) -> None:
        """Asks for model files and uses them where they lie."""
        from desktop.dialogs.files import choose_files

        endings = " ".join(f"*{suffix}" for suffix in sorted(MODEL_SUFFIXES))
        title = translate("LibraryCommands", "Model files")
        files = await choose_files(self._window, title, str(Path.home()), [f"{title} ({endings})"])
        if files:
            await self.take(files)

    async def take(self, paths: Sequence[Path]) -> list[Path]:
        """Takes the models among dropped files and folders; gives what is none.

        A file is added by itself and used at once; of a folder it is asked.
        """
        files = [path for path in paths if path.suffix.lower() in MODEL_SUFFIXES]
        folders, others = await asyncio.to_thread(_sorted, [path for path in paths if path not in files])
        if files:
            self._window.banner.keep(BANNER, await self._take_files(files), self._about_folder(files[-1].parent))
        for folder, count in folders:
            self._offer_folder(folder, count)
        return others

    async def _take_files(self, files: Sequence[Path]) -> str:
        """Adds them and uses each; gives what became of them."""
        library, sentences = self._program.library, list[str]()
        known = {info.id for info in await asyncio.to_thread(library.models, frozenset(ModelKind))}
        fresh = [path for path in files if id_of(path) not in known]
        for path in fresh:
            await asyncio.to_thread(library.add_folder, path)
        if fresh:
            await self._program.rescan()
        for path in files:
            sentences.append(await self._use_file(path))
        return "\n".join(sentences)

    async def _use_file(self, path: Path) -> str:
        infos = await asyncio.to_thread(self._program.library.models, frozenset(ModelKind))
        info = next((one for one in infos if one.id == id_of(path)), None)
        if info is None:
            words = translate("LibraryCommands", "{name} is not a model that Handscroll knows.")
            return words.format(name=path.name)
        if self.dialog is not None:
            await self.dialog.look()
            self.dialog.show_model(info.id)
        return self.use(info)

    def _about_folder(self, folder: Path) -> list[tuple[str, str, Callable[[], object]]]:
        """Buttons beside what was said of a file."""
        library = self._program.library
        if any(folder.is_relative_to(known) for known in library.folders):
            return [("droppedModelsLibrary", translate("LibraryCommands", "Show in Library"), self._show_and_retract)]
        words = translate("LibraryCommands", "Add All of {folder}").format(folder=folder.name)
        return [
            ("droppedModelsFolder", words, lambda: self._add(folder)),
            ("droppedModelsLibrary", translate("LibraryCommands", "Show in Library"), self._show_and_retract),
        ]

    def _show_and_retract(self) -> None:
        self._window.banner.retract(BANNER)
        self._window.slots.start(self.show())

    def _offer_folder(self, folder: Path, count: int) -> None:
        from desktop.dialogs.model_library_words import layout_word

        layout = layout_word(self._program.library.layout_of(folder).name)
        sentence = translate("LibraryCommands", "{folder} ({layout}) holds {count} models. They stay where they are.")
        number = f"{count}+" if count >= MOST_LOOKED_AT else str(count)
        actions: list[tuple[str, str, Callable[[], object]]] = [
            ("droppedModelsFolder", translate("LibraryCommands", "Add to the Library"), lambda: self._add(folder)),
            ("droppedModelsNot", translate("LibraryCommands", "Not Now"), lambda: self._window.banner.retract(BANNER)),
        ]
        self._window.banner.keep(BANNER, sentence.format(folder=folder.name, layout=layout, count=number), actions)

    def _add(self, folder: Path) -> None:
        self._window.banner.retract(BANNER)
        self._window.slots.start(self._add_and_show([folder]))

    async def _add_and_show(self, paths: Sequence[Path]) -> None:
        dialog = await self.show()
        for path in paths:
            await dialog.folders.change(lambda path=path: self._program.library.add_folder(path))

    async def _take_into_dialog(self, paths: Sequence[Path]) -> None:
        """Dropped on the library itself: everything is added, a single file is shown."""
        dialog = await self.show()
        dialog.say("")
        await self._add_and_show(paths)
        if len(paths) == 1 and paths[0].suffix.lower() in MODEL_SUFFIXES:
            await dialog.look()
            dialog.show_model(id_of(paths[0]))

    def release_document(self) -> None:
        """The window goes, and the library with it."""
        if self.dialog is not None:
            self.dialog.close()


def id_of(path: Path) -> str:
    """What the library calls a file; asks no disk."""
    return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links keep their names


def _sorted(paths: Sequence[Path]) -> tuple[list[tuple[Path, int]], list[Path]]:
    """Folders with models, and how many; and the rest. For a thread."""
    folders: list[tuple[Path, int]] = []
    others: list[Path] = []
    for path in paths:
        count = 0
        if path.is_dir():
            for _ in find_models([path]):
                count += 1
                if count >= MOST_LOOKED_AT:
                    break
        if count or (path / INDEX_NAME).is_file():
            folders.append((path, max(count, 1)))
        else:
            others.append(path)
    return folders, others
