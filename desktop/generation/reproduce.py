"""Making a logged generation again, from what the log knows, and saying how well that went."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from canvas.errors import CanvasError
from canvas.generations import Annotation, GenerationRecord
from canvas.project.batch import NotStoredError
from desktop.generation.apply import keep_candidate, make_record
from desktop.generation.capture import Capture
from desktop.generation.course import Course
from desktop.generation.factors import Factor, changed_factors, factors_sentence, verdict_sentence
from desktop.generation.failures import failure_sentence
from desktop.generation.jobs import JobRouter
from desktop.generation.likeness import Likeness, compare, worst
from desktop.session import Session
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import TERMINAL, EngineEvent, Failed, Finished, Progress
from pipelines.contract.request import GenerationRequest

Pixels = NDArray[np.uint8]
Load = Callable[[str], Awaitable[Pixels]]
"""Gives the pixels of a hash. Raises CanvasError."""


@dataclass(frozen=True, eq=False)
class Replay:
    """A logged generation, ready to be made again."""

    record: GenerationRecord
    request: GenerationRequest
    originals: tuple[Pixels, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of it."""

    replay: Replay
    patches: tuple[Pixels, ...]
    likenesses: tuple[Likeness, ...]
    """One for each candidate."""
    factors: tuple[Factor, ...]
    facts: dict[str, Any]
    """What the engine reported this time."""
    record: GenerationRecord | None = None
    """The log entry of the reproduction itself, once there is one."""

    def sentences(self) -> str:
        """Verdict and causes, in the present language."""
        causes = factors_sentence(self.factors, self.likenesses)
        return f"{verdict_sentence(self.likenesses)} {causes}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, kept in the facts of the new record and printed by the command line."""
        return {
            "of": self.replay.record.id,
            "verdict": str(worst(self.likenesses).verdict),
            "candidates": [
                {"verdict": str(one.verdict), "mean": _rounded(one.mean), "p99": _rounded(one.p99)}
                for one in self.likenesses
            ],
            "factors": [{"name": one.name, "before": one.before, "now": one.now} for one in self.factors],
        }


async def load_replay(record: GenerationRecord, load: Load) -> Replay:
    """Request, inputs and old pictures of a record. Raises CanvasError or InvalidRequestError with a sentence."""
    if not record.candidates:
        sentence = QCoreApplication.translate(
            "reproduce", "This generation made no picture, so there is nothing to compare with: {reason}"
        )
        raise CanvasError(sentence.format(reason=record.sentence or record.status))
    inputs = {name: np.ascontiguousarray(await load(digest)) for name, digest in record.inputs.items()}
    request = GenerationRequest.from_dict(dict(record.request), inputs.get("image"), inputs.get("mask"))
    request.check()
    originals = tuple([await load(digest) for digest in record.candidates])
    return Replay(record, request, originals)


def judge(replay: Replay, finished: Finished) -> Outcome:
    """Compares every candidate with its original, and the facts. Any thread; seconds for large pictures."""
    pairs = zip(replay.originals, finished.patches, strict=False)
    likenesses = tuple(compare(before, now) for before, now in pairs)
    factors = changed_factors(replay.record.facts, finished.facts)
    return Outcome(replay, finished.patches, likenesses, factors, dict(finished.facts))


class Reproduction(QObject):
    """One reproduction in a window: a generation like any other, logged as a child of the original."""

    progressed = Signal(float)
    """0..1."""
    ended = Signal(object)
    """The Outcome."""
    failed = Signal(str)
    """A sentence: why there is none."""

    def __init__(self, session: Session, router: JobRouter, record_id: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._router, self.record_id = session, router, record_id
        self._job = ""
        self._course = Course()
        self._over: asyncio.Future[EngineEvent] | None = None
        self._cancelled = False
        self._cancelling: asyncio.Task[None] | None = None

    async def run(self, model_ids: Sequence[str]) -> None:
        """Does it all; ends with `ended` or `failed`. `model_ids` are those of the library."""
        project = self._session.project
        try:
            record = await asyncio.to_thread(self._session.document.generations.get, self.record_id)
            replay = await load_replay(record, lambda digest: asyncio.wrap_future(project.load_blob(digest)))
            check_model(replay.request.model, model_ids)
            event = await self._paint(replay.request)
            outcome = await asyncio.to_thread(judge, replay, event) if isinstance(event, Finished) else None
            made = await self._log(replay, event, outcome)
        except (CanvasError, PipelineError) as error:
            self.failed.emit(str(error))
            return
        if outcome is not None:
            self.ended.emit(replace(outcome, record=made))
        elif isinstance(event, Failed):
            self.failed.emit(failure_sentence(event))
        else:
            self.failed.emit(self.tr("The reproduction was cancelled."))

    def cancel(self) -> None:
        """Takes the job back; `failed` follows."""
        self._cancelled = True
        if self._job:
            asyncio.get_running_loop().create_task(self._router.cancel(self._job))

    async def _paint(self, request: GenerationRequest) -> EngineEvent:
        self._over = asyncio.get_running_loop().create_future()
        title = self.tr("{title} (again)").format(title=self._session.title)
        self._job = await self._router.submit(request, title, self._on_event)
        if self._cancelled:
            await self._router.cancel(self._job)
        try:
            return await self._over
        except asyncio.CancelledError:  # the window closes
            self.cancel()
            raise

    def _on_event(self, event: EngineEvent) -> None:
        self._course.hear(event)
        if isinstance(event, Progress):
            self.progressed.emit(event.step / max(event.steps, 1))
        elif isinstance(event, TERMINAL) and self._over is not None and not self._over.done():
            self._over.set_result(event)

    async def _log(self, replay: Replay, event: EngineEvent, outcome: Outcome | None) -> GenerationRecord:
        """In the file before anything of it is shown."""
        captured = Capture(replay.request, replay.record.bounds, replay.record.id, replay.record.form)
        record = await asyncio.to_thread(make_record, captured, event, self._course)
        facts = dict(record.facts)
        if outcome is not None:
            facts["reproduction"] = outcome.to_dict()
        record = replace(record, facts=facts)
        request = replay.request
        inputs = {name: pixels for name in ("image", "mask") if (pixels := getattr(request, name)) is not None}
        patches = event.patches if isinstance(event, Finished) else ()
        future = self._session.project.store_generation(record, patches, inputs)
        try:
            record = await asyncio.wrap_future(future)
        except NotStoredError as error:  # kept and tried again by the project
            record = error.record
        log = self._session.document.generations
        log.append(record)
        if outcome is not None:
            note = self.tr("Reproduction: {verdict}").format(verdict=verdict_sentence(outcome.likenesses))
            log.annotate(record.id, Annotation(note=note))
        return record


def keep(session: Session, outcome: Outcome, index: int) -> None:
    """Puts a picture of the reproduction on the canvas, at the old place: one undo step."""
    if outcome.record is not None:
        keep_candidate(session.document, outcome.record, index, outcome.patches[index])


def check_model(model: str, known: Sequence[str]) -> None:
    """Raises CanvasError, naming it, when a model is not in the library."""
    if model not in known:
        sentence = QCoreApplication.translate(
            "reproduce",
            "The model '{model}' that painted this is not in the library. Put it back, or add its folder with "
            "Generate > Model Folders.",
        )
        raise CanvasError(sentence.format(model=model))


def _rounded(number: float) -> float | None:
    return round(number, 3) if np.isfinite(number) else None
