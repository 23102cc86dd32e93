"""Painting along a route: window after window from the document as it is, stopped and gone on with at any time."""

from __future__ import annotations

import asyncio
import time
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.pixels import from_rgba
from canvas.routes import Route
from desktop.gathering import gather
from desktop.generation.capture import Capture, parent_of
from desktop.generation.controller import CLOSE_SECONDS
from desktop.generation.controls import gather_guides
from desktop.generation.errand import Errand
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.regions import placed_regions
from desktop.generation.route_window import (
    WindowTerms,
    allowed_part,
    anchor_box,
    bounds_of,
    freeze_window,
    laid_down,
    lay_down,
)
from desktop.session import Session
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView
from desktop.view.route_plan import RoutePlan
from pipelines.contract.errors import JobCancelled, PipelineError
from pipelines.contract.events import Preview
from pipelines.planning.box import Box

PREVIEW = "route"
"""Key of the preview over the canvas."""
LONGEST_NAME = 40


class RouteState(StrEnum):
    """What a route is at."""

    RESTING = "resting"
    PAINTING = "painting"
    STOPPING = "stopping"
    """The window that is being painted is the last for now."""


class RouteRun(QObject):
    """Paints what is left of the document's route. Every window is captured when its turn comes, so that it continues
    whatever was painted, undone or erased meanwhile; what is left follows from route and picture alone."""

    changed = Signal()
    """State, progress or window."""
    message = Signal(str)
    """A sentence for the banner."""

    def __init__(
        self, session: Session, view: CanvasView, form: GenerationForm, router: JobRouter, plan: RoutePlan
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._form, self._plan = session, view, form, plan
        self._router = router
        self._errand = Errand(session, router, self)
        self._errand.progressed.connect(self._progressed)
        self._errand.previewed.connect(self._previewed)
        self.state = RouteState.RESTING
        self.window: Box | None = None
        """The window that is being painted."""
        self.fraction = 0.0
        """0..1 of that window."""
        self._task: asyncio.Task[None] | None = None
        self._captured: Capture | None = None
        self._shown: NDArray[np.float32] | None = None
        self._previous = ""
        self._tried: list[Box] = []
        self._durations: list[float] = []
        self._began = 0.0
        self._disconnect = session.document.changed.connect(self._document_changed)
        plan.changed.connect(self.changed)

    # --- figures

    @property
    def running(self) -> bool:
        """Whether a window is being painted."""
        return self.state is not RouteState.RESTING

    @property
    def stopping(self) -> bool:
        """Whether that window is the last for now."""
        return self.state is RouteState.STOPPING

    @property
    def left(self) -> int:
        """How many windows are left, the one that is being painted among them."""
        return len(self._plan.windows)

    @property
    def total(self) -> int:
        """How many windows there are, painted or not."""
        route = self._session.document.route
        return 0 if route is None else route.painted + self.left

    @property
    def number(self) -> int:
        """Number of the window that is being painted or comes next, from 1."""
        route = self._session.document.route
        return 0 if route is None else min(route.painted + 1, max(self.total, 1))

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest takes; None before the first window has shown it."""
        typical = sum(self._durations[-4:]) / len(self._durations[-4:]) if self._durations else None
        spent = time.monotonic() - self._began
        if typical is None and self.running and self.fraction > 0.25:
            typical = spent / self.fraction
        if typical is None:
            return None
        return typical * (self.left - (self.fraction if self.running else 0.0))

    # --- commands

    def start(self) -> None:
        """Begins, or goes on."""
        if self.state is RouteState.STOPPING:
            self.state = RouteState.PAINTING
            self.changed.emit()
        elif self.state is RouteState.RESTING and self._session.document.route is not None:
            self.state, self.fraction, self._tried = RouteState.PAINTING, 0.0, []
            self.changed.emit()
            self._task = asyncio.get_running_loop().create_task(self._run(), name="route")

    def stop(self) -> None:
        """Paints this window to its end and rests."""
        if self.state is RouteState.PAINTING:
            self.state = RouteState.STOPPING
            self.changed.emit()

    def stop_now(self) -> None:
        """Drops this window and rests."""
        if self.running:
            self.state = RouteState.STOPPING
            self._errand.cancel()
            self.changed.emit()

    async def close(self) -> None:
        """Drops what runs and waits, a little, until its log entry is written."""
        self.stop_now()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSE_SECONDS)
            self._task.cancel()  # an engine that does not answer must not keep the window open

    def release_document(self) -> None:
        """Listens to the document no longer."""
        self._disconnect()

    # --- the run

    async def _run(self) -> None:
        try:
            while self.state is RouteState.PAINTING and await self._next_window():
                pass
        except JobCancelled:
            pass
        except (PipelineError, CanvasError) as error:
            self.message.emit(self.tr("The route stops here: {reason}").format(reason=spoken(str(error))))
        finally:
            self._rest()

    def _rest(self) -> None:
        if self._captured is not None:
            self._view.set_preview(self._captured.bounds, None, key=PREVIEW)
        self.state, self.window, self._captured, self.fraction = RouteState.RESTING, None, None, 0.0
        self.changed.emit()

    async def _next_window(self) -> bool:
        """Paints the first window that is left; False when there is none."""
        route = self._session.document.route
        if route is None:
            return False
        windows = await self._plan.fresh(route)
        box = next((one for one in windows if one not in self._tried), None)
        if box is None:
            return False
        self.window, self.fraction, self._began = box, 0.0, time.monotonic()
        self._plan.take(windows)
        await self._paint(route, box)
        self.window, self.fraction = None, 0.0
        self._plan.take(tuple(one for one in self._plan.windows if one != box))
        self._durations.append(time.monotonic() - self._began)
        return True

    async def _paint(self, route: Route, box: Box) -> None:
        session, bounds = self._session, bounds_of(box)
        document, compositor = session.document, session.compositor
        then = await gather(document, compositor, bounds)
        parent = await asyncio.to_thread(parent_of, document.generations, bounds, self._previous)
        guides = await gather_guides(document, compositor, bounds)
        form, prompts = self._form, placed_regions(document, bounds)
        terms = WindowTerms(form.settings, parent, form.wording, prompts, guides)
        captured = await asyncio.to_thread(freeze_window, route, box, then, terms)
        self._shown = await asyncio.to_thread(allowed_part, route, box, then)
        self._captured = captured
        painted = await self._errand.paint(captured)
        now = await gather(document, compositor, bounds)
        anchor = await gather(document, compositor, bounds_of(anchor_box(route, box)))
        patch = await asyncio.to_thread(laid_down, route, box, painted.patches[0], then, now, anchor)
        self._view.set_preview(bounds, None, key=PREVIEW)
        self._captured = None
        if document.route is None:  # taken away meanwhile; the log keeps what was painted
            return
        self._tried.append(box)
        self._previous = painted.record.id
        layer = lay_down(document, route, box, patch, self._layer_name(captured.request.prompt))
        document.generations.keep(painted.record.id, 0, layer.id)

    def _layer_name(self, prompt: str) -> str:
        words = prompt[:LONGEST_NAME].strip()
        return self.tr("Route: {prompt}").format(prompt=words) if words else self.tr("Route")

    # --- what it hears

    def _progressed(self, part: float) -> None:
        self.fraction = part
        self.changed.emit()

    def _previewed(self, event: Preview) -> None:
        if self._captured is not None and self._shown is not None:
            size = (event.image.shape[1], event.image.shape[0])
            small = event.image.copy()
            shown = cv2.resize(self._shown, size, interpolation=cv2.INTER_AREA)
            small[..., 3] = np.minimum(small[..., 3], np.rint(shown * 255).astype(np.uint8))
            self._view.set_preview(self._captured.bounds, from_rgba(small), key=PREVIEW)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.HISTORY and change.origin in ("undo", "redo"):
            self._tried = []  # what was taken back may be painted again
        elif change.kind is ChangeKind.ROUTE:
            if self._session.document.route is None:
                self.stop_now()
            self.changed.emit()
