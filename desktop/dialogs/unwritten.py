"""The question before a window closes although its painting cannot be written."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.dialogs.files import finished
from desktop.naming import named

translate = QCoreApplication.translate


class Choice(Enum):
    """What the person wants."""

    SAVE_AS = "save-as"
    RETRY = "retry"
    LOSE = "lose"
    STAY = "stay"


async def ask_about_unwritten(parent: QWidget, title: str, reason: str) -> Choice:
    """Asks, without ever blocking the program. Escape and closing the question mean to stay."""
    box = named(QMessageBox(parent), "unwrittenDialog")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(translate("Unwritten", "Not everything is on disk"))
    box.setText(translate("Unwritten", "The newest changes of “{title}” could not be written.").format(title=title))
    box.setInformativeText(reason)
    role = QMessageBox.ButtonRole
    buttons = {
        Choice.SAVE_AS: (translate("Unwritten", "Save As…"), role.AcceptRole),
        Choice.RETRY: (translate("Unwritten", "Try Again"), role.ResetRole),
        Choice.LOSE: (translate("Unwritten", "Close and Lose Them"), role.DestructiveRole),
        Choice.STAY: (translate("Unwritten", "Go On Painting"), role.RejectRole),
    }
    made = {choice: box.addButton(words, kind) for choice, (words, kind) in buttons.items()}
    for choice, button in made.items():
        named(button, f"unwritten-{choice.value}")
    box.setDefaultButton(made[Choice.SAVE_AS])
    box.setEscapeButton(made[Choice.STAY])
    try:
        await finished(box)
        clicked = box.clickedButton()
        return next((choice for choice, button in made.items() if button is clicked), Choice.STAY)
    finally:
        box.deleteLater()
