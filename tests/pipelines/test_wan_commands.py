"""`handscroll animate`: a clip in a file, and sentences for what cannot be one."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from canvas.formats.picture_texts import read_texts
from pipelines.cli import BAD_INPUT, OK, main
from pipelines.commands.clip_files import write_clip
from pipelines.contract.models import Family
from pipelines.prompting.recipes.reading import read_recipe
from tests.pipelines.sample_requests import picture


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`t2v` and `i2v` as folders, and `a.png`."""
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import write_folder

    root = tmp_path_factory.mktemp("wan")
    write_folder(miniature_of(Family.WAN, "i2v").build(), root / "i2v")
    index = root / "i2v" / "model_index.json"  # published folders have this name
    index.write_text(index.read_text("utf-8").replace("CLIPImageProcessorPil", "CLIPImageProcessor"), "utf-8")
    write_folder(miniature_of(Family.WAN).build(), root / "t2v")
    Image.fromarray(picture(64, 48)).save(root / "a.png")
    return root


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("suffix", [".webp", ".apng", ".gif", ".mp4"])
def test_clips_are_written_in_every_kind(tmp_path: Path, suffix: str) -> None:
    frames = [picture(33, 24, seed) for seed in range(3)]
    path = tmp_path / f"clip{suffix}"
    asked = {"prompt": "a <boat> & 舟", "num_inference_steps": 4, "guidance_scale": 2.0, "seed": 3, "frames": 3}
    write_clip(path, frames, 8.0, {"request": asked, "facts": {}})
    recipe = read_recipe(read_texts(path))
    assert recipe is not None
    assert (recipe.prompt, recipe.seed) == ("a <boat> & 舟", 3)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    if suffix == ".mp4":
        film = cv2.VideoCapture(str(path))
        assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 3
        assert (film.get(cv2.CAP_PROP_FPS), film.get(cv2.CAP_PROP_FRAME_WIDTH)) == (8.0, 32)
        return
    with Image.open(path) as image:
        assert (image.n_frames, image.size, image.info["loop"]) == (3, (33, 24), 0)  # type: ignore[attr-defined]
        image.seek(2)
        wanted, shown = frames[2][..., :3].astype(int), np.asarray(image.convert("RGB")).astype(int)
        assert np.abs(wanted - shown).mean() < (0.01 if suffix == ".apng" else 20)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.png", "--model", "t2v", "-o", "x.avi"], "of the kind .webp"),
        (["a.png", "--model", "t2v", "-o", "nowhere/x.webp"], "no folder"),
        (["none.png", "--model", "t2v"], "cannot be read"),
        (["--model", "i2v"], "needs one"),
        (["a.png", "--model", "starter"], "stand still"),
        (["a.png", "--model", "t2v", "--fps", "0"], "from 1 to 60"),
        (["a.png", "--model", "t2v", "--frames", "6"], "multiple of four"),
        (["a.png", "--model", "t2v", "--width", "64"], "brings its own size"),
        (["a.png", "--model", "t2v", "--strength", "2"], "strength is 2.0"),
    ],
)
def test_what_cannot_be_a_clip_gets_a_sentence(
    models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(models)
    out = [] if "-o" in arguments else ["-o", "x.webp"]
    at = arguments.index("--model") + 1
    named = [str(models / one) if n == at and one != "starter" else one for n, one in enumerate(arguments)]
    assert main(["animate", *named, "--prompt", "waves", *out]) == BAD_INPUT
    heard = capsys.readouterr().err
    assert said in heard
    assert heard.count("\n") == 1
    assert not (models / "x.webp").exists()


@pytest.mark.slow
def test_a_picture_moves(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDSCROLL_THREADS", "2")  # with one, small convolutions take torch's slow way
    out = tmp_path / "clip.webp"
    said = ["--model", str(models / "i2v"), "--prompt", "waves", "--frames", "5", "--steps", "1", "--seed", "4"]
    assert main(["animate", str(models / "a.png"), *said, "--strength", "0.5", "-o", str(out), "--json"]) == OK
    heard = capsys.readouterr()
    assert "counts for nothing" in heard.err
    report = json.loads(heard.out)
    assert (report["frames"], report["width"], report["height"], report["seed"]) == (5, 64, 48, 4)
    with Image.open(out) as image:
        assert (image.n_frames, image.size) == (5, (64, 48))  # type: ignore[attr-defined]
