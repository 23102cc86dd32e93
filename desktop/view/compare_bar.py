"""The bar under a comparison: how to compare, which picture, apply it or end."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QToolButton

from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.compare_drawing import mode_icon
from desktop.view.compare_look import CompareMode
from desktop.view.comparing import GAINS, RATES, CompareOverlay
from desktop.view.placing import place_near


class CompareBar(QFrame):
    """Follows the region that is compared. Never modal."""

    stepped = Signal(int)
    applied = Signal()
    ended = Signal()

    def __init__(self, view: CanvasView, overlay: CompareOverlay) -> None:
        super().__init__(view)
        self.setObjectName("compareBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self._view, self._overlay = view, overlay
        self._group = QButtonGroup(self)
        self.modes = {mode: self._mode_button(mode) for mode in CompareMode}
        self.less = self._button("compareLess", "−")
        self.amount = named(QLabel(self), "compareAmount", alignment=Qt.AlignmentFlag.AlignCenter)
        self.more = self._button("compareMore", "+")
        self.swap = self._button("compareSwap", "⇄")
        self.previous = self._button("comparePrevious", "‹")
        self.count = named(QLabel(self), "compareCount")
        self.next = self._button("compareNext", "›")
        self.apply = self._button("compareApply", "", primary=True)
        self.close_button = self._button("compareEnd", "✕")
        self._lay_out()
        self._connect()
        self.retranslate()
        self._look_changed()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        for button in self.modes.values():
            layout.addWidget(button)
        layout.addSpacing(4)
        rest = (self.less, self.amount, self.more, self.swap, self.previous, self.count, self.next)
        for widget in (*rest, self.apply, self.close_button):
            layout.addWidget(widget)

    def _connect(self) -> None:
        overlay = self._overlay
        for mode, button in self.modes.items():
            button.clicked.connect(lambda _=False, chosen=mode: overlay.set_look(mode=chosen, running=True))
        self.less.clicked.connect(lambda: overlay.turn_up(-1))
        self.more.clicked.connect(lambda: overlay.turn_up(1))
        self.swap.clicked.connect(overlay.swap)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.apply.clicked.connect(self.applied)
        self.close_button.clicked.connect(self.ended)
        overlay.lookChanged.connect(self._look_changed)
        self._view.viewChanged.connect(self.follow)

    def _button(self, name: str, text: str, primary: bool = False) -> QToolButton:
        button = named(QToolButton(self), name, text=text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the comparison keeps the keys
        if primary:
            button.setProperty("primary", True)
        return button

    def _mode_button(self, mode: CompareMode) -> QToolButton:
        button = self._button(f"compare-{mode}", "")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(mode_icon(str(mode), self.palette().buttonText().color()))
        self._group.addButton(button)
        return button

    def show_count(self, index: int, count: int, name: str) -> None:
        """Says which candidate of how many it is, and of what."""
        self.count.setText(f"{index + 1} / {count}")
        self.count.setToolTip(name)
        for widget in (self.previous, self.count, self.next):
            widget.setVisible(count > 1)
        self._fit()

    def _look_changed(self) -> None:
        look = self._overlay.look
        self.modes[look.mode].setChecked(True)
        wiping = look.mode is CompareMode.WIPE
        for widget in (self.less, self.amount, self.more):
            widget.setVisible(not wiping)
        if look.mode is CompareMode.DIFFERENCE:
            self.amount.setText(f"× {look.gain}")
            ends, now = GAINS, look.gain
        else:
            self.amount.setText(f"{look.rate} Hz")
            ends, now = RATES, look.rate
        self.less.setEnabled(now > ends[0])
        self.more.setEnabled(now < ends[-1])
        self._fit()

    def _fit(self) -> None:
        self.amount.setMinimumWidth(self.fontMetrics().horizontalAdvance("× 32") + 4)
        self.adjustSize()
        self.follow()

    def follow(self) -> None:
        """Stands beside the region again."""
        place_near(self, self._view, self._overlay.region)
        self.raise_()

    def finish(self) -> None:
        """Goes with the comparison."""
        self._view.viewChanged.disconnect(self.follow)
        self.hide()
        self.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "apply"):
            self.retranslate()
            self._fit()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        for mode, (word, tip) in mode_words().items():
            self.modes[mode].setText(word)
            self.modes[mode].setToolTip(tip)
        self.less.setToolTip(self.tr("Less gain, or slower (Down)"))
        self.more.setToolTip(self.tr("More gain, or faster (Up)"))
        self.swap.setToolTip(self.tr("Exchange the two sides (X)"))
        self.previous.setToolTip(self.tr("Previous picture (Left)"))
        self.next.setToolTip(self.tr("Next picture (Right)"))
        self.apply.setText(self.tr("Apply"))
        self.apply.setToolTip(self.tr("Put this picture on the canvas as a new layer (Enter)"))
        self.close_button.setToolTip(self.tr("End the comparison (Esc)"))


def mode_words() -> dict[CompareMode, tuple[str, str]]:
    """The word for each way to compare, and what it does."""
    translate = QCoreApplication.translate
    return {
        CompareMode.WIPE: (
            translate("compare", "Wipe"),
            translate("compare", "A divider between both pictures: drag it; a double-click on it turns it (W)"),
        ),
        CompareMode.DIFFERENCE: (
            translate("compare", "Difference"),
            translate("compare", "Only what is not the same, amplified (D)"),
        ),
        CompareMode.FLICKER: (
            translate("compare", "Flicker"),
            translate("compare", "One picture after the other; a click or F stops it (F)"),
        ),
    }
