"""About: version, what it stands on, licences."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.naming import named
from desktop.theme import window_icon

if TYPE_CHECKING:
    from desktop.program import Program


class AboutDialog(QDialog):
    """A small page with selectable text, good for reports."""

    def __init__(self, program: Program, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Handscroll"))
        picture = named(QLabel(self), "aboutPicture")
        picture.setPixmap(window_icon().pixmap(72, 72))
        title = named(QLabel("Handscroll", self), "aboutTitle")
        title.setProperty("role", "title")
        text = named(QLabel(self._text(program), self), "aboutText", wordWrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumWidth(420)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(text)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.addLayout(body)
        layout.addWidget(buttons)

    def _text(self, program: Program) -> str:
        device, dtype = program.engine
        engine = f"{device} · {dtype}" if device else self.tr("not started yet")
        lines = (
            self.tr("Paint on an endless canvas together with a diffusion model, on your own computer, offline."),
            "",
            self.tr("Version {0}").format(version()),
            f"Python {platform.python_version()} · Qt {PySide6.__version__} · {platform.platform(terse=True)}",
            self.tr("Engine: {0}").format(engine),
            self.tr("Paintings without a name: {0}").format(program.folders.data),
            self.tr("Log: {0}").format(program.folders.log_file),
            "",
            self.tr("Apache License 2.0. Qt and PySide6 are used under the LGPL 3."),
        )
        return "\n".join(lines)


def version() -> str:
    """The installed version."""
    try:
        return metadata.version("handscroll")
    except metadata.PackageNotFoundError:
        return "0.1.0"
