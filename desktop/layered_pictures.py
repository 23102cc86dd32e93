"""Files with layers beside the window's events: what draws goes in short slices, all else in a thread that can stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from canvas.formats.layered import StopSign
from desktop.gathering import SLICE_SECONDS, Progress

Made = TypeVar("Made")


class Advancing(Protocol):
    """Work of the window's thread that can be done bit by bit."""

    @property
    def progress(self) -> float:
        """How much is done, 0 to 1."""
        ...

    def advance(self, seconds: float = 1e9) -> bool:
        """Do some for about so long; whether all is done."""
        ...


async def in_slices(work: Advancing, progress: Progress) -> None:
    """All of it, with the window's turn between any two slices."""
    while not work.advance(SLICE_SECONDS):
        progress(work.progress)
        await asyncio.sleep(0)
    progress(1.0)


async def in_thread(make: Callable[[StopSign], Made], progress: Progress) -> Made:
    """What `make` makes in a thread; it tells the sign how far it is, 0 to 1.

    A cancelled task waits until the thread has stopped, so that nothing is left behind.
    """
    loop = asyncio.get_running_loop()
    sign = StopSign(lambda part: loop.call_soon_threadsafe(progress, part) and None)
    work = asyncio.ensure_future(asyncio.to_thread(make, sign))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        sign.stop()
        await asyncio.wait([work])
        work.exception()  # it was asked for: nothing is left to complain about
        raise


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """A progress whose 0..1 are a stretch of a longer one."""
    return lambda part: progress(start + (end - start) * part)
