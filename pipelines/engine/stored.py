"""Tensors as they lie in safetensors files: where, in which numbers, and reading them piece by piece."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

_PIECE = 2**18
"""Numbers read at a time."""
_LARGEST_HEADER = 64 * 2**20
_NUMBERS = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I64": torch.int64,
    "I32": torch.int32,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
_SCALES = (".scale_weight", ".weight_scale")
"""Ends of the names that 8-bit files give to the factor of a weight."""
_ASIDE = (".scale_input", ".input_scale", ".comfy_quant", "scaled_fp8")
"""Notes of 8-bit files for programs that compute with eight bits."""
_UNREAD = (".weight_scale_inv", ".weight_scale_2")
"""Ends of the names of factors for blocks of a weight."""


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies in a file."""

    file: Path
    begin: int
    """Byte in the file."""
    dtype: torch.dtype
    shape: tuple[int, ...]
    factors: Factors | None = None
    """What its numbers are to be multiplied by."""


@dataclass(frozen=True, eq=False)
class Factors:
    """A factor for each row of a weight, or one for all of it."""

    values: torch.Tensor
    """(rows,) float32, or (1,)."""
    row: int
    """Numbers of a row."""
    first: int = 0
    """Which of the weight's numbers a part of it begins with."""

    def apply(self, numbers: torch.Tensor, start: int) -> None:
        """Multiplies `numbers`, those of the part from the `start`th on, in place."""
        if len(self.values) == 1:
            numbers.mul_(self.values[0])
            return
        begin = self.first + start
        rows = torch.arange(begin, begin + numbers.numel()).div_(self.row, rounding_mode="floor")
        numbers.mul_(self.values[rows])


@dataclass(frozen=True)
class View:
    """A strided look at a stored tensor, in numbers as torch counts them."""

    tensor: StoredTensor
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    @property
    def contiguous(self) -> bool:
        """Whether it is one run of numbers."""
        expected = 1
        for length, step in zip(reversed(self.shape), reversed(self.stride), strict=True):
            if length != 1 and step != expected:
                return False
            expected *= length
        return True

    @property
    def run(self) -> StoredTensor:
        """The stored numbers from its first to its last as a tensor of one dimension, or of its shape where it is one
        run."""
        begin = self.tensor.begin + self.offset * self.tensor.dtype.itemsize
        span = 1 + sum((length - 1) * step for length, step in zip(self.shape, self.stride, strict=True))
        factors = self.tensor.factors
        factors = factors and replace(factors, first=factors.first + self.offset)
        shape = self.shape if self.contiguous else (span,)
        return replace(self.tensor, begin=begin, shape=shape, factors=factors)


@dataclass(frozen=True)
class Joined:
    """Views one after another along an axis."""

    views: tuple[View, ...]
    axis: int
    shape: tuple[int, ...]

    @property
    def file(self) -> Path:
        """The file of the first."""
        return self.views[0].tensor.file

    @property
    def begin(self) -> int:
        """The byte of the first."""
        return self.views[0].tensor.begin

    @property
    def dtype(self) -> torch.dtype:
        """The numbers of the first."""
        return self.views[0].tensor.dtype


def stored_tensors(files: list[Path]) -> dict[str, StoredTensor]:
    """Every tensor of safetensors files by its name; reads headers only, and the factors of 8-bit weights.

    Raises ValueError for a damaged file.
    """
    return _with_scales({name: tensor for file in files for name, tensor in _tensors_of(file)})


def _tensors_of(file: Path) -> Iterator[tuple[str, StoredTensor]]:
    size = file.stat().st_size
    with file.open("rb") as stream:
        start = stream.read(8)
        (length,) = struct.unpack("<Q", start) if len(start) == 8 else (_LARGEST_HEADER + 1,)
        if length > min(_LARGEST_HEADER, size):
            raise ValueError(f"{file.name} is not a whole safetensors file; copy or download it again.")
        header = json.loads(stream.read(length))
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        if end > size:
            raise ValueError(f"{file.name} ends too early; copy or download it again.")
        if entry["dtype"] not in _NUMBERS:
            raise ValueError(f"{file.name} has weights in {entry['dtype']} numbers, which cannot be read here.")
        yield name, StoredTensor(file, begin, _NUMBERS[entry["dtype"]], tuple(entry["shape"]))


