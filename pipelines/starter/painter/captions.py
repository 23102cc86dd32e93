"""Says what is really in a window of a scroll, as tags or sentences, in English or Chinese."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.scene import PlacedObject
from pipelines.starter.painter.words import (
    FORM_WORDS,
    MOOD_WORDS,
    OBJECT_WORDS,
    PLACE_WORDS,
    STYLE_WORDS,
    WASH_WORDS,
    Language,
)

COLUMN_STEP = 8
"""Facts per column are kept for every eighth pixel."""
_LEAST_SIDE, _LEAST_SHOWN = 0.05, 0.04
_NAMED = (0, 1, 1, 1, 2, 2, 3, 4)
_STRIKING = frozenset({"moon", "sun", "fall", "pagoda", "birds", "bridge", "boat", "sail", "person", "pavilion", "hut"})


@dataclass(frozen=True)
class Window:
    """A rectangle of a scroll, in pixels."""

    left: int
    """Left edge."""
    top: int
    """Upper edge."""
    width: int
    """Width."""
    height: int
    """Height."""


@dataclass(frozen=True)
class ScrollFacts:
    """Everything that captions need to know of a painted scroll."""

    mood: str
    """One of `palette.MOODS`."""
    wash: str
    """One of `palette.WASHES`."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    water_line: float
    """y where the water begins; the height where there is none."""
    skyline: NDArray[np.floating[Any]]
    """Highest ridge (y) at every eighth column."""
    water: NDArray[np.floating[Any]]
    """Share of open water below the water line at every eighth column, 0..1."""
    objects: tuple[PlacedObject, ...]
    """What was painted where."""

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and numbers for a JSON file."""
        return {
            **{k: getattr(self, k) for k in ("mood", "wash", "width", "height", "water_line")},
            "skyline": [round(float(v), 1) for v in self.skyline],
            "water": [round(float(v), 2) for v in self.water],
            "objects": [list(asdict(o).values()) for o in self.objects],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ScrollFacts:
        """Return the facts that `to_json` wrote."""
        arrays = {k: np.array(data[k], np.float32) for k in ("skyline", "water")}
        objects = tuple(PlacedObject(*row) for row in data["objects"])
        return cls(**{**data, **arrays, "objects": objects})


@dataclass(frozen=True)
class Content:
    """What one window shows."""

    mood: str
    """One of `palette.MOODS`."""
    wash: str
    """One of `palette.WASHES`."""
    places: tuple[str, ...]
    """Kinds of `PLACE_WORDS`, such as "peaks"."""
    objects: tuple[str, ...]
    """Kinds of `OBJECT_WORDS`, the most striking first."""


def look_at(facts: ScrollFacts, window: Window) -> Content:
    """Return what `window` shows: objects at least 60 % inside, large enough and not hidden, and places by measure."""
    return Content(facts.mood, facts.wash, _places(facts, window), _objects(facts, window))


def shown_share(thing: PlacedObject, window: Window) -> float:
    """Return the share (0..1) of a thing's box that lies inside `window`."""
    across = min(thing.right, window.left + window.width) - max(thing.left, window.left)
    down = min(thing.bottom, window.top + window.height) - max(thing.top, window.top)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / ((thing.right - thing.left) * (thing.bottom - thing.top))


def least_visible(window: Window) -> float:
    """Return how many pixels of a thing must show in `window` before it is named: 105 at a height of 256."""
    return (window.height * _LEAST_SHOWN) ** 2


def _objects(facts: ScrollFacts, window: Window) -> tuple[str, ...]:
    least = window.height * _LEAST_SIDE
    size: dict[str, float] = {}
    for thing in facts.objects:
        width, height = thing.right - thing.left, thing.bottom - thing.top
        share = shown_share(thing, window)
        if share < 0.6 or max(width, height) < least or min(width, height) < least * 0.5:
            continue
        if thing.visible is not None and thing.visible * share < least_visible(window):
            continue
        weight = (width * height) ** 0.5 * (2 if thing.kind in _STRIKING else 1)
        size[thing.kind] = max(size.get(thing.kind, 0), weight)
    return tuple(sorted(size, key=lambda kind: -size[kind]))


