"""Which torch goes onto which computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.errors import SetupError
from installer.machine import Accelerator, Machine, parse_nvidia
from installer.torch_build import BUILDS, PYTORCH_INDEX, choose_build, driver_advice, foreign_packages, pinned_version

CPU = Accelerator("cpu")


def machine(system: str, arch: str, gpu: Accelerator = CPU) -> Machine:
    return Machine(system, arch, "3.11.7", gpu)


@pytest.mark.parametrize(
    ("system", "arch", "gpu", "expected"),
    [
        ("linux", "x86_64", CPU, "cpu"),
        ("linux", "arm64", CPU, "cpu"),
        ("win32", "x86_64", CPU, "cpu"),
        ("darwin", "arm64", Accelerator("mps"), "mps"),
        ("linux", "x86_64", Accelerator("cuda", "RTX 4090", 580, 8.9), "cu130"),
        ("win32", "x86_64", Accelerator("cuda", "RTX 5090", 591, 12.0), "cu130"),
        ("linux", "x86_64", Accelerator("cuda", "GTX 1080", 580, 6.1), "cu126"),
        ("linux", "x86_64", Accelerator("cuda", "RTX 3060", 550, 8.6), "cu126"),
        ("linux", "x86_64", Accelerator("cuda", "GTX 980", 470, 5.2), "cpu"),
        ("linux", "x86_64", Accelerator("rocm", "Radeon"), "rocm7.2"),
        ("linux", "x86_64", Accelerator("xpu", "Arc"), "xpu"),
    ],
)
def test_choice(system: str, arch: str, gpu: Accelerator, expected: str) -> None:
    assert choose_build(machine(system, arch, gpu)).name == expected


def test_intel_mac_and_unknown_build_are_refused_with_a_sentence() -> None:
    with pytest.raises(SetupError, match="Intel processor"):
        choose_build(machine("darwin", "x86_64"))
    with pytest.raises(SetupError, match="cpu"):
        choose_build(machine("linux", "x86_64"), "cuda")


def test_person_overrules_the_probe() -> None:
    gpu = machine("linux", "x86_64", Accelerator("cuda", "RTX 4090", 580, 8.9))
    assert choose_build(gpu, "cpu").name == "cpu"


def test_only_the_plain_apple_build_could_be_mistaken_for_a_cuda_build() -> None:
    for build in BUILDS.values():
        plain = build.requirement("2.13.0") == "torch==2.13.0"
        assert plain == (build.name == "mps")


def test_index_can_be_a_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BUILDS["cpu"].index() == PYTORCH_INDEX + "/cpu"
    assert BUILDS["mps"].index() == ""
    monkeypatch.setenv("HANDSCROLL_TORCH_INDEX", "https://mirror.example/whl/")
    assert BUILDS["cu130"].index() == "https://mirror.example/whl/cu130"


def test_old_driver_is_told() -> None:
    old = machine("linux", "x86_64", Accelerator("cuda", "GTX 980", 470, 5.2))
    assert "driver 470" in driver_advice(old, choose_build(old))
    assert driver_advice(machine("linux", "x86_64"), BUILDS["cpu"]) == ""


def test_nvidia_listing() -> None:
    two = "NVIDIA H200, 580.95.05, 9.0\nTesla V100-SXM2, 580.95.05, 7.0\n"
    assert parse_nvidia(two) == Accelerator("cuda", "NVIDIA H200", 580, 7.0)
    assert parse_nvidia("NVIDIA-SMI has failed because it couldn't communicate with the driver.") is None
    assert parse_nvidia("") is None


def test_foreign_packages_are_found_only_for_builds_without_them() -> None:
    names = ["torch", "nvidia-cublas", "triton", "cuda-bindings", "numpy", "triton-rocm", "intelligent"]
    assert foreign_packages(names, BUILDS["cpu"]) == ["cuda-bindings", "nvidia-cublas", "triton", "triton-rocm"]
    assert foreign_packages(names, BUILDS["cu130"]) == []


def test_pin_is_read(tmp_path: Path) -> None:
    pins = tmp_path / "torch.txt"
    pins.write_text("# torch==1.0\ntorch==2.13.0\n", encoding="utf-8")
    assert pinned_version(pins) == "2.13.0"
    pins.write_text("torch>=2\n", encoding="utf-8")
    with pytest.raises(SetupError, match="damaged"):
        pinned_version(pins)
