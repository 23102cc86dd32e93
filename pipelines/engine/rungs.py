"""Where the parts of a loaded model wait, and how they come to the device when they are at work.

A part that visits the device leaves its weights where they are and gets copies; when it goes, the copies are dropped
and nothing is carried back. On a CPU there is nowhere to wait but the disk: text encoders are read again when new words
come, by the same quick reader that read them first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.single_files import Assembly
from pipelines.engine.weights import EmptyNetwork
from pipelines.planning.memory_cost import MemoryRung, PartSizes, RunSize, memory_of

_LARGEST_BLOCK = 2**29
"""Bytes; blocks that are larger come in parts."""
_HOME = torch.device("cpu")
_IN_EIGHT_BITS = ("", "fp8")
"""Packings of files whose networks may be kept in eight bits: plain numbers are rounded, eight bits stay as they are.
"""


class Holding(Protocol):
    """What a placement must know of a loaded model."""

    info: ModelInfo

    @property
    def network(self) -> Any:
        """The denoising network."""
        ...

    @property
    def text_encoders(self) -> list[Any]:
        """Every network that reads prompts."""
        ...


class Visits:
    """The weights of a module, or some of them, on the device for a while."""

    def __init__(self, tensors: Callable[[], Iterator[torch.Tensor]], device: torch.device) -> None:
        """`tensors` gives the module's tensors as they are then: add-ons may have put others in their places."""
        self._tensors, self._device = tensors, device
        self._homes: list[tuple[torch.Tensor, torch.Tensor]] = []

    def come(self) -> None:
        """Copies to the device what is not there. After an error it may be called again, or `leave`."""
        for tensor in self._tensors():
            if self._waits(tensor):
                self._homes.append((tensor, tensor.data))
                tensor.data = tensor.data.to(self._device, copy=True)

    def _waits(self, tensor: torch.Tensor) -> bool:
        return tensor.device.type != self._device.type

    def leave(self) -> None:
        """Everything is at home again; what never had one there is moved."""
        for tensor, home in self._homes:
            tensor.data = home
        self._homes.clear()
        for tensor in self._tensors():
            if tensor.device.type not in (_HOME.type, "meta"):
                tensor.data = tensor.data.to(_HOME)


