"""The panel of the active adjustment layer: its handles and numbers, live on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from canvas.adjustments import Adjustment
from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.layers import AdjustmentLayer
from desktop.late import Late
from desktop.layer_edits import ADJUSTMENTS, adjustment_name, owner_of
from desktop.naming import named
from desktop.panels.glyphs import glyph

if TYPE_CHECKING:
    from desktop.panels.adjustment_forms import AdjustmentForm
    from desktop.panels.tones import ToneCounter

DRAWS = (
    ChangeKind.TILES,
    ChangeKind.LAYER_SET,
    ChangeKind.LAYER_ADDED,
    ChangeKind.LAYER_REMOVED,
    ChangeKind.LAYER_MOVED,
)


class AdjustmentPanel(QWidget):
    """Shows what the active adjustment layer does and changes it: one drag is one undo step."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adjustmentPanel")
        self._document = document
        self._held = False
        self._counter: Late[ToneCounter] = Late(self._make_counter)
        self.icon = named(QLabel(self), "adjustmentIcon")
        self.title = named(QLabel(self), "adjustmentTitle", role="heading")
        self.reset_button = named(QToolButton(self), "adjustmentReset", plain=True)
        self.reset_button.clicked.connect(self.reset)
        self.hint = named(QLabel(self), "adjustmentHint", wordWrap=True, role="dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._forms: Late[dict[str, AdjustmentForm]] = Late(self._make_forms)
        self._lay_out()
        self.retranslate()
        self._disconnect = document.changed.connect(self._changed)
        self._show()

    def _make_counter(self) -> ToneCounter:
        from desktop.panels.tones import ToneCounter

        counter = ToneCounter(self)
        counter.counted.connect(self._show_tones)
        return counter

    @property
    def tones(self) -> ToneCounter:
        """Counts the tones below the layer; made with the first one."""
        return self._counter()

    def _stop_counting(self) -> None:
        if self._counter.made is not None:
            self._counter.made.stop()

    def _make_forms(self) -> dict[str, AdjustmentForm]:
        from desktop.panels.adjustment_forms import make_forms  # with the first adjustment layer

        forms = make_forms(self)
        for form in forms.values():
            form.edited.connect(self._edited)
            for child in form.findChildren(QWidget):
                child.installEventFilter(self)
            self._rows.addWidget(form, 1)
            form.hide()
        return forms

    @property
    def forms(self) -> dict[str, AdjustmentForm]:
        """Kind of adjustment -> what changes it."""
        return self._forms()

    def _lay_out(self) -> None:
        top, rows = QHBoxLayout(), QVBoxLayout(self)
        self._rows = rows
        top.addWidget(self.icon)
        top.addWidget(self.title, 1)
        top.addWidget(self.reset_button)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.hint, 1)

    def _turn_to(self, shown: QWidget) -> None:
        # A stack would always be as high as its highest page.
        for page in (self.hint, *(self._forms.made or {}).values()):
            page.setVisible(page is shown)

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self._stop_counting()
        self._disconnect()

    @property
    def layer(self) -> AdjustmentLayer | None:
        """The adjustment layer that is shown."""
        owner = owner_of(self._document.active)
        return owner if isinstance(owner, AdjustmentLayer) else None

    def reset(self) -> None:
        """As if the layer were new: one step."""
        layer = self.layer
        if layer is not None:
            self._document.history.seal()
            self._document.set_layer(layer, adjustment=ADJUSTMENTS[layer.adjustment.kind]())

    def _edited(self, adjustment: Adjustment) -> None:
        layer = self.layer
        if layer is not None:
            self._document.set_layer(layer, adjustment=adjustment, merge=True)
            if not self._held:
                self._document.history.seal()  # typed, stepped or by key: a step of its own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From press to release it is one drag."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._held = True
            self._document.history.seal()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._held = False
            self._document.history.seal()
        return super().eventFilter(watched, event)

    # -- showing ---------------------------------------------------------------------------------------

    def _changed(self, change: DocumentChange) -> None:
        layer = self.layer
        if change.kind is ChangeKind.ACTIVE:
            self._show()
        elif layer is not None and change.kind in DRAWS:
            if change.layer_id == layer.id:
                self._show(count=False)
            elif self.isVisible():
                self.tones.count_soon(layer)

    def showEvent(self, event: QShowEvent) -> None:
        """Tones are counted only for someone who looks."""
        super().showEvent(event)
        self._show()

    def _show(self, count: bool = True) -> None:
        layer = self.layer
        self.reset_button.setVisible(layer is not None)
        self.icon.setVisible(layer is not None)
        if layer is None:
            self.title.setText(self.tr("Adjustment"))
            self._turn_to(self.hint)
            self._stop_counting()
            return
        form = self.forms[layer.adjustment.kind]
        form.show_adjustment(layer.adjustment)
        self._turn_to(form)
        self.title.setText(adjustment_name(layer.adjustment.kind))
        self.title.setToolTip(layer.name)
        self._show_icon(glyph(layer.adjustment.kind, self.palette().windowText().color()))
        self.reset_button.setEnabled(layer.adjustment != ADJUSTMENTS[layer.adjustment.kind]())
        if count and self.isVisible() and form.wants_tones:
            self.tones.count_soon(layer)

    def _show_icon(self, icon: QIcon) -> None:
        self.icon.setPixmap(icon.pixmap(QSize(18, 18), self.devicePixelRatioF()))

    def _show_tones(self) -> None:
        for form in (self._forms.made or {}).values():
            form.show_tones(self.tones.tones)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_rows"):
            self.retranslate()
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange) and hasattr(self, "_rows"):
            self._show(count=False)

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.reset_button.setText(self.tr("Reset"))
        self.reset_button.setToolTip(self.tr("Change nothing any more: back to how a new adjustment is"))
        self.hint.setText(
            self.tr(
                "Choose an adjustment layer in the layers panel to change it here, or add one from the menu Layer: "
                "levels, curves, hue and saturation, brightness and contrast."
            )
        )
