"""A small classifier trained on the painter's own labels: it says which mood, wash and objects a picture shows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from pipelines.starter.muon import MuonAdam
from pipelines.starter.painter.captions import Content, Window, look_at
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.shards import HELD_OUT_SEED, to_tensor, training_scroll

OBJECTS: Final = ("pine", "maple", "blossom", "willow", "bamboo", "rock", "boat", "sail", "hut", "pavilion", "pagoda")
"""The main objects that are judged, beside sun, moon and waterfall."""
JUDGED: Final = (*OBJECTS, "sun", "moon", "fall")
_BATCH = 16
_FIRST_SEED = 700_000_000


class Judge(nn.Module):
    """Strided convolutions, then the mean and the maximum over the picture."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 96, 128)
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, 2, 1), nn.GroupNorm(8, after), nn.SiLU()]
            layers += [nn.Conv2d(after, after, 3, 1, 1, groups=8), nn.SiLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1] * 2, len(MOODS) + len(WASHES) + len(JUDGED))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return scores (n, moods + washes + objects) of pixels (n, 3, 256, 256) in -1..1."""
        seen = self.body(pixels)
        return self.head(torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], 1))


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in pictures."""

    moods: list[str]
    """One mood per picture."""
    washes: list[str]
    """One wash per picture."""
    objects: NDArray[np.floating]
    """Chance (0..1) of every one of `JUDGED`, (pictures, objects)."""


def _windows(rng: random.Random, seed: int, count: int) -> list[tuple[torch.Tensor, Content]]:
    """Return `count` random windows of the scroll number `seed`."""
    scroll = training_scroll(seed)
    height, width = scroll.rgb.shape[:2]
    found: list[tuple[torch.Tensor, Content]] = []
    for _ in range(count):
        left, top = rng.randrange(width - 255), rng.randrange(height - 255)
        pixels = to_tensor(scroll.rgb[top : top + 256, left : left + 256])
        found.append((pixels, look_at(scroll.facts, Window(left, top, 256, 256))))
    return found


def _targets(contents: list[Content]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    moods = torch.tensor([MOODS.index(c.mood) for c in contents])
    washes = torch.tensor([WASHES.index(c.wash) for c in contents])
    objects = torch.tensor([[float(kind in c.objects) for kind in JUDGED] for c in contents])
    return moods, washes, objects


def train_judge(steps: int) -> Judge:
    """Train a judge on `steps` batches of 16 fresh windows."""
    torch.manual_seed(1)
    rng, judge = random.Random(1), Judge()
    named = list(judge.named_parameters())
    optimizer = MuonAdam(named)
    pool: list[tuple[torch.Tensor, Content]] = []
    rarity = torch.tensor(2.0)
    for step in range(steps):
        pool += _windows(rng, _FIRST_SEED + step, 6)
        if len(pool) > 600:
            del pool[:6]
        batch = rng.sample(pool, min(_BATCH, len(pool)))
        moods, washes, objects = _targets([c for _, c in batch])
        with torch.autocast("cpu", torch.bfloat16):
            scores = judge(torch.cat([p for p, _ in batch])).float()
        first, second = len(MOODS), len(MOODS) + len(WASHES)
        loss = functional.cross_entropy(scores[:, :first], moods)
        loss = loss + functional.cross_entropy(scores[:, first:second], washes)
        loss = loss + 4 * functional.binary_cross_entropy_with_logits(scores[:, second:], objects, pos_weight=rarity)
        judge.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step(2e-3 * min(1.0, (step + 1) / 50) * (1 - 0.97 * step / steps), step + 1)
    return judge.eval()


def load_judge(folder: Path, steps: int = 2500) -> Judge:
    """Return the judge kept in `folder`, trained there first if there is none."""
    path = folder / "judge.safetensors"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save_file(train_judge(steps).state_dict(), path)
    judge = Judge()
    judge.load_state_dict(load_file(path))
    return judge.eval()


@torch.no_grad()
def judge_pictures(judge: Judge, pictures: list[NDArray[np.uint8]]) -> Verdict:
    """Return what `judge` sees in pictures of 256 x 256 pixels."""
    scores = torch.cat([judge(to_tensor(picture)) for picture in pictures])
    first, second = len(MOODS), len(MOODS) + len(WASHES)
    return Verdict(
        [MOODS[i] for i in scores[:, :first].argmax(1).tolist()],
        [WASHES[i] for i in scores[:, first:second].argmax(1).tolist()],
        scores[:, second:].sigmoid().numpy(),
    )


def accuracy_on_painter(judge: Judge, scrolls: int = 40) -> dict[str, float]:
    """Return the judge's own accuracy on held-out windows: the ceiling of every adherence figure."""
    rng = random.Random(2)
    samples = [w for i in range(scrolls) for w in _windows(rng, HELD_OUT_SEED + 500 + i, 3)]
    moods, washes, objects = _targets([c for _, c in samples])
    with torch.no_grad():
        scores = torch.cat([judge(p) for p, _ in samples])
    first, second = len(MOODS), len(MOODS) + len(WASHES)
    there = objects > 0.5
    found = scores[:, second:] > 0
    return {
        "mood": float((scores[:, :first].argmax(1) == moods).float().mean()),
        "wash": float((scores[:, first:second].argmax(1) == washes).float().mean()),
        "objects_found": float(found[there].float().mean()),
        "objects_invented": float(found[~there].float().mean()),
    }
