"""What is known about the networks in single files: `resources/configs`, one file for each layout and each part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family


@dataclass(frozen=True)
class Part:
    """One component of a pipeline."""

    kind: str
    """Name of its class in diffusers or transformers."""
    config: dict[str, Any]
    """What the class is made of; for a tokenizer its settings."""
    vocabulary: str = ""
    """For a tokenizer: which words it knows; empty: it is a network."""
    prefixes: tuple[str, ...] = ()
    """What stands before its names in files that hold more than itself."""
    label: str = ""
    """For sentences: what it is, with its article."""
    file: str = ""
    """The name that such a file often has."""
    without: tuple[str, ...] = ()
    """Modules of its class that it does without: what they are given goes through them as it is."""


@dataclass(frozen=True)
class Layout:
    """One arrangement of networks within a family."""

    name: str
    family: Family
    scheduler: dict[str, Any]
    """Its class as `_class_name`, and its settings."""
    parts: dict[str, Part]
    """By the component's name in diffusers; the denoising network is `unet` or `transformer`."""
    marks: dict[str, tuple[int, ...] | None] = field(default_factory=dict[str, "tuple[int, ...] | None"])
    """Weights that files of this layout have, without the network's prefix, and their shapes where these matter. Names
    that a weight may have are divided by ` or `."""
    optional: tuple[str, ...] = ()
    """Parts it can do without."""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """What pipelines around it are told, by their constructors' names."""

    @property
    def network(self) -> str:
        """The denoising network's name."""
        return "unet" if "unet" in self.parts else "transformer"

    @property
    def networks(self) -> dict[str, Part]:
        """The parts with weights."""
        return {name: part for name, part in self.parts.items() if not part.vocabulary}

    @property
    def tokenizers(self) -> dict[str, Part]:
        """The parts with words."""
        return {name: part for name, part in self.parts.items() if part.vocabulary}

    def fits(self, shapes: Mapping[str, tuple[int, ...]]) -> bool:
        """Whether a network with these shapes, by their names without prefix, is of this layout."""
        return all(
            any(name in shapes and shape in (None, shapes[name]) for name in names.split(" or "))
            for names, shape in self.marks.items()
        )


def layouts_of(config_dir: Path, family: Family) -> list[Layout]:
    """The family's layouts, the most particular first. Raises ModelError when there is none."""
    found = [layout for path in sorted(config_dir.glob("*.json")) if (layout := _layout(path)).family is family]
    if not found:
        raise ModelError(
            f"Single files of the family {family.value} cannot be opened yet. Use the model's diffusers folder."
        )
    return sorted(found, key=lambda layout: -len(layout.marks))


def _layout(path: Path) -> Layout:
    data = json.loads(path.read_text("utf-8"))
    marks = {name: tuple(shape) if shape else None for name, shape in data.get("marks", {}).items()}
    parts = {name: _part(path.parent / "parts", part) for name, part in data["parts"].items()}
    return Layout(
        path.stem,
        Family(data["family"]),
        data["scheduler"],
        parts,
        marks,
        tuple(data.get("optional", ())),
        data.get("settings", {}),
    )


def _part(folder: Path, said: str | dict[str, Any]) -> Part:
    """A part by the name of its file, or as it stands; `like` names a file whose settings it changes."""
    if isinstance(said, str):
        said = {"like": said}
    if "like" in said:
        basis = json.loads((folder / f"{said['like']}.json").read_text("utf-8"))
        said = {**basis, **said, "config": {**basis["config"], **said.get("config", {})}}
    return Part(
        said["class"],
        said["config"],
        said.get("vocabulary", ""),
        tuple(said.get("prefixes", ())),
        said.get("label", ""),
        said.get("file", ""),
        tuple(said.get("without", ())),
    )
