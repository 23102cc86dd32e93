"""How far all jobs are together, and how long each will still take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from desktop.generation.jobs import Job
from pipelines.contract.looking import LookRequest
from pipelines.contract.request import Task

TOKENS = 20
"""Steps that a description is expected to take."""


@dataclass(frozen=True)
class Outlook:
    """All open jobs at one moment."""

    jobs: int = 0
    fraction: float = 0.0
    """0..1 of everything that was asked for since nothing ran last."""
    seconds_left: float | None = None
    """Until all are done; None while nothing can be said."""
    by_job: Mapping[str, float] = field(default_factory=dict)
    """Seconds until each job is done; jobs about which nothing can be said are left out."""


class Reckoning:
    """Looks at the jobs again and again, and remembers how long a step takes."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}
        self._step_seconds = 0.0

    def outlook(self, jobs: Mapping[str, Job]) -> Outlook:
        """How it stands. Live jobs, of a priority below 0, do not count: they never end."""
        counted = {name: job for name, job in jobs.items() if job.request.priority >= 0}
        if not counted:
            self._seen.clear()
            return Outlook()
        self._seen.update(dict.fromkeys(counted))
        done = len(self._seen) - len(counted) + sum(job.fraction for job in counted.values())
        by_job, total = self._times(counted)
        return Outlook(len(counted), min(done / len(self._seen), 1.0), total, by_job)

    def _times(self, jobs: Mapping[str, Job]) -> tuple[dict[str, float], float | None]:
        begun = [job for job in jobs.values() if job.state != "waiting"]
        waiting = sorted((job for job in jobs.values() if job.state == "waiting"), key=lambda job: job.position)
        for job in begun:
            if 0 < job.step < job.steps:
                self._step_seconds = job.seconds_left / (job.steps - job.step)
        found: dict[str, float] = {}
        after = 0.0
        for job in (*begun, *waiting):
            seconds = self._seconds(job)
            if seconds is None:
                return found, None
            after += seconds
            found[job.id] = after
        return found, after

    def _seconds(self, job: Job) -> float | None:
        """Of this job alone; None while no step was ever timed."""
        if job.state == "finishing" or 0 < job.step < job.steps:
            return job.seconds_left
        steps = job.steps or expected_steps(job)
        return steps * self._step_seconds if self._step_seconds > 0 else None


def expected_steps(job: Job) -> int:
    """Steps of a job that has not begun, all pictures together."""
    request = job.request
    if isinstance(request, LookRequest):
        return TOKENS
    part = 1.0 if request.task is Task.TEXT_TO_IMAGE else request.strength
    return max(1, round(request.num_inference_steps * part)) * request.num_images_per_prompt


def outlook_text(outlook: Outlook) -> str:
    """`3 jobs · 37 % · about 12 s left`; empty when nothing runs."""
    if not outlook.jobs:
        return ""
    translate = QCoreApplication.translate
    parts = [f"{math.floor(outlook.fraction * 100)} %"]
    if outlook.jobs > 1:
        parts.insert(0, translate("remaining", "{number} jobs").format(number=outlook.jobs))
    if outlook.seconds_left is not None:
        left = translate("remaining", "about {time} left").format(time=time_text(outlook.seconds_left))
        parts.append(left)
    return " · ".join(parts)


def time_text(seconds: float) -> str:
    """`12 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = max(1, round(seconds))
    if whole < 60:
        return QCoreApplication.translate("remaining", "{s} s").format(s=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return QCoreApplication.translate("remaining", "{min} min {s} s").format(min=minutes, s=rest)
    hours, minutes = divmod(minutes, 60)
    return QCoreApplication.translate("remaining", "{h} h {min} min").format(h=hours, min=minutes)
