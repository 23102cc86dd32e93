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
from pipelines.engine.memory import Device, free_memory_bytes, give_back, is_out_of_memory
from pipelines.engine.network import Predict, around, predicting
from pipelines.engine.thrifty_calls import (
    SlicedAttention,
    batch_of,
    feed_forwards,
    in_batches,
    in_slices,
    in_windows,
    token_slices,
)
from pipelines.engine.tiling import Tiling
from pipelines.engine.windows import Viewport
from pipelines.planning.memory_cost import MARGIN, MEGAPIXEL, RunSize
from pipelines.planning.savings import Rung, savings_sentence


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


_ELSEWHERE = (Rung.OTHER_MODELS, Rung.OFFLOAD)
_LASTING = (*_ELSEWHERE, Rung.BLOCKS)
"""What stays as it is after the job, and need not be taken again."""
LADDERS: dict[Stage, tuple[Rung, ...]] = {
    Stage.PROMPT: (*_ELSEWHERE, Rung.BLOCKS),
    Stage.ENCODE: (Rung.VAE_TILES, *_ELSEWHERE, Rung.VAE_TILES, Rung.VAE_TILES),
    Stage.DENOISE: (
        Rung.ATTENTION_SLICES,
        Rung.GUIDANCE_HALVES,
        *_ELSEWHERE,
        Rung.SMALLER_BATCH,
        Rung.BLOCKS,
        *(Rung.SMALLER_WINDOW,) * 6,
    ),
    Stage.STEP: _ELSEWHERE,
    Stage.DECODE: (Rung.VAE_TILES, *_ELSEWHERE, Rung.VAE_TILES, Rung.VAE_TILES),
}
"""The cheapest first; a rung that would gain nothing in a call is passed over."""
_CLIP_AXES = 4
"""A clip's tensor has more: one of time, in its middle."""
_LEAST_WINDOW = 16
"""Smallest side of a window, latent pixels: with less around it the network paints something else."""
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
        self.view: Viewport | None = None
        """Set by the run: told which window the network sees."""
        self._model, self._layout = model, model.architecture.layout
        self._device = device
        self._drop_others = drop_others
        self._climbed: dict[Stage, int] = dict.fromkeys(Stage, 0)
        self._group = 0  # pictures per call of the network; 0 = all
        self._window = 0  # side in latents of what the network sees; 0 = everything
        self._tilings: dict[int, Tiling] = {}  # by VAE: an add-on may bring another one
        self._sliced = False
        self._in_slices = False  # attention of networks that have their own
        self._undo = ExitStack()

    @property
    def sentence(self) -> str:
        """What was done, for people; empty when memory sufficed."""
        return savings_sentence(measure.rung for measure in self.measures)

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
                self._look_ahead(stage, args, kwargs)
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
        predict = in_slices(plain) if self._in_slices else plain
        predict = in_batches(predict, self._group) if self._group else predict
        return in_windows(predict, self._window, self.view, self._layout) if self._window else predict

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
            if rung not in _LASTING and self._take(rung, args, kwargs):
                self.note(stage, rung)

    def _look_ahead(self, stage: Stage, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Tiles before memory runs out: many systems do not refuse it, they end the program that took too much."""
        if stage not in (Stage.ENCODE, Stage.DECODE):
            return
        free, size = free_memory_bytes(self._device) * MARGIN, _size_of(args, kwargs)
        while self._room_for(size) > free and self._take(Rung.VAE_TILES, args, kwargs):
            self.note(stage, Rung.VAE_TILES)

    def _room_for(self, size: tuple[int, ...]) -> float:
        """Bytes that the VAE needs for a call."""
        moments = size[2] if len(size) > _CLIP_AXES else 1
        return RunSize(self._model.info.family, self._tiling().area(size) / MEGAPIXEL, moments).decode_bytes

    def _tiling(self) -> Tiling:
        vae = self._model.vae
        return self._tilings.setdefault(id(vae), Tiling(vae))

    def _take(self, rung: Rung, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Sets what the rung says; False when it would gain nothing."""
        size = _size_of(args, kwargs)
        batch = batch_of(args, kwargs)
        ways: dict[Rung, Callable[[], bool]] = {
            Rung.ATTENTION_SLICES: self._slice_attention,
            Rung.VAE_TILES: lambda: self._tiling().shrink(size, self._undo.callback),
            Rung.GUIDANCE_HALVES: lambda: self._split_batch(batch, -(-batch // 2)),
            Rung.SMALLER_BATCH: lambda: self._split_batch(batch, 1),
            Rung.SMALLER_WINDOW: lambda: self._shrink_window(self._layout.grid(args, kwargs)),
            Rung.OTHER_MODELS: self._drop_others,
            Rung.OFFLOAD: lambda: self._descend(blocks=False),
            Rung.BLOCKS: lambda: self._descend(blocks=True),
        }
        return ways[rung]()

    def _descend(self, *, blocks: bool) -> bool:
        """Parts wait outside the device, or even the blocks of the networks."""
        placement = self._model.placement
        return placement.offloaded == blocks and placement.descend([self._model.network, *self._model.text_encoders])

    def _slice_attention(self) -> bool:
        """Attention and feed-forward layers in slices, whatever the network is."""
        network = self._model.network
        plain = dict(getattr(network, "attn_processors", {}))
        sliced = {name: SlicedAttention.around(processor) for name, processor in plain.items()}
        own = [name for name, processor in plain.items() if sliced[name] is processor]
        layers = feed_forwards(network)
        if self._sliced or not (layers or len(own) < len(plain)):
            return False
        self._sliced, self._in_slices = True, not plain or bool(own)
        if len(own) < len(plain):
            network.set_attn_processor(dict(sliced))  # diffusers empties what it is given
            self._undo.callback(network.set_attn_processor, plain)
        for layer in layers:
            self._undo.enter_context(around(layer, "forward", [token_slices]))
        return True

    def _split_batch(self, batch: int, group: int) -> bool:
        if group >= (self._group or batch):
            return False
        self._group = group
        return True

    def _shrink_window(self, grid: tuple[int, int]) -> bool:
        side = min(self._window or max(grid), max(grid)) * 3 // 4 // 8 * 8
        if side < _LEAST_WINDOW:
            return False
        self._window = side
        return True

    def _bring(self, stage: Stage) -> None:
        """What is at work in this stage comes onto the device, and what is not leaves it, as far as the model waits
        elsewhere at all."""
        model = self._model
        denoising = [model.network, *model.guests]
        wanted = {Stage.DENOISE: denoising, Stage.PROMPT: model.text_encoders}.get(stage, [model.vae])
        at_work = {id(part) for part in wanted}
        others = [part for part in (*denoising, model.vae, *model.text_encoders) if id(part) not in at_work]
        model.placement.bring(wanted, others)


def _size_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    """Shape of the first tensor of a call: latents, pixels or words."""
    first = next((value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)), None)
    return tuple(first.shape) if first is not None else ()


def _state_of(scheduler: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, list) else value for name, value in scheduler.__dict__.items()}
