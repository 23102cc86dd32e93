"""Train the VAE: `python -m pipelines.starter.vae --part all`, or `--part decoder` to keep the latents.

Whoever changes the encoder makes new shards afterwards (`data --model`), as latents of two encoders do not mix.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch.nn import functional

from pipelines.starter.data import load_vae
from pipelines.starter.folders import tidy_configs
from pipelines.starter.muon import MuonAdam
from pipelines.starter.painter.scroll import FlatScroll, paint_flat
from pipelines.starter.places import MODEL_FOLDER, pause_file, training_folder
from pipelines.starter.shards import HELD_OUT_SEED, LATENT_STEP, SCROLL_WIDTH, to_tensor, training_scroll

_POOL = 96
_CROP, _BATCH = 96, 8
_MARGIN = 6
"""Latent cells cut off around every second crop: windows of whole scrolls must decode without a frame at their rim.

With two, the latents at the cut still knew of the rim that the encoder had seen, and pictures were lighter there.
"""
_FIRST_SEED = 500_000_000
_HELD_OUT_HEIGHTS = (256, 256, 256, 320, 416)
_WARM_UP = 40
_TONE = 1.6
"""The first three latents follow the eight-fold averaged picture times this: previews for nothing."""


@dataclass(frozen=True)
class VaeSettings:
    """One VAE training."""

    name: str
    """Folder under the training folder."""
    part: str
    """"all" or "decoder"."""
    width: int
    """Channels of the decoder."""
    minutes: float
    """Wall time of this run; the rate falls to nothing over it."""
    rate: float
    """Learning rate."""
    start_from: str
    """Model folder whose VAE is the start, where there is no checkpoint."""
    threads: int
    """CPU threads."""


def widened(vae: AutoencoderTiny, width: int) -> AutoencoderTiny:
    """Return the same function with a decoder of `width` channels; the added channels start without effect."""
    config = dict(vae.config)
    if config["decoder_block_out_channels"][0] == width:
        return vae
    config["decoder_block_out_channels"] = (width,) * len(config["decoder_block_out_channels"])
    names = ("in_channels", "out_channels", "encoder_block_out_channels", "decoder_block_out_channels", "act_fn")
    names += ("latent_channels", "num_encoder_blocks", "num_decoder_blocks", "scaling_factor", "shift_factor")
    wide = AutoencoderTiny(**{name: config[name] for name in names})
    old = vae.state_dict()
    new = wide.state_dict()
    for name, tensor in new.items():
        source = old[name]
        if tensor.shape == source.shape:
            tensor.copy_(source)
            continue
        if tensor.ndim > 1 and tensor.shape[1] > source.shape[1]:
            tensor[: source.shape[0], source.shape[1] :] = 0
        tensor[tuple(slice(0, n) for n in source.shape)] = source
    wide.load_state_dict(new)
    return wide


@dataclass
class ScrollPool:
    """Freshly painted scrolls to cut crops from; one is replaced every few batches."""

    rng: random.Random
    """Chooses crops."""
    next_seed: int
    """Seed of the next scroll."""
    scrolls: list[FlatScroll] = field(default_factory=list)
    """In memory."""

    def crops(self, count: int, size: int) -> torch.Tensor:
        """Return (count, 3, size, size) in -1..1."""
        if len(self.scrolls) < _POOL:
            self.scrolls += [training_scroll(self.next_seed + i) for i in range(min(8, _POOL - len(self.scrolls)))]
            self.next_seed += 8
        else:
            self.scrolls[self.rng.randrange(_POOL)] = training_scroll(self.next_seed)
            self.next_seed += 1
        parts: list[torch.Tensor] = []
        for _ in range(count):
            rgb = self.rng.choice(self.scrolls).rgb
            top, left = self.rng.randrange(rgb.shape[0] - size + 1), self.rng.randrange(rgb.shape[1] - size + 1)
            parts.append(to_tensor(rgb[top : top + size, left : left + size]))
        return torch.cat(parts).contiguous(memory_format=torch.channels_last)


def picture_loss(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Return the mix of colour, edge and tone errors that keeps strokes sharp."""
    error = made - true
    down = error[:, :, 1:] - error[:, :, :-1]
    across = error[:, :, :, 1:] - error[:, :, :, :-1]
    tone = functional.avg_pool2d(error, 4).abs().mean()
    return error.abs().mean() + 0.6 * error.pow(2).mean() + down.abs().mean() + across.abs().mean() + 0.5 * tone


def latent_loss(latents: torch.Tensor, pixels: torch.Tensor) -> torch.Tensor:
    """Return the pull of the first three latents to the tone, and of all to mean 0 and spread 1."""
    tone = (latents[:, :3] - functional.avg_pool2d(pixels, 8) * _TONE).pow(2).mean()
    middle = latents.mean((0, 2, 3)).pow(2).mean() + (latents.std((0, 2, 3)) - 1).pow(2).mean()
    return 0.01 * tone + 0.004 * middle


@torch.no_grad()
def held_out_psnr(vae: AutoencoderTiny, count: int = 10) -> tuple[float, float]:
    """Return the mean and the worst PSNR in dB over `count` windows that were never trained on."""
    rng = random.Random(9)
    values: list[float] = []
    for i in range(count):
        rgb = paint_flat(HELD_OUT_SEED + i, SCROLL_WIDTH, _HELD_OUT_HEIGHTS[i % len(_HELD_OUT_HEIGHTS)]).rgb
        top, left = rng.randrange(rgb.shape[0] - 255), rng.randrange(rgb.shape[1] - 255)
        true = to_tensor(rgb[top : top + 256, left : left + 256])
        with torch.autocast("cpu", torch.bfloat16):
            made = vae.decoder(vae.encoder(true)).float().clamp(-1, 1)
        values.append(-10 * math.log10(((true - made) / 2).pow(2).mean().item()))
    return float(np.mean(values)), min(values)


