"""What files and folders are recognised as, and what each hostile one gets instead."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.families import SUPPORTED
from pipelines.library.header import MAX_HEADER_BYTES, read_header
from pipelines.library.probe import STARTER_FOLDER, probe
from pipelines.library.said import Said
from tests.pipelines import header_files as files


def test_defaults_follow_the_family(tmp_path: Path) -> None:
    sd1 = probe(files.write_shapes(tmp_path / "a.safetensors", files.SD1)).defaults
    sdxl = probe(files.write_shapes(tmp_path / "b.safetensors", files.SDXL)).defaults
    starter = probe(STARTER_FOLDER).defaults
    assert (sd1.num_inference_steps, sd1.guidance_scale, sd1.native_size) == (20, 7.0, 512)
    assert (sdxl.num_inference_steps, sdxl.guidance_scale, sdxl.native_size) == (25, 6.0, 1024)
    assert (starter.num_inference_steps, starter.guidance_scale, starter.native_size) == (14, 2.0, 256)


def test_what_cannot_run_says_why(tmp_path: Path) -> None:
    def problem(shapes: dict[str, tuple[int, ...]]) -> str:
        return probe(files.write_shapes(tmp_path / "m.safetensors", shapes)).problem

    assert problem(files.SD1) == ""
    assert problem({"emb_params": (4, 768)}) == ""
    assert "say so in the library" in problem({"something.else": (2, 2)})
    assert "UNet" in problem({key: shape for key, shape in files.SD1.items() if "first_stage" not in key})
    assert "instruction" in problem(files.checkpoint("cond_stage_model.transformer.x", channels=8))


def test_the_person_may_say_what_it_is(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "odd.safetensors", {"something.else": (2, 2)})
    info = probe(path, Said(family=Family.SDXL))
    assert (info.kind, info.family, info.problem) == (ModelKind.CHECKPOINT, Family.SDXL, "")
    assert info.defaults.native_size == 1024


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin"])
def test_pickled_files_are_never_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"old{suffix}"
    path.write_bytes(b"not even a pickle")
    info = probe(path)
    assert "can run code" in info.problem
    assert info.kind is ModelKind.UNKNOWN
    assert "can run code" in probe(path, Said(family=Family.SD1)).problem


def test_the_starter_is_recognised() -> None:
    info = probe(STARTER_FOLDER)
    assert (info.id, info.kind, info.family, info.problem) == ("starter", ModelKind.DIFFUSERS, Family.STARTER, "")
    assert info.size_bytes > 10_000_000
    assert ModelInfo.from_dict(json.loads(json.dumps(info.to_dict()))) == info


GOOD: dict[str, Any] = {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}
HOSTILE: list[tuple[str, bytes]] = [
    ("not JSON", b"{"),
    ("not UTF-8", b'{"\xff": 1}'),
    ("a list", b"[]"),
    ("deep", b"[" * 200_000),
    ("deep in a tensor", b'{"a":{"shape":' + b"[" * 200_000),
    ("twice the same key", b'{"a":%b,"a":%b}' % ((json.dumps(GOOD).encode(),) * 2)),
    ("NaN", json.dumps({"a": GOOD | {"shape": [float("nan")]}}).encode()),
    ("a huge number", b'{"a":{"dtype":"F16","shape":[%b],"data_offsets":[0,4]}}' % (b"9" * 10_000)),
    ("a fractional shape", json.dumps({"a": GOOD | {"shape": [1.5]}}).encode()),
    ("a negative shape", json.dumps({"a": GOOD | {"shape": [-1]}}).encode()),
    ("a boolean shape", json.dumps({"a": GOOD | {"shape": [True]}}).encode()),
    ("no offsets", json.dumps({"a": {"dtype": "F16", "shape": [2]}}).encode()),
    ("offsets turned round", json.dumps({"a": GOOD | {"data_offsets": [4, 0]}}).encode()),
    ("data beyond the end", json.dumps({"a": GOOD | {"data_offsets": [0, 10**15]}}).encode()),
    ("a tensor that is text", json.dumps({"a": "b"}).encode()),
    ("notes that are a list", json.dumps({"__metadata__": [1]}).encode()),
]


@pytest.mark.parametrize(("what", "header"), HOSTILE)
def test_hostile_headers_get_a_sentence(tmp_path: Path, what: str, header: bytes) -> None:
    path = files.write_raw(tmp_path / "bad.safetensors", header, data_bytes=4)
    with pytest.raises(ModelError, match=r"bad\.safetensors is damaged") as caught:
        probe(path)
    assert str(caught.value).endswith("Copy or download it again."), what


@pytest.mark.parametrize("length", [100, MAX_HEADER_BYTES, MAX_HEADER_BYTES + 1, 2**63, 2**64 - 1])
def test_a_lie_about_the_length_is_found_without_reading(tmp_path: Path, length: int) -> None:
    path = files.write_raw(tmp_path / "bad.safetensors", b"{}", length=length)
    with pytest.raises(ModelError, match="damaged"):
        probe(path)


def test_a_cut_off_file_is_found(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "m.safetensors", files.SD1)
    whole = path.read_bytes()
    for size in (0, 5, 8, 100, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ModelError, match="damaged or incomplete"):
            probe(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutant_of_a_header_crashes_the_probe(data: st.DataObject) -> None:
    header, data_bytes = files.header_bytes(files.SD1, {"note": "x"})
    raw = bytearray(header)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw)))
        width = data.draw(st.integers(0, 4))
        raw[place : place + width] = data.draw(st.binary(max_size=6))
    _probe_bytes(bytes(raw), data_bytes)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_ENTRY = st.fixed_dictionaries({"dtype": _JSON, "shape": _JSON, "data_offsets": _JSON})


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*files.SD1, "clip_l", "emb_params", "__metadata__"]), _JSON | _ENTRY, max_size=5)
)
@example({"emb_params": GOOD | {"shape": [], "data_offsets": [0, 0]}})
@example({"model.diffusion_model.input_blocks.0.0.weight": GOOD})
def test_no_table_crashes_the_probe(table: dict[str, Any]) -> None:
    _probe_bytes(json.dumps(table).encode(), 64)


def _probe_bytes(header: bytes, data_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = files.write_raw(Path(folder) / "mutant.safetensors", header, data_bytes)
        # Any other exception than ModelError fails the test.
        with contextlib.suppress(ModelError):
            assert probe(path).name == "mutant"


def test_metadata_is_read(tmp_path: Path) -> None:
    shapes = {"lora_unet_x.lora_down.weight": (4, 8)}
    path = files.write_shapes(tmp_path / "l.safetensors", shapes, {"ss_base_model_version": "sdxl_base_v1-0"})
    assert read_header(path).metadata == {"ss_base_model_version": "sdxl_base_v1-0"}
    assert probe(path).family is Family.SDXL


def test_what_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model at"):
        probe(tmp_path / "nothing.safetensors")
    with pytest.raises(ModelError, match=r"has no model_index\.json"):
        probe(tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ModelError, match="not a model"):
        probe(tmp_path / "notes.txt")


def _folder(path: Path, pipeline: str = "StableDiffusionPipeline", **unet: Any) -> Path:
    parts = {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    index: dict[str, Any] = {"_class_name": pipeline, **parts, "safety_checker": [None, None]}
    for part in parts:
        (path / part).mkdir(parents=True)
        files.write_shapes(path / part / "diffusion_pytorch_model.safetensors", {"a": (2,)})
    (path / "unet" / "config.json").write_text(json.dumps(unet))
    (path / "model_index.json").write_text(json.dumps(index))
    return path


@pytest.mark.parametrize(
    ("pipeline", "unet", "family", "variant"),
    [
        ("StableDiffusionPipeline", {"cross_attention_dim": 768}, Family.SD1, ""),
        ("StableDiffusionPipeline", {"cross_attention_dim": 1024}, Family.SD2, ""),
        ("StableDiffusionInpaintPipeline", {"in_channels": 9}, Family.SD1, "inpaint"),
        ("StableDiffusionXLPipeline", {}, Family.SDXL, ""),
        ("StableDiffusion3Pipeline", {}, Family.SD3, ""),
        ("FluxPipeline", {}, Family.FLUX, ""),
        ("FluxFillPipeline", {}, Family.FLUX, "fill"),
        ("FluxKontextPipeline", {}, Family.FLUX, "kontext"),
        ("Flux2KleinPipeline", {}, Family.FLUX2, "klein"),
        ("QwenImagePipeline", {}, Family.QWEN_IMAGE, ""),
        ("QwenImageEditPlusPipeline", {}, Family.QWEN_IMAGE, "edit-plus"),
        ("ZImagePipeline", {}, Family.Z_IMAGE, ""),
        ("WanPipeline", {}, Family.WAN, ""),
        ("StableDiffusionUpscalePipeline", {}, Family.UNKNOWN, ""),
        ("SomethingPipeline", {}, Family.UNKNOWN, ""),
    ],
)
def test_a_folder_is_told_by_its_index(
    tmp_path: Path, pipeline: str, unet: dict[str, Any], family: Family, variant: str
) -> None:
    info = probe(_folder(tmp_path / "model", pipeline, **unet))
    assert (info.kind, info.family, info.variant) == (ModelKind.DIFFUSERS, family, variant)
    assert (info.problem == "") == (family in SUPPORTED)


def test_an_incomplete_folder_says_what_is_missing(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model")
    weights = folder / "vae" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    assert "can run code" in probe(folder).problem
    weights.with_suffix(".bin").unlink()
    assert "'vae' has no weights" in probe(folder).problem
    (folder / "vae").rmdir()
    assert "'vae' is missing" in probe(folder).problem


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        ({"unet": ["evil_module", "Model"]}, "code of its own"),
        ({"../outside": ["diffusers", "Model"]}, "outside itself"),
        ({"_class_name": "StableDiffusionPipeline"}, "names no parts"),
    ],
)
def test_a_hostile_folder_is_refused(tmp_path: Path, index: dict[str, Any], sentence: str) -> None:
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    assert sentence in probe(tmp_path).problem


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b" " * 1_100_000])
def test_a_damaged_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model_index.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"model_index\.json"):
        probe(tmp_path)


@pytest.mark.slow
def test_files_that_diffusers_wrote_are_recognised(tmp_path: Path) -> None:
    from pipelines.miniatures.sd import sd1_pipeline, sdxl_pipeline
    from pipelines.miniatures.writing import write_folder, write_single_file

    sd1, sdxl = sd1_pipeline(channels=9), sdxl_pipeline()
    for pipe, family, variant in ((sd1, Family.SD1, "inpaint"), (sdxl, Family.SDXL, "")):
        folder = probe(write_folder(pipe, tmp_path / family))
        single = probe(write_single_file(pipe, tmp_path / f"{family}.safetensors"))
        for info in (folder, single):
            assert (info.family, info.variant, info.problem) == (family, variant, "")
