"""Two or more single-thread processes that train one network: shared weights, shared gradients, divided optimizer.

Measured: two such workers use two cores fully, while one process with two threads uses 1.2.
"""

from __future__ import annotations

import json
import multiprocessing as mp
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from diffusers.models.attention_processor import AttnProcessor

from pipelines.starter.checkpoint import Checkpoint, Counters, latest_checkpoint, save_checkpoint
from pipelines.starter.data import SHARD_SIZE
from pipelines.starter.holes import beside, draw_hole, grey_latent
from pipelines.starter.muon import MuonAdam, takes_muon
from pipelines.starter.network import Aims, Batch, Network, losses_of, noise_schedule
from pipelines.starter.places import pause_file, shards_folder, stop_file
from pipelines.starter.settings import TrainingSettings
from pipelines.starter.shards import (
    EncodedScroll,
    encoder_mark,
    paint_shard,
    read_shard,
    shard_paths,
)
from pipelines.starter.windows import Windows

_MOST_SHARDS = 24
_RELOAD_STEPS = 400
_LOG_STEPS = 25
_MEAN_OVER = 200
_NAP = 2.0
_SEEING = 0.5
"""Part of the windows that get a hole and show, without noise, what lies around it; some holes leave nothing to see."""
_GO, _STOP, _SAVE = 0, 1, 2


