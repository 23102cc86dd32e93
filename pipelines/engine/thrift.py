"""No out-of-memory ends a job: the call that ran out is repeated, the same and with the same tensors, spending less.

Every large call of a job is guarded: text encoders, the VAE's encode and decode, the denoising network's forward and
the scheduler's step. When memory runs out in one, the next rung of its ladder is taken and the call is made again, so
that a job goes on at the very step it was in.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch

from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import Device, give_back, is_out_of_memory
from pipelines.engine.network import Predict, around, predicting
from pipelines.engine.thrifty_calls import SlicedAttention, batch_of, in_batches, in_windows


class Stage(StrEnum):
    """Where a job can run out of memory."""

    LOAD = "load"
    PROMPT = "prompt"
    ENCODE = "encode"
    DENOISE = "denoise"
    STEP = "step"
    DECODE = "decode"
    JOB = "job"
    """Anywhere else."""


class Rung(StrEnum):
    """One way of spending less memory. A closed list: the window has a sentence for each."""

    ATTENTION_SLICES = "attention-slices"
    """Attention is computed for an eighth of the pixels at a time."""
    VAE_TILES = "vae-tiles"
    """The VAE works on tiles, smaller ones each time this rung is taken."""
    GUIDANCE_HALVES = "guidance-halves"
    """With and without the prompt are computed one after the other."""
    OTHER_MODELS = "other-models"
    """Other models leave memory."""
    OFFLOAD = "offload"
    """Parts that are not at work wait outside the device."""
    SMALLER_BATCH = "smaller-batch"
    """Everything is computed one picture at a time."""
    SMALLER_WINDOW = "smaller-window"
    """The network sees a part of the picture at a time, a smaller one each time this rung is taken."""
    RESTART = "restart"
    """The picture was begun anew."""


_ELSEWHERE = (Rung.OTHER_MODELS, Rung.OFFLOAD)
LADDERS: dict[Stage, tuple[Rung, ...]] = {
    Stage.PROMPT: _ELSEWHERE,
    Stage.ENCODE: (Rung.VAE_TILES, *_ELSEWHERE, Rung.VAE_TILES, Rung.VAE_TILES),
    Stage.DENOISE: (
        Rung.ATTENTION_SLICES,
        Rung.GUIDANCE_HALVES,
        *_ELSEWHERE,
        Rung.SMALLER_BATCH,
        *(Rung.SMALLER_WINDOW,) * 6,
    ),
    Stage.STEP: _ELSEWHERE,
    Stage.DECODE: (Rung.VAE_TILES, *_ELSEWHERE, Rung.VAE_TILES, Rung.VAE_TILES),
}
"""The cheapest first; a rung that would gain nothing in a call is passed over."""

_DEEDS = {
    Rung.ATTENTION_SLICES: "attention was computed in slices",
    Rung.VAE_TILES: "the picture was encoded or decoded in tiles",
    Rung.GUIDANCE_HALVES: "guidance was computed in two halves",
    Rung.OTHER_MODELS: "other models left memory",
    Rung.OFFLOAD: "idle parts of the model waited outside the device",
    Rung.SMALLER_BATCH: "pictures were computed one at a time",
    Rung.SMALLER_WINDOW: "the picture was painted in windows",
    Rung.RESTART: "the picture was begun anew",
}
_LEAST_WINDOW = 16
"""Smallest side of a window, latent pixels: with less around it the network paints something else."""
_LEAST_TILE = 8
"""Smallest side of a tile, latent pixels."""
_TILE_OVERLAP = 0.25
"""Part of a tile that its neighbour covers as well. With the eighth that AutoencoderTiny has of its own accord, tiles
of 8 latents overlap by one, and diffusers divides by that number less one."""
_TILING = ("use_tiling", "tile_latent_min_size", "tile_sample_min_size", "tile_overlap_factor")
_REMEMBERED_S = 600.0
"""How long a later job of the same size begins on the rung that served an earlier one."""


class MemoryExhaustedError(MemoryError):
    """Memory ran out and no rung is left."""


@dataclass(frozen=True)
class Measure:
    """What was done to save memory, and when."""

    stage: Stage
    rung: Rung
    step: int
    """Steps that were done by then."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form in a job's facts."""
        return {"stage": str(self.stage), "rung": str(self.rung), "step": self.step}


