"""One row of the regions panel: colour, name, words, on or off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from canvas.prompt_regions import COLOURS, PromptRegion
from desktop.naming import named
from desktop.panels.prompt_panel import PromptEdit
from desktop.view.region_overlay import SHADES, shade

CHIP = 18
MOST_LINES = 6
"""Lines that a field grows to before it scrolls."""


class GrowingEdit(PromptEdit):
    """One line high, and higher with what is typed."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        named(self, name, tabChangesFocus=True)
        self.document().setDocumentMargin(2)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other lines."""
        super().resizeEvent(event)
        self._fit()

    def show_text(self, text: str) -> None:
        """Takes over a text from elsewhere, quietly; the cursor stays if it is the same."""
        if self.toPlainText() != text:
            with QSignalBlocker(self):
                self.setPlainText(text)
            self._fit()

    def _fit(self) -> None:
        lines = min(max(round(self.document().size().height()), 1), MOST_LINES)
        frame = 2 * self.frameWidth() + 2 * round(self.document().documentMargin()) + 6
        height = lines * self.fontMetrics().lineSpacing() + frame
        if height != self.height():
            self.setFixedHeight(height)


class RegionRow(QWidget):
    """Shows one region; says what a person wants of it."""

    wanted = Signal(str, object)
    """What (select, reshape, remove, rename, prompt, on, colour) and with which value."""

    def __init__(self, parent: QWidget, number: int) -> None:
        super().__init__(parent)
        self.setObjectName(f"region-{number}")
        self.chip = named(QToolButton(self), "regionSelect", autoRaise=True)
        self.chip.setIconSize(QSize(CHIP, CHIP))
        self.name = named(QLineEdit(self), "regionName")
        self.on = named(QCheckBox(self), "regionOn")
        self.more = named(QToolButton(self), "regionMore", text="⋯", autoRaise=True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.delete = named(QToolButton(self), "regionDelete", text="✕", autoRaise=True)
        self.prompt = GrowingEdit(self, "regionPrompt")
        self.trouble = named(QLabel(self), "regionTrouble", wordWrap=True, visible=False)
        self._make_menu()
        head = QHBoxLayout()
        head.setSpacing(4)
        for widget, stretch in ((self.chip, 0), (self.name, 1), (self.on, 0), (self.more, 0), (self.delete, 0)):
            head.addWidget(widget, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addWidget(self.prompt)
        layout.addWidget(self.trouble)
        self._connect()
        self.retranslate()

    def _make_menu(self) -> None:
        menu = named(QMenu(self.more), "regionMenu")
        self.select_action, self.reshape_action = QAction(menu), QAction(menu)
        self.colours = named(QMenu(menu), "regionColours")
        menu.addActions([self.select_action, self.reshape_action])
        menu.addMenu(self.colours)
        for number in range(COLOURS):
            action = self.colours.addAction(QIcon(_square(QColor(SHADES[number]))), "")
            action.triggered.connect(lambda _=False, number=number: self.wanted.emit("colour", number))
        self.more.setMenu(menu)

    def _connect(self) -> None:
        self.chip.clicked.connect(lambda: self.wanted.emit("select", None))
        self.select_action.triggered.connect(lambda: self.wanted.emit("select", None))
        self.reshape_action.triggered.connect(lambda: self.wanted.emit("reshape", None))
        self.delete.clicked.connect(lambda: self.wanted.emit("remove", None))
        self.on.clicked.connect(lambda on: self.wanted.emit("on", on))
        self.name.editingFinished.connect(lambda: self.wanted.emit("rename", self.name.text()))
        self.prompt.textChanged.connect(lambda: self.wanted.emit("prompt", self.prompt.toPlainText()))

    def show_region(self, region: PromptRegion, missing: bool) -> None:
        """Takes over what is true now."""
        self.chip.setIcon(QIcon(_square(shade(region), hollow=missing or not region.on)))
        self.chip.setEnabled(not missing)
        self.select_action.setEnabled(not missing)
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.setText(region.name)
        self.on.setChecked(region.on)
        self.prompt.show_text(region.prompt)
        self.prompt.setEnabled(region.on and not missing)
        self.trouble.setVisible(missing)
        self.trouble.setText(
            self.tr(
                "Its place is gone, so it is left out: the saved selection '{name}' was deleted. Undo that, or "
                "select a place and choose Take the Selection as Its Place in the menu ⋯."
            ).format(name=region.name)
        )

    def retranslate(self) -> None:
        """Sets every text in the present language; what belongs to the region follows with `show_region`."""
        self.chip.setToolTip(self.tr("Select this region"))
        self.name.setToolTip(self.tr("Name of the region and of its saved selection"))
        self.on.setToolTip(self.tr("Whether the region counts"))
        self.more.setToolTip(self.tr("Place and colour"))
        self.delete.setToolTip(self.tr("Delete the region; its saved selection stays, and undo brings it back"))
        self.prompt.setPlaceholderText(self.tr("What is here?"))
        self.prompt.setToolTip(self.tr("What this region shows, beside what holds everywhere (Enter runs)"))
        self.select_action.setText(self.tr("Select This Region"))
        self.reshape_action.setText(self.tr("Take the Selection as Its Place"))
        self.colours.setTitle(self.tr("Colour"))
        names = (
            self.tr("Blue"), self.tr("Amber"), self.tr("Green"), self.tr("Red"),
            self.tr("Violet"), self.tr("Cyan"), self.tr("Pink"), self.tr("Olive"),
        )  # fmt: skip
        for action, name in zip(self.colours.actions(), names, strict=True):
            action.setText(name)


def _square(colour: QColor, hollow: bool = False) -> QPixmap:
    """A chip in a colour; hollow for what does not count."""
    pixmap = QPixmap(2 * CHIP, 2 * CHIP)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
        painter.drawRoundedRect(QRectF(2, 2, CHIP - 4, CHIP - 4), 4, 4)
    return pixmap
