"""LoRA and LyCORIS files: read once, and laid onto the modules of a model by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import diffusers
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.engine.conditioning.families import same_family
from pipelines.engine.conditioning.lora_names import Place, named, places_by_name
from pipelines.engine.conditioning.weight_changes import WeightChange, WeightChangeError
from pipelines.engine.loader import LoadedModel

_ENOUGH = 0.5
"""Part of a file's modules that the model must have; text encoders that a model lacks are left out by all programs."""

_NAMED = 3
"""Places named of those that a model lacks."""

Changes = Mapping[tuple[str, str], WeightChange]
"""By component and flattened name of the module."""


@dataclass(frozen=True, eq=False)
class LoraFile:
    """A file's tensors, sorted by the modules that they change."""

    tensors: Mapping[str, torch.Tensor]
    """As the file has them."""
    changes: Changes
    nameless: int = 0
    """Tensors whose names say of nothing that they change it."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(tensor.nbytes for tensor in self.tensors.values())


def read_lora(info: ModelInfo) -> LoraFile:
    """Reads a file. Raises ModelError when it is damaged, pickled, no LoRA, or of a method that is not supported."""
    if not info.path.endswith(".safetensors"):
        raise ModelError(
            f"The LoRA '{info.name}' is a pickled file, which can run foreign code. Convert it to safetensors first."
        )
    try:
        tensors = load_file(info.path)
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(
            f"The LoRA '{info.name}' at {info.path} is damaged: {error}. Copy or download it again."
        ) from error
    return LoraFile(tensors, _sorted(info.name, tensors), sum(not named(key).part for key in tensors))


@dataclass(frozen=True, eq=False)
class Fitted:
    """A file laid onto a model."""

    changes: Sequence[tuple[str, torch.nn.Module, WeightChange]]
    """Component, module, change."""
    note: str = ""
    """A sentence where a part of the file was left out."""


def fitted(info: ModelInfo, file: LoraFile, model: LoadedModel) -> Fitted:
    """What the file changes of this model. Raises ModelError, as a sentence, when it was made for another family."""
    same_family("LoRA", info, model.info)
    places = places_by_name(model.components, model.network)
    changes = file.changes
    strange = [place for place in changes if place not in places]
    if any(component == "network" for component, _ in strange):
        translated = _translated(info.name, file, model)
        left = [place for place in translated if place not in places]
        changes, strange = (translated, left) if len(left) < len(strange) else (changes, strange)
    matched = {place: places[place] for place in changes if place in places}
    if len(matched) < max(1, len(changes) * _ENOUGH):
        names = ", ".join(name for _, name in strange[:_NAMED])
        more = f" and {len(strange) - _NAMED} others" if len(strange) > _NAMED else ""
        raise ModelError(
            f"The LoRA '{info.name}' does not fit the model '{model.info.name}': of the {len(changes)} places it "
            f"changes, the model has {len(matched)} (it lacks {names}{more}). Choose a LoRA made "
            f"for {model.info.family.value}."
        )
    return Fitted(_laid(info, changes, matched, model), _left_out(info, file, changes, strange))


def _laid(
    info: ModelInfo, changes: Changes, matched: Mapping[tuple[str, str], Place], model: LoadedModel
) -> list[tuple[str, torch.nn.Module, WeightChange]]:
    found: list[tuple[str, torch.nn.Module, WeightChange]] = []
    for (component, name), pieces in matched.items():
        for module, rows in pieces:
            change = changes[component, name] if rows is None else replace(changes[component, name], rows=rows)
            _check_shape(info, f"{component} {name}", module, change, model)
            found.append((component, module, change))
    return found


def _left_out(info: ModelInfo, file: LoraFile, changes: Changes, strange: Sequence[tuple[str, str]]) -> str:
    """The sentence; empty where everything acts. Changes by diffusers' names are counted as they are there."""
    if changes is file.changes:
        total, lost = len(file.tensors), file.nameless
    else:
        total, lost = sum(len(change.parts) for change in changes.values()), 0
    lost += sum(len(changes[place].parts) for place in strange)
    if not lost:
        return ""
    return f"{lost} of {total} tensors of '{info.name}' do not belong to this model and were left out."


def _sorted(label: str, tensors: Mapping[str, torch.Tensor]) -> Changes:
    parts: dict[tuple[str, str], dict[str, torch.Tensor]] = defaultdict(dict)
    for key, tensor in tensors.items():
        name = named(key)
        if name.part == "foreign":
            raise ModelError(
                f"The LoRA '{label}' changes weights in a way that this version cannot (its tensor {key}). "
                "LoRA, LoHa, LoKr, DoRA and whole differences can be used."
            )
        if name.part:
            parts[name.component, name.module][name.part] = tensor
    changes = {place: WeightChange(one) for place, one in parts.items() if set(one) - {"alpha"}}
    if not changes:
        raise ModelError(
            f"'{label}' holds no LoRA: none of its {len(tensors)} tensors changes a weight. "
            "If it is something else, say so in the model library."
        )
    return changes


def _translated(label: str, file: LoraFile, model: LoadedModel) -> Changes:
    """The changes by diffusers' names: its pipelines know what the trainers of their families call things."""
    pipeline = getattr(diffusers, model.architecture.text_to_image)
    if not hasattr(pipeline, "lora_state_dict"):
        return file.changes
    try:
        answer: Any = pipeline.lora_state_dict(dict(file.tensors))
    except (ValueError, KeyError, RuntimeError, AttributeError, IndexError, TypeError, AssertionError):
        return file.changes  # names of nobody's: what does not fit is told by the caller
    tensors, alphas = answer if isinstance(answer, tuple) else (answer, None)
    alphas = {name: torch.tensor(float(alpha)) for name, alpha in (alphas or {}).items()}
    return _sorted(label, {**tensors, **alphas})


def _check_shape(info: ModelInfo, place: str, module: Any, change: WeightChange, model: LoadedModel) -> None:
    fault, weight = "", module.weight
    if change.has_weight and weight.is_floating_point():
        try:
            change.difference(torch.empty(weight.shape, device="meta"))  # shapes alone: nothing is computed
        except WeightChangeError as error:
            fault = str(error)
    if fault:
        raise ModelError(
            f"The LoRA '{info.name}' does not fit the model '{model.info.name}' at {place}: {fault}. "
            f"Choose a LoRA made for {model.info.family.value}."
        )
