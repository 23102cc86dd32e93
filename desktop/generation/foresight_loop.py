"""Looking anew at what the model will see, whenever selection, form or picture change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.gathering import gather
from desktop.generation.capture import Region, Terms, find_region
from desktop.generation.controller import GenerationController
from desktop.generation.foresight import Foresight, Sight, foresee, step_for
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.worn import worn_for_layers
from desktop.pieces import pieces
from desktop.slots import Slots
from desktop.spoken import spoken
from pipelines.contract.errors import PipelineError
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import Pixels
from pipelines.planning.beside import Worn
from pipelines.planning.cost import Cost, Work
from pipelines.planning.masks import Rim
from pipelines.planning.sizes import limits_of

PIECE = 512
"""Canvas pixels a side that are reduced between two looks at the window's events."""
SOON, SETTLE = 0.02, 0.2
"""Seconds from a change to the look at it; longer when pixels did: whoever paints does not watch the overlay."""
IDLE_FIELDS = frozenset(
    {
        "prompt", "negative_prompt", "styles", "vae", "clip_skip", "seed", "random_seed", "seed_advances",
        "keep_into_layer",
    }
)  # fmt: skip
"""What the form may say differently without anything looking different here."""
PIXEL_KINDS = frozenset(
    {
        ChangeKind.TILES,
        ChangeKind.LAYER_ADDED,
        ChangeKind.LAYER_REMOVED,
        ChangeKind.LAYER_MOVED,
        ChangeKind.LAYER_SET,
        ChangeKind.LOADED,
    }
)
PLACE_KINDS = frozenset({ChangeKind.SELECTION, ChangeKind.FRAME, ChangeKind.REGIONS, ChangeKind.SAVED_SELECTIONS})
CostOf = Callable[[ModelInfo, Work, tuple[Worn, ...]], Cost]
"""What some work of a model takes with these add-ons."""


