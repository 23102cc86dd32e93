"""Every miniature on disk, as folder, single file and sharded folder, with add-ons made for it.

`python -m pipelines.miniatures.shelf FOLDER [FAMILY]` writes them and `shelf.json`, which says what is there: a process
of its own, so that whoever asks for them need not import torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import diffusers
import transformers

from pipelines.contract.models import Companion, Family, ModelInfo, ModelKind
from pipelines.miniatures.addons import Naming, addon_info, lora_tensors, write_embedding, write_lora
from pipelines.miniatures.control import adapter_for, controlnet_for, transformer_control_for, write_control
from pipelines.miniatures.families import MINIATURES, Miniature
from pipelines.miniatures.flux import flux_pipeline
from pipelines.miniatures.references import image_encoder, ip_adapter_keys, redux_parts, write_ip_adapter
from pipelines.miniatures.sd import sd1_pipeline
from pipelines.miniatures.writing import info_of, write_folder, write_layout, write_single_file

INDEX = "shelf.json"
_SHARD = "100KB"
_CONTROLLED = (
    "FluxTransformer2DModel",
    "SD3Transformer2DModel",
    "QwenImageTransformer2DModel",
    "ZImageTransformer2DModel",
)


@dataclass
class Exhibit:
    """One model in all its forms."""

    family: str
    variant: str
    sources: dict[str, str] = field(default_factory=dict[str, str])
    """Ids by form: `folder`, `single file`, `sharded folder`."""
    addons: dict[str, str] = field(default_factory=dict[str, str])
    """Ids by kind. Where a family has none, one of another is there, which it has to refuse."""


class Shelf:
    """Writes models below a folder; their entries are collected in `models`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.models: list[ModelInfo] = []
        self.exhibits: list[Exhibit] = []

    def add(self, miniature: Miniature) -> None:
        """Builds a miniature and writes all that belongs to it."""
        pipe, home = miniature.build(), self.root / miniature.name
        home.mkdir(parents=True)
        exhibit = Exhibit(str(miniature.family), miniature.variant)
        paths = {"folder": write_folder(pipe, home / "folder")}
        if miniature.layout:
            if not (self.configs / f"{miniature.layout}.json").exists():  # the first of a family is its plain one
                write_layout(pipe, self.configs, miniature.layout, self.root / "vocabularies")
            paths["single file"] = write_single_file(pipe, home / "single-file.safetensors")
        paths["sharded folder"] = _write_shards(pipe, home / "sharded-folder")
        for source, path in paths.items():
            exhibit.sources[source] = f"{miniature.name} {source}"
            info = info_of(path, miniature.family, exhibit.sources[source], miniature.variant)
            info = replace(info, name=miniature.name)
            if path.is_file():
                info = replace(info, prediction=miniature.prediction, zero_terminal_snr=miniature.zero_terminal_snr)
            self.models.append(info)
        exhibit.addons = self._addons(pipe, miniature.family, home / "addons")
        self.exhibits.append(exhibit)

    def add_starter(self, info: ModelInfo) -> None:
        """The model that comes with the program, and add-ons for it."""
        kind: Any = diffusers.StableDiffusionPipeline
        pipe = kind.from_pretrained(info.path, local_files_only=True)
        self.models.append(info)
        addons = self._addons(pipe, Family.STARTER, self.root / "starter" / "addons")
        self.exhibits.append(Exhibit(str(info.family), "", {"folder": info.id}, addons))

    @property
    def configs(self) -> Path:
        """Where the miniatures' layouts are, as `resources/configs` has those of large models."""
        return self.root / "configs"

    def write_index(self) -> None:
        """Says what is there."""
        said = {
            "models": [info.to_dict() for info in self.models],
            "exhibits": [asdict(exhibit) for exhibit in self.exhibits],
        }
        (self.root / INDEX).write_text(json.dumps(said, default=str), "utf-8")

    def _addons(self, pipe: Any, family: Family, folder: Path) -> dict[str, str]:
        folder.mkdir(parents=True)
        has_unet = "unet" in pipe.components
        lora = lora_tensors(pipe, Naming.KOHYA if has_unet else Naming.DIFFUSERS, words=has_unet)
        made = {
            ModelKind.LORA: write_lora(lora, folder / "lora.safetensors"),
            ModelKind.TEXTUAL_INVERSION: write_embedding(folder / "embedding.safetensors", *_widths(pipe)),
            ModelKind.VAE: _write_vae(pipe, folder / "vae"),
            ModelKind.CONTROLNET: write_control(_control_for(pipe), folder / "controlnet.safetensors"),
            ModelKind.T2I_ADAPTER: write_control(_adapter_for(pipe, family), folder / "t2i-adapter.safetensors"),
            ModelKind.IP_ADAPTER: self._ip_adapter(pipe, folder / "ip-adapter.safetensors"),
        }
        for kind, path in made.items():
            self.models.append(replace(addon_info(path, kind, family, str(path)), companions=self._seers(kind, folder)))
        return {str(kind): str(path) for kind, path in made.items()}

    def _ip_adapter(self, pipe: Any, path: Path) -> Path:
        if type(pipe.components.get("transformer")).__name__ == "FluxTransformer2DModel":
            vision, redux = redux_parts(pipe.transformer)
            vision.save_pretrained(str(path.parent / "siglip"))
            tensors = {f"redux_{name.removeprefix('redux_')}": value for name, value in redux.state_dict().items()}
            return write_ip_adapter(tensors, path)
        seer = self.root / "image_encoder"
        if not seer.exists():
            image_encoder().save_pretrained(str(seer))
        return write_ip_adapter(ip_adapter_keys(_unet_of(pipe)), path)

    def _seers(self, kind: ModelKind, folder: Path) -> tuple[Companion, ...]:
        places = (folder / "siglip", self.root / "image_encoder") if kind is ModelKind.IP_ADAPTER else ()
        return tuple(Companion("image_encoder", str(place)) for place in places if place.exists())


