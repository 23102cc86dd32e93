"""Upscaling networks of the ESRGAN family and its relatives, read by the library spandrel; weights only, ever."""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import Pixels
from pipelines.engine.memory import Device, is_out_of_memory

_STAND_INS = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")


@dataclass(eq=False)
class Upscaler:
    """One upscaling network in memory."""

    info: ModelInfo
    scale: int
    """How many times as wide and high its pictures come out."""
    described: Any
    """spandrel's ImageModelDescriptor."""
    device: Device

    @torch.inference_mode()
    def enlarge(self, rgb: Pixels) -> Pixels:
        """(h * scale, w * scale, 3) of an RGB picture (h, w, 3) small enough to go through at once."""
        pixels = torch.from_numpy(np.ascontiguousarray(rgb)).to(self.device.torch_device)
        pixels = pixels.permute(2, 0, 1)[None].to(self.described.dtype) / 255.0
        if self.described.input_channels == 1:
            pixels = pixels.permute(1, 0, 2, 3).contiguous()
        made = self.described(pixels).float().clamp(0, 1).mul(255).round().byte()
        made = made.permute(1, 0, 2, 3) if self.described.input_channels == 1 else made
        return made[0].permute(1, 2, 0).cpu().numpy()


def load_upscaler(info: ModelInfo, device: Device, interrupt: Callable[[], None]) -> Upscaler:
    """Reads an upscaling model; `interrupt` is called between its layers in every later run.

    Raises ModelError, as a sentence, when it is missing, damaged, no such model or holds more than weights.
    """
    path = Path(info.path)
    if info.kind is not ModelKind.UPSCALER:
        raise ModelError(f"'{info.name}' is no upscaling model. Choose one, or lanczos, which needs none.")
    if not path.is_file():
        raise ModelError(f"The model '{info.name}' is no longer at {path}. Put it back or remove it from the library.")
    weights = _weights(path, info.name)
    with without_torchvision():
        spandrel = importlib.import_module("spandrel")
    try:
        described: Any = spandrel.MAIN_REGISTRY.load(spandrel.canonicalize_state_dict(weights))
    except (spandrel.UnsupportedModelError, ValueError, KeyError, RuntimeError, TypeError, AttributeError) as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"'{info.name}' at {path} is damaged, or of a kind that cannot be run.") from error
    if not isinstance(described, spandrel.ImageModelDescriptor) or described.input_channels not in (1, 3):
        raise ModelError(f"'{info.name}' is no network that makes colour pictures larger. Choose another one.")
    described.to(device.torch_device)
    if device.name != "cpu" and described.supports_half:
        described.half()
    else:
        described.float()
    described.model.eval()
    for module in described.model.modules():
        if not any(module.children()):
            module.register_forward_pre_hook(lambda *_: interrupt())
    return Upscaler(info, int(described.scale), described, device)


def _weights(path: Path, name: str) -> dict[str, Any]:
    """Tensors by name. A pickled file goes through torch's own reader of weights alone: nothing in it is run."""
    try:
        if path.suffix.lower() == ".safetensors":
            return load_file(str(path))
        found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"'{name}' at {path} holds more than weights, which could run code. It was refused; nothing of it was run."
        ) from error
    except (OSError, ValueError, RuntimeError, EOFError, KeyError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The model '{name}' at {path} cannot be read; it is damaged or incomplete.") from error
    if not isinstance(found, dict):
        raise ModelError(f"'{name}' at {path} holds no table of weights. Choose another model.")
    return found


@contextmanager
def without_torchvision() -> Iterator[None]:
    """Lets spandrel be imported where torchvision is not installed.

    WORKAROUND: https://github.com/chaiNNer-org/spandrel - two of its parts (LaMa, RestoreFormer), neither of them used
    here, import three functions of torchvision at the top. torchvision must never stand beside the CPU build of torch.
    """
    if "spandrel" in sys.modules or importlib.util.find_spec("torchvision") is not None:
        yield
        return
    modules = {name: ModuleType(name) for name in _STAND_INS}
    functional: Any = modules[_STAND_INS[-1]]
    functional.InterpolationMode = functional.rotate = functional.normalize = None
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in _STAND_INS:
            sys.modules.pop(name, None)