async def gather_reduced(compositor: Compositor, bounds: Bounds, step: int) -> Pixels:
    """(h, w, 4) straight RGBA of a region reduced `step` times, in slices. Its sides must be divisible by the step."""
    rgba = np.zeros((bounds.height // step, bounds.width // step, 4), np.uint8)
    for piece in pieces(bounds.translated(-bounds.x, -bounds.y), PIECE):
        part = compositor.flatten(piece.translated(bounds.x, bounds.y), scale=1 / step)
        top, left = piece.y // step, piece.x // step
        rgba[top : top + part.height(), left : left + part.width()] = to_rgba(part)
        await asyncio.sleep(0)
    return rgba


class ForesightLoop(QObject):
    """Looks anew whenever selection, form or picture change, while it runs; the newest question wins."""

    changed = Signal(object)
    """A Foresight: first where and how far, then with its pictures."""

    def __init__(self, controller: GenerationController, cost_of: CostOf, slots: Slots) -> None:
        super().__init__(controller)
        self.setObjectName("foresightLoop")
        self._controller, self._cost_of, self._slots = controller, cost_of, slots
        self._session, self._form = controller.session, controller.form
        self._flat: tuple[Bounds, int, Pixels] | None = None
        self._asked = self._looking = False
        self._edition = 0
        self._disconnects: list[Callable[[], object]] = []
        self._due = 0.0
        self.latest: Foresight | None = None

    @property
    def running(self) -> bool:
        """Whether it follows what changes."""
        return bool(self._disconnects)

    @property
    def busy(self) -> bool:
        """Whether something newer than `latest` is on its way."""
        return self._looking

    def start(self) -> None:
        """Looks now, and from now on whenever something changes."""
        if self.running:
            return
        controller, form = self._controller, self._form
        self._disconnects.append(self._session.document.changed.connect(self._document_changed))
        for signal, slot in (
            (form.changed, self._form_changed),
            (form.models_changed, self.look),
            (controller.mode_changed, self.look),
            (controller.context_changed, self.look),
        ):
            signal.connect(slot)
            self._disconnects.append(lambda one=signal, other=slot: one.disconnect(other))
        self.look()

    def stop(self) -> None:
        """Follows nothing any more and forgets the pictures."""
        while self._disconnects:
            self._disconnects.pop()()
        self._flat, self.latest, self._asked = None, None, False

    def look(self) -> None:
        """Says at once where and how far, and soon what it looks like."""
        self._outline()
        self._begin(SOON)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in PLACE_KINDS:
            self.look()
        elif change.kind in PIXEL_KINDS and not self._elsewhere(change.bounds):
            self._flat = None
            self._edition += 1
            self._begin(SETTLE)

    def _elsewhere(self, changed: Bounds) -> bool:
        seen = self._flat[0] if self._flat is not None else Bounds(0, 0, 0, 0)
        return not changed.is_empty and not seen.is_empty and changed.intersected(seen).is_empty

    def _form_changed(self, names: set[str]) -> None:
        if names - IDLE_FIELDS:
            self.look()

    # --- looking

    def _wanted(self) -> tuple[GenerationSettings, Terms]:
        """What the one button would be pressed with."""
        info = self._form.model_info()
        terms = Terms(context=self._controller.context_override, wording=self._form.wording)
        settings = replace(self._form.settings, mode=self._controller.mode)
        return settings, replace(terms, limits=limits_of(info)) if info else terms

    def _region(self, settings: GenerationSettings, terms: Terms) -> Region | None:
        """Where it would be; where nothing can be asked says why and gives None."""
        document = self._session.document
        try:
            return find_region(document, self._session.compositor, settings, terms)
        except (PipelineError, CanvasError) as error:
            why = spoken(str(error))
            self._tell(Foresight(self._controller.mode, document.frame, Rim(0, 0, 0), False, False, problem=why))
            return None

    def _outline(self) -> None:
        settings, terms = self._wanted()
        region = self._region(settings, terms)
        if region is None:
            return
        before = self.latest
        if before is None or before.mode is not region.mode:
            self._tell(_foresight(region, terms, None, None))
        else:
            self._tell(_foresight(region, terms, before.sight, before.cost))

    def _begin(self, seconds: float) -> None:
        self._asked, self._due = True, time.monotonic() + seconds
        if not self._looking:
            self._looking = True
            self._slots.start(self._look())

    async def _look(self) -> None:
        try:
            while self._asked and self.running:
                rest = self._due - time.monotonic()
                if rest > 0:
                    await asyncio.sleep(rest)
                    continue
                self._asked = False
                await self._look_once()
        finally:
            self._looking = False

    async def _look_once(self) -> None:
        settings, terms = self._wanted()
        region = self._region(settings, terms)
        if region is None:
            return
        step = step_for(region.bounds)
        try:
            flat = await self._pixels(region, step) if region.needs_pixels else None
            sight = await asyncio.to_thread(foresee, region, flat, settings, terms.limits, step)
        except (PipelineError, CanvasError) as error:
            told = replace(_foresight(region, terms, None, None), problem=spoken(str(error)))
        else:
            info = self._form.model_info()
            told = _foresight(region, terms, sight, self._cost(info, region, sight) if info else None)
        if not self.running:
            return
        newer = self.latest
        if self._asked and newer is not None and newer.mode is told.mode and not newer.problem:
            told = replace(newer, sight=told.sight, cost=told.cost)  # while something is dragged its outline leads
        self._tell(told)

    def _cost(self, info: ModelInfo, region: Region, sight: Sight) -> Cost:
        """With what the words name, and with what the control layers there would be followed with."""
        document, worn = self._session.document, sight.worn
        if region.mode.uses_prompt:
            worn = (*worn, *worn_for_layers(document, region.bounds, region.wording, info.id))
        return self._cost_of(info, sight.work, worn)

    async def _pixels(self, region: Region, step: int) -> Pixels:
        if self._flat is not None and self._flat[:2] == (region.bounds, step):
            return self._flat[2]
        document, compositor, edition = self._session.document, self._session.compositor, self._edition
        if step == 1:
            flat = await gather(document, compositor, region.bounds)
        else:
            flat = await gather_reduced(compositor, region.bounds, step)
        if edition == self._edition:
            self._flat = (region.bounds, step, flat)
        return flat

    def _tell(self, foresight: Foresight) -> None:
        self.latest = foresight
        self.changed.emit(foresight)


def _foresight(region: Region, terms: Terms, sight: Sight | None, cost: Cost | None) -> Foresight:
    selected = not region.selection.is_empty and region.mode is not Mode.BACKGROUND
    by_hand = selected and terms.context is not None
    return Foresight(region.mode, region.bounds, region.rim, selected, by_hand, sight, cost)
