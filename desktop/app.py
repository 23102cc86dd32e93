"""Starts the window: builds every object in order and hands it down. Torch is never part of this process."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from canvas.errors import CanvasError
from canvas.paging import tune_malloc
from desktop.collecting import GarbageTimer
from desktop.engine_home import child_settings
from desktop.generation.jobs import JobRouter
from desktop.i18n import Languages
from desktop.layer_clipboard import release_clipboard
from desktop.program import Parts, Program
from desktop.settings import Folders, Settings
from desktop.spoken import spoken
from pipelines.client.process import ProcessClient
from pipelines.library.registry import Library, default_index

log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
CLOSE_SECONDS = 12


def main(files: Sequence[str | Path] = ()) -> int:
    """Opens the window with these files, or with the paintings of the last time; returns the exit code."""
    tune_malloc()
    folders = Folders.find()
    keep_log(folders)
    settings = Settings(folders.config / "settings.json")
    app = make_application()
    languages = Languages(app)
    languages.use(settings.preferences.language)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    library = Library(index=default_index())
    client = ProcessClient(library, child_settings(settings.preferences))
    router = JobRouter(client)
    program = Program(Parts(app, folders, settings, languages, library, client, router))
    report_everything(program, loop)
    with loop:
        return loop.run_until_complete(live(program, [Path(file) for file in files]))


async def live(program: Program, files: Sequence[Path]) -> int:
    """The program's life: windows first, the engine after the first paint, everything put away at the end."""
    ended = asyncio.Event()
    program.finished.connect(ended.set)
    collector = GarbageTimer(program)
    stop_on_signals(program)
    problems = await first_windows(program, files)
    if not program.windows:
        return say_and_fail(problems)
    for sentence in problems:
        program.say(spoken(sentence))
    QTimer.singleShot(0, lambda: program.slots.start(program.start_engine()))
    await ended.wait()
    release_clipboard()
    try:
        await asyncio.wait_for(program.close_engine(), CLOSE_SECONDS)
    except TimeoutError:
        log.error("The engine did not end within %d seconds.", CLOSE_SECONDS)
    collector.stop()
    return 0


async def first_windows(program: Program, files: Sequence[Path]) -> list[str]:
    """Opens the files, else the paintings of the last time, else a fresh one; returns what went wrong."""
    problems: list[str] = []
    settings = program.settings
    try:
        if files:
            await program.open_files(files)
        elif settings.preferences.reopen_last:
            problems = await program.reopen([Path(name) for name in settings.remembered.open])
    except CanvasError as error:
        problems.append(str(error))
    if not program.windows:
        try:
            program.new_window()
        except CanvasError as error:
            problems.append(str(error))
    return problems


def say_and_fail(problems: Sequence[str]) -> int:
    """No window could be opened: the reasons go to the terminal."""
    sys.stderr.write("\n".join(problems) + "\n")
    return 1


def make_application() -> QApplication:
    """The Qt application, named, ending only when we say so."""
    app = QApplication(["handscroll"])
    app.setApplicationName("handscroll")
    app.setApplicationDisplayName("Handscroll")
    app.setDesktopFileName("handscroll")
    app.setQuitOnLastWindowClosed(False)
    return app


def keep_log(folders: Folders) -> None:
    """Warnings and errors go to a file in the data folder, and to the terminal."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        folders.data.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(folders.log_file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        )
    except OSError as error:
        sys.stderr.write(f"The log file {folders.log_file} cannot be written: {error}\n")
    logging.basicConfig(
        level=logging.WARNING, handlers=handlers, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def report_everything(program: Program, loop: asyncio.AbstractEventLoop) -> None:
    """What nobody caught, in slots, threads and tasks, goes to the log and the banner instead of ending anything."""

    def from_slot(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            program.quit()
        else:
            program.slots.report(error)

    def from_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            loop.call_soon_threadsafe(program.slots.report, hook.exc_value)

    def from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            program.slots.report(error)
        else:
            log.error("%s", context.get("message"))

    sys.excepthook = from_slot
    threading.excepthook = from_thread
    loop.set_exception_handler(from_loop)


def stop_on_signals(program: Program) -> None:
    """Ctrl+C in the terminal, and a session that ends, close the program politely."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, program.quit)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
            return