class Thrift:
    """Guards the calls of one job. Used by the engine's one thread only."""

    def __init__(self, model: LoadedModel, device: Device, drop_others: Callable[[], bool]) -> None:
        self.measures: list[Measure] = []
        self.steps_done: Callable[[], int] = lambda: 0
        """Set by the run: a measure says at which step it was taken."""
        self._model = model
        self._device = device
        self._drop_others = drop_others
        self._climbed: dict[Stage, int] = dict.fromkeys(Stage, 0)
        self._group = 0  # pictures per call of the network; 0 = all
        self._window = 0  # side in latents of what the network sees; 0 = everything
        self._tile = 0  # side in latents of what the VAE sees; 0 = everything
        self._undo = ExitStack()

    @property
    def sentence(self) -> str:
        """What was done, for people; empty when memory sufficed."""
        deeds = list(dict.fromkeys(_DEEDS[measure.rung] for measure in self.measures))
        return f"Memory ran short: {', '.join(deeds)}. The picture was finished." if deeds else ""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it every large call of the model is guarded; afterwards the model is as it was."""
        model = self._model
        with ExitStack() as stack:
            self._undo = stack
            stack.enter_context(predicting(model.network, [self._guarding(Stage.DENOISE)]))
            for encoder in model.text_encoders:
                stack.enter_context(predicting(encoder, [self._guarding(Stage.PROMPT)]))
            for name, stage in (("encode", Stage.ENCODE), ("decode", Stage.DECODE)):
                stack.enter_context(around(model.vae, name, [self._guarding(stage)]))
            yield

    def watch_step(self, scheduler: Any) -> None:
        """Guards a scheduler's `step`; its state and the noise are put back before the step is made again."""
        step = scheduler.step

        @functools.wraps(step)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            state = _state_of(scheduler)
            generator = kwargs.get("generator")
            drawn = generator.get_state() if isinstance(generator, torch.Generator) else None
            try:
                return step(*args, **kwargs)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            scheduler.__dict__.update(state)
            if drawn is not None:
                kwargs["generator"].set_state(drawn)
            self._climb(Stage.STEP, args, kwargs)
            return guarded(*args, **kwargs)

        scheduler.step = guarded

    def note(self, stage: Stage, rung: Rung) -> None:
        """Writes down what someone else did to save memory."""
        self.measures.append(Measure(stage, rung, self.steps_done()))

    def _guarding(self, stage: Stage) -> Callable[[Predict], Predict]:
        def wrapper(plain: Predict) -> Predict:
            def guarded(*args: Any, **kwargs: Any) -> Any:
                self._begin_on_known_rung(stage, args, kwargs)
                while True:
                    try:
                        self._bring(stage)
                        return self._thrifty(stage, plain)(*args, **kwargs)
                    except (RuntimeError, MemoryError) as error:
                        if not is_out_of_memory(error):
                            raise
                    # Outside of `except`: the traceback has let go of the failed call's tensors here.
                    self._climb(stage, args, kwargs)

            return guarded

        return wrapper

    def _thrifty(self, stage: Stage, plain: Predict) -> Predict:
        if stage is not Stage.DENOISE:
            return plain
        predict = in_batches(plain, self._group) if self._group else plain
        return in_windows(predict, self._window) if self._window else predict

    def _climb(self, stage: Stage, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Takes the next rung that can gain something. Raises MemoryExhaustedError when there is none."""
        give_back(self._device)
        ladder = LADDERS[stage]
        while self._climbed[stage] < len(ladder):
            rung = ladder[self._climbed[stage]]
            self._climbed[stage] += 1
            if self._take(rung, args, kwargs):
                self.note(stage, rung)
                give_back(self._device)
                known = (str(stage), _size_of(args, kwargs))
                self._model.rungs[known] = (self._climbed[stage], time.monotonic())
                return
        raise MemoryExhaustedError(f"Memory ran out (stage: {stage}) and nothing is left to save.")

    def _begin_on_known_rung(self, stage: Stage, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        level, since = self._model.rungs.get((str(stage), _size_of(args, kwargs)), (0, 0.0))
        while self._climbed[stage] < level and time.monotonic() - since < _REMEMBERED_S:
            rung = LADDERS[stage][self._climbed[stage]]
            self._climbed[stage] += 1
            if rung not in _ELSEWHERE and self._take(rung, args, kwargs):
                self.note(stage, rung)

    def _take(self, rung: Rung, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Sets what the rung says; False when it would gain nothing."""
        size = _size_of(args, kwargs)
        batch = batch_of(args, kwargs)
        ways: dict[Rung, Callable[[], bool]] = {
            Rung.ATTENTION_SLICES: self._slice_attention,
            Rung.VAE_TILES: lambda: self._tile_vae(size),
            Rung.GUIDANCE_HALVES: lambda: self._split_batch(batch, -(-batch // 2)),
            Rung.SMALLER_BATCH: lambda: self._split_batch(batch, 1),
            Rung.SMALLER_WINDOW: lambda: self._shrink_window(size),
            Rung.OTHER_MODELS: self._drop_others,
            Rung.OFFLOAD: self._offload,
        }
        return ways[rung]()

    def _offload(self) -> bool:
        waits = self._device.name != "cpu" and not self._model.offloaded
        self._model.offloaded = self._model.offloaded or waits
        return waits

    def _slice_attention(self) -> bool:
        network = self._model.network
        plain = dict(getattr(network, "attn_processors", {}))
        sliced = {name: SlicedAttention.around(processor) for name, processor in plain.items()}
        if all(sliced[name] is processor for name, processor in plain.items()):
            return False
        network.set_attn_processor(dict(sliced))  # diffusers empties what it is given
        self._undo.callback(network.set_attn_processor, plain)
        return True

    def _split_batch(self, batch: int, group: int) -> bool:
        if group >= (self._group or batch):
            return False
        self._group = group
        return True

    def _shrink_window(self, size: tuple[int, ...]) -> bool:
        if len(size) != 4:  # packed latents do not know their places
            return False
        side = min(self._window or max(size[-2:]), max(size[-2:])) * 3 // 4 // 8 * 8
        if side < _LEAST_WINDOW:
            return False
        self._window = side
        return True

    def _tile_vae(self, size: tuple[int, ...]) -> bool:
        vae = self._model.vae
        if not hasattr(vae, "tile_latent_min_size"):
            return False
        factor = 2 ** (len(vae.config.block_out_channels) - 1)
        longest = max(size[-2:]) // (factor if size[1] == vae.config.in_channels else 1)
        side = min(self._tile or longest, longest) // 2
        if side < _LEAST_TILE:
            return False
        if not self._tile:
            known = {name: getattr(vae, name) for name in _TILING if hasattr(vae, name)}
            self._undo.callback(vae.__dict__.update, known)
        self._tile = side
        for name, value in zip(_TILING, (True, side, side * factor, _TILE_OVERLAP), strict=True):
            if hasattr(vae, name):
                setattr(vae, name, value)
        return True

    def _bring(self, stage: Stage) -> None:
        """With parts waiting outside: this stage's onto the device, the others off it."""
        if not self._model.offloaded:
            return
        model = self._model
        wanted = {Stage.DENOISE: [model.network], Stage.PROMPT: model.text_encoders}.get(stage, [model.vae])
        for part in (model.network, model.vae, *model.text_encoders):
            if part not in wanted:
                part.to("cpu")
        for part in wanted:
            part.to(model.device)


def _size_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    """Shape of the first tensor of a call: latents, pixels or words."""
    first = next((value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)), None)
    return tuple(first.shape) if first is not None else ()


def _state_of(scheduler: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, list) else value for name, value in scheduler.__dict__.items()}
