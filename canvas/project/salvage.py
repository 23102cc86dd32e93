"""What can be had of a damaged project file, written into a new one. The damaged file is only read."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from canvas.errors import CanvasError
from canvas.layers import BlendMode
from canvas.project.batch import LayerRow
from canvas.project.checks import KEY, as_json, from_json, layer_sum, tile_sum
from canvas.project.raw_pages import RawPages, Row, Value
from canvas.project.reader import checked
from canvas.project.schema import APPLICATION_ID, MAJOR, PAGE_SIZE, connect, create_file
from canvas.project.shapes import table_of

TilePlace: TypeAlias = tuple[str, int, int]
Rows: TypeAlias = dict[str, dict[tuple[Value, ...], tuple[Value, ...]]]
"Rows by table and by their key."
STEPS = ("step", "step_blob", "away_layer", "away_tile")


@dataclass
class Losses:
    """What a rescue could not bring over."""

    tiles: dict[str, int] = field(default_factory=dict)
    "Tiles of the painting without pixels, by the name of the layer."
    tiles_kept: int = 0
    layers_made_up: int = 0
    "Layers of which only pixels were found."
    doubtful_places: bool = False
    "Whether tiles may be missing without a trace, or lie in the wrong place."
    doubtful_layers: bool = False
    "Whether the order, the names and the properties of layers may be others."
    selections: int = 0
    pictures: int = 0
    "Results and inputs of generations without pixels."
    generations: bool = False
    "Whether records of generations are missing."
    undo: bool = False
    "Whether the undo list had to be left behind."
    places: set[TilePlace] = field(default_factory=set)
    "Of the tiles without pixels."
    digests: set[str] = field(default_factory=set)
    "Hashes of all pixels that something names and that are lost."

    @property
    def lost_tiles(self) -> int:
        """Tiles without pixels, in all layers."""
        return sum(self.tiles.values())

    @property
    def nothing(self) -> bool:
        """Whether everything that the file named is there."""
        return not (
            self.tiles
            or self.layers_made_up
            or self.doubtful_places
            or self.doubtful_layers
            or self.selections
            or self.pictures
            or self.generations
            or self.undo
        )


def salvage(path: Path, target: Path) -> Losses:
    """Reads what is whole in `path`, and in the log beside it, and writes it to the new file `target`.

    Every pixel is checked against its hash. Raises CanvasError when nothing of a painting is found, when a newer
    program wrote it, or when the target cannot be written; nothing is left there then.
    """
    try:
        with RawPages(path, PAGE_SIZE) as raw:
            _refuse_newer(raw, path)
            return _rescue(raw, path, target)
    except OSError as error:
        raise CanvasError(f"{path.name} cannot be read ({error.strerror or error}).") from error


def _rescue(raw: RawPages, path: Path, target: Path) -> Losses:
    create_file(target)
    connection = connect(target)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN")
        have, found, broken = _gather(raw, connection)
        if not (found["layer"] or found["tile"] or found["generation"]):
            raise CanvasError(
                f"Nothing of a painting can be found in {path.name}. The file has not been changed; "
                "open a copy of it from a backup if you have one."
            )
        losses = _Rescued(found, have, broken).write(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.close()
    except BaseException as error:
        connection.close()
        for end in ("", "-wal", "-shm", "-journal"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            raise CanvasError(f"What is left of {path.name} cannot be written to {target} ({error}).") from error
        raise
    return losses


def _refuse_newer(raw: RawPages, path: Path) -> None:
    """A file of a newer program is whole, but not for us."""
    head = raw.header
    major = int.from_bytes(head[60:64], "big") >> 16
    if len(head) == 100 and int.from_bytes(head[68:72], "big") == APPLICATION_ID and MAJOR < major < 64:
        raise CanvasError(
            f"{path.name} was saved by a newer Handscroll (file version {major}); update Handscroll to open it."
        )


def _gather(raw: RawPages, connection: sqlite3.Connection) -> tuple[set[str], Rows, set[str]]:
    """Writes every good blob at once; returns their hashes, all other rows, and the tables that are not whole."""
    roots = {
        str(row.values[1]): row.values[3]
        for number in _schema_pages(raw)
        for row in raw.rows(number)
        if len(row.values) == 5 and isinstance(row.values[3], int)
    }
    owners = raw.owners({name: root for name, root in roots.items() if isinstance(root, int) and root > 1})
    found: Rows = defaultdict(dict)
    copies: dict[str, dict[tuple[Value, ...], tuple[Value, ...]]] = defaultdict(dict)
    have: set[str] = set()
    broken = {table for table in ("tile", *STEPS) if table not in owners.values()}
    # Pages that a tree leads to come first: what lies elsewhere may be old and only fills gaps.
    pages = sorted(range(2, raw.count + 1), key=lambda number: number not in owners)
    for number in pages:
        owner = owners.get(number, "")
        if not owner and raw.is_free(number):
            continue
        if owner in STEPS and not raw.is_whole(number):
            broken.add(owner)
        for row in raw.rows(number):
            table, values = table_of(row, owner)
            if table == "blob":
                _keep_blob(connection, values, have)
            elif table.endswith("_hash"):
                copies[table.removesuffix("_hash")][values[:3]] = values
            elif table:
                key, rows = _key(table, row, values), found[table]
                if owner and key in rows and rows[key] != values:
                    broken.add(table)
                rows.setdefault(key, values)
    for table, rows in copies.items():
        found[f"{table}_copy"] = rows
    return have, found, broken


def _schema_pages(raw: RawPages) -> list[int]:
    return sorted({1, *raw.owners({"sqlite_master": 1})})


def _key(table: str, row: Row, values: tuple[Value, ...]) -> tuple[Value, ...]:
    keys = {"tile": 3, "away_tile": 3, "candidate": 2, "generation_input": 2, "step_blob": 2}
    if table in ("generation", "verdict", "step", "film"):
        return (row.rowid,)
    return values[: keys.get(table, 1)]


def _keep_blob(connection: sqlite3.Connection, values: tuple[Value, ...], have: set[str]) -> None:
    digest = str(values[0])
    if digest in have:
        return
    try:
        checked(digest, values[1:])
    except CanvasError:
        return
    connection.execute("INSERT INTO blob VALUES (?, ?, ?, ?, ?, ?)", values)
    have.add(digest)


class _Rescued:
    """The rows that were found, cleaned and written one table after the other."""

    def __init__(self, found: Rows, have: set[str], broken: set[str]) -> None:
        self.found, self.have, self.broken = found, have, broken
        self.losses = Losses()
        self.meta = self._meta()

    def write(self, connection: sqlite3.Connection) -> Losses:
        """All of it; what it says has no pixels is left out of the painting."""
        layers, tiles = self._layers(), self._tiles()
        layers += self._made_up(layers, tiles)
        self._judge(layers, tiles)
        kept = self._with_pixels(layers, tiles)
        _insert(connection, "layer", layers)
        _insert(connection, "tile", [(*place, digest) for place, digest in kept.items()])
        self._write_selections(connection)
        self._write_log(connection)
        self._write_steps(connection)
        _insert(connection, "film", [(key[0], *row[1:]) for key, row in self.found["film"].items()])
        sums = sum(tile_sum(place[0], ((*place[1:], digest),)) for place, digest in kept.items())
        self.meta[KEY] = as_json(sums, layer_sum(layers))
        _insert(connection, "meta", list(self.meta.items()))
        self.losses.tiles_kept = len(kept)
        return self.losses

    def _meta(self) -> dict[str, str]:
        meta: dict[str, str] = {}
        for key, value in self.found["meta"].values():
            try:
                json.loads(str(value))
            except ValueError:
                continue
            meta[str(key)] = str(value)
        return meta

    def _layers(self) -> list[tuple[Value, ...]]:
        clean: list[tuple[Value, ...]] = []
        for values in self.found["layer"].values():
            row = LayerRow(*values)  # type: ignore[arg-type]
            known = row.blend_mode in {str(mode) for mode in BlendMode}
            row = row._replace(opacity=min(max(float(row.opacity), 0.0), 1.0), extra=_object(row.extra))
            clean.append(tuple(row if known else row._replace(blend_mode="normal")))
        return clean

    def _tiles(self) -> dict[TilePlace, str]:
        """Where which pixels lie. The index has every row once more: whichever fits the sum is believed."""
        rows: dict[TilePlace, str] = {v[:3]: v[3] for v in self.found["tile"].values()}  # type: ignore[misc]
        copy: dict[TilePlace, str] = {(v[1], v[2], v[3]): v[0] for v in self.found["tile_copy"].values()}  # type: ignore[misc]
        wanted = self._sums()
        for candidate in (rows, copy):
            if wanted is not None and _sum_of(candidate) == wanted[0]:
                return candidate
        both = {place: digest for place, digest in rows.items() if copy.get(place) == digest}
        if wanted is not None and _sum_of(both) == wanted[0]:
            return both
        self.losses.doubtful_places |= wanted is not None or rows != copy or "tile" in self.broken
        # A row that only one of the two has counts if its pixels are there and nothing else claims the place.
        for place, digest in (*rows.items(), *copy.items()):
            if digest in self.have:
                both.setdefault(place, digest)
        for place, digest in (*rows.items(), *copy.items()):
            both.setdefault(place, digest)
        return both

    def _sums(self) -> tuple[int, int] | None:
        return from_json(json.loads(self.meta.get(KEY, "null")))

    def _made_up(self, layers: list[tuple[Value, ...]], tiles: Mapping[TilePlace, str]) -> list[tuple[Value, ...]]:
        """Rows for layers of which only tiles were found."""
        known = {row[0] for row in layers} | {row[0] for row in self.found["away_layer"].values()}
        count = Counter(layer_id for layer_id, _, _ in tiles if layer_id not in known)
        made: list[tuple[Value, ...]] = []
        for number, layer_id in enumerate(count):
            name = f"Recovered {number + 1}"
            made.append((layer_id, "", len(layers) + number, "paint", name, 1, 1.0, "normal", 0, 0, 0, 0, 0, "{}"))
        self.losses.layers_made_up = len(made)
        return made

    def _judge(self, layers: list[tuple[Value, ...]], tiles: Mapping[TilePlace, str]) -> None:
        """Compares with what was written last."""
        wanted = self._sums()
        if wanted is None:
            self.losses.doubtful_layers |= KEY not in self.meta
            return
        self.losses.doubtful_layers |= layer_sum(layers) != wanted[1]
        self.losses.doubtful_places |= _sum_of(tiles) != wanted[0]

    def _with_pixels(self, layers: list[tuple[Value, ...]], tiles: Mapping[TilePlace, str]) -> dict[TilePlace, str]:
        names = {str(row[0]): str(row[4]) for row in layers}
        lost = {place: digest for place, digest in tiles.items() if digest not in self.have and place[0] in names}
        self.losses.tiles = dict(Counter(names[place[0]] for place in lost))
        self.losses.places = set(lost)
        self.losses.digests |= set(lost.values())
        return {place: digest for place, digest in tiles.items() if place[0] in names and place not in lost}

    def _write_selections(self, connection: sqlite3.Connection) -> None:
        chosen = _mapping(self.meta.get("selection"))
        if chosen.get("hash") and chosen["hash"] not in self.have:
            del self.meta["selection"]
            self.losses.selections += 1
        saved = [row for row in self.found["saved_selection"].values() if row[6] in self.have or not row[6]]
        self.losses.selections += len(self.found["saved_selection"]) - len(saved)
        _insert(connection, "saved_selection", saved)

    def _write_log(self, connection: sqlite3.Connection) -> None:
        """Records stay without their pictures: they say what was there."""
        records = {rowid[0]: row for rowid, row in sorted(self.found["generation"].items(), key=_number)}
        ids: set[Value] = set()
        for rowid, row in records.items():
            if row[1] not in ids:
                _insert(connection, "generation", [(rowid, *row[1:])])
                ids.add(row[1])
        named = {row[0] for table in ("candidate", "generation_input") for row in self.found[table].values()}
        self.losses.generations = bool(named - ids) or _has_gaps(records)
        for table in ("candidate", "generation_input"):
            rows = [row for row in self.found[table].values() if row[0] in ids]
            lost = {str(row[2]) for row in rows if row[2]} - self.have  # an empty hash: removed on purpose
            self.losses.pictures += len(lost)
            self.losses.digests |= lost
            _insert(connection, table, rows)
        _insert(connection, "annotation", [row for row in self.found["annotation"].values() if row[0] in ids])
        for rowid, row in sorted(self.found["verdict"].items(), key=_number):
            if row[1] in ids:
                _insert(connection, "verdict", [(rowid[0], *row[1:])])

    def _write_steps(self, connection: sqlite3.Connection) -> None:
        """The undo list as a whole or not at all: one missing step makes the others wrong."""
        named = {str(row[1]) for row in self.found["step_blob"].values()}
        named |= {str(row[3]) for row in self.found["away_tile"].values()}
        steps = [number[0] for number in self.found["step"]]
        whole = named <= self.have and not self.losses.doubtful_places and not self.losses.doubtful_layers
        whole = whole and not self.losses.tiles and {row[0] for row in self.found["step_blob"].values()} <= set(steps)
        if not whole or self.broken & {"tile", *STEPS}:
            self.losses.undo = bool(steps)
            return
        for rowid, row in sorted(self.found["step"].items(), key=_number):
            _insert(connection, "step", [(rowid[0], *row[1:])])
        for table in STEPS[1:]:
            _insert(connection, table, list(self.found[table].values()))


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", row)  # noqa: S608 - our own names


def _sum_of(tiles: Mapping[TilePlace, str]) -> int:
    return sum(tile_sum(layer_id, ((tx, ty, digest),)) for (layer_id, tx, ty), digest in tiles.items())


def _has_gaps(numbers: Iterable[Value]) -> bool:
    known = sorted(number for number in numbers if isinstance(number, int))
    return bool(known) and known[-1] - known[0] + 1 != len(known)


def _number(item: tuple[tuple[Value, ...], object]) -> int:
    number = item[0][0]
    return number if isinstance(number, int) else 0


def _object(text: str) -> str:
    return text if _mapping(text) or text == "{}" else "{}"


def _mapping(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
