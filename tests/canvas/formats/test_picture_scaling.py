"""Scaling: the mean stays, what is transparent does not bleed, whole factors are exact."""

import numpy as np
import pytest

from canvas.errors import CanvasError
from canvas.formats.picture_scaling import cut_to, scaled


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(9).integers(0, 256, (height, width, 4), dtype=np.uint8)


def test_halving_is_the_mean_weighted_with_alpha():
    rgba = noise(40, 60)
    alpha = rgba[..., 3].astype(float)
    weights = alpha.reshape(20, 2, 30, 2).sum((1, 3))
    found = scaled(rgba, 30, 20).astype(float)
    assert np.abs(found[..., 3] - weights / 4).max() <= 0.51
    for channel in range(3):
        sums = (rgba[..., channel] * alpha).reshape(20, 2, 30, 2).sum((1, 3))
        solid = weights > 40
        assert np.abs(found[..., channel] - sums / np.maximum(weights, 1))[solid].max() <= 3


@pytest.mark.parametrize("size", [(31, 17), (250, 170), (3, 2), (62, 8)])
def test_transparent_colours_do_not_bleed(size):
    rgba = np.zeros((34, 62, 4), np.uint8)
    rgba[..., :3] = (0, 255, 0)  # green that nobody sees
    rgba[8:20, 10:40] = (200, 40, 90, 255)
    found = scaled(rgba, *size)
    assert found.shape == (size[1], size[0], 4)
    seen = found[..., 3] > 8
    assert np.abs(found[seen][:, :3].astype(int) - (200, 40, 90)).max() <= 3


def test_same_size_is_untouched_and_opaque_stays_opaque():
    rgba = noise(9, 11)
    assert scaled(rgba, 11, 9) is rgba
    rgba[..., 3] = 255
    assert (scaled(rgba, 40, 50)[..., 3] == 255).all()
    assert (scaled(rgba, 4, 5)[..., 3] == 255).all()
    with pytest.raises(CanvasError):
        scaled(rgba, 0, 5)


def test_cut_to_a_shape():
    rgba = noise(300, 5)
    cover = np.random.default_rng(1).integers(0, 256, (300, 5), dtype=np.uint8)
    before = rgba.copy()
    cut_to(rgba, cover)
    assert (rgba[..., :3] == before[..., :3]).all()
    assert np.abs(rgba[..., 3] - before[..., 3] * (cover / 255.0)).max() <= 0.51
