"""Whether a generation is one of those looked for, told by what it says of itself. No Qt."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from canvas.generation_records import Entry, GenerationRecord, LogQuery
from canvas.log_words import FIELDS, fulfils, phrases, searchable


class LogTest:
    """A question, made ready to be put to many records."""

    def __init__(self, query: LogQuery) -> None:
        self._query, self._phrases = query, phrases(query.words)

    def passes(self, entry: Entry) -> bool:
        """Whether the record is one of those looked for."""
        query, record, said = self._query, entry.record, entry.annotation
        return (
            (query.deleted or not said.deleted)
            and (said.starred or not query.starred)
            and (bool(entry.kept) or not query.kept)
            and (not query.statuses or record.status in query.statuses)
            and (query.place.is_empty or not record.bounds.intersected(query.place).is_empty)
            and query.since <= record.created
            and (not query.until or record.created < query.until)
            and self._has_words(entry)
        )

    def _has_words(self, entry: Entry) -> bool:
        if not self._phrases:
            return True
        lines = search_lines(entry.record, entry.annotation.note)
        return all(fulfils(phrase, lines) for phrase in self._phrases)


def search_lines(record: GenerationRecord, note: str) -> dict[str, str]:
    """Everything of a record that is searched, as tokens by field: prompts as typed and as they became, and so on."""
    request, form = record.request, record.form
    values: tuple[Sequence[str], ...] = (
        _different(request.get("prompt"), form.get("prompt")),
        _different(request.get("negative_prompt"), form.get("negative_prompt")),
        (str(request.get("model", "")),),
        _addon_names(request),
        (str(request.get("scheduler", "")),),
        _seeds(record),
        _days(record.created),
        (record.task,),
        ("", record.status),  # as `match_expression` wants it
        (note,),
    )
    return {field: searchable(listed) for field, listed in zip(FIELDS, values, strict=True)}


def _different(*texts: Any) -> list[str]:
    return list(dict.fromkeys(str(text) for text in texts if text))


def passes(query: LogQuery, entry: Entry) -> bool:
    """Whether a record is one of those looked for."""
    return LogTest(query).passes(entry)


def _addon_names(request: Mapping[str, Any]) -> list[str]:
    """Files that were used together with the model, LoRAs first."""
    fields = ("loras", "embeddings", "controls", "references")
    rows = [row for field in fields for row in _listed(request.get(field)) if isinstance(row, Mapping)]
    names = [row.get("model") for row in rows] + [request.get("vae"), request.get("upscaler")]
    return [str(name) for name in names if name]


def _listed(value: Any) -> list[Any] | tuple[Any, ...]:
    return value if isinstance(value, list | tuple) else []


def _seeds(record: GenerationRecord) -> list[str]:
    """Picture i of a batch has the seed plus i; of variations the one seed, and plus i the one it is turned towards."""
    seed, varied = record.request.get("seed"), record.request.get("variation_seed")
    if not isinstance(seed, int):
        return []
    if record.request.get("variation_strength") and isinstance(varied, int):
        return [str(seed), *(str(varied + i) for i in range(min(max(len(record.candidates), 1), 64)))]
    return [str(seed + i) for i in range(min(max(len(record.candidates), 1), 64))]


def _days(created: str) -> list[str]:
    """The day, in UTC and where this machine is."""
    days = {created[:10]}
    with suppress(ValueError, OverflowError, OSError):
        days.add(datetime.fromisoformat(created).astimezone().date().isoformat())
    return sorted(days)
