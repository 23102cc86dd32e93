"""The commands as people call them: exit codes, sentences, and real pictures from the real engine."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from pipelines import cli
from pipelines.client.fake import FakeClient, FakeLibrary, FakeScript
from pipelines.commands.errors import InputError, JobFailedError
from pipelines.commands.jobs import EngineChoice, finish
from pipelines.commands.matrix import TASKS, fill_matrix
from pipelines.contract.events import EngineEvent, FailureKind, Finished, Progress
from pipelines.contract.request import GenerationRequest, Task
from pipelines.library.registry import Library
from tests.pipelines import header_files as files

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))


def _runs(parser: argparse.ArgumentParser) -> Iterator[partial[int]]:
    """What each command, and each action of a command, is handed to."""
    given = parser.get_default("run")
    if given is not None:
        yield given
    for action in parser._subparsers._group_actions if parser._subparsers else ():
        for below in cast("dict[str, argparse.ArgumentParser]", action.choices).values():
            yield from _runs(below)


def test_every_command_is_there_to_be_run() -> None:
    parser = cli.Parser()
    cli.add_commands(parser.add_subparsers())
    runs = [run.args for run in _runs(parser)]
    assert len(runs) == len(set(runs)) > 10
    for module, name in runs:
        assert callable(getattr(import_module(f"pipelines.commands.{module}"), name))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """90 x 70 pixels of colour."""
    pixels = np.random.default_rng(4).integers(0, 256, (70, 90, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def _refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence a refused command says."""
    assert cli.main(arguments) == cli.BAD_INPUT
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    return output.err


