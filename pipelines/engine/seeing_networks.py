"""Networks that look at pictures, read from Hugging Face's folders: the same for those that describe and annotate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import GenerationConfig

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.engine.folders import weight_files
from pipelines.engine.memory import Device, is_out_of_memory
from pipelines.engine.stored import stored_tensors
from pipelines.engine.weights import EmptyNetwork, empty_network
from pipelines.library.families import kind_label

_UNREADABLE = (OSError, ValueError, KeyError, IndexError, RuntimeError, TypeError, AttributeError, SafetensorError)


def folder_of(info: ModelInfo, kind: ModelKind, deed: str) -> Path:
    """Where its files are. Raises ModelError for a model of another kind, which cannot do the deed, for one with a
    fault and for one that is gone."""
    if info.kind is not kind:
        raise ModelError(f"'{info.name}' is {kind_label(info.kind)}; it cannot {deed}. Choose another.")
    if info.problem:
        raise ModelError(info.problem)
    folder = Path(info.path)
    if not folder.is_dir():
        raise ModelError(f"The model '{info.name}' is no longer at {folder}. Put it back or choose another one.")
    return folder


@contextmanager
def reading(info: ModelInfo, noun: str) -> Iterator[None]:
    """Within it a damaged file becomes a ModelError; what torch raises without memory stays what it is."""
    try:
        yield
    except _UNREADABLE as error:
        if is_out_of_memory(error):
            raise
        first = (str(error).strip().splitlines() or [""])[0].rstrip(".")
        raise ModelError(f"The {noun} '{info.name}' at {info.path} cannot be read: {first}.") from error


def network_in(folder: Path, kind: Any, device: Device, interrupt: Callable[[], None]) -> Any:
    """A folder's network of a class of transformers, ready to look. Raises what `reading` understands."""
    config = kind.config_class.from_pretrained(str(folder), local_files_only=True)
    stored = stored_tensors(weight_files(folder)[0])
    network = empty_network(kind, config)
    try:
        empty = EmptyNetwork(network, stored, device.dtype)
    except ValueError:  # names of an older version, which its library knows
        return kind.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype=device.dtype
        ).to(device.torch_device).eval()  # fmt: skip
    empty.fill(device.torch_device, interrupt)
    if (folder / "generation_config.json").is_file():
        network.generation_config = GenerationConfig.from_pretrained(str(folder), local_files_only=True)
    return network.to(device.torch_device).eval()


def before_layers(network: torch.nn.Module, tick: Callable[[], None]) -> int:
    """Has `tick` called before each of its smallest layers in every later run; how many layers it has."""
    layers = [module for module in network.modules() if not any(module.children())]
    for layer in layers:
        layer.register_forward_pre_hook(lambda *_: tick())
    return len(layers)
