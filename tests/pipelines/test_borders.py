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
def tints(plain: Any) -> tuple[list[float], list[float], float]:
    """How a decoded and an encoded window end that was cut out of a larger picture, as made and without borders, and
    the most that the middle changes."""
    ours: Any = copy.deepcopy(plain.eval())
    without_borders(ours)
    scroll = torch.from_numpy(paint_flat(40, 384, 128).rgb.astype("float32") / 127.5 - 1).permute(2, 0, 1)[None]
    cells = plain.encode(scroll).latents
    picture = plain.decode(cells).sample[..., PIXELS]
    decoded = [vae.decode(cells[..., CELLS].contiguous()).sample - picture for vae in (plain, ours)]
    encoded = [vae.encode(scroll[..., PIXELS].contiguous()).latents - cells[..., CELLS] for vae in (plain, ours)]
    middle = float(decoded[1][..., 40:-40, 40:-40].abs().max())
    return [tint(one, 8) for one in decoded], [tint(one, 1) for one in encoded], middle


def test_a_window_of_a_larger_picture_ends_as_it_does_there() -> None:
    starter = AutoencoderTiny.from_pretrained(STARTER, subfolder="vae", torch_dtype=torch.float32)
    decoded, encoded, middle = tints(starter)
    assert decoded[1] < 0.01, "its decoder was taught windows; more than a level would be a frame"
    assert encoded[1] < 0.4 * encoded[0]
    assert middle < 0.02, "the middle has changed"


def test_a_network_that_was_never_taught_windows_ends_well_too() -> None:
    torch.manual_seed(0)
    widths = (16, 16, 16, 16)
    decoded, encoded, _ = tints(AutoencoderTiny(encoder_block_out_channels=widths, decoder_block_out_channels=widths))
    assert decoded[1] < 0.3 * decoded[0]
    assert encoded[1] < 0.3 * encoded[0]
