"""Three masks from one selection, the fit, the fill and the paste back: properties that must hold for any selection."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.contract.request import Fill
from pipelines.engine.masks import (
    PAPER,
    RunLimits,
    fill_under,
    focus,
    make_masks,
    match_colours,
    on_paper,
    resize,
    run_size,
    to_patch,
)
from tests.pipelines.sample_requests import picture

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
    masks = make_masks(selection, grow, feather)
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
    masks = make_masks(selection, grow, feather)
    reach = grow + feather
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 3, 2 * reach + 3))
    near = cv2.dilate((selection > 0).astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0.0) > 0
    assert (masks.denoise[~near] == 0).all()
    assert (masks.composite[~near] == 0).all()


@given(selections())
@settings(deadline=None)
def test_without_grow_and_feather_the_selection_itself_is_the_mask(selection: NDArray[np.uint8]) -> None:
    masks = make_masks(selection, 0, 0)
    rgb = np.full((*selection.shape, 3), 9, np.uint8)
    assert (to_patch(rgb, masks.composite)[..., 3] == selection).all()
    assert (masks.denoise == masks.composite).all()


def test_a_full_selection_stays_full() -> None:
    masks = make_masks(np.full((30, 40), 255, np.uint8), 4, 16)
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


@given(st.integers(0, 1500), st.integers(0, 1100), st.integers(1, 200), st.integers(1, 200))
@settings(max_examples=20, deadline=None)
def test_a_small_mask_in_a_large_picture_is_painted_closely(left: int, top: int, width: int, height: int) -> None:
    selection = np.zeros((1300, 1700), np.uint8)
    selection[top : top + height, left : left + width] = 255
    masks = make_masks(selection, 4, 16)
    crop = focus(masks, SD1)
    assert crop.left >= 0
    assert crop.top >= 0
    assert crop.left + crop.width <= 1700
    assert crop.top + crop.height <= 1300
    outside = masks.denoise.copy()
    outside[crop.slices] = 0
    assert not outside.any()
    assert min(crop.width, crop.height) >= 512
    assert crop.width * crop.height < 1300 * 1700 / 4


def test_a_picture_of_the_model_s_size_is_painted_whole() -> None:
    selection = np.zeros((512, 700), np.uint8)
    selection[5:9, 5:9] = 255
    crop = focus(make_masks(selection, 4, 16), SD1)
    assert (crop.left, crop.top, crop.width, crop.height) == (0, 0, 700, 512)


@pytest.mark.parametrize("how", [Fill.BLUR, Fill.BORDER, Fill.NEUTRAL, Fill.NOISE])
def test_a_fill_changes_only_what_is_under_it(how: Fill) -> None:
    rgb = picture(120, 80)[..., :3].copy()
    hole = np.zeros((80, 120), np.float32)
    hole[20:60, 30:90] = 1.0
    secret = rgb.copy()
    secret[hole == 1] = (255, 0, 255)
    filled = fill_under(secret, hole, how, seed=4)
    assert (filled[hole == 0] == rgb[hole == 0]).all()
    inside = filled[hole == 1].astype(int)
    assert (np.abs(inside - (255, 0, 255)).sum(axis=1) > 60).mean() > 0.99, "what was under the mask shines through"
    assert (fill_under(secret, hole, how, seed=4) == filled).all()


@pytest.mark.parametrize("how", [Fill.BLUR, Fill.BORDER])
def test_a_fill_goes_on_with_the_colours_around_it(how: Fill) -> None:
    rgb = np.zeros((64, 128, 3), np.uint8)
    rgb[:, :64] = (200, 40, 40)
    rgb[:, 64:] = (40, 40, 200)
    hole = np.zeros((64, 128), np.float32)
    hole[16:48, 10:40] = 1
    filled = fill_under(rgb, hole, how, seed=0)
    np.testing.assert_allclose(filled[30, 25], (200, 40, 40), atol=3)


def test_filling_everything_or_nothing() -> None:
    rgb = picture(40, 30)[..., :3].copy()
    assert (fill_under(rgb, np.zeros((30, 40), np.float32), Fill.BLUR, 0) == rgb).all()
    assert (fill_under(rgb, np.ones((30, 40), np.float32), Fill.BORDER, 0) == 128).all()


def test_transparent_pixels_are_paper() -> None:
    image = np.zeros((4, 4, 4), np.uint8)
    image[0, 0] = (10, 20, 30, 255)
    rgb = on_paper(image)
    assert tuple(rgb[0, 0]) == (10, 20, 30)
    assert tuple(rgb[3, 3]) == PAPER


def test_a_tint_is_taken_back_but_the_painted_part_keeps_its_own_colour() -> None:
    original = picture(96, 96)[..., :3].copy()
    tinted = np.clip(original.astype(int) + np.array([8, -4, 2]), 0, 255).astype(np.uint8)
    outside = np.ones((96, 96), bool)
    outside[30:60, 30:60] = False
    mended = match_colours(tinted, original, outside)
    before = np.abs(tinted.astype(int) - original)[outside].mean()
    after = np.abs(mended.astype(int) - original)[outside].mean()
    assert after < before / 3
    nothing = np.zeros((96, 96), bool)
    assert match_colours(tinted, original, nothing) is tinted


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=40, deadline=None)
def test_resizing_gives_the_size_asked(width: int, height: int, new_width: int, new_height: int) -> None:
    rgb = np.full((height, width, 3), 77, np.uint8)
    resized = resize(rgb, new_width, new_height)
    assert resized.shape == (new_height, new_width, 3)
    assert (np.abs(resized.astype(int) - 77) <= 1).all()


def test_the_patch_is_empty_where_it_is_transparent() -> None:
    rgb = np.full((2, 2, 3), 200, np.uint8)
    patch = to_patch(rgb, np.array([[0.0, 1.0], [0.5, 0.0]], np.float32))
    assert patch[..., 3].tolist() == [[0, 255], [128, 0]]
    assert (patch[0, 0] == 0).all()
    assert tuple(patch[0, 1]) == (200, 200, 200, 255)
