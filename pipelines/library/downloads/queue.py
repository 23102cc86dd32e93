"""The queue of downloads: two at a time, paused and resumed by the person, remembered until the next start.

What was under way when the program ended is paused at the next start: nothing is fetched unless asked for.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.library.downloads.errors import DownloadError, KeyNeededError, StoppedError
from pipelines.library.downloads.fetching import PAUSES, Phase
from pipelines.library.downloads.installing import Terms, already_there, bytes_there, discard, install, place_of
from pipelines.library.downloads.keys import Keys
from pipelines.library.downloads.plan import Plan
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http

log = logging.getLogger(__name__)
AT_ONCE = 2
SPEED_SECONDS = 6.0
"""The speed that is shown is that of the last seconds."""


class State(StrEnum):
    """How a download stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = frozenset({State.QUEUED, State.RUNNING})
RESUMABLE = frozenset({State.PAUSED, State.FAILED, State.CANCELLED})


@dataclass(frozen=True)
class Download:
    """One download, as it stood when somebody looked."""

    plan: Plan
    root: Path
    """The model folder that it goes to."""
    state: State = State.QUEUED
    phase: Phase = Phase.ASKING
    done: int = 0
    """Bytes that are there."""
    total: int | None = None
    speed: float = 0.0
    """Bytes a second, of late."""
    sentence: str = ""
    """Why it failed."""
    key_of: str = ""
    """The site whose key it wants, a member of `Site`."""
    places: tuple[Path, ...] = ()
    """Where it lies now that it is done."""

    @property
    def id(self) -> str:
        """The plan's."""
        return self.plan.id

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None when nobody can tell."""
        if self.state is not State.RUNNING or not self.total or self.speed < 1:
            return None
        return max(self.total - self.done, 0) / self.speed

    def to_dict(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {
            "plan": self.plan.to_dict(),
            "root": str(self.root),
            "state": self.state.value,
            "done": self.done,
            "total": self.total,
            "sentence": self.sentence,
            "places": [str(place) for place in self.places],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Download:
        """Reads what `to_dict` wrote; what was open then is paused. Raises as `Plan.from_dict`."""
        plan, root, state = Plan.from_dict(data["plan"]), Path(data["root"]), State(data["state"])
        if state in OPEN:
            state = State.PAUSED
        done = data["done"] if state is State.DONE else bytes_there(root, plan)
        places = tuple(Path(place) for place in data["places"])
        return cls(
            plan, root, state, done=int(done), total=data["total"], sentence=str(data["sentence"]), places=places
        )


class DownloadQueue:
    """All downloads of one program. Any thread may call; each call returns at once."""

    def __init__(self, http: Http, keys: Keys, memory: Path | None = None, pauses: tuple[float, ...] = PAUSES) -> None:
        """Reads what was remembered in `memory`, and starts nothing."""
        self.http, self.keys = http, keys
        self.finished: Callable[[Download], None] = lambda _: None
        """Called on a thread of the queue when one is done."""
        self._memory, self._pauses = memory, pauses
        self._lock = threading.RLock()
        self._downloads: dict[str, Download] = {one.id: one for one in _remembered(memory)}
        self._workers: dict[str, tuple[threading.Thread, Stop]] = {}
        self._paces: dict[str, deque[tuple[float, int]]] = {}
        self._closed = False

    def downloads(self) -> list[Download]:
        """Every download as it stands, the oldest first."""
        with self._lock:
            return [replace(one, speed=self._speed(one)) for one in self._downloads.values()]

    def add(self, plan: Plan, root: Path) -> str:
        """Queues a plan, and goes on with it where it stopped if it is known. Gives its id.

        Raises DownloadError when it is there already, or is nothing that may be written.
        """
        plan.check()
        if already_there(root, plan):
            raise DownloadError(f"{plan.title} is already there: {place_of(root, plan)[0]}.")
        with self._lock:
            known = self._downloads.get(plan.id)
            if known is None or known.state not in OPEN:
                self._downloads.pop(plan.id, None)
                self._downloads[plan.id] = Download(plan, root, done=bytes_there(root, plan), total=plan.estimate)
                self._changed()
        return plan.id

    def pause(self, download_id: str) -> None:
        """Stops it; what came stays."""
        self._stop(download_id, State.PAUSED)

    def cancel(self, download_id: str) -> None:
        """Stops it and takes away what came."""
        self._stop(download_id, State.CANCELLED)

    def resume(self, download_id: str) -> None:
        """Goes on with one that was paused, failed or cancelled."""
        with self._lock:
            one = self._downloads.get(download_id)
            if one is not None and one.state in RESUMABLE:
                self._downloads[one.id] = replace(one, state=State.QUEUED, phase=Phase.ASKING, sentence="", key_of="")
                self._changed()

    def remove(self, download_id: str) -> None:
        """Takes it out of the list; one that is not done is cancelled."""
        with self._lock:
            one = self._downloads.get(download_id)
            if one is None:
                return
            if one.state is not State.DONE:
                self.cancel(download_id)
            del self._downloads[download_id]
            self._changed()

    def pause_all(self) -> None:
        """Pauses whatever is open."""
        for one in self.downloads():
            if one.state in OPEN:
                self.pause(one.id)

    def close(self, seconds: float = 2.0) -> None:
        """Pauses everything and waits a little for its threads; the queue is of no more use."""
        with self._lock:
            self._closed = True
            self.pause_all()
            threads = [thread for thread, _ in self._workers.values()]
        until = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))

    def _stop(self, download_id: str, state: State) -> None:
        with self._lock:
            one = self._downloads.get(download_id)
            if one is None or one.state not in OPEN | RESUMABLE:
                return
            self._downloads[one.id] = replace(one, state=state, sentence="", key_of="")
            if one.id in self._workers:
                self._workers[one.id][1].throw()
            elif state is State.CANCELLED:
                self._start(one, Stop(), self._discard)
            if state is State.CANCELLED:
                self._downloads[one.id] = replace(self._downloads[one.id], done=0)
            self._changed()

    def _changed(self) -> None:
        """Writes down how it stands, and begins what may begin. The lock is held."""
        for one in self._downloads.values():
            if self._closed or len(self._workers) >= AT_ONCE:
                break
            # one that is cancelled and wanted again waits until its old thread is gone
            if one.state is State.QUEUED and one.id not in self._workers:
                self._downloads[one.id] = replace(one, state=State.RUNNING)
                self._paces[one.id] = deque([(time.monotonic(), one.done)])
                self._start(one, Stop(), self._work)
        self._remember()

    def _start(self, one: Download, stop: Stop, work: Callable[[Download, Stop], None]) -> None:
        thread = threading.Thread(target=work, args=(one, stop), name=f"download {one.id}", daemon=True)
        self._workers[one.id] = (thread, stop)
        thread.start()

    def _discard(self, one: Download, _stop: Stop) -> None:
        """Takes away what came; until that is done it does not begin again."""
        discard(one.root, one.plan)
        with self._lock:
            self._workers.pop(one.id, None)
            self._changed()

    def _work(self, one: Download, stop: Stop) -> None:
        def tell(phase: Phase, done: int, total: int | None) -> None:
            self._tell(one.id, stop, phase, done, total)

        changes: dict[str, Any] = {}
        try:
            key = self.keys.get(one.plan.site)
            places = install(one.plan, Terms(one.root, self.http, stop, tell, key, self._pauses))
            changes = {"state": State.DONE, "places": tuple(places)}
        except StoppedError:
            changes = {}
        except DownloadError as error:
            site = error.site if isinstance(error, KeyNeededError) else ""
            changes = {"state": State.FAILED, "sentence": str(error), "key_of": site}
        finally:
            self._ended(one, stop, changes)

    def _ended(self, one: Download, stop: Stop, changes: dict[str, Any]) -> None:
        done = changes.get("state") is State.DONE
        with self._lock:
            now = self._downloads.get(one.id)
            if now is not None and done:
                now = replace(now, done=now.total or now.done, **changes)  # it was quicker than whoever stopped it
                self._downloads[one.id] = now
            elif now is not None and not stop.thrown:
                unforeseen = {"state": State.FAILED, "sentence": "It ended for a reason nobody foresaw; see the log."}
                self._downloads[one.id] = replace(now, **(changes or unforeseen))
            unwanted = not done and (now is None or now.state is State.CANCELLED)
        if unwanted:
            discard(one.root, one.plan)
        with self._lock:
            self._workers.pop(one.id, None)
            self._changed()
        if now is not None and done:
            self.finished(now)

    def _tell(self, download_id: str, stop: Stop, phase: Phase, done: int, total: int | None) -> None:
        with self._lock:
            one = self._downloads.get(download_id)
            if one is None or stop.thrown:
                return
            self._downloads[download_id] = replace(one, phase=phase, done=done, total=total or one.total)
            if phase is not Phase.RECEIVING:
                self._paces[download_id] = deque([(time.monotonic(), done)])
            else:
                self._note_pace(self._paces[download_id], done)

    @staticmethod
    def _note_pace(pace: deque[tuple[float, int]], done: int) -> None:
        now = time.monotonic()
        if now - pace[-1][0] > 0.1:
            pace.append((now, done))
        while len(pace) > 2 and now - pace[0][0] > SPEED_SECONDS:
            pace.popleft()

    def _speed(self, one: Download) -> float:
        pace = self._paces.get(one.id)
        if one.state is not State.RUNNING or one.phase is not Phase.RECEIVING or not pace:
            return 0.0
        (began, first), now = pace[0], time.monotonic()
        return max(one.done - first, 0) / (now - began) if now > began else 0.0

    def _remember(self) -> None:
        if self._memory is None:
            return
        kept = [one.to_dict() for one in self._downloads.values() if one.state is not State.CANCELLED]
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._memory.with_name(self._memory.name + ".new")
            fresh.write_text(json.dumps({"downloads": kept}, ensure_ascii=False), encoding="utf-8")
            fresh.replace(self._memory)
        except OSError as error:
            log.warning("The list of downloads could not be written: %s", error)


def _remembered(memory: Path | None) -> list[Download]:
    if memory is None:
        return []
    try:
        entries = json.loads(memory.read_text(encoding="utf-8"))["downloads"]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The list of downloads cannot be read and starts anew: %s", error)
        return []
    found: list[Download] = []
    for entry in entries if isinstance(entries, list) else []:
        try:
            found.append(Download.from_dict(entry))
        except (KeyError, TypeError, ValueError, DownloadError) as error:
            log.warning("A download of the last time cannot be understood and is left out: %s", error)
    return found
