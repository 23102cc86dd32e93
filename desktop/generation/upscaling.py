"""Making a selection or the frame larger: what is asked for, where it goes, and the layer that comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from desktop.gathering import gather
from desktop.generation.asking import plain_request
from desktop.generation.capture import Capture, draw_seed, parent_of
from desktop.generation.controller import CLOSE_SECONDS, GenerationController
from desktop.generation.controls import gather_guides, with_guides
from desktop.generation.errand import Errand
from desktop.generation.form import GenerationSettings
from desktop.generation.laying import as_pictures, paint_layer
from desktop.generation.wording import Wording
from desktop.session import Session
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.events import Preview
from pipelines.contract.request import LANCZOS, MAX_SIDE, GenerationRequest, Task

LEAST_SIDE = 16
LEAST_SCALE, MOST_SCALE = 1.1, 8.0
MOST_DETAIL = 0.6
AWAY = 64
"""Canvas pixels between what is painted and a result beside it."""
PREVIEW = "upscale"


class Place(StrEnum):
    """Where the result goes."""

    BESIDE = "beside"
    """To the right of everything painted."""
    OVER = "over"
    """At the same top left corner."""


@dataclass(frozen=True)
class Enlargement:
    """What is wanted."""

    scale: float = 2.0
    upscaler: str = LANCZOS
    """`lanczos`, or a model's id."""
    detail: float = 0.0
    """0..1: how far the model paints over the enlarged picture."""
    prompt: str = ""
    """For the painting over."""
    place: Place = Place.BESIDE


def region_of(document: Document) -> Bounds:
    """What is made larger: the selection's bounds, else the frame."""
    return document.frame if document.selection.is_empty else document.selection.bounds


def why_not(region: Bounds, scale: float) -> str:
    """A sentence where this cannot be done; else empty."""
    if min(region.width, region.height) < LEAST_SIDE:
        sentence = QCoreApplication.translate(
            "upscaling", "The region is {width} × {height} pixels; {least} a side are needed. Select more."
        )
        return sentence.format(width=region.width, height=region.height, least=LEAST_SIDE)
    if not LEAST_SCALE <= scale <= MOST_SCALE:
        sentence = QCoreApplication.translate("upscaling", "It can be made {least} to {most} times as large.")
        return sentence.format(least=f"{LEAST_SCALE:g}", most=f"{MOST_SCALE:g}")
    size = result_size(region, scale)
    if max(size) > MAX_SIDE:
        sentence = QCoreApplication.translate(
            "upscaling",
            "The result would be {width} × {height} pixels; at most {most} a side can be made. "
            "Choose a smaller scale, or select a part.",
        )
        return sentence.format(width=size[0], height=size[1], most=MAX_SIDE)
    return ""


def result_size(region: Bounds, scale: float) -> tuple[int, int]:
    """Width and height of what comes out, canvas pixels."""
    return round(region.width * scale), round(region.height * scale)


def place_of(document: Document, region: Bounds, wanted: Enlargement) -> Bounds:
    """Where the result will lie."""
    width, height = result_size(region, wanted.scale)
    if wanted.place is Place.OVER:
        return Bounds(region.x, region.y, width, height)
    painted = document.content_bounds().united(region)
    return Bounds(painted.right + AWAY, region.y, width, height)


def request_for(
    region: Bounds, settings: GenerationSettings, wanted: Enlargement, wording: Wording | None = None
) -> GenerationRequest:
    """The request without its picture: enough to foretell what it costs."""
    seed = draw_seed() if settings.random_seed else settings.seed
    words = (wording or Wording()).resolve(replace(settings, prompt=wanted.prompt), seed)
    plain = plain_request(Task.UPSCALE, region, settings, words, seed)
    return replace(plain, strength=wanted.detail, scale=wanted.scale, upscaler=wanted.upscaler)


