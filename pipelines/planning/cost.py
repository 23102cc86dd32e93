"""What a job will cost, seconds and memory, learned from jobs that this machine has finished. Pure arithmetic.

A job is a few kinds of work, each with a size: pictures through the encoder, calls of the network, pictures through the
decoder. Their seconds follow a power of the size (attention grows faster than the picture, small pictures leave a GPU
idle), so what was measured is a straight line in logarithms: its slope is fitted where sizes differ enough, and the
nearest measurements count most.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from pipelines.contract.models import ModelInfo, SchedulerName
from pipelines.contract.request import GenerationRequest, Task
from pipelines.planning.beside import Beside
from pipelines.planning.memory_cost import PROGRAM_BYTES, PartSizes, RunSize, choose_rung, memory_of
from pipelines.planning.passes import Pass, detail_pass, plan_passes, whole_pass
from pipelines.planning.scene import scene_of
from pipelines.planning.sizes import RunLimits
from pipelines.planning.steps import steps_run

MOST_SAMPLES = 16
"""Finished jobs that are remembered of one model on one device."""
MEGAPIXEL = 1e6
_WORDS = 0.1
"""What encoding a prompt counts beside encoding a picture, megapixels."""
_USUAL_SLOPE = 1.0
_STEADY = 0.05
"""How much spread of sizes it takes until measurements outweigh the usual slope."""
_STEEPEST = 1.8
_NEAR = 0.05
_FADE = 0.85
"""Each job counts so much of the one after it: machines change."""
_OVER_A_PICTURE = frozenset({Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT})
_TWO_CALLS = frozenset({SchedulerName.HEUN, SchedulerName.HEUN_FLOW})
"""Schedulers that call the network twice a step."""


@dataclass(frozen=True)
class Calls:
    """Calls of the network at one size."""

    megapixels: float
    """What it sees at once."""
    number: float
    """Over all steps, windows, pictures, and prompts: its own, those of regions, and the negative one."""


@dataclass(frozen=True)
class Work:
    """Everything a job will do."""

    calls: tuple[Calls, ...]
    encoded: float
    """Megapixels of pictures through the encoder."""
    decoded: float
    """Megapixels through the decoder, all pictures together."""
    steps: int
    """Steps that will run, all pictures, passes and windows together."""
    largest: float
    """Megapixels of the largest picture that is painted; of a clip those of all its moments together."""
    moments: int = 1
    """Steps in time that are painted at once; 1 for pictures."""
    beside_bytes: float = 0.0
    """Weights of add-ons that are in memory meanwhile."""
    looking_bytes: float = 0.0
    """Weights of what references are seen with, before the steps."""
    shown: bool = False
    """Whether there is a picture beneath, which some models are shown beside what they paint."""
    seen: float = 0.0
    """Megapixels that the network is shown beside the largest picture."""

    def with_addons(self, added: Beside) -> Work:
        """The same with add-ons and references: as so many calls more, each of them larger, and more memory."""
        own = 1.0 if added.sees_own and self.shown else 0.0
        calls = tuple(
            Calls(one.megapixels * (1.0 + own) + added.seen, one.number * (1.0 + added.calls)) for one in self.calls
        )
        largest = max((one.megapixels for one in self.calls), default=0.0)
        return replace(
            self,
            calls=calls,
            beside_bytes=added.size_bytes,
            looking_bytes=added.looking_bytes,
            seen=largest * own + added.most_seen,
        )

    @property
    def megapixels(self) -> float:
        """What the network sees in a usual call."""
        number = sum(calls.number for calls in self.calls)
        return sum(calls.megapixels * calls.number for calls in self.calls) / number if number else 0.0


@dataclass(frozen=True)
class Cost:
    """What a job will take."""

    seconds: float | None
    """None while nothing like it was measured."""
    memory_bytes: float | None
    measured: bool
    """Whether `memory_bytes` comes from measurements, or is a rough figure by the model's size."""
    free_bytes: float | None = None
    """Of the device's memory, as far as it is known: what the engine has taken for models counts as free."""

    @property
    def is_short(self) -> bool:
        """Whether more memory is needed than could be had."""
        needed, free = self.memory_bytes, self.free_bytes
        return needed is not None and free is not None and needed > free


