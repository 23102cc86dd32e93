"""Paint during denoise: what a person paints into a running picture is taken in with the next step.

A stroke is set over what the running picture is heading for, encoded, and the clean part of the latents is moved there
while their noise stays exactly as it is: nothing but the picture's content changes, and every scheduler goes on from
it. The place is held on the stroke for the first half of the steps that are left; in the other half the model is free
to work it in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.engine.job_queue import Amendment
from pipelines.engine.latents import encode_picture
from pipelines.engine.loader import LoadedModel
from pipelines.engine.preview import CleanEstimate, paint_preview
from pipelines.engine.schedulers import noised
from pipelines.planning.amended import clipped, only_new, paint_over
from pipelines.planning.box import Box
from pipelines.planning.patch import resize

CELL = 8
"""Pixels of the run to a latent cell."""
_HELD = 0.5
"""How much of the steps left after an amendment its place is held."""
_AROUND = 4
"""Cells around a stroke that are encoded with it: the encoder looks past its cell."""
_SURE = 0.25
"""Coverage of a cell that counts as wholly painted: a thin stroke is a stroke."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """Where a picture is being painted."""

    model: LoadedModel
    crop: Box
    """The part of the request that is painted, canvas pixels."""
    size: tuple[int, int]
    """Width and height at which it is painted, pixels."""
    look: Pixels | None = None
    """(height, width, 4) of the whole request before any amendment: only what differs from it is a stroke."""
    original: torch.Tensor | None = None
    """(1, channels, rows, columns): the clean latents that kept places go back to; strokes are put into them."""


def with_amendments(request: GenerationRequest, amendments: deque[Amendment]) -> GenerationRequest:
    """The request as it would be, had it been made after the amendments; without an image it stays as it is."""
    if request.image is None or not amendments:
        return request
    image = request.image.copy()
    for amendment in list(amendments):
        paint_over(image, amendment.x, amendment.y, amendment.pixels)
    return replace(request, image=image)


class Amending:
    """Takes a job's amendments into one picture, from the first, whenever they came: later pictures of a batch and a
    second attempt begin with all of them."""

    def __init__(self, amendments: deque[Amendment], canvas: Canvas, estimate: CleanEstimate) -> None:
        self._amendments, self._canvas, self._estimate = amendments, canvas, estimate
        self._taken = 0
        self._look: Pixels | None = None
        self._wanted: torch.Tensor | None = None
        """(1, channels, rows, columns): clean latents of the strokes."""
        self._hold: torch.Tensor | None = None
        """(1, 1, rows, columns): how strongly a cell is held on them, 0..1."""
        self._free_at: torch.Tensor | None = None
        """(1, 1, rows, columns): number of done steps from which on it is free."""

    @torch.inference_mode()
    def after_step(self, pipe: Any, step: int, tensors: dict[str, Any]) -> list[tuple[int, Box]]:
        """Changes `latents` in `tensors`, after step number `step` (from 0).

        Gives what was just taken in: numbers of the amendments and their boxes, request pixels.
        """
        if not getattr(pipe.scheduler, "state_in_first_order", True):
            return []  # the second half of a Heun step builds on the first; it must find its own latents
        clean = self._estimate.latents()
        if clean is None:
            return []
        done, steps = step + 1, int(pipe.num_timesteps)
        boxes: list[tuple[int, Box]] = []
        while self._taken < len(self._amendments):
            number, amendment = self._taken, self._amendments[self._taken]
            self._taken += 1
            box = Box(amendment.x, amendment.y, amendment.pixels.shape[1], amendment.pixels.shape[0])
            if self._take(amendment, clean, done, steps):
                boxes.append((number, box))
        if boxes and hasattr(pipe.scheduler, "lower_order_nums"):
            pipe.scheduler.lower_order_nums = 0  # earlier steps, from which it extrapolates, knew nothing of the stroke
        self._lead(pipe, clean, done, steps, tensors)
        return boxes

    def _take(self, amendment: Amendment, clean: torch.Tensor, done: int, steps: int) -> bool:
        """Adds a stroke to what is wanted; False when it lies outside of what is painted, or shows nothing new."""
        rows, columns = clean.shape[-2:]
        stroke = _place(self._fresh(amendment), self._canvas.crop, (columns * CELL, rows * CELL))
        if stroke is None:
            return False
        cells, paint = stroke
        part = (..., *cells.slices)
        now = paint_preview(self._canvas.model, clean[part])
        now = resize(now, cells.width * CELL, cells.height * CELL).astype(np.float32)
        alpha = paint[..., 3:]
        picture = np.clip(np.rint(paint[..., :3] + now * (1.0 - alpha)), 0, 255).astype(np.uint8)
        wanted = encode_picture(self._canvas.model, picture).to(clean)
        cover = cv2.resize(paint[..., 3], (cells.width, cells.height), interpolation=cv2.INTER_AREA)
        weight = torch.from_numpy(np.clip(cover / _SURE, 0.0, 1.0)).to(clean)[None, None]
        if self._wanted is None or self._hold is None or self._free_at is None:
            self._wanted, self._hold = clean.clone(), torch.zeros_like(clean[:, :1])
            self._free_at = torch.zeros_like(self._hold)
        still = torch.where(self._free_at[part] > done, self._hold[part], 0.0)
        touched = weight > 0
        self._wanted[part] = torch.where(touched, wanted, self._wanted[part])
        self._hold[part] = torch.where(touched, torch.maximum(weight, still), self._hold[part])
        self._free_at[part] = torch.where(touched, done + (steps - done) * _HELD, self._free_at[part])
        if self._canvas.original is not None:
            original = self._canvas.original[part]
            original += (weight * (wanted - original)).to(original)
        return True

    def _fresh(self, amendment: Amendment) -> Amendment:
        """The amendment without what looked like that before."""
        if self._look is None:
            if self._canvas.look is None:
                return amendment
            self._look = self._canvas.look.copy()
        at = amendment.x, amendment.y
        fresh = only_new(self._look, *at, amendment.pixels)
        paint_over(self._look, *at, amendment.pixels)
        return replace(amendment, pixels=fresh)

    def _lead(self, pipe: Any, clean: torch.Tensor, done: int, steps: int, tensors: dict[str, Any]) -> None:
        """Moves the content of the held cells to what is wanted; the noise in them stays."""
        if self._wanted is None or self._hold is None or self._free_at is None:
            return
        # What was taken in with this very step counts once at least, even with the last one.
        fresh = self._free_at >= done
        move = torch.where(fresh, self._hold, 0.0) * (self._wanted - clean)
        if not bool(move.any()):
            return
        latents = tensors["latents"]
        if done < steps:
            following = pipe.scheduler.timesteps[-steps:][done : done + 1]
            move = noised(pipe.scheduler, move, torch.zeros_like(move), following)
        tensors["latents"] = latents + move.to(latents)
        if hasattr(pipe.scheduler, "last_sample"):
            pipe.scheduler.last_sample = None  # UniPC would correct the stroke away


def _place(amendment: Amendment, crop: Box, size: tuple[int, int]) -> tuple[Box, NDArray[np.float32]] | None:
    """The cells around an amendment and its paint in their pixels, premultiplied RGBA: colour in 0..255, alpha in 0..1.

    None when nothing of it is painted. `size`: width and height of the run, pixels.
    """
    pixels = amendment.pixels
    part = clipped(Box(amendment.x, amendment.y, pixels.shape[1], pixels.shape[0]), crop)
    if part is None:
        return None
    above, beside = part.top - amendment.y, part.left - amendment.x
    cut = pixels[above : above + part.height, beside : beside + part.width].astype(np.float32)
    alpha = cut[..., 3:] / 255.0
    if not alpha.any():
        return None
    across, down = size[0] / crop.width, size[1] / crop.height
    left, top = round((part.left - crop.left) * across), round((part.top - crop.top) * down)
    width, height = max(1, round(part.width * across)), max(1, round(part.height * down))
    width, height = min(width, size[0] - left), min(height, size[1] - top)
    if width < 1 or height < 1:
        return None
    shrinks = width <= part.width and height <= part.height
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    paint = cv2.resize(np.dstack([cut[..., :3] * alpha, alpha]), (width, height), interpolation=how)
    first = max(0, left // CELL - _AROUND), max(0, top // CELL - _AROUND)
    last = -(-(left + width) // CELL) + _AROUND, -(-(top + height) // CELL) + _AROUND
    last = min(size[0] // CELL, last[0]), min(size[1] // CELL, last[1])
    cells = Box(*first, last[0] - first[0], last[1] - first[1])
    whole = np.zeros((cells.height * CELL, cells.width * CELL, 4), np.float32)
    row, column = top - cells.top * CELL, left - cells.left * CELL
    whole[row : row + height, column : column + width] = paint
    return cells, whole
