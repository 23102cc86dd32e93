"""A small classifier trained on the painter's labels: it says which mood, wash and objects a picture shows.

Objects are looked for cell by cell (8 x 8 pixels) and the surest cell speaks for the picture: most of them fill less
than one part in two hundred of it, which a mean over the picture drowns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from pipelines.starter.errors import StarterError
from pipelines.starter.labels import JUDGED
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.shards import to_tensor

JUDGE_FILE: Final = "judge-by-cells.safetensors"
EXAM_FILE: Final = "exam.json"
_WIDTHS = (32, 64, 96, 128)


def _norm(channels: int) -> nn.Module:
    return nn.GroupNorm(8, channels)


class _Block(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inside = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            _norm(width),
            nn.SiLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            _norm(width),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return as many channels of the same size."""
        return functional.silu(x + self.inside(x))


class Judge(nn.Module):
    """Convolutions down to cells of 8 pixels for the objects, and on to the whole picture for mood and wash."""

    thresholds: torch.Tensor
    """(judged kinds,): the score from which an object counts as seen."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third, fourth = _WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(3, first, 3, 2, 1, bias=False),
            _norm(first),
            nn.SiLU(),
            nn.Conv2d(first, second, 3, 2, 1, bias=False),
            _norm(second),
            nn.SiLU(),
            nn.Conv2d(second, third, 3, 2, 1, bias=False),
            _norm(third),
            nn.SiLU(),
            _Block(third),
            _Block(third),
        )
        self.wide = nn.Sequential(
            nn.Conv2d(third, fourth, 3, 2, 1, bias=False), _norm(fourth), nn.SiLU(), _Block(fourth)
        )
        self.merge = nn.Sequential(nn.Conv2d(third + fourth, third, 1, bias=False), _norm(third), nn.SiLU())
        self.cells = nn.Conv2d(third, len(JUDGED), 1)
        self.whole = nn.Linear(fourth, len(MOODS) + len(WASHES))
        nn.init.constant_(self.cells.bias, -4.0)  # type: ignore[arg-type]
        self.register_buffer("thresholds", torch.zeros(len(JUDGED)))

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return scores of the whole (n, moods + washes) and of the cells (n, judged kinds, H / 8, W / 8).

        `pixels` are (n, 3, H, W) in -1..1, H and W multiples of 16.
        """
        near = self.stem(pixels)
        wide = self.wide(near)
        spread = functional.interpolate(wide, scale_factor=2.0, mode="nearest")
        cells = self.cells(self.merge(torch.cat([near, spread], 1)))
        return self.whole(wide.mean((2, 3))), cells


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in pictures."""

    moods: list[str]
    """One mood per picture."""
    washes: list[str]
    """One wash per picture."""
    objects: NDArray[np.bool_]
    """Which of `JUDGED` are seen, (pictures, objects)."""


def load_judge(folder: Path) -> Judge:
    """Return the judge kept in `folder`. Raises StarterError where none was trained."""
    path = folder / JUDGE_FILE
    if not path.exists():
        raise StarterError(f"There is no judge in {folder}; train one: python -m pipelines.starter.train_judge.")
    judge = Judge()
    judge.load_state_dict(load_file(path))
    return judge.eval()


def load_exam(folder: Path) -> dict[str, Any]:
    """Return what `train_judge.examine` measured of the judge in `folder`. Raises StarterError where it is gone."""
    path = folder / EXAM_FILE
    if not path.exists():
        raise StarterError(f"There is no {path}; train the judge again: python -m pipelines.starter.train_judge.")
    return json.loads(path.read_text(encoding="utf-8"))


@torch.no_grad()
def judge_pictures(judge: Judge, pictures: list[NDArray[np.uint8]]) -> Verdict:
    """Return what `judge` sees in pictures of 256 x 256 pixels."""
    whole, cells = zip(*(judge(to_tensor(picture)) for picture in pictures), strict=True)
    scores = torch.cat(whole)
    seen = torch.cat([part.amax((2, 3)) for part in cells]) > judge.thresholds
    return Verdict(
        [MOODS[i] for i in scores[:, : len(MOODS)].argmax(1).tolist()],
        [WASHES[i] for i in scores[:, len(MOODS) :].argmax(1).tolist()],
        seen.numpy(),
    )
