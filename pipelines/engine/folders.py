"""Opens diffusers folders: what is no network is made by the libraries, weights are read by ourselves.

The libraries' own reading maps and converts each file as a whole, and transformers compiles a thousand patterns before
the first byte: two seconds of a processor for a text encoder that is read in a tenth of one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import diffusers
import torch
import transformers
from transformers import PreTrainedModel

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.engine.architectures import Architecture
from pipelines.engine.original_names import in_names_of
from pipelines.engine.quantized_files import require_unpacker
from pipelines.engine.single_files import Assembly
from pipelines.engine.stored import stored_tensors
from pipelines.engine.vocabularies import has_vocabulary
from pipelines.engine.weights import EmptyNetwork, empty_network

_WEIGHT_FILE = re.compile(r"(diffusion_pytorch_)?model(?P<variant>\.fp16)?(-\d+-of-\d+)?\.safetensors")
_LIBRARIES = {"diffusers": diffusers, "transformers": transformers}


def from_folder(info: ModelInfo, row: Architecture, dtype: torch.dtype) -> Assembly:
    """The components of the model in the folder `info.path`, its networks still empty.

    Raises ModelError for what the person can mend; ValueError and OSError for damaged files.
    """
    path = Path(info.path)
    index = json.loads((path / "model_index.json").read_text("utf-8"))
    _check_vocabularies(info, path, row, index)
    settings: dict[str, Any] = {name: None for name in row.unused if name in index}
    # Parts that the folder says it leaves out, as SD3 may leave out T5.
    settings |= {name: None for name, entry in index.items() if isinstance(entry, list) and entry[0] is None}
    readers = {name: _plain_tokenizer(info, path / name) for name in row.tokenizers if _is_processor(index, name)}
    settings |= dict.fromkeys(readers)
    if "safety_checker" in settings:
        settings["requires_safety_checker"] = False
    network = "unet" if "unet" in index else "transformer"
    if weight_files(path / network)[1]:
        settings["variant"] = "fp16"
    empty: list[EmptyNetwork] = []
    for name, kind in _network_classes(index).items():
        if name in settings:
            continue
        _check_packing(info, path / name)
        if found := _empty(path / name, kind, dtype, must=name == network):
            empty.append(found)
            settings[name] = found.network
    pipe = getattr(diffusers, row.text_to_image).from_pretrained(
        str(path), dtype=dtype, local_files_only=True, use_safetensors=True, low_cpu_mem_usage=True, **settings
    )
    return Assembly({**pipe.components, **readers}, empty, dict(pipe.config))


def weight_files(folder: Path) -> tuple[list[Path], str | None]:
    """The files of a folder's weights, in shards or whole, and `fp16` when only that variant is there.

    Raises OSError where there are none.
    """
    named = {file: _WEIGHT_FILE.fullmatch(file.name) for file in sorted(folder.glob("*.safetensors"))}
    plain = [file for file, match in named.items() if match and not match["variant"]]
    fp16 = [file for file, match in named.items() if match and match["variant"]]
    if not plain and not fp16:
        raise OSError(f"there are no weights (diffusion_pytorch_model.safetensors) in {folder}.")
    return (plain, None) if plain else (fp16, "fp16")


def _check_vocabularies(info: ModelInfo, path: Path, row: Architecture, index: dict[str, Any]) -> None:
    for tokenizer in row.tokenizers:
        left_out = index.get(tokenizer, [""])[0] is None  # SD3 may come without T5
        if not left_out and not has_vocabulary(path / tokenizer):
            raise ModelError(
                f"The model '{info.name}' has no vocabulary in {path / tokenizer}: copy tokenizer.json, or vocab.json "
                "and merges.txt, from the place the model came from."
            )


def _check_packing(info: ModelInfo, folder: Path) -> None:
    try:
        told = json.loads((folder / "config.json").read_text("utf-8")).get("quantization_config")
    except (OSError, ValueError, AttributeError):
        return  # whoever reads it says what is wrong
    if isinstance(told, dict):
        require_unpacker(info.name, folder.name, cast("dict[str, Any]", told))


def _is_processor(index: dict[str, Any], name: str) -> bool:
    entry = index.get(name)
    return isinstance(entry, list) and str(entry[-1]).endswith("Processor")


def _plain_tokenizer(info: ModelInfo, folder: Path) -> Any:
    """The words of what reads texts and pictures: its other half needs torchvision, and is shown none."""
    made = transformers.PreTrainedTokenizerFast.from_pretrained(str(folder), local_files_only=True)
    if not made.chat_template:
        raise ModelError(
            f"The model '{info.name}' does not say how prompts are put to its text encoder: copy chat_template.jinja "
            f"from the place the model came from to {folder}."
        )
    return made


def _network_classes(index: dict[str, Any]) -> dict[str, Any]:
    """Classes of the folder's networks by the names of the components."""
    found: dict[str, Any] = {}
    for name, entry in index.items():
        if isinstance(entry, list) and len(entry) == 2 and entry[0] in _LIBRARIES:
            kind = getattr(_LIBRARIES[entry[0]], str(entry[1]), None)
            if isinstance(kind, type) and issubclass(kind, torch.nn.Module):
                found[name] = kind
    return found


def _empty(folder: Path, kind: Any, dtype: torch.dtype, *, must: bool) -> EmptyNetwork | None:
    """One network of the folder; None where only its library can read it, because it is packed or, unless it `must`
    be read here, has names of its own."""
    try:
        config, plain = _config_of(folder, kind)
        if plain.get("quantization_config"):
            return None
        stored = stored_tensors(weight_files(folder)[0])
        network = empty_network(kind, config)
        return EmptyNetwork(network, in_names_of(network, plain, stored), dtype)
    except (OSError, ValueError, KeyError, AttributeError, StopIteration, TypeError):
        if must:
            raise
        return None


def _config_of(folder: Path, kind: Any) -> tuple[Any, dict[str, Any]]:
    """What its class is made with, and the same as a dictionary."""
    if not issubclass(kind, PreTrainedModel):
        plain = kind.load_config(str(folder), local_files_only=True)
        return plain, plain
    config_class: Any = kind.config_class
    config = config_class.from_pretrained(str(folder), local_files_only=True)
    return config, config.to_dict()
