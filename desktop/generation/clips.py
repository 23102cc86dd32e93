"""Letting the selection or the frame move: what is asked for, and the clips that are being made."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from canvas.document import Document
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.pixels import from_rgba, put_on_paper
from desktop.gathering import gather
from desktop.generation.asking import plain_request
from desktop.generation.capture import Capture, draw_seed, parent_of
from desktop.generation.clip_records import FPS, USUAL_FPS, fps_of
from desktop.generation.controller import CLOSE_SECONDS, GenerationController
from desktop.generation.errand import Errand
from desktop.generation.form import GenerationSettings
from desktop.generation.recipes import find_model
from desktop.generation.wording import Wording
from desktop.session import Session, paper_rgb
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelInfo
from pipelines.contract.request import FRAME_STEP, MAX_FRAMES, MAX_SIDE, MIN_FRAMES, GenerationRequest, Task
from pipelines.library.families import animates, animates_words, only_animates
from pipelines.prompting.recipes.recipe import Recipe

LEAST_SIDE = 16
_FPS: dict[tuple[Family, str], int] = {(Family.WAN, "ti2v"): 24}
USUAL_FRAMES, USUAL_STRENGTH = 33, 0.8
"""At less strength a picture that is painted over hardly moves."""


@dataclass(frozen=True)
class ClipWish:
    """What is wanted."""

    model: str = ""
    """Id in the model library."""
    prompt: str = ""
    frames: int = USUAL_FRAMES
    """4k + 1."""
    fps: int = 0
    """Frames a second when it is played; 0: as many as suit the model."""
    from_picture: bool = True
    """Whether it begins with what is painted there; else the words alone say what is seen."""
    strength: float = USUAL_STRENGTH
    """How far a model that is not shown the picture paints over it."""
    steps: int = 0
    """0: as many as suit the model."""
    seed: int | None = None
    """None draws one."""


def clip_models(models: Sequence[ModelInfo]) -> list[ModelInfo]:
    """Those that make clips."""
    return [info for info in models if animates(info)]


def usual_fps(info: ModelInfo) -> int:
    """Frames a second at which its clips move as it has learned it."""
    return _FPS.get((info.family, info.variant), USUAL_FPS)


def region_of(document: Document) -> Bounds:
    """What is to move: the selection's bounds, else the frame."""
    return document.frame if document.selection.is_empty else document.selection.bounds


def is_painted(document: Document, region: Bounds) -> bool:
    """Whether anything may be painted there."""
    return not document.picture_bounds().intersected(region).is_empty


def nearest_frames(frames: int) -> int:
    """The nearest number of frames that a clip can have."""
    near = MIN_FRAMES + round((frames - MIN_FRAMES) / FRAME_STEP) * FRAME_STEP
    return min(max(near, MIN_FRAMES), MAX_FRAMES)


def why_not(region: Bounds, info: ModelInfo, wish: ClipWish) -> str:
    """A sentence where this cannot be done; else empty."""
    if min(region.width, region.height) < LEAST_SIDE or max(region.width, region.height) > MAX_SIDE:
        sentence = QCoreApplication.translate(
            "clips", "The region is {width} × {height} pixels; {least} to {most} a side can move. Select another."
        )
        return sentence.format(width=region.width, height=region.height, least=LEAST_SIDE, most=MAX_SIDE)
    if not wish.from_picture and not animates_words(info):
        sentence = QCoreApplication.translate(
            "clips", "{name} lets a picture move and needs one. Paint something there, or choose another model."
        )
        return sentence.format(name=info.name)
    if not wish.from_picture and not wish.prompt.strip():
        return QCoreApplication.translate(
            "clips", "Say in words what the clip shows: nothing is painted to begin with."
        )
    return ""


def wish_of(record: GenerationRecord) -> ClipWish:
    """What a logged clip was asked for with."""
    request, usual = record.request, ClipWish()
    frames, strength = request.get("frames"), request.get("strength")
    steps, seed = request.get("num_inference_steps"), request.get("seed")
    return ClipWish(
        model=str(request.get("model", "")),
        prompt=str(record.form.get("prompt") or request.get("prompt", "")),
        frames=nearest_frames(frames) if isinstance(frames, int) else usual.frames,
        fps=fps_of(record),
        from_picture="image" in record.inputs,
        strength=float(strength) if isinstance(strength, int | float) else usual.strength,
        steps=steps if isinstance(steps, int) else 0,
        seed=seed if isinstance(seed, int) else None,
    )


