"""Names for widgets: tests, accessibility tools and style sheets find them by these."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

Named = TypeVar("Named", bound=QObject)


def named(widget: Named, name: str, **properties: object) -> Named:
    """The same object with its `objectName` and further Qt properties set."""
    widget.setObjectName(name)
    for key, value in properties.items():
        widget.setProperty(key, value)
    return widget
