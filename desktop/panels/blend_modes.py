"""The blend modes by family, with their names in the present language, and the box to choose one from."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

from canvas.layers import BlendMode
from desktop.i18n import mark
from desktop.naming import named

translate = QCoreApplication.translate
_M = BlendMode
FAMILIES: tuple[tuple[str, tuple[BlendMode, ...]], ...] = (
    (mark("blend", "Basic"), (_M.NORMAL, _M.BEHIND, _M.ATOP, _M.ERASE)),
    (mark("blend", "Darken"), (_M.DARKEN, _M.MULTIPLY, _M.COLOR_BURN)),
    (mark("blend", "Lighten"), (_M.LIGHTEN, _M.SCREEN, _M.COLOR_DODGE, _M.PLUS)),
    (mark("blend", "Contrast"), (_M.OVERLAY, _M.SOFT_LIGHT, _M.HARD_LIGHT)),
    (mark("blend", "Difference"), (_M.DIFFERENCE, _M.EXCLUSION)),
    (mark("blend", "Colour"), (_M.HUE, _M.SATURATION, _M.COLOR, _M.LUMINOSITY)),
)
NAMES: dict[BlendMode, str] = {
    _M.NORMAL: mark("blend", "Normal"),
    _M.BEHIND: mark("blend", "Behind"),
    _M.ATOP: mark("blend", "Inside what is below"),
    _M.ERASE: mark("blend", "Erase"),
    _M.DARKEN: mark("blend", "Darken only"),
    _M.MULTIPLY: mark("blend", "Multiply"),
    _M.COLOR_BURN: mark("blend", "Colour burn"),
    _M.LIGHTEN: mark("blend", "Lighten only"),
    _M.SCREEN: mark("blend", "Screen"),
    _M.COLOR_DODGE: mark("blend", "Colour dodge"),
    _M.PLUS: mark("blend", "Add"),
    _M.OVERLAY: mark("blend", "Overlay"),
    _M.SOFT_LIGHT: mark("blend", "Soft light"),
    _M.HARD_LIGHT: mark("blend", "Hard light"),
    _M.DIFFERENCE: mark("blend", "Difference"),
    _M.EXCLUSION: mark("blend", "Exclusion"),
    _M.HUE: mark("blend", "Hue"),
    _M.SATURATION: mark("blend", "Saturation"),
    _M.COLOR: mark("blend", "Colour"),
    _M.LUMINOSITY: mark("blend", "Luminosity"),
}


def blend_name(mode: BlendMode) -> str:
    """What a blend mode is called in the present language."""
    return translate("blend", NAMES[mode])


class BlendBox(QComboBox):
    """A box with all blend modes under the headings of their families; keys step over the headings.

    `activated` tells that the person chose one, with mouse, wheel or keys; `mode` says which.
    """

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMaxVisibleItems(30)
        self._rows = QStandardItemModel(self)
        self._rows.setObjectName(f"{name}Rows")
        for _, modes in FAMILIES:
            heading = QStandardItem()
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self._rows.appendRow(heading)
            for mode in modes:
                item = QStandardItem()
                item.setData(mode.value, Qt.ItemDataRole.UserRole)
                self._rows.appendRow(item)
        self.setModel(self._rows)
        self.setItemDelegate(named(QStyledItemDelegate(self), f"{name}Delegate"))  # follows the style sheet
        self.set_mode(BlendMode.NORMAL)
        self.retranslate()

    @property
    def mode(self) -> BlendMode:
        """The mode that is shown."""
        return BlendMode(self.currentData())

    def set_mode(self, mode: BlendMode) -> None:
        """Show a mode without telling anyone."""
        self.setCurrentIndex(self.findData(mode.value))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        row = 0
        for heading, modes in FAMILIES:
            self.setItemText(row, translate("blend", heading))
            for at, mode in enumerate(modes, row + 1):
                self.setItemText(at, blend_name(mode))
            row += 1 + len(modes)
