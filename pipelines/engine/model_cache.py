"""Which models stay in memory: the ones used last, as long as they fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from pipelines.contract.models import ModelInfo
from pipelines.engine.loader import LoadedModel, load_model
from pipelines.engine.memory import Device, give_back

_SHARE = 0.5
"""Part of the device's memory that idle models may fill."""


class ModelCache:
    """Least recently used first out. Used by the engine's one thread only."""

    def __init__(self, device: Device, config_dir: Path, interrupt: Callable[[], None]) -> None:
        self._device = device
        self._config_dir = config_dir
        self._interrupt = interrupt
        self._models: OrderedDict[tuple[str, int], LoadedModel] = OrderedDict()

    def acquire(self, info: ModelInfo, on_load: Callable[[], None], *, offloaded: bool = False) -> LoadedModel:
        """The model, from memory or, after `on_load()`, from disk; `offloaded`: see `load_model`. Raises ModelError."""
        key = (info.path, info.modified_ns)
        if key in self._models:
            self._models.move_to_end(key)
            kept = self._models[key]
            if kept.info.family is info.family and kept.info.variant == info.variant:
                kept.info = info  # the person may have said something new of it: its sizes, its steps
                return kept
            del self._models[key]
        on_load()
        self._make_room(info.size_bytes)
        self._models[key] = load_model(info, self._device, self._config_dir, self._interrupt, offloaded=offloaded)
        return self._models[key]

    def release_others(self, keep: LoadedModel | None = None) -> bool:
        """Forgets every model but `keep`, for when memory ran out; False when there was none."""
        others = [key for key, model in self._models.items() if model is not keep]
        for key in others:
            del self._models[key]
        if others:
            give_back(self._device)
        return bool(others)

    def _make_room(self, wanted: int) -> None:
        limit = self._device.memory_bytes * _SHARE
        dropped = False
        while self._models and sum(model.size_bytes for model in self._models.values()) + wanted > limit:
            self._models.popitem(last=False)
            dropped = True
        if dropped:
            give_back(self._device)
