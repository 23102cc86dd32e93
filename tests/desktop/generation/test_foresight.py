"""What is foreseen is what is asked: the same region, rim, masks, fill and passes as the request that follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba, to_rgba
from canvas.selection import Selection
from desktop.generation.capture import SIDE_STEP, Terms, capture, find_region
from desktop.generation.foresight import COARSEST, MOST_SIDE, Sight, foresee, step_for
from desktop.generation.foresight_loop import gather_reduced
from desktop.generation.form import Context, GenerationSettings
from desktop.generation.modes import MODES, Mode
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import Fill
from pipelines.planning.cost import passes_of, work_of
from pipelines.planning.fills import before_and_filled, on_paper
from pipelines.planning.scene import scene_of
from pipelines.planning.sizes import RunLimits

FRAME = Bounds(0, 0, 256, 192)
LIMITS = RunLimits(256, 1.0, 8.0, 1.25, max_enlarged=1.625)


@pytest.fixture(scope="module")
def painted() -> Iterator[tuple[Document, Compositor]]:
    """Noise on the left two thirds of the frame and beyond it."""
    document = Document.new(FRAME)
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (320, 300, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, -130, -60, from_rgba(pixels))
    compositor = Compositor(document, QColor("white"))
    yield document, compositor
    compositor.close()


def look(document: Document, compositor: Compositor, form: GenerationSettings, terms: Terms) -> Sight:
    region = find_region(document, compositor, form, terms)
    flat = to_rgba(compositor.flatten(region.bounds)) if region.needs_pixels else None
    return foresee(region, flat, form, terms.limits, 1)


shapes = st.builds(
    lambda x, y, width, height, ellipse: (
        Selection.ellipse(Bounds(x, y, width, height)) if ellipse else Selection.rectangle(Bounds(x, y, width, height))
    ),
    st.integers(-200, 300), st.integers(-150, 250), st.integers(2, 140), st.integers(2, 140), st.booleans(),
)  # fmt: skip
forms = st.builds(
    GenerationSettings,
    mode=st.sampled_from(MODES),
    inpaint_strength=st.sampled_from([0.0, 0.2, 0.6, 1.0]),
    strength=st.sampled_from([0.1, 0.6]),
    auto_rim=st.booleans(),
    mask_grow=st.integers(0, 20),
    mask_feather=st.integers(0, 40),
    mask_blend=st.integers(0, 30),
    context=st.sampled_from(Context),
    fill=st.sampled_from(Fill),
    random_seed=st.just(False),
    num_inference_steps=st.integers(1, 20),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=forms, selection=st.one_of(st.just(Selection.none()), shapes), by_hand=st.booleans())
def test_foreseen_is_what_is_asked(
    painted: tuple[Document, Compositor], form: GenerationSettings, selection: Selection, by_hand: bool
) -> None:
    document, compositor = painted
    context = Bounds(-64, -64, 320, 320) if by_hand else None
    terms = Terms(limits=LIMITS, selection=selection, context=context)
    try:
        captured = capture(document, compositor, form, terms)
    except InvalidRequestError as error:
        with pytest.raises(InvalidRequestError, match=str(error)[:20]):
            look(document, compositor, form, terms)
        return
    request = captured.request
    sight = look(document, compositor, form, terms)
    assert sight.region == captured.bounds
    assert sight.passes == passes_of(request, LIMITS)
    assert sight.work == work_of(request, sight.passes)
    if request.mask is None or request.image is None:
        assert sight.crop == captured.bounds
        assert (sight.masks.denoise == 1).all()
        return
    part = np.s_[
        sight.crop.y - request.y : sight.crop.bottom - request.y,
        sight.crop.x - request.x : sight.crop.right - request.x,
    ]
    masks = scene_of(request, LIMITS).masks
    for name in ("denoise", "fill", "composite"):
        assert (getattr(sight.masks, name) == getattr(masks, name)).all()
    known = request.image[..., 3][part].astype(np.float32) / 255.0
    _, wanted = before_and_filled(on_paper(request.image[part]), known, masks.fill, request.fill, request.seed)
    assert (sight.filled == wanted).all()
    kept = (sight.fresh == 0) & (known == 1)
    assert (sight.filled[kept] == request.image[part][kept][:, :3]).all()


def test_what_is_given_stays_as_it_is(painted: tuple[Document, Compositor]) -> None:
    document, compositor = painted
    form = GenerationSettings(mode=Mode.REFINE)
    region = find_region(document, compositor, form, Terms(limits=LIMITS))
    flat = to_rgba(compositor.flatten(region.bounds))
    before = flat.copy()
    sight = foresee(region, flat, form, LIMITS, 1)
    assert (flat == before).all()
    assert (sight.filled[:, -1] == 255).all()  # empty canvas counts as paper


@pytest.mark.parametrize(
    ("width", "height", "step"),
    [(256, 256, 1), (1024, 1024, 1), (1032, 512, 2), (4096, 2048, 4), (8192, 8192, 8), (8192, 64, 4), (8192, 16, 1)],
)
def test_large_regions_are_looked_at_reduced(width: int, height: int, step: int) -> None:
    assert step_for(Bounds(0, 0, width, height)) == step
    assert step <= COARSEST
    assert SIDE_STEP % COARSEST == 0  # so that blocks fill every region


@pytest.mark.parametrize("mode", [Mode.FILL, Mode.EXPAND, Mode.REFINE, Mode.BACKGROUND])
async def test_reduced_is_the_same_but_smaller(qapp: object, mode: Mode) -> None:
    """The plan of a large region comes from its real size, its pictures from a reduced one."""
    document = Document.new(Bounds(0, 0, 2048, 1024))
    pixels = np.full((1024, 1600, 4), (90, 120, 60, 255), np.uint8)
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, 0, 0, from_rgba(pixels))
    compositor = Compositor(document, QColor("white"))
    selection = Selection.none() if mode is Mode.EXPAND else Selection.rectangle(Bounds(300, 200, 640, 480))
    terms = Terms(limits=LIMITS, selection=selection, context=Bounds(0, 0, 2048, 1024))
    form = GenerationSettings(mode=mode, random_seed=False)
    region = find_region(document, compositor, form, terms)
    step = step_for(region.bounds)
    assert step == 2
    flat = await gather_reduced(compositor, region.bounds, step)
    assert flat.shape == (region.bounds.height // 2, region.bounds.width // 2, 4)
    sight = foresee(region, flat, form, LIMITS, step)
    exact = passes_of(capture(document, compositor, form, terms).request, LIMITS)
    assert [(one.width, one.height) for one in sight.passes] == [(one.width, one.height) for one in exact]
    assert sight.masks.denoise.shape == (sight.crop.height // 2, sight.crop.width // 2)
    assert sight.region.contains(sight.crop)
    compositor.close()


def test_a_selection_too_thin_for_a_block_is_seen_all_the_same(qapp: object) -> None:
    document = Document.new(Bounds(0, 0, 512, 512))
    compositor = Compositor(document, QColor("white"))
    document.set_selection(Selection.rectangle(Bounds(1001, 1001, 1, 1)))
    terms = Terms(limits=LIMITS, context=Bounds(0, 0, 4096, 4096))
    form = GenerationSettings(mode=Mode.FILL)
    region = find_region(document, compositor, form, terms)
    step = step_for(region.bounds)
    assert step > 1
    side = region.bounds.width // step
    assert side <= MOST_SIDE
    sight = foresee(region, np.zeros((side, side, 4), np.uint8), replace(form, fill=Fill.NEUTRAL), LIMITS, step)
    assert (sight.selected == 255).sum() == 1
    compositor.close()
