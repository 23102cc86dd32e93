"""What live painting sees: the frame as it looks now, no larger than the model likes, gathered in short slices."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.gathering import SLICE_SECONDS
from desktop.generation.asking import plain_request
from desktop.generation.controls import Guide, gather_guides, with_guides
from desktop.generation.form import GenerationSettings
from desktop.generation.live_settings import LiveSettings
from desktop.generation.regions import Placed, placed_regions, region_prompts
from desktop.generation.wording import Wording
from desktop.pieces import pieces
from desktop.view.fresh_strokes import pixels_on_paper
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import Fill, GenerationRequest, RegionPrompt, Task
from pipelines.planning.sizes import RunLimits, limits_of, run_size

LIVE_PRIORITY = -10
"""Below everything that a painter asks for."""
PIECE = 256
MOST_LEVELS = 6


@dataclass(frozen=True, eq=False)
class Shot:
    """What one live picture is made of."""

    request: GenerationRequest
    """At the size of the picture that is painted, which may be smaller than the frame."""
    bounds: Bounds
    """The frame, canvas pixels."""
    base: NDArray[np.uint8]
    """(h, w, 3) RGB of `area`."""
    area: Bounds
    """The frame in canvas pixels / 2^level, rounded outwards."""
    level: int
    digest: str
    """Equal for two that would give the same picture."""
    placed: tuple[Placed, ...] = ()
    """Places with words of their own, in the order of the request's regions."""
    guides: tuple[Guide, ...] = ()
    """Control layers."""


@dataclass(frozen=True)
class Wish:
    """What the painter has set, at the moment a picture is begun."""

    form: GenerationSettings
    live: LiveSettings
    info: ModelInfo | None
    """The chosen model, None when it has gone."""
    wording: Wording = field(default_factory=Wording)
    """What the words may name."""


def painted_size(frame: Bounds, info: ModelInfo | None) -> tuple[int, int]:
    """Width and height at which a frame is painted: its own, or what covers the model's native square at most."""
    limits = limits_of(info) if info is not None else RunLimits(512, 1.0, 1.0, 1.0)
    if frame.width * frame.height <= limits.native**2:
        return max(frame.width, 16), max(frame.height, 16)
    width, height = run_size(frame.width, frame.height, replace(limits, min_area=0.0, max_area=1.0))
    return max(width, 16), max(height, 16)


async def shoot(document: Document, compositor: Compositor, wish: Wish) -> Shot:
    """The frame as it looks now, the stroke under the pen included. Raises CanvasError and InvalidRequestError."""
    frame, selection = document.frame, document.selection
    size, placed = painted_size(frame, wish.info), placed_regions(document, frame)
    shrink = min(frame.width / size[0], frame.height / size[1])
    level = min(max(int(math.log2(shrink)), 0), MOST_LEVELS) if shrink > 1 else 0
    step = 1 << level
    corners = [(frame.x / step, frame.y / step), (frame.right / step, frame.bottom / step)]
    area = Bounds.around(corners)
    base = await _gather(compositor, area, level)
    guides = await gather_guides(document, compositor, frame)
    shot = Shot(_request(wish, frame, size, placed), frame, base, area, level, "", placed, guides)
    return await asyncio.to_thread(_freeze, shot, selection, wish.wording)


async def _gather(compositor: Compositor, area: Bounds, level: int) -> NDArray[np.uint8]:
    base = np.empty((area.height, area.width, 3), np.uint8)
    began = time.perf_counter()
    for piece in pieces(area, PIECE):
        top, left = piece.y - area.y, piece.x - area.x
        base[top : top + piece.height, left : left + piece.width] = pixels_on_paper(compositor, piece, level)
        if time.perf_counter() - began > SLICE_SECONDS:
            await asyncio.sleep(0)
            began = time.perf_counter()
    return base


def _request(wish: Wish, frame: Bounds, size: tuple[int, int], placed: Sequence[Placed]) -> GenerationRequest:
    """Without pixels yet."""
    form, live = wish.form, wish.live
    said = [one.region.prompt for one in placed]
    words = wish.wording.resolve(form, live.seed, more=said)
    return replace(
        plain_request(Task.IMAGE_TO_IMAGE, frame, form, words, live.seed),
        num_inference_steps=live.num_inference_steps,
        strength=live.strength,
        scheduler=live.scheduler_for(wish.info),
        width=size[0],
        height=size[1],
        mask_grow=form.mask_grow,
        mask_feather=form.mask_feather,
        fill=Fill.ORIGINAL,
        priority=LIVE_PRIORITY,
    )


def _freeze(shot: Shot, selection: Selection, wording: Wording) -> Shot:
    """Pixels at the painted size, the selection as a mask, and the digest; any thread. Raises InvalidRequestError."""
    request, frame, area = shot.request, shot.bounds, shot.area
    size, step = (request.width, request.height), 1 << shot.level
    exact = (frame.x / step - area.x, frame.y / step - area.y, frame.width / step, frame.height / step)
    rgb = shot.base if exact == (0, 0, *size) and shot.base.shape[:2] == size[::-1] else _resampled(shot, exact)
    image = np.dstack([rgb, np.full(size[::-1], 255, np.uint8)])
    coverage = None if selection.is_empty else selection.coverage(frame)
    if coverage is not None and coverage.any():
        mask = _shrunk(coverage, size)
        request = replace(request, task=Task.INPAINT, mask=mask if mask.any() else np.full_like(mask, 255))
    said = region_prompts(shot.placed, lambda _: request.prompt, frame, None, request.seed, wording)
    regions = tuple(RegionPrompt(words.prompt, _shrunk(words.mask, size)) for _, words in said)
    request = with_guides(replace(request, image=image, regions=regions), shot.guides, wording)
    request.check()
    told = json.dumps(request.to_dict(), sort_keys=True).encode()
    digest = hashlib.blake2b(told, digest_size=16)
    digest.update(shot.base.tobytes())
    shown = (one.image for one in (*request.controls, *request.references))
    for array in (request.mask, *(region.mask for region in regions), *shown):
        digest.update(b"" if array is None else array.tobytes())
    placed = tuple(one for one, _ in said)
    return replace(shot, request=request, digest=digest.hexdigest(), placed=placed)


def _shrunk(coverage: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA), np.uint8)


def _resampled(shot: Shot, exact: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    """The frame out of `base` at the painted size; `exact` is the frame in pixels of `base`, with fractions."""
    left, top, width, height = exact
    size = (shot.request.width, shot.request.height)
    if (left, top) == (0, 0) and (width, height) == shot.base.shape[1::-1]:
        return np.asarray(cv2.resize(shot.base, size, interpolation=cv2.INTER_AREA), np.uint8)
    across, down = width / size[0], height / size[1]
    # Pixel centres: the middle of the first painted pixel is half of one inside the frame.
    matrix = np.array([[across, 0, left + across / 2 - 0.5], [0, down, top + down / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(shot.base, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)
