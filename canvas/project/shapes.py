"""Which table a row belongs to, by what it looks like: for files whose own table of contents cannot be trusted."""

import json
import re
from collections.abc import Callable
from typing import Any

from canvas.project.raw_pages import Row, Value

HASH = re.compile(r"[0-9a-f]{64}\Z")
HASH_OR_NONE = re.compile(r"([0-9a-f]{64})?\Z")
FAR = 1 << 31
"Places and numbers beyond this are damage."
KINDS = ("paint", "group", "adjustment", "mask")
LAYER_TAIL: tuple[Value, ...] = (0, "{}")
"What a layer of version 1.0 has not."


def table_of(row: Row, owner: str) -> tuple[str, tuple[Value, ...]]:
    """The table of a row and its values in the columns of today; an empty name for what is of no use or makes no sense.

    `tile_hash` and `away_tile_hash` are the indexes that hold every row of those tables once more. The owner says
    which of two tables of one form it is, if the tree of pages could be followed.
    """
    for table, fits in SHAPES.items():
        if fits(row.values, row.rowid is not None):
            if table in ("layer", "tile", "tile_hash") and owner.startswith("away_"):
                return f"away_{table}", _today(table, row.values)
            if owner and owner not in (table, f"sqlite_autoindex_{table}_1"):
                return "", ()
            return table, _today(table, row.values)
    return "", ()


def _today(table: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    if table == "layer":
        return values + LAYER_TAIL[len(values) - 12 :] if len(values) < 14 else values[:14]
    if table == "generation" and len(values) == 17:
        return (*values, "{}")
    return values


def _is(values: tuple[Value, ...], *kinds: Any) -> bool:
    """Whether there are as many values as kinds, each of its own: a type, or a pattern that text fits."""
    return len(values) == len(kinds) and all(
        isinstance(value, str) and kind.match(value) is not None
        if isinstance(kind, re.Pattern)
        else isinstance(value, kind) and (not isinstance(value, int) or abs(value) < FAR)
        for value, kind in zip(values, kinds, strict=True)
    )


def _blob(values: tuple[Value, ...], has_rowid: bool) -> bool:
    return has_rowid and _is(values, HASH, int, int, int, int, bytes)


def _layer(values: tuple[Value, ...], has_rowid: bool) -> bool:
    number = (int, float)
    first = (str, str, int, str, str, int, number, str, int, int, int, int)
    fits = _is(values[:12], *first) and (len(values) == 12 or _is(values[12:14], int, str))
    return not has_rowid and fits and values[3] in KINDS and bool(values[0])


def _generation(values: tuple[Value, ...], has_rowid: bool) -> bool:
    if not has_rowid or len(values) not in (17, 18):
        return False
    head, seed, tail = values[:8], values[8], values[9:17]
    fits = _is(head, type(None), *(str,) * 7) and isinstance(seed, int | None)
    return fits and _is(tail, str, str, int, int, int, int, str, bytes) and _json(values[9]) and _json(values[10])


def _json(value: Value) -> bool:
    try:
        return isinstance(json.loads(str(value)), dict)
    except (ValueError, RecursionError):
        return False


SHAPES: dict[str, Callable[[tuple[Value, ...], bool], bool]] = {
    "blob": _blob,
    "tile": lambda v, rowid: not rowid and _is(v, str, int, int, HASH),
    "tile_hash": lambda v, rowid: not rowid and _is(v, HASH, str, int, int),
    "layer": _layer,
    "generation": _generation,
    "verdict": lambda v, rowid: rowid and _is(v, type(None), str, int, str, str),
    "film": lambda v, rowid: rowid and _is(v, type(None), str, int, int, int, int, bytes),
    "step": lambda v, rowid: rowid and _is(v, type(None), str, int, str),
    "candidate": lambda v, rowid: not rowid and _is(v, str, int, HASH_OR_NONE),
    "generation_input": lambda v, rowid: not rowid and _is(v, str, str, HASH) and not HASH.match(str(v[0])),
    "annotation": lambda v, rowid: not rowid and _is(v, str, int, str, int),
    "step_blob": lambda v, rowid: not rowid and _is(v, int, HASH),
    "saved_selection": lambda v, rowid: not rowid and _is(v, str, int, int, int, int, int, HASH_OR_NONE),
    "meta": lambda v, rowid: not rowid and _is(v, str, str) and not HASH.match(str(v[0])),
}
"""Every table that is brought over, by the look of its rows; the first that fits counts."""
