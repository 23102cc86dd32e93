"""Passes and windows as they are planned: pure numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import defaults_of
from pipelines.planning.box import Box
from pipelines.planning.passes import DETAIL_STRENGTH, Pass, detail_pass, plan_passes, window_side
from pipelines.planning.sizes import RunLimits, limits_of, run_size
from pipelines.planning.windows import split, window_weights, windows_of, windows_on

FAMILIES = (Family.STARTER, Family.SD1, Family.SD2, Family.SDXL)
SIDES = st.one_of(st.integers(16, 8192), st.sampled_from([16, 64, 512, 1024, 8192]))


def limits(family: Family) -> RunLimits:
    return limits_of(ModelInfo("m", "M", "m", ModelKind.DIFFUSERS, family, defaults=defaults_of(family)))


def covered(pass_: Pass) -> np.ndarray:
    """Which cells of 8 pixels some window of the pass shows."""
    cells = np.zeros((pass_.height // 8, pass_.width // 8), bool)
    for window in pass_.windows:
        assert window.left % 8 == window.top % 8 == window.width % 8 == window.height % 8 == 0
        assert window.left >= 0
        assert window.top >= 0
        assert window.right <= pass_.width
        assert window.bottom <= pass_.height
        cells[window.top // 8 : window.bottom // 8, window.left // 8 : window.right // 8] = True
    return cells


@given(st.integers(1, 9000), st.integers(8, 1024), st.data())
def test_split_covers_everything_evenly(length: int, window: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, window - 1))
    starts = split(length, window, overlap)
    assert starts[0] == 0
    assert length <= window or starts[-1] == length - window
    steps = np.diff(starts)
    assert (steps > 0).all()
    assert (steps <= window - overlap).all()
    assert steps.size == 0 or steps.max() - steps.min() <= 1


@example(212, 1828, Family.SD1, 1.0)  # rounding both sides up goes past the largest area by more than one step
@given(SIDES, SIDES, st.sampled_from(FAMILIES), st.floats(0.01, 1.0))
def test_any_region_is_painted_within_the_models_limits(
    width: int, height: int, family: Family, strength: float
) -> None:
    known = limits(family)
    passes = plan_passes(width, height, None, known, strength)
    largest = known.max_area * known.native**2
    assert 1 <= len(passes) <= 4
    for pass_ in passes:
        assert pass_.box == Box(0, 0, width, height)
        assert pass_.width % 8 == pass_.height % 8 == 0
        assert covered(pass_).all()
        assert all(window.width * window.height <= largest for window in pass_.windows)
        assert len(pass_.windows) <= 4 * max(1.0, pass_.width * pass_.height / window_side(known) ** 2)
    last = passes[-1]
    assert last.width * known.max_enlarged >= width - 8
    assert last.height * known.max_enlarged >= height - 8
    assert passes[0].strength == strength
    assert all(pass_.strength <= DETAIL_STRENGTH for pass_ in passes[1:])


@given(SIDES, SIDES, st.sampled_from(FAMILIES), st.floats(0.01, 1.0), st.data())
def test_every_masked_pixel_is_in_some_window_of_every_pass(
    width: int, height: int, family: Family, strength: float, data: st.DataObject
) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    mask = Box(left, top, data.draw(st.integers(1, width - left)), data.draw(st.integers(1, height - top)))
    known = limits(family)
    for pass_ in plan_passes(width, height, mask, known, strength):
        box = pass_.box
        assert box.left <= mask.left
        assert box.top <= mask.top
        assert box.right >= mask.right
        assert box.bottom >= mask.bottom
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
        across, down = pass_.width / box.width, pass_.height / box.height
        cells = covered(pass_)
        columns = slice(int((mask.left - box.left) * across) // 8, -int(-((mask.right - box.left) * across)) // 8)
        rows = slice(int((mask.top - box.top) * down) // 8, -int(-((mask.bottom - box.top) * down)) // 8)
        assert cells[rows, columns].all()


def test_what_one_go_can_do_stays_one_pass() -> None:
    for family, sides in ((Family.STARTER, (256, 512)), (Family.SD1, (512, 768)), (Family.SDXL, (1024, 1280))):
        for side in sides:
            (only,) = plan_passes(side, side, None, limits(family), 1.0)
            assert not only.windowed
            assert (only.width, only.height) == run_size(side, side, limits(family))


def test_a_large_region_begins_whole_and_gets_its_detail_in_windows() -> None:
    first, second = plan_passes(1536, 640, None, limits(Family.STARTER), 1.0)
    assert not first.windowed
    assert (first.width, first.height, first.strength) == (768, 320, 1.0)
    assert second.windowed
    assert (second.width, second.height, second.strength) == (1536, 640, 0.4)
    assert second.scale == 1.0
    only = plan_passes(1536, 640, None, limits(Family.STARTER), 0.3)
    assert [(one.width, one.strength) for one in only] == [(1536, 0.3)], "its composition needs no first pass"
    steps = plan_passes(8192, 8192, None, limits(Family.STARTER), 1.0)
    assert [one.width for one in steps] == [320, 944, 2784, 8192], "never enlarged more than fourfold at once"


def test_a_mask_is_not_paid_for_with_windows_elsewhere() -> None:
    known = limits(Family.SD1)
    first, *later = plan_passes(4096, 4096, Box(3000, 200, 300, 200), known, 1.0)
    assert first.box == Box(0, 0, 4096, 4096)
    assert len(later[-1].windows) <= 4
    assert later[-1].box.width <= 2 * window_side(known)
    corner = windows_of(2048, 2048, 512, 128)
    mask = np.zeros((2048, 2048), np.uint8)
    mask[:10, :10] = mask[-10:, -10:] = 255
    assert windows_on(corner, mask) == (corner[0], corner[-1])


def test_a_detail_pass_has_the_pictures_size_at_any_strength() -> None:
    pass_ = detail_pass((500, 250), (2000, 1000), limits(Family.SD1), 0.9)
    assert (pass_.width, pass_.height, pass_.strength) == (2000, 1000, 0.9)
    assert (pass_.box, pass_.scale) == (Box(0, 0, 500, 250), 4.0)
    assert pass_.windowed


@given(st.integers(8, 1500), st.integers(8, 1500), st.integers(64, 512))
def test_weights_are_smooth_and_leave_nothing_out(width: int, height: int, side: int) -> None:
    overlap = side // 4
    total = np.zeros((height, width), np.float32)
    for window in windows_of(width, height, side, overlap, 1):
        weights = window_weights(window, width, height, overlap)
        assert weights.shape == (window.height, window.width)
        assert weights.min() > 0
        assert weights.max() <= 1
        total[window.slices] += weights
    assert total.min() > 1e-6
    whole = window_weights(Box(0, 0, width, height), width, height, overlap)
    assert (whole == 1).all()


def test_a_window_cannot_overlap_itself_wholly() -> None:
    with pytest.raises(ValueError, match="overlap"):
        split(100, 10, 10)
