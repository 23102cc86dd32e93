"""A queue of events between any thread and one asyncio consumer. Works under asyncio's loops and Qt's alike."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from pipelines.contract.events import EngineEvent, Preview


class EventStream:
    """`put` and `close` on the loop's thread; `put_from_thread` from anywhere. Old previews give way to new ones."""

    def __init__(self) -> None:
        self._events: deque[EngineEvent] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._closed = False

    def put(self, event: EngineEvent) -> None:
        """Adds an event; ignored after `close`."""
        if self._closed:
            return
        if isinstance(event, Preview):
            for old in list(self._events):
                if isinstance(old, Preview) and (old.job_id, old.index) == (event.job_id, event.index):
                    self._events.remove(old)
        self._events.append(event)
        self._wake()

    def put_from_thread(self, loop: asyncio.AbstractEventLoop, event: EngineEvent) -> None:
        """Adds an event from another thread; dropped when the loop has ended meanwhile."""
        try:
            loop.call_soon_threadsafe(self.put, event)
        except RuntimeError:
            return  # the loop is closed: nobody is left to hear it

    def close(self) -> None:
        """Ends the iteration once what is queued has been read."""
        self._closed = True
        self._wake()

    async def events(self) -> AsyncIterator[EngineEvent]:
        """Everything put, in order, until `close`. One consumer."""
        while True:
            while self._events:
                yield self._events.popleft()
            if self._closed:
                return
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
