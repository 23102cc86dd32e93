"""Styles, wildcards, add-ons, control pictures and references on the command line: what they become in the request."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from PIL import Image

from pipelines import cli
from pipelines.commands import painting
from pipelines.commands.errors import JobFailedError
from pipelines.contract.control import ControlKind
from pipelines.contract.request import ControlImage, EmbeddingWord, GenerationRequest, LoraWeight, NoiseTurn, Task
from tests.pipelines import header_files as files

Ask = Callable[..., GenerationRequest]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with a model of SD1, add-ons for it and a LoRA of SDXL; the data folder has words of its own."""
    data, folder = tmp_path / "data", tmp_path / "models"
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(data))
    folder.mkdir()
    (data / "wildcards").mkdir(parents=True)
    (data / "wildcards" / "sky.txt").write_text("a red sky\n")
    (data / "styles.json").write_text(json.dumps({"styles": [{"name": "ink", "prompt": "ink of {prompt}"}]}))
    files.write_shapes(folder / "painter.safetensors", files.SD1)
    unet = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
    files.write_shapes(folder / "soft hair.safetensors", files.adapted({unet: (320, 768)}))
    files.write_shapes(folder / "other.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)})
    files.write_shapes(folder / "badhand.safetensors", {"emb_params": (4, 768)})
    vae = {"encoder.conv_in.weight": (8, 3, 3, 3), "decoder.conv_in.weight": (8, 4, 3, 3)}
    files.write_shapes(folder / "clear.safetensors", vae)
    key = "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    canny = {"control_model.time_embed.0.weight": (8, 8), key: (320, 768)}
    files.write_shapes(folder / "control_canny.safetensors", canny)
    assert cli.main(["models", "add", str(folder)]) == 0
    return folder


@pytest.fixture
def ask(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command up to its request and gives that."""

    def asked(task: str, *arguments: Any, prompt: str = "a lake", model: str = "painter") -> GenerationRequest:
        seen: list[GenerationRequest] = []

        def run(request: GenerationRequest, *_rest: Any) -> NoReturn:
            seen.append(request)
            raise JobFailedError("Enough.")

        monkeypatch.setattr(painting, "run", run)
        path = shelf / f"{model}.safetensors"
        given = [task, "--prompt", prompt, "--out", tmp_path / "o.png", "--model", path, "--seed", 5, *arguments]
        code = cli.main([str(one) for one in given])
        assert (code, len(seen)) == (cli.FAILED, 1)
        return seen[0]

    return asked


def test_words_name_styles_wildcards_loras_and_embeddings(ask: Ask, shelf: Path) -> None:
    prompt = "a {lake|lake} under __sky__, <lora:Soft_Hair:0.6>, embedding:badhand"
    request = ask("generate", "--style", "ink", "--negative-prompt", "<lora:soft hair:0.4>", prompt=prompt)
    assert request.prompt == "ink of a lake under a red sky, badhand"
    assert request.negative_prompt == ""
    lora = (shelf / "soft hair.safetensors").as_posix()
    assert request.loras == (LoraWeight(lora, 0.4),)  # the same one twice: what is said last holds
    assert request.embeddings == (EmbeddingWord("badhand", (shelf / "badhand.safetensors").as_posix()),)


def test_options_name_addons_by_name_and_by_path(ask: Ask, shelf: Path) -> None:
    path = shelf / "soft hair.safetensors"
    request = ask("generate", "--lora", f"{path}:0.5", "--vae", "clear", "--clip-skip", 1)
    assert request.loras == (LoraWeight(path.as_posix(), 0.5),)
    assert (request.vae, request.clip_skip) == ((shelf / "clear.safetensors").as_posix(), 1)
    assert ask("generate", "--lora", "soft_hair:-1").loras[0].weight == -1.0
    assert ask("generate", "--lora", "soft hair").loras[0].weight == 1.0


def test_control_pictures_are_cut_to_the_part_that_is_painted(ask: Ask, tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (900, 1200, 3), np.uint8)
    mask = np.zeros((900, 1200), np.uint8)
    mask[400:420, 700:740] = 255
    names = {name: tmp_path / f"{name}.png" for name in ("photo", "mask", "edges")}
    for path, array in zip(names.values(), (picture, mask, picture[..., ::-1]), strict=True):
        Image.fromarray(array).save(path)
    place = ("--image", names["photo"], "--mask", names["mask"])
    request = ask("inpaint", *place, "--control", f"control_canny:{names['edges']}:0.8:0.1-0.5")
    (control,) = request.controls
    assert (control.weight, control.start, control.end, control.kind) == (0.8, 0.1, 0.5, ControlKind.CANNY)
    box = np.s_[request.y : request.y + request.height, request.x : request.x + request.width]
    assert request.width < 1200
    assert (control.image[..., :3] == picture[..., ::-1][box]).all()
    grown = ask("outpaint", "--image", names["photo"], "--left", 64, "--reference", names["edges"])
    assert grown.task is Task.OUTPAINT
    assert (grown.references[0].model, grown.references[0].image.shape) == ("", (900, 1200, 4))


def test_a_variation_of_a_variation_is_said_in_turns(ask: Ask) -> None:
    request = ask("generate", "--variation-path", "7:0.3", "--variation-path", "9:.25")
    assert request.variation_path == (NoiseTurn(7, 0.3), NoiseTurn(9, 0.25))
    assert request.variation_strength == 0.0
    both = ask("generate", "--variation-path", "7:0.3", "--variation-strength", 0.1, "--variation-seed", 4)
    assert (both.variation_path, both.variation_seed, both.variation_strength) == ((NoiseTurn(7, 0.3),), 4, 0.1)
    assert not ask("generate").variation_path


def eyes(shelf: Path, name: str, kind: str) -> str:
    """A folder of the library with a network of that class; its id."""
    folder = shelf / name
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"architectures": [kind]}), "utf-8")
    files.write_shapes(folder / "model.safetensors", {"head.weight": (4, 4)})
    return folder.as_posix()


def test_control_pictures_are_made_or_seen(ask: Ask, shelf: Path, tmp_path: Path) -> None:
    for name in ("near", "zoom"):
        eyes(shelf, name, "DepthAnythingForDepthEstimation")
    body = eyes(shelf, "joints", "VitPoseForPoseEstimation")
    people = eyes(shelf, "who", "RTDetrForObjectDetection")
    near, zoom = ((shelf / name).as_posix() for name in ("near", "zoom"))
    photo = np.zeros((64, 96, 4), np.uint8)
    photo[..., 3] = photo[:, 48:] = 255
    photo[:20, :20] = 90, 90, 90, 0
    path = tmp_path / "a photo.png"
    Image.fromarray(photo).save(path)
    size = ("--width", 96, "--height", 64)

    def control(said: str) -> ControlImage:
        (found,) = ask("generate", *size, "--control", f"control_canny:{path}{said}").controls
        return found

    made = control(":0.5:0-0.6:preprocess=canny")
    assert (made.weight, made.end, made.kind, made.annotator) == (0.5, 0.6, ControlKind.CANNY, "")
    assert made.image[40, 46:50, 0].max() == 255
    assert made.image[..., 3].min() == 255, "lines are opaque"
    assert not made.image[30:, 60:, :3].any()
    assert control(":preprocess=blur").image[5, 5, 3] == 0, "tones stay empty where nothing is"
    drawn = control(":preprocess=drawn")
    assert (drawn.kind, drawn.annotator) == (ControlKind.CANNY, "")
    assert drawn.image[40, 10].tolist() == [255] * 4, "what is dark on paper is white on black"
    assert drawn.image[40, 80].tolist() == [0, 0, 0, 255]
    seen = control(":preprocess=depth")
    assert (seen.kind, seen.annotator, seen.finder) == (ControlKind.DEPTH, near, "")
    assert np.array_equal(seen.image, photo)
    assert control(":preprocess=normal:annotator=zoom").annotator == zoom
    assert control(f":annotator={zoom}:preprocess=depth").annotator == zoom
    pose = control(":preprocess=pose")
    assert (pose.annotator, pose.finder) == (body, people)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (":preprocess=edges", "preprocess=edges, which is not known. Known are blur, canny, depth"),
        (":preprocess=", "cannot be read"),
        (":preprocess=depth:preprocess=pose", "cannot be read"),
        (":preprocess=pose", "needs a network that sees pose in a picture, and the library has none"),
        (":preprocess=canny:annotator=near", "canny is made without one"),
        (":annotator=near", "canny is made without one"),
        (":preprocess=drawn:annotator=near", "lines by hand need none"),
        (":preprocess=pose:annotator=near", "'near' does not see pose; it sees depth and normal"),
        (":preprocess=depth:annotator=nobody", "annotator= of --control names 'nobody'"),
        (":preprocess=depth:annotator=control_canny", "names 'control_canny', which is not"),
        (":preprocess=segmentation:annotator=streets", "streets sees 19 classes"),
    ],
)
def test_who_cannot_look_is_one_sentence(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, sentence: str
) -> None:
    eyes(shelf, "near", "DepthAnythingForDepthEstimation")
    eyes(shelf, "streets", "SegformerForSemanticSegmentation")
    config = {"architectures": ["SegformerForSemanticSegmentation"], "id2label": {str(one): "x" for one in range(19)}}
    (shelf / "streets" / "config.json").write_text(json.dumps(config), "utf-8")
    Image.new("RGB", (512, 512)).save(tmp_path / "photo.png")
    capsys.readouterr()
    paint = ["generate", "--prompt", "x", "--out", str(tmp_path / "o.png"), "--model", "painter"]
    assert cli.main([*paint, "--control", f"control_canny:{tmp_path / 'photo.png'}{said}"]) == cli.BAD_INPUT
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--lora", "nobody"], "--lora names 'nobody'"),
        (["--lora", "other"], "The LoRA 'other' is made for"),
        (["--vae", "soft hair"], "--vae names 'soft hair'"),
        (["--style", "none"], "There is no style 'none'. There are: enhance"),
        (["--prompt", "<lora:nobody:1>"], "There is no LoRA 'nobody' in the library"),
        (["--prompt", "__nothing__"], "There is no wildcard file 'nothing'"),
        (["--control", "control_canny:none.png"], "--control 'control_canny:none.png' cannot be read"),
        (["--control", "nobody:{small}"], "--control names 'nobody'"),
        (["--control", "control_canny:{small}"], "9 x 9 pixels"),
        (["--reference", "none.png"], "--reference 'none.png' names no picture"),
        (["--reference", "{small}:control_canny"], "--reference names 'control_canny'"),
        (["--control", "control_canny:{large}:1:0.8-0.2"], "not run backwards"),
        (["--clip-skip", "40"], "clip_skip is 40"),
        (["--region", "{large}:sea <lora:soft hair:1>"], "LoRAs act on the whole picture"),
    ],
)
def test_what_is_not_there_is_one_clear_sentence(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    for name, side in (("small", 9), ("large", 128)):
        Image.new("L", (side, side), 255).save(tmp_path / f"{name}.png")
    capsys.readouterr()
    paths = {"small": tmp_path / "small.png", "large": tmp_path / "large.png"}
    told = [one.format(**paths) for one in arguments]
    size = ["--width", "128", "--height", "128", "--model", str(shelf / "painter.safetensors")]
    assert cli.main(["generate", "--prompt", "x", "--out", str(tmp_path / "o.png"), *size, *told]) == cli.BAD_INPUT
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert sentence in output.err


@pytest.mark.slow
def test_a_picture_with_a_lora_by_name_says_so_and_names_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from pipelines.miniatures.addons import lora_tensors, write_lora
    from pipelines.miniatures.annotator import write_depth_anything
    from pipelines.miniatures.control import controlnet_for, write_control
    from pipelines.miniatures.sd import sd1_pipeline
    from pipelines.miniatures.writing import write_folder

    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    pipe, folder = sd1_pipeline(), tmp_path / "models"
    folder.mkdir()
    model = write_folder(pipe, folder / "tiny")
    write_lora(lora_tensors(pipe), folder / "warm.safetensors")
    write_control(controlnet_for(pipe.unet), folder / "canny")
    write_depth_anything(folder / "near")
    photo = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(3).integers(0, 256, (128, 128, 3), np.uint8)).save(photo)
    assert cli.main(["models", "add", str(folder)]) == 0
    capfd.readouterr()
    size = ["--width", "128", "--height", "128", "--steps", "2", "--seed", "3", "--model", str(model), "--json"]
    paint = ["generate", "--prompt", "x <lora:warm:2>", "--out", str(tmp_path / "o.png"), *size]
    assert cli.main([*paint, "--control", f"canny:{photo}:preprocess=depth:annotator=near"]) == 0
    report = json.loads(capfd.readouterr().out)
    with Image.open(tmp_path / "o.png") as picture:
        said = json.loads(picture.info["handscroll"])
    assert said["request"]["loras"] == [{"model": "warm", "weight": 2.0}]
    control = said["request"]["controls"][0]
    assert [control[name] for name in ("model", "annotator", "kind")] == ["canny", "near", "depth"]
    assert set(said["facts"]["files"]) == {"tiny", "warm", "canny"}
    assert str(tmp_path) not in json.dumps(said)
    assert report["request"]["loras"][0]["model"] == (folder / "warm.safetensors").as_posix()
