"""Three masks from one selection, its rim and its context: properties that must hold for any selection."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.contract.request import GenerationRequest, Task
from pipelines.planning.box import Box
from pipelines.planning.context import context_box
from pipelines.planning.masks import Rim, make_masks, rim_for
from pipelines.planning.patch import to_patch
from pipelines.planning.scene import scene_of
from pipelines.planning.sizes import RunLimits, run_size

SD1 = RunLimits(native=512, min_area=1.0, max_area=1.5, max_short_side=1.25)
STARTER = RunLimits(native=256, min_area=1.0, max_area=4.0, max_short_side=1.25)


@st.composite
def selections(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Any mixture of hard boxes and soft blobs."""
    height, width = draw(st.integers(16, 90)), draw(st.integers(16, 90))
    mask = np.zeros((height, width), np.uint8)
    for _ in range(draw(st.integers(1, 3))):
        left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        right, bottom = draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height))
        mask[top:bottom, left:right] = draw(st.integers(1, 255))
    if draw(st.booleans()):
        mask = cv2.GaussianBlur(mask, (0, 0), draw(st.floats(0.5, 5.0))).astype(np.uint8)
    return mask


@given(selections(), st.integers(0, 20), st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_each_mask_reaches_less_far_than_the_one_before(selection: NDArray[np.uint8], grow: int, feather: int) -> None:
    masks = make_masks(selection, Rim(grow, feather, 25))
    for mask in (masks.denoise, masks.fill, masks.composite):
        assert mask.shape == selection.shape
        assert mask.dtype == np.float32
        assert mask.min() >= 0.0
        assert mask.max() <= 1.0
    assert (masks.denoise[masks.composite > 0] > 0).all()
    assert (masks.denoise[masks.fill > 0] > 0).all()
    assert (masks.composite[selection == 255] == 1).all()
    assert (masks.denoise >= selection / np.float32(255) - 1e-6).all()


@given(selections(), st.integers(0, 20), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_nothing_is_touched_farther_away_than_asked(selection: NDArray[np.uint8], grow: int, feather: int) -> None:
    masks = make_masks(selection, Rim(grow, feather, 25))
    reach = grow + feather
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 3, 2 * reach + 3))
    near = cv2.dilate((selection > 0).astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0.0) > 0
    assert (masks.denoise[~near] == 0).all()
    assert (masks.composite[~near] == 0).all()


@given(selections())
@settings(deadline=None)
def test_without_grow_and_feather_the_selection_itself_is_the_mask(selection: NDArray[np.uint8]) -> None:
    masks = make_masks(selection, Rim(0, 0, 25))
    rgb = np.full((*selection.shape, 3), 9, np.uint8)
    assert (to_patch(rgb, masks.composite)[..., 3] == selection).all()
    assert (masks.denoise == masks.composite).all()


def test_a_full_selection_stays_full() -> None:
    masks = make_masks(np.full((30, 40), 255, np.uint8), Rim(4, 16, 25))
    assert (masks.denoise == 1).all()
    assert (masks.composite == 1).all()


@given(st.integers(16, 8192), st.integers(16, 8192), st.sampled_from([SD1, STARTER]))
def test_run_sizes_are_multiples_within_the_model_s_reach(width: int, height: int, limits: RunLimits) -> None:
    run_width, run_height = run_size(width, height, limits)
    assert run_width % limits.multiple == 0
    assert run_height % limits.multiple == 0
    assert min(run_width, run_height) >= limits.multiple
    slack = 1.0 + 8.0 * limits.multiple / min(run_width, run_height)
    assert run_width * run_height <= limits.max_area * limits.native**2 * slack
    assert min(run_width, run_height) <= limits.max_short_side * limits.native + limits.multiple
    if max(width, height) <= 4 * min(width, height):
        assert run_width / run_height == pytest.approx(width / height, rel=0.1)


def test_native_sizes_stay_as_they_are() -> None:
    assert run_size(512, 512, SD1) == (512, 512)
    assert run_size(768, 256, STARTER) == (768, 256)
    assert run_size(64, 64, STARTER) == (256, 256)
    assert run_size(2048, 2048, SD1) == (624, 624)


@given(
    st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)),
    st.tuples(st.integers(16, 8192), st.integers(16, 8192)),
    st.floats(0, 1),
    st.sampled_from([SD1, STARTER]),
)
def test_any_selection_gets_a_sensible_rim_and_context(
    place: tuple[int, int], size: tuple[int, int], strength: float, limits: RunLimits
) -> None:
    selected = Box(*place, *size)
    rim = rim_for(math.hypot(*size), strength)
    assert 0 <= rim.feather <= 1024
    assert 4 <= rim.grow <= 512
    assert 0 < rim.blend <= rim.reach
    assert rim.reach < 8 + max(size)
    box = context_box(selected, rim, limits, strength)
    assert box.width % 8 == 0
    assert box.height % 8 == 0
    assert min(box.width, box.height) >= 256
    assert max(box.width, box.height) <= 8192
    middle = abs(2 * (box.left - selected.left) + box.width - selected.width)
    assert middle <= 2, "the selection is not in the middle"
    for low, high, inner_low, inner_high in (
        (box.left, box.right, selected.left, selected.right),
        (box.top, box.bottom, selected.top, selected.bottom),
    ):
        assert low <= inner_low
        assert high >= inner_high
        assert high - low == 8192 or low <= inner_low - rim.reach - 4
    if max(box.width, box.height) < 8192:
        assert max(box.width, box.height) <= 2 * min(box.width, box.height) + 8
    assert box.width <= 3 * max(*size, 128) + 16, "far more than is needed"


