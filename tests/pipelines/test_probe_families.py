"""Every kind of file of every family is told by its header; what it cannot tell, the person says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract.models import Family, ModelKind, Prediction
from pipelines.library.probe import probe
from pipelines.library.said import Said
from tests.pipelines import header_files as files
from tests.pipelines import model_headers as headers
from tests.pipelines.model_headers import Case


@pytest.mark.parametrize("case", headers.CASES, ids=[case.name for case in headers.CASES])
def test_a_file_is_told_by_its_header(tmp_path: Path, case: Case) -> None:
    info = probe(files.write_shapes(tmp_path / f"{case.name}.safetensors", case.shapes, case.metadata))
    assert (info.kind, info.family, info.variant) == (case.kind, case.family, case.variant)
    assert info.prediction is case.prediction
    assert info.name == case.name
    assert info.id == (tmp_path / f"{case.name}.safetensors").as_posix()
    assert info.zero_terminal_snr == ("ztsnr" in case.shapes)
    assert info.quantized == ""


def test_every_family_and_kind_has_a_case() -> None:
    assert {case.family for case in headers.PAINTERS} | {Family.STARTER} == set(Family)
    folders = {ModelKind.DIFFUSERS, ModelKind.CAPTIONER, ModelKind.ANNOTATOR}
    assert {case.kind for case in headers.CASES} | folders == set(ModelKind)
    assert {case.family for case in headers.LORAS} | {Family.STARTER} == set(Family)


@pytest.mark.parametrize(
    ("added", "dtype", "packing"),
    [
        ({}, "F8_E4M3", "fp8"),
        ({"scaled_fp8": (0,)}, "F8_E4M3", "fp8-scaled"),
        ({"double_blocks.0.img_attn.qkv.weight.quant_state.bitsandbytes__nf4": (1,)}, "U8", "nf4"),
        ({}, "BF16", ""),
    ],
)
def test_packed_weights_are_noticed(
    tmp_path: Path, added: dict[str, tuple[int, ...]], dtype: str, packing: str
) -> None:
    info = probe(files.write_shapes(tmp_path / "flux1-dev.safetensors", headers.flux() | added, dtype=dtype))
    assert (info.family, info.quantized) == (Family.FLUX, packing)


def test_the_folder_s_name_is_a_hint_and_the_header_decides(tmp_path: Path) -> None:
    for folder in ("ESRGAN", "Lora", "Stable-diffusion"):
        (tmp_path / folder).mkdir()
    unknown = {"a.b.weight": (3, 3)}
    assert probe(files.write_shapes(tmp_path / "ESRGAN" / "x.safetensors", unknown)).kind is ModelKind.UPSCALER
    assert probe(files.write_shapes(tmp_path / "Lora" / "x.safetensors", unknown)).kind is ModelKind.LORA
    assert probe(files.write_shapes(tmp_path / "Stable-diffusion" / "x.safetensors", unknown)).kind is ModelKind.UNKNOWN
    assert probe(files.write_shapes(tmp_path / "Lora" / "y.safetensors", files.SD1)).kind is ModelKind.CHECKPOINT


def test_the_person_may_say_all_of_it(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "odd.safetensors", {"x": (2,)})
    said = Said(ModelKind.LORA, Family.FLUX, "turbo", Prediction.FLOW)
    info = probe(path, said)
    assert (info.kind, info.family, info.variant, info.prediction) == (
        ModelKind.LORA,
        Family.FLUX,
        "turbo",
        Prediction.FLOW,
    )
    assert info.problem == ""
    assert Said.from_dict(said.to_dict()) == said
