"""Sums that tell whether the rows of a project file are those that were written. SQLite itself has none.

They lie in the file as `meta.check`. Pixels have their hash, but a flipped bit in a place or an opacity would go
unseen.
"""

import json
from collections.abc import Iterable
from typing import Any
from zlib import crc32

KEY = "check"


def tile_sum(layer_id: str, rows: Iterable[tuple[int, int, str]]) -> int:
    """The sum of (tx, ty, hash) rows of a layer; sums of sets of rows add up."""
    start = crc32(layer_id.encode())
    return sum([crc32(f"{tx} {ty} {digest}".encode(), start) for tx, ty, digest in rows])


def layer_sum(rows: Iterable[tuple[Any, ...]]) -> int:
    """The sum of whole rows of the layer table, in any order."""
    return sum([crc32(repr(tuple(row)).encode()) for row in rows])


def as_json(tiles: int, layers: int) -> str:
    """What lies in the file."""
    return json.dumps({"tiles": tiles, "layers": layers})


def from_json(value: Any) -> tuple[int, int] | None:
    """Sums of tiles and layers out of the parsed value; None where a file has none (before version 1.2)."""
    if not isinstance(value, dict):
        return None
    tiles, layers = value.get("tiles"), value.get("layers")
    return (tiles, layers) if isinstance(tiles, int) and isinstance(layers, int) else None