def test_a_weak_repaint_needs_less_room() -> None:
    weak, strong = rim_for(400, 0.2), rim_for(400, 1.0)
    assert weak.reach < strong.reach / 2
    selected = Box(0, 0, 400, 400)
    assert context_box(selected, weak, SD1, 0.2).width < context_box(selected, strong, SD1, 1.0).width


@pytest.mark.parametrize("grow", [0, 6])
def test_holes_and_parts_stay_what_they_are(grow: int) -> None:
    selection = np.zeros((200, 320), np.uint8)
    cv2.circle(selection, (100, 100), 80, 255, -1)
    cv2.circle(selection, (100, 100), 40, 0, -1)
    cv2.circle(selection, (270, 100), 30, 255, -1)
    masks = make_masks(selection, Rim(grow, 12 if grow else 0, 12))
    for mask in (masks.denoise, masks.fill, masks.composite):
        assert mask[100, 100] == 0, "the hole is closed"
        assert mask[100, 210] == 0, "the parts have grown together"
        assert mask[100, 160] == 1
        assert mask[100, 270] == 1


def test_the_fill_covers_the_soft_pixels_of_an_object() -> None:
    selection = cv2.GaussianBlur(np.pad(np.full((40, 40), 255, np.uint8), 30), (0, 0), 1.5).astype(np.uint8)
    for rim in (Rim(0, 0, 0), rim_for(56, 1.0)):
        assert (make_masks(selection, rim).fill[selection > 0] == 1).all()


def region(width: int, height: int, selected: Box, **changes: Any) -> GenerationRequest:
    mask = np.zeros((height, width), np.uint8)
    mask[selected.slices] = 255
    image = np.full((height, width, 4), 255, np.uint8)
    given = {"width": width, "height": height, "image": image, "mask": mask, **changes}
    return GenerationRequest(**{"task": Task.INPAINT, "model": "sd1", **given})


@given(st.integers(0, 1500), st.integers(0, 1100), st.integers(1, 200), st.integers(1, 200))
@settings(max_examples=6, deadline=None)
def test_a_small_mask_in_a_large_picture_is_painted_closely(left: int, top: int, width: int, height: int) -> None:
    asked = region(1700, 1300, Box(left, top, min(width, 1700 - left), min(height, 1300 - top)))
    assert asked.mask is not None
    crop = scene_of(asked, SD1).crop
    assert crop.left >= 0
    assert crop.top >= 0
    assert crop.right <= 1700
    assert crop.bottom <= 1300
    reached = make_masks(asked.mask, Rim(asked.mask_grow, asked.mask_feather, asked.mask_blend)).denoise
    reached[crop.slices] = 0
    assert not reached.any(), "a part of what is denoised lies outside of what the model sees"
    assert crop.width * crop.height < 1300 * 1700 / 3


def test_what_the_window_has_chosen_is_painted_whole() -> None:
    for side in (16, 100, 700):
        rim = rim_for(math.hypot(side, side), 1.0)
        box = context_box(Box(0, 0, side, side), rim, SD1, 1.0)
        selected = Box(-box.left, -box.top, side, side)
        asked = region(box.width, box.height, selected, mask_grow=rim.grow, mask_feather=rim.feather)
        assert scene_of(asked, SD1).crop == Box(0, 0, box.width, box.height)


@pytest.mark.parametrize("size", [(16, 16), (8192, 16), (3000, 2400)])
@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_regions_of_any_size_have_a_plan(size: tuple[int, int], strength: float) -> None:
    scene = scene_of(region(*size, Box(0, 0, *size), strength=strength, mask_feather=0, mask_grow=0), SD1)
    assert scene.masks.composite.shape == (scene.crop.height, scene.crop.width)
    assert (scene.masks.composite == 1).all()
    for pass_ in scene.passes:
        assert pass_.width % 8 == 0
        assert pass_.height % 8 == 0
        assert pass_.box.right <= scene.crop.width
        assert pass_.box.bottom <= scene.crop.height


def test_a_rim_does_not_spill_over_the_edge_of_what_is_painted() -> None:
    asked = region(256, 256, Box(60, 80, 60, 60))
    assert asked.image is not None
    asked.image[:, 110:, 3] = 0
    shown = scene_of(asked, SD1).masks.composite
    assert (shown[80:140, 60:120] == 1).all()
    assert (shown[:, 120:] == 0).all()
    assert (shown[82:138, 50:60] > 0).all()


def test_outpaint_takes_in_all_that_is_empty() -> None:
    asked = region(256, 256, Box(200, 0, 20, 256), task=Task.OUTPAINT)
    assert asked.image is not None
    asked.image[:, 180:, 3] = 0
    scene = scene_of(asked, SD1)
    assert (scene.masks.composite[:, 181:] == 1).all()
    assert (scene.known[:, :180] == 1).all()
