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
from desktop.generation.apply import keep_candidate
from desktop.generation.capture import Capture
from desktop.generation.errand import Errand
from desktop.generation.factors import Factor, changed_factors, factors_sentence, verdict_sentence
from desktop.generation.fitting import fitted
from desktop.generation.jobs import JobRouter
from desktop.generation.likeness import Likeness, compare, worst
from desktop.session import Session
from desktop.spoken import spoken
from pipelines.contract.errors import JobCancelled, PipelineError
from pipelines.contract.events import EngineEvent, Finished
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
        raise CanvasError(sentence.format(reason=spoken(record.sentence) or record.status))
    inputs = {name: np.ascontiguousarray(await load(digest)) for name, digest in record.inputs.items()}
    request = GenerationRequest.from_dict(dict(record.request), inputs)
    request.check()
    originals = tuple([await load(digest) for digest in record.candidates])
    return Replay(record, request, originals)


def judge(replay: Replay, finished: Finished) -> Outcome:
    """Compares every candidate with its original, and the facts. Any thread; seconds for large pictures."""
    pairs = zip(replay.originals, finished.patches, strict=False)
    likenesses = tuple(compare(before, fitted(now, before.shape[1], before.shape[0])) for before, now in pairs)
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
        self._session, self.record_id = session, record_id
        self._errand = Errand(session, router, self)
        self._errand.progressed.connect(self.progressed)
        self._outcome: Outcome | None = None

    async def run(self, model_ids: Sequence[str]) -> None:
        """Does it all; ends with `ended` or `failed`. `model_ids` are those of the library."""
        project, log = self._session.project, self._session.document.generations
        try:
            record = await asyncio.to_thread(log.get, self.record_id)
            replay = await load_replay(record, lambda digest: asyncio.wrap_future(project.load_blob(digest)))
            check_model(replay.request.model, model_ids)
            captured = Capture(replay.request, replay.record.bounds, replay.record.id, replay.record.form)
            title = self.tr("{title} (again)").format(title=self._session.title)
            painted = await self._errand.paint(captured, title, lambda made, event: self._judged(replay, made, event))
        except JobCancelled:
            self.failed.emit(self.tr("The reproduction was cancelled."))
            return
        except (CanvasError, PipelineError) as error:
            self.failed.emit(spoken(str(error)))
            return
        outcome = self._outcome
        if outcome is not None:
            note = self.tr("Reproduction: {verdict}").format(verdict=verdict_sentence(outcome.likenesses))
            log.annotate(painted.record.id, Annotation(note=note))
            self.ended.emit(replace(outcome, record=painted.record))

    def cancel(self) -> None:
        """Takes the job back; `failed` follows."""
        self._errand.cancel()

    def _judged(self, replay: Replay, record: GenerationRecord, event: EngineEvent) -> GenerationRecord:
        if not isinstance(event, Finished):
            return record
        self._outcome = judge(replay, event)
        return replace(record, facts={**record.facts, "reproduction": self._outcome.to_dict()})


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
