"""What the one wide button can do, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication

from pipelines.contract.request import Task


class Mode(StrEnum):
    """What Enter will do. The first four are called like the engine's tasks; the others are ways to inpaint."""

    GENERATE = "text-to-image"
    REFINE = "image-to-image"
    FILL = "inpaint"
    EXPAND = "outpaint"
    REMOVE = "remove"
    BACKGROUND = "replace-background"

    @property
    def task(self) -> Task:
        """What the engine is asked for when the mode works on the frame; on a selection every mode inpaints."""
        return Task.INPAINT if self in (Mode.REMOVE, Mode.BACKGROUND) else Task(self.value)

    @property
    def needs_selection(self) -> bool:
        """Whether nothing can be done without a selection."""
        return self in (Mode.FILL, Mode.REMOVE, Mode.BACKGROUND)

    @property
    def uses_selection(self) -> bool:
        """Whether it works on the selection when there is one; else it works on the frame."""
        return self is not Mode.GENERATE

    @property
    def uses_prompt(self) -> bool:
        """Whether the words matter."""
        return self is not Mode.REMOVE

    @property
    def strength_field(self) -> str:
        """The form's field with its strength; empty where everything begins anew."""
        return _STRENGTH_OF.get(self, "")


MODES = tuple(Mode)
_STRENGTH_OF = {Mode.REFINE: "strength", Mode.FILL: "inpaint_strength", Mode.REMOVE: "remove_strength"}
STRENGTHS = frozenset(_STRENGTH_OF.values())
"""The form's fields that hold a strength."""
SELECTION_MODES = (Mode.FILL, Mode.REFINE, Mode.EXPAND, Mode.REMOVE, Mode.BACKGROUND)
"""What can be done with a selection."""
ONCE_MODES = (Mode.REMOVE, Mode.BACKGROUND)
"""What is insisted on for the next selection only: with the one after it something else is meant, as a rule."""
RAN_AS = "ran_as"
"""Key in the form of a capture and of its record: the mode in which it ran, decided or insisted on."""


def mode_of_record(task: str, form: Mapping[str, Any]) -> Mode | None:
    """In which mode a logged generation was made; None for what the one button cannot do."""
    for said in (form.get(RAN_AS), task):
        if said in tuple(Mode):
            return Mode(said)
    return None


def mode_word(mode: Mode, *, edits: bool = False) -> str:
    """The word on the button. `edits`: the model follows instructions about the picture that it is shown."""
    if edits and mode is Mode.REFINE:
        return QCoreApplication.translate("modes", "Edit")
    words = {
        Mode.GENERATE: QCoreApplication.translate("modes", "Generate"),
        Mode.REFINE: QCoreApplication.translate("modes", "Refine"),
        Mode.FILL: QCoreApplication.translate("modes", "Fill"),
        Mode.EXPAND: QCoreApplication.translate("modes", "Expand"),
        Mode.REMOVE: QCoreApplication.translate("modes", "Remove"),
        Mode.BACKGROUND: QCoreApplication.translate("modes", "Replace background"),
    }
    return words[mode]


def mode_tip(mode: Mode, *, edits: bool = False) -> str:
    """What the word means."""
    if edits and mode is Mode.REFINE:
        return QCoreApplication.translate(
            "modes", "Changes what the selection or the frame holds as the words say: “make it night”"
        )
    tips = {
        Mode.GENERATE: QCoreApplication.translate("modes", "Paints the empty frame from the words alone"),
        Mode.REFINE: QCoreApplication.translate(
            "modes", "Repaints what the selection or the frame holds, as far as the strength allows"
        ),
        Mode.FILL: QCoreApplication.translate(
            "modes", "Repaints the selection and a soft rim around it; nothing else changes"
        ),
        Mode.EXPAND: QCoreApplication.translate(
            "modes", "Lets the picture grow into the empty part of the frame, or into the selection"
        ),
        Mode.REMOVE: QCoreApplication.translate(
            "modes", "Takes what is selected away and lets its surroundings close over it; needs no words"
        ),
        Mode.BACKGROUND: QCoreApplication.translate(
            "modes", "Keeps what is selected and paints everything else in the frame anew"
        ),
    }
    return tips[mode]