def _write_shards(pipe: Any, folder: Path) -> Path:
    pipe_save: Callable[..., None] = pipe.save_pretrained
    write_folder(pipe, folder)
    pipe_save(str(folder), max_shard_size=_SHARD)
    for whole in folder.glob("*/*.safetensors"):
        if "-of-" not in whole.name and (whole.parent / f"{whole.name}.index.json").exists():
            whole.unlink()
    return folder


def _write_vae(pipe: Any, folder: Path) -> Path:
    """The model's own with its last layer changed, so that pictures differ."""
    weight = list(pipe.vae.decoder.parameters())[-2]
    before = weight.data.clone()
    weight.data = before * 1.5
    try:
        pipe.vae.save_pretrained(str(folder))
    finally:
        weight.data = before
    return folder


def _control_for(pipe: Any) -> Any:
    if "unet" in pipe.components:
        return controlnet_for(pipe.unet)
    own = type(pipe.transformer).__name__ in _CONTROLLED
    return transformer_control_for(pipe.transformer if own else flux_pipeline().transformer)


def _adapter_for(pipe: Any, family: Family) -> Any:
    return adapter_for(_unet_of(pipe), "full_adapter_xl" if family is Family.SDXL else "full_adapter")


def _unet_of(pipe: Any) -> Any:
    """The model's own, or for those without that of another family."""
    return pipe.unet if "unet" in pipe.components else sd1_pipeline().unet


def _widths(pipe: Any) -> list[int]:
    """Of the text encoders that an embedding is made for."""
    encoders = [pipe.components.get(name) for name in ("text_encoder", "text_encoder_2")]
    widths = [getattr(one.config, "hidden_size", 16) for one in encoders if one is not None]
    return widths if "unet" in pipe.components else widths[:1]


def write_shelf(root: Path, families: Iterable[Family], starter: ModelInfo | None = None) -> Shelf:
    """Writes the miniatures of those families below `root`, and `starter` first where it is given."""
    wanted = set(families)
    shelf = Shelf(root)
    if starter is not None:
        shelf.add_starter(starter)
    for miniature in MINIATURES:
        if miniature.family in wanted:
            shelf.add(miniature)
    shelf.write_index()
    return shelf


def main(root: str, *families: str) -> None:
    """Writes the miniatures of these families, of all when none is named; those that are done are counted on stdout."""
    diffusers.utils.logging.set_verbosity_error()
    transformers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    from pipelines.library.registry import Library

    wanted = {Family(name) for name in families} or set(Family)
    starter = Library().resolve("starter") if Family.STARTER in wanted else None
    write_shelf(Path(root), wanted, starter)


if __name__ == "__main__":
    main(*sys.argv[1:])