def test_bad_input_is_one_sentence_and_code_2(tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (10, 10), 255).save(tmp_path / "small.png")
    lora = files.write_shapes(tmp_path / "l.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)})
    out = ["--prompt", "x", "--out", str(tmp_path / "out.png")]
    paint = ["generate", *out]
    inpaint = ["inpaint", "--image", str(photo), *out, "--mask"]
    outpaint = ["outpaint", "--image", str(photo), *out]
    assert "num_inference_steps is 0" in _refused([*paint, "--steps", "0"], capsys)
    assert "width is 0" in _refused([*paint, "--width", "0"], capsys)
    assert "guidance_scale is nan" in _refused([*paint, "--guidance-scale", "nan"], capsys)
    assert "no model 'nonsense'" in _refused([*paint, "--model", "nonsense"], capsys)
    assert "is a LoRA" in _refused([*paint, "--model", str(lora)], capsys)
    assert ".png file" in _refused(["generate", "--prompt", "x", "--out", "a.gif"], capsys)
    assert "cannot be read" in _refused([*inpaint, str(tmp_path / "none.png")], capsys)
    assert "10 x 10 pixels, but" in _refused([*inpaint, str(tmp_path / "small.png")], capsys)
    assert "--left" in _refused(outpaint, capsys)
    assert "--left" in _refused([*outpaint, "--left", "-5", "--right", "9"], capsys)
    assert "at most" in _refused([*outpaint, "--left", "99999999"], capsys)
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("arguments", [["generate"], ["generate", "--width", "x"], ["models"], ["nonsense"], []])
def test_bad_arguments_are_one_sentence_and_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        cli.main(arguments)
    assert ending.value.code == cli.BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1


def test_models_list_add_and_probe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    path = files.write_shapes(shelf / "mine.safetensors", files.SDXL)
    assert cli.main(["models", "add", str(shelf), "--json"]) == cli.OK
    added = json.loads(capsys.readouterr().out)
    assert cli.main(["models", "list", "--json"]) == cli.OK
    assert json.loads(capsys.readouterr().out) == added
    assert [model["name"] for model in added["models"]] == ["Starter", "mine"]
    assert added["folders"] == [str(shelf)]
    assert cli.main(["models", "probe", str(path), "--json"]) == cli.OK
    assert json.loads(capsys.readouterr().out)["family"] == "sdxl"
    assert cli.main(["models", "list"]) == cli.OK
    assert "mine  sdxl  checkpoint" in capsys.readouterr().out
    assert "nothing at" in _refused(["models", "add", str(tmp_path / "none")], capsys)
    assert "no model at" in _refused(["models", "probe", str(tmp_path / "none")], capsys)


def test_an_unforeseen_fault_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_args: object) -> int:
        raise RuntimeError("boom")

    def stops(_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.delenv("HANDSCROLL_DEBUG", raising=False)
    nothing: Any = None
    assert cli.run_command(fails, nothing) == cli.FAILED
    error = capsys.readouterr().err
    assert "RuntimeError: boom" in error
    assert "Traceback" not in error
    assert cli.run_command(stops, nothing) == cli.INTERRUPTED


def _request(steps: int = 3) -> GenerationRequest:
    return GenerationRequest(Task.TEXT_TO_IMAGE, "starter", "x", num_inference_steps=steps, width=64, height=64)


async def test_finish_gives_pictures_and_shows_every_step() -> None:
    seen: list[EngineEvent] = []
    client = FakeClient()
    finished = await finish(_request(), client, seen.append)
    await client.close()
    assert finished.patches[0].shape == (64, 64, 4)
    assert [event.step for event in seen if isinstance(event, Progress)] == [1, 2, 3]
    assert isinstance(seen[-1], Finished)


@pytest.mark.parametrize(
    ("kind", "error"),
    [(FailureKind.ENGINE_ERROR, JobFailedError), (FailureKind.MODEL_MISSING, InputError)],
)
async def test_finish_tells_failures_apart(kind: FailureKind, error: type[Exception]) -> None:
    client = FakeClient(script=FakeScript(failures={0: kind}))
    with pytest.raises(error):
        await finish(_request(), client, lambda _event: None)
    await client.close()


async def test_a_cancelled_wait_cancels_the_job() -> None:
    client = FakeClient(script=FakeScript(hold=asyncio.Event()))
    started = asyncio.Event()
    waiting = asyncio.ensure_future(finish(_request(), client, lambda _event: started.set()))
    await started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async for event in client.events():
        if type(event).__name__ == "Cancelled":
            break
    await client.close()


def test_the_engine_choice_becomes_its_environment() -> None:
    assert EngineChoice("cpu", "bf16").environment() == {"HANDSCROLL_DEVICE": "cpu", "HANDSCROLL_DTYPE": "bf16"}
    assert EngineChoice().environment() == {}


def test_the_matrix_has_every_family(tmp_path: Path) -> None:
    files.write_shapes(tmp_path / "flux.safetensors", {"double_blocks.0.img_attn.norm.key_norm.scale": (8,)})
    models = Library([tmp_path]).models()
    rows = fill_matrix(models, FakeClient(FakeLibrary()))
    by_family = {row["family"]: [r for r in rows if r["family"] == row["family"]] for row in rows}
    assert set(by_family) == {"starter", "sd1", "sd2", "sdxl", "sd3", "flux", "flux2", "qwen-image", "z-image", "wan"}
    assert all(len(family) == 5 for family in by_family.values())
    assert {row["task"] for row in rows} == {str(task) for task in TASKS}
    assert all(row["ok"] and row["seconds"] is not None for row in by_family["starter"])
    assert all(not row["ok"] and row["reason"] for row in rows if row["family"] != "starter")
    assert by_family["flux"][0]["source"].endswith("flux.safetensors")


def test_painting_needs_no_torch_in_this_process() -> None:
    modules = "pipelines.cli, pipelines.commands.painting, pipelines.commands.models, pipelines.commands.matrix"
    code = f"import sys, {modules}; print([m for m in ('torch', 'diffusers', 'PySide6') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _start(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    # A suite that a shell started in the background ignores Ctrl+C, and what it starts would, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, cwd=_ROOT, env=os.environ.copy(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)


def _report(*arguments: str | Path) -> dict[str, Any]:
    process = _start(*arguments, "--json")
    out, error = process.communicate(timeout=240)
    assert process.returncode == 0, error
    assert error == ""
    return json.loads(out)


@pytest.mark.slow
def test_generate_with_the_real_engine(tmp_path: Path) -> None:
    size = ["--width", "200", "--height", "144", "--steps", "3", "--num-images", "2"]
    report = _report("generate", "--prompt", "{moon|sun} over mist", "--out", tmp_path / "a.png", *size)
    pictures = [Image.open(path) for path in report["files"]]
    assert [Path(path).name for path in report["files"]] == ["a-1.png", "a-2.png"]
    assert all(picture.size == (200, 144) and picture.mode == "RGB" for picture in pictures)
    assert np.asarray(pictures[0]).std() > 0
    inside = [json.loads(picture.info["handscroll"]) for picture in pictures]
    assert [facts["request"]["seed"] for facts in inside] == [report["seed"], report["seed"] + 1]
    assert inside[0]["request"]["prompt"] in ("moon over mist", "sun over mist")
    assert str(_ROOT) not in pictures[0].info["handscroll"]
    assert report["timings"]["command_s"] > report["timings"]["denoise_s"] > 0


@pytest.mark.slow
def test_inpaint_keeps_what_is_black(tmp_path: Path) -> None:
    """A scroll longer than any request may be, with its own transparency."""
    old = np.random.default_rng(1).integers(0, 256, (96, 9000, 4), np.uint8)
    old[..., 3] = np.maximum(old[..., 3], 128)
    old[:10] = (1, 2, 3, 0)
    mask = np.zeros((96, 9000), np.uint8)
    mask[30:80, 5000:5090] = 255
    Image.fromarray(old).save(tmp_path / "old.png")
    Image.fromarray(mask).save(tmp_path / "mask.png")
    paths = ["--image", tmp_path / "old.png", "--mask", tmp_path / "mask.png", "--out", tmp_path / "new.png"]
    report = _report("inpaint", *paths, "--prompt", "a boat", "--steps", "4", "--seed", "5")
    new = np.asarray(Image.open(tmp_path / "new.png"))
    assert report["seed"] == 5
    assert new.shape == old.shape
    assert (new[mask == 0] == old[mask == 0]).all()
    assert (new[mask > 0] != old[mask > 0]).any(axis=-1).mean() > 0.95


@pytest.mark.slow
def test_outpaint_keeps_the_old_picture(tmp_path: Path, photo: Path) -> None:
    sides = ["--left", "40", "--top", "0", "--right", "64", "--bottom", "33"]
    _report("outpaint", "--image", photo, *sides, "--prompt", "hills", "--out", tmp_path / "o.png", "--steps", "4")
    new, old = Image.open(tmp_path / "o.png"), np.asarray(Image.open(photo))
    assert (new.size, new.mode) == ((90 + 104, 70 + 33), "RGB")
    assert (np.asarray(new)[:70, 40:130] == old).all()
    assert np.asarray(new)[:, :40].std() > 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_cancels_cleanly(tmp_path: Path) -> None:
    process = _start("generate", "--prompt", "x", "--out", tmp_path / "o.png", "--steps", "200", "--width", "768")
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (130, "", "Cancelled.\n")
    assert list(tmp_path.glob("*o.png*")) == []


@pytest.mark.slow
def test_a_device_that_is_not_here_is_code_1(tmp_path: Path) -> None:
    process = _start("generate", "--prompt", "x", "--out", tmp_path / "o.png", "--device", "xpu")
    _out, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "xpu" in error
    assert "Traceback" not in error


@pytest.mark.slow
def test_the_real_starter_does_every_task() -> None:
    rows = _report("models", "matrix", "--library")["rows"]
    assert [row["task"] for row in rows if row["ok"]] == [str(task) for task in TASKS if task is not Task.ANIMATE]
    assert {row["family"] for row in rows if row["ok"]} == {"starter"}
