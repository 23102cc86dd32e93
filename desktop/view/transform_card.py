"""The card of the transform tool: numbers, flips, quarter turns, and the two ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from desktop.naming import named
from desktop.theme import Theme, make_icon
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_at_bottom
from desktop.view.tools.transform_box import Box, Numbers
from desktop.view.tools.transforming import TransformTool

ICON = 18
SMALLEST = 0.01
"""Per cent; a width of exactly zero would be nothing."""
FIELDS = (
    ("x", -4_000_000, 4_000_000, " px", 1),
    ("y", -4_000_000, 4_000_000, " px", 1),
    ("width", -100_000, 100_000, " %", 2),
    ("height", -100_000, 100_000, " %", 2),
    ("angle", -360, 360, "°", 2),
    ("shear", -85, 85, "°", 2),
)
"""Name in `Numbers`, range, unit, decimals."""
BUTTONS = ("flip-horizontal", "flip-vertical", "rotate-90-left", "rotate-90-right", "reset-transform")


class TransformCard(QFrame):
    """Shown over the canvas while a box is open."""

    def __init__(self, view: CanvasView, theme: Theme) -> None:
        super().__init__(view)
        self.setObjectName("transformCard")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        tool = view.tools["transform"]
        if not isinstance(tool, TransformTool):
            raise TypeError("the view has no transform tool")
        self._view, self.tool = view, tool
        self.fields: dict[str, QDoubleSpinBox] = {}
        self._labels: dict[str, QLabel] = {}
        self.buttons: dict[str, QToolButton] = {}
        self.apply_button = named(QToolButton(self), "transformApply")
        self.apply_button.setProperty("primary", True)
        self.cancel_button = named(QToolButton(self), "transformCancel")
        self.hint = named(QLabel(self), "transformHint")
        self._build()
        self._connect()
        self.dress(theme)
        self.hide()
        self.retranslate()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for index, (name, low, high, unit, decimals) in enumerate(FIELDS):
            field = named(QDoubleSpinBox(self), f"transform-{name}", keyboardTracking=False)
            field.setRange(low, high)
            field.setDecimals(decimals)
            field.setSuffix(unit)
            field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
            field.setFixedWidth(92)
            field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            field.installEventFilter(self)
            label = named(QLabel(self), f"transformLabel-{name}")
            label.setBuddy(field)
            grid.addWidget(label, index % 2, index // 2 * 2)
            grid.addWidget(field, index % 2, index // 2 * 2 + 1)
            self.fields[name], self._labels[name] = field, label
        grid.setColumnStretch(6, 1)
        row = QHBoxLayout()
        row.setSpacing(4)
        for name in BUTTONS:
            button = named(QToolButton(self), f"transform-{name}", iconSize=QSize(ICON, ICON))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.cancel_button, self.apply_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        self.hint.setProperty("role", "hint")
        self.hint.setWordWrap(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 8, 10, 8)
        outer.setSpacing(6)
        outer.addLayout(grid)
        outer.addLayout(row)
        outer.addWidget(self.hint)

    def _connect(self) -> None:
        tool = self.tool
        for field in self.fields.values():
            field.valueChanged.connect(self._typed)
        self.buttons["flip-horizontal"].clicked.connect(lambda: self._change(lambda box: box.flipped(True)))
        self.buttons["flip-vertical"].clicked.connect(lambda: self._change(lambda box: box.flipped(False)))
        self.buttons["rotate-90-left"].clicked.connect(lambda: self._change(lambda box: box.turned(-90)))
        self.buttons["rotate-90-right"].clicked.connect(lambda: self._change(lambda box: box.turned(90)))
        self.buttons["reset-transform"].clicked.connect(lambda: tool.reset())
        self.apply_button.clicked.connect(lambda: tool.apply())
        self.cancel_button.clicked.connect(lambda: self._view.cancel_gesture())
        tool.changed.connect(self._refresh)
        floating(self._view).add(self, Rank.TOOL, self._place)

    def _change(self, made: Callable[[Box], Box]) -> None:
        if self.tool.box is not None:
            self.tool.set_box(made(self.tool.box))

    def _typed(self) -> None:
        box = self.tool.box
        if box is None:
            return
        values = {name: field.value() for name, field in self.fields.items()}
        for side in ("width", "height"):
            values[side] = values[side] or SMALLEST
        shown = box.numbers()
        numbers = Numbers(**values)
        if shown is not None:  # what was not typed keeps the digits that the fields do not show
            untouched = {
                name: getattr(shown, name)
                for name, field in self.fields.items()
                if abs(getattr(shown, name) - values[name]) <= 0.51 * 10 ** -field.decimals()
            }
            numbers = replace(numbers, **untouched)
        self.tool.set_box(box.with_numbers(numbers))
        self._refresh(True)

    def _refresh(self, open_now: bool) -> None:
        box = self.tool.box
        if not open_now or box is None:
            if self.isVisible():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()
            return
        numbers = box.numbers()
        for name, field in self.fields.items():
            field.setEnabled(numbers is not None)
            if numbers is not None:
                with QSignalBlocker(field):
                    field.setValue(getattr(numbers, name))
        if not self.isVisible():
            self.adjustSize()
            self.show()
        self._place()

    def _place(self) -> None:
        """At the bottom of the view, in the middle."""
        self.adjustSize()
        place_at_bottom(self, self._view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc in a field give the keyboard back to the canvas."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_done(event):
            if event.key() != Qt.Key.Key_Escape:
                for field in self.fields.values():
                    field.interpretText()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _is_done(event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)

    def dress(self, theme: Theme) -> None:
        """Draws the icons in the theme's ink."""
        for name, button in self.buttons.items():
            button.setIcon(make_icon(name, theme))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        words = {
            "x": (self.tr("X"), self.tr("Where the pivot is, from the left")),
            "y": (self.tr("Y"), self.tr("Where the pivot is, from the top")),
            "width": (self.tr("W"), self.tr("Width in per cent; negative mirrors")),
            "height": (self.tr("H"), self.tr("Height in per cent; negative mirrors")),
            "angle": (self.tr("Turn"), self.tr("Degrees clockwise about the pivot")),
            "shear": (self.tr("Shear"), self.tr("How far the upright sides lean")),
        }
        for name, (label, tip) in words.items():
            self._labels[name].setText(label)
            self.fields[name].setToolTip(tip)
        tips = {
            "flip-horizontal": self.tr("Flip left and right"),
            "flip-vertical": self.tr("Flip top and bottom"),
            "rotate-90-left": self.tr("Turn 90° to the left"),
            "rotate-90-right": self.tr("Turn 90° to the right"),
            "reset-transform": self.tr("Back to how it was"),
        }
        for name, tip in tips.items():
            self.buttons[name].setToolTip(tip)
        self.apply_button.setText(self.tr("Apply"))
        self.apply_button.setToolTip(self.tr("Make it so: one undo step (Enter)"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Leave everything as it was (Esc)"))
        self.hint.setText(
            self.tr(
                "Inside moves, outside turns. Shift: proportions, 15°. Ctrl: a corner freely, a side sheared. "
                "Alt: about the pivot."
            )
        )
        self._place()