def _places(facts: ScrollFacts, window: Window) -> tuple[str, ...]:
    first = window.left // COLUMN_STEP
    columns = slice(first, max(first + 1, (window.left + window.width) // COLUMN_STEP))
    skyline = facts.skyline[columns]
    bottom = window.top + window.height
    found: list[str] = []
    land_line = min(facts.water_line, facts.height * 0.9)
    rises = (land_line - skyline) / facts.height
    shown = (skyline < bottom - 0.15 * window.height) & (skyline > window.top - 0.6 * window.height)
    if ((rises > 0.32) & shown).mean() > 0.22:
        found.append("peaks")
    elif ((rises > 0.12) & shown).mean() > 0.15:
        found.append("hills")
    wet = float(facts.water[columns].mean()) if bottom > facts.water_line + 0.06 * window.height else 0.0
    share = max(0.0, bottom - max(facts.water_line, window.top)) / window.height
    if wet * share > 0.6:
        found.append("open_water")
    elif wet > 0.45 and share > 0.08:
        found.append("water")
    elif wet > 0.05 and share > 0.08:
        found.append("shore")
    if float(np.clip((skyline - window.top) / window.height, 0, 1).mean()) > 0.72 and share < 0.25:
        found.append("sky")
    return tuple(found)


def write_caption(
    content: Content, rng: random.Random, language: Language | None = None, focus: str | None = None
) -> str:
    """Return one of many captions of `content`; 35 % are Chinese unless `language` says which.

    Up to four objects are named, most often one or two, as people do when they ask for a picture; `focus`, the kind
    that the window was chosen for, always.
    """
    language = language or ("zh" if rng.random() < 0.35 else "en")
    kept = _named(content.objects, rng, focus)
    places = [kind for kind in content.places if rng.random() < 0.8]
    things = [rng.choice(PLACE_WORDS[language][k]) for k in places]
    things += [rng.choice(OBJECT_WORDS[language][k]) for k in kept]
    mood = rng.choice(MOOD_WORDS[language][content.mood]) if rng.random() < 0.88 else ""
    wash = rng.choice(WASH_WORDS[language][content.wash]) if rng.random() < 0.85 else ""
    style = rng.choice(STYLE_WORDS[language]) if rng.random() < 0.3 else ""
    if rng.random() < 0.55:
        tags = [word for word in (mood, wash, *things, style) if word]
        rng.shuffle(tags)
        return (rng.choice(("，", " ", "、")) if language == "zh" else ", ").join(tags)
    if language == "zh":
        return _chinese_sentence(rng, wash, mood, things, style)
    return _english_sentence(rng, wash, mood, things, style)


def _named(objects: tuple[str, ...], rng: random.Random, focus: str | None) -> list[str]:
    count = rng.choice(_NAMED)
    if focus not in objects:
        return rng.sample(objects, min(count, len(objects)))
    others = [kind for kind in objects if kind != focus]
    return [focus, *rng.sample(others, min(max(0, count - 1), len(others)))]


def _chinese_sentence(rng: random.Random, wash: str, mood: str, things: list[str], style: str) -> str:
    opening = f"{wash}{'的' if wash and mood and rng.random() < 0.4 else ''}{mood}"
    return "，".join(part for part in (opening, "、".join(things), style) if part)


def _english_sentence(rng: random.Random, wash: str, mood: str, things: list[str], style: str) -> str:
    listed = " and ".join([", ".join(things[:-1]), things[-1]]) if len(things) > 1 else "".join(things)
    when = f"{rng.choice(('in', 'at', 'with'))} {mood}" if mood else ""
    form = rng.choice(FORM_WORDS)
    return " ".join(part for part in (wash, form, "of" if listed else "", listed, when, style) if part)


def plain_caption(content: Content, language: Language) -> str:
    """Return the one plain caption of `content`: mood, wash, places and objects by their first names."""
    words = [MOOD_WORDS[language][content.mood][0], WASH_WORDS[language][content.wash][0]]
    words += [PLACE_WORDS[language][k][0] for k in content.places]
    words += [OBJECT_WORDS[language][k][0] for k in content.objects[:5]]
    return ("，" if language == "zh" else ", ").join(words)
