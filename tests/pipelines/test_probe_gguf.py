"""GGUF headers: told like the others, bounded, and never trusted."""

from __future__ import annotations

import contextlib
import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelKind
from pipelines.library.probe import probe
from tests.pipelines import header_files as files
from tests.pipelines import model_headers as headers

T5_GGUF = {"enc.blk.0.attn_q.weight": (4096, 4096), "token_embd.weight": (32128, 4096)}
QWEN3_GGUF = {"token_embd.weight": (151936, 2560), "blk.0.attn_q.weight": (4096, 2560)}
FLUX_GGUF = files.gguf_bytes(headers.flux(), {"general.architecture": "flux", "general.file_type": 12}, kind=12)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_models_in_gguf_are_told(tmp_path: Path) -> None:
    flux = probe(_write(tmp_path / "flux1-dev-Q4_K_S.gguf", FLUX_GGUF))
    assert (flux.kind, flux.family, flux.variant, flux.quantized) == (
        ModelKind.TRANSFORMER,
        Family.FLUX,
        "",
        "gguf-q4_k",
    )
    fill = probe(_write(tmp_path / "fill.gguf", files.gguf_bytes(headers.flux(384), kind=8, version=2)))
    assert (fill.variant, fill.quantized) == ("fill", "gguf-q8_0")
    t5 = probe(_write(tmp_path / "t5.gguf", files.gguf_bytes(T5_GGUF)))
    assert (t5.kind, t5.variant) == (ModelKind.TEXT_ENCODER, "t5-xxl")
    qwen = probe(_write(tmp_path / "q.gguf", files.gguf_bytes(QWEN3_GGUF, {"general.architecture": "qwen3"})))
    assert (qwen.kind, qwen.variant) == (ModelKind.TEXT_ENCODER, "qwen3")


def test_long_notes_are_passed_over(tmp_path: Path) -> None:
    words = struct.pack("<QI", 3, 9)
    name = files.gguf_bytes({}, {"tokens": "x"})[24:].split(struct.pack("<I", 8))[0]
    array = name + struct.pack("<IIQ", 9, 8, 2) + struct.pack("<Q", 3) + b"abc" + struct.pack("<Q", 0)
    numbers = name + struct.pack("<IIQ", 9, 4, 5) + b"\0" * 20
    data = files.gguf_bytes(QWEN3_GGUF)
    data = data[:16] + struct.pack("<Q", 2) + array + numbers + data[24:]
    assert words
    assert probe(_write(tmp_path / "q.gguf", data)).kind is ModelKind.TEXT_ENCODER


HOSTILE = {
    "empty": b"",
    "not GGUF": b"GGML" + bytes(40),
    "an old version": files.gguf_bytes({"a": (2,)}, version=1),
    "too many tensors": b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0),
    "too many notes": b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60),
    "a name without end": b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**63),
    "a list without end": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 4, 2**62),
    "a list in a list": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 9, 1),
    "many texts": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 8, 2**62),
    "many dimensions": b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<I", 2**31),
    "a huge tensor": files.gguf_bytes({"a": (2**60, 2**60)}),
    "twice": files.gguf_bytes({"a": (2,), "b": (2,)}).replace(b"b", b"a"),
    "not text": files.gguf_bytes({"ab": (2,)}).replace(b"ab", b"\xff\xfe"),
    "cut off": FLUX_GGUF[:-20],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headers_get_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"bad\.gguf is damaged or incomplete: .*Copy or download it again"):
        probe(_write(tmp_path / "bad.gguf", HOSTILE[name]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(FLUX_GGUF)), st.integers(0, 8), st.binary(max_size=8)), max_size=5))
def test_no_mutant_crashes_the_probe(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(FLUX_GGUF)
    for place, width, content in changes:
        data[place : place + width] = content
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ModelError):
        assert probe(_write(Path(folder) / "mutant.gguf", bytes(data))).name == "mutant"
