"""The regions panel: words that hold everywhere, and places with words of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from desktop import region_edits
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.naming import named
from desktop.panels.region_row import GrowingEdit, RegionRow
from desktop.slots import Slots

ADD = "regions.add-from-selection"
BUTTONS = (ADD, "regions.show", "regions.clear")


class RegionsPanel(QWidget):
    """A list that follows the document; everything in it is undoable."""

    def __init__(self, form: GenerationForm, controller: GenerationController, slots: Slots) -> None:
        super().__init__()
        self.setObjectName("regionsPanel")
        self._form, self._controller, self._slots = form, controller, slots
        self._document: Document = controller.session.document
        self.rows: list[RegionRow] = []
        self.title = named(QLabel(self), "regionsEverywhereTitle", role="dim")
        self.everywhere = GrowingEdit(self, "regionsEverywhere")
        self.hint = named(QLabel(self), "regionsHint", wordWrap=True, role="dim")
        self.buttons = {
            name: named(QToolButton(self), name, autoRaise=name != ADD, plain=name == ADD) for name in BUTTONS
        }
        self.saved = named(QMenu(self), "regionsSaved")
        self._list = QVBoxLayout()
        self._lay_out()
        self.everywhere.textChanged.connect(lambda: form.set(prompt=self.everywhere.toPlainText()))
        self.everywhere.submitted.connect(controller.generate)
        self.saved.aboutToShow.connect(self.fill_saved)
        form.changed.connect(self._form_changed)
        self._disconnect = self._document.changed.connect(self._document_changed)
        self.retranslate()
        self._form_changed({"prompt"})

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for name, button in self.buttons.items():
            buttons.addWidget(button)
            if name == ADD:
                buttons.addStretch(1)
        add = self.buttons[ADD]
        add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        add.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._list.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.everywhere)
        layout.addLayout(buttons)
        layout.addWidget(self.hint)
        layout.addLayout(self._list)
        layout.addStretch(1)

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """The buttons stand for rows of the table of actions."""
        for name, button in self.buttons.items():
            button.setDefaultAction(actions[name])
        self.buttons[ADD].setMenu(self.saved)

    def fill_saved(self) -> None:
        """Saved selections that are no region yet, made anew whenever the menu opens."""
        self.saved.clear()
        used = {region.name for region in self._document.prompt_regions}
        free = [name for name in self._document.saved_selections if name not in used]
        for name in free:
            add = self._slots.wrap(lambda name=name: self._add_saved(name))
            self.saved.addAction(name.replace("&", "&&"), add)
        if not free:
            self.saved.addAction(self.tr("No other saved selections")).setEnabled(False)

    def _add_saved(self, name: str) -> None:
        region_edits.add_saved(self._document, name)
        self.write(len(self.rows) - 1)

    def write(self, number: int) -> None:
        """Puts the cursor into the words of a region."""
        row = self.rows[number]
        row.prompt.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, row, lambda: self._bring_into_view(row))  # once it has its place

    def _bring_into_view(self, row: RegionRow) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(row, 0, 0)

    # --- following

    def refresh(self) -> None:
        """Shows the regions as they are now; a row that is typed in stays as it is."""
        regions, saved = self._document.prompt_regions, self._document.saved_selections
        while len(self.rows) > len(regions):
            row = self.rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(regions):
            row = RegionRow(self, len(self.rows))
            row.wanted.connect(self._slots.wrap(partial(self._do, row)))
            row.prompt.submitted.connect(self._controller.generate)
            self.rows.append(row)
            self._list.addWidget(row)
            row.show()  # at once, so that it can have the keyboard
        for row, region in zip(self.rows, regions, strict=True):
            row.show_region(region, region.place(saved) is None)
        self.hint.setVisible(not regions)

    def _do(self, row: RegionRow, what: str, value: object) -> None:
        document, number = self._document, self.rows.index(row)
        deeds: dict[str, Callable[[], object]] = {
            "select": lambda: document.set_selection(document.saved_selections[document.prompt_regions[number].name]),
            "reshape": lambda: region_edits.reshape_region(document, number, document.selection),
            "remove": lambda: region_edits.remove_region(document, number),
            "rename": lambda: self._rename(number, str(value)),
            "prompt": lambda: region_edits.change_region(document, number, typed=True, prompt=str(value)),
            "on": lambda: region_edits.change_region(document, number, on=bool(value)),
            "colour": lambda: region_edits.change_region(document, number, colour=value),
        }
        deeds[what]()

    def _rename(self, number: int, name: str) -> None:
        self.rows[number].name.setModified(False)
        try:
            region_edits.rename_region(self._document, number, name)
        finally:
            self.rows[number].name.setText(self._document.prompt_regions[number].name)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in (ChangeKind.REGIONS, ChangeKind.SAVED_SELECTIONS, ChangeKind.LOADED):
            self.refresh()

    def _form_changed(self, names: set[str]) -> None:
        if "prompt" in names:
            self.everywhere.show_text(self._form.settings.prompt)

    def release_document(self) -> None:
        """Listens no longer."""
        self._disconnect()

    # --- language

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.title.setText(self.tr("Everywhere"))
        self.everywhere.setPlaceholderText(self.tr("What holds everywhere"))
        self.everywhere.setToolTip(self.tr("The prompt: it holds everywhere, and stands before each region's words"))
        self.hint.setText(
            self.tr(
                "Different words for different places, painted in one go: select a part of the canvas, add it here, "
                "and write what is there."
            )
        )
        for row in self.rows:
            row.retranslate()
        self.refresh()
