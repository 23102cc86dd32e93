"""Everything as it was when a logged generation was asked for: form, seed, place, mask, mode."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.selection import Selection
from desktop.generation.capture import detect_task_in_slices
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.session import Session
from pipelines.contract.request import Task
from pipelines.prompting.wildcards import choose_words

STEP = "Use settings"


async def restore(record: GenerationRecord, session: Session, form: GenerationForm) -> list[str]:
    """Puts form, frame and selection back; the latter two are one undo step. Gives sentences about what is missing.

    Generating then gives the same request, as long as the canvas underneath is the same.
    """
    complaints: list[str] = []
    await _restore_place(record, session, complaints)
    settings = settings_of(record, form.settings)
    if settings.mode is None and record.task in tuple(Task):
        found = await detect_task_in_slices(session.document, session.compositor)
        if found != record.task:  # something was painted there since
            settings = replace(settings, mode=Task(record.task))
    if settings.model not in [info.id for info in form.models]:
        sentence = QCoreApplication.translate(
            "reuse",
            "The model '{model}' that painted this is not in the library. Put it back, or add its folder with "
            "Generate > Model Folders; the other settings are restored.",
        )
        complaints.append(sentence.format(model=settings.model))
        settings = replace(settings, model=form.settings.model)
    if record.request.get("loras"):
        sentence = QCoreApplication.translate("reuse", "Its LoRAs are left out: {names}.")
        complaints.append(sentence.format(names=", ".join(_lora_names(record.request["loras"]))))
    form.restore(settings)
    return complaints


def settings_of(record: GenerationRecord, base: GenerationSettings) -> GenerationSettings:
    """The form as it was typed, with the seed that was drawn then; `base` gives what neither form nor request says.

    Records of older versions have no form: then what went to the engine is what was typed.
    """
    request, known = dict(record.request), base.to_dict()
    values = {**known, **{name: value for name, value in request.items() if name in known}}
    values |= {"strength": base.strength, "inpaint_strength": base.inpaint_strength, "mode": None}
    values |= {name: value for name, value in record.form.items() if name in known}
    strength = request.get("strength")
    if strength is not None and record.task in (Task.IMAGE_TO_IMAGE, Task.INPAINT):
        values["strength" if record.task == Task.IMAGE_TO_IMAGE else "inpaint_strength"] = strength
    values["seed"], values["random_seed"] = request.get("seed", base.seed), False
    values["model"] = request.get("model", base.model)
    for name in ("prompt", "negative_prompt"):
        values[name] = words_for_seed(str(values[name]), request.get(name), values["seed"])
    return GenerationSettings.from_dict(values)


def words_for_seed(typed: str, evaluated: object, seed: Any) -> str:
    """What must stand in the form so that this seed chooses these words again.

    The words as typed, unless the seed was another one when they were chosen (as with Again).
    """
    if not isinstance(evaluated, str) or not isinstance(seed, int):
        return typed
    for words in (typed, evaluated):
        if choose_words(words, seed).strip() == evaluated:
            return words
    return re.sub(r"([{}|])", r"\\\1", evaluated)


async def _restore_place(record: GenerationRecord, session: Session, complaints: list[str]) -> None:
    document = session.document
    selection = Selection.none()
    if record.task == Task.INPAINT and "mask" in record.inputs:
        try:
            mask = await asyncio.wrap_future(session.project.load_blob(record.inputs["mask"]))
            selection = Selection.from_mask(record.bounds, mask)
        except CanvasError as error:  # the settings are still worth having
            complaints.append(str(error))
    with document.transaction(STEP):
        if record.task == Task.INPAINT:
            document.set_selection(selection)
        elif not record.bounds.is_empty:
            document.set_selection(Selection.none())
            document.set_frame(record.bounds)


def _lora_names(loras: Any) -> list[str]:
    rows = loras if isinstance(loras, list) else []
    return [str(row.get("model", "")) for row in rows if isinstance(row, dict)]
