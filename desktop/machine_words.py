"""What the engine computes on, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pipelines.contract.events import EngineReady

_GIGA = 1e9


def machine_words(engine: EngineReady | None) -> tuple[str, ...]:
    """Device, numbers and memory, a line each; empty while no engine said so."""
    if engine is None or not engine.device:
        return ()
    name = engine.backend or engine.device.upper()
    lines = [f"{name}: {engine.processor}" if engine.processor else name]
    numbers = QCoreApplication.translate("MachineWords", "Computes in {dtype}")
    lines.append(numbers.format(dtype=engine.dtype))
    if engine.memory_bytes:
        memory = QCoreApplication.translate("MachineWords", "{whole} GB of memory, {free} GB free when it started")
        lines.append(memory.format(whole=_gigabytes(engine.memory_bytes), free=_gigabytes(engine.free_bytes)))
    return tuple(lines)


def _gigabytes(size: int) -> str:
    return f"{size / _GIGA:.1f}"