def passes_of(request: GenerationRequest, limits: RunLimits) -> tuple[Pass, ...]:
    """In which passes a request that `check` has passed is painted; none when its strength leaves the picture as it
    is; making larger is no pass. Looks at its pictures: large ones take a while."""
    strength = 1.0 if request.task is Task.TEXT_TO_IMAGE else request.strength
    if steps_run(request.num_inference_steps, strength) == 0:
        return ()
    if request.task is Task.UPSCALE:
        return (detail_pass((request.width, request.height), request.result_size, limits, strength),)
    if request.task in (Task.INPAINT, Task.OUTPAINT):
        return scene_of(request, limits).passes
    if request.task is Task.ANIMATE:
        return (whole_pass(request.width, request.height, limits, strength),)
    return plan_passes(request.width, request.height, None, limits, strength)


def work_of(request: GenerationRequest, passes: Sequence[Pass]) -> Work:
    """The work of a request that is painted in these passes. Only its numbers are looked at, not its pictures."""
    prompts = 1 + len(request.regions) + (1 if request.guidance_scale > 1.0 else 0)
    sides = prompts * (2 if request.scheduler in _TWO_CALLS else 1)
    pictures, calls, encoded, decoded, steps = request.num_images_per_prompt, [], 0.0, 0.0, 0
    for number, one in enumerate(passes):
        here = steps_run(request.num_inference_steps, one.strength)
        size = one.width * one.height / MEGAPIXEL * request.moments
        for window in one.windows:
            seen = window.width * window.height / MEGAPIXEL * request.moments
            calls.append(Calls(seen, float(here * sides * pictures)))
        steps += here * pictures * len(one.windows)
        begins_empty = number == 0 and request.task is Task.TEXT_TO_IMAGE
        encoded += 0.0 if begins_empty else size * (1 if number == 0 else pictures)
        decoded += size * pictures
    largest = max((one.width * one.height / MEGAPIXEL * request.moments for one in passes), default=0.0)
    shown = request.task in _OVER_A_PICTURE
    return Work(_merged(calls), encoded, decoded, steps, largest, request.moments, shown=shown)


def _merged(calls: Iterable[Calls]) -> tuple[Calls, ...]:
    """One entry per size."""
    by_size: dict[float, float] = {}
    for one in calls:
        by_size[one.megapixels] = by_size.get(one.megapixels, 0.0) + one.number
    return tuple(Calls(size, number) for size, number in by_size.items())


