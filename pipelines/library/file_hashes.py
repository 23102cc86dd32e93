"""The SHA-256 of model files: worked out in the background, remembered by path, size and time of change.

Hashing gigabytes takes as long as reading them, so no job ever waits for it. Whoever asks for a model gets the hash
if it is known; if not, it is worked out later, on one thread, slowly, once no model was asked for during QUIET
seconds, and jobs after that have it. Until then `model_hash` (names, shapes and sizes of all tensors), `weights_hash`
(samples of the weights), size and time of change tell models apart: the engine takes those in milliseconds.

The hash of one file is the plain SHA-256 that model sites and other programs show. The hash of a folder is the SHA-256
of one line for each file of weights, "SHA-256, two spaces, path in the folder", in the order of the paths: what
`sha256sum` prints.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.library.index import Index
from pipelines.library.probe import Stamp, stamp_of

QUIET = 20.0
"""Seconds after the last model was asked for before the disk is read: it is loading just then."""
_CHUNK = 1 << 20
_REST = 1.0
"""Seconds of rest for each second of work."""
WEIGHTS = (".safetensors", ".sft", ".bin", ".ckpt", ".pt", ".pth", ".gguf")


class FileHashes:
    """Known hashes, and a thread that works the others out. Any thread may call."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[tuple[str, Stamp], str] = {}
        self._waiting: deque[ModelInfo] = deque()
        self._lock = threading.Lock()
        self._asked = 0.0
        self._worker: threading.Thread | None = None

    def of(self, info: ModelInfo) -> str:
        """The SHA-256 in hex, or empty: then it is worked out in the background."""
        with self._lock:
            self._asked = time.monotonic()
        found = self.known(info)
        if not found:
            self.queue([info], first=True)
        return found

    def known(self, info: ModelInfo) -> str:
        """The SHA-256 in hex if it is known, else empty."""
        stamp = Stamp(info.size_bytes, info.modified_ns)
        with self._lock:
            if found := self._known.get((info.path, stamp), ""):
                return found
        try:
            found = self._index.hash_of(info.path, stamp)
        except ModelError:  # a library without a memory still has its models
            return ""
        if found:
            with self._lock:
                self._known[info.path, stamp] = found
        return found

    def queue(self, infos: Iterable[ModelInfo], *, first: bool = False) -> None:
        """Has these worked out in the background, the small ones first; what is known already costs nothing again.

        Every file's hash is remembered as soon as it is there, so a restart goes on with the file it was at.
        """
        wanted = sorted(
            (info for info in infos if info.path and not self.known(info)), key=lambda info: info.size_bytes
        )
        with self._lock:
            waiting = {info.path for info in self._waiting}
            fresh = [info for info in wanted if info.path not in waiting]
            if first:
                at = 1 if self._waiting else 0  # the one in work stays where it is
                for info in fresh:
                    self._waiting.insert(at, info)
            else:
                self._waiting.extend(fresh)
            if self._waiting and self._worker is None:
                self._worker = threading.Thread(target=self._work, name="model hashes", daemon=True)
                self._worker.start()

    def work_out(self, info: ModelInfo, rest: float = 0.0) -> str:
        """Reads the files now; the hash, empty if they changed since `info` or cannot be read.

        `rest`: seconds of rest for each second of work.
        """
        path, stamp = Path(info.path), Stamp(info.size_bytes, info.modified_ns)
        try:
            found = _sha256_of(path, rest)
            if stamp_of(path) != stamp:
                return ""
        except OSError:
            return ""
        self.remember(info, found)
        return found

    def remember(self, info: ModelInfo, found: str) -> None:
        """Somebody read the files as `info` describes them: this is their hash."""
        stamp = Stamp(info.size_bytes, info.modified_ns)
        with self._lock:
            self._known[info.path, stamp] = found
        with suppress(ModelError):  # then it is known until the program ends
            self._index.remember_hash(info.path, stamp, found)

    def _work(self) -> None:
        while True:
            with self._lock:
                quiet = time.monotonic() - self._asked
                if not self._waiting:
                    self._worker = None
                    return
                info = self._waiting[0] if quiet >= QUIET else None
            if info is None:
                time.sleep(QUIET - quiet)
                continue
            self.work_out(info, _REST)
            with self._lock:
                self._waiting.popleft()


def _sha256_of(path: Path, rest: float) -> str:
    if path.is_file():
        return _sha256_of_file(path, rest)
    names = sorted(
        file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file() and file.suffix in WEIGHTS
    )
    lines = [f"{_sha256_of_file(path / name, rest)}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256_of_file(path: Path, rest: float) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        began = time.perf_counter()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)  # lets other threads run meanwhile
            if rest:
                time.sleep((time.perf_counter() - began) * rest)
                began = time.perf_counter()
    return digest.hexdigest()
