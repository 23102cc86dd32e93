"""What the painter asks for: one immutable value, one signal, bound to by every widget that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.generation.modes import Mode
from desktop.generation.wording import Wording
from pipelines.contract.models import ModelInfo, SchedulerName
from pipelines.contract.request import Fill, LoraWeight, NoiseTurn
from pipelines.planning.seen_cost import sees_pictures


class Context(StrEnum):
    """How much of its surroundings the model is shown of a selection."""

    AUTOMATIC = "automatic"
    TIGHT = "tight"
    WIDE = "wide"
    FRAME = "frame"


class SeedPolicy(StrEnum):
    """Where the seed of the next run comes from."""

    RANDOM = "random"
    FIXED = "fixed"
    NEXT = "next"


POLICIES: Mapping[SeedPolicy, Mapping[str, bool]] = {
    SeedPolicy.RANDOM: {"random_seed": True, "seed_advances": False},
    SeedPolicy.FIXED: {"random_seed": False, "seed_advances": False},
    SeedPolicy.NEXT: {"random_seed": False, "seed_advances": True},
}
"""What each sets in the form."""


@dataclass(frozen=True)
class GenerationSettings:
    """Everything in the form. Names are those of the request; what the request has not is explained."""

    prompt: str = ""
    negative_prompt: str = ""
    model: str = "starter"
    num_inference_steps: int = 14
    guidance_scale: float = 2.0
    strength: float = 0.6
    """For image to image; inpaint and outpaint of an empty place always begin from nothing."""
    inpaint_strength: float = 1.0
    remove_strength: float = 0.5
    """What closes the hole is continued from around it; half the way the model joins it in, at more it invents."""
    scheduler: SchedulerName = SchedulerName.DEFAULT
    seed: int = 0
    random_seed: bool = True
    """Draw a new seed for every generation; the drawn one is shown and stored."""
    variation_seed: int = 0
    variation_strength: float = 0.0
    """Taken over with a variation that is used again; another seed, or a random one, ends it."""
    variation_path: tuple[NoiseTurn, ...] = ()
    """As in the request, taken over and ended likewise."""
    seed_advances: bool = False
    """Whether a seed that is not random goes on behind the last picture after every run."""
    num_images_per_prompt: int = 2
    styles: tuple[str, ...] = ()
    """Names of the style presets around the prompts, the innermost first."""
    loras: tuple[LoraWeight, ...] = ()
    """Those of the list; the prompt may name more."""
    vae: str = ""
    """Id of a VAE instead of the model's own."""
    clip_skip: int = 0
    """As in the request: 0 leaves nothing out."""
    auto_rim: bool = True
    """Whether the soft rim follows from the size of the selection and the strength; else the three numbers do."""
    mask_grow: int = 4
    mask_feather: int = 16
    mask_blend: int = 25
    context: Context = Context.AUTOMATIC
    fill: Fill = Fill.BLUR
    keep_into_layer: bool = False
    """Whether a candidate that is kept goes into the active layer instead of a new one."""
    mode: Mode | None = None
    """The mode the painter insists on; None lets the picture decide."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, kept in the settings and in documents."""
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        data["scheduler"], data["fill"], data["context"] = str(self.scheduler), str(self.fill), str(self.context)
        data["mode"] = str(self.mode) if self.mode else None
        data["variation_path"] = [[turn.seed, turn.strength] for turn in self.variation_path]
        data["styles"], data["loras"] = list(self.styles), [asdict(lora) for lora in self.loras]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GenerationSettings:
        """Reads what `to_dict` wrote; unknown or damaged values fall back to the defaults."""
        readers: dict[str, Any] = {"scheduler": SchedulerName, "fill": Fill, "context": Context}
        readers["mode"] = lambda value: Mode(value) if value else None
        readers["styles"] = lambda names: tuple(map(str, names))
        readers["loras"] = lambda rows: tuple(LoraWeight(str(row["model"]), float(row["weight"])) for row in rows)
        readers["variation_path"] = lambda rows: tuple(NoiseTurn(int(seed), float(part)) for seed, part in rows)
        found: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in data:
                try:
                    found[field.name] = readers.get(field.name, type(field.default))(data[field.name])
                except (KeyError, TypeError, ValueError):
                    continue
        return cls(**found)


class GenerationForm(QObject):
    """The form's state. `changed` carries the names of the fields that are different now."""

    changed = Signal(set)
    models_changed = Signal()
    wording_changed = Signal()
    """Styles, wildcards, LoRAs … are others now."""

    def __init__(self, models: Sequence[ModelInfo], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("generationForm")
        self._models = list(models)
        self._settings = GenerationSettings()
        self._wording = Wording()
        if self._models:
            self.choose_model(self._models[0].id)

    @property
    def settings(self) -> GenerationSettings:
        """The present value; never changes in place."""
        return self._settings

    @property
    def models(self) -> Sequence[ModelInfo]:
        """Models that can be chosen."""
        return tuple(self._models)

    def model_info(self) -> ModelInfo | None:
        """The chosen model, or None when it has gone from the library."""
        return next((m for m in self._models if m.id == self._settings.model), None)

    @property
    def edits(self) -> bool:
        """Whether the chosen model is shown the picture and does what the words say: "make it night"."""
        info = self.model_info()
        return info is not None and sees_pictures(info)

    @property
    def wording(self) -> Wording:
        """What the words of the form may name."""
        return self._wording

    def set_wording(self, wording: Wording) -> None:
        """Takes over what there is by now."""
        self._wording = wording
        self.wording_changed.emit()

    def set(self, **changes: Any) -> None:
        """Changes fields; says nothing when nothing is different."""
        if changes.get("random_seed") or "seed" in changes:
            changes = {"variation_strength": 0.0, "variation_path": (), **changes}
        self.restore(replace(self._settings, **changes))

    def restore(self, settings: GenerationSettings) -> None:
        """Takes a whole value over, as when an old recipe is used again."""
        different = {f.name for f in fields(settings) if getattr(settings, f.name) != getattr(self._settings, f.name)}
        self._settings = settings
        if different:
            self.changed.emit(different)

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """The library was scanned anew. A choice that is gone falls back to the first model."""
        self._models = list(models)
        self.models_changed.emit()
        if self.model_info() is None and self._models:
            self.choose_model(self._models[0].id)

    def choose_model(self, model_id: str) -> None:
        """Takes a model and the steps, guidance and scheduler that suit it."""
        info = next((m for m in self._models if m.id == model_id), None)
        if info is None:
            self.set(model=model_id)
            return
        before = self.model_info()
        if before is not None and before.family is not info.family:  # of another network
            self.set(vae="", clip_skip=0)
        if before is not info and sees_pictures(info) is not self.edits:  # they look at it: none of it has to stay
            self.set(strength=1.0 if sees_pictures(info) else GenerationSettings.strength)
        self.set(
            model=model_id,
            num_inference_steps=info.defaults.num_inference_steps,
            guidance_scale=info.defaults.guidance_scale,
            scheduler=info.defaults.scheduler,
        )
