"""What a failed job says in the person's language: one sentence and one action for each kind of failure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.spoken import spoken
from pipelines.contract.events import Failed, FailureKind


def failure_sentence(event: Failed) -> str:
    """The engine's own sentence, which names sizes and files, translated; where nobody knows it, one of its kind."""
    said = spoken(event.sentence)
    if said != event.sentence or QLocale().language() == QLocale.Language.English:
        return said
    sentences = {
        FailureKind.INVALID_REQUEST: QCoreApplication.translate(
            "failures", "The engine refused this job: a setting is out of range."
        ),
        FailureKind.MODEL_MISSING: QCoreApplication.translate(
            "failures", "The model is no longer where it was. Choose another one, or search the model folders again."
        ),
        FailureKind.MODEL_UNUSABLE: QCoreApplication.translate(
            "failures", "This model cannot be used: its files are damaged, incomplete or of a kind not known here."
        ),
        FailureKind.OUT_OF_MEMORY: QCoreApplication.translate(
            "failures", "Memory ran out. Choose a smaller frame or a smaller model, or close other programs."
        ),
        FailureKind.ENGINE_ERROR: QCoreApplication.translate(
            "failures", "The engine stumbled over this job. The next one can run as usual."
        ),
        FailureKind.ENGINE_LOST: QCoreApplication.translate(
            "failures", "The engine stopped. The painting is untouched; start the job again when the engine is back."
        ),
    }
    return f"{sentences[event.kind]} ({event.sentence})"
