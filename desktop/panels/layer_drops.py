"""Where dragged rows of layers would go, and what a drag of them carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from desktop.panels.layer_rows import ID_ROLE, NAME

MIME: Final = "application/x-handscroll-layers"
_GROUP_FROM, _GROUP_TO = 0.28, 0.72
"""The part of a group's row, from the top, in which rows are let go into the group."""


@dataclass(frozen=True)
class DropPlace:
    """Where dragged rows would go."""

    group: str
    "The id of the group; empty is the painting itself."
    row: int
    "Rows above it there, counted from the top before anything moves."
    mark: QRect
    "What is drawn to show it: a line, or a box around the group's row."


def mime_of(ids: list[str]) -> QMimeData:
    """What a drag of these layers carries."""
    data = QMimeData()
    data.setData(MIME, QByteArray("\n".join(ids).encode()))
    return data


def ids_in(data: QMimeData) -> list[str]:
    """The layers that a drag carries."""
    return bytes(data.data(MIME).data()).decode().split("\n")


def drop_place(tree: QTreeWidget, at: QPoint, ids: list[str]) -> DropPlace | None:
    """Where rows that are let go there would end up; None inside one of themselves.

    Below the last row of a group, further left is below the group itself.
    """
    item = tree.itemAt(at)
    if item is None:
        last = _last_shown(tree)
        y = tree.visualItemRect(last).bottom() + 1 if last is not None else 1
        return DropPlace("", tree.topLevelItemCount(), _line(tree, y, 0))
    rect = tree.visualItemRect(item)
    down = (at.y() - rect.top()) / max(1, rect.height())
    is_group = bool(item.flags() & Qt.ItemFlag.ItemIsDropEnabled)
    if is_group and _GROUP_FROM <= down <= _GROUP_TO:
        box = QRect(1, rect.top(), tree.viewport().width() - 3, rect.height() - 1)
        return _allowed(item, 0, box, ids)
    if down < 0.5:
        return _allowed(item.parent(), _row_of(tree, item), _line(tree, rect.top(), _depth(item)), ids)
    if is_group and item.isExpanded() and item.childCount():
        return _allowed(item, 0, _line(tree, rect.bottom() + 1, _depth(item) + 1), ids)
    while (parent := item.parent()) is not None and parent.indexOfChild(item) == parent.childCount() - 1:
        if at.x() >= _left_of(tree, _depth(item)):
            break
        item = parent
    return _allowed(item.parent(), _row_of(tree, item) + 1, _line(tree, rect.bottom() + 1, _depth(item)), ids)


def _allowed(group: QTreeWidgetItem | None, row: int, mark: QRect, ids: list[str]) -> DropPlace | None:
    above = group
    while above is not None:
        if above.data(NAME, ID_ROLE) in ids:
            return None
        above = above.parent()
    return DropPlace(group.data(NAME, ID_ROLE) if group is not None else "", row, mark)


def _row_of(tree: QTreeWidget, item: QTreeWidgetItem) -> int:
    parent = item.parent()
    return parent.indexOfChild(item) if parent is not None else tree.indexOfTopLevelItem(item)


def _left_of(tree: QTreeWidget, depth: int) -> int:
    return tree.columnViewportPosition(NAME) + tree.indentation() * (depth + 1)


def _line(tree: QTreeWidget, y: int, depth: int) -> QRect:
    left = _left_of(tree, depth)
    return QRect(left, y, tree.viewport().width() - left - 4, 0)


def _last_shown(tree: QTreeWidget) -> QTreeWidgetItem | None:
    count = tree.topLevelItemCount()
    item = tree.topLevelItem(count - 1) if count else None
    while item is not None and item.isExpanded() and item.childCount():
        item = item.child(item.childCount() - 1)
    return item


def _depth(item: QTreeWidgetItem) -> int:
    depth = 0
    while (item := item.parent()) is not None:  # type: ignore[assignment]
        depth += 1
    return depth