class Team:
    """The training of one network on this machine."""

    def __init__(self, settings: TrainingSettings, network: Network, vae: AutoencoderTiny, folder: Path) -> None:
        self.settings, self.network, self.vae, self.folder = settings, network, vae, folder
        self.shards = shards_folder(encoder_mark(vae))
        self.scale = float(vae.config["scaling_factor"])
        self.grey = grey_latent(vae)
        on_cpu = settings.device == "cpu"
        self.workers = settings.workers if on_cpu else 1
        network.unet.to(settings.device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        network.text_encoder.to(settings.device).train()  # type: ignore[call-overload]
        network.reader.to(settings.device)
        if on_cpu:  # the fused kernel's backward takes two to five times as long there at these small sizes
            network.unet.set_attn_processor(AttnProcessor())
            network.text_encoder.set_attn_implementation("eager")
        self.named = network.named()
        self.mean = [p.detach().clone() for _, p in self.named]
        self.shares = self._divide()
        self.optimizers = [MuonAdam([self.named[i] for i in share], on_cpu) for share in self.shares]
        self.counters = Counters.beside(Path(settings.start_from))
        self._resume()
        self.gradients = [[torch.zeros_like(p.data) for _, p in self.named] for _ in range(self.workers)]
        if on_cpu:
            shared = [p.data for _, p in self.named] + self.mean + [g for rank in self.gradients for g in rank]
            for tensor in shared:
                tensor.share_memory_()
        context = mp.get_context("fork")
        self.barrier = context.Barrier(self.workers)
        self.order: Any = context.Value("i", _GO)
        self.cpu_seconds: Any = context.Array("d", self.workers + 1)
        self.context = context

    def _divide(self) -> list[list[int]]:
        """Return the parameters each worker updates, balanced by the cost of Muon's matrix products."""
        shares: list[list[int]] = [[] for _ in range(self.workers)]
        load = [0.0] * self.workers
        costs = [float(p.numel() * (min(p.shape[0], p[0].numel()) if takes_muon(n, p) else 1)) for n, p in self.named]
        for index in sorted(range(len(costs)), key=lambda i: -costs[i]):
            rank = load.index(min(load))
            shares[rank].append(index)
            load[rank] += costs[index]
        return shares

    def _resume(self) -> None:
        found = latest_checkpoint(self.folder)
        if found is None:
            return
        self.counters = found.counters
        self.network.take(found.raw)
        for (name, parameter), mean in zip(self.named, self.mean, strict=True):
            mean.copy_(found.mean.get(name, parameter.data))
        for optimizer in self.optimizers:
            optimizer.load(found.optimizer)

    def run(self) -> None:
        """Train until told to stop; on a CPU in processes of their own, while this one paints."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.settings.device != "cpu":
            _Worker(self, 0).work()
            return
        processes = [self.context.Process(target=_Worker(self, rank).work) for rank in range(self.workers)]
        for process in processes:
            process.start()
        try:
            self._paint_meanwhile(processes)
        finally:
            self.barrier.abort()
            for process in processes:
                process.join()

    def _paint_meanwhile(self, processes: list[Any]) -> None:
        """Paint new scrolls with a small share of a core until the workers end."""
        share = self.settings.fresh_share
        while all(process.is_alive() for process in processes):
            if share <= 0 or pause_file().exists():
                time.sleep(_NAP)
                continue
            began = time.process_time()
            for _ in paint_shard(self.vae, self.shards, SHARD_SIZE):
                spent, began = time.process_time() - began, time.process_time()
                self.cpu_seconds[self.workers] += spent
                time.sleep(spent * (1 / share - 1))
                while pause_file().exists() and not stop_file().exists():
                    time.sleep(_NAP)
                if not all(process.is_alive() for process in processes):
                    return  # a worker that failed must not leave its colleague waiting
            for old in shard_paths(self.shards)[:-_MOST_SHARDS]:
                old.unlink(missing_ok=True)

    def save(self, counters: Counters) -> None:
        """Write a checkpoint of the shared state."""
        names = [name for name, _ in self.named]
        optimizer: dict[str, torch.Tensor] = {}
        for part in self.optimizers:
            optimizer.update(part.state())
        raw = {name: p.data for name, p in self.named}
        save_checkpoint(self.folder, Checkpoint(counters, raw, dict(zip(names, self.mean, strict=True)), optimizer))


class _Worker:
    """One process of the team."""

    def __init__(self, team: Team, rank: int) -> None:
        self.team, self.rank = team, rank
        self.start_time = self.last_save = time.monotonic()
        self.losses: list[tuple[float, float]] = []
        self.aims = Aims(team.settings.noisiness, team.settings.reading)
        self.windows = Windows([])
        self.signal = noise_schedule().alphas_cumprod.to(team.settings.device)

    def work(self) -> None:
        """Train until the order to stop."""
        torch.set_num_threads(1)
        team = self.team
        for (_, parameter), gradient in zip(team.named, team.gradients[self.rank], strict=True):
            parameter.grad = gradient
        before = team.counters
        counters = Counters(before.step, before.images, before.core_seconds)
        while True:
            if (counters.step - before.step) % _RELOAD_STEPS == 0:
                self.windows = Windows(load_scrolls(team.shards))
            if self.rank == 0:
                self._decide(counters)
            self._learn(counters, before)
            order = team.order.value
            team.barrier.wait()
            if self.rank == 0 and order != _GO:
                team.save(counters)
                self.last_save = time.monotonic()
            if order == _STOP:
                return

    def _decide(self, counters: Counters) -> None:
        """Sleep while the pause file exists, then set the order of this step for all workers."""
        settings, now = self.team.settings, time.monotonic()
        while pause_file().exists() and not stop_file().exists():
            time.sleep(_NAP)
        over = settings.minutes and now - self.start_time > settings.minutes * 60
        cooled = settings.cool_down and counters.images - self.team.counters.images >= settings.cool_down
        if over or cooled or stop_file().exists():
            self.team.order.value = _STOP
        else:
            self.team.order.value = _SAVE if now - self.last_save > settings.save_every * 60 else _GO

    def _learn(self, counters: Counters, before: Counters) -> None:
        """One step: own gradients, then this worker's share of the update."""
        team, settings = self.team, self.team.settings
        own = team.gradients[self.rank]
        torch._foreach_zero_(own)
        batch = self._draw(counters.step)
        generator = torch.Generator().manual_seed(counters.step * 64 + self.rank)
        losses = losses_of(team.network, self.signal, batch, generator, self.aims)
        (losses.velocity + self.aims.reading * losses.reading).backward()
        self.losses.append((losses.velocity.item(), losses.reading.item()))
        team.barrier.wait()
        share = team.shares[self.rank]
        for index in share:
            for rank in range(team.workers):
                if rank != self.rank:
                    own[index].add_(team.gradients[rank][index])
            own[index].div_(team.workers)
        rate = settings.rate_at(counters.step - before.step, counters.images - before.images)
        team.optimizers[self.rank].step(rate, counters.step + 1)
        counters.step += 1
        counters.images += len(batch.latents) * team.workers
        decay = min(settings.mean, (1 + counters.step) / (10 + counters.step))
        torch._foreach_lerp_([team.mean[i] for i in share], [team.named[i][1].data for i in share], 1 - decay)
        team.cpu_seconds[self.rank] = time.process_time()
        counters.core_seconds = before.core_seconds + sum(team.cpu_seconds)
        if self.rank == 0 and counters.step % _LOG_STEPS == 0:
            self._log(counters, before, rate)

    def _draw(self, step: int) -> Batch:
        """Return the batch of this step; the same step of the same worker draws the same numbers."""
        settings, rng = self.team.settings, random.Random(step * 64 + self.rank)
        rows, columns = settings.shape_at(step)
        count = max(1, round(settings.batch * 32 * 32 / (rows * columns)))
        samples = [self.windows.draw(rng, rows, columns) for _ in range(count)]
        latents = torch.from_numpy(np.stack([s.latents for s in samples])).float() * self.team.scale
        ids = self.team.network.token_ids([s.caption(rng) for s in samples])
        things = torch.from_numpy(np.stack([s.things for s in samples])).float()
        weights = cell_weights(things, settings.thing_weight)
        share = 1.0 if settings.inpaint else _SEEING
        drawn = [draw_hole(rng, rows, columns, share) for _ in samples]
        holes = torch.from_numpy(np.stack(drawn)).float()[:, None]
        if settings.inpaint:
            batch = Batch(latents, ids, weights, things, None, beside(latents, holes, self.team.grey * self.team.scale))
        else:
            batch = Batch(latents, ids, weights, things, holes)
        return batch.to(settings.device)

    def _log(self, counters: Counters, before: Counters, rate: float) -> None:
        elapsed = time.monotonic() - self.start_time
        velocity, reading = np.mean(self.losses[-_MEAN_OVER:], 0).tolist()
        line = {
            **vars(counters),
            "core_seconds": round(counters.core_seconds),
            "loss": round(velocity, 4),
            "reading": round(reading, 4),
            "rate": rate,
            "images_per_second": round((counters.images - before.images) / elapsed, 2),
            "time": time.strftime("%Y-%m-%dT%H:%M:%S"),
        }
        with (self.team.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def cell_weights(things: torch.Tensor, weight: float) -> torch.Tensor:
    """Return (n, 1, rows, columns): cells with things, (n, kinds, rows, columns), count `weight` fold; mean 1."""
    weights = 1 + (weight - 1) * things.amax(1, keepdim=True)
    return weights / weights.mean()


def load_scrolls(folder: Path) -> list[EncodedScroll]:
    """Return the scrolls of all shards in `folder`; a shard that vanishes meanwhile is skipped."""
    scrolls: list[EncodedScroll] = []
    for path in shard_paths(folder):
        try:
            scrolls += read_shard(path)
        except FileNotFoundError:
            continue
    return scrolls
