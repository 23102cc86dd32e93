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
from desktop.generation.capture import SIDE_STEP, Terms, capture, planned_rim, selection_context
from desktop.generation.detection import detect_mode, mode_for_frame
from desktop.generation.form import Context, GenerationSettings
from desktop.generation.modes import Mode
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_SIDE, Fill, Task
from pipelines.planning.sizes import RunLimits

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
    assert detect_mode(document, compositor) is Mode.GENERATE
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


def test_a_refined_selection_of_a_sketch_is_seen_on_paper(document: Document, compositor: Compositor) -> None:
    paint(document, Bounds(40, 40, 60, 4))
    document.set_selection(Selection.rectangle(Bounds(30, 20, 90, 60)))
    request = capture(document, compositor, GenerationSettings(mode=Mode.REFINE, strength=0.4)).request
    assert request.task is Task.INPAINT
    assert request.image is not None
    assert (request.image[..., 3] == 255).all()
    assert request.image[-1, -1].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize("mode", [Mode.FILL, Mode.REMOVE])
def test_around_strokes_is_paper_and_around_a_picture_is_nothing(
    document: Document, compositor: Compositor, mode: Mode
) -> None:
    paint(document, Bounds(40, 40, 60, 4))
    for place in (Bounds(30, 20, 90, 60), Bounds(120, 120, 40, 40)):  # over a stroke, and between strokes
        document.set_selection(Selection.rectangle(place))
        drawn = capture(document, compositor, GenerationSettings(mode=mode, strength=0.4)).request
        assert drawn.image is not None
        assert drawn.image[-1, -1].tolist() == [255, 255, 255, 255]
    if mode is Mode.FILL:
        assert drawn.strength == 1.0, "where nothing is, it begins from nothing"
    paint(document, Bounds(-100, -100, 160, 160))
    document.set_selection(Selection.rectangle(Bounds(30, 20, 90, 60)))
    filled = capture(document, compositor, GenerationSettings(mode=mode)).request
    assert filled.image is not None
    assert not filled.image[-1, -1].any()  # to fill is to go on with what is around


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
    captured = capture(document, compositor, GenerationSettings(inpaint_strength=0.9))
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
    assert capture(document, compositor, GenerationSettings(mode=Mode.GENERATE)).request.image is None
    with pytest.raises(InvalidRequestError, match="lasso"):
        capture(document, compositor, GenerationSettings(mode=Mode.FILL))
    with pytest.raises(InvalidRequestError, match="empty canvas"):
        capture(document, compositor, GenerationSettings(mode=Mode.EXPAND))


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
limits = st.sampled_from([RunLimits(side, 1.0, 1.5, 1.25) for side in (256, 512, 1024)])


@given(st.integers(-9000, 9000), st.integers(-9000, 9000), sides, sides, limits)
def test_context_holds_the_selection_and_is_stepped(x: int, y: int, w: int, h: int, limits: RunLimits) -> None:
    selected = Bounds(x, y, w, h)
    widths = []
    for context in (Context.TIGHT, Context.AUTOMATIC, Context.WIDE, Context.FRAME):
        settings = GenerationSettings(mode=Mode.FILL, context=context)
        rim = planned_rim(settings, selected, FRAME)
        found = selection_context(selected, FRAME, settings, Terms(limits))
        assert found.contains(selected.expanded(rim.reach))
        assert found.width % SIDE_STEP == 0
        assert found.height % SIDE_STEP == 0
        widths.append(found.width)
    assert found.contains(FRAME)
    assert widths[0] <= widths[1] <= widths[2]


def test_coverage_decides() -> None:
    alpha = np.zeros((32, 32), np.uint8)
    assert mode_for_frame(alpha) is Mode.GENERATE
    alpha[:] = 255
    assert mode_for_frame(alpha) is Mode.REFINE
    alpha[:, 20:] = 0
    assert mode_for_frame(alpha) is Mode.EXPAND
    alpha[:20] = 255  # an L: two sides are painted
    assert mode_for_frame(alpha) is Mode.EXPAND


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
