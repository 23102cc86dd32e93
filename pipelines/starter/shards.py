"""Painted scrolls, encoded to latents once and stored in shards; any window of them is training data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray

from pipelines.starter.painter.captions import ScrollFacts
from pipelines.starter.painter.scroll import FlatScroll, paint_flat

LATENT_STEP = 8
"""Pixels per latent cell, each way."""
SCROLL_WIDTH = 1024
SCROLL_HEIGHTS = (256, 256, 320, 416, 560)
"""Some windows show the full height, the others are crops at other scales, where things are larger."""
HELD_OUT_SEED = 900_000_000
"""Scrolls from this seed on are never trained on."""


@dataclass(frozen=True)
class EncodedScroll:
    """One scroll as the model sees it."""

    latents: NDArray[np.float16]
    """(4, height / 8, width / 8), unscaled."""
    facts: ScrollFacts
    """For captions."""


def training_scroll(seed: int) -> FlatScroll:
    """Paint the training scroll number `seed`, at one of `SCROLL_HEIGHTS`."""
    return paint_flat(seed, SCROLL_WIDTH, SCROLL_HEIGHTS[seed % len(SCROLL_HEIGHTS)])


def to_tensor(rgb: NDArray[np.uint8]) -> torch.Tensor:
    """Return (1, 3, H, W) in -1..1, channels last in memory."""
    tensor = torch.from_numpy(rgb.astype(np.float32)).permute(2, 0, 1)[None] / 127.5 - 1
    return tensor.contiguous(memory_format=torch.channels_last)


def encoder_mark(vae: AutoencoderTiny) -> str:
    """Return a short name of the encoder's weights."""
    digest = hashlib.sha256()
    for tensor in vae.encoder.state_dict().values():
        digest.update(tensor.detach().float().cpu().numpy().astype(np.float16).tobytes())
    return digest.hexdigest()[:12]


@torch.no_grad()
def encode_scroll(vae: AutoencoderTiny, scroll: FlatScroll) -> EncodedScroll:
    """Return the latents of a whole scroll, made on the VAE's device."""
    pixels = to_tensor(scroll.rgb).to(vae.device)
    with torch.autocast(pixels.device.type, torch.bfloat16):
        latents = vae.encoder(pixels)
    return EncodedScroll(latents[0].float().cpu().numpy().astype(np.float16), scroll.facts)


def write_shard(folder: Path, first_seed: int, scrolls: list[EncodedScroll]) -> Path:
    """Write one shard named after its first seed, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"shard-{first_seed:010d}.npz"
    arrays = {f"latents{i}": scroll.latents for i, scroll in enumerate(scrolls)}
    facts = json.dumps([scroll.facts.to_json() for scroll in scrolls])
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez(file, facts=np.frombuffer(facts.encode(), np.uint8), **arrays)  # type: ignore[arg-type]
    unfinished.replace(path)
    return path


def read_shard(path: Path) -> list[EncodedScroll]:
    """Return the scrolls of a shard."""
    with np.load(path) as data:
        facts = json.loads(data["facts"].tobytes().decode())
        return [EncodedScroll(data[f"latents{i}"], ScrollFacts.from_json(f)) for i, f in enumerate(facts)]


def shard_paths(folder: Path) -> list[Path]:
    """Return the shards in `folder`, the oldest first."""
    return sorted(folder.glob("shard-*.npz"))


def next_seed(folder: Path) -> int:
    """Return the first seed that no shard has used; shards are named after their first seed and may be deleted."""
    counter = folder / "next-seed"
    return int(counter.read_text()) if counter.exists() else 1


def paint_shard(vae: AutoencoderTiny, folder: Path, count: int) -> Iterator[int]:
    """Paint and encode `count` new scrolls into one shard, yielding the number done after each."""
    first = next_seed(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "next-seed").write_text(str(first + count))
    scrolls: list[EncodedScroll] = []
    for seed in range(first, first + count):
        scrolls.append(encode_scroll(vae, training_scroll(seed)))
        yield len(scrolls)
    write_shard(folder, first, scrolls)
