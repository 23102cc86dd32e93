"""Brush presets: look, filter, take one; keep the brush in hand as one; name, delete, bring back, hand on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from canvas.brush_presets import BrushPreset
from canvas.errors import CanvasError
from desktop.brush_store import shown_name
from desktop.naming import named
from desktop.panels.glyphs import glyph
from desktop.panels.preset_list import PresetDelegate, PresetModel, PresetView
from desktop.panels.stroke_sample import SamplePainter, SampleSpec
from desktop.preset_choice import PresetChoice
from desktop.preset_names import GROUPS, translated
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView

ALL, FAVOURITES = "", "*"


class PresetPanel(QWidget):
    """The presets of a store, taken in hand for a view."""

    message = Signal(str)
    """A sentence for the person."""
    actionWanted = Signal(str)
    """The id of an action that the window runs: files are its business."""

    def __init__(
        self, view: CanvasView, choice: PresetChoice, samples: SamplePainter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("presetPanel")
        self._view, self._choice, self._store, self._samples = view, choice, choice.store, samples
        self.filter = named(QLineEdit(self, clearButtonEnabled=True), "presetFilter")
        self.groups = named(QComboBox(self), "presetGroups")
        self.model = PresetModel(self._store, self)
        self.delegate = PresetDelegate(self._store, samples, self)
        self.list = PresetView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.add_button = named(QToolButton(self), "presetAdd", autoRaise=True)
        self.overwrite_button = named(QToolButton(self), "presetOverwrite", autoRaise=True)
        self.reset_button = named(QToolButton(self), "presetReset", autoRaise=True)
        self.delete_button = named(QToolButton(self), "presetDelete", autoRaise=True)
        self.more_button = named(QToolButton(self), "presetMore", autoRaise=True)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self._dress()
        top, tools, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.filter, 1)
        top.addWidget(self.groups)
        tools.setSpacing(2)
        for button in (self.add_button, self.overwrite_button, self.reset_button, self.delete_button):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.more_button)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addLayout(tools)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self.refresh)
        self.groups.currentIndexChanged.connect(self.refresh)
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.model.refused.connect(self.message)
        self.add_button.clicked.connect(self.add)
        self.overwrite_button.clicked.connect(self.overwrite)
        self.reset_button.clicked.connect(self._choice.reset)
        self.delete_button.clicked.connect(lambda: self._on_chosen(self._store.delete))
        self.more_button.clicked.connect(self._show_more)
        self._choice.changed.connect(self.refresh)
        self._samples.ready.connect(self._sample_ready)  # a method: a lambda would outlive this window

    def _dress(self) -> None:
        ink = self.palette().windowText().color()
        for button, name in (
            (self.add_button, "plus"),
            (self.overwrite_button, "overwrite"),
            (self.reset_button, "reset"),
            (self.delete_button, "bin"),
            (self.more_button, "more"),
        ):
            button.setIcon(glyph(name, ink))

    # --- texts

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.filter.setPlaceholderText(self.tr("Filter presets"))
        self.filter.setToolTip(self.tr("Show only the presets whose names have this in them"))
        self.groups.setToolTip(self.tr("Show only one group"))
        self.add_button.setToolTip(self.tr("Keep the brush in hand as a new preset"))
        self.overwrite_button.setToolTip(self.tr("Put the brush in hand into the chosen preset"))
        self.reset_button.setToolTip(self.tr("Make the brush in hand what its preset says"))
        self.delete_button.setToolTip(self.tr("Delete the chosen preset (a shipped one can be brought back)"))
        self.more_button.setToolTip(self.tr("Import, export, bring shipped presets back"))
        self.list.setAccessibleName(self.tr("Brush presets"))
        self._fill_groups()
        self.refresh()

    def _fill_groups(self) -> None:
        now = self.groups.currentData()
        with QSignalBlocker(self.groups):
            self.groups.clear()
            self.groups.addItem(self.tr("All"), ALL)
            self.groups.addItem(self.tr("Favourites"), FAVOURITES)
            for group in GROUPS:
                self.groups.addItem(translated(group), group)
            self.groups.setCurrentIndex(max(0, self.groups.findData(now)))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if not hasattr(self, "more_button"):
            return
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        """The preset in hand is in sight."""
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self.list.scrollTo(self.list.currentIndex()))

    # --- showing

    def shown(self) -> list[BrushPreset]:
        """What filter and group leave."""
        words, group = self.filter.text().casefold().split(), self.groups.currentData()
        return [
            preset
            for preset in self._store.presets()
            if (group in (ALL, None) or preset.group == group or self._is_favoured(group, preset))
            and all(word in f"{shown_name(preset)} {translated(preset.group)}".casefold() for word in words)
        ]

    def _is_favoured(self, group: str, preset: BrushPreset) -> bool:
        return group == FAVOURITES and self._store.is_favourite(preset.id)

    def refresh(self) -> None:
        """Show what there is and what is in hand."""
        preset = self._choice.preset
        self.model.show_presets(self.shown())
        self.delegate.chosen = "" if preset is None else preset.id
        self.delegate.different = self._choice.is_different
        row = None if preset is None else self.model.row_of(preset.id)
        if row is not None and self.list.currentIndex().row() != row:
            self.list.setCurrentIndex(self.model.index(row))
        self.overwrite_button.setEnabled(preset is not None)
        self.delete_button.setEnabled(preset is not None)
        self.list.viewport().update()
        self._samples.prepare(self._view.brush)

    def _sample_ready(self, _spec: SampleSpec) -> None:
        self.list.viewport().update()

    # --- doing

    def _take(self, index: QModelIndex) -> None:
        self._choice.take(self.model.preset(index.row()).id)

    def _on_chosen(self, work: Callable[[str], None]) -> None:
        preset = self._choice.preset
        if preset is not None:
            work(preset.id)

    def add(self) -> None:
        """Keep the brush in hand as a new preset, and let the person name it."""
        preset = self._choice.preset
        name = self.tr("My Brush") if preset is None else shown_name(preset)
        try:
            made = self._store.add(name, self._view.brush)
        except CanvasError as error:
            self.message.emit(spoken(str(error)))
            return
        self.filter.clear()
        self.groups.setCurrentIndex(0)
        self._choice.chose(made.id)
        QTimer.singleShot(0, self, lambda: self.rename(made.id))

    def overwrite(self) -> None:
        """Put the brush in hand into its preset."""
        preset = self._choice.preset
        if preset is not None:
            self._store.overwrite(preset.id, self._view.brush)
            self.message.emit(self.tr("“{name}” is now the brush in hand.").format(name=shown_name(preset)))

    def rename(self, preset_id: str) -> None:
        """Let the person type another name in the card."""
        row = self.model.row_of(preset_id)
        if row is not None and self.isVisible():
            index = self.model.index(row)
            self.list.scrollTo(index)
            self.list.edit(index)

    def _show_menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        menu = self.menu_for(self.model.preset(index.row()).id) if index.isValid() else self.more_menu()
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _show_more(self) -> None:
        self.more_menu().popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def menu_for(self, preset_id: str) -> QMenu:
        """What can be done with one preset."""
        menu, store = self._menu("presetMenu"), self._store
        self._entry(menu, self.tr("Rename"), lambda: self.rename(preset_id))
        favourite = store.is_favourite(preset_id)
        text = self.tr("Remove from Favourites") if favourite else self.tr("Add to Favourites")
        self._entry(menu, text, lambda: store.set_favourite(preset_id, not favourite))
        overwrite = self._entry(
            menu, self.tr("Overwrite with the Brush in Hand"), lambda: store.overwrite(preset_id, self._view.brush)
        )
        overwrite.setEnabled(self._choice.preset is not None)
        if store.is_altered(preset_id):
            self._entry(menu, self.tr("As It Was Shipped"), lambda: store.reset(preset_id))
        menu.addSeparator()
        self._entry(menu, self.tr("Delete"), lambda: store.delete(preset_id))
        return menu

    def more_menu(self) -> QMenu:
        """What concerns all of them."""
        menu = self._menu("presetMoreMenu")
        self._entry(menu, self.tr("Import Presets…"), lambda: self.actionWanted.emit("brush.import-presets"))
        self._entry(menu, self.tr("Export Shown Presets…"), lambda: self.actionWanted.emit("brush.export-presets"))
        menu.addSeparator()
        self._entry(menu, self.tr("Bring All Shipped Presets Back"), self._store.restore)
        return menu

    def _menu(self, name: str) -> QMenu:
        menu = named(QMenu(self), name)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    @staticmethod
    def _entry(menu: QMenu, text: str, work: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda: work())
        return action
