"""The one shape of every benchmark's answer: rows of a name, a figure, its unit, the agreed bound and a note."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One figure, measured now."""

    name: str
    value: float
    unit: str
    """`ratio`, `ms`, `MB`, `steps`, ..."""
    limit: float | None = None
    """The agreed upper bound, None when there is none."""
    note: str = ""


def median(values: Sequence[float]) -> float:
    """The middle of several runs; busy machines make means useless."""
    return statistics.median(values)


def emit(rows: Sequence[Row], as_json: bool) -> None:
    """Prints {"rows": [...]}, or a table."""
    if as_json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}, indent=2))
        return
    for row in rows:
        bound = f"  (limit {row.limit:g})" if row.limit is not None else ""
        print(f"{row.name:<44}{row.value:>10.3f} {row.unit:<6}{bound}  {row.note}")


def report(title: str, measure: Callable[[], Sequence[Row]]) -> None:
    """The command line of a benchmark: `--json` prints {"rows": [...]}, without it a table."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    as_json = parser.parse_args().json
    emit(measure(), as_json)
