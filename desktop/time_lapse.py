"""A time-lapse of a painting: the patches of its film put together one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.formats.animation import Film, write_animation
from canvas.formats.layered import Stopped, StopSign
from canvas.geometry import NOTHING, Bounds
from canvas.pixels import put_on_paper
from canvas.project.film import FilmEntry
from desktop.gathering import Progress, gather
from desktop.session import Session, paper_rgb

LEAST_PATCHES = 2
GATHERED_SIDE = 8192
"""Up to this size, canvas pixels a side, the film ends with the painting as it is; larger ones with its last patch."""


@dataclass(frozen=True)
class LapseJob:
    """What to write where."""

    path: Path
    """The suffix decides the format."""
    area: Bounds = NOTHING
    """Canvas pixels that are shown; empty for everything that was ever painted."""
    seconds: float = 20.0
    """How long the film takes, but for its end."""
    fps: int = 24
    side: int = 960
    """Largest side in pixels."""
    hold_ms: int = 2000
    """How long the finished painting stays."""


async def export_time_lapse(session: Session, job: LapseJob, progress: Progress) -> None:
    """Writes a film of how the painting came to be. Raises CanvasError; a cancelled task leaves no file."""
    film = session.project.film
    await asyncio.wrap_future(session.project.flush())
    entries = await asyncio.to_thread(film.entries)
    area = job.area if not job.area.is_empty else united(entries)
    entries = [entry for entry in entries if not entry.bounds.intersected(area).is_empty]
    if len(entries) < LEAST_PATCHES:
        raise CanvasError(
            "There is no film of this part of the painting yet. Paint for a while: a small picture is kept every "
            "few seconds, as long as the preferences say so."
        )
    end = None
    if max(area.width, area.height) <= GATHERED_SIDE:
        end = await gather(session.document, session.compositor, area, lambda part: progress(part * 0.1))
    lapse = Lapse(area, job, entries, film.picture)
    await in_thread(lambda stop: lapse.write(end, stop), lambda part: progress(0.1 + 0.9 * part))


async def in_thread(write: Callable[[StopSign], object], progress: Progress) -> None:
    """Writes beside the window; a cancelled task stops the writing and waits until it has tidied up."""
    loop = asyncio.get_running_loop()
    stop = StopSign(lambda part: _tell(loop, progress, part))
    work = asyncio.ensure_future(asyncio.to_thread(write, stop))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.stop()
        await asyncio.gather(work, return_exceptions=True)
        raise


def _tell(loop: asyncio.AbstractEventLoop, progress: Progress, part: float) -> None:
    loop.call_soon_threadsafe(progress, part)


def united(entries: Sequence[FilmEntry]) -> Bounds:
    """All that the film ever shows."""
    whole = NOTHING
    for entry in entries:
        whole = whole.united(entry.bounds)
    return whole


class Lapse:
    """Puts patches together into frames. Any thread."""

    def __init__(
        self, area: Bounds, job: LapseJob, entries: Sequence[FilmEntry], picture: Callable[[int], bytes]
    ) -> None:
        self.area, self.job, self.entries = area, job, entries
        self._picture = picture
        self.scale = min(1.0, job.side / max(area.width, area.height))
        # Even sides: what film codecs want.
        self.width = max(2, round(area.width * self.scale) // 2 * 2)
        self.height = max(2, round(area.height * self.scale) // 2 * 2)

    def write(self, end: NDArray[np.uint8] | None, stop: StopSign) -> None:
        """Writes the film; `end` is the painting as it is now, (h, w, 4) straight RGBA of the area, or None."""
        count = min(max(2, round(self.job.seconds * self.job.fps)), self.most_frames)
        fps = max(1.0, min(self.job.fps, count / self.job.seconds))
        film = Film(count, self.width, self.height, fps, self.job.hold_ms)
        try:
            write_animation(self.job.path, self.frames(count, end), film, stop)
        except Stopped as error:
            raise asyncio.CancelledError from error

    @property
    def most_frames(self) -> int:
        """One frame shows at least one patch."""
        return len(self.entries) + 1

    def frames(self, count: int, end: NDArray[np.uint8] | None = None) -> Iterator[NDArray[np.uint8]]:
        """So many (h, w, 3) RGB frames on paper, the last of which is `end`."""
        canvas = np.zeros((self.height, self.width, 4), np.uint8)
        waiting = iter(self.entries)
        shown, last = 0, count - 1 if end is not None else count
        for number in range(last):
            due = -(-len(self.entries) * (number + 1) // last)
            while shown < due:
                self._lay(canvas, next(waiting))
                shown += 1
            yield on_paper(canvas)
        if end is not None:
            yield on_paper(
                np.asarray(cv2.resize(end, (self.width, self.height), interpolation=cv2.INTER_AREA), np.uint8)
            )

    def _lay(self, canvas: NDArray[np.uint8], entry: FilmEntry) -> None:
        """Puts a patch in its place, over what was there."""
        from PIL import Image  # not for every start

        place = entry.bounds.translated(-self.area.x, -self.area.y)
        # Edges are rounded one by one, so that patches side by side leave no gap.
        left, right = round(place.x * self.scale), round(place.right * self.scale)
        top, bottom = round(place.y * self.scale), round(place.bottom * self.scale)
        x0, x1 = max(left, 0), min(right, self.width)
        y0, y1 = max(top, 0), min(bottom, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        patch = np.asarray(Image.open(BytesIO(self._picture(entry.number))).convert("RGBA"))
        sized = cv2.resize(patch, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        canvas[y0:y1, x0:x1] = sized[y0 - top : y1 - top, x0 - left : x1 - left]


def on_paper(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w, 3) RGB of straight RGBA on the paper."""
    laid = rgba.copy()
    put_on_paper(laid, paper_rgb())
    return laid[..., :3]
