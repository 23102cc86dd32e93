"""Selecting by colour, against a flood that goes pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from canvas.wand import alike, antialiased, connected

small = st.tuples(st.integers(1, 14), st.integers(1, 14))
masks = small.flatmap(lambda shape: arrays(np.uint8, shape, elements=st.sampled_from([0, 255])))
pictures = small.flatmap(
    lambda shape: arrays(np.uint8, (*shape, 4), elements=st.sampled_from([0, 3, 100, 104, 250, 255]))
)


def flooded(mask: np.ndarray, seed: tuple[int, int]) -> np.ndarray:
    """The same, one pixel after another."""
    height, width = mask.shape
    out = np.zeros_like(mask)
    open_cells = [seed] if mask[seed[1], seed[0]] else []
    while open_cells:
        x, y = open_cells.pop()
        if not (0 <= x < width and 0 <= y < height) or out[y, x] or not mask[y, x]:
            continue
        out[y, x] = 255
        open_cells += [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
    return out


@given(masks, st.data())
def test_connected_is_the_naive_flood(mask: np.ndarray, data: st.DataObject) -> None:
    seed = (data.draw(st.integers(0, mask.shape[1] - 1)), data.draw(st.integers(0, mask.shape[0] - 1)))
    assert np.array_equal(connected(mask, seed), flooded(mask, seed))


@given(pictures, st.integers(0, 255), st.data())
def test_alike_compares_every_channel(picture: np.ndarray, tolerance: int, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, len(picture) - 1)), data.draw(st.integers(0, picture.shape[1] - 1))
    blue, green, red, alpha = (int(part) for part in picture[row, column])
    furthest = abs(picture.astype(int) - (blue, green, red, alpha)).max(axis=2)
    found = alike(picture, (blue, green, red, alpha), tolerance)
    assert np.array_equal(found == 255, furthest <= tolerance)
    assert set(np.unique(found)) <= {0, 255}
    soft = alike(picture, (blue, green, red, alpha), tolerance, 40)
    assert np.array_equal(soft == 255, furthest <= tolerance)
    assert np.array_equal(soft == 0, furthest > tolerance + 40)


@pytest.mark.parametrize("gap", [0, 3, 6, 9])
def test_gaps_narrower_than_asked_are_closed(gap: int) -> None:
    mask = np.full((60, 60), 255, np.uint8)
    mask[:, 30] = 0
    mask[28:33, 30] = 255  # an opening of 5 pixels
    found = connected(mask, (10, 10), gap)
    assert found[10, 20] == 255
    assert bool(found[10, 50]) == (gap < 6)
    assert not found[5, 30]
    if gap:
        assert (found[:, :29] == 255).mean() > 0.99  # closing costs no corner


def test_a_seed_in_a_narrow_place_still_selects_something() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[20:22, 3:37] = 255
    assert np.array_equal(connected(mask, (10, 20), 12), mask)
    assert not connected(mask, (0, 0)).any()


def test_antialiasing_softens_by_about_a_pixel() -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[5:15, 5:15] = 255
    soft = antialiased(mask)
    assert soft[10, 10] == 255
    assert soft[10, 2] == 0
    assert 0 < soft[10, 4] < 128 < soft[10, 5] < 255
