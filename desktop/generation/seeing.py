"""What only a network sees in a control layer: which one of the library does, and asking the engine for it."""

from __future__ import annotations

import asyncio

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from canvas.layer_control import LayerControl, Source
from desktop.generation.control_models import Eyes, eyes_for, gone_annotator, label_of_kind, nobody_sees
from desktop.generation.failures import failure_sentence
from desktop.generation.jobs import JobRouter
from desktop.generation.wording import Wording
from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError, JobCancelled, ModelError, PipelineError
from pipelines.contract.events import TERMINAL, Annotated, EngineEvent, Failed, FailureKind
from pipelines.contract.looking import SEEN

Rgba = NDArray[np.uint8]
"""(height, width, 4) straight RGBA."""
_MOST_COLOURS = 48
"""Of a picture of segments, whatever it shows."""
_MODELS_FAULT = (FailureKind.MODEL_MISSING, FailureKind.MODEL_UNUSABLE)


def eyes_on(control: LayerControl, rgba: Rgba, wording: Wording) -> Eyes | None:
    """Who shall look at a layer's picture before it is followed; None: it is followed as it is. Any thread.

    Raises InvalidRequestError, with what to do, where the layer says that somebody must and nobody can.
    """
    if control.kind not in SEEN or control.source is Source.READY:
        return None
    if control.source is Source.AUTO and looks_seen(control.kind, rgba):
        return None
    found = eyes_for(control, wording)
    if found is None and control.source is Source.MADE:
        raise InvalidRequestError("controls", nobody_sees(control, wording))
    return found


def note_on(control: LayerControl | None, wording: Wording) -> str:
    """What becomes of a layer whose kind only a network sees, as a sentence; empty where nothing is to be said."""
    if control is None or control.kind not in SEEN or control.source is Source.READY or not wording.models:
        return ""
    eyes, gone = eyes_for(control, wording), gone_annotator(control, wording)
    if eyes is None and control.source is not Source.AUTO:
        return ""
    if eyes is None and gone:
        sentence = QCoreApplication.translate(
            "controls",
            "The layer is followed as it is: '{gone}', which was chosen to look at it, cannot be used now. Put it "
            "back, or get another one from the catalogue.",
        )
        return sentence.format(gone=gone)
    if eyes is None:
        sentence = QCoreApplication.translate(
            "controls",
            "The layer is followed as it is: no network in the library sees “{kind}” in a picture. The catalogue has "
            "some.",
        )
        return sentence.format(kind=label_of_kind(control.kind))
    if gone:
        sentence = QCoreApplication.translate(
            "controls", "'{gone}', which was chosen to look at it, cannot be used now: {name} does until it is back."
        )
        return sentence.format(gone=gone, name=eyes.annotator.name)
    if control.source is Source.MADE:
        sentence = QCoreApplication.translate("controls", "{name} sees it in the layer's picture.")
    else:
        sentence = QCoreApplication.translate(
            "controls", "{name} sees it in the layer's picture, where that is no such map already."
        )
    return sentence.format(name=eyes.annotator.name)


def looks_seen(kind: str, rgba: Rgba) -> bool:
    """Whether a picture is a map of that kind already: grey for depth, of one length for normals, few clear colours for
    segments, stick figures on black for poses."""
    small = np.ascontiguousarray(rgba[:: max(1, rgba.shape[0] // 256), :: max(1, rgba.shape[1] // 256)])
    shown = small[small[..., 3] > 127][:, :3].astype(np.int16)
    if not len(shown):
        return True
    if kind == ControlKind.DEPTH:
        return float((np.ptp(shown, axis=1) <= 12).mean()) > 0.99
    if kind == ControlKind.NORMAL:
        lengths = np.linalg.norm(shown / 127.5 - 1.0, axis=1)
        return float((np.abs(lengths - 1.0) < 0.12).mean()) > 0.9 and float((shown[:, 2] > 110).mean()) > 0.9
    if kind == ControlKind.SEGMENTATION:
        _, counts = np.unique(shown, axis=0, return_counts=True)
        return int(np.sort(counts)[::-1][:_MOST_COLOURS].sum()) > 0.95 * len(shown)
    black = shown.max(axis=1) < 16
    strong = np.ptp(shown, axis=1) > 90
    return float((black | strong).mean()) > 0.9 and float(black.mean()) > 0.5


class Seer:
    """Asks the engine what is seen in a picture; a newer question takes the former back."""

    def __init__(self, router: JobRouter, title: str) -> None:
        self._router, self._title = router, title
        self._job_id = ""

    @property
    def busy(self) -> bool:
        """Whether it waits for an answer."""
        return bool(self._job_id)

    async def see(self, control: LayerControl, rgba: Rgba, eyes: Eyes) -> Rgba:
        """(h, w, 4) of the picture's size. Raises PipelineError with a sentence, ModelError where the network cannot be
        read, JobCancelled when it was taken back."""
        over: asyncio.Future[EngineEvent] = asyncio.get_running_loop().create_future()

        def hear(event: EngineEvent) -> None:
            if isinstance(event, TERMINAL) and not over.done():
                over.set_result(event)

        await self.cancel()
        asked = eyes.request(ControlKind(control.kind), rgba)
        job_id = self._job_id = await self._router.look(asked, self._title, hear)
        try:
            event = await over
        except asyncio.CancelledError:  # the window closes
            await self._router.cancel(job_id)
            raise
        finally:
            if self._job_id == job_id:
                self._job_id = ""
        if isinstance(event, Failed):
            raise (ModelError if event.kind in _MODELS_FAULT else PipelineError)(failure_sentence(event))
        if not isinstance(event, Annotated):
            raise JobCancelled(QCoreApplication.translate("controls", "Cancelled."))
        return event.image

    async def cancel(self) -> None:
        """Takes the question back; `see` ends soon after."""
        if self._job_id:
            await self._router.cancel(self._job_id)
