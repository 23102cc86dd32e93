"""Settings from elsewhere meet the form: what would be set, what cannot be, and the settings with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from desktop.generation.form import GenerationSettings
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from pipelines.library.families import nearest_scheduler
from pipelines.prompting.recipes.recipe import MAX_TEXT, Recipe, stem
from pipelines.prompting.tags import take_loras, without_loras
from pipelines.prompting.wildcards import words_for_seed

translate = QCoreApplication.translate
TEXT_SUFFIXES = (".json", ".txt")
"""Files that hold settings alone: a graph of ComfyUI, a text beside a picture."""
OURS = "Handscroll"
SHORTEST_HASH = 8


@dataclass(frozen=True)
class Part:
    """One thing that a recipe would set."""

    name: str
    """prompt, negative_prompt, model, size, seed, steps, sampler, strength, loras."""
    value: str
    """In words."""
    remark: str = ""
    """What is to be said about it, such as why it cannot be used."""
    usable: bool = True


class RecipePlan:
    """A recipe and what comes of it with these models."""

    def __init__(
        self,
        recipe: Recipe,
        models: Sequence[ModelInfo],
        addons: Sequence[ModelInfo] = (),
        present: ModelInfo | None = None,
    ) -> None:
        """`addons`: LoRAs and the like of the library; `present`: the model that is chosen now."""
        self.recipe, self._models, self._addons, self._present = recipe, models, addons, present
        self._loras = [info for info in addons if info.kind is ModelKind.LORA]
        self._model = find_model(recipe.model, recipe.model_hash, models)
        self.parts = tuple(self._parts())

    def in_present_language(self) -> RecipePlan:
        """The same with its texts made anew."""
        return RecipePlan(self.recipe, self._models, self._addons, self._present)

    @property
    def usable(self) -> frozenset[str]:
        """Names of the parts that can be set."""
        return frozenset(part.name for part in self.parts if part.usable)

    @property
    def refused(self) -> tuple[str, ...]:
        """What stood there with a value that makes no sense, in the present language."""
        words = {
            "num_inference_steps": translate("recipes", "steps"),
            "guidance_scale": translate("recipes", "guidance"),
            "seed": translate("recipes", "seed"),
            "size": translate("recipes", "size"),
            "strength": translate("recipes", "strength"),
            "loras": translate("recipes", "LoRAs"),
        }
        return tuple(words[name] for name in self.recipe.refused if name in words)

    def settings(self, base: GenerationSettings, chosen: Collection[str]) -> GenerationSettings:
        """`base` with the chosen parts of the recipe."""
        recipe, values = self.recipe, {}
        wanted = self.usable & set(chosen)
        if "model" in wanted and self._model is not None and self._model.id != base.model:
            values["model"] = self._model.id
            for name in ("num_inference_steps", "guidance_scale", "scheduler"):
                values[name] = getattr(self._model.defaults, name)
        values |= self._word_values(wanted)
        if "seed" in wanted:
            values["seed"], values["random_seed"] = recipe.seed, False
        if "steps" in wanted:
            found = {name: getattr(recipe, name) for name in ("num_inference_steps", "guidance_scale")}
            values |= {name: value for name, value in found.items() if value is not None}
        if "sampler" in wanted and recipe.scheduler is not None:
            own = next((info for info in self._models if info.id == base.model), self._present)
            values["scheduler"] = nearest_scheduler(recipe.scheduler, self._model if "model" in wanted else own)[0]
        if "loras" in wanted:
            values["loras"] = self._lora_rows()
        if "strength" in wanted:
            values["strength"] = recipe.strength
        return replace(base, **values)

    def frame(self, present: Bounds, chosen: Collection[str]) -> Bounds:
        """The frame with the recipe's size around the same middle, or the present one."""
        width, height = self.recipe.width, self.recipe.height
        if "size" not in chosen or width is None or height is None:
            return present
        x, y = present.x + (present.width - width) // 2, present.y + (present.height - height) // 2
        return Bounds(x, y, width, height)

    def _words(self, words: str) -> str:
        """Our own pictures hold words that were already chosen from; other programs know no such choices."""
        seed = self.recipe.seed
        words = without_loras(words, lambda name: self._lora(name, "") is not None)
        return words_for_seed(words, words, seed) if self.recipe.source == OURS and seed is not None else words

    def _word_values(self, wanted: Collection[str]) -> dict[str, Any]:
        names = [name for name in ("prompt", "negative_prompt") if name in wanted]
        values: dict[str, Any] = {name: self._words(getattr(self.recipe, name)) for name in names}
        return values | ({"styles": ()} if "prompt" in wanted else {})  # theirs are in the words

    def _lora_rows(self) -> tuple[LoraWeight, ...]:
        """Those of the library that the prompt does not name already."""
        named = {self._lora(tag.name, "") for tag in take_loras(self.recipe.prompt)[1]}
        found = [(self._lora(lora.name, lora.hash), lora.weight) for lora in self.recipe.loras]
        rows = {info.id: weight for info, weight in found if info is not None and info not in named}
        return tuple(LoraWeight(model, weight) for model, weight in rows.items())

    def _lora(self, name: str, digest: str) -> ModelInfo | None:
        return find_model(name, digest, self._loras)

    def _parts(self) -> list[Part]:
        recipe = self.recipe
        texts = (("prompt", recipe.prompt), ("negative_prompt", recipe.negative_prompt))
        found = [Part(name, text) for name, text in texts if text]
        if recipe.model:
            missing = translate("recipes", "not in the library")
            found.append(Part("model", recipe.model, "" if self._model else missing, self._model is not None))
        if recipe.width is not None:
            found.append(Part("size", f"{recipe.width} × {recipe.height}"))
        if recipe.seed is not None:
            found.append(Part("seed", str(recipe.seed)))
        numbers = []
        if recipe.num_inference_steps is not None:
            numbers.append(str(recipe.num_inference_steps))
        if recipe.guidance_scale is not None:
            numbers.append(translate("recipes", "guidance {0}").format(f"{recipe.guidance_scale:g}"))
        if numbers:
            found.append(Part("steps", ", ".join(numbers)))
        return found + self._later_parts()

    def _later_parts(self) -> list[Part]:
        recipe, found = self.recipe, []
        if recipe.scheduler is not None:
            near, same = nearest_scheduler(recipe.scheduler, self._model or self._present)
            remark = translate("recipes", "nearest here: {0}") if not recipe.scheduler_exact else ""
            remark = remark if same else translate("recipes", "does not suit the model; nearest here: {0}")
            found.append(Part("sampler", recipe.sampler, remark.format(near)))
        elif recipe.sampler:
            found.append(Part("sampler", recipe.sampler, translate("recipes", "not known here"), usable=False))
        if recipe.strength is not None:
            found.append(Part("strength", f"{recipe.strength:g}"))
        if recipe.loras:
            names = ", ".join(f"{lora.name} {lora.weight:g}" for lora in recipe.loras)
            missing = [lora.name for lora in recipe.loras if self._lora(lora.name, lora.hash) is None]
            remark = translate("recipes", "not in the library: {0}").format(", ".join(missing)) if missing else ""
            found.append(Part("loras", names, remark, usable=len(missing) < len(recipe.loras)))
        return found


