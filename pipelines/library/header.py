"""Reads the header of a safetensors file, and nothing else of it; a hostile file gets a sentence, never a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

from pipelines.contract.errors import ModelError

MAX_HEADER_BYTES = 100_000_000
"""The format's own bound; a longer header is a lie or an attack."""
_LENGTH_BYTES = 8
SAFETENSORS = frozenset({".safetensors", ".sft"})
"""Suffixes of safetensors files."""


@dataclass(frozen=True)
class Header:
    """What the header says about the tensors that follow it."""

    shapes: Mapping[str, tuple[int, ...]]
    """Key of each tensor -> its shape."""
    metadata: Mapping[str, str]
    """The writer's own notes (`__metadata__`)."""
    dtypes: frozenset[str] = frozenset()
    """Number formats that occur, in safetensors' or GGUF's names: `F16`, `F8_E4M3`, `Q4_K` …"""
    names_only: bool = False
    """The shapes are not known (every one is empty): a pickled file, of which only the names are listed."""
    packing: str = ""
    """How a GGUF file's weights are packed, as in `ModelInfo.quantized`; empty for other formats."""


class _DamageError(ValueError):
    """The header breaks the format; the message is the reason."""


def read_header(path: Path) -> Header:
    """Keys, shapes and notes of the safetensors file at `path`.

    Raises ModelError with a sentence when the file cannot be read, is cut off or breaks the format.
    """
    try:
        raw, data_bytes = _read_raw(path)
        return _parse(raw, data_bytes)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(f"The model file {path.name} cannot be read: {reason}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) if isinstance(error, _DamageError) else "its header is not valid JSON"
        raise ModelError(
            f"The model file {path.name} is damaged or incomplete: {reason}. Copy or download it again."
        ) from error


def read_notes(path: Path) -> Mapping[str, str]:
    """The writer's notes of a safetensors file; none when it is no such file or damaged."""
    if path.suffix.lower() not in SAFETENSORS:
        return {}
    try:
        return read_header(path).metadata
    except ModelError:
        return {}


def _read_raw(path: Path) -> tuple[bytes, int]:
    size = path.stat().st_size
    with path.open("rb") as file:
        prefix = file.read(_LENGTH_BYTES)
        if len(prefix) < _LENGTH_BYTES:
            raise _DamageError("it is shorter than any safetensors file")
        length = int.from_bytes(prefix, "little")
        if length > MAX_HEADER_BYTES:
            raise _DamageError("it does not begin like a safetensors file")
        if _LENGTH_BYTES + length > size:
            raise _DamageError("it ends before its header does")
        raw = file.read(length)
    if len(raw) < length:
        raise _DamageError("it ends before its header does")
    return raw, size - _LENGTH_BYTES - length


def _parse(raw: bytes, data_bytes: int) -> Header:
    text = raw.decode("utf-8")
    document = json.loads(text, parse_constant=_no_constant)
    if not isinstance(document, dict):
        raise _DamageError("its header is not a table of tensors")
    table = cast("dict[str, Any]", document)
    metadata = table.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict):
        raise _DamageError("its notes are not a table")
    if raw.count(b'"data_offsets"') != len(table):
        json.loads(text, object_pairs_hook=_unique)  # slow; a header that names no tensor twice says so once for each
    shapes, dtypes = _tensors(table, data_bytes)
    notes = {key: value for key, value in cast("dict[str, Any]", metadata).items() if isinstance(value, str)}
    return Header(shapes, notes, frozenset(dtypes))


def _tensors(table: dict[str, Any], data_bytes: int) -> tuple[dict[str, tuple[int, ...]], set[str]]:
    """Shapes and number formats. Goes round millions of times over a large library."""
    shapes: dict[str, tuple[int, ...]] = {}
    dtypes: set[str] = set()
    for key, entry in table.items():
        try:
            shape, (begin, end), dtype = entry["shape"], entry["data_offsets"], entry["dtype"]
        except (TypeError, KeyError, ValueError):
            raise _no_tensor(key) from None
        if type(shape) is not list or type(begin) is not int or type(end) is not int or type(dtype) is not str:
            raise _no_tensor(key)
        sides: list[Any] = shape
        for side in sides:
            if type(side) is not int or side < 0:
                raise _no_tensor(key)
        if not 0 <= begin <= end <= data_bytes:
            raise _misplaced(key, begin, end)
        dtypes.add(dtype)
        shapes[key] = tuple(sides)
    return shapes, dtypes


def _no_tensor(key: str) -> _DamageError:
    return _DamageError(f"the entry {key[:80]!r} of its header is not a tensor")


def _misplaced(key: str, begin: int, end: int) -> _DamageError:
    if begin < 0 or end < 0:
        return _no_tensor(key)
    if begin > end:
        return _DamageError(f"the tensor {key[:80]!r} ends before it begins")
    return _DamageError("it ends before its last tensor does")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _DamageError("its header names something twice")
    return table


def _no_constant(name: str) -> NoReturn:
    raise _DamageError(f"its header contains {name}")
