"""Which network sees what a control layer follows: a row of its own, seen only where there is something to choose."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QWidget

from canvas.layer_control import LayerControl, Source
from desktop.generation.control_models import eyes_of, gone_annotator, label_of_kind
from desktop.generation.wording import Wording
from desktop.naming import named
from desktop.panels.elided_box import ElidedBox


def has_choice(control: LayerControl | None, wording: Wording) -> bool:
    """Whether several networks of the library could look at such a layer, or the chosen one is gone."""
    if control is None or control.source is Source.READY:
        return False
    return len(eyes_of(control.kind, wording)) > 1 or bool(gone_annotator(control, wording))


class AnnotatorRow(QWidget):
    """Chooses the network that looks at one layer; the choice belongs to the layer."""

    chosen = Signal(str)
    """Id of the network; empty for the first that can."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("controlAnnotatorRow")
        self.label = named(QLabel(self), "controlAnnotatorLabel")
        self.box = ElidedBox(self)
        self.box.setObjectName("controlAnnotator")
        self.label.setBuddy(self.box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.label)
        layout.addWidget(self.box, 1)
        self.box.activated.connect(lambda _: self.chosen.emit(str(self.box.currentData())))

    def show_control(self, control: LayerControl, wording: Wording) -> None:
        """Shows who looks at such a layer; hides where there is nothing to choose."""
        shown = has_choice(control, wording)
        self.setVisible(shown)
        if not shown:
            return
        found, gone = eyes_of(control.kind, wording), gone_annotator(control, wording)
        self.label.setText(self.tr("Seen by"))
        self.box.setToolTip(
            self.tr("The network of the library that sees “{kind}” in this layer's picture").format(
                kind=label_of_kind(control.kind)
            )
        )
        with QSignalBlocker(self.box):
            self.box.clear()
            first = self.tr("Automatic: {name}").format(name=found[0].name) if found else self.tr("Automatic")
            self.box.addItem(first, "")
            for info in found:
                self._add(info.name, info.id, info.path)
            if gone:
                self._add(
                    self.tr("{name} (cannot be used now)").format(name=gone), control.annotator, control.annotator
                )
            self.box.setCurrentIndex(max(0, self.box.findData(control.annotator)))

    def open_list(self) -> None:
        """Shows the list, wherever the panel is scrolled to."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.showPopup()

    def _add(self, text: str, annotator: str, tip: str) -> None:
        self.box.addItem(text, annotator)
        self.box.setItemData(self.box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
