"""The measures of seams and of what outpaintings in a row keep, on true scrolls and on spoiled ones."""

import numpy as np
import pytest

from pipelines.starter.joins import Joins, kept_over, lasso, shifted_down, step_across
from pipelines.starter.painter.scroll import paint_flat


@pytest.fixture(scope="module")
def strip():
    return paint_flat(57, 640, 256, "dusk").rgb


@pytest.mark.parametrize("rows", [-30, -7, 0, 12, 40])
def test_a_shifted_picture_is_found_out_to_the_row(strip, rows):
    picture = strip[:, :256]
    assert shifted_down(picture, np.roll(picture, rows, 0)) == rows


def test_a_strip_that_sinks_and_fades_is_worse_than_the_true_one(strip):
    spoiled = strip.copy()
    spoiled[:, 256:] = np.roll(strip[:, 256:], 40, 0)
    spoiled[:, 512:] = spoiled[:, 512:] // 2
    drift, true_drift, moved, true_moved = kept_over(spoiled, strip)
    assert drift > 3 * true_drift
    assert moved > true_moved + 20
    assert kept_over(strip, strip) == (true_drift, true_drift, true_moved, true_moved)


def test_a_step_is_measured_at_the_rim_alone(strip):
    window, mask = np.ascontiguousarray(strip[:, :256]), lasso()
    flat = np.full_like(window, 100)
    assert step_across(flat, mask) == 0
    flat[mask] = 130
    assert step_across(flat, mask) == 30
    assert 0 < step_across(window, mask) < 20


def test_gathered_figures_are_means_but_the_horizon_a_median():
    rows = [Joins(1, 2, 3, 4, 5, 6, 1, 2), Joins(3, 2, 5, 4, 7, 6, 3, 2), Joins(5, 2, 7, 4, 9, 6, 64, 2)]
    assert Joins.gathered(rows) == Joins(3, 2, 5, 4, 7, 6, 3, 2)
    names = [gate.name for gate in Joins.gathered(rows).gates("here")]
    assert len(set(names)) == 4
