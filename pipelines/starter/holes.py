"""What an inpaint model of nine channels is shown beside the noise: where the hole is, and the picture around it."""

from __future__ import annotations

import math
import random
from typing import Final

import cv2
import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray

EXTRA_CHANNELS: Final = 5
"""The hole, and the four of the picture with the hole in grey."""
_WHOLE, _SIDE = 0.2, 0.6


def draw_hole(rng: random.Random, rows: int, columns: int, share: float = 1.0) -> NDArray[np.bool_]:
    """Return (rows, columns), True in a hole: everything, beyond a straight edge, or a lassoed spot.

    Less than `share` of them leave something to be seen.
    """
    chance = rng.random()
    if chance < _WHOLE or rng.random() >= share:
        return np.ones((rows, columns), bool)
    hole = np.zeros((rows, columns), bool)
    if chance < _SIDE:
        share, turned = rng.uniform(0.25, 0.75), rng.random()
        if turned < 0.8:
            hole[:, : round(columns * share)] = True
            return hole if turned < 0.4 else hole[:, ::-1]
        hole[: round(rows * share)] = True
        return hole if turned < 0.9 else hole[::-1]
    return _spot(rng, rows, columns)


def _spot(rng: random.Random, rows: int, columns: int) -> NDArray[np.bool_]:
    count, size = rng.randint(6, 10), rng.uniform(0.12, 0.4)
    middle = rng.uniform(0.2, 0.8) * columns, rng.uniform(0.2, 0.8) * rows
    corners = [
        (
            middle[0] + math.cos(2 * math.pi * i / count) * columns * size * rng.uniform(0.6, 1.2),
            middle[1] + math.sin(2 * math.pi * i / count) * rows * size * rng.uniform(0.6, 1.2),
        )
        for i in range(count)
    ]
    spot = np.zeros((rows, columns), np.uint8)
    cv2.fillPoly(spot, [np.rint(corners).astype(np.int32)], 1)
    return spot > 0


@torch.no_grad()
def grey_latent(vae: AutoencoderTiny) -> torch.Tensor:
    """Return (4,): what the VAE makes of mid grey, with which diffusers fills the hole before it encodes."""
    return vae.encoder(torch.zeros(1, 3, 128, 128, device=vae.device))[0, :, 8, 8].float().cpu()


def beside(latents: torch.Tensor, holes: torch.Tensor, grey: torch.Tensor) -> torch.Tensor:
    """Return (n, 5, rows, columns) for latents (n, 4, rows, columns) and holes (n, 1, rows, columns) of 0 and 1.

    The latents around a hole are those of the whole picture, so cells at its rim differ a little from what the VAE
    makes of a picture with a grey hole.
    """
    return torch.cat([holes, torch.where(holes > 0, grey.view(1, -1, 1, 1), latents)], 1)
