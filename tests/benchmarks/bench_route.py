"""How well a painting grows along a route: `python -m tests.benchmarks.bench_route [--json] [--pictures FOLDER]`.

The starter paints routes of twelve windows to the right, downwards and along a bend, exactly as the window asks for
them. Drift is the CIEDE2000 difference between the mean colour of what a window added and that of the first two
windows; the seam is the gradient energy where windows join over that of lines beside it. The same windows painted
one after the other by plain requests, without shared noise, soft joins and balance, stand beside them.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.routes import Route, Stretch
from desktop.generation.form import GenerationSettings
from desktop.generation.route_window import WindowTerms, anchor_box, freeze_window, laid_down
from pipelines.planning.box import Box
from pipelines.planning.route import Ground, bare_ground, plan_route
from tests.benchmarks.bench_edits import PaintingEngine
from tests.benchmarks.edit_measures import delta_e, lab, seam
from tests.benchmarks.rows import Row, emit, median

WINDOWS = 12
SIDE = 256
DRIFT_LIMIT, SEAM_LIMIT = 3.0, 1.15
SETTINGS = GenerationSettings(prompt="", num_inference_steps=14, guidance_scale=2.0)
PROMPT = "mountains, pines, water, mist"
Picture = NDArray[np.uint8]


def routes() -> dict[str, Route]:
    """Lines of twelve windows each or a few more."""
    across = SIDE / 2 + (WINDOWS - 1) * SIDE * 0.6 - SIDE * 0.1
    bend = tuple((round(t * 1500), round(300 * math.sin(t * math.tau))) for t in np.linspace(0, 1, 9))
    base = Route(((0, 0), (1, 1)), width=SIDE, overlap=40, stretches=(Stretch(0, PROMPT),), seed=7)
    middle = SIDE // 2
    return {
        "right": replace(base, points=((middle, middle), (round(across), middle))),
        "down": replace(base, points=((middle, middle), (middle, round(across)))),
        "bend": replace(base, points=bend, curved=True),
    }


@dataclass
class Canvas:
    """A picture that grows."""

    ground: Ground
    pixels: Picture = field(init=False)

    def __post_init__(self) -> None:
        rows, columns = self.ground.known.shape
        self.pixels = np.zeros((rows * 8, columns * 8, 4), np.uint8)

    def at(self, box: Box) -> Picture:
        """A view of a window."""
        left, top = box.left - self.ground.left * 8, box.top - self.ground.top * 8
        return self.pixels[top : top + box.height, left : left + box.width]

    def lay(self, box: Box, patch: Picture) -> None:
        """Composes a patch over it."""
        here = self.at(box)
        alpha, below = patch[..., 3:].astype(np.float32) / 255, here[..., 3:].astype(np.float32) / 255
        total = alpha + below * (1 - alpha)
        colour = (patch[..., :3] * alpha + here[..., :3] * below * (1 - alpha)) / np.maximum(total, 1e-6)
        here[..., :3], here[..., 3:] = np.rint(colour), np.rint(total * 255)


@dataclass
class Painted:
    """A route, painted."""

    canvas: Canvas
    boxes: tuple[Box, ...]
    added: list[NDArray[np.bool_]]
    """What every window added, in its own pixels."""
    seconds: list[float]


def paint(engine: PaintingEngine, route: Route, limit: int = WINDOWS, plain: bool = False) -> Painted:
    """The first windows of a route."""
    line, _ = route.line()
    ground = bare_ground(line, route.width)
    boxes = plan_route(line, route.width, route.overlap / 100, ground)[:limit]
    made = Painted(Canvas(ground), boxes, [], [])
    for number, box in enumerate(boxes):
        then = made.canvas.at(box).copy()
        request = freeze_window(route, box, then, WindowTerms(SETTINGS)).request
        if plain:
            request = replace(request, canvas_noise=False, seed=route.seed + number, mask_grow=0, mask_feather=0)
        began = time.perf_counter()
        patch = engine.paint(request)
        made.seconds.append(time.perf_counter() - began)
        if not plain:
            anchor = made.canvas.at(anchor_box(route, box)) if number else None
            patch = laid_down(route, box, patch, then, then, anchor)
        made.added.append((then[..., 3] == 0) & (patch[..., 3] > 0))
        made.canvas.lay(box, patch)
    return made


def drifts(made: Painted) -> list[float]:
    """CIEDE2000 between the mean colour of what every window added and that of the first two."""
    means = []
    for box, added in zip(made.boxes, made.added, strict=True):
        means.append(lab(np.ascontiguousarray(made.canvas.at(box)[..., :3]))[added].mean(axis=0))
    return [float(one) for one in delta_e(np.array(means), np.mean(means[:2], axis=0))]


def seams(made: Painted) -> list[float]:
    """Gradient energy along the edge of what each window added, against lines beside it."""
    found = []
    for box, added in list(zip(made.boxes, made.added, strict=True))[1:]:
        here = np.ascontiguousarray(made.canvas.at(box))
        solid = cv2.erode((here[..., 3] == 255).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        found.append(seam(np.ascontiguousarray(here[..., :3]), added, solid))
    return [one for one in found if np.isfinite(one)]


def measure(pictures: Path | None = None) -> Sequence[Row]:
    """All rows; about two minutes."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: two threads on a busy machine only wait
    engine, rows = PaintingEngine(), list[Row]()
    try:
        for name, route in routes().items():
            made = paint(engine, route)
            away, joins = drifts(made), seams(made)
            rows += [
                Row(f"route.{name}.drift.mean", float(np.mean(away[2:])), "dE", DRIFT_LIMIT, f"{len(away)} windows"),
                Row(f"route.{name}.drift.last", float(np.mean(away[-3:])), "dE", DRIFT_LIMIT, "the last three"),
                Row(f"route.{name}.seam", median(joins), "ratio", SEAM_LIMIT, f"worst {max(joins):.2f}"),
                Row(f"route.{name}.window", median(made.seconds), "s", None, "seconds per window"),
            ]
            _save(pictures, name, made)
        plain = paint(engine, routes()["right"], plain=True)
        rows += [
            Row("route.plain.drift.mean", float(np.mean(drifts(plain)[2:])), "dE", None, "requests one by one"),
            Row("route.plain.seam", median(seams(plain)), "ratio", None, "requests one by one"),
        ]
        _save(pictures, "plain", plain)
    finally:
        engine.close()
    return rows


def _save(folder: Path | None, name: str, made: Painted) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    alpha = made.canvas.pixels[..., 3:].astype(np.float32) / 255
    shown = made.canvas.pixels[..., :3] * alpha + 250 * (1 - alpha)
    rows, columns = np.flatnonzero(alpha.any(axis=(1, 2))), np.flatnonzero(alpha.any(axis=(0, 2)))
    part = shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cv2.imwrite(str(folder / f"{name}.png"), np.rint(part[..., ::-1]).astype(np.uint8))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--pictures", type=Path, help="a folder for what was painted")
    arguments = parser.parse_args()
    emit(measure(arguments.pictures), arguments.json)


if __name__ == "__main__":
    main()