def find_model(name: str, digest: str, models: Sequence[ModelInfo]) -> ModelInfo | None:
    """The model of the library with this hash of its file, else the one that bears this name, however it is spelled.

    `digest` is the beginning of a sha256, at least eight digits; not every file has been read for its hash yet.
    """
    beginning = digest.casefold()
    if len(beginning) >= SHORTEST_HASH:
        for info in models:
            if info.file_hash.startswith(beginning):
                return info
    wanted = _letters(stem(name))
    if not wanted:
        return None
    for info in models:
        if wanted in {_letters(stem(word)) for word in (info.id, info.name, Path(info.path).name)}:
            return info
    return None


def recipe_in(path: Path) -> Recipe | None:
    """The settings in a picture, or in a text file with nothing else. Any thread; never raises for odd contents.

    Raises CanvasError when a text file cannot be read.
    """
    # The readers and Pillow are many modules; the first paint need not wait for them.
    from canvas.formats.picture_texts import read_texts
    from pipelines.prompting.recipes.reading import read_pasted, read_recipe

    if path.suffix.casefold() not in TEXT_SUFFIXES:
        return read_recipe(read_texts(path))
    try:
        with path.open("rb") as file:
            text = file.read(MAX_TEXT + 1)
    except OSError as error:
        raise CanvasError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    return read_pasted(text.decode("utf-8", "replace"))


def _letters(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())