@dataclass(eq=False)
class Placement:
    """Where one model's parts are. Used by the engine's one thread only."""

    device: torch.device
    rung: MemoryRung = MemoryRung.ALL
    interrupt: Callable[[], None] = lambda: None
    """Raises when the job at work was taken back."""
    readers: list[EmptyNetwork] = field(default_factory=list)
    """Text encoders that can be read again."""
    keeps_words: bool = False
    """Whether text encoders stay for now: something is put on them."""
    sizes: PartSizes = field(default_factory=lambda: PartSizes(0.0, 0.0, 0.0))
    """Of the model's parts."""
    _words: set[int] = field(default_factory=set)
    _visits: dict[int, Visits] = field(default_factory=dict)
    _hooks: list[Any] = field(default_factory=list)
    _stamps: dict[Path, tuple[int, int]] = field(default_factory=dict)

    @property
    def offloaded(self) -> bool:
        """Whether every part waits outside the device."""
        return self.rung in (MemoryRung.PARTS, MemoryRung.EIGHT_BITS, MemoryRung.BLOCKS)

    @property
    def on_disk(self) -> bool:
        """Whether text encoders wait on disk."""
        return self.rung is MemoryRung.TEXT_OFF and self.device.type == "cpu"

    def expected_bytes(self, run: RunSize) -> float:
        """What a job of that size takes of the device, the program itself not counted."""
        return memory_of(self.rung, self.sizes, run)

    def home_of(self, name: str) -> torch.device:
        """Where the component of that name is read to."""
        waits = self.offloaded or (self.rung is MemoryRung.TEXT_OFF and name.startswith("text_encoder"))
        return _HOME if waits else self.device

    def fill(self, pipe: Assembly) -> None:
        """Reads the weights of all parts to where they wait. Raises ValueError and OSError."""
        homes = {id(part): self.home_of(name) for name, part in pipe.components.items()}
        for reader in pipe.empty:
            reader.fill(homes[id(reader.network)], self.interrupt)
        for part in pipe.components.values():
            if isinstance(part, torch.nn.Module):
                part.to(homes[id(part)])

    def settle(self, model: Holding, readers: Sequence[EmptyNetwork], dtype: torch.dtype) -> None:
        """The model was read; `readers` can read some of its parts again."""
        self._words = {id(encoder) for encoder in model.text_encoders}
        self.readers = [one for one in readers if self.on_disk and id(one.network) in self._words]
        self._stamps = {file: _stamp(file) for reader in self.readers for file in reader.files}
        if self.rung is MemoryRung.EIGHT_BITS and model.info.quantized in _IN_EIGHT_BITS:
            model.network.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
        if self.rung is MemoryRung.BLOCKS:
            self.come_in_blocks([model.network, *model.text_encoders])

    def bring(self, wanted: Sequence[torch.nn.Module], others: Sequence[torch.nn.Module]) -> None:
        """`wanted` are at work now, `others` are not. Raises ModelError when what waits on disk is gone."""
        if self.on_disk:
            self._turn_pages({id(part) for part in wanted})
            return
        if self.rung is MemoryRung.ALL:
            return
        for part in others:
            if self.offloaded or (id(part) in self._words and not self.keeps_words):
                self._visit(part).leave()
        for part in wanted:
            self._visit(part).come()

    def wake_words(self) -> None:
        """Reads the text encoders that are not in memory. Raises ModelError."""
        for reader in self.readers:
            if not reader.is_filled:
                self._read(reader)

    def descend(self, networks: Sequence[torch.nn.Module]) -> bool:
        """Takes the next rung whose picture is the same; False when there is none. `networks`: all that are large."""
        if self.device.type == "cpu":
            return False
        if not self.offloaded:
            self.rung = MemoryRung.PARTS
            return True
        return self.come_in_blocks(networks)

    def come_in_blocks(self, networks: Sequence[torch.nn.Module]) -> bool:
        """From now on the blocks of these networks come one at a time; False when they do already, or have none."""
        blocks = {id(network): blocks_of(network) for network in networks}
        if self._hooks or not any(blocks.values()):
            return False
        for network in networks:
            self._visit(network).leave()
            inside = {id(tensor) for block in blocks[id(network)] for tensor in _tensors(block)}
            self._visits[id(network)] = Visits(_outside(network, inside), self.device)
            self._hooks += [_visiting(block, self.device) for block in blocks[id(network)]]
        self.rung = MemoryRung.BLOCKS
        return True

    def _visit(self, part: torch.nn.Module) -> Visits:
        if id(part) not in self._visits:
            self._visits[id(part)] = Visits(lambda: _tensors(part), self.device)
        return self._visits[id(part)]

    def _turn_pages(self, wanted: set[int]) -> None:
        for reader in self.readers:
            if id(reader.network) in wanted and not reader.is_filled:
                self._read(reader)
            elif id(reader.network) not in wanted and reader.is_filled and not self.keeps_words:
                reader.let_go()

    def _read(self, reader: EmptyNetwork) -> None:
        for file in reader.files:
            if _stamp(file) != self._stamps[file]:
                raise ModelError(f"{file} has changed since the model was loaded. Start the job again.")
        try:
            reader.fill(self.device, self.interrupt)
        except (OSError, ValueError, RuntimeError) as error:
            if is_out_of_memory(error):
                raise
            raise ModelError(f"The text encoder in {reader.files[0]} cannot be read any more: {error}") from error


def blocks_of(network: torch.nn.Module) -> list[torch.nn.Module]:
    """The largest modules in lists of modules that are small enough to come to the device by themselves."""
    found: list[torch.nn.Module] = []
    for child in network.children():
        if not isinstance(child, torch.nn.ModuleList):
            found += blocks_of(child)
            continue
        for one in child:
            inner = blocks_of(one) if sum(tensor.nbytes for tensor in _tensors(one)) > _LARGEST_BLOCK else []
            found += inner or [one]
    return found


def _visiting(block: torch.nn.Module, device: torch.device) -> Any:
    visits = Visits(lambda: _tensors(block), device)

    def come(*_: Any) -> None:
        visits.come()

    def leave(*_: Any) -> None:
        visits.leave()

    first = block.register_forward_pre_hook(come, prepend=True)
    return first, block.register_forward_hook(leave, always_call=True)


def _tensors(module: torch.nn.Module) -> Iterator[torch.Tensor]:
    yield from module.parameters()
    yield from module.buffers()


def _outside(network: torch.nn.Module, inside: set[int]) -> Callable[[], Iterator[torch.Tensor]]:
    return lambda: (tensor for tensor in _tensors(network) if id(tensor) not in inside)


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise ModelError(f"{file} is no longer there. Put it back or remove the model from the library.") from error
    return found.st_size, found.st_mtime_ns
