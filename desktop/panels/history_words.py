"""What the history panel says of a record: the line under its prompt, its details, its parameters as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from canvas.generations import GenerationRecord
from desktop.generation.clip_records import fps_of, is_clip
from desktop.generation.modes import mode_of_record, mode_word
from desktop.generation.regions import REGIONS, own_words
from desktop.panels.history_rows import local_time
from desktop.panels.parameter_rows import fill_words
from desktop.spoken import spoken
from pipelines.contract.request import LANCZOS, Fill, Task

DEVICES = ("device", "dtype")
SHOWN_FACTS = frozenset({*DEVICES, "total_s"})


def task_word(task: str, form: Mapping[str, Any] | None = None) -> str:
    """The word on the button that made it; the task itself for one that is not known here."""
    mode = mode_of_record(task, form or {})
    if mode is None and task == Task.UPSCALE:
        return QCoreApplication.translate("HistoryPanel", "Upscale")
    if mode is None and task == Task.ANIMATE:
        return QCoreApplication.translate("HistoryPanel", "Animate")
    return mode_word(mode) if mode is not None else task


def subtitle(record: GenerationRecord, with_day: bool) -> str:
    """How it ended and when, in one line."""
    when = local_time(record.created)
    if with_day:
        day = datetime.fromisoformat(record.created).astimezone().date()
        when = f"{QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)} {when}"
    if record.status == "failed":
        return QCoreApplication.translate("HistoryPanel", "failed: {0}").format(spoken(record.sentence))
    if record.status == "cancelled":
        return QCoreApplication.translate("HistoryPanel", "cancelled") + f" · {when}"
    return f"{task_word(record.task, record.form)} · {when}"


def moment(created: str) -> str:
    """Date and time as people of this language write them."""
    at = datetime.fromisoformat(created).astimezone()
    day = QLocale().toString(QDate(at.year, at.month, at.day), QLocale.FormatType.ShortFormat)
    return f"{day} {at:%H:%M:%S}"


def field_words() -> dict[str, str]:
    """The label of each parameter in the order in which they are shown."""
    translate = QCoreApplication.translate
    return {
        "prompt": translate("HistoryPanel", "Prompt"),
        "typed": translate("HistoryPanel", "As typed"),
        "regions": translate("HistoryPanel", "Regions"),
        "negative_prompt": translate("HistoryPanel", "Negative"),
        "model": translate("HistoryPanel", "Model"),
        "loras": translate("HistoryPanel", "LoRAs"),
        "controls": translate("HistoryPanel", "Control layers"),
        "scheduler": translate("HistoryPanel", "Scheduler"),
        "num_inference_steps": translate("HistoryPanel", "Steps"),
        "guidance_scale": translate("HistoryPanel", "Guidance"),
        "strength": translate("HistoryPanel", "Strength"),
        "seed": translate("HistoryPanel", "Seed"),
        "variation": translate("HistoryPanel", "Variation"),
        "upscaled": translate("HistoryPanel", "Enlarged"),
        "size": translate("HistoryPanel", "Size"),
        "region": translate("HistoryPanel", "Place"),
        "pictures": translate("HistoryPanel", "Pictures"),
        "clip": translate("HistoryPanel", "Clip"),
        "mask": translate("HistoryPanel", "Mask"),
        "time": translate("HistoryPanel", "Took"),
        "notes": translate("HistoryPanel", "Notes"),
        "savings": translate("HistoryPanel", "Memory"),
        "peak": translate("HistoryPanel", "Memory used"),
        "device": translate("HistoryPanel", "Device"),
        "versions": translate("HistoryPanel", "Versions"),
        "created": translate("HistoryPanel", "Made"),
        "sentence": translate("HistoryPanel", "Failed"),
    }


def details(record: GenerationRecord) -> Iterator[tuple[str, str]]:
    """Label and value of everything that is known of a record; empty ones are left out."""
    values = _values(record)
    for name, label in field_words().items():
        if values.get(name):
            yield label, values[name]


def _values(record: GenerationRecord) -> dict[str, str]:
    from desktop.generation.savings import engine_notes, savings_deeds  # a start does without

    request, b = record.request, record.bounds
    simple = ("prompt", "negative_prompt", "model", "scheduler", "num_inference_steps", "guidance_scale", "seed")
    values = {name: _plain(request.get(name)) for name in simple}
    typed = str(record.form.get("prompt", ""))
    values["typed"] = typed if typed and typed != values["prompt"] else ""
    if record.task in (Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.UPSCALE, Task.ANIMATE):
        values["strength"] = _plain(request.get("strength"))
    if record.task == Task.INPAINT:
        words = QCoreApplication.translate("HistoryPanel", "grown {grow} px, feathered {feather} px, filled: {fill}")
        values["mask"] = words.format(
            grow=request.get("mask_grow", 0), feather=request.get("mask_feather", 0), fill=_fill(request.get("fill"))
        )
    values["variation"], values["upscaled"] = _variation(request), _upscaled(record)
    values["regions"] = "; ".join(_regions(record))
    values["loras"] = ", ".join(_loras(request.get("loras")))
    values["controls"] = "; ".join(_guides(request))
    values["size"] = f"{request.get('width', b.width)} × {request.get('height', b.height)}"
    values["region"] = f"{b.width} × {b.height} @ {b.x}, {b.y}"
    values["pictures"] = str(len(record.candidates)) if len(record.candidates) > 1 and not is_clip(record) else ""
    values["clip"] = _clip(record)
    seconds = record.facts.get("total_s")
    values["time"] = f"{seconds:.1f} s" if isinstance(seconds, (int, float)) else ""
    values["notes"] = engine_notes(record.facts)
    values["savings"] = savings_deeds(record.facts)
    values["peak"] = _peak(record.facts)
    values["device"] = " ".join(str(record.facts[name]) for name in DEVICES if record.facts.get(name))
    values["versions"] = _mapping(record.facts.get("versions"))
    values["created"] = moment(record.created)
    values["sentence"] = spoken(record.sentence)
    return values


def _clip(record: GenerationRecord) -> str:
    """How many frames it has, and how long it plays."""
    if not is_clip(record):
        return ""
    frames, fps = len(record.candidates) or int(record.request.get("frames", 0)), fps_of(record)
    words = QCoreApplication.translate("HistoryPanel", "{frames} frames, {fps} a second, {seconds} s")
    return words.format(frames=frames, fps=fps, seconds=f"{frames / fps:.1f}")


def _peak(facts: Mapping[str, Any]) -> str:
    """The most memory that was in use, and what was expected."""
    used, expected = facts.get("peak_memory_bytes"), facts.get("predicted_memory_bytes")
    if not isinstance(used, (int, float)) or used <= 0:
        return ""
    if not isinstance(expected, (int, float)) or expected <= 0:
        return f"{used / 1e9:.1f} GB"
    words = QCoreApplication.translate("HistoryPanel", "{used} GB, {expected} GB expected")
    return words.format(used=f"{used / 1e9:.1f}", expected=f"{expected / 1e9:.1f}")


def _variation(request: Mapping[str, Any]) -> str:
    strength, seed = request.get("variation_strength"), request.get("variation_seed", 0)
    if not isinstance(strength, (int, float)) or not strength > 0:
        return ""
    words = QCoreApplication.translate("HistoryPanel", "{percent} % towards seed {seed}")
    turns = [*_turns(request.get("variation_path")), (seed, strength)]
    return " · ".join(words.format(percent=f"{part * 100:g}", seed=towards) for towards, part in turns)


def _turns(path: object) -> list[tuple[int, float]]:
    """Seeds and strengths of earlier variations in a request's JSON form; nothing for nonsense."""
    rows = path if isinstance(path, list) else []
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2]
    return [(seed, part) for seed, part in pairs if isinstance(seed, int) and isinstance(part, int | float)]


