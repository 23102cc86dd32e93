"""The denoising network's weights from disk, tensor by tensor, straight into the numbers they are used in.

The libraries map whole files and convert them, so that for a while two copies count. Here a network is built without
weights and each tensor is read in small pieces that stay in the processor's cache: what is in memory is never more
than the network and one such piece. Names in single files are translated by diffusers' own conversion.
"""

from __future__ import annotations

import contextlib
import json
import math
import mmap
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

_PIECE = 2**18
"""Numbers read at a time."""
_ALIGNMENT = 64
"""Bytes; what vector instructions like best."""
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
_ORIGINAL_PREFIX = "model.diffusion_model."


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies in a file."""

    file: Path
    begin: int
    """Byte in the file."""
    dtype: torch.dtype
    shape: tuple[int, ...]


def stored_tensors(files: list[Path]) -> dict[str, StoredTensor]:
    """Every tensor of safetensors files by its name; reads headers only. Raises ValueError for a damaged file."""
    return {name: tensor for file in files for name, tensor in _tensors_of(file)}


def network_from_folder(network_class: Any, folder: Path, files: list[Path], dtype: torch.dtype) -> EmptyNetwork:
    """A network of that folder's configuration whose weights are in `files`, to be filled later."""
    stored = stored_tensors(files)
    config = network_class.load_config(str(folder), local_files_only=True)
    return EmptyNetwork(_built(network_class, config), stored, dtype)


def network_from_single_file(network_class: Any, config_folder: Path, file: Path, dtype: torch.dtype) -> EmptyNetwork:
    """The same for a single file in the original layout, or one with diffusers' names."""
    config = network_class.load_config(str(config_folder), local_files_only=True)
    stored = stored_tensors([file])
    if any(name.startswith(_ORIGINAL_PREFIX) for name in stored):
        # The conversion only renames, so tensors without content serve, and each is known again by its identity.
        shapes = {name: torch.empty(tensor.shape, device="meta") for name, tensor in stored.items()}
        names = {id(shape): name for name, shape in shapes.items()}
        converted: Mapping[str, Any] = convert_ldm_unet_checkpoint(dict(shapes), dict(config))
        stored = {name: stored[names[id(shape)]] for name, shape in converted.items()}
    return EmptyNetwork(_built(network_class, config), stored, dtype)


class EmptyNetwork:
    """A network without weights, and where they are."""

    def __init__(self, network: Any, stored: Mapping[str, StoredTensor], dtype: torch.dtype) -> None:
        self.network = network
        self._stored = stored
        self._dtype = dtype

    def fill(self, device: torch.device, interrupt: Callable[[], None]) -> None:
        """Reads the weights onto the device; calls `interrupt` before each of them.

        Raises ValueError when some are missing or have another shape.
        """
        network = self.network
        wanted = network.state_dict()
        stored = dict(self._stored)
        if hasattr(network, "_fix_state_dict_keys_on_load"):
            network._fix_state_dict_keys_on_load(stored)  # renames what older files call differently
        missing = [name for name in wanted if name not in stored]
        if missing:
            raise ValueError(f"{len(missing)} weights are missing in its files, among them {missing[0]}.")
        full = tuple(getattr(network, "_keep_in_fp32_modules", None) or ())
        order = sorted(wanted, key=lambda name: (str(stored[name].file), stored[name].begin))
        dtypes = {name: self._dtype_of(name, stored[name], full) for name in order}
        room = _Room(sum(_padded(wanted[name].numel() * dtypes[name].itemsize) for name in order), device)
        with _open_files() as open_file:
            for name in order:
                interrupt()
                tensor = stored[name]
                if tensor.shape != (shape := tuple(wanted[name].shape)):
                    raise ValueError(f"Its weight {name} has the shape {tensor.shape}, not {shape}.")
                value = room.tensor(shape, dtypes[name])
                _read_into(value, open_file(tensor.file), tensor)
                _assign(network, name, value.to(device))

    def _dtype_of(self, name: str, tensor: StoredTensor, full: tuple[str, ...]) -> torch.dtype:
        if not tensor.dtype.is_floating_point:
            return tensor.dtype
        keep = self._dtype is torch.float16 and any(part in name for part in full)
        return torch.float32 if keep else self._dtype


class _Room:
    """Memory for all weights of a network at once, in the system's largest pages where it has them: a page is prepared
    when it is first touched, and half a million small ones cost more time than reading the file."""

    def __init__(self, size: int, device: torch.device) -> None:
        self._next = 0
        self._bytes: torch.Tensor | None = None
        if device.type == "cpu" and hasattr(mmap, "MADV_HUGEPAGE") and size > 0:
            try:
                memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            except OSError as error:
                raise MemoryError(f"There is no room for {size} bytes of weights.") from error
            with contextlib.suppress(OSError):  # a kernel without large pages
                memory.madvise(mmap.MADV_HUGEPAGE)
            self._bytes = torch.frombuffer(memory, dtype=torch.uint8)

    def tensor(self, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
        """An uninitialised tensor; on other devices, and elsewhere than on Linux, one with memory of its own."""
        if self._bytes is None:
            return torch.empty(shape, dtype=dtype)
        size = math.prod(shape) * dtype.itemsize
        part = self._bytes[self._next : self._next + size]
        self._next += _padded(size)
        return part.view(dtype).view(shape)


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _built(network_class: Any, config: Any) -> Any:
    with init_empty_weights():
        return network_class.from_config(config)


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
        yield name, StoredTensor(file, begin, _NUMBERS[entry["dtype"]], tuple(entry["shape"]))


@contextmanager
def _open_files() -> Iterator[Any]:
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


def _read_into(value: torch.Tensor, stream: Any, tensor: StoredTensor) -> None:
    """Reads the stored tensor into `value`, whose number format may be another one."""
    flat, count = value.view(-1), value.numel()
    stream.seek(tensor.begin)
    if value.dtype is tensor.dtype:
        _fill(stream, flat)
        return
    piece = torch.empty(min(_PIECE, count), dtype=tensor.dtype)
    exact = torch.empty(piece.numel())
    for start in range(0, count, _PIECE):
        part = min(_PIECE, count - start)
        _fill(stream, piece[:part])
        exact[:part].copy_(piece[:part])  # by way of fp32: several times as fast as straight from fp16 to bf16
        flat[start : start + part].copy_(exact[:part])


def _fill(stream: Any, flat: torch.Tensor) -> None:
    rest = flat.view(torch.uint8).numpy().data
    while rest:
        read = stream.readinto(rest)
        if not read:
            raise ValueError("Its file ends too early; copy or download it again.")
        rest = rest[read:]


def _assign(network: torch.nn.Module, name: str, value: torch.Tensor) -> None:
    path, _, leaf = name.rpartition(".")
    module = network.get_submodule(path)
    if leaf in module._parameters:
        module._parameters[leaf] = torch.nn.Parameter(value, requires_grad=False)
    else:
        module._buffers[leaf] = value
