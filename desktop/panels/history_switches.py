"""Over the list of the history panel: what stands together, how large, how many were found."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.naming import named
from desktop.panels.history_glyphs import history_glyph
from desktop.panels.history_rows import Grouping


class HistorySwitches(QWidget):
    """Three groupings, two sizes."""

    groupingChosen = Signal(Grouping)
    sizeChanged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historySwitches")
        self.groups = {grouping: self._switch(f"historyBy-{grouping}") for grouping in Grouping}
        self.count = named(QLabel(self), "historyCount")
        self.large = self._switch("historyPictures")
        chooser = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for grouping, button in self.groups.items():
            chooser.addButton(button)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda _=False, chosen=grouping: self.groupingChosen.emit(chosen))
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.count)
        row.addSpacing(4)
        row.addWidget(self.large)
        self.groups[Grouping.TIME].setChecked(True)
        self.large.toggled.connect(lambda _: self.sizeChanged.emit())
        self.dress()
        self.retranslate()

    def _switch(self, name: str) -> QToolButton:
        return named(QToolButton(self), name, checkable=True, autoRaise=True, segment="panel")

    @property
    def grouping(self) -> Grouping:
        """What stands together now."""
        return next(grouping for grouping, button in self.groups.items() if button.isChecked())

    def show_count(self, found: str, chosen: int, tip: str) -> None:
        """Says how many were found, and how many of them are chosen."""
        several = self.tr("{chosen} of {found}").format(chosen=chosen, found=found)
        self.count.setText(several if chosen > 1 else found)
        self.count.setToolTip(tip)

    def dress(self) -> None:
        """Draws the icons in the theme's ink."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        for grouping, button in self.groups.items():
            button.setIcon(history_glyph(str(grouping), ink))
        self.large.setIcon(history_glyph("pictures", ink))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language or theme."""
        if hasattr(self, "large"):
            if event.type() == QEvent.Type.LanguageChange:
                self.retranslate()
            elif event.type() == QEvent.Type.PaletteChange:
                self.dress()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        words = {
            Grouping.TIME: (self.tr("Time"), self.tr("Newest first, day by day")),
            Grouping.PLACE: (self.tr("Place"), self.tr("What was made in the same place stands together")),
            Grouping.TREE: (self.tr("Tree"), self.tr("Each generation under the one it grew from")),
        }
        for grouping, (text, tip) in words.items():
            self.groups[grouping].setText(text)
            self.groups[grouping].setToolTip(tip)
        self.large.setToolTip(self.tr("Large pictures instead of words"))
