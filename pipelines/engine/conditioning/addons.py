"""Add-on files that were read, kept between jobs within the budget that they share with the models."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.contract.sources import ModelSource
from pipelines.engine.memory import Device, give_back, is_out_of_memory
from pipelines.engine.memory_budget import MemoryBudget

_SHARE = 1 / 16
"""Part of the device's memory that weights may fill which stand in the place of a model's own."""
_LEAST = 2**28
"""Bytes that these may fill on any machine, and that add-ons always may."""


class Weighty(Protocol):
    """Something that takes memory."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        ...


AddOn = TypeVar("AddOn", bound=Weighty)
Relief = Callable[[], bool]
"""Makes room on the device; False when there was nothing to be done."""
Key = tuple[str, str, str, int, int]
"""Path, who read it, for which place, size and time."""


class AddOns:
    """Where a job finds its add-ons. Used by the engine's one thread only."""

    def __init__(
        self,
        library: ModelSource,
        device: Device,
        config_dir: Path,
        interrupt: Callable[[], None] = lambda: None,
        budget: MemoryBudget | None = None,
    ) -> None:
        self.library = library
        self.device = device
        self.config_dir = config_dir
        """Configurations for files that carry none."""
        self.interrupt = interrupt
        """Raises JobCancelled when the job at work was taken back; for networks that outlive their job."""
        self.limit = max(_LEAST, int(device.memory_bytes * _SHARE))
        """Bytes of weights that may stand in the place of a model's own."""
        self._reliefs: Sequence[Relief] = ()
        self._budget = budget or MemoryBudget(self.limit)
        self._budget.join(self)
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._used: dict[Key, int] = {}

    def read(self, info: ModelInfo, read: Callable[[ModelInfo], AddOn], place: str = "") -> AddOn:
        """What `read` makes of that file, from memory when it was read before and has not changed since.

        `place` tells apart what the same file becomes beside different models.
        Raises ModelError when it is not there any more, and what `read` raises.
        """
        path = Path(info.path)
        try:
            stamp = path.stat()
        except OSError as error:
            raise ModelError(
                f"'{info.name}' is no longer at {path}. Put it back or remove it from the library."
            ) from error
        key = (info.path, read.__qualname__, place, stamp.st_size, stamp.st_mtime_ns)
        if key not in self._kept:
            self._budget.make_room(stamp.st_size, working=True)
            self._kept[key] = self._read_somehow(info, read)
        self._kept.move_to_end(key)
        self._used[key] = self._budget.now()
        return self._kept[key]

    def release(self) -> bool:
        """Forgets every add-on, for when memory ran out; False when there was none."""
        had_some = bool(self._kept)
        self._kept.clear()
        self._used.clear()
        return had_some

    @property
    def held_bytes(self) -> int:
        """Of what was read."""
        return sum(one.size_bytes for one in self._kept.values())

    def oldest(self, *, working: bool) -> int | None:
        """As `Keeper`: a few small ones always stay; those of a job that has begun live as long as it does anyway."""
        del working
        return None if self.held_bytes <= _LEAST else self._used[next(iter(self._kept))]

    def forget_oldest(self) -> None:
        """Lets the add-on go that was used longest ago."""
        key, _addon = self._kept.popitem(last=False)
        del self._used[key]

    @contextmanager
    def relieved_by(self, *reliefs: Relief) -> Iterator[None]:
        """Within it these are called, one after the other, where there is no room for an add-on; then it is read
        again."""
        self._reliefs = reliefs
        try:
            yield
        finally:
            self._reliefs = ()  # they know the model, which must be free to leave

    def _read_somehow(self, info: ModelInfo, read: Callable[[ModelInfo], AddOn]) -> AddOn:
        reliefs = iter((self.release, *self._reliefs))
        while True:
            try:
                return read(info)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                failed = error.with_traceback(None)  # it would hold what was read
            if not any(relief() for relief in reliefs):  # goes on behind the one that did something
                raise failed
            give_back(self.device)
