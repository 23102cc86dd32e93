"""Preferences: every change counts at once, and there is nothing to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.preferences_engine import EnginePage
from desktop.naming import named
from desktop.settings import LANGUAGES, MOST_STEPS

if TYPE_CHECKING:
    from desktop.program import Program


class PreferencesDialog(QDialog):
    """Look, start, memory, engine."""

    folders_wanted = Signal()
    """The folders of the model library."""

    def __init__(self, program: Program, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._program, self._settings = program, program.settings
        self._labels: dict[str, QLabel] = {}
        self.theme = named(QComboBox(self), "preferencesTheme")
        self.theme.addItems(["", ""])
        self.language = named(QComboBox(self), "preferencesLanguage")
        self.language.addItems(list(LANGUAGES.values()))
        self.reopen = named(QCheckBox(self), "preferencesReopen")
        self.welcome = named(QCheckBox(self), "preferencesWelcome")
        self.finger = named(QCheckBox(self), "preferencesFinger")
        self.film = named(QCheckBox(self), "preferencesFilm")
        self.says_how = named(QCheckBox(self), "preferencesSaysHow")
        self.grid = named(QSpinBox(self), "preferencesGrid", minimum=1, maximum=4096)
        self.parts = named(QSpinBox(self), "preferencesGridParts", minimum=1, maximum=16)
        self.expand = named(QSpinBox(self), "preferencesExpand", minimum=5, maximum=100, singleStep=5, suffix=" %")
        self.undo = named(QSpinBox(self), "preferencesUndo", minimum=16, maximum=65536, singleStep=128)
        self.steps = named(QSpinBox(self), "preferencesSteps", minimum=0, maximum=MOST_STEPS, singleStep=50)
        self.tiles = named(QSpinBox(self), "preferencesTiles", minimum=0, maximum=65536, singleStep=256)
        self.engine = EnginePage(program, self)
        self.pages = named(QTabWidget(self), "preferencesPages")
        self.folders = named(QPushButton(self), "preferencesFolders")
        self.folders.setAutoDefault(False)
        self.note = named(QLabel(self), "preferencesNote", wordWrap=True)
        self.note.setProperty("role", "dim")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._lay_out()
        self._show_values()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        rows = (
            ("theme", self.theme), ("language", self.language), ("start", self.reopen), ("", self.welcome),
            ("touch", self.finger), ("film", self.film), ("export", self.says_how),
            ("grid", self.grid), ("parts", self.parts), ("expand", self.expand),
            ("undo", self.undo), ("steps", self.steps), ("tiles", self.tiles),
            ("models", self.folders),
        )  # fmt: skip
        for name, widget in rows:
            label = QLabel(self)
            label.setBuddy(widget)
            self._labels[name] = label
            form.addRow(label, widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        general = named(QWidget(self), "preferencesGeneral")
        page = QVBoxLayout(general)
        page.setContentsMargins(16, 16, 16, 12)
        page.setSpacing(14)
        page.addLayout(form)
        page.addWidget(self.note)
        page.addStretch(1)
        for widget in (general, self.engine):
            self.pages.addTab(widget, "")
        layout.addWidget(self.pages)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)

    def _show_values(self) -> None:
        chosen = self._settings.preferences
        self.theme.setCurrentIndex(0 if chosen.theme == "dark" else 1)
        self.language.setCurrentIndex(list(LANGUAGES).index(chosen.language))
        self.reopen.setChecked(chosen.reopen_last)
        self.welcome.setChecked(chosen.show_welcome)
        self.finger.setChecked(chosen.finger_paints)
        self.film.setChecked(chosen.keep_film)
        self.says_how.setChecked(chosen.write_provenance)
        self.grid.setValue(chosen.grid_spacing)
        self.parts.setValue(chosen.grid_subdivisions)
        self.expand.setValue(chosen.expand_percent)
        self.undo.setValue(chosen.undo_megabytes)
        self.steps.setValue(chosen.undo_steps_in_file)
        self.tiles.setValue(chosen.tile_megabytes)

    def _connect(self) -> None:
        update = self._settings.update
        self.theme.activated.connect(lambda row: update(theme=("dark", "light")[row]))
        self.language.activated.connect(lambda row: update(language=list(LANGUAGES)[row]))
        self.reopen.toggled.connect(lambda on: update(reopen_last=on))
        self.welcome.toggled.connect(lambda on: update(show_welcome=on))
        self.finger.toggled.connect(lambda on: update(finger_paints=on))
        self.film.toggled.connect(lambda on: update(keep_film=on))
        self.says_how.toggled.connect(lambda on: update(write_provenance=on))
        self.grid.valueChanged.connect(lambda value: update(grid_spacing=value))
        self.parts.valueChanged.connect(lambda value: update(grid_subdivisions=value))
        self.expand.valueChanged.connect(lambda value: update(expand_percent=value))
        self.undo.valueChanged.connect(lambda value: update(undo_megabytes=value))
        self.steps.valueChanged.connect(lambda value: update(undo_steps_in_file=value))
        self.tiles.valueChanged.connect(lambda value: update(tile_megabytes=value))
        self.folders.clicked.connect(self._show_folders)
        self.buttons.rejected.connect(self.reject)

    def _show_folders(self) -> None:
        """The preferences close: while they are open the library could not be used."""
        self.accept()
        self.folders_wanted.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Preferences"))
        labels = {
            "theme": self.tr("Theme"), "language": self.tr("Language"), "start": self.tr("At the start"), "": "",
            "touch": self.tr("Touch screen"), "film": self.tr("Time-lapse"), "export": self.tr("Export"),
            "grid": self.tr("Grid spacing"), "parts": self.tr("Parts of a field"),
            "expand": self.tr("Expand by a step of"),
            "undo": self.tr("Memory for undo"), "steps": self.tr("Steps kept in the file"),
            "tiles": self.tr("Memory for the painting"),
            "models": self.tr("Models"),
        }  # fmt: skip
        for name, text in labels.items():
            self._labels[name].setText(text)
        self.theme.setItemText(0, self.tr("Dark"))
        self.theme.setItemText(1, self.tr("Light"))
        self.theme.setToolTip(self.tr("The program's surroundings"))
        self.language.setItemText(0, self.tr("As the system"))
        self.language.setToolTip(self.tr("The program's language"))
        self.reopen.setText(self.tr("Open the paintings of the last time"))
        self.reopen.setToolTip(self.tr("Without it every start shows a new painting"))
        self.welcome.setText(self.tr("Show the welcome card in a new painting"))
        self.welcome.setToolTip(self.tr("Three things to try; F1 shows it at any time"))
        self.finger.setText(self.tr("One finger paints"))
        self.finger.setToolTip(self.tr("Without it one finger moves the view; two always move, zoom and turn it"))
        self.says_how.setText(self.tr("Write into pictures how they were made"))
        self.says_how.setToolTip(self.tr("Prompts, settings and the mark of AI; the export dialog begins with it"))
        self.film.setText(self.tr("Keep small pictures for a time-lapse"))
        self.film.setToolTip(self.tr("In the project file, a few kilobytes every few seconds of painting"))
        self.grid.setSuffix(" px")
        self.grid.setToolTip(self.tr("Pixels of the painting between two lines of the grid"))
        self.parts.setToolTip(self.tr("How many parts the fainter lines make of every field of the grid"))
        self.expand.setToolTip(self.tr("How far Alt and an arrow key move the frame, as a part of its side"))
        self.undo.setSuffix(" MB")
        self.undo.setToolTip(self.tr("Per painting; when it is full, old steps wait in the project file"))
        self.steps.setSpecialValueText(self.tr("None"))
        self.steps.setToolTip(
            self.tr("How many steps can be undone after the painting was closed and opened again; more make it larger")
        )
        self.tiles.setSuffix(" MB")
        self.tiles.setSpecialValueText(self.tr("Automatic"))
        self.tiles.setToolTip(self.tr("Per painting; when it is full, parts not in view wait in the project file"))
        self.folders.setText(self.tr("Model folders…"))
        self.folders.setToolTip(self.tr("Add folders with models of your own"))
        self.note.setText(self.tr("Changes count at once."))
        self.pages.setTabText(0, self.tr("General"))
        self.pages.setTabText(1, self.tr("Engine"))
