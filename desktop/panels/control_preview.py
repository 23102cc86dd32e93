"""What a control layer lets a network follow, shown over the canvas while it is painted on: the newest state wins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layer_control import LayerControl, Source
from canvas.layers import Layer
from canvas.pixels import from_rgba
from desktop.gathering import gather
from desktop.generation.control_models import Eyes, eyes_for
from desktop.generation.controls import Rgba, control_picture, drawer_of
from desktop.generation.seeing import Seer, eyes_on
from desktop.generation.wording import Wording
from desktop.session import Session
from desktop.slots import Slots
from desktop.view.canvas_view import CanvasView
from pipelines.contract.errors import InvalidRequestError, JobCancelled, ModelError, PipelineError

KEY = "control"
LAYER = -5
"""Among the previews of the view: below what is painted or judged."""
OPACITY = 0.8
"""A stroke under the pen is seen through it."""
MOST_SIDE = 2048
"""Larger regions are looked at smaller."""
CALM = 0.4
"""Seconds without a change before a network looks: strokes are looked at when they are done."""
PLACE = frozenset({ChangeKind.FRAME, ChangeKind.SELECTION, ChangeKind.HISTORY, ChangeKind.LOADED})


@dataclass(frozen=True)
class Sight:
    """Who sees what no rule finds: depth, poses …"""

    wording: Callable[[], Wording]
    """What the library holds now."""
    seer: Seer

    def is_slow(self, control: LayerControl | None) -> bool:
        """Whether a network may have to look."""
        return (
            control is not None and control.source is not Source.READY and eyes_for(control, self.wording()) is not None
        )


class ControlPreview(QObject):
    """Follows one layer while it is on. Nothing of the painting is changed."""

    shown = Signal()
    """Another picture stands over the canvas, or none."""
    stopped = Signal()
    """It went off by itself: what is followed could not be seen, or somebody took the question back."""

    def __init__(self, session: Session, view: CanvasView, slots: Slots, sight: Sight) -> None:
        super().__init__(view)
        self.setObjectName("controlPreview")
        self._session, self._view, self._slots, self._sight = session, view, slots, sight
        self._layer: Layer | None = None
        self._on = self._stale = False
        self._at_work = False
        self._eyes: Eyes | None = None
        self._missing = ""
        self.bounds: Bounds | None = None
        """Where something is shown, canvas pixels."""
        self._disconnect = session.document.changed.connect(self._document_changed)

    @property
    def on(self) -> bool:
        """Whether it shows the control layer that is worked on."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Begins or ends."""
        self._on, self._missing = on, ""
        self.refresh()

    def follow(self, layer: Layer | None) -> None:
        """Another layer is worked on; only control layers that are followed are shown."""
        if layer is not self._layer:
            self._layer = layer
            self.refresh()

    def models_changed(self) -> None:
        """The library holds other models now: somebody else may look, or who was missing is back."""
        layer = self._wanted()
        if layer is None or layer.control is None:
            return
        if self._missing or eyes_for(layer.control, self._sight.wording()) != self._eyes:
            self.refresh()

    def refresh(self) -> None:
        """Shows the present state soon."""
        if self._wanted() is None:
            self._hide()
            self._look_no_more()
        elif self._at_work:
            self._stale = True
            self._look_no_more()
        else:
            self._at_work = True
            self._slots.start(self._work())

    def _look_no_more(self) -> None:
        if self._at_work and self._sight.seer.busy:
            self._slots.start(self._sight.seer.cancel())

    def _wanted(self) -> Layer | None:
        layer = self._layer
        if not self._on or layer is None or layer not in self._session.document.tree:
            return None
        return layer if layer.control is not None and not layer.control.is_reference else None

    async def _work(self) -> None:
        try:
            while True:
                self._stale = False
                layer = self._wanted()
                if layer is None:
                    self._hide()
                    return
                if self._sight.is_slow(layer.control):
                    await asyncio.sleep(CALM)
                if not self._outdated(layer):
                    await self._show(layer)
                if not self._stale:
                    return
        finally:
            self._at_work = False

    def _outdated(self, layer: Layer) -> bool:
        return self._stale or self._wanted() is not layer

    async def _show(self, layer: Layer) -> None:
        bounds = place_of(self._session)
        self._eyes = eyes_for(layer.control, self._sight.wording()) if layer.control is not None else None
        try:
            rgba = await followed(self._session, layer, bounds, self._sight)
        except PipelineError as error:
            if self._outdated(layer):  # what was taken back, or failed, is not wanted any more
                self._stale = True
                return
            self._hide()
            if isinstance(error, ModelError | InvalidRequestError):  # it comes back with what is missing
                told, self._missing = self._missing, repr(error)
                if told == self._missing:  # not after every stroke
                    return
                raise
            self._on = False
            self.stopped.emit()
            if isinstance(error, JobCancelled):
                return
            raise
        except CanvasError:  # pixels that cannot be read; the painting itself says so
            self._hide()
            return
        self._missing = ""
        if not self._outdated(layer):
            image = await asyncio.to_thread(_on_black, rgba)
            self._view.set_preview(bounds, from_rgba(image), key=KEY, layer=LAYER, opacity=OPACITY)
            self.bounds = bounds
            self.shown.emit()

    def _hide(self) -> None:
        if self.bounds is not None:
            self._view.set_preview(self.bounds, None, key=KEY)
            self.bounds = None
            self.shown.emit()

    def _document_changed(self, change: DocumentChange) -> None:
        if not self._on or self._layer is None:
            return
        place = place_of(self._session)
        touched = change.kind in (ChangeKind.TILES, ChangeKind.LAYER_SET) and (
            change.bounds.is_empty or not change.bounds.intersected(place).is_empty
        )
        if change.kind in PLACE or touched:
            self.refresh()

    def release_document(self) -> None:
        """Listens no longer."""
        self._on = False
        self._disconnect()


def place_of(session: Session) -> Bounds:
    """What is looked at: the selection, or the frame without one."""
    selection = session.document.selection
    return session.document.frame if selection.is_empty else selection.bounds


async def followed(session: Session, layer: Layer, bounds: Bounds, sight: Sight, most: int = MOST_SIDE) -> Rgba:
    """(h, w, 4) of what a network follows of a control layer in `bounds`, at most about `most` pixels a side.

    Raises PipelineError where the engine could not see it, JobCancelled where somebody took that back.
    """
    rgba = await gather(session.document, session.compositor, bounds, draw=drawer_of(layer))
    control = layer.control
    if control is None:
        return rgba
    longest = max(bounds.width, bounds.height)

    def fitted() -> Rgba:
        if longest <= most:
            return rgba
        size = (max(1, bounds.width * most // longest), max(1, bounds.height * most // longest))
        return np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.uint8)

    shown = await asyncio.to_thread(fitted)
    eyes = await asyncio.to_thread(eyes_on, control, shown, sight.wording())
    if eyes is not None and shown[..., 3].any():
        return await sight.seer.see(control, shown, eyes)
    return await asyncio.to_thread(control_picture, control, shown)


def _on_black(rgba: Rgba) -> Rgba:
    """As a network sees it: what is transparent is black."""
    share = rgba[..., 3:].astype(np.uint16)
    colours = (rgba[..., :3] * share + 127) // 255
    return np.dstack([colours.astype(np.uint8), np.full(rgba.shape[:2], 255, np.uint8)])
