"""A network that knows no borders gets pictures that end without one."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderTiny

from pipelines.engine.borders import without_borders
from pipelines.starter.painter.scroll import paint_flat

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"
CELLS, PIXELS = slice(16, 32), slice(128, 256)


def tint(error: torch.Tensor, edge: int) -> float:
    """Mean error of the channels in the outermost columns, away from the corners."""
    rows = error[..., error.shape[-2] // 4 : -(error.shape[-2] // 4), :]
    columns = torch.cat([rows[..., :edge], rows[..., -edge:]], -1)
    return float(columns.mean((0, 2)).abs().mean())


@torch.inference_mode()
def test_a_window_of_a_larger_picture_ends_as_it_does_there() -> None:
    plain: Any = AutoencoderTiny.from_pretrained(STARTER, subfolder="vae", torch_dtype=torch.float32)
    ours: Any = copy.deepcopy(plain.eval())
    without_borders(ours)
    scroll = torch.from_numpy(paint_flat(40, 384, 128).rgb.astype("float32") / 127.5 - 1).permute(2, 0, 1)[None]
    cells = plain.encode(scroll).latents
    picture = plain.decode(cells).sample[..., PIXELS]
    decoded = [vae.decode(cells[..., CELLS].contiguous()).sample - picture for vae in (plain, ours)]
    encoded = [vae.encode(scroll[..., PIXELS].contiguous()).latents - cells[..., CELLS] for vae in (plain, ours)]
    assert tint(decoded[1], 8) < 0.4 * tint(decoded[0], 8)
    assert tint(encoded[1], 1) < 0.4 * tint(encoded[0], 1)
    assert float(decoded[1][..., 40:-40, 40:-40].abs().max()) < 0.02, "the middle has changed"
