"""Brings one file: whole or not at all, resumed at the byte where it stopped, checked against what was announced.

Beside `NAME.part` lies `NAME.part.json`, which says what the bytes belong to. A resume asks with Range and If-Range
(RFC 9110 §13.1.5, §14); a server that answers with the whole file, another etag or another length starts it anew.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Self

from pipelines.library.downloads.errors import BrokenConnectionError, DownloadError
from pipelines.library.downloads.file_names import is_model_file
from pipelines.library.downloads.plan import RemoteFile
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Answer, Http

CHUNK = 1 << 18
SPARE_BYTES = 256 << 20
"""What stays free on the disk."""
LOOK_EVERY = 256 << 20
"""Bytes between two looks at the free space where nobody said how much will come."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before the next try; after the last without a byte it is given up."""


class Phase(StrEnum):
    """What is being done about a file."""

    ASKING = "asking"
    RECEIVING = "receiving"
    WAITING = "waiting"
    CHECKING = "checking"


Report = Callable[[Phase, int, int | None], None]
"""Phase, bytes of this file that are there, bytes in all if known."""


@dataclass(frozen=True)
class Line:
    """How files are fetched: shared by all files of one download."""

    http: Http
    stop: Stop
    report: Report
    key: str = ""
    pauses: tuple[float, ...] = PAUSES


@dataclass(frozen=True)
class Known:
    """What the bytes of a .part file belong to."""

    etag: str = ""
    """A strong one, of the server that sent the bytes."""
    modified: str = ""
    size: int | None = None
    digest: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """What lies beside a .part file; empty when it is missing or damaged."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            made = cls(str(data["etag"]), str(data["modified"]), data["size"], str(data["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()
        return made if made.size is None or type(made.size) is int else cls()


def fetch(file: RemoteFile, part: Path, line: Line) -> None:
    """Brings the file to `part`, however often the connection breaks. Its folder must be there.

    Raises StoppedError (what came stays for a resume), BrokenConnectionError when it was tried often enough, and
    DownloadError when the file is not what was announced (then nothing stays).
    """
    tries = 0
    while True:
        before = _size(part)
        try:
            _Fetch(file, part, line).run()
            return
        except BrokenConnectionError as error:
            tries = 1 if _size(part) > before else tries + 1
            if tries > len(line.pauses):
                raise
            line.report(Phase.WAITING, _size(part), file.size)
            line.stop.wait(max(line.pauses[tries - 1], error.wait))


def room_for(folder: Path, wanted: int) -> None:
    """Raises DownloadError when so many bytes do not fit."""
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE_BYTES:
        raise DownloadError(
            f"There is not enough room: {gigabytes(wanted)} are needed and {gigabytes(free)} are free at {folder}. "
            "Make room, or choose another folder."
        )


def gigabytes(size: int) -> str:
    """Bytes for people."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{max(size / 2**20, 0.1):.1f} MB"


