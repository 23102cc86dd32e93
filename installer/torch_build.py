"""Which build of PyTorch fits this computer, and where it comes from.

Never gigabytes of CUDA where there is no GPU: every build but Apple's is asked for by its local version
(`2.13.0+cpu`), which the CUDA builds of the public index do not carry, so no resolver can mix them up.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from installer.errors import SetupError
from installer.machine import Machine

PYTORCH_INDEX = "https://download.pytorch.org/whl"
"""PyTorch's own public index, the only address that the installer itself knows. HANDSCROLL_TORCH_INDEX
names a mirror of it."""

OLDEST_DRIVER_CUDA_13 = 580
OLDEST_DRIVER_CUDA_12 = 525
TURING = 7.5


@dataclass(frozen=True)
class TorchBuild:
    """One row of the table of builds."""

    name: str
    """What `--torch` calls it, and the folder of PyTorch's index."""
    label: str
    """For the person."""
    local_version: str
    """The part after the plus sign, "" for the plain build."""
    needs: bool
    """True if the build brings further packages of its own (CUDA, ROCm, oneAPI)."""
    gigabytes: float
    """Free space that a whole set-up with this build needs."""

    def requirement(self, version: str) -> str:
        """Return the exact requirement, such as `torch==2.13.0+cpu`."""
        return f"torch=={version}" + (f"+{self.local_version}" if self.local_version else "")

    def index(self) -> str:
        """Return the index that carries this build; "" where every ordinary index has it."""
        base = os.environ.get("HANDSCROLL_TORCH_INDEX", PYTORCH_INDEX).rstrip("/")
        return f"{base}/{self.name}" if self.local_version else ""


BUILDS: dict[str, TorchBuild] = {
    build.name: build
    for build in (
        TorchBuild("cpu", "CPU build", "cpu", False, 2.0),
        TorchBuild("cu130", "CUDA 13.0 build", "cu130", True, 8.0),
        TorchBuild("cu126", "CUDA 12.6 build", "cu126", True, 8.0),
        TorchBuild("rocm7.2", "ROCm 7.2 build", "rocm7.2", True, 16.0),
        TorchBuild("xpu", "Intel XPU build", "xpu", True, 8.0),
        TorchBuild("mps", "Apple build", "", False, 2.0),
    )
}
"""The builds that PyTorch publishes for the pinned version."""


def _cuda_build(driver: int, capability: float) -> str:
    """CUDA 13 dropped everything before Turing; CUDA 12.6 knows nothing after Hopper."""
    if driver >= OLDEST_DRIVER_CUDA_13 and not 0 < capability < TURING:
        return "cu130"
    return "cu126" if driver >= OLDEST_DRIVER_CUDA_12 else "cpu"


def choose_build(machine: Machine, wanted: str = "auto") -> TorchBuild:
    """Return the build for a machine, or the one that the person names.

    Raises SetupError for a name that does not exist and for a computer that PyTorch no longer serves.
    """
    if wanted != "auto":
        if wanted not in BUILDS:
            raise SetupError(f"There is no torch build {wanted!r}. Choose one of: auto, {', '.join(BUILDS)}.")
        return BUILDS[wanted]
    if machine.system == "darwin":
        if machine.arch != "arm64":
            raise SetupError("PyTorch has no current build for Macs with an Intel processor: Handscroll cannot run.")
        return BUILDS["mps"]
    gpu = machine.accelerator
    if gpu.kind == "cuda":
        return BUILDS[_cuda_build(gpu.driver, gpu.capability)]
    if machine.arch == "x86_64":
        name = {"rocm": "rocm7.2", "xpu": "xpu"}.get(gpu.kind, "cpu")
        return BUILDS[name]
    return BUILDS["cpu"]


def driver_advice(machine: Machine, build: TorchBuild) -> str:
    """Say that a GPU stays unused because its driver is too old; "" where nothing is to be said."""
    gpu = machine.accelerator
    if gpu.kind == "cuda" and build.name == "cpu":
        return (
            f"{gpu.name} has driver {gpu.driver}, which is too old for this PyTorch: it will run on the processor. "
            f"Install NVIDIA's driver {OLDEST_DRIVER_CUDA_13} or newer, then: python3 -m installer setup --torch auto"
        )
    return ""


def pinned_version(requirements: Path) -> str:
    """Read torch's version from requirements/torch.txt. Raises SetupError if the file has no such pin."""
    match = re.search(r"^torch==([\d.]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        raise SetupError(f"{requirements} has no line torch==VERSION: the checkout is damaged.")
    return match[1]


_GPU_ONLY = re.compile(r"(?:nvidia|cuda|triton|pytorch-triton|intel|tbb|rocm)(?:[-_]|$)")


def foreign_packages(names: list[str], build: TorchBuild) -> list[str]:
    """Return the installed packages that only a GPU build brings and that this build has no use for."""
    if build.needs:
        return []
    return sorted(name for name in names if _GPU_ONLY.match(name.lower()))
