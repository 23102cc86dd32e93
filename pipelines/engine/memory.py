"""Device, number format, threads and memory: what this machine can do, measured rather than guessed."""

from __future__ import annotations

import ctypes
import functools
import gc
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from pipelines.contract.errors import PipelineError

_RAN_OUT = ("not enough memory", "out of memory", "can't allocate memory", "could not create a memory")
"""What allocators say; the last is oneDNN's."""
_NO_ROOM_FOR_CODE = "could not create a primitive"
"""The whole of what oneDNN says when there is no memory for the code that it makes for a layer. With more words behind
(`could not create a primitive descriptor for ...`) it says that it cannot compute such a layer at all.
"""
_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}


@dataclass(frozen=True)
class Device:
    """Where and in which numbers everything is computed."""

    name: str
    """`cpu`, `cuda`, `xpu` or `mps`."""
    dtype: torch.dtype
    threads: int
    memory_bytes: int

    @property
    def torch_device(self) -> torch.device:
        """The device as torch names it."""
        return torch.device(self.name)

    @property
    def dtype_name(self) -> str:
        """`bf16`, `fp16` or `fp32`."""
        return next(name for name, dtype in _DTYPES.items() if dtype is self.dtype)


def choose_device() -> Device:
    """The best device of this machine. `HANDSCROLL_DEVICE`, `HANDSCROLL_DTYPE` (bf16, fp16, fp32) and
    `HANDSCROLL_THREADS` override. Also caps torch's threads, leaving one core to the window.

    Raises PipelineError when an override names something that is not here.
    """
    name, threads = _device_name(), _thread_count()
    torch.set_num_threads(1)  # number formats are compared on one thread: several disturb each other's times
    dtype = _dtype(name)
    torch.set_num_threads(threads)
    return Device(name, dtype, threads, _total_memory(name))


def peak_memory_bytes(device: Device) -> int:
    """The most memory used since `reset_peak`: of the device for a GPU, of this process otherwise."""
    if device.name == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if device.name == "xpu":
        return int(torch.xpu.max_memory_allocated())
    info = psutil.Process().memory_info()
    on_windows = getattr(info, "peak_wset", None)
    if on_windows is not None:
        return int(on_windows)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


def processor_name(device: Device) -> str:
    """What decides about the last bits of a sum: a GPU's name, of a CPU the instructions that torch uses."""
    if device.name == "cuda":
        return str(torch.cuda.get_device_name())
    if device.name == "xpu":
        return str(torch.xpu.get_device_name())
    if device.name == "mps":
        return platform.processor()
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def free_memory_bytes(device: Device) -> int:
    """What could be taken now: of a GPU also what torch holds and does not use; of a CPU what the system can spare."""
    if device.name == "cuda":
        unused = torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
        return int(torch.cuda.mem_get_info()[0] + unused)
    if device.name == "xpu":
        unused = torch.xpu.memory_reserved() - torch.xpu.memory_allocated()
        return int(torch.xpu.mem_get_info()[0] + unused)
    if device.name == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return system_free_bytes()


def held_bytes(device: Device) -> int:
    """What this process holds of the device: on a GPU its tensors, else all that it has in the system's memory."""
    if device.name == "cuda":
        return int(torch.cuda.memory_allocated())
    if device.name == "xpu":
        return int(torch.xpu.memory_allocated())
    if device.name == "mps":
        return int(torch.mps.current_allocated_memory())
    return int(psutil.Process().memory_info().rss)


def system_free_bytes() -> int:
    """What the system can spare, wherever pictures are painted."""
    return int(psutil.virtual_memory().available)


def backend_name(device: Device) -> str:
    """The device's programming interface by the name people use: CUDA, ROCm, XPU, MPS or CPU."""
    return "ROCm" if device.name == "cuda" and torch.version.hip else device.name.upper()


