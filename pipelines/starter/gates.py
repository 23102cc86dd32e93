"""The measures that judge the starter: adherence, seams, outpainting, colour, seconds. Fixed seeds throughout."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pipelines.starter.judge import Judge, judge_pictures
from pipelines.starter.labels import JUDGED
from pipelines.starter.painter.captions import Window, look_at, plain_caption
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.painter.scroll import FlatScroll, paint_flat
from pipelines.starter.painter.words import MOOD_WORDS, OBJECT_WORDS, WASH_WORDS, Language
from pipelines.starter.sampling import GUIDANCE, STEPS, inpainter, paint
from pipelines.starter.shards import HELD_OUT_SEED

Picture = NDArray[np.uint8]
_SIDE = 256
OBJECT_GATE = "object: "
"""What the name of a gate of one kind of object begins with."""
_LANGUAGES: tuple[Language, Language] = ("en", "zh")
_SETTING = {"en": ("mountains", "water", "clear day", "high peaks"), "zh": ("山", "水", "晴天", "高山")}


@dataclass(frozen=True)
class Gate:
    """One measured figure."""

    name: str
    """What was measured."""
    value: float
    """The figure."""
    target: str
    """What it should be."""
    note: str
    """Chance, the true pictures' figure, or how it was measured."""


def _joined(words: list[str], language: Language) -> str:
    return ("，" if language == "zh" else ", ").join(words)


def adherence(pipeline: Any, judge: Judge, each: int, steps: int = STEPS) -> list[Gate]:
    """Return how often the judge sees what was asked for, `each` pictures per word, English and Chinese in turn."""
    gates: list[Gate] = []
    moods, washes, objects = _prompts(each)
    verdict = judge_pictures(judge, paint(pipeline, [p for p, _ in moods], seed=1000, steps=steps))
    right = [seen == asked for seen, (_, asked) in zip(verdict.moods, moods, strict=True)]
    gates.append(
        Gate("mood obeyed", float(np.mean(right)), ">= 0.85", f"chance {1 / len(MOODS):.2f}, {len(right)} pictures")
    )
    pictures = paint(pipeline, [p for p, _ in washes], seed=2000, steps=steps)
    verdict = judge_pictures(judge, pictures)
    right = [seen == asked for seen, (_, asked) in zip(verdict.washes, washes, strict=True)]
    gates.append(
        Gate("wash obeyed", float(np.mean(right)), ">= 0.80", f"chance {1 / len(WASHES):.2f}, {len(right)} pictures")
    )
    gates.append(_colour_distance(pictures, [asked for _, asked in washes]))
    seen = judge_pictures(judge, paint(pipeline, [p for p, _ in objects], seed=3000, steps=steps)).objects
    return gates + _objects(seen, [name for _, name in objects])


def _objects(seen: NDArray[np.bool_], asked: list[str]) -> list[Gate]:
    """Return how often objects are seen that were asked for: all together, then kind by kind beside their chance."""
    wanted = np.array([[kind == name for kind in JUDGED] for name in asked])
    note = f"seen unasked {seen[~wanted].mean():.2f}, {len(asked)} pictures"
    gates = [Gate("object seen", float(seen[wanted].mean()), ">= 0.70", note)]
    for i, kind in enumerate(JUDGED):
        here = wanted[:, i]
        note = f"seen unasked {seen[~here, i].mean():.2f}, {here.sum()} pictures"
        gates.append(Gate(f"{OBJECT_GATE}{kind}", float(seen[here, i].mean()), ">= 0.70", note))
    return gates


