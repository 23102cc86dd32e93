"""Regions and variations on the command line."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines import cli
from pipelines.commands.errors import InputError
from pipelines.commands.guiding import regions, variation
from pipelines.commands.pictures import Box
from pipelines.contract.request import NoiseTurn
from tests.pipelines.test_cli import _report, own_data_dir  # noqa: F401 - a fixture that every test here uses


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A mask of 80 x 60 pixels, white on its left half, half transparent above."""
    rgba = np.zeros((60, 80, 4), np.uint8)
    rgba[:, :40, :3] = 255
    rgba[..., 3] = 255
    rgba[:20, :, 3] = 128
    Image.fromarray(rgba).save(tmp_path / "left.png")
    return tmp_path / "left.png"


def read(text: str, box: Box = Box(0, 0, 80, 60)) -> list[tuple[str, np.ndarray]]:  # noqa: B008 - frozen
    return regions([text], (80, 60), box)


def test_a_region_is_a_mask_and_words(left: Path) -> None:
    ((words, mask),) = read(f"{left}:night: a moon")
    assert words == "night: a moon"
    assert mask.shape == (60, 80)
    assert set(np.unique(mask)) == {0, 128, 255}
    ((words, mask),) = read(f"{left}:moon", box=Box(30, 20, 20, 10))
    assert words == "moon"
    assert (mask == np.repeat([[255, 0]], 10, axis=1)).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{left}", "cannot be read"),
        ("{left}:  ", "cannot be read"),
        (":night", "cannot be read"),
        ("{left}x:night", "left.pngx"),
        ("C:\\masks\\none.png:night", "none.png"),
        ("{black}:night", "all black"),
        ("{small}:night", "9 x 9 pixels, but the picture is 80 x 60"),
    ],
)
def test_a_bad_region_is_one_clear_sentence(left: Path, tmp_path: Path, text: str, words: str) -> None:
    Image.new("L", (80, 60)).save(tmp_path / "black.png")
    Image.new("L", (9, 9), 255).save(tmp_path / "small.png")
    places = {"left": left, "black": tmp_path / "black.png", "small": tmp_path / "small.png"}
    with pytest.raises(InputError, match=words.replace("\\", ".")) as told:
        read(text.format(**places))
    assert "\n" not in str(told.value)


def test_a_variation_needs_a_strength() -> None:
    def told(seed: int | None, strength: float | None, *path: str) -> dict[str, object]:
        return variation(Namespace(variation_seed=seed, variation_strength=strength, variation_path=list(path)))

    assert told(None, None) == {}
    assert told(4, 0.3) == {"variation_seed": 4, "variation_strength": 0.3}
    assert told(None, None, "8:1") == {"variation_path": (NoiseTurn(8, 1.0),)}
    drawn = told(None, 0.3)["variation_seed"]
    assert isinstance(drawn, int)
    assert drawn >= 0
    with pytest.raises(InputError, match="--variation-strength"):
        told(4, None)


def test_bad_guiding_ends_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paint = ["generate", "--prompt", "x", "--out", str(tmp_path / "a.png")]
    for more, words in (
        (["--variation-strength", "2"], "variation_strength is 2.0"),
        (["--variation-seed", "2"], "--variation-strength"),
        (["--region", "sky"], "cannot be read"),
        (["--variation-path", "7"], "--variation-path '7' cannot be read"),
        (["--variation-path", "7:0.2,8:0.1"], "cannot be read"),
        (["--variation-path", "7:1.5"], "must be 0 to 1"),
    ):
        assert cli.main([*paint, *more]) == cli.BAD_INPUT
        assert words in capsys.readouterr().err


@pytest.mark.slow
def test_generate_with_regions_and_a_variation(tmp_path: Path) -> None:
    mask = np.zeros((144, 200), np.uint8)
    mask[:, :100] = 255
    Image.fromarray(mask).save(tmp_path / "m.png")
    common = ["generate", "--prompt", "hills", "--width", "200", "--height", "144", "--steps", "3", "--seed", "4"]
    guided = ["--region", f"{tmp_path / 'm.png'}:night", "--variation-seed", "9", "--variation-strength", "0.2"]
    guided += ["--variation-path", "7:0.3"]
    report = _report(*common, *guided, "--out", tmp_path / "a.png")
    request = report["request"]
    assert request["regions"] == [{"prompt": "hills, night"}]
    assert (request["variation_seed"], request["variation_strength"]) == (9, 0.2)
    assert request["variation_path"] == [[7, 0.3]]
    assert Image.open(tmp_path / "a.png").size == (200, 144)
