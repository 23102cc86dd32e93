"""Which models stay in memory: the ones used last, as long as they fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from pipelines.contract.errors import PipelineError
from pipelines.contract.models import ModelInfo
from pipelines.engine.loader import LoadedModel, load_model
from pipelines.engine.memory import Device, free_memory_bytes, give_back, system_free_bytes
from pipelines.engine.memory_budget import MemoryBudget
from pipelines.engine.memory_settings import MemorySettings
from pipelines.planning.memory_cost import MARGIN, MemoryRung, PartSizes, RunSize, choose_rung, memory_of


class NoRoomError(PipelineError):
    """A model that nobody waits for has no room beside those in memory."""


class ModelCache:
    """Least recently used first out. Used by the engine's one thread only."""

    def __init__(
        self,
        device: Device,
        config_dir: Path,
        interrupt: Callable[[], None],
        settings: MemorySettings | None = None,
        budget: MemoryBudget | None = None,
    ) -> None:
        self._device = device
        self._config_dir = config_dir
        self._interrupt = interrupt
        self._settings = settings or MemorySettings()
        self._budget = budget or MemoryBudget(device.memory_bytes * self._settings.share)
        self._budget.join(self)
        self._models: OrderedDict[tuple[str, int], LoadedModel] = OrderedDict()
        self._used: dict[tuple[str, int], int] = {}

    def __len__(self) -> int:
        """How many models are in memory."""
        return len(self._models)

    def acquire(
        self,
        info: ModelInfo,
        on_load: Callable[[], None],
        run: RunSize | None = None,
        *,
        least: MemoryRung | None = None,
    ) -> LoadedModel:
        """The model, from memory or, after `on_load()`, from disk. Raises ModelError.

        `run` is what it is needed for, which decides on which rung it is loaded; `least` is a rung that it must begin
        on, because a faster one has failed.
        """
        key = (info.path, info.modified_ns)
        if key in self._models:
            self._models.move_to_end(key)
            kept = self._models[key]
            self._used[key] = self._budget.now()
            if _how_it_loads(kept.info) == _how_it_loads(info):
                kept.info = info  # the person may have said something new of it: its sizes, its steps
                return kept
            del self._models[key]
        on_load()
        self._budget.make_room(info.size_bytes, working=False)
        rung_for = self._rung_for(run or RunSize(info.family, 0.0), least)
        self._models[key] = load_model(info, self._device, self._config_dir, self._interrupt, rung_for)
        self._used[key] = self._budget.now()
        return self._models[key]

    def read_ahead(self, info: ModelInfo, run: RunSize) -> LoadedModel | None:
        """The model, read from disk only where it has room beside what is in memory; None where it is there already.

        Raises NoRoomError, ModelError and what loading raises; no other model leaves for it.
        """
        key = (info.path, info.modified_ns)
        if key in self._models:
            if _how_it_loads(self._models[key].info) == _how_it_loads(info):
                return None
            del self._models[key]  # no job could use it as it is
        if self._models and self._budget.is_over(info.size_bytes):
            raise NoRoomError(f"'{info.name}' and the models in memory would take more than their share.")

        def decide(sizes: PartSizes) -> MemoryRung:
            name = self._device.name
            rung = self._settings.rung_on(name) or choose_rung(name, free_memory_bytes(self._device), sizes, run)
            if not self._has_room(rung, sizes, run):
                raise NoRoomError(f"There is too little free memory for '{info.name}'.")
            return rung

        self._models[key] = load_model(info, self._device, self._config_dir, self._interrupt, decide)
        self._models.move_to_end(key, last=False)  # models that painted are worth more
        self._used[key] = 0
        return self._models[key]

    def _has_room(self, rung: MemoryRung, sizes: PartSizes, run: RunSize) -> bool:
        """Whether a model that nobody waits for may be read, and is then run as its first job would have it."""
        fits = memory_of(rung, sizes, run) <= free_memory_bytes(self._device) * MARGIN
        if self._device.name == "cpu" or rung is MemoryRung.ALL:
            return fits
        if self._models and self._settings.rung_on(self._device.name) is None:
            return False  # a job would rather let the others go than take a slower way
        return fits and sizes.whole <= system_free_bytes() * MARGIN

    def release_others(self, keep: LoadedModel | None = None) -> bool:
        """Forgets every model but `keep`, for when memory ran out; False when there was none."""
        others = [key for key, model in self._models.items() if model is not keep]
        for key in others:
            del self._models[key]
        if others:
            give_back(self._device)
        return bool(others)

    def _rung_for(self, run: RunSize, least: MemoryRung | None) -> Callable[[PartSizes], MemoryRung]:
        """Asked when it is known how large a model is: makes room where that helps, and says how it is to be run."""

        def decide(sizes: PartSizes) -> MemoryRung:
            told = least or self._settings.rung_on(self._device.name)
            if told is not None:
                return told
            best = memory_of(MemoryRung.ALL, sizes, run)
            while self._models and best > free_memory_bytes(self._device) * MARGIN and self._device.name != "cpu":
                self.forget_oldest()  # models that only wait cost nothing to drop, a slower way costs every step
            return choose_rung(self._device.name, free_memory_bytes(self._device), sizes, run)

        return decide

    @property
    def held_bytes(self) -> int:
        """Of the models' weights."""
        return sum(model.size_bytes for model in self._models.values())

    def oldest(self, *, working: bool) -> int | None:
        """As `Keeper`; at work is the model that was used last."""
        return None if len(self._models) <= working else self._used.get(next(iter(self._models)), 0)

    def forget_oldest(self) -> None:
        """Lets the model go that was used longest ago."""
        key, _model = self._models.popitem(last=False)
        self._used.pop(key, None)
        give_back(self._device)


def _how_it_loads(info: ModelInfo) -> tuple[object, ...]:
    """What the library says of a file and the file itself does not."""
    return info.family, info.variant, info.prediction, info.zero_terminal_snr, info.companions
