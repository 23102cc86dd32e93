"""Tells from the small JSON files of a diffusers folder what pipeline it holds, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family

INDEX_NAME = "model_index.json"
STARTER_MARK = "_handscroll_family"
"""A key of our own in model_index.json; diffusers ignores names that begin with an underscore."""
_MAX_JSON_BYTES = 1_000_000
_WEIGHTLESS = frozenset({"scheduler", "tokenizer", "tokenizer_2", "tokenizer_3", "feature_extractor"})
_KNOWN_LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion", "stable_diffusion_safe"})
_PIPELINES = (
    ("StableDiffusionXL", Family.SDXL),
    ("StableDiffusion3", Family.SD3),
    ("StableDiffusion", Family.SD1),
    ("LatentConsistencyModel", Family.SD1),
    ("Flux2", Family.FLUX2),
    ("Flux", Family.FLUX),
    ("QwenImage", Family.QWEN_IMAGE),
    ("ZImage", Family.Z_IMAGE),
    ("Wan", Family.WAN),
)
"""Beginnings of pipeline class names, the longer before the shorter."""
_NOT_GENERATORS = ("Upscale", "Safe", "Depth2Img", "Gligen", "ControlNet", "InstructPix2Pix", "Pix2PixZero")


class FolderIdentity(NamedTuple):
    """What a diffusers folder was recognised as."""

    family: Family
    variant: str
    fault: str
    """What is missing or unsafe, as a sentence; empty when it is whole."""


def identify_folder(folder: Path) -> FolderIdentity:
    """Family and variant of the diffusers folder. Raises ModelError when model_index.json cannot be read."""
    index = _read_json(folder / INDEX_NAME)
    parts = _components(index)
    unet = _read_json_or_empty(folder / "unet" / "config.json")
    scheduler = _read_json_or_empty(folder / "scheduler" / "scheduler_config.json")
    variant = ""
    channels = unet.get("in_channels")
    if channels == 9:
        variant = "inpaint"
    elif channels == 8:
        variant = "edit"
    elif scheduler.get("prediction_type") == "v_prediction":
        variant = "v-prediction"
    return FolderIdentity(_family(index, unet), variant, _fault(folder, parts))


def _family(index: Mapping[str, Any], unet: Mapping[str, Any]) -> Family:
    if index.get(STARTER_MARK) == Family.STARTER.value:
        return Family.STARTER
    pipeline = index.get("_class_name")
    if not isinstance(pipeline, str) or any(word in pipeline for word in _NOT_GENERATORS):
        return Family.UNKNOWN
    for start, family in _PIPELINES:
        if pipeline.startswith(start):
            wide = family is Family.SD1 and unet.get("cross_attention_dim") == 1024
            return Family.SD2 if wide else family
    return Family.UNKNOWN


def _components(index: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Name of each part that must be there -> (library, class)."""
    parts: dict[str, tuple[str, str]] = {}
    for name, value in index.items():
        if name.startswith("_") or not isinstance(value, list):
            continue
        pair = cast("list[object]", value)
        if len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str):
            parts[name] = (pair[0], pair[1])
    return parts


def _fault(folder: Path, parts: Mapping[str, tuple[str, str]]) -> str:
    if not parts:
        return f"The model folder {folder.name} is incomplete: its {INDEX_NAME} names no parts."
    for name, (library, _class) in parts.items():
        if Path(name).name != name or name in (".", ".."):
            return f"The model folder {folder.name} names a part outside itself, which is not allowed."
        if library not in _KNOWN_LIBRARIES:
            return (
                f"The model folder {folder.name} wants to run code of its own ('{library[:60]}'). "
                "Handscroll runs only models made of diffusers' and transformers' parts."
            )
        if name in {"safety_checker", "feature_extractor"}:
            continue  # never loaded, so they may be missing
        if not (folder / name).is_dir():
            return f"The model folder {folder.name} is incomplete: its part '{name}' is missing. Copy it again."
        if name not in _WEIGHTLESS and (fault := _weights_fault(folder, name)):
            return fault
    return ""


def _weights_fault(folder: Path, name: str) -> str:
    suffixes = {entry.suffix for entry in (folder / name).iterdir()}
    if ".safetensors" in suffixes:
        return ""
    if suffixes & {".bin", ".pt", ".ckpt"}:
        return (
            f"The part '{name}' of the model folder {folder.name} is pickled, and pickled files can run code. "
            "Convert it to safetensors and try again."
        )
    return f"The model folder {folder.name} is incomplete: its part '{name}' has no weights. Copy it again."


def _read_json_or_empty(path: Path) -> Mapping[str, Any]:
    try:
        return _read_json(path)
    except ModelError:
        return {}


def _read_json(path: Path) -> Mapping[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise ModelError(f"{where} is far larger than such a file can be; it is not a model's description.")
        data = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ModelError(f"{where} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{where} is damaged: it is not valid JSON. Copy or download it again.") from error
    if not isinstance(data, dict):
        raise ModelError(f"{where} is damaged: it does not describe a model. Copy or download it again.")
    return cast("dict[str, Any]", data)
