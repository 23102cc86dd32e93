"""What a person can set about a tool: declared by the tool, shown by the tool panel, kept by the view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from desktop.i18n import mark

OptionValue: TypeAlias = bool | int | float | str


@dataclass(frozen=True)
class ToolOption:
    """One setting of a tool. Texts are English sources of the context `tools`."""

    name: str
    "Stable name, unique within the tool."
    label: str
    tip: str
    default: OptionValue
    "Its type decides the widget: bool a check box, int and float a slider, str a choice or a line of text."
    low: float = 0
    "Smallest number."
    high: float = 100
    "Largest number."
    suffix: str = ""
    "Behind the number, such as ' px'."
    choices: tuple[tuple[str, str], ...] = ()
    "(value, text) pairs of a choice."
    group: str = ""
    "Options of one group are shared by all tools that name it, such as the way selections combine."
    kind: str = ""
    "Another widget than the type's: `font` for fonts, `log` for a number even in ratio, `segments` for buttons."
    decimals: int = 2
    "Digits behind the point of a float."
    only_if: tuple[str, tuple[OptionValue, ...]] = ("", ())
    "Name of another option of the tool and its values with which this one means something; else it is hidden."


class ToolOptions(QObject):
    """The values of all tools' options."""

    changed = Signal(str, str)
    "Tool id (or group) and option name."

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[tuple[str, str], OptionValue] = {}

    def value(self, tool_id: str, option: ToolOption) -> OptionValue:
        """What is set now; the default where what was stored does not fit."""
        stored = self._values.get((option.group or tool_id, option.name))
        fitting = None if stored is None else fitted(option, stored)
        return option.default if fitting is None else fitting

    def set_value(self, tool_id: str, option: ToolOption, value: OptionValue) -> None:
        """Set it; numbers are clamped, a choice that is not there and a wrong type are refused silently."""
        fitting = fitted(option, value)
        if fitting is None or fitting == self.value(tool_id, option):
            return
        owner = option.group or tool_id
        self._values[owner, option.name] = fitting
        self.changed.emit(owner, option.name)

    def to_dict(self) -> dict[str, OptionValue]:
        """What was set, for the settings file: `owner/name` -> value."""
        return {f"{owner}/{name}": value for (owner, name), value in self._values.items()}

    def restore(self, stored: Mapping[str, object]) -> None:
        """Take values of the settings file; they are checked when they are used."""
        for key, value in stored.items():
            owner, _, name = key.partition("/")
            if name and isinstance(value, (bool, int, float, str)):
                self._values[owner, name] = value


def fitted(option: ToolOption, value: object) -> OptionValue | None:
    """The value as the option can hold it; None when it cannot."""
    kind = type(option.default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return kind(min(max(value, option.low), option.high)) if math.isfinite(value) else None
    if option.choices and value not in [choice for choice, _ in option.choices]:
        return None
    return value  # type: ignore[return-value]  # the kind was compared above


BLEND_CHOICES = (
    ("normal", mark("tools", "Normal")),
    ("multiply", mark("tools", "Multiply")),
    ("screen", mark("tools", "Screen")),
    ("overlay", mark("tools", "Overlay")),
    ("darken", mark("tools", "Darken")),
    ("lighten", mark("tools", "Lighten")),
    ("color-dodge", mark("tools", "Colour dodge")),
    ("color-burn", mark("tools", "Colour burn")),
    ("hard-light", mark("tools", "Hard light")),
    ("soft-light", mark("tools", "Soft light")),
    ("difference", mark("tools", "Difference")),
    ("exclusion", mark("tools", "Exclusion")),
    ("plus", mark("tools", "Add")),
    ("behind", mark("tools", "Behind")),
    ("erase", mark("tools", "Erase")),
)
"""Modes in which paint can be laid on a layer (`canvas.layers.BlendMode`)."""
BLEND = ToolOption(
    "mode", mark("tools", "Mode"), mark("tools", "How the paint mixes with what is on the layer"), "normal",
    choices=BLEND_CHOICES,
)  # fmt: skip
OPACITY = ToolOption(
    "opacity", mark("tools", "Opacity"), mark("tools", "How much the paint covers"), 100, low=1, high=100, suffix=" %"
)
SMOOTH = ToolOption("smooth", mark("tools", "Smooth edges"), mark("tools", "Soften the stairs along edges"), True)
