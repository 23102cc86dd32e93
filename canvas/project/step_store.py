"""Writes the undo list into the file, inside the transaction of what it fits to. On the writer's thread."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from canvas.project.batch import AwayLayer, LayerRow, StepChange, StepRow
from canvas.project.step_codec import Box, PixelList, to_json

PIECE = 200
"Entries of a list that are turned into JSON in one go: a millisecond of them."
COLUMNS = LayerRow._fields
PUT_AWAY = f"""INSERT OR REPLACE INTO away_layer ({", ".join(COLUMNS)})
VALUES ({", ".join("?" * len(COLUMNS))})"""  # noqa: S608 - our own names
ONLY_UNDO = """SELECT coalesce(sum(length(data)), 0) FROM blob WHERE hash IN
(SELECT hash FROM step_blob UNION SELECT hash FROM away_tile UNION SELECT hash FROM kept)
AND hash NOT IN (SELECT hash FROM tile UNION ALL SELECT hash FROM candidate UNION ALL
SELECT hash FROM generation_input UNION ALL SELECT hash FROM saved_selection UNION ALL
SELECT coalesce(json_extract(value, '$.hash'), '') FROM meta WHERE key = 'selection')"""


class StepStore:
    """The tables of the undo list, behind the connection of a store."""

    def __init__(self, connection: sqlite3.Connection, put: Callable[[Sequence[Box]], list[str]]) -> None:
        """`put` stores pixels and returns their hashes."""
        self._connection, self._put = connection, put

    def write(self, steps: Mapping[int, StepChange], away: Mapping[str, AwayLayer | None]) -> set[str]:
        """Writes what changed; returns the hashes that it named before."""
        freed: set[str] = set()
        for number, change in steps.items():
            if isinstance(change, bool):
                self._connection.execute("UPDATE step SET undone = ? WHERE number = ?", (int(change), number))
                continue
            freed |= self._freed("DELETE FROM step_blob WHERE number = ? RETURNING hash", number)
            if change is None:
                self._connection.execute("DELETE FROM step WHERE number = ?", (number,))
            else:
                self._write_step(number, change)
        for layer_id, layer in away.items():
            freed |= self._freed("DELETE FROM away_tile WHERE layer_id = ? RETURNING hash", layer_id)
            self._connection.execute("DELETE FROM away_layer WHERE id = ?", (layer_id,))
            if layer is not None:
                self._write_away(layer)
        return freed

    def _write_step(self, number: int, row: StepRow) -> None:
        pixels = PixelList()
        edits = [to_json(edit, pixels) for edit in row.edits]
        hashes = self._put(pixels.boxes)
        text = "".join(in_pieces({"blobs": hashes, "edits": edits}))
        self._connection.execute(
            "INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?)", (number, row.name, int(row.undone), text)
        )
        self._connection.executemany("INSERT INTO step_blob VALUES (?, ?)", ((number, one) for one in set(hashes)))

    def _write_away(self, layer: AwayLayer) -> None:
        self._connection.execute(PUT_AWAY, layer.row)
        held = {key: one for key, one in layer.tiles.items() if one is not None}
        rows = ((layer.row.id, *key, digest) for key, digest in zip(held, self._put([*held.values()]), strict=True))
        self._connection.executemany("INSERT INTO away_tile VALUES (?, ?, ?, ?)", rows)

    def _freed(self, statement: str, value: int | str) -> set[str]:
        return {row[0] for row in self._connection.execute(statement, (value,))}


def in_pieces(value: Any) -> Iterator[str]:
    """JSON of a value, long lists piece by piece: the encoder stops all other threads until it is through."""
    if isinstance(value, dict):
        between = "{"
        for key, one in value.items():
            yield f"{between}{_dumps(key)}:"
            yield from in_pieces(one)
            between = ","
        yield "}" if value else "{}"
    elif isinstance(value, list | tuple) and len(value) > PIECE:
        for start in range(0, len(value), PIECE):
            yield "," if start else "["
            yield _dumps(value[start : start + PIECE])[1:-1]
        yield "]"
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, one in enumerate(value):
            yield "," if number else "["
            yield from in_pieces(one)
        yield "]"
    else:
        yield _dumps(value)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def undo_bytes(connection: sqlite3.Connection) -> int:
    """Bytes of the file that it would not need without the undo list: of a file of version 1.2 or newer."""
    (pixels,) = connection.execute(ONLY_UNDO).fetchone()
    (edits,) = connection.execute("SELECT coalesce(sum(length(edits)), 0) FROM step").fetchone()
    return int(pixels) + int(edits)
