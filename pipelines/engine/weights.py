"""The networks' weights from disk, tensor by tensor, straight into the numbers they are used in.

The libraries map whole files and convert them, so that for a while two copies count. Here a network is built without
weights and each tensor is read in small pieces that stay in the processor's cache: what is in memory is never more
than the network and one such piece. Names in single files are translated by `original_names.py`.
"""

from __future__ import annotations

import contextlib
import math
import mmap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from accelerate import init_empty_weights
from diffusers.models import embeddings
from transformers import PreTrainedModel

from pipelines.engine.stored import Joined, StoredTensor, open_files, read_into, stored_tensors

_ALIGNMENT = 64
"""Bytes; what vector instructions like best."""


def network_from_folder(network_class: Any, folder: Path, files: list[Path], dtype: torch.dtype) -> EmptyNetwork:
    """A network of that folder's configuration whose weights are in `files`, to be filled later."""
    stored = stored_tensors(files)
    config = network_class.load_config(str(folder), local_files_only=True)
    return EmptyNetwork(empty_network(network_class, config), stored, dtype)


def empty_network(network_class: Any, config: Any) -> Any:
    """A network of diffusers or transformers without weights; tables that are in its files are not computed either."""
    with init_empty_weights(), mock.patch.object(embeddings, "get_2d_sincos_pos_embed", _empty_table):
        if issubclass(network_class, PreTrainedModel):
            config_class: Any = network_class.config_class
            return network_class(config if isinstance(config, config_class) else config_class(**config))
        return network_class.from_config(config)


def _empty_table(width: int, side: int, *_settings: Any, **_more: Any) -> torch.Tensor:
    """In place of the table of places of SD3: for half a minute and gigabytes it would compute what is then read."""
    return torch.empty(side * side, width, device="meta")


class EmptyNetwork:
    """A network without weights, and where they are. Raises ValueError when some are missing or have another shape."""

    def __init__(self, network: Any, stored: Mapping[str, StoredTensor | Joined], dtype: torch.dtype) -> None:
        self.network = network
        self._dtype = dtype
        self._tied = set(getattr(network, "all_tied_weights_keys", None) or ())
        self._stored = dict(stored)
        self.is_filled = False
        """Whether its weights are in memory."""
        if hasattr(network, "_fix_state_dict_keys_on_load"):
            network._fix_state_dict_keys_on_load(self._stored)  # renames what older files call differently
        wanted = self._wanted()
        missing = [name for name in wanted if name not in self._stored]
        if missing:
            raise ValueError(f"{len(missing)} weights are missing in its files, among them {missing[0]}.")
        for name, shape in wanted.items():
            if (found := self._stored[name].shape) != shape:
                raise ValueError(f"Its weight {name} has the shape {found}, not {shape}.")

    @property
    def files(self) -> list[Path]:
        """Where its weights are read from."""
        return sorted({self._stored[name].file for name in self._wanted()})

    def _wanted(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the weights to be read, by their names."""
        weights = self.network.state_dict().items()
        return {name: tuple(value.shape) for name, value in weights if name not in self._tied}

    def fill(self, device: torch.device, interrupt: Callable[[], None]) -> None:
        """Reads the weights onto the device; calls `interrupt` before each of them. Raises ValueError and OSError."""
        network, wanted, stored = self.network, self._wanted(), self._stored
        full = tuple(getattr(network, "_keep_in_fp32_modules", None) or ())
        order = sorted(wanted, key=lambda name: (str(stored[name].file), stored[name].begin))
        dtypes = {name: self._dtype_of(name, stored[name], full) for name in order}
        room = _Room(sum(_padded(math.prod(wanted[name]) * dtypes[name].itemsize) for name in order), device)
        with open_files() as open_file:
            for name in order:
                interrupt()
                value = room.tensor(wanted[name], dtypes[name])
                read_into(value, open_file, stored[name])
                _assign(network, name, value.to(device))
        if self._tied:
            network.tie_weights()
        self.is_filled = True

    def let_go(self) -> None:
        """Forgets the weights; `fill` reads them again."""
        for name, value in self.network.state_dict().items():
            _assign(self.network, name, torch.empty_like(value, device="meta"))
        self.is_filled = False

    def _dtype_of(self, name: str, tensor: StoredTensor | Joined, full: tuple[str, ...]) -> torch.dtype:
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


def _assign(network: torch.nn.Module, name: str, value: torch.Tensor) -> None:
    path, _, leaf = name.rpartition(".")
    module = network.get_submodule(path)
    if leaf in module._parameters:
        module._parameters[leaf] = torch.nn.Parameter(value, requires_grad=False)
    else:
        module._buffers[leaf] = value
