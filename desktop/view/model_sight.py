"""See what the model sees: overlay, grips and card on the canvas, together as one thing that is opened and closed."""

from __future__ import annotations

import asyncio
import time

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal

from desktop.generation.capture import LEAST_KEPT
from desktop.generation.controller import GenerationController
from desktop.generation.foresight import Foresight
from desktop.generation.foresight_loop import CostOf, ForesightLoop
from desktop.slots import Slots
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import floating
from desktop.view.model_sight_card import SightCard, on_screen
from desktop.view.model_sight_grips import SIDE, Grip, pulled
from desktop.view.model_sight_look import COLOURS, Rays, RimPart, SightLayer
from desktop.view.model_sight_overlay import SightOverlay, Way, draw, sharpened
from desktop.view.overlays import frame_handles
from pipelines.planning.masks import Rim

STILL = 0.12
"""Seconds for which the view has to stand still before its picture is made smooth."""
ROOM = 26
"""Logical pixels from one grip of the rim to the next."""
MOST_GROW, MOST_SOFT = 512, 1024
"""What a request may have, canvas pixels."""
CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
}
ACROSS, DOWN = {-1: "left", 0: "", 1: "right"}, {-1: "top", 0: "", 1: "bottom"}


class ModelSight(QObject):
    """One per view. Nothing of it changes the document: what is dragged are settings of the next generation."""

    toggled = Signal(bool)
    rested = Signal(bool)
    "Whether it stands back now for a job or its pictures."

    def __init__(
        self,
        view: CanvasView,
        controller: GenerationController,
        cost_of: CostOf,
        slots: Slots,
    ) -> None:
        super().__init__(view)
        self.setObjectName("modelSight")
        self._view, self._controller, self._slots = view, controller, slots
        self._form = controller.form
        self.loop = ForesightLoop(controller, cost_of, slots)
        self.overlay, self.card = SightOverlay(view), SightCard(view)
        floating(view).keep_free(self._region)
        self.handles = {side: self._handle(side) for side in CURSORS}
        self.grips = {part: self._grip(part) for part in RimPart}
        self._rays: Rays = {}
        self._open = self._drawing = False
        self._sharpening = False
        self._still_at = 0.0
        self.loop.changed.connect(self._show)
        self.card.layersChanged.connect(self._set_layers)
        self.card.resetWanted.connect(self.reset)
        self.card.closeWanted.connect(lambda: self.set_open(False))
        self.card.languageChanged.connect(self.retranslate)
        view.viewChanged.connect(self._view_changed)
        view.gestureStarted.connect(self._stand_back)
        view.gestureFinished.connect(self._come_forward)
        controller.candidates_changed.connect(self._rest)
        controller.started.connect(lambda _: self._rest())
        controller.router.changed.connect(self._rest)
        self.retranslate()

    def _handle(self, side: tuple[int, int]) -> Grip:
        grip = Grip(self._view, f"modelSightHandle-{DOWN[side[1]]}{ACROSS[side[0]]}", COLOURS[SightLayer.CROP], False)
        grip.setCursor(CURSORS[side])
        grip.dragged.connect(lambda at: self._pull(side, at))
        grip.released.connect(self._let_go)
        grip.doubled.connect(lambda: self._controller.set_context(None))
        return grip

    def _grip(self, part: RimPart) -> Grip:
        layer = SightLayer.RIM if part is RimPart.BLEND else SightLayer.MASK
        grip = Grip(self._view, f"modelSightGrip-{part}", COLOURS[layer], True)
        grip.setCursor(Qt.CursorShape.PointingHandCursor)
        grip.dragged.connect(lambda at: self._widen(part, at))
        grip.released.connect(self._let_go)
        grip.doubled.connect(lambda: self._form.set(auto_rim=True))
        return grip

    # -- open and closed ---------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self._open

    @property
    def busy(self) -> bool:
        """Whether something is still looked at or drawn."""
        return self.loop.busy or self._drawing or self._sharpening

    def set_open(self, on: bool) -> None:
        """Shows or hides it."""
        if on == self._open:
            return
        self._open = on
        if on:
            self.overlay.lower()  # under cards and bars
            self.overlay.show()
            self.loop.start()
        else:
            self.loop.stop()
            self.overlay.foresight = self.overlay.drawn = self.overlay.ruler = None
            for widget in (self.overlay, self.card, *self.handles.values(), *self.grips.values()):
                widget.hide()
        self._view.update()
        self.toggled.emit(on)

    def reset(self) -> None:
        """Region and rim follow from the selection again."""
        self._controller.set_context(None)
        self._form.set(auto_rim=True)

    # -- showing -----------------------------------------------------------------------------------

    def _show(self, foresight: Foresight) -> None:
        self.overlay.foresight = foresight
        self.card.show_foresight(foresight, self._form.settings.auto_rim)
        if not self.card.isVisible():
            self.card.show()
            self.card.raise_()
        self._draw_soon()
        self._place_grips()
        self.overlay.update()

    def _set_layers(self, layers: frozenset[SightLayer]) -> None:
        self.overlay.layers = layers
        self._draw_soon()
        self._place_grips()
        self.overlay.update()

    def _region(self) -> QRect:
        """What it is about, in pixels of the view."""
        foresight = self.overlay.foresight
        return on_screen(self._view, foresight.bounds) if self._open and foresight is not None else QRect()

    def _draw_soon(self) -> None:
        if not self._drawing and self._stale():
            self._drawing = True
            self._slots.start(self._draw())

    def _stale(self) -> bool:
        foresight, drawn = self.overlay.foresight, self.overlay.drawn
        if not self._open or foresight is None or foresight.sight is None:
            return False
        return drawn is None or drawn.sight is not foresight.sight or drawn.layers != self.overlay.layers

    async def _draw(self) -> None:
        """In a thread, until what is drawn is what is wanted."""
        try:
            while self._stale():
                foresight = self.overlay.foresight
                if foresight is None or foresight.sight is None:
                    return
                drawn = await asyncio.to_thread(draw, foresight.sight, self.overlay.layers)
                if self._open:
                    self.overlay.drawn = drawn
                    self._place_grips()
                    self.overlay.update()
                    self._sharpen_soon()
        finally:
            self._drawing = False

    def _sharpen_soon(self) -> None:
        self._still_at = time.monotonic() + STILL
        if not self._sharpening:
            self._sharpening = True
            self._slots.start(self._sharpen())

    async def _sharpen(self) -> None:
        """Once the view stands still, until the picture is smooth for where it stands."""
        try:
            while (drawn := self.overlay.drawn) is not None and (camera := self._view.camera) not in drawn.sharp:
                rest = self._still_at - time.monotonic()
                if rest > 0:
                    await asyncio.sleep(rest)
                    continue
                image = await asyncio.to_thread(sharpened, drawn, camera)
                drawn.sharp.clear()
                drawn.sharp[camera] = image
                self.overlay.update()
        finally:
            self._sharpening = False

    def _view_changed(self) -> None:
        if self._open:
            self.card.place()
            self._place_grips()
            self._sharpen_soon()

    def _stand_back(self) -> None:
        """While something is painted or selected the grips must not be in its way."""
        for grip in (*self.handles.values(), *self.grips.values()):
            grip.hide()

    def _rest(self) -> None:
        """While a job paints there, or its pictures wait for a decision, they are what is seen."""
        resting = self._controller.current is not None or bool(self._controller.jobs)
        if resting != self.overlay.resting:
            self.overlay.resting = resting
            self._place_grips()
            self.overlay.update()
            self.rested.emit(resting)

    def _come_forward(self) -> None:
        self._place_grips()

    # -- grips -------------------------------------------------------------------------------------

    def _place_grips(self) -> None:
        foresight, layers = self.overlay.foresight, self.overlay.layers
        shown = self._open and foresight is not None and not foresight.problem
        shown = shown and not self._view.gesture_running and not self.overlay.resting
        crop_on = shown and foresight is not None and foresight.selected and SightLayer.CROP in layers
        places = frame_handles(self._view.camera, foresight.bounds) if crop_on and foresight else {}
        for side, grip in self.handles.items():
            if side in places:
                grip.place(*places[side])
            grip.setVisible(side in places)
        drawn = self.overlay.drawn
        if not any(grip.held for grip in self.grips.values()):  # the ray that is dragged along stays
            self._rays = self._seen_rays(drawn.rays) if shown and drawn is not None else {}
        ways: list[Way] = []
        for part, grip in self.grips.items():
            layer = SightLayer.RIM if part is RimPart.BLEND else SightLayer.MASK
            on = shown and foresight is not None and part in self._rays and layer in layers
            grip.setVisible(on)
            if on and foresight is not None:
                at = QPointF(*self._view.canvas_to_widget(*self._rays[part].at(_reach(part, foresight.rim))))
                grip.place(at.x(), at.y())
                start = QPointF(*self._view.canvas_to_widget(*self._rays[part].start))
                text = self.words(part, foresight.rim)
                ways.append(Way(start, at, COLOURS[layer], text, grip.held or grip.underMouse() or self._roomy()))
        self.overlay.ways = tuple(ways)

    def _seen_rays(self, choices: tuple[Rays, ...]) -> Rays:
        """Those that begin inside the view; of several sides the first."""
        area = self._view.drawing_area().adjusted(SIDE, SIDE, -SIDE, -SIDE)
        for rays in choices:
            starts = (QPointF(*self._view.canvas_to_widget(*ray.start)) for ray in rays.values())
            if all(area.contains(start.toPoint()) for start in starts):
                return rays
        return choices[0] if choices else {}

    def _roomy(self) -> bool:
        """Whether the rim's grips stand far enough from each other for words."""
        starts = [QPointF(*self._view.canvas_to_widget(*ray.start)) for ray in self._rays.values()]
        steps = (starts[1] - starts[0], starts[2] - starts[1]) if len(starts) == len(RimPart) else ()
        return bool(steps) and all(abs(step.x()) + abs(step.y()) >= ROOM for step in steps)

    def _pull(self, side: tuple[int, int], at: QPointF) -> None:
        foresight = self.overlay.foresight
        if foresight is None or not foresight.selected:
            return
        selected = self._view.document.selection.bounds
        to = self._view.camera.to_canvas(at.x(), at.y())
        bounds = pulled(foresight.bounds, side, to, selected.expanded(foresight.rim.reach + LEAST_KEPT))
        self._controller.set_context(bounds)
        text = f"{bounds.width} × {bounds.height}"
        self.overlay.ruler = (at, text)
        self.overlay.update()

    def _widen(self, part: RimPart, at: QPointF) -> None:
        foresight = self.overlay.foresight
        if foresight is None or part not in self._rays:
            return
        distance = self._rays[part].distance(*self._view.camera.to_canvas(at.x(), at.y()))
        rim = widened(foresight.rim, part, distance)
        self._form.set(auto_rim=False, mask_grow=rim.grow, mask_feather=rim.feather, mask_blend=rim.blend)

    def _let_go(self) -> None:
        self.overlay.ruler = None
        self._place_grips()
        self.overlay.update()

    def words(self, part: RimPart, rim: Rim) -> str:
        """One number of the rim with its name."""
        texts = {
            RimPart.GROW: self.tr("grow {number} px").format(number=rim.grow),
            RimPart.FEATHER: self.tr("feather {number} px").format(number=rim.feather),
            RimPart.BLEND: self.tr("blend {number} px").format(number=rim.blend),
        }
        return texts[part]

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        for grip in self.handles.values():
            grip.setToolTip(self.tr("Drag: how much of the surroundings is sent along. Double click: decide by itself"))
        tips = {
            RimPart.GROW: self.tr("Grow: how far around the selection everything is painted. Double click: by itself"),
            RimPart.FEATHER: self.tr("Feather: how wide the soft part behind it is. Double click: by itself"),
            RimPart.BLEND: self.tr("Blend: over how many pixels the result fades in. Double click: by itself"),
        }
        for part, tip in tips.items():
            self.grips[part].setToolTip(tip)


def widened(rim: Rim, part: RimPart, distance: float) -> Rim:
    """The rim after one of its grips was led so far out of the selection, canvas pixels."""
    if part is RimPart.GROW:
        return Rim(_whole(distance, MOST_GROW), rim.feather, rim.blend)
    if part is RimPart.FEATHER:
        return Rim(rim.grow, _whole(distance - rim.grow, MOST_SOFT), rim.blend)
    return Rim(rim.grow, rim.feather, _whole(rim.reach - distance, rim.reach))


def _whole(wanted: float, most: int) -> int:
    return min(max(round(wanted), 0), most, MOST_SOFT)


def _reach(part: RimPart, rim: Rim) -> float:
    """Where the grip of a part stands, canvas pixels out of the selection."""
    return {
        RimPart.GROW: rim.grow,
        RimPart.FEATHER: rim.reach,
        RimPart.BLEND: rim.reach - min(rim.blend, rim.reach),
    }[part]