def _prompts(each: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (prompt, name) pairs for moods, washes and objects."""
    moods: list[tuple[str, str]] = []
    washes: list[tuple[str, str]] = []
    objects: list[tuple[str, str]] = []
    for i in range(each):
        language = _LANGUAGES[i % 2]
        mountains, water, day, peaks = _SETTING[language]
        moods += [(_joined([MOOD_WORDS[language][m][0], mountains, water], language), m) for m in MOODS]
        washes += [(_joined([WASH_WORDS[language][w][0], peaks, day], language), w) for w in WASHES]
        for kind in JUDGED:
            word = OBJECT_WORDS[language][kind][i // 2 % len(OBJECT_WORDS[language][kind])]
            objects.append((_joined([word, mountains, water], language), kind))
    return moods, washes, objects


def mean_lab(picture: Picture) -> NDArray[np.floating]:
    """Return the mean colour of a picture in CIE Lab."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(lab.reshape(-1, 3).mean(0), np.float64)


def _colour_distance(pictures: list[Picture], washes: list[str]) -> Gate:
    """Return the mean distance (Lab) between made pictures and the painter's mean colour of the same wash."""
    true: dict[str, NDArray[np.floating]] = {}
    spread: list[float] = []
    for wash in WASHES:
        colours = [mean_lab(paint_flat(HELD_OUT_SEED + i, 512, _SIDE, "clear", wash).rgb) for i in range(6)]
        true[wash] = np.mean(colours, 0)
        spread += [float(np.linalg.norm(c - true[wash])) for c in colours]
    made = [float(np.linalg.norm(mean_lab(p) - true[w])) for p, w in zip(pictures, washes, strict=True)]
    return Gate(
        "colour distance to the wash", float(np.mean(made)), "small", f"the painter's own {np.mean(spread):.1f}"
    )


def step_across(picture: Picture, mask: NDArray[np.bool_]) -> float:
    """Return the mean colour step across the rim of `mask`."""
    values = picture.astype(np.float32)
    across = np.abs(values[:, 1:] - values[:, :-1]).mean(2)[mask[:, 1:] != mask[:, :-1]]
    down = np.abs(values[1:] - values[:-1]).mean(2)[mask[1:] != mask[:-1]]
    return float(np.concatenate([across, down]).mean())


def lasso() -> NDArray[np.bool_]:
    """Return the inside of a selection as if drawn by hand, (256, 256)."""
    corners = [(0.3, 0.3), (0.55, 0.2), (0.8, 0.4), (0.75, 0.75), (0.45, 0.8), (0.25, 0.6)]
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.fillPoly(mask, [(np.array(corners) * _SIDE).astype(np.int32)], 1)
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
    """CIELAB distance between the mean colours of the first window and of what the third outpainting added."""
    true_drift: float

    def gates(self, how: str) -> list[Gate]:
        """Return the figures, named by `how` they were painted."""
        around, outward = self.lasso / self.true_lasso, self.outpaint / self.true_outpaint
        of_lasso = f"step {self.lasso:.1f}, true {self.true_lasso:.1f}"
        of_outpaint = f"step {self.outpaint:.1f}, true {self.true_outpaint:.1f}"
        of_drift = f"Lab; the true scrolls' {self.true_drift:.1f}"
        return [
            Gate(f"lasso seam, times the true one, {how}", around, "<= 2", of_lasso),
            Gate(f"outpaint seam, times the true one, {how}", outward, "<= 2", of_outpaint),
            Gate(f"colour drift over three outpaintings, {how}", self.drift, "small", of_drift),
        ]


def prompt_of(scroll: FlatScroll, left: int, index: int) -> str:
    """Return the caption of the window that begins there, in the language of that turn."""
    return plain_caption(look_at(scroll.facts, Window(left, 0, _SIDE, _SIDE)), _LANGUAGES[index % 2])


def seams(pipeline: Any, count: int) -> list[Gate]:
    """Return the steps at the rims of repainted lassos and of outpainted windows, painted by diffusers alone."""
    repaint = inpainter(pipeline)
    rows = [_seams_of(repaint, paint_flat(HELD_OUT_SEED + 50 + i, 640, _SIDE), i) for i in range(count)]
    return Joins(*np.mean(rows, 0).tolist()).gates("plain diffusers")


def _seams_of(repaint: Any, scroll: FlatScroll, index: int) -> tuple[float, ...]:
    rng = random.Random(index)
    left = rng.randrange(0, 384)
    window = np.ascontiguousarray(scroll.rgb[:, left : left + _SIDE])
    prompt = prompt_of(scroll, left, index)
    mask = lasso()
    closed = step_across(_repaint(repaint, window, mask, prompt, 4000 + index), mask)
    strip = np.zeros((_SIDE, 640, 3), np.uint8)
    strip[:, :_SIDE] = scroll.rgb[:, :_SIDE]
    half = np.zeros((_SIDE, _SIDE), bool)
    half[:, _SIDE // 2 :] = True
    steps: list[float] = []
    for turn in range(3):
        start = 128 + 128 * turn
        part = strip[:, start : start + _SIDE].copy()
        part[:, 128:] = cv2.resize(cv2.blur(part[:, 96:128], (31, 9)), (128, _SIDE))
        strip[:, start : start + _SIDE] = _repaint(repaint, part, half, prompt, 5000 + index * 3 + turn)
        steps.append(step_across(strip[:, start : start + _SIDE], half))
    true_steps = [step_across(scroll.rgb[:, s : s + _SIDE], half) for s in (128, 256, 384)]
    drift = float(np.linalg.norm(mean_lab(strip[:, 512:]) - mean_lab(strip[:, :128])))
    true_drift = float(np.linalg.norm(mean_lab(scroll.rgb[:, 512:]) - mean_lab(scroll.rgb[:, :128])))
    return closed, step_across(window, mask), float(np.mean(steps)), float(np.mean(true_steps)), drift, true_drift


def speed(pipeline: Any) -> list[Gate]:
    """Return the CPU seconds of one picture of 12 steps at 256 and at 512 pixels."""
    gates: list[Gate] = []
    for side, limit in ((256, 2), (512, 6)):
        began = time.process_time()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            pipeline("mountains, lake", width=side, height=side, num_inference_steps=12, guidance_scale=GUIDANCE)
        seconds = time.process_time() - began
        gates.append(Gate(f"CPU seconds at {side} x {side}, 12 steps", seconds, f"<= {limit}", "one thread, bfloat16"))
    return gates
