"""One window of a route: from the document as it is now to a request, and from its result to what is laid down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.markings import ROUTE
from canvas.pixels import from_rgba
from canvas.routes import Route
from desktop.generation.asking import plain_request
from desktop.generation.capture import Capture, near
from desktop.generation.controls import Guide, with_guides
from desktop.generation.form import GenerationSettings
from desktop.generation.regions import Placed, check_number, noted, region_prompts
from desktop.generation.wording import Wording
from pipelines.contract.request import Fill, Pixels, RegionPrompt, Task
from pipelines.library.wording import Words as Said
from pipelines.planning.anchor import led_back, tone_of
from pipelines.planning.box import Box
from pipelines.planning.masks import Rim
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
class WindowTerms:
    """What a window is asked for with, beside its route and its pixels."""

    settings: GenerationSettings = field(default_factory=GenerationSettings)
    parent_id: str = ""
    """Id of the record that it grows out of, or empty."""
    wording: Wording = field(default_factory=Wording)
    prompts: tuple[Placed, ...] = ()
    """Places of the painting with words of their own that reach into it."""
    guides: tuple[Guide, ...] = ()
    """Control layers that have something to say of it."""


@dataclass(frozen=True)
class Words:
    """What is asked for in one window."""

    said: Said
    """What holds in most of it."""
    regions: tuple[RegionPrompt, ...]
    """First the painting's own, then stretches of the route that are not the one of `said`."""
    placed: tuple[Placed, ...] = ()
    """The painting's own, as they were typed."""

    @property
    def prompt(self) -> str:
        """The words that hold in most of it."""
        return self.said.prompt


def bounds_of(box: Box) -> Bounds:
    """The same place in the words of the canvas."""
    return Bounds(box.left, box.top, box.width, box.height)


def words_for(
    route: Route, box: Box, terms: WindowTerms | None = None, painted: tuple[slice, slice] | None = None
) -> Words:
    """The words of the stretch that has most of the window; those of others where these are nearer; and those of the
    painting's regions behind the words of the stretch in which each lies, where it touches `painted` (rows and columns;
    None for all). Raises InvalidRequestError for more regions than an engine takes."""
    terms = terms or WindowTerms()
    more = [placed.region.prompt for placed in terms.prompts]
    said = [_stretch_words(terms, one.prompt, route.seed, more) for one in route.stretches]
    texts = [words.prompt for words in said]
    parts = shares(route.parts(), box, box.width * SOFT) if len(set(texts)) > 1 else []
    most = int(np.argmax([part.mean() for part in parts])) if parts else 0

    def nearest(mask: Pixels) -> str:
        return texts[int(np.argmax([(part * mask).sum() for part in parts]))] if parts else texts[0]

    own = region_prompts(terms.prompts, nearest, bounds_of(box), painted, route.seed, terms.wording)
    regions = tuple(region for _, region in own)
    free = _outside(regions, box)
    others = tuple(
        RegionPrompt(texts[number], np.rint(part * free * 255).astype(np.uint8))
        for number, part in enumerate(parts)
        if texts[number] != texts[most] and (part * free).mean() > LEAST_SHARE
    )
    check_number(len(regions) + len(others))
    return Words(said[most], (*regions, *others), tuple(placed for placed, _ in own))


def _stretch_words(terms: WindowTerms, prompt: str, seed: int, more: Sequence[str]) -> Said:
    return terms.wording.resolve(replace(terms.settings, prompt=prompt), seed, more=more)


def _outside(regions: Sequence[RegionPrompt], box: Box) -> NDArray[np.float32]:
    """(height, width) in 0..1: where none of these has its say, so that a stretch does not talk into it."""
    taken = np.zeros((box.height, box.width), np.float32)
    for region in regions:
        taken = np.maximum(taken, region.mask.astype(np.float32) / 255.0)
    return 1.0 - taken


def freeze_window(route: Route, box: Box, rgba: NDArray[np.uint8], terms: WindowTerms) -> Capture:
    """The request for a window, from (h, w, 4) straight RGBA of it; any thread. Raises InvalidRequestError."""
    empty, side = not rgba[..., 3].any(), box.width
    mask = None if empty else np.where(rgba[..., 3] == 255, 0, 255).astype(np.uint8)
    rim = Rim(round(side * GROW), round(side * FEATHER), round(side * BLEND))
    words = words_for(route, box, terms, near(mask, rim) if mask is not None and mask.any() else None)
    task = Task.TEXT_TO_IMAGE if empty else Task.OUTPAINT
    request = replace(
        plain_request(task, bounds_of(box), terms.settings, words.said, route.seed),
        image=None if empty else rgba,
        mask=mask,
        mask_grow=rim.grow,
        mask_feather=rim.feather,
        mask_blend=rim.blend,
        fill=Fill.BORDER,
        regions=words.regions,
        canvas_noise=True,
        priority=PRIORITY,
    )
    request = with_guides(request, terms.guides, terms.wording)
    request.check()
    return Capture(request, bounds_of(box), terms.parent_id, {**terms.settings.to_dict(), **noted(words.placed)})


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
