"""What this computer is: system, accelerator, screen. Asks the machine; installs nothing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

WINDOWLESS = frozenset({"generate", "inpaint", "outpaint", "export", "info", "models", "bench", "demo"})
"""First words after `run` that need no screen."""


@dataclass(frozen=True)
class Accelerator:
    """The device that generation would run on."""

    kind: str
    """"cuda", "rocm", "xpu", "mps" or "cpu"."""
    name: str = ""
    """The device's own name, "" where none is known."""
    driver: int = 0
    """Major version of NVIDIA's driver, 0 elsewhere."""
    capability: float = 0.0
    """Lowest compute capability of the NVIDIA devices, 0.0 elsewhere."""


@dataclass(frozen=True)
class Machine:
    """The part of the computer that decides what is installed."""

    system: str
    """"linux", "darwin" or "win32"."""
    arch: str
    """"x86_64" or "arm64"; other processors under their own name."""
    python: str
    """Version of the running Python, such as "3.11.7"."""
    accelerator: Accelerator

    def as_json(self) -> dict[str, object]:
        """Plain data for `doctor --json`."""
        return asdict(self)


def _ask(command: Sequence[str]) -> str:
    """Return a program's output, "" when it is missing, fails or hangs for 15 s."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def parse_nvidia(output: str) -> Accelerator | None:
    """Read `nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader`; None without a GPU."""
    rows = [[part.strip() for part in line.split(",")] for line in output.splitlines() if line.count(",") >= 2]
    found = [row for row in rows if re.match(r"\d+\.", row[1])]
    if not found:
        return None
    capabilities = [float(row[2]) for row in found if re.fullmatch(r"\d+\.\d+", row[2])]
    return Accelerator("cuda", found[0][0], int(found[0][1].split(".")[0]), min(capabilities, default=0.0))


def _intel_gpu() -> Accelerator | None:
    """Intel's discrete and Arc graphics through their compute runtime's own listing tool."""
    for command in (["xpu-smi", "discovery"], ["sycl-ls"]):
        match = re.search(r"Intel\(R\) (?:Arc|Data Center GPU|Iris)[^\n|]*", _ask(command))
        if match:
            return Accelerator("xpu", match[0].strip())
    return None


def probe_accelerator(system: str, arch: str) -> Accelerator:
    """Ask the drivers which accelerator works now; a device without its driver counts as none."""
    if system == "darwin":
        return Accelerator("mps", "Apple GPU") if arch == "arm64" else Accelerator("cpu")
    nvidia = parse_nvidia(_ask(["nvidia-smi", "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"]))
    if nvidia:
        return nvidia
    if system == "linux" and Path("/dev/kfd").exists():
        match = re.search(r"Marketing Name:\s*(.*(?:Radeon|Instinct).*)", _ask(["rocminfo"]))
        return Accelerator("rocm", match[1].strip() if match else "AMD GPU")
    return _intel_gpu() or Accelerator("cpu")


def probe_machine() -> Machine:
    """Look at the running computer."""
    arch = platform.machine().lower()
    arch = {"amd64": "x86_64", "aarch64": "arm64"}.get(arch, arch)
    return Machine(sys.platform, arch, platform.python_version(), probe_accelerator(sys.platform, arch))


def has_display(system: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether a window can open; a Qt platform that the person names is taken at its word."""
    if not system.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def needs_display(arguments: Sequence[str]) -> bool:
    """Say whether `handscroll ARGUMENTS…` would open a window."""
    return not arguments or (arguments[0] not in WINDOWLESS and not arguments[0].startswith("-"))
