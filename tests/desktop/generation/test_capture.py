"""The mode follows from the pixels, and a request freezes exactly what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from desktop.generation.capture import SIDE_STEP, capture, context_bounds, detect_task, task_for_alpha
from desktop.generation.form import GenerationSettings
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_SIDE, Fill, Task

FRAME = Bounds(0, 0, 256, 256)


@pytest.fixture
def document() -> Document:
    return Document.new(FRAME)


@pytest.fixture
def compositor(document: Document):
    made = Compositor(document, QColor("white"))
    yield made
    made.close()


def paint(document: Document, bounds: Bounds, colour: str = "#336699") -> None:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, bounds.x, bounds.y, image)


def test_nothing_painted_is_text_to_image(document: Document, compositor: Compositor) -> None:
    assert detect_task(document, compositor) is Task.TEXT_TO_IMAGE
    request = capture(document, compositor, GenerationSettings(prompt=" a pine ")).request
    assert (request.task, request.prompt, request.image, request.mask) == (Task.TEXT_TO_IMAGE, "a pine", None, None)
    assert (request.x, request.y, request.width, request.height) == FRAME


def test_painted_frame_is_image_to_image(document: Document, compositor: Compositor) -> None:
    paint(document, FRAME)
    captured = capture(document, compositor, GenerationSettings(strength=0.4))
    assert captured.request.task is Task.IMAGE_TO_IMAGE
    assert captured.request.strength == 0.4
    assert captured.request.image is not None
    assert (captured.request.image == (0x33, 0x66, 0x99, 255)).all()


def test_sparse_strokes_are_a_sketch_on_paper(document: Document, compositor: Compositor) -> None:
    paint(document, Bounds(20, 20, 200, 8))
    paint(document, Bounds(20, 200, 200, 8))
    captured = capture(document, compositor, GenerationSettings())
    assert captured.request.task is Task.IMAGE_TO_IMAGE
    assert captured.request.image is not None
    assert (captured.request.image[..., 3] == 255).all()
    assert (captured.request.image[0, 0] == 255).all()


def test_frame_over_the_edge_is_outpaint(document: Document, compositor: Compositor) -> None:
    paint(document, Bounds(-200, 0, 328, 256))
    request = capture(document, compositor, GenerationSettings()).request
    assert request.task is Task.OUTPAINT
    assert request.mask is not None
    assert (request.mask[:, :128] == 0).all()
    assert (request.mask[:, 128:] == 255).all()
    assert request.strength == 1.0
    assert request.fill is Fill.BORDER


def test_selection_is_inpaint_with_context(document: Document, compositor: Compositor) -> None:
    paint(document, Bounds(0, 0, 1024, 1024))
    document.set_selection(Selection.rectangle(Bounds(400, 300, 100, 60)))
    captured = capture(document, compositor, GenerationSettings(inpaint_strength=0.9), native_size=512)
    request = captured.request
    assert request.task is Task.INPAINT
    assert request.strength == 0.9
    assert captured.bounds.width >= 256
    assert captured.bounds.height >= 256
    assert request.mask is not None
    inside = np.zeros_like(request.mask)
    top, left = 300 - captured.bounds.y, 400 - captured.bounds.x
    inside[top : top + 60, left : left + 100] = 255
    assert (request.mask == inside).all()


def test_the_painters_word_wins(document: Document, compositor: Compositor) -> None:
    paint(document, FRAME)
    assert capture(document, compositor, GenerationSettings(mode=Task.TEXT_TO_IMAGE)).request.image is None
    with pytest.raises(InvalidRequestError, match="lasso"):
        capture(document, compositor, GenerationSettings(mode=Task.INPAINT))
    with pytest.raises(InvalidRequestError, match="empty canvas"):
        capture(document, compositor, GenerationSettings(mode=Task.OUTPAINT))


def test_too_large_a_frame_is_refused_in_words(document: Document, compositor: Compositor) -> None:
    document.set_frame(Bounds(0, 0, MAX_SIDE + 8, 64))
    with pytest.raises(InvalidRequestError, match="at most"):
        capture(document, compositor, GenerationSettings())


def test_seed_is_drawn_here_or_taken(document: Document, compositor: Compositor) -> None:
    fixed = GenerationSettings(seed=7, random_seed=False)
    assert capture(document, compositor, fixed).request.seed == 7
    drawn = {capture(document, compositor, GenerationSettings()).request.seed for _ in range(4)}
    assert len(drawn) == 4


def test_capture_does_not_touch_the_document(document: Document, compositor: Compositor) -> None:
    paint(document, FRAME)
    seen: list[object] = []
    document.changed.connect(seen.append)
    request = capture(document, compositor, GenerationSettings()).request
    assert request.image is not None
    request.image[:] = 0
    assert not seen
    assert (capture(document, compositor, GenerationSettings()).request.image == (0x33, 0x66, 0x99, 255)).all()


sides = st.integers(1, 4000)


@given(st.integers(-9000, 9000), st.integers(-9000, 9000), sides, sides, st.sampled_from([256, 512, 1024]))
def test_context_holds_the_selection_and_is_stepped(x: int, y: int, w: int, h: int, native: int) -> None:
    selected = Bounds(x, y, w, h)
    context = context_bounds(selected, 24, native)
    assert context.contains(selected)
    assert context.width % SIDE_STEP == 0
    assert context.height % SIDE_STEP == 0
    assert min(context.width, context.height) >= native // 2
    assert max(context.width, context.height) <= 2 * min(context.width, context.height) + SIDE_STEP
    assert context.x <= x - 24
    assert context.right >= x + w + 24


def test_coverage_decides() -> None:
    alpha = np.zeros((32, 32), np.uint8)
    assert task_for_alpha(alpha) is Task.TEXT_TO_IMAGE
    alpha[:] = 255
    assert task_for_alpha(alpha) is Task.IMAGE_TO_IMAGE
    alpha[:, 20:] = 0
    assert task_for_alpha(alpha) is Task.OUTPAINT
    alpha[:20] = 255  # an L: two sides are painted
    assert task_for_alpha(alpha) is Task.OUTPAINT


def test_captured_pixels_round_trip(document: Document, compositor: Compositor) -> None:
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (256, 256, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, 0, 0, from_rgba(pixels))
    image = capture(document, compositor, GenerationSettings()).request.image
    assert image is not None
    assert (image == pixels).all()


def test_wildcards_are_bound_to_the_seed(document: Document, compositor: Compositor) -> None:
    settings = GenerationSettings(prompt="a {pine|boat|hut}", random_seed=False)
    prompts = {seed: capture(document, compositor, replace(settings, seed=seed)).request.prompt for seed in range(12)}
    assert set(prompts.values()) == {"a pine", "a boat", "a hut"}
    assert capture(document, compositor, replace(settings, seed=3)).request.prompt == prompts[3]
