"""Everything as it was when a logged generation was asked for: form, seed, place, mask, mode."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.selection import Selection
from desktop.generation.control_reuse import is_followed_now, load_controls, restore_controls
from desktop.generation.detection import detect_mode_in_slices
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.generation.modes import RAN_AS, STRENGTHS, Mode, mode_of_record
from desktop.generation.region_reuse import load_regions, restore_regions
from desktop.generation.wording import Wording
from desktop.session import Session
from desktop.spoken import spoken
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import Task
from pipelines.library.families import nearest_scheduler
from pipelines.prompting.wildcards import words_for_seed

STEP = "Use settings"


async def restore(record: GenerationRecord, session: Session, form: GenerationForm) -> list[str]:
    """Puts form, frame and selection back; the latter two are one undo step. Gives sentences about what is missing.

    Generating then gives the same request, as long as the canvas underneath is the same.
    """
    complaints: list[str] = []
    await _restore_place(record, session, complaints)
    mode = mode_of_record(record.task, record.form)
    settings = settings_of(record, form.settings, form.wording)
    if settings.mode is None and mode is not None:
        found = await detect_mode_in_slices(session.document, session.compositor)
        if found is not mode:  # something was painted there since
            settings = replace(settings, mode=mode)
    if settings.model not in [info.id for info in form.models]:
        sentence = QCoreApplication.translate(
            "reuse",
            "The model '{model}' that painted this is not in the library. Put it back, or add its folder with "
            "Generate > Model Folders; the other settings are restored.",
        )
        complaints.append(sentence.format(model=settings.model))
        settings = replace(settings, model=form.settings.model)
    info = next((one for one in form.models if one.id == settings.model), None)
    scheduler, same = nearest_scheduler(settings.scheduler, info) if info is not None else (settings.scheduler, True)
    if not same and info is not None:
        sentence = QCoreApplication.translate(
            "reuse",
            "The scheduler '{name}' does not suit the model '{model}'; the nearest is set instead: '{nearest}'.",
        )
        complaints.append(sentence.format(name=settings.scheduler, model=info.name, nearest=scheduler))
    settings = replace(settings, scheduler=scheduler)
    missing = [lora for lora in settings.loras if form.wording.addon(lora.model) is None]
    if missing:
        sentence = QCoreApplication.translate("reuse", "Its LoRAs are not in the library and left out: {names}.")
        complaints.append(sentence.format(names=", ".join(lora.model for lora in missing)))
        settings = replace(settings, loras=tuple(lora for lora in settings.loras if lora not in missing))
    form.restore(settings)
    return complaints


def _typed(record: GenerationRecord, field: str) -> bool:
    """Whether the form of then had that field of one mode's; else what went to the engine is all that is known."""
    return RAN_AS in record.form and field in record.form


def settings_of(
    record: GenerationRecord, base: GenerationSettings, wording: Wording | None = None
) -> GenerationSettings:
    """The form as it was typed, with the seed that was drawn then; `base` gives what neither form nor request says.

    Records of older versions have no form: then what went to the engine is what was typed.
    """
    request, known = dict(record.request), base.to_dict()
    values = {**known, **{name: value for name, value in request.items() if name in known}}
    values |= {name: getattr(base, name) for name in STRENGTHS} | {"mode": None}
    if RAN_AS not in record.form:  # of a time when these three numbers were all there was
        values["auto_rim"] = False
    values |= {name: value for name, value in record.form.items() if name in known}
    values["keep_into_layer"] = base.keep_into_layer  # not about how a picture is made
    mode, strength = mode_of_record(record.task, record.form), request.get("strength")
    if mode is not None and mode.strength_field and strength is not None and not _typed(record, mode.strength_field):
        values[mode.strength_field] = strength
    values["seed"], values["random_seed"] = request.get("seed", base.seed), False
    values["model"] = request.get("model", base.model)
    for name in ("variation_seed", "variation_strength"):
        values[name] = request.get(name, 0)
    values["variation_path"] = request.get("variation_path", ())
    values["styles"] = record.form.get("styles", ())
    values["loras"] = record.form.get("loras", request.get("loras", ()))
    typed = GenerationSettings.from_dict(values)
    return typed_again(typed, request, wording or Wording(), uses_prompt=mode is not Mode.REMOVE)


def typed_again(
    typed: GenerationSettings, request: Mapping[str, Any], wording: Wording, *, uses_prompt: bool
) -> GenerationSettings:
    """What must stand in the form so that its seed gives the request's words and LoRAs again: what was typed, or, where
    its styles, wildcards or LoRAs are others by now, what went to the engine."""
    names = ("prompt", "negative_prompt") if uses_prompt else ("negative_prompt",)
    try:
        words = wording.resolve(typed, typed.seed, uses_prompt=uses_prompt)
    except InvalidRequestError:
        words = None
    if words is not None and all(request.get(name, getattr(words, name)) == getattr(words, name) for name in names):
        return typed
    said = {name: words_for_seed(getattr(typed, name), request.get(name), typed.seed) for name in names}
    plain = GenerationSettings.from_dict({**typed.to_dict(), "loras": request.get("loras", ())})
    return replace(plain, styles=(), **said)


async def _restore_place(record: GenerationRecord, session: Session, complaints: list[str]) -> None:
    document = session.document
    selection = Selection.none()
    background = mode_of_record(record.task, record.form) is Mode.BACKGROUND
    if record.task == Task.INPAINT and "mask" in record.inputs:
        try:
            mask = await asyncio.wrap_future(session.project.load_blob(record.inputs["mask"]))
            selection = Selection.from_mask(record.bounds, 255 - mask if background else mask)
        except CanvasError as error:  # the settings are still worth having
            complaints.append(spoken(str(error)))
    regions = await load_regions(record, session.project, complaints)
    followed = await load_controls(record, session.project, complaints)
    as_it_is = await is_followed_now(document, session.compositor, record.bounds, followed)
    with document.transaction(STEP):
        restore_regions(document, record.bounds, regions)
        if not as_it_is:
            restore_controls(document, record.bounds, followed)
        if record.task == Task.INPAINT:
            document.set_selection(selection)
        else:
            document.set_selection(Selection.none())
        if (background or record.task != Task.INPAINT) and not record.bounds.is_empty:
            document.set_frame(record.bounds)
