"""Notices when something changes in model folders: a thread that compares stamps every few seconds.

Asking the system to tell of changes needs another mechanism on each system, has limits on the number of folders, and
is silent about network drives, where many people keep their models. Comparing the times of a few hundred folders and
files takes milliseconds, works everywhere, and adapts: the slower the drive, the rarer the look.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipelines.contract.errors import ModelError
from pipelines.library.probe import Stamp, stamp_of

_SHARE = 50
"""At most one part in so many of the time is spent looking."""
_MOST_WAITS = 20
"""A folder that keeps changing (a long copy) is scanned at last all the same."""


class Known(NamedTuple):
    """What a scan saw."""

    folders: Mapping[str, int]
    """Folder -> its time of change when it was listed; 0: it was not there."""
    models: Mapping[str, Stamp]
    """Model -> its stamp when it was looked at."""


class Watch:
    """Calls `scan` after what is on the disk differs from what is `known` and is at rest. Any thread may `stop` it."""

    def __init__(self, known: Callable[[], Known], scan: Callable[[], None], every: float = 3.0) -> None:
        self._known = known
        self._scan = scan
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model folders", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the watch; returns when a scan under way is done."""
        self._stopped.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        waits, rest = 0, self._every
        last = handled = None
        while not self._stopped.wait(rest):
            began = time.monotonic()
            known = self._known()
            now = _on_disk(known)
            rest = max(self._every, (time.monotonic() - began) * _SHARE)
            moving, last = now != last, now
            waits = waits + 1 if moving else 0
            if now in (known, handled) or (moving and waits < _MOST_WAITS):
                continue
            waits, handled = 0, now
            try:
                self._scan()
            except ModelError:  # the index cannot be written just now; the next change tries again
                continue


def _on_disk(known: Known) -> Known:
    """The same places as they are now; models that went are left out."""
    folders = {folder: _changed(folder) for folder in known.folders}
    models: dict[str, Stamp] = {}
    for path in known.models:
        try:
            models[path] = stamp_of(Path(path))
        except OSError:
            continue
    return Known(folders, models)


def _changed(folder: str) -> int:
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0
