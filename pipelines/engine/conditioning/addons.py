"""Add-on files that were read, kept between jobs: the least recently used leave first when they grow too large."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.contract.sources import ModelSource
from pipelines.engine.memory import Device

_SHARE = 1 / 16
"""Part of the device's memory that add-ons may fill."""
_LEAST = 2**28
"""Bytes that they may fill on any machine."""


class Weighty(Protocol):
    """Something that takes memory."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        ...


AddOn = TypeVar("AddOn", bound=Weighty)


class AddOns:
    """Where a job finds its add-ons. Used by the engine's one thread only."""

    def __init__(
        self, library: ModelSource, device: Device, config_dir: Path, interrupt: Callable[[], None] = lambda: None
    ) -> None:
        self.library = library
        self.device = device
        self.config_dir = config_dir
        """Configurations for files that carry none."""
        self.interrupt = interrupt
        """Raises JobCancelled when the job at work was taken back; for networks that outlive their job."""
        self.limit = max(_LEAST, int(device.memory_bytes * _SHARE))
        """Bytes of read add-ons that are kept."""
        self._kept: OrderedDict[tuple[str, str, str, int, int], Any] = OrderedDict()

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
            self._kept[key] = read(info)
        self._kept.move_to_end(key)
        self._forget_oldest()
        return self._kept[key]

    def release(self) -> bool:
        """Forgets every add-on, for when memory ran out; False when there was none."""
        had_some = bool(self._kept)
        self._kept.clear()
        return had_some

    def _forget_oldest(self) -> None:
        while len(self._kept) > 1 and sum(one.size_bytes for one in self._kept.values()) > self.limit:
            self._kept.popitem(last=False)
