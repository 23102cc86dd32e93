"""Upscaling: tiny real networks from files, tiles, alpha, painting over; and files that would run code."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipelines import cli
from pipelines.client.inline import InlineClient
from pipelines.commands import painting
from pipelines.contract.errors import ModelError
from pipelines.contract.events import Cancelled, EngineEvent, Failed, Finished, Loading, Preview, Progress, Started
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import ControlImage, GenerationRequest, Pixels, Task
from pipelines.library.probe import probe
from pipelines.library.registry import Library
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio


class Hostile:
    """Pickles as a call that would leave a file behind."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> Any:
        return (Path.touch, (self.trace,))


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network of the ESRGAN family that repeats every pixel, in every kind of file."""
    import torch
    from safetensors.torch import save_file

    from pipelines.engine.upscalers import without_torchvision

    folder = tmp_path_factory.mktemp("upscalers")
    with without_torchvision():
        from spandrel.architectures.ESRGAN import ESRGAN
    network: Any = ESRGAN(num_filters=4, num_blocks=1, scale=2)
    weights = {name: torch.zeros_like(value) for name, value in network.state_dict().items()}
    convolutions = [
        name for name, value in weights.items() if value.ndim == 4 and ".RDB" not in name and "sub" not in name
    ]
    for name in convolutions:  # the middle pixel of each of three channels goes through
        for channel in range(3):
            weights[name][channel, channel, 1, 1] = 1.0
    save_file(weights, str(folder / "twice.safetensors"))
    torch.save({"params_ema": weights}, folder / "zipped.pth")
    torch.save(weights, folder / "older.pth", _use_new_zipfile_serialization=False)
    return folder


@pytest.fixture(scope="module")
def following(tiny_models: Shelf, tmp_path_factory: pytest.TempPathFactory) -> ModelInfo:
    """A network that steers the tiny `sd1`."""
    from diffusers import UNet2DConditionModel

    from pipelines.miniatures.control import control_info, controlnet_for, write_control

    kind: Any = UNet2DConditionModel
    unet = kind.from_pretrained(f"{tiny_models.resolve('sd1').path}/unet")
    return control_info(write_control(controlnet_for(unet), tmp_path_factory.mktemp("control") / "tile"), Family.SD1)


@pytest.fixture(scope="module")
def studio(tiny_models: Shelf, networks: Path, following: ModelInfo) -> Iterator[Studio]:
    upscalers = (probe(path) for path in sorted(networks.iterdir()))
    studio = Studio(Shelf(*tiny_models.models(), *upscalers, following))
    yield studio
    studio.engine.close()


def _asked(
    network: Path | str = "lanczos", scale: float = 2.0, size: tuple[int, int] = (90, 70), **changes: Any
) -> GenerationRequest:
    upscaler = network if isinstance(network, str) else network.as_posix()
    return sample(Task.UPSCALE, *size, **({"upscaler": upscaler, "scale": scale, "strength": 0.0} | changes))


@pytest.mark.parametrize("name", ["twice.safetensors", "zipped.pth", "older.pth"])
def test_upscaling_networks_are_told_by_their_names(networks: Path, name: str) -> None:
    info = probe(networks / name)
    assert (info.kind, info.variant, info.problem) == (ModelKind.UPSCALER, "esrgan", "")


def test_the_library_offers_upscalers_apart_and_no_other_pth(networks: Path, tmp_path: Path) -> None:
    import torch

    torch.save({"layer.weight": torch.zeros(3)}, tmp_path / "notes.pth")
    library = Library([networks, tmp_path], starter=None)
    assert [info.name for info in library.models({ModelKind.UPSCALER})] == ["older", "twice", "zipped"]
    assert library.models() == []


@pytest.mark.parametrize("old_format", [False, True])
def test_a_file_that_would_run_code_is_refused_and_nothing_is_run(
    networks: Path, tmp_path: Path, old_format: bool
) -> None:
    import torch

    from pipelines.engine.memory import choose_device
    from pipelines.engine.upscalers import load_upscaler

    trace, path = tmp_path / "trace", tmp_path / "evil.pth"
    weights = torch.load(networks / "zipped.pth", weights_only=True)["params_ema"]
    torch.save({**weights, "more": Hostile(trace)}, path, _use_new_zipfile_serialization=not old_format)
    info = probe(path)
    assert "could run code" in info.problem
    with pytest.raises(ModelError, match="could run code"):
        Library(starter=None).resolve(str(path))
    claimed = probe(networks / "zipped.pth")
    with pytest.raises(ModelError, match="nothing of it was run"):
        load_upscaler(replace(claimed, path=str(path)), choose_device(), lambda: None)
    assert not trace.exists()
    plain = tmp_path / "plain.pth"
    plain.write_bytes(pickle.dumps(Hostile(trace)))
    assert "run code" in probe(plain).problem
    plain.write_bytes(b"PK\x03\x04 cut off")
    assert probe(plain).problem
    assert not trace.exists()


def test_torchvision_is_neither_needed_nor_left_behind() -> None:
    import importlib.util
    import sys

    from pipelines.engine.upscalers import without_torchvision

    with without_torchvision():
        import spandrel  # noqa: F401
    assert importlib.util.find_spec("torchvision") is None, "it must not be installed here"
    assert not [name for name in sys.modules if name.startswith("torchvision")]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 1.37, 2.0, 3.0])
@pytest.mark.parametrize("name", ["lanczos", "twice.safetensors", "older.pth"])
def test_every_scale_shows_the_same_picture_larger(studio: Studio, networks: Path, name: str, scale: float) -> None:
    asked = _asked(name if name == "lanczos" else networks / name, scale)
    events = list(studio.events_of(studio.submit(asked)))
    finished = events[-1]
    assert isinstance(finished, Finished), finished
    patch = finished.patches[0]
    size = round(90 * scale), round(70 * scale)
    assert patch.shape == (size[1], size[0], 4)
    assert (patch[..., 3] == 255).all()
    assert asked.image is not None
    wanted = cv2.resize(asked.image[..., :3], size, interpolation=cv2.INTER_CUBIC).astype(int)
    assert np.abs(patch[..., :3] - wanted)[4:-4, 4:-4].mean() < 2.5, "shifted or of other colours"
    assert not any(isinstance(event, Loading) and event.model == "starter" for event in events), "no painter is needed"


@pytest.mark.slow
def test_tiles_are_told_one_by_one_and_leave_no_seams(
    studio: Studio, networks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.engine import upscale

    asked = _asked(networks / "twice.safetensors", 1.5, size=(300, 200))
    whole = studio.paint(asked).patches[0].astype(int)
    monkeypatch.setattr(upscale, "TILE_SIDES", (64,))
    events = list(studio.events_of(studio.submit(asked)))
    finished = events[-1]
    assert isinstance(finished, Finished)
    (started,) = [event for event in events if isinstance(event, Started)]
    assert [event.step for event in events if isinstance(event, Progress)] == list(range(1, started.steps + 1))
    assert started.steps > 20
    assert any(isinstance(event, Preview) for event in events)
    assert np.abs(finished.patches[0] - whole).max() <= 3


@pytest.mark.slow
def test_tiles_shrink_when_memory_runs_out(studio: Studio, networks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.engine.upscalers import Upscaler

    enlarge, sizes = Upscaler.enlarge, []

    def scarce(self: Upscaler, rgb: Pixels) -> Pixels:
        sizes.append(rgb.shape[0] * rgb.shape[1])
        if sizes[-1] > 70 * 70:
            raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 7 bytes")
        return enlarge(self, rgb)

    asked = _asked(networks / "twice.safetensors", size=(300, 200))
    plain = studio.paint(asked).patches[0].astype(int)
    monkeypatch.setattr(Upscaler, "enlarge", scarce)
    assert np.abs(studio.paint(asked).patches[0] - plain).max() <= 1
    assert max(sizes) > 70 * 70


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lanczos", "twice.safetensors"])
@pytest.mark.parametrize("strength", [0.0, 0.4])
def test_transparency_is_enlarged_by_itself(studio: Studio, networks: Path, name: str, strength: float) -> None:
    image = np.zeros((70, 90, 4), np.uint8)
    cv2.circle(image, (45, 35), 25, (255, 255, 255, 255), -1, cv2.LINE_AA)
    image[image[..., 3] > 0, :3] = (250, 240, 230)
    asked = _asked(name if name == "lanczos" else networks / name, image=image, strength=strength, model="sd1")
    patch = studio.paint(asked).patches[0]
    assert patch.shape == (140, 180, 4)
    assert (patch[..., 3] > 127).mean() == pytest.approx((image[..., 3] > 127).mean(), abs=0.01)
    assert (patch[patch[..., 3] == 0] == 0).all()
    if strength == 0.0:
        edge = (patch[..., 3] > 20) & (patch[..., 3] < 230)
        assert edge.any()
        assert patch[edge][:, :3].min() > 200, "a dark fringe came in from what is transparent"


@pytest.mark.slow
def test_painting_over_follows_prompt_and_strength_in_one_count_of_steps(studio: Studio, networks: Path) -> None:
    changes: dict[str, Any] = {"strength": 0.5, "model": "sd1", "num_images_per_prompt": 2, "num_inference_steps": 8}
    asked = _asked(networks / "twice.safetensors", size=(150, 120), **changes)
    events = list(studio.events_of(studio.submit(asked)))
    finished = events[-1]
    assert isinstance(finished, Finished), finished
    first, second = (patch.astype(int) for patch in finished.patches)
    assert first.shape == (240, 300, 4)
    assert np.abs(first - second).max() > 0, "each picture of a batch has its own seed"
    (started,) = [event for event in events if isinstance(event, Started)]
    assert [event.step for event in events if isinstance(event, Progress)] == list(range(1, started.steps + 1))
    other = studio.paint(replace(asked, prompt="fire"))
    assert np.abs(other.patches[0] - first).max() > 0


@pytest.mark.slow
def test_painting_over_follows_control_pictures_by_windows(studio: Studio, following: ModelInfo) -> None:
    """Five windows of the larger picture each see their own part of a control picture of the smaller one's size."""
    black = np.zeros((64, 256, 4), np.uint8)
    black[..., 3] = 255
    right = black.copy()
    right[::6, 224:, :3] = 255

    def painted(*shown: Pixels) -> np.ndarray:
        controls = tuple(ControlImage(following.id, one, 3.0) for one in shown)
        asked = _asked(size=(256, 64), strength=0.5, model="sd1", num_inference_steps=6, controls=controls)
        return studio.paint(asked).patches[0][..., :3].astype(int)

    free, nothing, drawn = painted(), painted(black), painted(right)
    assert np.abs(free - nothing).max() > 4, "the network is heard at all"
    far, near = (np.abs(nothing - drawn)[:, part] for part in (slice(0, 128), slice(448, 512)))
    assert far.max() <= 2, "only what the VAE makes of the whole picture"
    assert near.max() > 4
    assert near.mean() > 10 * far.mean()


