"""What stands under the mask before the first step, and the colours of what comes out of the last."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.request import Fill, Pixels
from pipelines.planning.fills import PAPER, before_and_filled, fill_under, on_paper
from pipelines.planning.masks import Rim, make_masks, rim_for
from pipelines.planning.membrane import spread
from pipelines.planning.patch import match_surroundings, resize, to_patch
from tests.benchmarks.edit_cases import pictures
from tests.benchmarks.edit_measures import colour_step, delta_e, seam
from tests.pipelines.sample_requests import picture


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


@pytest.mark.parametrize("how", [Fill.BLUR, Fill.BORDER])
def test_nothing_of_a_removed_object_bleeds_into_the_fill(how: Fill) -> None:
    rgb = np.full((160, 200, 3), (60, 120, 70), np.uint8)
    cv2.circle(rgb, (100, 80), 30, (255, 20, 20), -1, cv2.LINE_AA)
    selection = np.zeros((160, 200), np.uint8)
    cv2.circle(selection, (100, 80), 30, 255, -1, cv2.LINE_AA)
    for rim in (Rim(4, 16, 12), rim_for(85, 1.0)):
        for size in ((200, 160), (104, 80), (320, 256)):
            small = resize(rgb, *size)
            hole: Any = resize(make_masks(selection, rim).fill, *size)
            filled = fill_under(small, hole, how, 0)
            assert np.abs(filled[hole > 0.5].astype(int) - (60, 120, 70)).max() <= 6


def test_a_border_goes_on_into_the_hole() -> None:
    rgb = np.full((128, 192, 3), (220, 210, 200), np.uint8)
    rgb[70:] = (40, 60, 90)
    hole = np.zeros((128, 192), np.float32)
    hole[40:100, 60:130] = 1
    filled = fill_under(rgb, hole, Fill.BORDER, 0)
    inside = np.abs(filled.astype(int) - rgb)[hole == 1].mean()
    assert inside < 3, "the horizon does not go on"


def test_a_texture_goes_on_into_the_hole() -> None:
    rgb = pictures()["weave"]
    hole = np.zeros((256, 256), np.float32)
    hole[90:170, 100:180] = 1

    def spread_within(picture: Pixels) -> float:
        return float(picture[110:150, 120:160, 1].astype(float).std())

    closed, blurred = (fill_under(rgb, hole, how, 0) for how in (Fill.BORDER, Fill.BLUR))
    assert spread_within(closed) > 0.7 * spread_within(rgb) > 3 * spread_within(blurred)


@settings(max_examples=25, deadline=None)
@given(width=st.integers(8, 130), height=st.integers(8, 130), box=st.tuples(*[st.floats(0, 1)] * 4))
def test_holes_of_any_shape_are_closed(width: int, height: int, box: tuple[float, float, float, float]) -> None:
    rgb = np.full((height, width, 3), (90, 140, 60), np.uint8)
    hole = np.zeros((height, width), np.float32)
    left, right = sorted(round(v * width) for v in box[:2])
    top, bottom = sorted(round(v * height) for v in box[2:])
    hole[top:bottom, left:right] = 1
    if hole.all():
        return
    rgb[hole == 1] = (255, 0, 255)
    np.testing.assert_allclose(fill_under(rgb, hole, Fill.BORDER, 0), np.broadcast_to((90, 140, 60), rgb.shape), atol=2)


def test_a_membrane_keeps_what_is_known_and_stays_between() -> None:
    rng = np.random.default_rng(3)
    values = rng.random((61, 83, 3), np.float32)
    known = np.zeros((61, 83), np.float32)
    known[:, :9] = known[:, -7:] = 1
    spreaded = spread(values, known)
    np.testing.assert_allclose(spreaded[known == 1], values[known == 1], atol=1e-5)
    assert spreaded.min() >= values.min() - 1e-4
    assert spreaded.max() <= values.max() + 1e-4
    assert np.abs(np.diff(spreaded[:, 12:-10], axis=1)).max() < 0.25, "not smooth"
    assert (spread(values, np.zeros_like(known)) == 0).all()


def a_photograph() -> Pixels:
    return pictures()["sky"]


def test_a_tint_of_the_decoder_is_taken_back_up_to_the_rim() -> None:
    original = a_photograph()
    x = np.linspace(-1, 1, 256)[None, :, None]
    drifted = np.clip(original + np.array([8, -5, 3]) + 10 * x, 0, 255).astype(np.uint8)
    denoise = np.zeros((256, 256), np.float32)
    denoise[70:190, 80:170] = 1
    denoise = cv2.GaussianBlur(denoise, (31, 31), 0).astype(np.float32)
    mended = match_surroundings(drifted, original, denoise, np.ones_like(denoise), 1.0)

    def apart(picture: Pixels) -> float:
        return float(np.abs(picture.astype(int) - original)[denoise > 0].mean())

    assert apart(mended) < apart(drifted) / 3
    whole = np.ones_like(denoise)
    assert match_surroundings(drifted, original, whole, whole, 1.0) is drifted, "nothing there to measure"


def test_what_was_painted_anew_keeps_its_own_colour() -> None:
    original = a_photograph()
    painted = original.copy()
    painted[60:200, 60:200] = (200, 40, 40)
    denoise = np.zeros((256, 256), np.float32)
    denoise[60:200, 60:200] = 1
    mended = match_surroundings(painted, original, denoise, np.ones_like(denoise), 1.0)
    assert np.abs(mended[110:150, 110:150].astype(int) - (200, 40, 40)).max() <= 12


def test_a_weak_repaint_keeps_colours_at_large_and_gets_new_detail() -> None:
    original = np.full((256, 256, 3), 120, np.uint8)
    y, x = np.mgrid[0:256, 0:256]
    detail = 20 * (((x // 3 + y // 3) % 2) * 2 - 1)
    painted = np.clip(original + 12 + detail[..., None], 0, 255).astype(np.uint8)
    denoise = np.zeros((256, 256), np.float32)
    denoise[40:216, 40:216] = 1
    painted[denoise == 0] = 120
    mended = match_surroundings(painted, original, denoise, np.ones_like(denoise), 0.25)
    middle = mended[100:156, 100:156].astype(float)
    assert abs(middle.mean() - 120) < 1.5
    assert middle.std() > 15


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_differences_are_those_of_the_standard(one: Any, other: Any, apart: float) -> None:
    assert float(delta_e(np.array(one), np.array(other))) == pytest.approx(apart, abs=1e-4)


def test_the_measures_see_a_seam_and_only_a_seam() -> None:
    original, inside = a_photograph(), np.zeros((256, 256), bool)
    inside[80:180, 70:190] = True
    assert seam(original, inside) == pytest.approx(1.0, abs=0.15)
    assert colour_step(original, original, inside).added < 1e-3
    seamed = original.copy()
    seamed[inside] = np.clip(seamed[inside].astype(int) + 14, 0, 255)
    assert seam(seamed, inside) > 1.2
    assert colour_step(seamed, original, inside).added > 3


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


@pytest.mark.parametrize("how", [Fill.BLUR, Fill.BORDER, Fill.NEUTRAL])
def test_what_is_forgotten_does_not_come_back_beside_it(how: Fill) -> None:
    """A red thing at the edge of the painted part is repainted: nothing red may close the empty canvas below it."""
    picture = np.full((96, 96, 3), (210, 205, 190), np.uint8)
    picture[36:60, 30:66] = (230, 20, 20)
    known, forgotten = np.ones((96, 96), np.float32), np.zeros((96, 96), np.float32)
    known[64:] = 0.0
    picture[64:] = PAPER
    forgotten[32:64, 26:70] = 1.0
    before, filled = before_and_filled(picture, known, forgotten, how, seed=3)
    assert (before[known == 1] == picture[known == 1]).all()
    red = (filled[..., 0].astype(int) - filled[..., 1] > 60) | (before[..., 0].astype(int) - before[..., 1] > 60)
    assert not red[64:].any()
