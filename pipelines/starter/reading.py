"""Trained beside the UNet and thrown away after: says from its inner features which things lie where.

Painting alone teaches a small net very slowly what words mean: a boat fills three cells in a hundred. To say what is
where it must read the prompt and recognise the thing, so its features come to hold both. That such a side task speeds
up training is the finding of REPA (Yu et al. 2024), which aligns features with those of another network; here the
painter knows the truth itself.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import nn
from torch.nn import functional

from pipelines.starter.painter.words import OBJECT_WORDS

KINDS: Final = tuple(OBJECT_WORDS["en"])
"""What is read, in this order."""
STEP: Final = 2
"""Latent cells of a feature cell, each way: features are taken where the UNet works at half size."""


class ThingReader(nn.Module):
    """Logits of every kind for every feature cell."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(16, width)
        self.kinds = nn.Conv2d(width, len(KINDS), 1)
        nn.init.zeros_(self.kinds.weight)
        self.kinds.bias = nn.Parameter(torch.full((len(KINDS),), -4.0))  # most cells hold nothing of a kind

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (n, kinds, h, w) logits for features (n, width, h, w)."""
        return self.kinds(self.norm(features))


def reading_loss(logits: torch.Tensor, things: torch.Tensor) -> torch.Tensor:
    """Return the cross entropy of a cell in nats, all kinds together.

    `things` is (n, kinds, STEP * h, STEP * w): 1 where a thing of the kind lies.
    """
    truth = functional.max_pool2d(things, STEP)
    each = functional.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")
    return each.sum(1).mean()
