"""Transformers in GGUF files: weights stay packed in memory and are unpacked layer by layer while computing."""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from pipelines.contract.errors import ModelError
from pipelines.engine.conversions import conversion_of
from pipelines.engine.weights import empty_network

_UNPACKERS = {"bitsandbytes": "bitsandbytes", "torchao": "torchao", "quanto": "optimum"}
"""Packages by what folders call their way of packing."""


def is_gguf(path: Path) -> bool:
    """Whether it is such a file, by its name."""
    return path.suffix.lower() == ".gguf"


def require_gguf(model: str) -> None:
    """Raises ModelError where the package that reads these files is not installed."""
    if importlib.util.find_spec("gguf") is None:
        raise ModelError(
            f"'{model}' is a GGUF file, and the package that reads these is not installed. Bring it with this command: "
            f"{sys.executable} -m pip install --no-deps gguf"
        )


def require_unpacker(model: str, part: str, quantization: Mapping[str, Any]) -> None:
    """Raises ModelError where a folder's part cannot be unpacked: the package is not installed, or needs a GPU.

    `quantization` is what the part's configuration says of it.
    """
    method = str(quantization.get("quant_method") or "an unknown way")
    package = _UNPACKERS.get(method.partition("_")[0], "")
    if package and importlib.util.find_spec(package) is not None:
        if package == "bitsandbytes" and not (torch.cuda.is_available() or torch.xpu.is_available()):
            raise ModelError(
                f"In the folder of '{model}', {part} is packed by bitsandbytes, which unpacks on GPUs alone, and there "
                "is none. Use the model's plain folder, an fp8 file or a GGUF file instead."
            )
        return
    kind = quantization.get("bnb_4bit_quant_type") or ("int8" if quantization.get("load_in_8bit") else "")
    bring = f" Or bring that package with this command: {sys.executable} -m pip install {package}" if package else ""
    raise ModelError(
        f"In the folder of '{model}', {part} is packed as {' '.join(filter(None, (str(kind), f'({method})')))}, and "
        f"{f'the package {package}, which unpacks it, is not installed' if package else 'nothing here unpacks that'}. "
        f"Use the model's plain folder, an fp8 file or a GGUF file instead.{bring}"
    )


def gguf_network(network_class: Any, config: dict[str, Any], path: Path, dtype: torch.dtype) -> Any:
    """The network with its weights packed; it computes in `dtype`.

    Raises ValueError, KeyError and OSError when the file does not hold such a network's weights.
    """
    from diffusers import GGUFQuantizationConfig
    from diffusers.models.model_loading_utils import load_gguf_checkpoint

    wanted = empty_network(network_class, config).state_dict().keys()
    packed = load_gguf_checkpoint(str(path))
    packed = {name.removeprefix("model.diffusion_model."): tensor for name, tensor in packed.items()}
    if not wanted <= packed.keys():
        packed = conversion_of(network_class.__name__)(packed, {**config, "wanted": wanted})
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps(config), "utf-8")
        return network_class.from_single_file(
            packed,
            config=folder,
            quantization_config=GGUFQuantizationConfig(compute_dtype=dtype),
            dtype=dtype,
            local_files_only=True,
        )
