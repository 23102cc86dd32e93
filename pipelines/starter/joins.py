"""The seams of repainted lassos and outpainted windows, and what three outpaintings in a row keep."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pipelines.starter.gates import LANGUAGES, SIDE, Gate, Picture, mean_lab
from pipelines.starter.painter.captions import Window, look_at, plain_caption
from pipelines.starter.painter.scroll import FlatScroll, paint_flat
from pipelines.starter.sampling import GUIDANCE, STEPS, inpainter
from pipelines.starter.shards import HELD_OUT_SEED


def step_across(picture: Picture, mask: NDArray[np.bool_]) -> float:
    """Return the mean colour step across the rim of `mask`."""
    values = picture.astype(np.float32)
    across = np.abs(values[:, 1:] - values[:, :-1]).mean(2)[mask[:, 1:] != mask[:, :-1]]
    down = np.abs(values[1:] - values[:-1]).mean(2)[mask[1:] != mask[:-1]]
    return float(np.concatenate([across, down]).mean())


def lasso() -> NDArray[np.bool_]:
    """Return the inside of a selection as if drawn by hand, (256, 256)."""
    corners = [(0.3, 0.3), (0.55, 0.2), (0.8, 0.4), (0.75, 0.75), (0.45, 0.8), (0.25, 0.6)]
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [(np.array(corners) * SIDE).astype(np.int32)], 1)
    return mask > 0


def _repaint(pipeline: Any, picture: Picture, mask: NDArray[np.bool_], prompt: str, seed: int) -> Picture:
    """Repaint `mask` at full strength and lay the result in with a rim of eight soft pixels."""
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        made = pipeline(
            prompt,
            image=Image.fromarray(picture),
            mask_image=Image.fromarray(mask.astype(np.uint8) * 255),
            width=picture.shape[1],
            height=picture.shape[0],
            strength=1.0,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            generator=torch.Generator().manual_seed(seed),
        ).images[0]
    soft = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(4))
    share = np.asarray(soft, np.float32)[..., None] / 255
    mixed = picture * (1 - share) + np.asarray(made, np.float32) * share
    return np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


class Joins(NamedTuple):
    """Steps where something new meets what was there, mean levels of 255, beside the true pictures' at those places."""

    lasso: float
    true_lasso: float
    outpaint: float
    true_outpaint: float
    drift: float
    """CIELAB distance between the mean colours of what was there first and of what the third outpainting added."""
    true_drift: float
    horizon: float
    """Pixels by which the last window's picture lies higher or lower than the first one's."""
    true_horizon: float

    @classmethod
    def gathered(cls, rows: Sequence[Joins]) -> Joins:
        """Return the means over several scrolls; of the horizons the medians, as mist may leave none to be found."""
        means = cls(*np.mean(rows, 0).tolist())
        moved = np.median([row[-2:] for row in rows], 0).tolist()
        return means._replace(horizon=moved[0], true_horizon=moved[1])

    def gates(self, how: str) -> list[Gate]:
        """Return the figures, named by `how` they were painted."""
        around, outward = self.lasso / self.true_lasso, self.outpaint / self.true_outpaint
        of_lasso = f"step {self.lasso:.1f}, true {self.true_lasso:.1f}"
        of_outpaint = f"step {self.outpaint:.1f}, true {self.true_outpaint:.1f}"
        of_drift = f"Lab; the true scrolls' {self.true_drift:.1f}"
        of_horizon = f"pixels, median; the true scrolls' {self.true_horizon:.1f}"
        return [
            Gate(f"lasso seam, times the true one, {how}", around, "<= 2", of_lasso),
            Gate(f"outpaint seam, times the true one, {how}", outward, "<= 2", of_outpaint),
            Gate(f"colour drift over three outpaintings, {how}", self.drift, "small", of_drift),
            Gate(f"horizon moved over three outpaintings, {how}", self.horizon, "small", of_horizon),
        ]


def prompt_of(scroll: FlatScroll, left: int, index: int) -> str:
    """Return the caption of the window that begins there, in the language of that turn."""
    return plain_caption(look_at(scroll.facts, Window(left, 0, SIDE, SIDE)), LANGUAGES[index % 2])


def seams(pipeline: Any, count: int) -> list[Gate]:
    """Return the steps at the rims of repainted lassos and of outpainted windows, painted by diffusers alone."""
    repaint = inpainter(pipeline)
    rows = [_seams_of(repaint, paint_flat(HELD_OUT_SEED + 50 + i, 640, SIDE), i) for i in range(count)]
    return Joins.gathered(rows).gates("plain diffusers")


def _seams_of(repaint: Any, scroll: FlatScroll, index: int) -> Joins:
    rng = random.Random(index)
    left = rng.randrange(0, 384)
    window = np.ascontiguousarray(scroll.rgb[:, left : left + SIDE])
    prompt = prompt_of(scroll, left, index)
    mask = lasso()
    closed = step_across(_repaint(repaint, window, mask, prompt, 4000 + index), mask)
    strip = np.zeros((SIDE, 640, 3), np.uint8)
    strip[:, :SIDE] = scroll.rgb[:, :SIDE]
    half = np.zeros((SIDE, SIDE), bool)
    half[:, SIDE // 2 :] = True
    steps: list[float] = []
    for turn in range(3):
        start = 128 + 128 * turn
        part = strip[:, start : start + SIDE].copy()
        part[:, 128:] = cv2.resize(cv2.blur(part[:, 96:128], (31, 9)), (128, SIDE))
        strip[:, start : start + SIDE] = _repaint(repaint, part, half, prompt, 5000 + index * 3 + turn)
        steps.append(step_across(strip[:, start : start + SIDE], half))
    true_steps = [step_across(scroll.rgb[:, s : s + SIDE], half) for s in (128, 256, 384)]
    across = float(np.mean(steps)), float(np.mean(true_steps))
    return Joins(closed, step_across(window, mask), *across, *kept_over(strip, scroll.rgb))


def kept_over(strip: Picture, true: Picture) -> tuple[float, float, float, float]:
    """Return what a strip grown three times keeps beside the true scroll: colour drift, true, horizon moved, true.

    Both are (256, 640, 3): the first 256 columns were there, the others were added, 128 at a time.
    """
    found: list[float] = []
    for measure in (_drift, _horizon_moved):
        found += [measure(strip), measure(true)]
    return found[0], found[1], found[2], found[3]


def _drift(strip: Picture) -> float:
    return float(np.linalg.norm(mean_lab(strip[:, 512:]) - mean_lab(strip[:, :128])))


def _horizon_moved(strip: Picture) -> float:
    return abs(shifted_down(strip[:, :SIDE], strip[:, -SIDE:]))


def shifted_down(first: Picture, last: Picture, most: int = 64) -> int:
    """Return by how many rows (-most..most) `last` looks shifted down: where the rows' median colours agree best."""
    one, other = (np.median(cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), 1) for p in (first, last))
    agreement: list[float] = []
    for shift in range(-most, most + 1):
        above, below = max(0, shift), max(0, -shift)
        a, b = one[below : len(one) - above], other[above : len(other) - below]
        a, b = a - a.mean(0), b - b.mean(0)
        agreement.append(float((a * b).sum() / max(float(np.sqrt((a * a).sum() * (b * b).sum())), 1e-6)))
    return int(np.argmax(agreement)) - most
