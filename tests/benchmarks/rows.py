"""The one shape of every benchmark's answer: rows of a name, a figure, its unit, the agreed bound and a note."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
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
        print(line_of(row))


def line_of(row: Row) -> str:
    """The row in a table."""
    bound = f"  (limit {row.limit:g})" if row.limit is not None else ""
    return f"{row.name:<44}{row.value:>10.3f} {row.unit:<6}{bound}  {row.note}"


Part = tuple[str, Callable[[], Iterable[Row]]]
"""What it measures, and how; may give its rows one by one."""


def report_parts(title: str, parts: Sequence[Part], full: Sequence[Part] = ()) -> None:
    """The command line of a long benchmark. Each row is printed as soon as it is known, progress goes to stderr, and a
    part that fails does not take the others along; then the exit status is 1. `--json` prints one object at the end."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--full", action="store_true", help="measure what takes minutes, too")
    parser.add_argument("--only", default="", metavar="WORDS", help="only parts whose title contains these words")
    wanted = parser.parse_args()
    rows: list[Row] = []
    failed = False
    for name, measure in (*parts, *(full if wanted.full else ())):
        if wanted.only not in name:
            continue
        begun = time.perf_counter()
        print(f"... {name}", file=sys.stderr, flush=True)
        try:
            for row in measure():
                rows.append(row)
                if not wanted.json:
                    print(line_of(row), flush=True)
        except Exception as error:  # noqa: BLE001 - the border between parts: the others are worth having
            failed = True
            print(f"!!! {name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        print(f"    {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    if wanted.json:
        emit(rows, as_json=True)
    raise SystemExit(1 if failed else 0)


def report(title: str, measure: Callable[[], Sequence[Row]], full: Callable[[], Sequence[Row]] | None = None) -> None:
    """The command line of a benchmark: `--json` prints {"rows": [...]}, without it a table; `--full` measures
    `full` as well, where there is such."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--full", action="store_true", help="measure what takes minutes, too, if there is such")
    wanted = parser.parse_args()
    rows = [*measure(), *(full() if full is not None and wanted.full else ())]
    emit(rows, wanted.json)
