"""What an adapter for references sees with: a row of its own, seen only where the library has several that fit."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.generation.wording import Wording
from desktop.naming import named
from desktop.panels.elided_box import ElidedBox
from desktop.spoken import spoken
from pipelines.contract.models import ModelInfo, ModelKind

PART = "image_encoder"
REDUX, SIGLIP = "redux", "siglip"


def encoders_for(adapter: ModelInfo | None, wording: Wording) -> tuple[ModelInfo, ...]:
    """Vision networks of the library that may serve an adapter: SigLIP for Redux, CLIP for all others."""
    if adapter is None or adapter.kind is not ModelKind.IP_ADAPTER:
        return ()
    wants_siglip = adapter.variant == REDUX
    found = [info for info in wording.addons if info.kind is ModelKind.IMAGE_ENCODER and not info.problem]
    fitting = [info for info in found if info.variant.startswith(SIGLIP) == wants_siglip]
    return tuple(sorted(fitting, key=lambda info: info.name.casefold()))


def chosen_encoder(adapter: ModelInfo, encoders: tuple[ModelInfo, ...]) -> str:
    """The path of the one that a person chose; empty while the library decides.

    Without a choice an adapter has every encoder of the library for a companion.
    """
    paths = [one.path for one in adapter.companions if one.part == PART]
    return paths[0] if len(paths) == 1 and len(encoders) > 1 else ""


class EncoderRow(QWidget):
    """Chooses the vision network of one adapter; the choice belongs to the adapter, wherever it is used."""

    chosen = Signal(str, str)
    """Adapter's id, and path of the encoder; empty for what the library finds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("controlEncoderRow")
        self._adapter: ModelInfo | None = None
        self.label = named(QLabel(self), "controlEncoderLabel")
        self.box = ElidedBox(self)
        self.box.setObjectName("controlEncoder")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.label)
        layout.addWidget(self.box, 1)
        self.box.activated.connect(lambda _: self._choose())

    def show_adapter(self, adapter: ModelInfo | None, wording: Wording) -> None:
        """Shows what serves this adapter; hides where there is nothing to choose."""
        encoders = encoders_for(adapter, wording)
        self._adapter = adapter
        self.setVisible(len(encoders) > 1)
        if adapter is None or len(encoders) < 2:
            return
        self.label.setText(self.tr("Sees with"))
        self.box.setToolTip(
            self.tr("The image encoder that {name} sees with, wherever it is used").format(name=adapter.name)
        )
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(self.tr("The one that fits"), "")
            for info in encoders:
                self.box.addItem(" · ".join(filter(None, (info.name, spoken(info.variant)))), info.path)
                self.box.setItemData(self.box.count() - 1, info.path, Qt.ItemDataRole.ToolTipRole)
            self.box.setCurrentIndex(max(0, self.box.findData(chosen_encoder(adapter, encoders))))

    def _choose(self) -> None:
        if self._adapter is not None:
            self.chosen.emit(self._adapter.id, str(self.box.currentData()))
