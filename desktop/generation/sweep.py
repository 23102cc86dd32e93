"""Sweeps: one or two settings that take a row of values each. Reads what was typed; gives the settings of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.sweep_values import SweepError, numbers, words
from desktop.panels.parameter_rows import SCHEDULER_WORDS
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import MAX_SEED
from pipelines.planning.masks import Rim

MOST_CELLS = 100


class SweepField(StrEnum):
    """What can be swept."""

    SEED = "seed"
    PROMPT = "prompt"
    NEGATIVE = "negative_prompt"
    STEPS = "num_inference_steps"
    GUIDANCE = "guidance_scale"
    STRENGTH = "strength"
    VARIATION = "variation_strength"
    SCHEDULER = "scheduler"
    MODEL = "model"
    FEATHER = "mask_feather"


WORDS = (SweepField.PROMPT, SweepField.NEGATIVE)
PERCENT = (SweepField.STRENGTH, SweepField.VARIATION)
LIMITS: dict[SweepField, tuple[float, float]] = {
    SweepField.SEED: (0, MAX_SEED),
    SweepField.STEPS: (1, 200),
    SweepField.GUIDANCE: (0, 50),
    SweepField.STRENGTH: (1, 100),
    SweepField.VARIATION: (0, 100),
    SweepField.FEATHER: (0, 1024),
}
"""Smallest and largest value of each number, as it is typed."""


@dataclass(frozen=True)
class Scope:
    """What values are read against."""

    settings: GenerationSettings
    mode: Mode
    models: Sequence[ModelInfo] = ()
    """Those that can be chosen."""


@dataclass(frozen=True)
class Value:
    """One value of an axis."""

    value: Any
    label: str
    """What stands at its row or column."""


@dataclass(frozen=True)
class Axis:
    """One setting and its values."""

    field: SweepField
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Cell:
    """A place in the grid, from 0."""

    column: int
    row: int


@dataclass(frozen=True)
class Sweep:
    """Columns, and rows where there are any."""

    across: Axis
    down: Axis | None = None

    @property
    def columns(self) -> int:
        """How many."""
        return len(self.across.values)

    @property
    def rows(self) -> int:
        """How many, 1 without an axis of rows."""
        return len(self.down.values) if self.down is not None else 1

    def cells(self) -> tuple[Cell, ...]:
        """In the order in which they are painted: row by row, or column by column where a column is a model, which
        takes long to load."""
        if self.across.field is SweepField.MODEL:
            return tuple(Cell(column, row) for column in range(self.columns) for row in range(self.rows))
        return tuple(Cell(column, row) for row in range(self.rows) for column in range(self.columns))

    def settings(self, base: GenerationSettings, mode: Mode, cell: Cell, rim: Rim) -> GenerationSettings:
        """What one cell is painted with. `base` has its seed and `rim` what would be used where it is automatic."""
        found = replace(base, num_images_per_prompt=1, random_seed=False, mode=mode)
        for axis, place in ((self.across, cell.column), (self.down, cell.row)):
            if axis is not None:
                found = _with(found, axis.field, axis.values[place].value, mode, rim)
        return found


def make_sweep(across: Axis, down: Axis | None) -> Sweep:
    """Raises SweepError when two axes do not go together, or make too many pictures."""
    if down is not None and down.field is across.field and across.field not in WORDS:
        sentence = QCoreApplication.translate("sweep", "Columns and rows both set {field}. Choose another one for one.")
        raise SweepError(sentence.format(field=field_word(across.field)))
    sweep = Sweep(across, down)
    if sweep.columns * sweep.rows > MOST_CELLS:
        raise too_many(sweep.columns, sweep.rows)
    return sweep


def too_many(columns: int, rows: int) -> SweepError:
    """A grid of that size cannot be had."""
    sentence = QCoreApplication.translate(
        "sweep", "{columns} × {rows} are {count} pictures; at most {most} are painted in one go. Leave values out."
    )
    return SweepError(sentence.format(columns=columns, rows=rows, count=columns * rows, most=MOST_CELLS))


def read_axis(name: SweepField, text: str, scope: Scope) -> Axis:
    """The values that were typed. Raises SweepError with a sentence: what cannot be read, and what to do."""
    problem = why_not(name, scope.mode)
    if problem:
        raise SweepError(problem)
    if name in WORDS:
        return Axis(name, _replacements(name, text, scope))
    if name is SweepField.SCHEDULER:
        return Axis(name, tuple(_scheduler(one) for one in words(text)))
    if name is SweepField.MODEL:
        return Axis(name, tuple(_model(one, scope.models) for one in words(text)))
    low, high = LIMITS[name]
    whole = name is not SweepField.GUIDANCE and name not in PERCENT
    found = numbers(text, low, high, whole, most=MOST_CELLS, percent=name in PERCENT)
    return Axis(name, tuple(_number(name, one) for one in found))


def why_not(name: SweepField, mode: Mode) -> str:
    """A sentence where a setting means nothing in a mode; empty where it does something."""
    if name is SweepField.STRENGTH and not mode.strength_field:
        return QCoreApplication.translate(
            "sweep", "Strength means nothing here: everything is painted anew. Refine and Fill have one."
        )
    if name is SweepField.FEATHER and mode in (Mode.GENERATE, Mode.REFINE):
        return QCoreApplication.translate("sweep", "There is no soft rim here: select something first.")
    if name is SweepField.PROMPT and not mode.uses_prompt:
        return QCoreApplication.translate("sweep", "Remove works without words. Choose another setting.")
    return ""


def field_word(name: SweepField) -> str:
    """What a setting is called."""
    found = {
        SweepField.SEED: QCoreApplication.translate("sweep", "Seed"),
        SweepField.PROMPT: QCoreApplication.translate("sweep", "Words of the prompt"),
        SweepField.NEGATIVE: QCoreApplication.translate("sweep", "Words of the negative prompt"),
        SweepField.STEPS: QCoreApplication.translate("sweep", "Steps"),
        SweepField.GUIDANCE: QCoreApplication.translate("sweep", "Guidance"),
        SweepField.STRENGTH: QCoreApplication.translate("sweep", "Strength"),
        SweepField.VARIATION: QCoreApplication.translate("sweep", "Variation"),
        SweepField.SCHEDULER: QCoreApplication.translate("sweep", "Scheduler"),
        SweepField.MODEL: QCoreApplication.translate("sweep", "Model"),
        SweepField.FEATHER: QCoreApplication.translate("sweep", "Feather"),
    }
    return found[name]


def field_hint(name: SweepField) -> str:
    """How its values are written."""
    if name in WORDS:
        return QCoreApplication.translate(
            "sweep", 'The first is searched in the prompt, the others stand in for it: summer, winter, "night, moon"'
        )
    if name in (SweepField.SCHEDULER, SweepField.MODEL):
        return QCoreApplication.translate("sweep", "Names, with commas between them; + offers them all")
    if name is SweepField.SEED:
        return QCoreApplication.translate("sweep", "1, 2, 3 or 1-10; ? draws one: ?, ?, ?")
    if name in PERCENT:
        return QCoreApplication.translate("sweep", "In percent: 20, 50, 80, by steps 20-80 (+20), so many 10-90 [5]")
    return QCoreApplication.translate("sweep", "1, 2, 3, by steps 4-12 (+4), so many of a range 1-10 [4]")


def _with(settings: GenerationSettings, name: SweepField, value: Any, mode: Mode, rim: Rim) -> GenerationSettings:
    if name in WORDS:
        search, put = value
        return replace(settings, **{name.value: getattr(settings, name.value).replace(search, put)})
    if name is SweepField.STRENGTH:
        return replace(settings, **{mode.strength_field: value})
    if name is SweepField.FEATHER:
        kept = (settings.mask_grow, settings.mask_blend) if not settings.auto_rim else (rim.grow, rim.blend)
        return replace(settings, auto_rim=False, mask_feather=value, mask_grow=kept[0], mask_blend=kept[1])
    return replace(settings, **{name.value: value})


def _number(name: SweepField, number: float) -> Value:
    figure = f"{number:g}" if name is not SweepField.SEED else str(int(number))
    if name in PERCENT:
        return Value(number / 100, f"{field_word(name)} {figure} %")
    if name is SweepField.FEATHER:
        return Value(int(number), f"{field_word(name)} {figure} px")
    return Value(number if name is SweepField.GUIDANCE else int(number), f"{field_word(name)} {figure}")


def _replacements(name: SweepField, text: str, scope: Scope) -> tuple[Value, ...]:
    listed, prompt = words(text), str(getattr(scope.settings, name.value))
    search = listed[0]
    if search not in prompt:
        sentence = QCoreApplication.translate(
            "sweep", "'{search}' is not in the prompt: '{prompt}'. The first value must be a part of it."
        )
        if name is SweepField.NEGATIVE:
            sentence = QCoreApplication.translate(
                "sweep", "'{search}' is not in the negative prompt: '{prompt}'. The first value must be a part of it."
            )
        raise SweepError(sentence.format(search=search, prompt=prompt if len(prompt) < 80 else prompt[:80] + "…"))
    return tuple(Value((search, one), one) for one in listed)


def _scheduler(text: str) -> Value:
    found = {str(one): one for one in SCHEDULER_WORDS} | {word.casefold(): one for one, word in SCHEDULER_WORDS.items()}
    chosen = found.get(text.casefold())
    if chosen is None:
        sentence = QCoreApplication.translate("sweep", "There is no scheduler '{name}'. These are there: {names}.")
        raise SweepError(sentence.format(name=text, names=", ".join(SCHEDULER_WORDS.values())))
    return Value(chosen, SCHEDULER_WORDS[chosen])


def _model(text: str, models: Sequence[ModelInfo]) -> Value:
    wanted = text.casefold()
    exact = [info for info in models if wanted in (info.name.casefold(), info.id.casefold())]
    near = exact or [info for info in models if wanted in info.name.casefold()]
    if len(near) == 1:
        return Value(near[0].id, near[0].name)
    if near:
        sentence = QCoreApplication.translate("sweep", "'{name}' fits several models: {names}. Write more of the name.")
        raise SweepError(sentence.format(name=text, names=", ".join(info.name for info in near[:5])))
    sentence = QCoreApplication.translate(
        "sweep", "There is no model '{name}' in the library. These are there: {names}."
    )
    raise SweepError(sentence.format(name=text, names=", ".join(info.name for info in models[:8])))
