"""The scroll painter: the same seed gives the same scroll, moods and washes show, layers make up the picture."""

import subprocess
import sys

import numpy as np
import pytest

from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.painter.scroll import LAYER_NAMES, paint_flat, paint_scroll


def test_same_seed_same_scroll():
    first, second = paint_flat(7, 384, 128), paint_flat(7, 384, 128)
    assert np.array_equal(first.rgb, second.rgb)
    assert first.facts.to_json() == second.facts.to_json()
    assert not np.array_equal(first.rgb, paint_flat(8, 384, 128).rgb)


def test_same_seed_same_scroll_in_another_process():
    code = (
        "import hashlib; from pipelines.starter.painter.scroll import paint_flat;"
        "print(hashlib.sha256(paint_flat(7, 384, 128).rgb.tobytes()).hexdigest())"
    )
    seen = {subprocess.check_output([sys.executable, "-c", code], text=True).strip() for _ in range(2)}
    assert len(seen) == 1


def test_painter_needs_no_torch():
    code = "import sys; sys.modules['torch'] = None; import pipelines.starter.painter.scroll"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("seed", [3, 11])
def test_layers_make_up_the_flat_picture(seed):
    picture = paint_scroll(seed, 320, 128)
    assert tuple(picture.layers) == LAYER_NAMES
    assert all(layer.shape == (128, 320, 4) and layer.dtype == np.uint8 for layer in picture.layers.values())
    assert picture.layers["paper"][..., 3].min() == 255
    difference = np.abs(picture.flattened().astype(int) - paint_flat(seed, 320, 128).rgb)
    assert difference.mean() < 0.5
    assert difference.max() <= 4


def mean_of(mood: str, wash: str | None = None) -> np.ndarray:
    return np.mean([paint_flat(seed, 256, 64, mood, wash).rgb.mean((0, 1)) for seed in range(4)], 0)


def test_moods_have_their_light():
    light = {mood: float(mean_of(mood).mean()) for mood in MOODS}
    assert light["night"] < 0.6 * light["dawn"]
    assert light["rain"] < light["clear"]
    snow, dusk = mean_of("snow"), mean_of("dusk")
    assert snow.max() - snow.min() < 12
    assert dusk[0] - dusk[2] > 40


@pytest.mark.parametrize("mood", ["clear", "rain", "mist"])
def test_washes_differ_in_every_weather(mood):
    colours = {wash: mean_of(mood, wash) for wash in WASHES}
    assert colours["bluegreen"][0] < colours["autumn"][0] - 8
    assert colours["bluegreen"][2] > colours["ochre"][2]


@pytest.mark.parametrize("size", [(64, 64), (100, 400), (700, 90)])
def test_any_size_can_be_painted(size):
    assert paint_flat(1, *size).rgb.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("arguments", [(0, 10, 256), (0, 256, 9999), (0, 256, 256, "fog"), (0, 256, 256, None, "blue")])
def test_senseless_requests_are_refused_with_a_reason(arguments):
    with pytest.raises(ValueError, match=r"\."):
        paint_flat(*arguments)


def test_at_most_one_sun_or_moon():
    for seed in range(8):
        kinds = [thing.kind for thing in paint_flat(seed, 512, 64).facts.objects]
        assert kinds.count("sun") + kinds.count("moon") <= 1