def reset_peak(device: Device) -> None:
    """Starts the peak anew where it can be: on a GPU, and of a process on Linux (proc(5), `clear_refs`)."""
    if device.name == "cuda":
        torch.cuda.reset_peak_memory_stats()
    elif device.name == "xpu":
        torch.xpu.reset_peak_memory_stats()
    elif sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it: then the peak is that of the whole process so far
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def give_back(device: Device) -> None:
    """Hands memory that nothing uses any more back to the device and to the system."""
    gc.collect()
    if device.name == "cuda":
        torch.cuda.empty_cache()
    elif device.name == "xpu":
        torch.xpu.empty_cache()
    elif device.name == "mps":
        torch.mps.empty_cache()
    trim()


def trim() -> None:
    """Hands what this process has freed back to the system; some hundredths of a second with a large model."""
    system = _trim()
    if system is not None:
        system(0)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this error says that memory ran out; a CPU reports it as a plain RuntimeError."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).strip().lower()
    said = text == _NO_ROOM_FOR_CODE or any(words in text for words in _RAN_OUT)
    return said and isinstance(error, RuntimeError)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    """glibc keeps freed memory for itself; this gives it back. Other systems do so of their own accord."""
    try:
        return ctypes.CDLL(None).malloc_trim if sys.platform == "linux" else None
    except (OSError, AttributeError):  # musl
        return None


def _device_name() -> str:
    wanted = os.environ.get("HANDSCROLL_DEVICE", "").strip().lower()
    present = {
        "cuda": torch.cuda.is_available(),
        "xpu": hasattr(torch, "xpu") and torch.xpu.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted and wanted != "auto":
        if not present.get(wanted):
            here = ", ".join(name for name, there in present.items() if there)
            raise PipelineError(
                f"The engine was told to paint on '{wanted}', but this computer offers only: {here}. Choose another "
                "device in Preferences > Engine, or take the variable HANDSCROLL_DEVICE away if you set it."
            )
        return wanted
    return next(name for name, there in present.items() if there)


def _dtype(device: str) -> torch.dtype:
    wanted = os.environ.get("HANDSCROLL_DTYPE", "").strip().lower()
    if wanted and wanted != "auto":
        if wanted not in _DTYPES:
            raise PipelineError(f"HANDSCROLL_DTYPE is '{wanted}'; it must be one of {', '.join(_DTYPES)} or auto.")
        if wanted == "fp16" and device == "cpu":
            raise PipelineError("HANDSCROLL_DTYPE asks for fp16, which a CPU computes hundreds of times too slowly.")
        return _DTYPES[wanted]
    if device == "cpu":
        return torch.bfloat16 if _bf16_is_faster() else torch.float32
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.bfloat16 if device == "xpu" else torch.float16


def _bf16_is_faster() -> bool:
    """Flags first, because without the units bf16 is emulated; then a few milliseconds of the real thing."""
    flags = ("_is_avx512_bf16_supported", "_is_amx_tile_supported", "_is_arm_sve_supported")
    if not any(getattr(torch.cpu, flag, lambda: False)() for flag in flags):
        return False
    times: dict[torch.dtype, list[float]] = {torch.float32: [], torch.bfloat16: []}
    layers = {dtype: torch.nn.Conv2d(64, 64, 3, padding=1).to(dtype) for dtype in times}
    pictures = {dtype: torch.randn(2, 64, 32, 32, dtype=dtype) for dtype in times}
    with torch.inference_mode():
        for _ in range(10):
            for dtype, measured in times.items():
                measured.append(_seconds(lambda dtype=dtype: layers[dtype](pictures[dtype])))
    # The smallest, in CPU time: the same answer on a busy machine, or a seed would not repeat its picture.
    return min(times[torch.bfloat16]) < 0.8 * min(times[torch.float32])


def _seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def _thread_count() -> int:
    wanted = os.environ.get("HANDSCROLL_THREADS", "").strip()
    if wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    return max(1, cores - 1)


def _total_memory(device: str) -> int:
    if device == "cuda":
        return int(torch.cuda.get_device_properties(0).total_memory)
    if device == "xpu":
        return int(torch.xpu.get_device_properties(0).total_memory)
    return int(psutil.virtual_memory().total)
