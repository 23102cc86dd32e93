"""Random windows of scrolls: anywhere, or around a thing, so that rare and difficult kinds are learned, too."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.captions import (
    Content,
    ScrollFacts,
    Window,
    least_visible,
    look_at,
    shown_share,
    write_caption,
)
from pipelines.starter.painter.scene import PlacedObject
from pipelines.starter.reading import KINDS
from pipelines.starter.shards import LATENT_STEP, EncodedScroll

Place = tuple[int, PlacedObject]
"""Number of the scroll, and the thing in it."""
_FOCUSED = 0.75
_TRIES = 4
_SLOW: Final = {"sun": 4, "moon": 4, "sail": 4, "pagoda": 2, "willow": 2}
"""Kinds that the model was slow to learn, and how much more often they are drawn than another."""


@dataclass(frozen=True)
class Sample:
    """One training window."""

    latents: NDArray[np.float16]
    """(4, rows, columns), unscaled."""
    content: Content
    """What it shows."""
    focus: str | None
    """The kind of thing that the window was chosen for."""
    things: NDArray[np.bool_]
    """(`reading.KINDS`, rows, columns): cells in which a thing of the kind lies that a caption may name."""

    def caption(self, rng: random.Random, drop: float = 0.12) -> str:
        """Return a caption, or with the chance `drop` none, so that the model also learns to paint unasked."""
        return "" if rng.random() < drop else write_caption(self.content, rng, focus=self.focus)


def places_by_kind(scrolls: Sequence[ScrollFacts], kinds: Collection[str] | None = None) -> dict[str, list[Place]]:
    """Return for every kind (or those of `kinds`) where it is clearly to be seen; kinds that are nowhere are left out.

    What is clear is measured at the scale of a window as high as the lowest scroll, 256 pixels.
    """
    places: dict[str, list[Place]] = {}
    lowest = Window(0, 0, 256, 256)
    for number, facts in enumerate(scrolls):
        for thing in facts.objects:
            wanted = kinds is None or thing.kind in kinds
            if wanted and _is_clear(thing, facts, least_visible(lowest)):
                places.setdefault(thing.kind, []).append((number, thing))
    return places


def _is_clear(thing: PlacedObject, facts: ScrollFacts, least: float) -> bool:
    if thing.visible is None:  # painted before that was measured
        return shown_share(thing, Window(0, 0, facts.width, facts.height)) >= 0.6
    return thing.visible >= least


def window_around(
    facts: ScrollFacts, thing: PlacedObject, rng: random.Random, size: tuple[int, int], step: int = 1
) -> Window:
    """Return a random window of `size` (height, width) with `thing` wholly inside where it fits.

    Its left and upper edges are multiples of `step`, as are the sizes.
    """

    def begin(first: float, last: float, length: int, whole: int) -> int:
        most = (whole - length) // step
        low, high = max(0, -(-(int(last) + 1 - length) // step)), min(most, int(first) // step)
        if low > high:
            low = high = min(most, max(0, round((first + last - length) / 2 / step)))
        return rng.randint(low, high) * step

    height, width = size
    left = begin(thing.left, thing.right, width, facts.width)
    return Window(left, begin(thing.top, thing.bottom, height, facts.height), width, height)


def thing_cells(facts: ScrollFacts, window: Window, content: Content) -> NDArray[np.bool_]:
    """Return (`KINDS`, rows, columns) of latent cells: where things lie whose kinds `content` names."""
    cells = np.zeros((len(KINDS), window.height // LATENT_STEP, window.width // LATENT_STEP), bool)
    for thing in facts.objects:
        if thing.kind in content.objects and shown_share(thing, window) > 0:
            top, left = int(max(0, thing.top - window.top)), int(max(0, thing.left - window.left))
            bottom, right = thing.bottom - window.top, thing.right - window.left
            rows = slice(top // LATENT_STEP, -int(-bottom // LATENT_STEP))
            cells[KINDS.index(thing.kind), rows, left // LATENT_STEP : -int(-right // LATENT_STEP)] = True
    return cells


class Windows:
    """Draws random windows from encoded scrolls."""

    def __init__(self, scrolls: list[EncodedScroll]) -> None:
        self.scrolls = scrolls
        self.places = places_by_kind([scroll.facts for scroll in scrolls])
        self.kinds = [kind for kind in sorted(self.places) for _ in range(_SLOW.get(kind, 1))]

    def draw(self, rng: random.Random, rows: int, columns: int) -> Sample:
        """Return a window of `rows` x `columns` latent cells; three in four are around a kind, slow ones more often."""
        size = (rows * LATENT_STEP, columns * LATENT_STEP)
        if self.kinds and rng.random() < _FOCUSED:
            for _ in range(_TRIES):
                kind = rng.choice(self.kinds)
                number, thing = rng.choice(self.places[kind])
                scroll = self.scrolls[number]
                if scroll.latents.shape[1] >= rows:
                    return self._cut(scroll, window_around(scroll.facts, thing, rng, size, LATENT_STEP), kind)
        scroll = rng.choice(self.scrolls)
        while scroll.latents.shape[1] < rows:
            scroll = rng.choice(self.scrolls)
        top = rng.randrange(scroll.latents.shape[1] - rows + 1)
        left = rng.randrange(scroll.latents.shape[2] - columns + 1)
        return self._cut(scroll, Window(left * LATENT_STEP, top * LATENT_STEP, size[1], size[0]), None)

    @staticmethod
    def _cut(scroll: EncodedScroll, window: Window, focus: str | None) -> Sample:
        top, left = window.top // LATENT_STEP, window.left // LATENT_STEP
        rows, columns = window.height // LATENT_STEP, window.width // LATENT_STEP
        content = look_at(scroll.facts, window)
        latents = scroll.latents[:, top : top + rows, left : left + columns]
        return Sample(latents, content, focus, thing_cells(scroll.facts, window, content))
