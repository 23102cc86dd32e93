"""What all windows share, and what opens and closes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from canvas.errors import CanvasError
from desktop.brush_store import BrushStore
from desktop.colours import ColourSet
from desktop.downloading import Downloads
from desktop.engine_home import ENGINE_PREFERENCES, child_settings
from desktop.generation.jobs import JobRouter
from desktop.generation.word_store import WordStore
from desktop.i18n import Languages
from desktop.main_window import MainWindow
from desktop.opening import open_painting
from desktop.panels.stroke_sample import SamplePainter
from desktop.reading_ahead import ReadingAhead
from desktop.session import SUFFIX, Session
from desktop.settings import Folders, Settings
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.theme import DARK, THEMES, Theme, apply_theme, window_icon
from pipelines.client.process import ProcessClient
from pipelines.contract.engine import EngineClient
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest
from pipelines.library.families import only_animates
from pipelines.library.registry import Library

if TYPE_CHECKING:
    from desktop.generation.paces import PaceBook
    from desktop.library_watch import LibraryWatch

log = logging.getLogger(__name__)
LAYERED = (".ora", ".psd", ".psb", ".kra")
"""Files with layers of other programs, which open as paintings."""


@dataclass(frozen=True)
class Parts:
    """What `app.main` built, in the order it was built."""

    app: QApplication
    folders: Folders
    settings: Settings
    languages: Languages
    library: Library
    client: EngineClient
    router: JobRouter


class Program(QObject):
    """The running program: its windows, and the one library, engine and queue they share."""

    theme_changed = Signal()
    models_changed = Signal()
    finished = Signal()
    """The last window has closed and everything is on disk."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.folders, self.settings, self.languages = parts.folders, parts.settings, parts.languages
        self.library, self.client, self.router = parts.library, parts.client, parts.router
        self.app = parts.app
        self.slots = Slots(self)
        self.theme: Theme = DARK
        self.models: Sequence[ModelInfo] = ()
        self.engine: tuple[str, str] = ("", "")
        """Device and number format, once the engine said them."""
        self.brush_store = BrushStore(self.folders.config / "brush-presets.json", self)
        self.colours = ColourSet(self.settings, self)
        self.samples = SamplePainter(self)
        self.words = WordStore(self.folders, self.settings, self)
        self.downloads = Downloads(self)
        self.reading_ahead = ReadingAhead(self)
        self.windows: list[MainWindow] = []
        self._quitting = False
        self._looking = asyncio.Lock()
        self.slots.failed.connect(self.say)
        self.words.failed.connect(self.say)
        self.words.changed.connect(self._words_changed)
        self.settings.changed.connect(self._settings_changed)
        self.router.engine_ready.connect(self._engine_ready)
        self.router.finished.connect(self.slots.wrap(self._learn))
        self.app.setWindowIcon(window_icon())
        self.dress()

    # --- look and language

    def dress(self) -> None:
        """Puts theme and language of the preferences on."""
        self.theme = THEMES[self.settings.preferences.theme]
        apply_theme(self.app, self.theme)
        self.theme_changed.emit()

    def _settings_changed(self, names: set[str]) -> None:
        if "theme" in names:
            self.dress()
        if "language" in names:
            self.languages.use(self.settings.preferences.language)
        if names & ENGINE_PREFERENCES and isinstance(self.client, ProcessClient):
            self.slots.start(self.client.renew(child_settings(self.settings.preferences)))
        if names & {"undo_megabytes", "undo_steps_in_file"}:
            for window in self.windows:
                window.apply_undo_budget()

    def _words_changed(self) -> None:
        for window in self.windows:
            window.form.set_wording(self.words.wording)

    # --- engine and models

    @cached_property
    def paces(self) -> PaceBook:
        """How fast each model is here; read when it is wanted first."""
        from desktop.generation.paces import PaceBook

        return PaceBook(self.folders.config / "paces.json", self)

    def _engine_ready(self, device: str, dtype: str) -> None:
        self.engine = (device, dtype)

    async def _learn(self, request: GenerationRequest, facts: Mapping[str, Any]) -> None:
        info = next((one for one in self.models if one.id == request.model), None)
        if info is not None:
            from desktop.generation.worn import worn_by  # with planning, which a start does not need

            await self.paces.learn(request, info, facts, worn_by(request, self.words.wording))

    async def start_engine(self) -> None:
        """Listens to the engine, starts it ahead of the first job, and looks what models there are."""
        self.router.start()
        await self.rescan()
        await self.library_watch.start()
        if isinstance(self.client, ProcessClient):
            await self.client.start()

    async def rescan(self) -> None:
        """Looks through the model folders in a thread and tells all forms."""
        async with self._looking:  # else what an older look saw could come last
            self.take_models(await asyncio.to_thread(self.library.refresh))
            await self.words.look(self.library)

    async def _library_changed(self) -> None:
        """Models came or went on the disk, and the library has scanned."""
        async with self._looking:
            self.take_models(await asyncio.to_thread(self.library.models))
            await self.words.look(self.library)

    @cached_property
    def library_watch(self) -> LibraryWatch:
        """Notices what changes in the model folders."""
        from desktop.library_watch import LibraryWatch  # with the first look at the library

        watch = LibraryWatch(self.library, self)
        watch.changed.connect(self.slots.wrap(self._library_changed))
        return watch

    def take_models(self, models: Sequence[ModelInfo]) -> None:
        """The library found these; those with a problem are not offered in the prompt panel."""
        known, self.models = self.models, list(models)
        for window in self.windows if known != self.models else ():  # filling a list of thousands takes a while
            self._offer_models(window)
        self.models_changed.emit()

    def _offer_models(self, window: MainWindow) -> None:
        """Its form has what there is now; where its model went and another stepped in, that is said."""
        before = window.form.model_info()
        window.form.set_models(self.usable_models())
        now = window.form.model_info()
        if before is not None and now is not None and before.id != now.id:
            sentence = self.tr("{gone} cannot be used any more: it has left the library. {now} paints from here on.")
            window.say(sentence.format(gone=before.name, now=now.name))

    def usable_models(self) -> list[ModelInfo]:
        """Models that can be chosen in the form: those that paint pictures that stand still."""
        return [info for info in self.models if not info.problem and not only_animates(info)]

    # --- windows

    def say(self, sentence: str) -> None:
        """Shows a sentence in the window that is in front."""
        active = [window for window in self.windows if window.isActiveWindow()] or self.windows[-1:]
        for window in active:
            window.banner.say(sentence)

    def add_window(self, session: Session) -> MainWindow:
        """A window for a session, shown."""
        window = MainWindow(self, session)
        self.windows.append(window)
        window.closed.connect(self._window_closed)
        window.show()
        self.note_open()
        return window

    def new_window(self) -> MainWindow:
        """A window with a fresh untitled painting. Raises CanvasError when the disk refuses."""
        return self.add_window(Session.new(self.folders.data))

    async def open_files(self, paths: Sequence[Path], over: MainWindow | None = None) -> None:
        """Opens paintings in windows of their own, and pictures as layers of the window `over` or of a fresh one.

        An untouched painting in `over` makes room for the first one.
        """
        pictures = [path for path in paths if not is_painting(path)]
        for path in paths:
            if is_painting(path):
                await self._open_painting(await asyncio.to_thread(path.resolve), over)
                over = over if over in self.windows else None
        if pictures:
            window = over or self.new_window()
            await window.importer.import_files(pictures)

    async def _open_painting(self, path: Path, over: MainWindow | None) -> None:
        for window in self.windows:
            if window.session.path == path:
                window.activateWindow()
                return
        note = ""
        if path.suffix.casefold() in LAYERED:
            from desktop.layered_files import open_with_card  # with Pillow: not for every start

            opened = await open_with_card(path, self.folders.data, over.view if over is not None else None)
            if opened is None:
                return
            session, note = opened.session, opened.note
        else:
            session = await open_painting(path, self.folders.data)
        window = self.add_window(session)
        if note:
            window.say(spoken(note))
        if not session.untitled:
            self.settings.add_recent(session.path)
        if over is not None and over.session.untitled and over.session.is_untouched:
            over.close()

    async def reopen(self, paths: Sequence[Path]) -> list[str]:
        """Opens the paintings of the last run that are still there; returns a sentence for each that failed."""
        problems: list[str] = []
        for path in paths:
            if not await asyncio.to_thread(path.exists):
                problems.append(self.tr("{0} is no longer there.").format(path))
                continue
            try:
                self.add_window(await open_painting(path, self.folders.data, copy_busy=False))
            except CanvasError as error:
                log.warning("Could not reopen %s: %s", path, error)
                problems.append(str(error))
        return problems

    def note_open(self) -> None:
        """Writes down which paintings are open: after a kill the next start opens them."""
        if not self._quitting:
            self.settings.remember(open=[str(window.session.to_reopen) for window in self.windows])

    def _window_closed(self, window: MainWindow) -> None:
        if window in self.windows:
            last = len(self.windows) == 1
            if last and not self._quitting:
                self.note_open()  # closing the last window is a quit: the painting comes back at the next start
                self._quitting = True
            self.windows.remove(window)
            self.note_open()
        if not self.windows:
            self.slots.start(self._shut_down())

    def quit(self) -> None:
        """Closes every window and ends; the next start opens the same paintings."""
        self.note_open()
        self._quitting = True
        for window in list(self.windows):
            window.close()
        if not self.windows:
            self.finished.emit()

    async def _shut_down(self) -> None:
        await self.downloads.finish()
        await self.slots.finish()
        self.finished.emit()

    async def close_engine(self) -> None:
        """Ends the router, the engine's process and the look at model folders."""
        await self.library_watch.stop()
        await self.router.stop()
        await self.client.close()


def is_painting(path: Path) -> bool:
    """Whether a file opens as a document rather than as a picture."""
    return path.suffix.casefold() in (SUFFIX, *LAYERED)