def wish_in(recipe: Recipe, models: Sequence[ModelInfo]) -> ClipWish:
    """What the file of a clip says about how it was made; `models`: those that make clips."""
    usual, frames = ClipWish(), recipe.extras.get("frames", "")
    info = find_model(recipe.model, recipe.model_hash, models)
    return ClipWish(
        model=info.id if info is not None else "",
        prompt=recipe.prompt,
        frames=nearest_frames(int(frames[:6])) if frames.isdecimal() else usual.frames,
        strength=recipe.strength or usual.strength,
        steps=recipe.num_inference_steps or 0,
        seed=recipe.seed,
    )


def settings_for(info: ModelInfo, settings: GenerationSettings, wish: ClipWish) -> GenerationSettings:
    """The form as it holds for this model: another model than the form's starts with what suits it."""
    settings = replace(settings, prompt=wish.prompt)
    if settings.model != info.id:
        defaults = info.defaults
        settings = replace(
            settings,
            model=info.id,
            num_inference_steps=defaults.num_inference_steps,
            guidance_scale=defaults.guidance_scale,
            scheduler=defaults.scheduler,
            loras=(),
            vae="",
            clip_skip=0,
        )
    return replace(settings, num_inference_steps=wish.steps) if wish.steps else settings


def request_for(
    region: Bounds, info: ModelInfo, settings: GenerationSettings, wish: ClipWish, wording: Wording
) -> GenerationRequest:
    """The request without its picture: enough to foretell what it costs. Raises InvalidRequestError."""
    seed = draw_seed() if wish.seed is None else wish.seed
    chosen = settings_for(info, settings, wish)
    words = wording.resolve(chosen, seed)
    plain = plain_request(Task.ANIMATE, region, chosen, words, seed)
    painted_over = wish.from_picture and not only_animates(info)
    return replace(plain, frames=wish.frames, strength=wish.strength if painted_over else 1.0)


async def capture_clip(session: Session, settings: GenerationSettings, work: ClipWork, wording: Wording) -> Capture:
    """What is visible of the region, on the paper, and what is wanted of it. Raises InvalidRequestError."""
    document, region, wish = session.document, work.region, work.wish
    problem = why_not(region, work.info, wish)
    if problem:
        raise InvalidRequestError("image", problem)
    request = request_for(region, work.info, settings, wish, wording)
    if wish.from_picture:
        flat = await gather(document, session.compositor, region)
        request = replace(request, image=await asyncio.to_thread(_on_paper, flat))
    parent = await asyncio.to_thread(parent_of, document.generations, region)
    request.check()
    typed = {"prompt": wish.prompt, "negative_prompt": settings.negative_prompt, FPS: wish.fps or usual_fps(work.info)}
    return Capture(request, region, parent, typed)


def _on_paper(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As it looks in the window; raises InvalidRequestError where nothing is painted."""
    if not rgba[..., 3].any():
        sentence = QCoreApplication.translate(
            "clips", "Nothing is painted there. Move the frame, select something, or begin with the words alone."
        )
        raise InvalidRequestError("image", sentence)
    put_on_paper(rgba, paper_rgb())
    return rgba


@dataclass(frozen=True)
class ClipWork:
    """What moves, and how."""

    region: Bounds
    info: ModelInfo
    wish: ClipWish


class ClipRun(QObject):
    """The clips of one painting that are being made; each is a job of its own in the queue."""

    changed = Signal()

    def __init__(self, controller: GenerationController) -> None:
        super().__init__(controller)
        self._controller, self._session, self._view = controller, controller.session, controller.view
        self._errands: dict[Errand, asyncio.Task[None] | None] = {}

    @property
    def running(self) -> int:
        """How many are being made."""
        return len(self._errands)

    async def run(self, work: ClipWork) -> GenerationRecord:
        """Makes one; its record is in the log and its frames are in the file when this returns. The document stays as
        it is. Raises PipelineError (JobCancelled, too) and CanvasError with a sentence."""
        errand = Errand(self._session, self._controller.router, self)
        key = f"clip-{id(errand)}"
        errand.previewed.connect(lambda event: self._view.set_preview(work.region, from_rgba(event.image), key=key))
        errand.noted.connect(self._controller.message)
        self._errands[errand] = asyncio.current_task()
        self.changed.emit()
        try:
            settings, wording = self._controller.form.settings, self._controller.form.wording
            captured = await capture_clip(self._session, settings, work, wording)
            painted = await errand.paint(captured)
            return painted.record
        finally:
            del self._errands[errand]
            self._view.set_preview(work.region, None, key=key)
            errand.deleteLater()
            self.changed.emit()

    def cancel(self) -> None:
        """Takes the newest back."""
        if self._errands:
            next(reversed(self._errands)).cancel()

    async def close(self) -> None:
        """Takes all back and waits, a little."""
        tasks = [task for task in self._errands.values() if task is not None and task is not asyncio.current_task()]
        for errand in list(self._errands):
            errand.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