def _upscaled(record: GenerationRecord) -> str:
    if record.task != Task.UPSCALE:
        return ""
    upscaler = str(record.request.get("upscaler", LANCZOS))
    name = "Lanczos" if upscaler == LANCZOS else PurePath(upscaler).stem
    return f"{_plain(record.request.get('scale'))} × · {name}"


def _fill(value: Any) -> str:
    """In the words of the form; a filling of a newer version as it is called there."""
    return fill_words()[Fill(value)] if value in set(Fill) else str(value or "")


def _plain(value: Any) -> str:
    if value is None or value == "":
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _regions(record: GenerationRecord) -> Iterator[str]:
    """Each region's name with its words as they were chosen."""
    asked, typed = record.request.get(REGIONS), record.form.get(REGIONS)
    names = [str(row.get("selection")) for row in typed if isinstance(row, Mapping)] if isinstance(typed, list) else []
    rows = [row for row in asked if isinstance(row, Mapping)] if isinstance(asked, list) else []
    for number, row in enumerate(rows):
        name = names[number] if number < len(names) else str(number + 1)
        yield f"{name}: {own_words(str(row.get('prompt', '')), str(record.request.get('prompt', '')))}"


def _loras(loras: Any) -> Iterator[str]:
    for lora in loras if isinstance(loras, (list, tuple)) else ():
        if isinstance(lora, Mapping):
            weight = lora.get("weight")
            name = str(lora.get("model", ""))
            yield f"{name} × {weight:g}" if isinstance(weight, (int, float)) else name


def _guides(request: Mapping[str, Any]) -> Iterator[str]:
    """What was followed or looked at, how strongly, by which model, and who saw it in the layer."""
    for name in ("controls", "references"):
        rows = request.get(name)
        for row in rows if isinstance(rows, (list, tuple)) else ():
            if isinstance(row, Mapping):
                yield _guide(row, str(row.get("kind", "")) if name == "controls" else "reference")


def _guide(row: Mapping[str, Any], kind: str) -> str:
    from desktop.generation.control_models import label_of_kind  # few records have any

    weight, model = row.get("weight"), PurePath(str(row.get("model", ""))).stem
    parts = [label_of_kind(kind), f"{weight * 100:g} %" if isinstance(weight, (int, float)) else "", model]
    if annotator := PurePath(str(row.get("annotator") or "")).name:
        parts.append(QCoreApplication.translate("HistoryPanel", "seen by {name}").format(name=annotator))
    return " · ".join(part for part in parts if part)


def _mapping(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said}" for name, said in value.items())
    return str(value or "")


def details_text(record: GenerationRecord) -> str:
    """All parameters of a record as text, one a line, for the clipboard."""
    return "\n".join(f"{label}: {value}" for label, value in details(record))
