"""The measures that judge the starter: adherence, colour, seconds; `joins.py` has the seams. Fixed seeds throughout."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.starter.judge import Judge, judge_pictures
from pipelines.starter.labels import JUDGED
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.painter.scroll import paint_flat
from pipelines.starter.painter.words import MOOD_WORDS, OBJECT_WORDS, WASH_WORDS, Language
from pipelines.starter.sampling import GUIDANCE, STEPS, paint
from pipelines.starter.shards import HELD_OUT_SEED

Picture = NDArray[np.uint8]
SIDE = 256
OBJECT_GATE = "object: "
"""What the name of a gate of one kind of object begins with."""
LANGUAGES: tuple[Language, Language] = ("en", "zh")
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
        language = LANGUAGES[i % 2]
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
        colours = [mean_lab(paint_flat(HELD_OUT_SEED + i, 512, SIDE, "clear", wash).rgb) for i in range(6)]
        true[wash] = np.mean(colours, 0)
        spread += [float(np.linalg.norm(c - true[wash])) for c in colours]
    made = [float(np.linalg.norm(mean_lab(p) - true[w])) for p, w in zip(pictures, washes, strict=True)]
    return Gate(
        "colour distance to the wash", float(np.mean(made)), "small", f"the painter's own {np.mean(spread):.1f}"
    )


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
