"""Model folders of other programs: which layout a folder has, where its models lie, what its subfolders' names mean.

The names are a hint only; what a file is its header decides.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, cast

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelKind
from pipelines.library.scan import INDEX_NAME

EXTRA_PATHS = ("extra_model_paths.yaml", "extra_models_config.yaml")
"""Where ComfyUI is told of models in other places."""
_MAX_YAML_BYTES = 100_000
_MAX_EXTRA = 200


class LayoutName(StrEnum):
    """Programs and stores whose folders are recognised."""

    A1111 = "a1111"
    FORGE = "forge"
    COMFYUI = "comfyui"
    INVOKEAI = "invokeai"
    DIFFUSERS = "diffusers"
    HUGGING_FACE = "hugging-face"
    PLAIN = "plain"
    """No program's: files in folders."""


class Layout(NamedTuple):
    """What a folder was recognised as."""

    name: LayoutName
    folders: tuple[Path, ...]
    """Where its models are; the folder itself for a plain one."""


_HINTS: dict[ModelKind, tuple[str, ...]] = {
    ModelKind.CHECKPOINT: ("stable-diffusion", "stablediffusion", "checkpoints", "main", "onnx"),
    ModelKind.LORA: ("lora", "loras", "lycoris", "locon"),
    ModelKind.TEXTUAL_INVERSION: ("embeddings", "embedding", "textualinversion", "textual_inversion"),
    ModelKind.VAE: ("vae", "vae-approx", "vae_approx"),
    ModelKind.CONTROLNET: ("controlnet", "control", "model_patches"),
    ModelKind.T2I_ADAPTER: ("t2i_adapter", "t2iadapter", "t2i-adapter"),
    ModelKind.IP_ADAPTER: ("ipadapter", "ip_adapter", "ip-adapter", "style_models", "redux", "flux_redux"),
    ModelKind.IMAGE_ENCODER: ("clip_vision", "clipvision", "siglip"),
    ModelKind.TEXT_ENCODER: ("text_encoders", "text_encoder", "clip", "clip_embed", "t5_encoder", "textencoders"),
    ModelKind.TRANSFORMER: ("unet", "diffusion_models", "diffusionmodels"),
    ModelKind.UPSCALER: (
        "esrgan", "realesrgan", "upscale_models", "upscale-models", "swinir", "dat", "scunet", "span", "hat", "atd",
        "spandrel_image_to_image", "upscalers",
    ),
}  # fmt: skip
_KIND_OF = {name: kind for kind, names in _HINTS.items() for name in names}
_HINT_DEPTH = 4
"""Folders above a file whose names are looked at."""


def hint_of(path: Path) -> ModelKind | None:
    """What the name of the folder that `path` lies in says it is; None where no such folder has a known name."""
    for parent in list(path.parents)[:_HINT_DEPTH]:
        if (kind := _KIND_OF.get(parent.name.lower())) is not None:
            return kind
    return None


def layout_of(folder: Path) -> Layout:
    """Which program's the folder is, and where in it the models lie. Reads names only, and ComfyUI's list of paths.

    A ComfyUI list of paths (`extra_model_paths.yaml`) may be given itself. Raises ModelError when it cannot be read.
    """
    if folder.name.lower() in EXTRA_PATHS and folder.is_file():
        return Layout(LayoutName.COMFYUI, tuple(_extra_paths(folder)))
    for recognise in (_hugging_face, _diffusers, _invokeai, _a1111, _comfyui):
        if (found := recognise(folder)) is not None:
            return found
    return Layout(LayoutName.PLAIN, (folder,))


def _hugging_face(folder: Path) -> Layout | None:
    hub = folder / "hub" if (folder / "hub").is_dir() else folder
    if hub.name.startswith("models--") and (hub / "snapshots").is_dir():
        return Layout(LayoutName.HUGGING_FACE, (hub,))
    if any(entry.name.startswith("models--") and (entry / "snapshots").is_dir() for entry in _folders(hub)):
        return Layout(LayoutName.HUGGING_FACE, (hub,))
    return None


def _diffusers(folder: Path) -> Layout | None:
    return Layout(LayoutName.DIFFUSERS, (folder,)) if (folder / INDEX_NAME).is_file() else None


def _invokeai(folder: Path) -> Layout | None:
    is_root = (folder / "invokeai.yaml").is_file() or (folder / "databases" / "invokeai.db").is_file()
    if is_root and (folder / "models").is_dir():
        return Layout(LayoutName.INVOKEAI, (folder / "models",))
    bases = {"sd-1", "sd-2", "sdxl", "sdxl-refiner", "any", "flux", "sd-3"}
    names = {entry.name for entry in _folders(folder)}
    if len(bases & names) >= 2 and any((folder / base / "main").is_dir() for base in bases & names):
        return Layout(LayoutName.INVOKEAI, (folder,))
    return None


def _a1111(folder: Path) -> Layout | None:
    names = {entry.name.lower(): entry for entry in _folders(folder / "models")}
    if "stable-diffusion" not in names:
        return None
    extensions = [entry / "models" for entry in _folders(folder / "extensions") if (entry / "models").is_dir()]
    others = [place for place in (folder / "embeddings",) if place.is_dir()]
    name = LayoutName.FORGE if _is_forge(folder, set(names)) else LayoutName.A1111
    return Layout(name, (folder / "models", *others, *extensions))


def _is_forge(folder: Path, models: set[str]) -> bool:
    marks = ("modules_forge", "packages_3rdparty", "extensions-builtin/forge_preprocessor_inpaint")
    return "controlnetpreprocessor" in models or any((folder / mark).is_dir() for mark in marks)


def _comfyui(folder: Path) -> Layout | None:
    names = {entry.name.lower() for entry in _folders(folder / "models")}
    lists = [folder / name for name in EXTRA_PATHS if (folder / name).is_file()]
    is_root = bool(lists) or bool(names & {"checkpoints", "diffusion_models"} and len(names & set(_KIND_OF)) >= 2)
    if not is_root:
        return None
    extra = [path for file in lists for path in _extra_paths(file)]
    own = [folder / "models"] if names else []
    return Layout(LayoutName.COMFYUI, tuple(dict.fromkeys([*own, *extra])))


def _extra_paths(file: Path) -> list[Path]:
    """The folders that a ComfyUI list of paths names and that are there."""
    import yaml

    try:
        if file.stat().st_size > _MAX_YAML_BYTES:
            raise ModelError(f"{file} is far longer than a list of model folders can be; it was not read.")
        data = yaml.safe_load(file.read_text("utf-8-sig"))
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ModelError(f"{file} is not a list of model folders as ComfyUI writes it: it is damaged.") from error
    found: list[Path] = []
    for section in cast("dict[str, Any]", data).values() if isinstance(data, dict) else ():
        if not isinstance(section, dict):
            continue
        table = cast("dict[str, Any]", section)
        base = _place(file.parent, table.get("base_path") or ".")
        if base is None:
            continue
        for name, value in table.items():
            if name not in _NO_FOLDERS and isinstance(value, str):
                found += filter(None, (_place(base, line) for line in value.splitlines() if line.strip()))
    return [path for path in list(dict.fromkeys(found))[:_MAX_EXTRA] if path.is_dir()]


_NO_FOLDERS = frozenset({"base_path", "is_default", "custom_nodes", "download_model_base"})


def _place(base: Path, text: object) -> Path | None:
    if not isinstance(text, str) or "\0" in text:
        return None
    try:
        return Path(os.path.normpath(base / Path(text.strip()).expanduser()))
    except RuntimeError:  # somebody else's home
        return None


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir()]
    except OSError:
        return []
