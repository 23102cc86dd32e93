"""CPU time of the scroll painter: a window of 256 x 256 with its caption, and the scroll of a first painting.

`python -m tests.benchmarks.bench_painter [--json]`. One thread; beside them the layers' ratio to the flat picture.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import cv2

from pipelines.starter.painter.captions import Window, look_at, write_caption
from pipelines.starter.painter.scroll import paint_flat, paint_scroll
from tests.benchmarks.rows import Row, median, report

WINDOW_MS = 20
SCROLLS, WIDTH, SIDE = 16, 1024, 256


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _window(seed: int) -> None:
    """Paint a scroll as wide as four windows and say what each of them shows."""
    rng = random.Random(seed)
    scroll = paint_flat(seed, WIDTH, SIDE)
    for left in range(0, WIDTH, SIDE):
        write_caption(look_at(scroll.facts, Window(left, 0, SIDE, SIDE)), rng)


def rows() -> list[Row]:
    """All figures of the painter."""
    cv2.setNumThreads(1)
    _window(0)  # textures are kept from the first one on
    each = [_cpu_ms(lambda seed=seed: _window(seed)) * SIDE / WIDTH for seed in range(1, SCROLLS + 1)]
    flat = median([_cpu_ms(lambda seed=seed: paint_flat(seed, 2048, 512)) for seed in range(1, 6)])
    layers = median([_cpu_ms(lambda seed=seed: paint_scroll(seed, 2048, 512)) for seed in range(1, 6)])
    slowest = f"{SCROLLS} scrolls, the slowest {max(each):.1f}"
    return [
        Row("painter, window of 256 x 256", median(each), "ms", WINDOW_MS, slowest),
        Row("painter, scroll of 2048 x 512 in layers", layers, "ms", None, f"flat {flat:.0f} ms"),
        Row("painter, layers against flat", layers / flat, "ratio", None, "what the first painting costs more"),
    ]


if __name__ == "__main__":
    report(__doc__ or "", rows)