@pytest.mark.slow
def test_cancel_takes_effect_inside_a_tile(studio: Studio, networks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.engine import upscale

    monkeypatch.setattr(upscale, "TILE_SIDES", (64,))
    heard: list[EngineEvent] = []

    def stop(event: EngineEvent) -> None:
        if isinstance(event, Progress) and event.step == 3:
            studio.engine.cancel(event.job_id)

    monkeypatch.setattr(studio, "listen", stop)
    asked = _asked(networks / "twice.safetensors", size=(900, 700))
    heard = list(studio.events_of(studio.submit(asked)))
    assert isinstance(heard[-1], Cancelled)
    assert sum(isinstance(event, Progress) for event in heard) == 3


@pytest.mark.slow
def test_what_is_no_upscaler_is_refused(studio: Studio, tmp_path: Path) -> None:
    end = list(studio.events_of(studio.submit(_asked("sd1"))))[-1]
    assert isinstance(end, Failed)
    assert "upscaling model" in end.sentence


def test_the_command_refuses_with_one_sentence(
    networks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), picture(90, 70)[..., :3])
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes((networks / "twice.safetensors").read_bytes()[:2000])
    command = ["upscale", "--image", str(photo), "--out", str(tmp_path / "out.png")]
    for more, words in (
        (["--scale", "9"], "between 1 and 8"),
        (["--scale", "nan"], "between 1 and 8"),
        (["--strength", "2"], "strength"),
        (["--upscaler", "nothing"], "no model 'nothing'"),
        (["--upscaler", "starter"], "not an upscaling model"),
        (["--upscaler", str(broken)], "damaged"),
        (["--image", str(tmp_path / "none.png")], "cannot be read"),
    ):
        assert cli.main([*command, *more]) == cli.BAD_INPUT, more
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert words in said, said
    assert not (tmp_path / "out.png").exists()


@pytest.mark.slow
def test_the_command_writes_the_larger_picture(
    networks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.engine.engine import Engine

    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    photo, out = tmp_path / "photo.png", tmp_path / "out.png"
    cv2.imwrite(str(photo), picture(90, 70)[..., :3])
    monkeypatch.setattr(painting, "open_engine", lambda library, _choice: InlineClient(library, Engine))
    upscaler = str(networks / "twice.safetensors")
    arguments = ["upscale", "--image", str(photo), "--out", str(out), "--scale", "1.5", "--upscaler", upscaler]
    assert cli.main([*arguments, "--json"]) == cli.OK
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == [str(out)]
    made = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    assert made is not None
    assert made.shape == (105, 135, 3)
    assert str(networks).encode() not in out.read_bytes(), "paths name people"
