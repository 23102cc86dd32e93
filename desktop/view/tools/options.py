"""What a person can set about a tool: declared by the tool, shown by the tool panel, kept by the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

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


class ToolOptions(QObject):
    """The values of all tools' options."""

    changed = Signal(str, str)
    "Tool id (or group) and option name."

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[tuple[str, str], OptionValue] = {}

    def value(self, tool_id: str, option: ToolOption) -> OptionValue:
        """What is set now."""
        return self._values.get((option.group or tool_id, option.name), option.default)

    def set_value(self, tool_id: str, option: ToolOption, value: OptionValue) -> None:
        """Set it; numbers are clamped, a choice that is not there and a wrong type are refused silently."""
        fitting = fitted(option, value)
        if fitting is None or fitting == self.value(tool_id, option):
            return
        owner = option.group or tool_id
        self._values[owner, option.name] = fitting
        self.changed.emit(owner, option.name)

    def to_dict(self) -> dict[str, OptionValue]:
        """What differs from nothing set, for the settings file: `owner/name` -> value."""
        return {f"{owner}/{name}": value for (owner, name), value in self._values.items()}

    def restore(self, stored: dict[str, object]) -> None:
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
        return kind(min(max(value, option.low), option.high))
    if option.choices and value not in [choice for choice, _ in option.choices]:
        return None
    return value  # type: ignore[return-value]  # the kind was compared above