class _Fetch:
    """One try."""

    def __init__(self, file: RemoteFile, part: Path, line: Line) -> None:
        self._file, self._part, self._line = file, part, line
        self._beside = part.with_name(part.name + ".json")
        self._known = Known.read(self._beside)
        self._hash = _Hash("", None)

    def run(self) -> None:
        have = self._resumable()
        self._line.report(Phase.ASKING, have, self._file.size)
        headers = {}
        if have:
            headers = {"Range": f"bytes={have}-"}
            if mark := self._known.etag or self._known.modified:
                headers["If-Range"] = mark
        with self._line.http.get(self._file.url, self._line.stop, headers, self._line.key) as answer:
            now = self._announced(answer)
            if answer.status == 416:
                if have != now.size:
                    self._forget()
                    raise BrokenConnectionError(f"{answer.host} has another file there now.")
            else:
                start = self._start(answer, now, have)
                self._receive(answer, now, start)
        self._finish(now, answer.host)

    def _resumable(self) -> int:
        """Bytes that are there and can be gone on from."""
        have, known = _size(self._part), self._known
        same = known.digest == self._file.digest or not (known.digest and self._file.digest)
        marked = bool(known.etag or known.modified or known.digest)
        if have and same and marked and (known.size is None or have <= known.size):
            return have
        self._forget()
        self._known = Known()
        return 0

    def _forget(self) -> None:
        with suppress(FileNotFoundError):
            self._part.unlink()
        with suppress(FileNotFoundError):
            self._beside.unlink()

    def _announced(self, answer: Answer) -> Known:
        """What the server says of the file. Raises DownloadError where that contradicts itself or the site's list."""
        total = _total(answer)
        linked = _number(answer.linked("X-Linked-Size"))
        sizes = {size for size in (self._file.size, linked, total) if size is not None}
        if len(sizes) > 1:
            self._forget()
            told = " and with ".join(f"{size:,}" for size in sorted(sizes))
            raise DownloadError(
                f"{self._file.path} was announced with {told} bytes. "
                f"Something is wrong at {answer.host}; nothing was kept."
            )
        digest = self._file.digest
        mark = answer.linked("X-Linked-Etag").strip('"').casefold()
        if len(mark) == 64 and all(char in "0123456789abcdef" for char in mark):
            if digest.startswith("sha256:") and digest != f"sha256:{mark}":
                self._forget()
                raise DownloadError(
                    f"{self._file.path} was replaced by another file on {answer.host}. Look it up again."
                )
            digest = f"sha256:{mark}"
        etag = str(answer.headers.get("ETag", ""))
        return Known(
            "" if etag.startswith("W/") else etag,
            str(answer.headers.get("Last-Modified", "")),
            next(iter(sizes), None),
            digest,
        )

    def _start(self, answer: Answer, now: Known, have: int) -> int:
        """The byte that the body begins with: where it was asked for, or 0 and the old bytes are forgotten."""
        before = self._known
        changed = (
            (before.etag and now.etag and before.etag != now.etag)
            or (before.size is not None and now.size is not None and before.size != now.size)
            or (before.digest and before.digest != now.digest)
        )
        if answer.status == 206:
            begins = _number(str(answer.headers.get("Content-Range", "")).removeprefix("bytes ").partition("-")[0])
            if changed or begins != have:
                self._forget()
                raise BrokenConnectionError(f"{answer.host} has another file there now.")
            return have
        if answer.headers.get_content_type() == "text/html" and is_model_file(self._file.path):
            raise DownloadError(
                f"{answer.host} sends a page instead of a model. Use the address of the file itself, not of its page."
            )
        self._forget()
        return 0

    def _receive(self, answer: Answer, now: Known, start: int) -> None:
        room_for(self._part.parent, max((now.size or 0) - start, 0))
        self._hash = _Hash(now.digest, now.size)
        try:
            with self._part.open("ab") as out:
                if start:
                    self._read_again(start, now.size)
                _write(self._beside, json.dumps(asdict(now)))
                try:
                    self._write_body(answer, out, now, start)
                finally:
                    out.flush()
                    os.fsync(out.fileno())
        except OSError as error:
            raise _disk_fault(error, self._part) from error

    def _read_again(self, start: int, total: int | None) -> None:
        """The old bytes belong to the hash as well."""
        with self._part.open("rb") as old:
            done = 0
            while piece := old.read(CHUNK):
                self._line.stop.check()
                self._hash.add(piece)
                done += len(piece)
                self._line.report(Phase.CHECKING, done, total)
        if done != start:
            raise BrokenConnectionError("The file was written by somebody else meanwhile.")

    def _write_body(self, answer: Answer, out: IO[bytes], now: Known, start: int) -> None:
        done, looked = start, start
        while piece := answer.read(CHUNK):
            done += len(piece)
            if now.size is not None and done > now.size:
                self._forget_open(out)
                raise DownloadError(
                    f"{answer.host} sends more of {self._file.path} than it announced ({now.size:,} bytes). "
                    "That is not the file; nothing was kept."
                )
            if now.size is None and done - looked >= LOOK_EVERY:
                looked = done
                room_for(self._part.parent, LOOK_EVERY)
            out.write(piece)
            self._hash.add(piece)
            self._line.report(Phase.RECEIVING, done, now.size)
        if now.size is not None and done < now.size:
            if _total(answer) is None:
                self._forget_open(out)
                raise DownloadError(
                    f"{answer.host} sent {done:,} bytes of {self._file.path} instead of {now.size:,}. "
                    "That is not the file; nothing was kept."
                )
            raise BrokenConnectionError(f"The connection to {answer.host} broke off.")

    def _forget_open(self, out: IO[bytes]) -> None:
        out.truncate(0)
        with suppress(FileNotFoundError):
            self._beside.unlink()

    def _finish(self, now: Known, host: str) -> None:
        """Checks the whole. Raises DownloadError, and keeps nothing, when it is something else."""
        if self._hash.of != now.digest or self._hash.length != _size(self._part):  # all of it was there already
            self._hash = _Hash(now.digest, now.size)
            self._read_again(_size(self._part), now.size)
        if not self._hash.fits:
            self._forget()
            raise DownloadError(
                f"{self._file.path} did not arrive as {host} announced it: its checksum is another. Nothing was kept; "
                "download it again, and if that does not help, the file on the server is damaged or was exchanged."
            )
        with suppress(FileNotFoundError):
            self._beside.unlink()


class _Hash:
    """The checksum of bytes as they come."""

    def __init__(self, digest: str, size: int | None) -> None:
        self.of, self.length = digest, 0
        kind, _, self._wanted = digest.partition(":")
        self._sum = None
        if kind == "sha256":
            self._sum = hashlib.sha256()
        elif kind == "git" and size is not None:
            self._sum = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)

    def add(self, piece: bytes) -> None:
        self.length += len(piece)
        if self._sum is not None:
            self._sum.update(piece)

    @property
    def fits(self) -> bool:
        return self._sum is None or self._sum.hexdigest() == self._wanted


def _total(answer: Answer) -> int | None:
    """Bytes of the whole file, as the answer's own head says."""
    if answer.status in (206, 416):
        return _number(str(answer.headers.get("Content-Range", "")).rpartition("/")[2])
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return None
    return _number(str(answer.headers.get("Content-Length", "")))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _disk_fault(error: OSError, part: Path) -> DownloadError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DownloadError(f"The disk at {part.parent} is full. Make room and resume; what came is kept.")
    return DownloadError(f"{part.name} cannot be written: {error.strerror or error}.")
