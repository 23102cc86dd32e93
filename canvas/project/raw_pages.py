"""Reads rows straight from the pages of an SQLite file, however damaged the rest of it is.

SQLite gives up at the first page that it cannot read; here every page stands for itself.
Source of the formats: https://www.sqlite.org/fileformat2.html, sections 1.3 to 1.6, 2.1, 2.3 and 4.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TypeAlias

Value: TypeAlias = int | float | str | bytes | None

MAGIC = b"SQLite format 3\0"
TABLE_LEAF, INDEX_LEAF = 0x0D, 0x0A
TABLE_INTERIOR, INDEX_INTERIOR = 0x05, 0x02
LEAF_HEADER, INTERIOR_HEADER = 8, 12
WAL_HEADER, FRAME_HEADER = 32, 24
MAX_ROW = 1 << 30
"Bytes of one row; a length beyond it is damage."
FREE_PAGE = 2
"The pointer map's word for a page that nothing uses."


class Row(NamedTuple):
    """One row as it lies in a page."""

    page: int
    rowid: int | None
    "None in indexes and in tables without row ids."
    values: tuple[Value, ...]


class RawPages:
    """The pages of a file and of the write-ahead log beside it, as of the last commit. Never writes."""

    def __init__(self, path: Path, usual_page_size: int) -> None:
        """Raises OSError. The usual size is taken where the file does not name a possible one."""
        # No mapping: a disk that fails under one ends the program.
        self._file = path.open("rb", buffering=0)
        size = path.stat().st_size
        self.page_size = _page_size(self._file.read(100), usual_page_size)
        log = path.with_name(path.name + "-wal")
        self._newer = read_log(log.read_bytes(), self.page_size) if log.is_file() else {}
        self.count = max(size // self.page_size, *self._newer) if self._newer else size // self.page_size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def header(self) -> bytes:
        """The first 100 bytes, or fewer."""
        return self.page(1)[:100]

    def page(self, number: int) -> bytes:
        """A page, counted from 1; empty where there is none."""
        newer = self._newer.get(number)
        if newer is not None:
            return newer
        if not 0 < number <= self.count:
            return b""
        try:
            self._file.seek((number - 1) * self.page_size)
            return self._file.read(self.page_size) or b""
        except OSError:  # a place that the disk cannot read
            return b""

    def is_free(self, number: int) -> bool:
        """Whether the pointer map says that nothing uses a page."""
        entries = self.page_size // 5
        place = (number - 3) // (entries + 1) * (entries + 1) + 2
        page, at = self.page(place), 5 * (number - place - 1)
        return number > 2 and 0 <= at < len(page) and page[at] == FREE_PAGE

    def owners(self, roots: dict[str, int]) -> dict[int, str]:
        """Which table or index a page belongs to, as far as its tree can be followed from its root."""
        found: dict[int, str] = {}
        for name, root in roots.items():
            waiting = [root]
            while waiting:
                number = waiting.pop()
                if number in found or not 0 < number <= self.count:
                    continue
                found[number] = name
                waiting.extend(self._children(number))
        return found

    def is_whole(self, number: int) -> bool:
        """Whether a page is one of a table or index, and every row in it can be read."""
        page = self.page(number)
        start = 100 if number == 1 else 0
        if len(page) < self.page_size:
            return False
        if page[start] == TABLE_INTERIOR:
            return True
        wanted = int.from_bytes(page[start + 3 : start + 5], "big")
        kinds = (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR)
        return page[start] in kinds and sum(1 for _ in self.rows(number)) == wanted

    def rows(self, number: int) -> Iterator[Row]:
        """Every row of a page that can be read; none of pages that are not of a table or index."""
        page = self.page(number)
        start = 100 if number == 1 else 0
        if len(page) < self.page_size or page[start] not in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
            return
        kind = page[start]
        for at in _cells(page, start, INTERIOR_HEADER if kind == INDEX_INTERIOR else LEAF_HEADER):
            try:
                row = self._row(number, page, at, kind)
            except (IndexError, ValueError, struct.error):
                continue
            if row is not None:
                yield row

    def _children(self, number: int) -> list[int]:
        page = self.page(number)
        start = 100 if number == 1 else 0
        if len(page) < self.page_size or page[start] not in (TABLE_INTERIOR, INDEX_INTERIOR):
            return []
        places = [start + 8, *_cells(page, start, INTERIOR_HEADER)]
        return [int.from_bytes(page[at : at + 4], "big") for at in places]

    def _row(self, number: int, page: bytes, at: int, kind: int) -> Row | None:
        if kind == INDEX_INTERIOR:
            at += 4
        length, at = _varint(page, at)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, at = _varint(page, at)
        if not 0 < length <= MAX_ROW:
            return None
        payload = self._payload(page, at, length, kind)
        return None if payload is None else Row(number, rowid, decode_row(payload))

    def _payload(self, page: bytes, at: int, length: int, kind: int) -> bytes | None:
        usable = self.page_size
        most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return page[at : at + length]
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
        parts, left = [page[at : at + local]], length - local
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        while left > 0:
            more = self.page(following)
            if len(more) < self.page_size:
                return None
            parts.append(more[4 : 4 + min(left, usable - 4)])
            left -= usable - 4
            following = int.from_bytes(more[:4], "big")
        return b"".join(parts)


def read_log(data: bytes, page_size: int) -> dict[int, bytes]:
    """The pages of a write-ahead log up to the last whole commit, by number."""
    if len(data) < WAL_HEADER or int.from_bytes(data[8:12], "big") != page_size:
        return {}
    order = {0x377F0682: "<", 0x377F0683: ">"}.get(int.from_bytes(data[:4], "big"))
    if order is None:
        return {}
    salts, sums = data[16:24], _checksum(data[:24], (0, 0), order)
    committed: dict[int, bytes] = {}
    open_pages: dict[int, bytes] = {}
    for at in range(WAL_HEADER, len(data) - FRAME_HEADER - page_size + 1, FRAME_HEADER + page_size):
        head, body = data[at : at + FRAME_HEADER], data[at + FRAME_HEADER : at + FRAME_HEADER + page_size]
        sums = _checksum(body, _checksum(head[:8], sums, order), order)
        if head[8:16] != salts or struct.unpack(">II", head[16:24]) != sums:
            break
        open_pages[int.from_bytes(head[:4], "big")] = body
        if int.from_bytes(head[4:8], "big"):
            committed.update(open_pages)
            open_pages = {}
    return committed


def decode_row(payload: bytes) -> tuple[Value, ...]:
    """The values of a record. Raises ValueError, IndexError or struct.error when it is none."""
    length, at = _varint(payload, 0)
    if not 0 < length <= len(payload):
        raise ValueError("a row's header is longer than the row")
    kinds: list[int] = []
    while at < length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(data: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in (10, 11):
        raise ValueError("a kind of value that SQLite never stores")
    length = (0, 1, 2, 3, 4, 6, 8, 8)[kind] if kind < 8 else (kind - 12) // 2
    raw = data[at : at + length]
    if len(raw) != length:
        raise ValueError("a row ends too early")
    if kind == 7:
        return struct.unpack(">d", raw)[0], at + length
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True), at + length
    return (raw.decode("utf-8") if kind % 2 else raw), at + length


def _cells(page: bytes, start: int, header: int) -> list[int]:
    """Where the cells of a tree page begin."""
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    first = start + header
    count = min(count, (len(page) - first) // 2)
    places = struct.unpack_from(f">{count}H", page, first)
    return [at for at in places if first <= at < len(page)]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return (value - (1 << 64) if value >= 1 << 63 else value), at + 9


def _checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & 0xFFFFFFFF
        second = second + odd + first & 0xFFFFFFFF
    return first, second


def _page_size(header: bytes, usual: int) -> int:
    said = int.from_bytes(header[16:18], "big")
    said = 65536 if said == 1 else said
    fits = said in (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
    return said if header.startswith(MAGIC) and fits else usual
