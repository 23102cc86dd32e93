"""Pickled files: real hostile ones are refused and nothing of them runs; honest ones become safetensors."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.contract.errors import JobCancelled, ModelError
from pipelines.contract.models import Family, ModelKind
from pipelines.library.pickled import MAX_STEPS, read_pickled
from pipelines.library.probe import probe
from pipelines.library.registry import Library


class Calls:
    """Calls something when it is unpickled."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


def archive(data: bytes, *others: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """What torch.save writes, with this pickle in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        file.writestr("archive/data.pkl", data)
        file.writestr("archive/version", "3\n")
        for name, content in others:
            file.writestr(name, content)
    return stream.getvalue()


def legacy(data: bytes) -> bytes:
    """What torch wrote before it wrote archives."""
    preamble = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})
    return b"".join(pickle.dumps(part, protocol=2) for part in preamble) + data


def hostile(trace: Path) -> dict[str, bytes]:
    """Files that would write `trace` when unpickled, or eat the memory, by what they do."""
    import os
    import subprocess

    shell = f"touch {trace}"
    system = pickle.dumps({"a.weight": Calls(os.system, shell)}, protocol=2)
    nothing = pickle.dumps(OrderedDict(), protocol=2)
    code = f"open({str(trace)!r}, 'w').close()"
    tensor = b"\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00actorch._utils\n_rebuild_tensor_v2\n"
    instance = b"(S'" + shell.encode() + b"'\nios\nsystem\n."
    return {
        "os.system": archive(system),
        "os.system in the older format": legacy(system),
        "os.system in a plain pickle": pickle.dumps(Calls(os.system, shell)),
        "builtins.eval": archive(pickle.dumps(Calls(eval, code), protocol=2)),
        "builtins.exec by STACK_GLOBAL": archive(pickle.dumps(Calls(exec, code), protocol=4)),
        "subprocess": archive(pickle.dumps(Calls(subprocess.check_call, ["sh", "-c", shell]), protocol=2)),
        "INST": archive(instance),
        "numpy's reconstruct": archive(pickle.dumps(np.zeros(3), protocol=2)),
        "after many tensors": archive(tensor + b"cposix\nsystem\n" + b"N" * 10 + b"."),
        "hidden behind a stop": archive(nothing + system),
        "a pickle beside the pickle": archive(nothing, ("archive/more.pkl", system)),
        "an archive in the archive": archive(nothing, ("archive/data/inner.zip", archive(system))),
        "two pickles": archive(nothing, ("other/data.pkl", system)),
        "a bomb": archive(nothing, ("archive/data/0", bytes(50_000_000)), compression=zipfile.ZIP_DEFLATED),
        "a huge number": legacy(b"\x80\x02(X\x07\x00\x00\x00storage\x8a\x08" + struct.pack("<q", 2**62) + b"t."),
        "a pickle without an end": archive(b"\x80\x02" + b"N0" * (MAX_STEPS // 2 + 10) + b"."),
        "an extension": archive(b"\x80\x02\x82\x01."),
    }


NAMES = list(hostile(Path("/nowhere")))


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_pickle_is_refused_and_nothing_runs(tmp_path: Path, name: str) -> None:
    from pipelines.engine.convert import convert

    trace = tmp_path / "trace"
    path = tmp_path / "model.ckpt"
    path.write_bytes(hostile(trace)[name])
    info = probe(path)
    assert "run code" in info.problem
    with pytest.raises(ModelError, match="run code"):
        Library(starter=None).resolve(str(path))
    if name != "hidden behind a stop":  # what lies behind the end is never read: the rest is an empty file
        with pytest.raises(ModelError, match=r"could run code|damaged|no file of weights"):
            convert(path)
    else:
        with pytest.raises(ModelError, match="no weights"):
            convert(path)
    assert not trace.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.ckpt"]


def test_the_sentence_names_what_would_run(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(hostile(tmp_path / "trace")["builtins.exec by STACK_GLOBAL"])
    assert "builtins exec" in probe(path).problem
    path.write_bytes(hostile(tmp_path / "trace")["os.system"])
    assert "system" in probe(path).problem


def test_a_truncated_or_foreign_file_is_a_sentence(tmp_path: Path) -> None:
    import torch

    from pipelines.engine.convert import convert

    path = tmp_path / "a.pt"
    torch.save({"w": torch.ones(100)}, path)
    whole = path.read_bytes()
    for content in (b"", b"hello", whole[:50], whole[: len(whole) // 2]):
        path.write_bytes(content)
        assert "run code" in probe(path).problem
        with pytest.raises(ModelError, match=r"damaged"):
            convert(path)
    (tmp_path / "b.zip").write_bytes(whole)
    with pytest.raises(ModelError, match="no pickled file"):
        convert(tmp_path / "b.zip")
    with pytest.raises(ModelError, match="no file at"):
        convert(tmp_path / "none.pt")


@pytest.mark.parametrize("old", [False, True])
def test_an_honest_file_becomes_safetensors(tmp_path: Path, old: bool) -> None:
    import torch
    from safetensors.torch import load_file

    from pipelines.engine.convert import convert

    shared = torch.randn(4, 3)
    weights = {
        "shared": shared,
        "tied": shared,
        "turned": shared.t(),
        "half": torch.randn(5).half(),
        "brain": torch.randn(2, 2).bfloat16(),
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(3),
    }
    path = tmp_path / "model.ckpt"
    nested = {"state_dict": {**weights, "note": "text"}, "global_step": 470_000, "epoch": 3}
    torch.save(nested, path, _use_new_zipfile_serialization=not old)
    told: list[tuple[int, int]] = []
    made = convert(path, progress=lambda done, total: told.append((done, total)))
    assert made == tmp_path / "model.safetensors"
    read = load_file(made)
    assert read.keys() == weights.keys()
    for name, tensor in weights.items():
        assert torch.equal(read[name], tensor), name
        assert read[name].dtype is tensor.dtype
    assert told[-1][0] == told[-1][1] == sum(tensor.nbytes for tensor in weights.values())
    assert path.exists()
    with pytest.raises(ModelError, match="there already"):
        convert(path)


def test_a_tensor_larger_than_its_storage_is_refused(tmp_path: Path) -> None:
    import torch

    from pipelines.engine.convert import convert

    path = tmp_path / "huge.pt"
    torch.save({"w": torch.zeros(1).expand(2**40)}, path)
    with pytest.raises(ModelError, match="claims more than the file holds"):
        convert(path)


def test_a_cancelled_or_refused_conversion_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from pipelines.engine import convert as module

    path = tmp_path / "model.pt"
    torch.save({"a": torch.ones(10), "b": torch.ones(10)}, path)
    calls: list[int] = []

    def interrupt() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        module.convert(path, interrupt=interrupt)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1000}))
    with pytest.raises(ModelError, match="are free"):
        module.convert(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.pt"]


@pytest.mark.slow
def test_a_process_of_its_own_converts_and_can_be_stopped(tmp_path: Path) -> None:
    import torch

    from pipelines.library.converting import convert

    path = tmp_path / "model.pt"
    torch.save({"a": torch.ones(5_000_000)}, path)
    with pytest.raises(JobCancelled):
        convert(path, is_cancelled=lambda: True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.pt"]
    told: list[tuple[int, int]] = []
    assert convert(path, progress=lambda done, total: told.append((done, total))) == tmp_path / "model.safetensors"
    assert told[-1] == (20_000_000, 20_000_000)
    with pytest.raises(ModelError, match="there already"):
        convert(path)


def test_kinds_are_told_before_and_after_converting(tmp_path: Path) -> None:
    import torch

    from pipelines.engine.convert import convert

    files = {
        "badhand.pt": {"string_to_token": {"*": 265}, "string_to_param": {"*": torch.ones(4, 768)}, "name": "badhand"},
        "control.pth": {"control_model.time_embed.0.weight": torch.ones(2, 2)},
        "lora.bin": {"lora_unet_down_blocks_1_attn2_to_k.lora_down.weight": torch.ones(4, 768)},
        "ip-adapter.bin": {
            "image_proj": {"proj.weight": torch.ones(8, 8)},
            "ip_adapter": {"1.to_k_ip.weight": torch.ones(8, 768)},
        },
    }
    for name, content in files.items():
        torch.save(content, tmp_path / name)
    before = {name: probe(tmp_path / name) for name in files}
    after = {name: probe(convert(tmp_path / name)) for name in files}
    kinds = (ModelKind.TEXTUAL_INVERSION, ModelKind.CONTROLNET, ModelKind.LORA, ModelKind.IP_ADAPTER)
    for name, kind in zip(files, kinds, strict=True):
        assert before[name].kind is after[name].kind is kind, name
        assert "Convert it" in before[name].problem
        assert after[name].problem == ""
    assert after["badhand.pt"].family is after["lora.bin"].family is after["ip-adapter.bin"].family is Family.SD1


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.ckpt"
    path.write_bytes(hostile(tmp_path / "trace")["a pickle without an end"])
    listed = read_pickled(path)
    assert listed is not None
    assert not listed.complete
