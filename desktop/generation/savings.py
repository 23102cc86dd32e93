"""What a job did otherwise than asked, in the person's language: to save memory, or with what did not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.spoken import spoken
from pipelines.planning import savings


def job_notes(facts: Mapping[str, Any]) -> str:
    """Everything that is worth saying once a job is finished; empty where all went as asked."""
    return " ".join(said for said in (engine_notes(facts), savings_sentence(facts)) if said)


def engine_notes(facts: Mapping[str, Any]) -> str:
    """What the engine noted in a finished job's facts; empty when there was nothing."""
    notes = facts.get("notes")
    return " ".join(spoken(note) for note in notes if isinstance(note, str)) if isinstance(notes, list) else ""


def savings_sentence(facts: Mapping[str, Any]) -> str:
    """The sentence about a finished job's facts; empty when memory sufficed."""
    return spoken(savings.savings_sentence(_rungs(facts)))


def savings_deeds(facts: Mapping[str, Any]) -> str:
    """Only what was done, in the order in which it was; steps of a newer version as they are called there."""
    return QCoreApplication.translate("spoken", ", ").join(map(spoken, savings.deeds_of(_rungs(facts))))


def _rungs(facts: Mapping[str, Any]) -> list[str]:
    taken = facts.get("thrift")
    return [str(one.get("rung", "")) for one in taken if isinstance(one, Mapping)] if isinstance(taken, list) else []
