"""Upscale: a region made larger by Lanczos or by a network, in tiles; on demand painted over in overlapping windows."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from pipelines.contract.errors import JobCancelled
from pipelines.contract.events import EngineEvent, Loading, Preview, Progress, Started
from pipelines.contract.request import LANCZOS, Fill, GenerationRequest, Pixels
from pipelines.engine.job_queue import Job
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.passes import refine
from pipelines.engine.run import Run
from pipelines.engine.upscalers import Upscaler, load_upscaler
from pipelines.engine.workshop import Workshop
from pipelines.planning.box import Box
from pipelines.planning.fills import fill_under
from pipelines.planning.passes import Pass, detail_pass
from pipelines.planning.patch import resize
from pipelines.planning.sizes import RunLimits, limits_of
from pipelines.planning.steps import steps_for, steps_run
from pipelines.planning.windows import window_weights, windows_of

TILE_SIDES = (256, 128, 64)
"""Of what a network enlarges at once, pixels of the small picture; the next one when memory ran out."""
_OVERLAP = 24
"""Neighbouring tiles share that many pixels of the small picture; they are blended there."""
_PREVIEW_SIDE = 512
_PREVIEW_INTERVAL = 0.25
"""Seconds between previews at least."""


@dataclass(eq=False)
class Enlarging:
    """The first half of a job: the picture enlarged, tile by tile."""

    job: Job
    emit: Callable[[EngineEvent], None]
    later_steps: int = 0
    """Steps that painting over it will add."""
    tiles_done: int = 0
    steps: int = 0
    """Of the whole job, once it has begun."""
    seconds: float = 0.0
    result: Pixels | None = None
    """RGBA of the result's size when it is done."""
    _last_preview: float = -math.inf
    _started: float = field(default_factory=time.perf_counter)

    def enlarge(self, upscaler: Upscaler | None) -> Pixels:
        """RGBA of the request's result size; None = Lanczos. Alpha goes the same way as a picture of its own.

        Raises JobCancelled.
        """
        request = self.job.request
        assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
        colour, alpha = _opaque_colour(request.image), request.image[..., 3]
        plain = alpha.min() == alpha.max()
        width, height = request.result_size
        if upscaler is None:
            self._begin(1)
            rgb = resize(colour, width, height)
            self._tile_done(rgb)
        else:
            rgb = self._thriftily(upscaler, colour, passes=1 if plain else 2)
        if plain:
            large_alpha = np.full((height, width), alpha.flat[0], np.uint8)
        elif upscaler is None:
            large_alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LANCZOS4).astype(np.uint8)
        else:
            large_alpha = self._thriftily(upscaler, np.repeat(alpha[..., None], 3, axis=2), passes=1)[..., 1]
        self.seconds = time.perf_counter() - self._started
        return np.dstack([rgb, large_alpha])

    def _thriftily(self, upscaler: Upscaler, picture: Pixels, passes: int) -> Pixels:
        """In tiles as large as memory allows."""
        for side in TILE_SIDES:
            tiles = windows_of(picture.shape[1], picture.shape[0], side, _OVERLAP, 8)
            self._begin(len(tiles) * passes)
            before = self.tiles_done
            try:
                return self._in_tiles(upscaler, picture, tiles)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error) or side == TILE_SIDES[-1]:
                    raise
                self.tiles_done, self.steps = before, 0
        raise AssertionError("There is always a last side.")  # pragma: no cover

    def _in_tiles(self, upscaler: Upscaler, picture: Pixels, tiles: tuple[Box, ...]) -> Pixels:
        width, height = self.job.request.result_size
        across, down = width / picture.shape[1], height / picture.shape[0]
        result = resize(picture, width, height).copy()  # what a preview shows where no tile is done yet
        for tile in tiles:
            self._check()
            made = upscaler.enlarge(picture[tile.slices])
            place, fitted = _fitted(made, tile, (across, down), upscaler.scale)
            _crossfade(result, fitted, place, round(_OVERLAP * max(across, down)))
            self._tile_done(result)
        return result

    def _check(self) -> None:
        if self.job.cancelled.is_set():
            raise JobCancelled(f"Job {self.job.id} was cancelled.")

    def _begin(self, tiles: int) -> None:
        self._check()
        if self.steps == 0:
            self.steps = self.tiles_done + tiles + self.later_steps
            self.emit(Started(self.job.id, steps=self.steps))

    def _tile_done(self, result: Pixels) -> None:
        self.tiles_done += 1
        now = time.perf_counter()
        left = (now - self._started) / self.tiles_done * max(0, self.steps - self.tiles_done)
        self.emit(Progress(self.job.id, step=self.tiles_done, steps=self.steps, seconds_left=left))
        if now - self._last_preview >= _PREVIEW_INTERVAL:
            self._last_preview = now
            self.emit(Preview(self.job.id, step=self.tiles_done, index=0, image=_small(result)))