async def capture_enlargement(
    session: Session, settings: GenerationSettings, wanted: Enlargement, wording: Wording
) -> Capture:
    """What is visible of the region, and of it only what is selected; with the control layers where it is painted over.

    Raises InvalidRequestError with a sentence.
    """
    document, region = session.document, region_of(session.document)
    problem = why_not(region, wanted.scale)
    if problem:
        raise InvalidRequestError("scale", problem)
    selection, place = document.selection, place_of(document, region, wanted)
    flat = await gather(document, session.compositor, region)
    image = await asyncio.to_thread(cut_out, flat, selection, region)
    if not image[..., 3].any():
        sentence = QCoreApplication.translate(
            "upscaling",
            "Nothing of the picture is painted there. Select something, or move the frame.",
        )
        raise InvalidRequestError("image", sentence)
    parent = await asyncio.to_thread(parent_of, document.generations, region)
    request = replace(request_for(region, settings, wanted, wording), image=image)
    if wanted.detail > 0.0:  # only a model that paints follows them
        guides = await gather_guides(document, session.compositor, region)
        request = await asyncio.to_thread(with_guides, request, guides, wording)
    request.check()
    typed = {"prompt": wanted.prompt, "negative_prompt": settings.negative_prompt}
    return Capture(request, place, parent, typed)


def cut_out(flat: NDArray[np.uint8], selection: Selection, region: Bounds) -> NDArray[np.uint8]:
    """(h, w, 4) straight RGBA of which only the selected part is left; any thread."""
    if selection.is_empty:
        return flat
    alpha = flat[..., 3].astype(np.uint16) * selection.coverage(region)
    image = flat.copy()
    image[..., 3] = (alpha + 127) // 255
    image[image[..., 3] == 0] = 0
    return image


class UpscaleRun(QObject):
    """One enlargement of a painting at a time."""

    changed = Signal()

    def __init__(self, controller: GenerationController) -> None:
        super().__init__(controller)
        self._controller, self._session, self._view = controller, controller.session, controller.view
        self._errand = Errand(self._session, controller.router, self)
        self._errand.previewed.connect(self._previewed)
        self._errand.progressed.connect(self._progressed)
        self._errand.noted.connect(controller.message)
        self._place: Bounds | None = None
        self._task: asyncio.Task[None] | None = None
        self.fraction = 0.0
        """0..1 of the running one."""

    @property
    def running(self) -> bool:
        """Whether one is being made."""
        return self._place is not None

    async def run(self, wanted: Enlargement, show: Callable[[Bounds], None]) -> PaintLayer:
        """Makes it: logged, then a new layer with the frame around it, one undo step. `show` is told where it will
        be. Raises PipelineError (JobCancelled, too) and CanvasError with a sentence."""
        if self.running:
            raise InvalidRequestError("task", self.tr("Something is being made larger. Wait for it, or cancel it."))
        settings, document = self._controller.form.settings, self._session.document
        self._place, self.fraction = place_of(document, region_of(document), wanted), 0.0
        self._task = asyncio.current_task()
        self.changed.emit()
        try:
            captured = await capture_enlargement(self._session, settings, wanted, self._controller.form.wording)
            place = self._place = captured.bounds
            show(place)
            painted = await self._errand.paint(captured)
            layer = await paint_layer(self._name(wanted), as_pictures(place, painted.patches[0]))
        finally:
            if self._place is not None:
                self._view.set_preview(self._place, None, key=PREVIEW)
            self._place = self._task = None
            self.changed.emit()
        with document.transaction("Upscale"):
            document.add_layer(layer)
            document.set_frame(place)
        document.active = layer
        document.generations.keep(painted.record.id, 0, layer.id)
        return layer

    def cancel(self) -> None:
        """Takes it back; nothing changes."""
        if self.running:
            self._errand.cancel()

    async def close(self) -> None:
        """Takes it back and waits, a little."""
        task = self._task
        self.cancel()
        if task is not None and task is not asyncio.current_task():
            await asyncio.wait([task], timeout=CLOSE_SECONDS)

    def _name(self, wanted: Enlargement) -> str:
        return self.tr("{scale} × larger").format(scale=f"{wanted.scale:g}")

    def _progressed(self, part: float) -> None:
        self.fraction = part
        self.changed.emit()

    def _previewed(self, event: Preview) -> None:
        if self._place is not None:
            self._view.set_preview(self._place, from_rgba(event.image), key=PREVIEW)
