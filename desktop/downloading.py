"""Downloads as the window sees them: the queue's threads on one side, Qt's signals on the other.

The queue, and with it everything that knows the network, is made when a person opens the downloads for the first time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.naming import named
from desktop.spoken import spoken

if TYPE_CHECKING:
    from desktop.program import Program
    from pipelines.library.downloads.keys import Keys, Site
    from pipelines.library.downloads.plan import Plan
    from pipelines.library.downloads.queue import Download, DownloadQueue
    from pipelines.library.downloads.stop import Stop
    from pipelines.library.downloads.transport import Http

LOOK_MS = 200
"""How often the queue is looked at while something is under way."""


class Summary(NamedTuple):
    """All downloads that are under way, as one."""

    running: int
    fraction: float | None
    """None: a server has yet to say how much will come."""
    speed: float
    """Bytes a second."""


class Downloads(QObject):
    """The program's downloads; every window shows the same."""

    changed = Signal()
    """Something moved."""
    states_changed = Signal()
    """A download came, began, ended, was paused or went."""
    arrived = Signal(str)
    """A model is there: its title."""
    failed = Signal(str)
    """One that could not be had: a sentence."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._queue: DownloadQueue | None = None
        self._states: dict[str, str] = {}
        self._timer = named(QTimer(self), "downloadsTimer", interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def opened(self) -> bool:
        """Whether anybody has asked for the downloads since the program began."""
        return self._queue is not None

    @property
    def queue(self) -> DownloadQueue:
        """The queue with what is left of the last time, paused. A window calls `open` first."""
        if self._queue is None:
            self._queue = _make_queue(self._program.folders.data / "downloads.json")
        return self._queue

    async def open(self) -> None:
        """Makes the queue off the window's thread, once."""
        if self._queue is None:
            made = await asyncio.to_thread(_make_queue, self._program.folders.data / "downloads.json")
            self._queue = self._queue or made
            self.look()

    @property
    def folder(self) -> Path:
        """The model folder that downloads go to."""
        chosen = self._program.settings.remembered.download_folder
        return Path(chosen) if chosen else self._program.folders.data / "models"

    def choose_folder(self, folder: Path) -> None:
        """Where downloads go from now on."""
        self._program.settings.remember(download_folder=str(folder))

    def listed(self) -> list[Download]:
        """Every download as it stands now; none before they were opened."""
        return self.queue.downloads() if self.opened else []

    @property
    def summary(self) -> Summary:
        """How far those are that are under way."""
        from pipelines.library.downloads.queue import OPEN

        under_way = [one for one in self.listed() if one.state in OPEN]
        total = sum(one.total or 0 for one in under_way)
        known = bool(under_way) and all(one.total for one in under_way)
        fraction = sum(one.done for one in under_way) / total if known and total else None
        return Summary(len(under_way), fraction, sum(one.speed for one in under_way))

    async def plan(self, ask: Callable[[Http, Keys, Stop], Plan], stop: Stop) -> Plan:
        """Asks a site in a thread. Raises as `make_plan`."""
        await self.open()
        return await asyncio.to_thread(ask, self.queue.http, self.queue.keys, stop)

    async def keep_key(self, site: Site, key: str) -> str:
        """Keeps a site's key; gives a sentence where it will not last. Raises DownloadError when it can be none."""
        await self.open()
        return await asyncio.to_thread(self.queue.keys.set, site, key)

    async def forget_keys(self) -> str:
        """Forgets the keys of all sites; gives a sentence where one is still there."""
        from pipelines.library.downloads.keys import ENVIRONMENT

        told = [await self.keep_key(site, "") for site in ENVIRONMENT]
        return next(filter(None, told), "")

    async def start(self, plan: Plan) -> str:
        """Begins a download; gives its id. Raises DownloadError when it is there already."""
        await self.open()
        made = await asyncio.to_thread(self.queue.add, plan, self.folder)
        self.look()
        return made

    def act(self, verb: str, download_id: str) -> None:
        """`pause`, `resume`, `cancel` or `remove` of the queue."""
        getattr(self.queue, verb)(download_id)
        self.look()

    async def pause_all(self) -> None:
        """Pauses whatever is under way."""
        await self.open()
        self.queue.pause_all()
        self.look()

    async def resume_all(self) -> int:
        """Goes on with all that is paused or broken; gives how many."""
        from pipelines.library.downloads.queue import State

        await self.open()
        waiting = [one.id for one in self.listed() if one.state in (State.PAUSED, State.FAILED)]
        for download_id in waiting:
            self.queue.resume(download_id)
        self.look()
        return len(waiting)

    def look(self) -> None:
        """Sees how the queue stands, and tells what is different."""
        listed = self.listed()
        before, self._states = self._states, {one.id: one.state.value for one in listed}
        for one in listed:
            if before.get(one.id) in ("queued", "running") and one.state.value == "done":
                self._program.slots.start(self._take_in(one))
            elif before.get(one.id) in ("queued", "running") and one.state.value == "failed":
                self.failed.emit(f"{one.plan.title}: {spoken(one.sentence)}")
        busy = any(state in ("queued", "running") for state in self._states.values())
        if busy and not self._timer.isActive():
            self._timer.start()
        elif not busy:
            self._timer.stop()
        self.changed.emit()
        if before != self._states:
            self.states_changed.emit()

    async def _take_in(self, one: Download) -> None:
        """The library looks at what came."""
        library = self._program.library
        if one.root not in library.folders:
            await asyncio.to_thread(library.add_folder, one.root)
        await self._program.rescan()
        self.arrived.emit(one.plan.title)

    async def finish(self) -> None:
        """Pauses everything: the program ends."""
        self._timer.stop()
        if self.opened:
            await asyncio.to_thread(self.queue.close)


def _make_queue(memory: Path) -> DownloadQueue:
    from pipelines.library.downloads.keys import Keys
    from pipelines.library.downloads.queue import DownloadQueue
    from pipelines.library.downloads.transport import Http

    return DownloadQueue(Http(), Keys(), memory)