class Enlarger:
    """Enlarges what jobs bring and keeps the network used last. Used by the engine's one thread only."""

    def __init__(self, workshop: Workshop) -> None:
        self._at = workshop
        self._kept: Upscaler | None = None

    def enlarge(self, job: Job) -> Enlarging:
        """The job's picture enlarged. Raises JobCancelled, ModelError and whatever torch raises."""
        request = job.request
        upscaler = None if request.upscaler == LANCZOS else self._acquire(job)
        later = 0
        if request.strength > 0.0:
            later = steps_over(request, limits_of(self._at.library.resolve(request.model)))
        enlarging = Enlarging(job, self._at.emit, later)
        enlarging.result = enlarging.enlarge(upscaler)
        return enlarging

    def _acquire(self, job: Job) -> Upscaler:
        info = self._at.library.resolve(job.request.upscaler)
        if self._kept is None or (self._kept.info.path, self._kept.info.modified_ns) != (info.path, info.modified_ns):
            self._kept = None
            self._at.emit(Loading(job.id, model=info.name))
            self._kept = load_upscaler(info, self._at.device, self._at.interrupt)
        return self._kept


def steps_over(request: GenerationRequest, limits: RunLimits) -> int:
    """Steps that painting over the enlarged pictures takes, each window of a step counted."""
    if steps_for(request.num_inference_steps, request.strength) == 0:
        return 0
    pass_ = _detail(request, limits)
    steps = steps_run(request.num_inference_steps, pass_.strength)
    return steps * len(pass_.windows) * request.num_images_per_prompt


def _detail(request: GenerationRequest, limits: RunLimits) -> Pass:
    return detail_pass((request.width, request.height), request.result_size, limits, request.strength)


def paint_over(run: Run) -> list[Pixels]:
    """The second half of a job: `run.enlarged` painted over in windows as far as the strength says; RGBA patches of
    the result size, alpha as enlarged. Raises JobCancelled."""
    request, enlarged = run.job.request, run.enlarged
    assert enlarged is not None  # noqa: S101 - the studio has enlarged it before
    count = request.num_images_per_prompt
    if steps_for(request.num_inference_steps, request.strength) == 0:
        return patches_of(enlarged, count)
    colour, alpha = np.ascontiguousarray(enlarged[..., :3]), enlarged[..., 3]
    run.frame_preview = lambda rgb: np.dstack([rgb, resize(alpha, rgb.shape[1], rgb.shape[0])])
    pass_ = _detail(request, run.limits)
    painted = refine(run, [colour] * count, pass_)
    width, height = request.result_size
    return [_cut_out(np.dstack([resize(rgb, width, height), alpha])) for rgb in painted]


def patches_of(enlarged: Pixels, count: int) -> list[Pixels]:
    """What a job without painting over gives."""
    return [_cut_out(enlarged)] * count


def _cut_out(rgba: Pixels) -> Pixels:
    """Colour is zero wherever alpha is."""
    return np.where(rgba[..., 3:] > 0, rgba, 0).astype(np.uint8)


def _opaque_colour(image: Pixels) -> Pixels:
    """RGB whose transparent pixels continue what is around them, so that no fringe comes in at an edge."""
    empty = (image[..., 3] == 0).astype(np.float32)
    return fill_under(np.ascontiguousarray(image[..., :3]), empty, Fill.BLUR, 0)


def _fitted(made: Pixels, tile: Box, grown: tuple[float, float], scale: int) -> tuple[Box, Pixels]:
    """A tile's picture, enlarged by `scale`, brought to the result's pixels: where it lies there, and the pixels."""
    edges = [tile.left * grown[0], tile.top * grown[1], tile.right * grown[0], tile.bottom * grown[1]]
    left, top, right, bottom = (round(edge) for edge in edges)
    place = Box(left, top, right - left, bottom - top)
    if all(abs(edge - round(edge)) < 1e-6 for edge in edges):
        return place, resize(made, place.width, place.height)
    shrinks = [scale / one for one in grown]
    if max(shrinks) > 1.0:
        spread = 0.4 * math.sqrt(max(shrinks) ** 2 - 1.0)
        made = cv2.GaussianBlur(made, (0, 0), max(spread, 0.1))  # type: ignore[assignment]
    back = np.zeros((2, 3), np.float64)
    for axis, (start, inner) in enumerate(((left, tile.left), (top, tile.top))):
        back[axis, axis] = shrinks[axis]
        back[axis, 2] = (start + 0.5) * shrinks[axis] - inner * scale - 0.5
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (place.width, place.height)
    fitted = cv2.warpAffine(made, back, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return place, fitted.astype(np.uint8)


def _crossfade(result: Pixels, tile: Pixels, place: Box, overlap: int) -> None:
    """Lays a tile into `result`; towards tiles above it and left of it, which are there already, it fades in."""
    weight = window_weights(place, place.right, place.bottom, overlap)[..., None]
    under = result[place.slices]
    result[place.slices] = np.rint(under * (1.0 - weight) + tile * weight).astype(np.uint8)


def _small(result: Pixels) -> Pixels:
    """An opaque preview."""
    scale = min(1.0, _PREVIEW_SIDE / max(result.shape[:2]))
    size = (max(1, round(result.shape[1] * scale)), max(1, round(result.shape[0] * scale)))
    small = resize(result, *size)
    return np.dstack([small, np.full(small.shape[:2], 255, np.uint8)])
