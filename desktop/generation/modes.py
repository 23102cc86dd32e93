"""The words for what Enter will do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pipelines.contract.request import Task


def mode_word(task: Task) -> str:
    """The word on the button."""
    words = {
        Task.TEXT_TO_IMAGE: QCoreApplication.translate("modes", "Generate"),
        Task.IMAGE_TO_IMAGE: QCoreApplication.translate("modes", "Refine"),
        Task.INPAINT: QCoreApplication.translate("modes", "Fill"),
        Task.OUTPAINT: QCoreApplication.translate("modes", "Expand"),
    }
    return words[task]


def mode_tip(task: Task) -> str:
    """What the word means."""
    tips = {
        Task.TEXT_TO_IMAGE: QCoreApplication.translate("modes", "Paints the empty frame from the words alone"),
        Task.IMAGE_TO_IMAGE: QCoreApplication.translate(
            "modes", "Repaints what the frame holds, as far as the strength allows"
        ),
        Task.INPAINT: QCoreApplication.translate("modes", "Repaints the selection; nothing else changes"),
        Task.OUTPAINT: QCoreApplication.translate("modes", "Lets the picture grow into the empty part of the frame"),
    }
    return tips[task]