@torch.no_grad()
def rim_bias(vae: AutoencoderTiny, count: int = 12) -> tuple[float, float]:
    """Return how far the rim of decoded windows is off on the mean, in levels of 255, and the same well inside.

    The windows are cut out of the latents of whole scrolls, as the UNet knows them: what is off at the rim alone shows
    as a frame around every picture. Rim: 8 pixels at each side; inside: 8 pixels, 64 from the side.
    """
    rng, side, step = random.Random(10), 256, LATENT_STEP
    errors: list[torch.Tensor] = []
    for i in range(count):
        true = to_tensor(paint_flat(HELD_OUT_SEED + 20 + i, 512, 416).rgb)
        with torch.autocast("cpu", torch.bfloat16):
            latents = vae.encoder(true)
            top, left = rng.randrange(3, 17), rng.randrange(3, 29)
            cells = side // step
            made = vae.decoder(latents[..., top : top + cells, left : left + cells]).float().clamp(-1, 1)
        place = np.s_[..., top * step : top * step + side, left * step : left * step + side]
        errors.append((made - true[place]).mean(1)[0] * 127.5)
    error = torch.stack(errors).mean(0)
    sides = (error, error.flip(0), error.T, error.T.flip(0))
    rim, inside = (torch.cat([one[at : at + 8].mean(1) for one in sides]).abs().mean() for at in (0, 64))
    return float(rim), float(inside)


class VaeTraining:
    """A VAE, its optimizer and its running mean."""

    def __init__(self, settings: VaeSettings) -> None:
        self.settings, self.folder = settings, training_folder() / settings.name
        start = self.folder if (self.folder / "vae").is_dir() else Path(settings.start_from)
        self.vae = widened(load_vae(str(start)), settings.width).train()
        module = self.vae.decoder if settings.part == "decoder" else self.vae
        self.named = list(module.named_parameters())
        self.mean = [p.detach().clone() for _, p in self.named]
        self.optimizer = MuonAdam(self.named, weight_decay=0.0)
        self.pool = ScrollPool(random.Random(), _FIRST_SEED + int(time.time()) % 1_000_000 * 100)
        self.step, self.errors = 0, [0.0]

    def run(self) -> None:
        """Train for the given time; save every ten minutes and at the end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log(before=held_out_psnr(self.vae))
        start = last_save = time.monotonic()
        while (share := (time.monotonic() - start) / 60 / self.settings.minutes) < 1:
            if pause_file().exists():
                time.sleep(2)
                continue
            warm = min(1.0, (self.step + 1) / _WARM_UP)
            self._learn(self.settings.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share))))
            if self.step % 100 == 0:
                self._log(psnr=-10 * math.log10(float(np.mean(self.errors[-100:]))))
            if time.monotonic() - last_save > 600:
                last_save = time.monotonic()
                self._save()
        self._save()

    def _learn(self, rate: float) -> None:
        cells = _MARGIN if self.step % 2 else 0
        margin = cells * LATENT_STEP
        seen = self.pool.crops(_BATCH, _CROP + 2 * margin)
        with torch.set_grad_enabled(self.settings.part == "all"), torch.autocast("cpu", torch.bfloat16):
            latents = self.vae.encoder(seen)
        inner = slice(cells, latents.shape[-1] - cells)
        latents = latents[..., inner, inner]
        pixels = seen[..., margin : margin + _CROP, margin : margin + _CROP]
        with torch.autocast("cpu", torch.bfloat16):
            made = self.vae.decoder(latents).float()
        loss = picture_loss(made, pixels)
        if self.settings.part == "all":
            loss = loss + latent_loss(latents.float(), pixels)
        for _, parameter in self.named:
            parameter.grad = None
        loss.backward()
        self.step += 1
        self.optimizer.step(rate, self.step)
        torch._foreach_lerp_(self.mean, [p.data for _, p in self.named], 0.01)
        self.errors.append(((made.detach() - pixels) / 2).pow(2).mean().item())

    def _save(self) -> None:
        """Write the mean weights as a diffusers folder and log their quality."""
        raw = [p.detach().clone() for _, p in self.named]
        self._set(self.mean)
        self.vae.save_pretrained(self.folder / "vae")
        tidy_configs(self.folder)
        mean, worst = held_out_psnr(self.vae)
        self._log(held_out=(round(mean, 2), round(worst, 2)), rim=round(rim_bias(self.vae)[0], 2))
        self._set(raw)

    def _set(self, values: Sequence[torch.Tensor]) -> None:
        for (_, parameter), value in zip(self.named, values, strict=True):
            parameter.data.copy_(value)

    def _log(self, **figures: object) -> None:
        line = {"step": self.step, "core_seconds": round(time.process_time()), **figures}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def main() -> None:
    """Train the VAE for a while; a later call goes on from the saved weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="vae", help="folder under the training folder")
    parser.add_argument("--part", choices=("all", "decoder"), default="decoder", help="what learns")
    parser.add_argument("--width", type=int, default=64, help="channels of the decoder")
    parser.add_argument("--minutes", type=float, default=60, help="wall time; the rate falls to nothing over it")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="learning rate")
    parser.add_argument("--start-from", default=str(MODEL_FOLDER), help="model folder whose VAE is the start")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    settings = VaeSettings(**vars(parser.parse_args()))
    torch.set_num_threads(settings.threads)
    VaeTraining(settings).run()


if __name__ == "__main__":
    main()
