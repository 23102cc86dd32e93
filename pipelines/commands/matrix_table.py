"""The table of what works for people to read: models down, tasks or add-ons across, and then the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.contract.request import Task

Row = dict[str, Any]
_TASKS = (*map(str, Task), "edit")
_NOTHING = "-"


def matrix_table(rows: Sequence[Row]) -> str:
    """Two tables, of tasks and of add-ons, each cell with its seconds or the number of the reason below why not."""
    reasons = _Reasons()
    plain = [row for row in rows if not row["addon"]]
    tasks = [task for task in _TASKS if any(row["task"] == task for row in plain)]
    lines = _grid(plain, "task", tasks, reasons)
    equipped = [row for row in rows if row["addon"]]
    if equipped:
        addons = list(dict.fromkeys(row["addon"] for row in equipped))
        lines += ["", *_grid(equipped, "addon", addons, reasons)]
    listed = reasons.lines()
    return "\n".join([*lines, *(["", *listed] if listed else []), "", _total(rows), ""])


class _Reasons:
    """Numbers reasons; those that differ by names of model and family only have one number."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str, set[str]]] = {}

    def number(self, row: Row) -> int:
        """The number of a row's reason."""
        key = row["reason"].replace(f"'{_model(row)}'", "…").replace(f"family {row['family']}", "…")
        key = key.replace(f"for {row['family']} ", "…")
        number, _reason, models = self._found.setdefault(key, (len(self._found) + 1, row["reason"], set()))
        models.add(_model(row))
        return number

    def lines(self) -> list[str]:
        """Each reason once, as the first model has it."""
        return [
            f"no {number}: {reason}" + (f" (Likewise {len(models) - 1} more.)" if len(models) > 1 else "")
            for number, reason, models in self._found.values()
        ]


def _model(row: Row) -> str:
    return "-".join(filter(None, (row["family"], row["variant"])))


def _grid(rows: Sequence[Row], across: str, columns: Sequence[str], reasons: _Reasons) -> list[str]:
    """One line for each model and source; columns as wide as what stands in them."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        told = f"{row['seconds']:.1f} s" if row["ok"] else f"no {reasons.number(row)}"
        cells.setdefault((_model(row), row["source"]), {})[row[across]] = told
    heads = [column.replace("-", " ").split(" ", 1) for column in columns]
    table = [
        ["", "", *(head[0] for head in heads)],
        ["model", "from", *(head[-1] if head[1:] else "" for head in heads)],
    ]
    before = ""
    for (model, source), told in cells.items():
        table.append([model if model != before else "", source or _NOTHING, *(told.get(c, _NOTHING) for c in columns)])
        before = model
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [_line(row, widths) for row in table]


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _total(rows: Sequence[Row]) -> str:
    worked = sum(row["ok"] for row in rows)
    return f"{worked} of {len(rows)} work; {sum(row['seconds'] or 0.0 for row in rows):.0f} s of painting."
