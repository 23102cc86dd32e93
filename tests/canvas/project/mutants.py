"""Damage of every kind for project files, and the judgement over what a damaged one shows."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, Point, TileKey
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from canvas.project.project import Project
from canvas.project.salvage import Losses, salvage
from canvas.project.schema import PAGE_SIZE
from canvas.selection import Selection
from tests.canvas.project.conftest import paint
from tests.canvas.project.test_project import record

Seen = dict[tuple[str, TileKey], NDArray[np.uint8]]
Looks = dict[str, tuple[object, ...]]


def painting(path: Path) -> None:
    """A small file with everything in it: layers, a group, a mask, selections, generations, undone steps."""
    document = Document.new(Bounds(0, 0, 512, 512))
    project = Project.create(path, document)
    paint(document, -300, -200, size=390)
    group = GroupLayer("group")
    document.add_layer(group)
    layer = PaintLayer("inside")
    document.add_layer(layer, group)
    document.active = layer
    paint(document, 100, 30, seed=2, size=300)
    document.set_layer(layer, offset=Point(-40, 7), opacity=0.25)
    document.active = document.add_mask(layer)
    document.active = layer
    document.set_selection(Selection.ellipse(Bounds(10, -20, 90, 60)))
    document.replace_saved_selections({"one": document.selection})
    for number in range(8):
        patch = np.random.default_rng(number).integers(0, 256, (60, 90, 4), dtype=np.uint8)
        stored = project.store_generation(record(number), [patch], {"mask": patch[..., 3]}).result(20)
        document.generations.append(stored)
    for seed in range(4):
        paint(document, 40 * seed, 600, seed=seed)
        project.flush().result(20)
    document.undo()
    project.close()


def looks_of(document: Document) -> Looks:
    """What decides how layers are put together."""
    return {
        layer.id: (
            layer.parent.id if layer.parent is not None and layer.parent is not document.tree.root else "",
            layer.visible,
            layer.opacity,
            str(layer.blend_mode),
            layer.offset if isinstance(layer, PaintLayer) else None,
        )
        for layer in document.tree.walk()
    }


def tiles_of(document: Document) -> Seen:
    """Every tile of every layer and mask as it is shown."""
    return {
        (layer.id, key): to_rgba(tile)
        for layer in document.tree.surfaces()
        for key in sorted(layer.surface.keys())
        if (tile := layer.surface.tile(key)) is not None
    }


def mutate(data: bytes, rng: random.Random) -> tuple[str, bytes]:
    """One damaged form of a file."""
    kinds: tuple[tuple[str, Callable[[bytearray, random.Random], bytearray]], ...] = (
        ("cut", _cut),
        ("flipped", _flip),
        ("zeroed pages", _zero),
        ("swapped pages", _swap),
        ("random bytes", _noise),
        ("one page for another", _repeat),
        ("broken header", _header),
    )
    name, change = rng.choice(kinds)
    return name, bytes(change(bytearray(data), rng))


def _pages(data: bytearray) -> int:
    return len(data) // PAGE_SIZE


def _cut(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(len(data))]


def _flip(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 3, 30, 300))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def _zero(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 1, 2, 4))):
        page = rng.randrange(_pages(data))
        data[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] = bytes(PAGE_SIZE)
    return data


def _swap(data: bytearray, rng: random.Random) -> bytearray:
    a, b = (rng.randrange(_pages(data)) * PAGE_SIZE for _ in range(2))
    data[a : a + PAGE_SIZE], data[b : b + PAGE_SIZE] = data[b : b + PAGE_SIZE], data[a : a + PAGE_SIZE]
    return data


def _repeat(data: bytearray, rng: random.Random) -> bytearray:
    a, b = (rng.randrange(_pages(data)) * PAGE_SIZE for _ in range(2))
    data[a : a + PAGE_SIZE] = data[b : b + PAGE_SIZE]
    return data


def _noise(data: bytearray, rng: random.Random) -> bytearray:
    length = rng.choice((1, 16, 200, 5000))
    start = rng.randrange(max(1, len(data) - length))
    data[start : start + length] = rng.randbytes(length)
    return data


def _header(data: bytearray, rng: random.Random) -> bytearray:
    data[rng.randrange(100 if rng.random() < 0.7 else 2000)] = rng.randrange(256)
    return data


def judge(path: Path, original: Seen, layers: Looks) -> str:
    """Opens a damaged file as the program does; returns what came of it. AssertionError when anything is wrong.

    Every tile is either the original one or reported, and a layer that looks different is reported.
    """
    before = path.read_bytes()
    losses: Losses | None = None
    rescued = path.with_name(f"{path.stem} rescued.scroll")
    try:
        project = Project.open(path)
    except CanvasError:
        try:
            losses = salvage(path, rescued)
        except CanvasError as ending:
            assert str(ending).endswith(".")  # noqa: PT017 - one of two ways that are both right
            assert path.read_bytes() == before
            return "refused"
        project = Project.open(rescued)
    try:
        told: list[str] = []
        project.care.damaged.connect(told.append)
        seen, looks = tiles_of(project.document), looks_of(project.document)
        if losses is not None:
            assert not told, "the rescued file is whole"
        elif told:
            losses = project.care.rescue(rescued).result(20)
            project.care.rescued(losses)
            assert project.path == rescued
            project.close()
            project = Project.open(rescued)
            seen = tiles_of(project.document)
            assert all("can be" in sentence for sentence in project.complaints), project.complaints
        compare(seen, original, losses)
        if looks != layers:
            assert losses is not None
            assert losses.doubtful_layers or losses.layers_made_up
    finally:
        project.abandon()
    assert losses is None or path.read_bytes() == before
    return "whole" if losses is None else "rescued without loss" if losses.nothing else "rescued"


def compare(seen: Seen, original: Seen, losses: Losses | None) -> None:
    """Every tile is the original one, or reported."""
    for place, pixels in original.items():
        shown = seen.get(place)
        if shown is not None and (shown == pixels).all():
            continue
        assert losses is not None, f"{place} is wrong and nothing was said"
        layer_id, key = place
        assert (layer_id, *key) in losses.places or losses.doubtful_places or losses.doubtful_layers, place
        assert shown is None or losses.doubtful_places, f"{place} is wrong, not missing"
    for place in seen.keys() - original.keys():
        assert losses is not None
        assert losses.doubtful_places, f"{place} came from nowhere"
