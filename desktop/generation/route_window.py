"""One window of a route: from the document as it is now to a request, and from its result to what is laid down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.markings import ROUTE
from canvas.pixels import from_rgba
from canvas.routes import Route
from desktop.generation.capture import Capture
from desktop.generation.form import GenerationSettings
from desktop.generation.wording import Wording
from pipelines.contract.request import Fill, GenerationRequest, Pixels, RegionPrompt, Task
from pipelines.library.wording import Words as Said
from pipelines.planning.anchor import led_back, tone_of
from pipelines.planning.box import Box
from pipelines.planning.route import along, band, shares

PRIORITY = -1
"""What the painter asks for meanwhile comes first."""
GROW, FEATHER, BLEND = 1 / 32, 1 / 8, 1 / 5
"""The rim by which a window joins on, as parts of its side: painted anew, led back, shown softly."""
EDGE = 8.0
"""Canvas pixels over which a window ends on what is painted."""
SOFT = 1 / 3
"""Where two stretches meet their words share this part of a window."""
LEAST_SHARE = 0.02
"""A stretch with less of a window has no say in it."""


@dataclass(frozen=True)
class Words:
    """What is asked for in one window."""

    said: Said
    """What holds in most of it."""
    regions: tuple[RegionPrompt, ...]

    @property
    def prompt(self) -> str:
        """The words that hold in most of it."""
        return self.said.prompt


def bounds_of(box: Box) -> Bounds:
    """The same place in the words of the canvas."""
    return Bounds(box.left, box.top, box.width, box.height)


def words_for(
    route: Route, box: Box, settings: GenerationSettings | None = None, wording: Wording | None = None
) -> Words:
    """The words of the stretch that has most of the window; those of others where these are nearer."""
    settings, known = settings or GenerationSettings(), wording or Wording()
    said = [known.resolve(replace(settings, prompt=one.prompt), route.seed) for one in route.stretches]
    texts = [words.prompt for words in said]
    if len(set(texts)) == 1:
        return Words(said[0], ())
    parts = shares(route.parts(), box, box.width * SOFT)
    weights = [float(part.mean()) for part in parts]
    most = int(np.argmax(weights))
    regions = tuple(
        RegionPrompt(text, np.rint(part * 255).astype(np.uint8))
        for number, (text, part, weight) in enumerate(zip(texts, parts, weights, strict=True))
        if number != most and text != texts[most] and weight > LEAST_SHARE
    )
    return Words(said[most], regions)


def freeze_window(
    route: Route,
    box: Box,
    rgba: NDArray[np.uint8],
    settings: GenerationSettings,
    parent_id: str,
    wording: Wording | None = None,
) -> Capture:
    """The request for a window, from (h, w, 4) straight RGBA of it; any thread. Raises InvalidRequestError."""
    painted = rgba[..., 3] == 255
    words = words_for(route, box, settings, wording)
    empty = not rgba[..., 3].any()
    mask = None if empty else np.where(painted, 0, 255).astype(np.uint8)
    side = box.width
    request = GenerationRequest(
        task=Task.TEXT_TO_IMAGE if empty else Task.OUTPAINT,
        model=settings.model,
        **words.said.fields(),
        num_inference_steps=settings.num_inference_steps,
        guidance_scale=settings.guidance_scale,
        scheduler=settings.scheduler,
        seed=route.seed,
        x=box.left,
        y=box.top,
        width=box.width,
        height=box.height,
        image=None if empty else rgba,
        mask=mask,
        mask_grow=round(side * GROW),
        mask_feather=round(side * FEATHER),
        mask_blend=round(side * BLEND),
        fill=Fill.BORDER,
        regions=words.regions,
        canvas_noise=True,
        priority=PRIORITY,
    )
    request.check()
    return Capture(request, bounds_of(box), parent_id, settings.to_dict())


def anchor_box(route: Route, box: Box) -> Box:
    """Where the stretch of a window begins: its tone is kept to the end of the stretch."""
    parts = route.parts()
    most = int(np.argmax([part.mean() for part in shares(parts, box, 1.0)])) if len(parts) > 1 else 0
    x, y = along(parts[most], 0.0 if most == 0 else route.width / 2)
    half = box.width // 2
    return Box(round(x) - half, round(y) - half, box.width, box.height)


def allowed_part(route: Route, box: Box, then: Pixels) -> NDArray[np.float32]:
    """Where in a window something may be laid down, (height, width) in 0..1: in the band where nothing is, and on what
    is painted near to that. What lies outside the band is empty for ever, and no reason to paint over its rim again."""
    line, _ = route.line()
    known = then[..., 3].astype(np.float32) / 255.0
    new = (band(line, route.width, box) * (1.0 - known)).astype(np.float32)
    if not (new > 0.5).any():
        return new
    distance = cv2.distanceTransform((new <= 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    near = np.clip((box.width * (GROW + FEATHER) + EDGE - distance) / EDGE, 0.0, 1.0)
    return np.maximum(new, known * near).astype(np.float32)


def laid_down(route: Route, box: Box, patch: Pixels, then: Pixels, now: Pixels, anchor: Pixels | None = None) -> Pixels:
    """What of a patch is put on the canvas: inside the band where nothing was, not over what a hand has painted since,
    in the tone of the anchor. All are (h, w, 4); `then` is the window when it was captured, `now` as it is, `anchor`
    the picture of `anchor_box`. Any thread."""
    tone = None if anchor is None else tone_of(anchor)
    if tone is not None:
        patch = led_back(patch, then[..., 3] == 255, tone)
    allowed = allowed_part(route, box, then)
    by_hand = (now != then).any(axis=2)
    allowed *= 1.0 - np.where(by_hand, now[..., 3].astype(np.float32) / 255.0, 0.0)
    found = patch.copy()
    found[..., 3] = np.rint(patch[..., 3] * allowed).astype(np.uint8)
    found[found[..., 3] == 0] = 0
    return found


def lay_down(document: Document, route: Route, box: Box, patch: Pixels, name: str) -> PaintLayer:
    """Puts it on the route's layer, which is made on top of everything if it is not there: one undo step."""
    layer = next((one for one in document.tree.paint_layers() if one.id == route.layer_id), None)
    with document.transaction("Route window"):
        if layer is None or layer.protected or not layer.shown:
            layer = PaintLayer(name)
            document.add_layer(layer)
        document.put_image(layer, box.left, box.top, from_rgba(patch))
        current = document.route or route
        document.set_marking(ROUTE, replace(current, layer_id=layer.id, painted=current.painted + 1))
    return layer
