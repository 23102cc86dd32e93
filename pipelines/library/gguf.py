"""Reads the header of a GGUF file: names, shapes and number formats of its tensors, and its short notes.

The layout is that of the GGUF specification, versions 2 and 3, little-endian: magic, version, number of tensors,
number of notes; notes as (name, type, value); tensors as (name, dimensions, type, offset). Every number in it may be a
lie: counts and lengths are bounded before anything is read or kept.
"""

from __future__ import annotations

import io
import struct
from collections import Counter
from pathlib import Path
from typing import BinaryIO

from pipelines.contract.errors import ModelError
from pipelines.library.header import Header

MAGIC = b"GGUF"
MAX_HEADER_BYTES = 64 * 2**20
"""The largest vocabularies in such files take about 10 MiB."""
_MAX_TENSORS = 100_000
_MAX_NOTES = 10_000
_MAX_NAME = 65_535
_MAX_KEPT = 4_096
"""Longer notes are passed over."""
_FIXED = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""Types of notes that are plain numbers, in struct's letters."""
_STRING, _ARRAY = 8, 9
_FORMATS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
    20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip


class _DamageError(ValueError):
    """The header breaks the format; the message is the reason."""


def read_gguf(path: Path) -> Header:
    """Names, shapes (outermost dimension first, as in torch), formats and text notes of the GGUF file at `path`.

    Raises ModelError with a sentence when the file cannot be read, is cut off or breaks the format.
    """
    try:
        with path.open("rb") as file:
            return _parse(_Reader(file, path.stat().st_size))
    except OSError as error:
        raise ModelError(f"The model file {path.name} cannot be read: {error.strerror or error}.") from error
    except (_DamageError, struct.error, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, _DamageError) else "its header breaks off"
        raise ModelError(
            f"The model file {path.name} is damaged or incomplete: {reason}. Copy or download it again."
        ) from error


class _Reader:
    """Reads forward and never further than the header may be long."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = io.BufferedReader(file, 1 << 16) if isinstance(file, io.RawIOBase) else file
        self._size = size
        self._left = min(size, MAX_HEADER_BYTES)

    def take(self, count: int) -> bytes:
        """The next bytes."""
        self._pay(count)
        data = self._file.read(count)
        if len(data) < count:
            raise _DamageError("it ends before its header does")
        return data

    def skip(self, count: int) -> None:
        """Passes over bytes."""
        self._pay(count)
        self._file.seek(count, io.SEEK_CUR)

    def number(self, letter: str) -> int:
        """A plain number, by struct's letter."""
        return struct.unpack("<" + letter, self.take(struct.calcsize("<" + letter)))[0]

    def text(self, longest: int = _MAX_NAME) -> str:
        """A string; empty when it is longer than wanted."""
        length = self.number("Q")
        if length > longest:
            self.skip(length)
            return ""
        return self.take(length).decode("utf-8")

    def _pay(self, count: int) -> None:
        if count > self._left:
            whole = self._left >= self._size
            raise _DamageError("it ends before its header does" if not whole else "its header has no end")
        self._left -= count


def _parse(reader: _Reader) -> Header:
    if reader.take(4) != MAGIC:
        raise _DamageError("it does not begin like a GGUF file")
    version = reader.number("I")
    if version not in (2, 3):
        raise _DamageError(f"it is of version {version} of the format, not 2 or 3")
    tensors, notes = reader.number("Q"), reader.number("Q")
    if tensors > _MAX_TENSORS or notes > _MAX_NOTES:
        raise _DamageError("its header promises more tensors than any model has")
    metadata = dict(filter(None, (_note(reader) for _ in range(notes))))
    shapes: dict[str, tuple[int, ...]] = {}
    sizes: Counter[str] = Counter()
    for _ in range(tensors):
        name, shape, kind = _tensor(reader)
        if name in shapes:
            raise _DamageError("its header names something twice")
        shapes[name] = shape
        sizes[kind] += _product(shape)
    packing = max(sizes, key=lambda kind: (sizes[kind], kind)) if sizes else "unknown"
    return Header(shapes, metadata, frozenset(sizes), packing=f"gguf-{packing.lower()}")


def _note(reader: _Reader) -> tuple[str, str] | None:
    """A note that is a short text or a number, as text; None for anything else."""
    name, kind = reader.text(), reader.number("I")
    if kind == _STRING:
        return name, reader.text(_MAX_KEPT)
    if kind in _FIXED:
        return name, str(reader.number(_FIXED[kind]))
    if kind != _ARRAY:
        raise _DamageError(f"the note {name[:80]!r} of its header is of no known kind")
    inner, count = reader.number("I"), reader.number("Q")
    if inner in _FIXED:
        reader.skip(count * struct.calcsize("<" + _FIXED[inner]))
    elif inner == _STRING:
        for _ in range(count):
            reader.skip(reader.number("Q"))
    else:
        raise _DamageError(f"the note {name[:80]!r} of its header is of no known kind")
    return None


def _tensor(reader: _Reader) -> tuple[str, tuple[int, ...], str]:
    name, dimensions = reader.text(), reader.number("I")
    if not name or dimensions > 8:
        raise _DamageError("an entry of its header is not a tensor")
    shape = struct.unpack(f"<{dimensions}Q", reader.take(8 * dimensions))
    kind = reader.number("I")
    reader.skip(8)
    if any(side > 2**40 for side in shape):
        raise _DamageError(f"the tensor {name[:80]!r} is larger than any can be")
    return name, tuple(reversed(shape)), _FORMATS.get(kind, f"type{kind}")


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total