def _with_scales(stored: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
    scales = {name: tensor for name, tensor in stored.items() if name.endswith(_SCALES)}
    kept = {name: tensor for name, tensor in stored.items() if name not in scales and not name.endswith(_ASIDE)}
    for name, tensor in kept.items():
        if name.endswith(_UNREAD):
            raise ValueError(f"{tensor.file.name} packs its weights in a way that cannot be read here ({name}).")
    for name, tensor in scales.items():
        weight = name.rpartition(".")[0] + ".weight"
        if weight not in kept:
            continue
        packed = kept[weight]
        rows = packed.shape[0] if packed.shape else 1
        if not tensor.dtype.is_floating_point or math.prod(tensor.shape) not in (1, rows):
            raise ValueError(f"{tensor.file.name} packs its weights in a way that cannot be read here ({name}).")
        values = read(tensor).float().view(-1)
        kept[weight] = replace(packed, factors=Factors(values, math.prod(packed.shape) // max(1, rows)))
    return kept


@contextmanager
def open_files() -> Iterator[Any]:
    """A function from a path to its descriptor, opened once."""
    descriptors: dict[Path, Any] = {}

    def descriptor(path: Path) -> Any:
        if path not in descriptors:
            descriptors[path] = path.open("rb", buffering=0)
        return descriptors[path]

    try:
        yield descriptor
    finally:
        for stream in descriptors.values():
            stream.close()


def read(source: StoredTensor | Joined) -> torch.Tensor:
    """What is stored, as it is stored."""
    value = torch.empty(source.shape, dtype=source.dtype)
    with open_files() as open_file:
        read_into(value, open_file, source)
    return value


def read_into(value: torch.Tensor, open_file: Any, source: StoredTensor | Joined) -> None:
    """Reads what is stored into `value`, which has the same shape and may have another number format."""
    if isinstance(source, StoredTensor):
        _read_run(value.view(-1), open_file(source.file), source)
        return
    start = 0
    for view in source.views:
        length = view.shape[source.axis]
        part = value.narrow(source.axis, start, length)
        start += length
        run = view.run
        if view.contiguous and part.is_contiguous():
            _read_run(part.view(-1), open_file(run.file), run)
            continue
        whole = torch.empty(math.prod(run.shape), dtype=value.dtype)
        _read_run(whole, open_file(run.file), run)
        part.copy_(whole.view(view.shape) if view.contiguous else whole.as_strided(view.shape, view.stride))


def _read_run(flat: torch.Tensor, stream: Any, tensor: StoredTensor) -> None:
    count = flat.numel()
    stream.seek(tensor.begin)
    if flat.dtype is tensor.dtype and tensor.factors is None:
        _fill(stream, flat)
        return
    piece = torch.empty(min(_PIECE, count), dtype=tensor.dtype)
    exact = torch.empty(piece.numel())
    for start in range(0, count, _PIECE):
        part = min(_PIECE, count - start)
        _fill(stream, piece[:part])
        exact[:part].copy_(piece[:part])  # by way of fp32: several times as fast as straight from fp16 to bf16
        if tensor.factors is not None:
            tensor.factors.apply(exact[:part], start)
        flat[start : start + part].copy_(exact[:part])


def _fill(stream: Any, flat: torch.Tensor) -> None:
    rest = flat.view(torch.uint8).numpy().data
    while rest:
        read = stream.readinto(rest)
        if not read:
            raise ValueError("Its file ends too early; copy or download it again.")
        rest = rest[read:]
