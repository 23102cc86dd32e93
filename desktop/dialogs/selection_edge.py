"""How many pixels the selection's edge moves or fades: one small dialog with the result on the canvas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from canvas.errors import CanvasError
from canvas.selection import Selection
from desktop.i18n import mark
from desktop.naming import named
from desktop.slots import Slots
from desktop.view.selection_overlay import SelectionOverlay
from desktop.view.tools.options import ToolOption

MOST = 500
GROUP = "selection-edge"
WAIT_MS = 300
"""A preview that takes longer says that it is on its way."""


@dataclass(frozen=True)
class EdgeChange:
    """One way to change a selection's edge. Texts are English sources of the context `SelectionEdge`."""

    name: str
    """As in the action `select.<name>`."""
    title: str
    label: str
    step: str
    """The name of the undo step."""
    change: Callable[[Selection, int], Selection]
    """Plain arithmetic, for any thread."""
    option: ToolOption
    """Remembers the last value."""


def _edge(name: str, title: str, label: str, step: str, change: Callable[[Selection, int], Selection]) -> EdgeChange:
    return EdgeChange(name, title, label, step, change, ToolOption(name, title, label, 8, 1, MOST, group=GROUP))


EDGES = (
    _edge("grow", mark("SelectionEdge", "Grow selection"), mark("SelectionEdge", "Outwards by"),
          "Grow selection", lambda selection, pixels: selection.grown(pixels)),
    _edge("shrink", mark("SelectionEdge", "Shrink selection"), mark("SelectionEdge", "Inwards by"),
          "Shrink selection", lambda selection, pixels: selection.grown(-pixels)),
    _edge("feather", mark("SelectionEdge", "Feather selection"), mark("SelectionEdge", "Fade over"),
          "Feather selection", lambda selection, pixels: selection.feathered(pixels)),
    _edge("smooth", mark("SelectionEdge", "Smooth selection"), mark("SelectionEdge", "Forms smaller than"),
          "Smooth selection", lambda selection, pixels: selection.smoothed(pixels)),
    _edge("border", mark("SelectionEdge", "Border of the selection"), mark("SelectionEdge", "Width"),
          "Border of selection", lambda selection, pixels: selection.bordered(pixels)),
)  # fmt: skip


class SelectionEdgeDialog(QDialog):
    """Shows the result while the value changes; Cancel and Esc leave everything as it was."""

    decided = Signal(object)
    """The new Selection."""
    valueChanged = Signal(int)

    def __init__(
        self, edge: EdgeChange, base: Selection, overlay: SelectionOverlay, pixels: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("selectionEdgeDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._edge, self._base, self._overlay = edge, base, overlay
        self._slots = Slots(self)
        self._shown: tuple[int, Selection] | None = None
        self._wanted: int | None = None
        self._finished = self._working = False
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        translate = QCoreApplication.translate
        self.setWindowTitle(translate("SelectionEdge", edge.title))
        self.pixels = named(QSpinBox(self), "selectionEdgePixels", minimum=1, maximum=MOST, value=pixels)
        self.pixels.setSuffix(" px")
        self.pixels.setToolTip(self.tr("Pixels of the canvas"))
        self.slider = named(
            QSlider(Qt.Orientation.Horizontal, self), "selectionEdgeSlider", minimum=1, maximum=100, value=pixels
        )
        self.slider.setToolTip(self.tr("Pixels of the canvas"))
        self.slider.setMinimumWidth(220)
        self.note = named(QLabel(self), "selectionEdgeNote", wordWrap=True)
        self.note.setProperty("role", "dim")
        buttons = QDialogButtonBox.StandardButton
        self.buttons = named(QDialogButtonBox(buttons.Ok | buttons.Cancel, self), "selectionEdgeButtons")
        self._late = named(QTimer(self), "timer", interval=WAIT_MS, singleShot=True)
        self._lay_out(translate("SelectionEdge", edge.label))
        self._connect()
        self.pixels.selectAll()
        self._preview(pixels)

    def _lay_out(self, label: str) -> None:
        form = QFormLayout()
        title = named(QLabel(label, self), "selectionEdgeLabel")
        title.setBuddy(self.pixels)
        form.addRow(title, self.pixels)
        form.addRow("", self.slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 12)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self.pixels.setValue)
        self.pixels.valueChanged.connect(self._value_changed)
        self._late.timeout.connect(lambda: self.note.setText(self.tr("Computing…")))
        self._slots.failed.connect(self._refused)
        self.buttons.accepted.connect(self._slots.wrap(self._decide))
        self.buttons.rejected.connect(self.reject)

    def _value_changed(self, pixels: int) -> None:
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(pixels)
        self.slider.blockSignals(blocked)
        self.valueChanged.emit(pixels)
        self._preview(pixels)

    def _preview(self, pixels: int) -> None:
        self._wanted = pixels
        if not self._working:
            self._working = True
            self._idle.clear()
            self._task = self._slots.start(self._work())

    async def _work(self) -> None:
        """Compute what is wanted; a value that comes meanwhile is next, and those between are never computed."""
        self._late.start()
        try:
            while self._wanted is not None and not self._finished:
                pixels, self._wanted = self._wanted, None
                result = await asyncio.to_thread(self._computed, pixels)
                if self._finished:
                    return
                if isinstance(result, CanvasError):
                    self._shown = None
                    self._refused(str(result))
                    continue
                self._shown = (pixels, result)
                self._late.stop()
                self.note.setText(self.tr("Nothing would stay selected.") if result.is_empty else "")
                self._overlay.set_preview(result)
        finally:
            self._working = False
            self._idle.set()

    def _computed(self, pixels: int) -> Selection | CanvasError:
        try:
            return self._edge.change(self._base, pixels)
        except CanvasError as error:
            return error

    async def _decide(self) -> None:
        pixels = self.pixels.value()
        if self._working:
            await self._idle.wait()
        if self._shown is None or self._shown[0] != pixels:
            return  # refused, and the note says why
        self.decided.emit(self._shown[1])
        self.accept()

    def _refused(self, sentence: str) -> None:
        self._late.stop()
        self.note.setText(sentence)

    def done(self, result: int) -> None:
        """The canvas shows the document's own selection again."""
        self._finished = True
        if self._task is not None:
            self._task.cancel()  # this dialog will be deleted
        self._overlay.set_preview(None)
        super().done(result)
