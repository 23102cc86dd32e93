"""Document, capture and a real engine together: twenty repaints in one neighbourhood change nothing outside of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.pixels import from_rgba, to_rgba
from canvas.selection import Selection
from desktop.generation.apply import apply_patch
from desktop.generation.capture import Terms, capture
from desktop.generation.form import GenerationSettings
from pipelines.contract.request import Pixels
from pipelines.planning.sizes import limits_of
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture
from tests.pipelines.test_engine import Studio

pytestmark = pytest.mark.slow
PASSES = 20
CANVAS = Bounds(0, 0, 1024, 768)
TILE = 256


@pytest.fixture(scope="module")
def studio(tiny_models: Shelf) -> Iterator[Studio]:
    studio = Studio(tiny_models)
    yield studio
    studio.engine.close()


def selection(number: int) -> Selection:
    """Hard, soft, with a hole, in parts: always in the same neighbourhood, never wholly the same."""
    left, top = 380 + 13 * (number % 4), 300 + 9 * (number % 3)
    chosen = Selection.rectangle(Bounds(left, top, 120, 90))
    if number % 4 == 1:
        return Selection.ellipse(Bounds(left, top, 130, 110)).feathered(9)
    if number % 4 == 2:
        ring = np.zeros((140, 140), np.uint8)
        cv2.circle(ring, (70, 70), 60, 255, 26, cv2.LINE_AA)
        return Selection.from_mask(Bounds(left, top, 140, 140), ring)
    if number % 4 == 3:
        parts = np.zeros((100, 220), np.uint8)
        parts[10:50, 10:60] = parts[40:90, 150:210] = 255
        return Selection.from_mask(Bounds(left, top, 220, 100), parts)
    return chosen


def tiles(flat: Pixels) -> dict[tuple[int, int], str]:
    """Hash of every tile of the canvas."""
    return {
        (x, y): hashlib.sha256(flat[y : y + TILE, x : x + TILE].tobytes()).hexdigest()
        for y in range(0, CANVAS.height, TILE)
        for x in range(0, CANVAS.width, TILE)
    }


def test_no_pixel_outside_changes_in_twenty_passes(studio: Studio, tiny_models: Shelf) -> None:
    document = Document.new(CANVAS)
    layer = document.active
    assert layer is not None
    painted = picture(CANVAS.width, CANVAS.height, seed=8)
    with document.transaction("Paint"):
        document.put_image(layer, 0, 0, from_rgba(painted))  # type: ignore[arg-type]
    compositor = Compositor(document, QColor("white"))
    before = to_rgba(compositor.flatten(CANVAS)).copy()
    hashes, touched = tiles(before), np.zeros((CANVAS.height, CANVAS.width), bool)
    terms = Terms(limits_of(tiny_models.resolve("sd1")))
    settings = GenerationSettings(model="sd1", num_inference_steps=2, num_images_per_prompt=1, random_seed=False)
    for number in range(PASSES):
        document.set_selection(selection(number))
        asked = capture(document, compositor, settings, terms)
        patch = studio.paint(asked.request).patches[0]
        place = asked.bounds.intersected(CANVAS)
        shown = patch[
            place.y - asked.bounds.y : place.bottom - asked.bounds.y,
            place.x - asked.bounds.x : place.right - asked.bounds.x,
            3,
        ]
        touched[place.y : place.bottom, place.x : place.right] |= shown > 0
        if number % 2:
            apply_patch(document, asked.bounds, patch, f"pass {number}")
        else:
            with document.transaction("Generate"):
                document.put_image(layer, asked.bounds.x, asked.bounds.y, from_rgba(patch))  # type: ignore[arg-type]
        now = to_rgba(compositor.flatten(CANVAS))
        same = (now == before).all(axis=-1)
        assert same[~touched].all(), f"pass {number} changed a pixel outside of every composite mask"
        whole = {key for key in hashes if not touched[key[1] : key[1] + TILE, key[0] : key[0] + TILE].any()}
        assert len(whole) >= 6, "the patches reach too far for this test to say anything"
        assert {key: tiles(now)[key] for key in whole} == {key: hashes[key] for key in whole}
    assert (to_rgba(compositor.flatten(CANVAS)) != before).any(), "nothing was painted at all"
    compositor.close()