@dataclass(frozen=True)
class Sample:
    """One finished job, boiled down. Sizes in megapixels, seconds of wall time."""

    megapixels: float
    """What the network saw in a usual call."""
    call_s: float
    """Seconds of one call."""
    encoded: float
    encode_s: float
    decoded: float
    decode_s: float
    pictures: float
    """The largest picture that was painted, and what the network was shown beside it."""
    peak_bytes: float
    """The most memory that was taken, without that of add-ons; of a CPU that of the whole process."""

    @classmethod
    def of(cls, work: Work, facts: Mapping[str, Any]) -> Self | None:
        """What a finished job teaches; None where its facts lack times, or nothing was denoised."""
        try:
            steps, denoise_s = int(facts["steps_run"]), float(facts["denoise_s"])
            encode_s, decode_s = float(facts["encode_s"]), float(facts["decode_s"])
            peak = float(facts.get("peak_memory_bytes", 0))
        except (KeyError, TypeError, ValueError):
            return None
        number = sum(calls.number for calls in work.calls)
        if not (steps > 0 and work.steps > 0 and number > 0 and denoise_s > 0 and math.isfinite(denoise_s)):
            return None
        peak = max(0.0, peak - work.beside_bytes - work.looking_bytes)
        call_s = denoise_s / (number * steps / work.steps)
        at_once = work.largest + work.seen
        return cls(work.megapixels, call_s, work.encoded, encode_s, work.decoded, decode_s, at_once, peak)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `asdict` wrote. Raises ValueError for anything but finite numbers from 0 up."""
        values = {name: data.get(name) for name in cls.__dataclass_fields__}
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                raise ValueError(f"{name} is {value!r}")
        made = cls(**{name: float(value) for name, value in values.items() if value is not None})
        if not (made.megapixels > 0 and made.call_s > 0):
            raise ValueError("a job without work")
        return made


@dataclass(frozen=True)
class Pace:
    """How fast one model is on one device: its last finished jobs, the newest last."""

    samples: tuple[Sample, ...] = ()

    def learned(self, sample: Sample) -> Pace:
        """With one more job; the oldest of too many is forgotten."""
        return Pace((*self.samples, sample)[-MOST_SAMPLES:])

    def predict(self, work: Work) -> Cost:
        """What this work will take; seconds and memory are None before the first sample."""
        if not self.samples:
            return Cost(None, None, measured=False)
        line = _Line([(one.megapixels, one.call_s) for one in self.samples])
        seconds = sum(calls.number * line.at(calls.megapixels) for calls in work.calls)
        encoding = _Line([(one.encoded + _WORDS, one.encode_s) for one in self.samples])
        decoding = _Line([(one.decoded, one.decode_s) for one in self.samples])
        seconds += encoding.at(work.encoded + _WORDS) + decoding.at(work.decoded)
        memory = self._memory(work.largest + work.seen)
        memory = None if memory is None else memory + work.beside_bytes + work.looking_bytes
        return Cost(seconds, memory, measured=memory is not None)

    def reaches(self, work: Work) -> bool:
        """Whether the peaks that are known tell what this takes: one size of picture says nothing of larger ones."""
        sizes = {one.pictures for one in self.samples if one.peak_bytes > 0}
        return len(sizes) > 1 or any(size >= work.largest + work.seen for size in sizes)

    def _memory(self, megapixels: float) -> float | None:
        """Between the peaks of the next smaller and the next larger picture that were painted."""
        known = [(one.pictures, one.peak_bytes) for one in self.samples if one.peak_bytes > 0]
        if not known:
            return None
        # Where a process's own peak never falls a small picture may carry a large one's: the least above bounds it.
        above = min((peak for size, peak in known if size >= megapixels), default=None)
        if above is not None:
            return above
        size, peak = max(known)
        least = min(peak for _, peak in known)
        smallest = min(known)[0]
        slope = (peak - least) / (size - smallest) if size > smallest else 0.0
        return peak + slope * (megapixels - size)

    def to_list(self) -> list[dict[str, float]]:
        """The JSON form."""
        return [asdict(sample) for sample in self.samples]

    @classmethod
    def from_list(cls, data: object) -> Pace:
        """Reads what `to_list` wrote; damaged samples are left out."""
        samples: list[Sample] = []
        for one in data if isinstance(data, list) else []:
            try:
                samples.append(Sample.from_dict(one))
            except (AttributeError, ValueError):
                continue
        return cls(tuple(samples[-MOST_SAMPLES:]))


class _Line:
    """A straight line through measurements in logarithms, bent towards the nearest and newest."""

    def __init__(self, points: Iterable[tuple[float, float]]) -> None:
        """`points`: (size, seconds), the newest last; those without either are left out."""
        good = [(math.log(size), math.log(seconds)) for size, seconds in points if size > 0 and seconds > 0]
        self._points = good
        self._slope = _slope(good)

    def at(self, size: float) -> float:
        """Seconds at this size; 0 for nothing, and where nothing was measured."""
        if not self._points or size <= 0:
            return 0.0
        wanted, total, weights = math.log(size), 0.0, 0.0
        for age, (x, y) in enumerate(reversed(self._points)):
            weight = _FADE**age / (_NEAR + abs(wanted - x))
            total += weight * (y + self._slope * (wanted - x))
            weights += weight
        return math.exp(total / weights)


def _slope(points: Sequence[tuple[float, float]]) -> float:
    if not points:
        return _USUAL_SLOPE
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    shared = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return min(max((shared + _STEADY * _USUAL_SLOPE) / (spread + _STEADY), 0.0), _STEEPEST)


def rough_memory(info: ModelInfo, work: Work, device: str = "cpu", free_bytes: float = 0.0) -> float | None:
    """About how much memory a model takes that was never run here, run as it would be on that device.

    None where not even the size of its files is known.
    """
    sizes = PartSizes.of(info)
    weights = work.beside_bytes, work.looking_bytes
    run = RunSize(info.family, work.largest / work.moments, work.moments, *weights, work.seen)
    if sizes is None:
        return None
    rung = choose_rung(device, free_bytes, sizes, run)
    return memory_of(rung, sizes, run) + (PROGRAM_BYTES if device == "cpu" else 0.0)
