"""One open painting: its document, its project file and what the window says about them."""

from __future__ import annotations

import asyncio
import contextlib
import re
from datetime import datetime
from pathlib import Path
from typing import Self

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QColor

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.project.project import Project

UNTITLED_FOLDER = "untitled"
SUFFIX = ".scroll"
PAPER = "#fbfaf7"
FIRST_FRAME = Bounds(0, 0, 512, 512)
DATED = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?")
"""The names of paintings that have none yet."""


class Session(QObject):
    """Document, project file and compositor of one window. Everything painted is on disk within a second or two."""

    titleChanged = Signal(str)
    saveStateChanged = Signal(str)
    """`saved`, `saving` or `problem`."""
    problem = Signal(str)
    """A sentence about the project file."""
    damaged = Signal(str)
    """A part of the project file turned out to be broken, in a sentence: see `rescue`."""
    _stateFromWriter = Signal(str)
    _problemFromWriter = Signal(str)
    _damageFromReader = Signal(str)
    _readAgain = Signal()

    def __init__(self, project: Project, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.document: Document = project.document
        self.compositor = Compositor(self.document, QColor(PAPER))
        self._data_dir = data_dir
        self._closed = False
        self._changes = 0
        self.notice = ""
        """What was unusual about opening this painting, for the person at the screen."""
        self.origin: Path | None = None
        """The file that this untitled painting began as a copy of."""
        # The writer thread emits; a queued connection brings it to this thread.
        self._stateFromWriter.connect(self.saveStateChanged, Qt.ConnectionType.QueuedConnection)
        self.saveStateChanged.connect(lambda _: self.project.tend())
        self._problemFromWriter.connect(self.problem, Qt.ConnectionType.QueuedConnection)
        self._damageFromReader.connect(self.damaged, Qt.ConnectionType.QueuedConnection)
        self._readAgain.connect(self._look_again, Qt.ConnectionType.QueuedConnection)
        self._disconnects = [
            project.care.damaged.connect(self._damageFromReader.emit),
            project.state_changed.connect(self._stateFromWriter.emit),
            project.problem.connect(self._problemFromWriter.emit),
            project.care.unreachable.connect(self._problemFromWriter.emit),
            project.care.reachable.connect(lambda _: self._readAgain.emit()),
            self.document.changed.connect(self._count_change),
        ]

    @classmethod
    def new(cls, data_dir: Path, frame: Bounds = FIRST_FRAME) -> Self:
        """A fresh untitled painting; its file is there from the start. Raises CanvasError when it cannot be made."""
        name = QCoreApplication.translate("LayersPanel", "Layer {number}").format(number=1)
        return cls.of_document(Document.new(frame, name), data_dir)

    @classmethod
    def of_document(cls, document: Document, data_dir: Path) -> Self:
        """An untitled painting that begins with this document. Raises CanvasError when its file cannot be made."""
        return cls(untitled_project(document, data_dir), data_dir)

    @classmethod
    def open(cls, path: Path, data_dir: Path) -> Self:
        """An existing painting. Raises CanvasError when it is missing, damaged, too new or open elsewhere."""
        session = cls(Project.open(path), data_dir)
        session.notice = " ".join(session.project.complaints)  # such as undo steps that a newer version wrote
        return session

    @property
    def path(self) -> Path:
        """The project file."""
        return Path(self.project.path)

    @property
    def untitled(self) -> bool:
        """Whether the painting still lies among the untitled ones of the data folder."""
        return self.path.parent == self._data_dir / UNTITLED_FOLDER

    @property
    def title(self) -> str:
        """What the painting is called."""
        nameless = self.untitled and DATED.fullmatch(self.path.stem)
        return QCoreApplication.translate("Session", "Untitled") if nameless else self.path.stem

    @property
    def to_reopen(self) -> Path:
        """The file that the next start opens: of a copy that nobody worked on, its original."""
        return self.origin if self.origin is not None and self._is_mere_copy else self.path

    @property
    def _is_mere_copy(self) -> bool:
        return self.origin is not None and self.untitled and not self._changes

    @property
    def save_state(self) -> str:
        """`saved`, `saving` or `problem`."""
        return self.project.state

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was ever painted, generated or undone here."""
        history = self.document.history
        return not (
            not self.document.generations.is_empty
            or history.can_undo
            or history.can_redo
            or any(len(layer.surface) for layer in self.document.tree.surfaces())
        )

    def _look_again(self) -> None:
        """The file can be read again: what was hatched is shown, and the message goes unless there is other trouble."""
        self.compositor.try_again()
        self.saveStateChanged.emit(self.project.state)

    async def save(self) -> None:
        """Returns when everything is safely on the disk. Raises CanvasError."""
        await asyncio.wrap_future(self.project.save())

    async def save_as(self, path: Path) -> None:
        """Copies the painting to `path` and goes on there; an untitled file is taken away after it."""
        before, was_untitled = self.path, self.untitled
        await asyncio.wrap_future(self.project.save_as(path.with_suffix(SUFFIX)))
        if was_untitled and before != self.path:
            await asyncio.to_thread(remove_project_file, before)
        self.titleChanged.emit(self.title)

    async def rescue(self) -> None:
        """Goes on in a new file with what can be read of a damaged one; `notice` says what is missing.

        Raises CanvasError when no place can be written; the painting then stays in memory.
        """
        from desktop.opening import rescue_places, rescue_sentence  # which knows sessions

        before, failure = self.path, CanvasError("")
        for target in await asyncio.to_thread(lambda: list(rescue_places(before, self._data_dir))):
            try:
                losses = await asyncio.wrap_future(self.project.care.rescue(target))
            except CanvasError as error:
                failure = error
                continue
            self.project.care.rescued(losses)
            self.notice = rescue_sentence(before, losses, self.path)
            self.titleChanged.emit(self.title)
            return
        raise failure

    async def abandon(self) -> None:
        """Lets go of the file without what could not be written."""
        await asyncio.to_thread(self.project.abandon)
        self._let_go()

    async def close(self) -> None:
        """Writes what is left and lets the file go; a painting nobody touched leaves no file. Safe to call twice."""
        if self._closed:
            return
        path, throw_away = self.path, self.untitled and (self.is_untouched or self._is_mere_copy)
        await asyncio.to_thread(self.project.close)
        self._let_go()  # only now: a full disk keeps the project open, and closing may be tried again
        if throw_away:
            await asyncio.to_thread(remove_project_file, path)

    def _let_go(self) -> None:
        self._closed = True
        self.compositor.close()
        for disconnect in self._disconnects:
            disconnect()

    def _count_change(self, change: DocumentChange) -> None:
        if change.kind in (ChangeKind.HISTORY, ChangeKind.GENERATIONS):
            self._changes += 1


def untitled_project(document: Document, data_dir: Path, name: str = "") -> Project:
    """A project file among the untitled ones that begins with this document. Raises CanvasError when it cannot be made.

    `name` is what the painting is called until it has a place of its own; by default nothing.
    Any thread, as long as nobody else has the document yet: a large one takes longer than a window can wait.
    """
    folder = data_dir / UNTITLED_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise CanvasError(f"The folder {folder} for new paintings cannot be made: {reason}.") from error
    return Project.create(_fresh_path(folder, name), document)


def remove_project_file(path: Path) -> None:
    """Deletes a project file and what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _fresh_path(folder: Path, name: str = "") -> Path:
    stem = name or datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    path, number = folder / f"{stem}{SUFFIX}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){SUFFIX}", number + 1
    return path


def paper_rgb() -> tuple[int, int, int]:
    """The paper's colour, each 0..255."""
    paper = QColor(PAPER)
    return paper.red(), paper.green(), paper.blue()
