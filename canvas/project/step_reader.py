"""Reads the undo list of a file: the steps and the layers that only they need, but no pixels. Nothing is trusted."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from canvas.errors import CanvasError
from canvas.geometry import TileKey
from canvas.kept import Kept, Shelf
from canvas.layers import GroupLayer, Layer, LayerTree
from canvas.project.batch import LayerRow
from canvas.project.layer_reader import is_inside, read_layer, read_mask
from canvas.project.pins import StoredPixels, StoredTile, StoredTiles
from canvas.project.reader import Reader
from canvas.project.step_codec import FARTHEST, LONGEST_NAME, Reading, from_json
from canvas.project.step_list import NOT_IN_USE
from canvas.steps import Step

STEPS = "SELECT number, name, undone, edits FROM step ORDER BY number"
AWAY = f"SELECT {', '.join(LayerRow._fields)} FROM away_layer ORDER BY parent, position"  # noqa: S608 - our own names
AWAY_TILES = "SELECT layer_id, tx, ty, hash FROM away_tile"
Complain = Callable[[str], None]
LONGEST = 1 << 26
"Characters of one step; nothing that this program writes comes near."


@dataclass
class StoredSteps:
    """The rows as they are in the file."""

    steps: Sequence[tuple[Any, ...]] = ()
    layers: Sequence[LayerRow] = ()
    tiles: Mapping[str, Mapping[TileKey, StoredTile]] = field(default_factory=dict)
    "Of layers outside the tree."


@dataclass
class RestoredSteps:
    """Steps that fit the painting."""

    done: list[tuple[int, Step]] = field(default_factory=list)
    "By number, oldest first."
    undone: list[tuple[int, Step]] = field(default_factory=list)
    "By number, the next one to redo first."
    away: list[Layer] = field(default_factory=list)
    "Every layer and mask outside the tree, with all inside."
    strange: list[int] = field(default_factory=list)
    "Numbers of steps that could not be read or reached."


def read_rows(reader: Reader, tiles: StoredTiles) -> StoredSteps:
    """All rows of the undo list. Raises CanvasError when the file cannot be read."""
    places: dict[str, dict[TileKey, StoredTile]] = {}
    for layer_id, tx, ty, digest in reader.rows(AWAY_TILES):
        if type(tx) is int and type(ty) is int and max(abs(tx), abs(ty)) < FARTHEST and isinstance(digest, str):
            places.setdefault(layer_id, {})[tx, ty] = StoredTile(tiles, digest)
    layers = [LayerRow(*row) for row in reader.rows(AWAY)]
    return StoredSteps(reader.rows(STEPS), layers, places)


def restore_steps(
    stored: StoredSteps, tree: LayerTree, tiles: StoredTiles, shelf: Shelf, complain: Complain
) -> RestoredSteps:
    """The steps nearest to the present, as far as they can be read and fit the tree; a complaint about the others."""
    found = RestoredSteps()
    layers = {layer.id: layer for layer in (*tree.walk(), *tree.surfaces())}
    away = _read_away(stored, layers, complain)
    found.away = list(away.values())
    layers |= away | {tree.root.id: tree.root}
    reading = Reading(layers, _Boxes(tiles, shelf).box)
    flags = [row[2] for row in stored.steps]
    turn = flags.index(1) if 1 in flags else len(flags)
    past, future = stored.steps[:turn], stored.steps[turn:]
    found.done = _read_chain(list(reversed(past)), 0, reading, complain)[::-1]
    found.undone = _read_chain(future, 1, reading, complain)
    good = {number for number, _ in (*found.done, *found.undone)}
    found.strange = [row[0] for row in stored.steps if row[0] not in good]
    return found


class _Boxes:
    """One box for the same pixels, whichever step names them."""

    def __init__(self, tiles: StoredTiles, shelf: Shelf) -> None:
        self._tiles, self._shelf = tiles, shelf
        self._found: dict[tuple[str, tuple[int, ...]], Kept] = {}

    def box(self, digest: str, shape: tuple[int, ...]) -> Kept:
        found = self._found.get((digest, shape))
        if found is None:
            found = self._shelf.stored(StoredPixels(self._tiles, digest), shape)
            self._found[digest, shape] = found
        return found


def _read_chain(
    rows: Sequence[tuple[Any, ...]], undone: int, reading: Reading, complain: Complain
) -> list[tuple[int, Step]]:
    """Steps from the present outwards, up to the first that makes no sense: none behind it could be reached."""
    found: list[tuple[int, Step]] = []
    from canvas.project.step_rehearsal import Rehearsal  # a start does without

    rehearsal = Rehearsal(reading.layers)
    for number, name, flag, text in rows:
        try:
            if flag != undone:
                raise CanvasError("their order is damaged")
            step = _read_step(name, text, reading)
            if undone:
                rehearsal.redo(step)
            else:
                rehearsal.undo(step)
        except CanvasError as error:
            which = "redone" if undone else "undone"
            complain(
                f"Only the nearest {len(found)} of {len(rows)} steps can be {which}: {error}. "
                "The painting itself is as it was."
            )
            break
        found.append((number, step))
    return found


def _read_step(name: object, text: object, reading: Reading) -> Step:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not isinstance(text, str) or len(text) > LONGEST:
        raise CanvasError("a step makes no sense")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CanvasError(f"the step '{name}' is damaged ({error})") from error
    edits = data.get("edits") if isinstance(data, dict) else None
    hashes = data.get("blobs") if isinstance(data, dict) else None
    if not isinstance(edits, list) or not edits or not isinstance(hashes, list):
        raise CanvasError(f"the step '{name}' is damaged")
    if not all(isinstance(digest, str) for digest in hashes):
        raise CanvasError(f"the step '{name}' is damaged")
    reading.hashes = hashes
    return Step(name, [from_json(edit, reading) for edit in edits])


def _read_away(stored: StoredSteps, known: Mapping[str, Layer], complain: Complain) -> dict[str, Layer]:
    """Layers outside the tree, put together; those that make no sense are left out."""
    rows = [row for row in stored.layers if _makes_sense(row) and row.id not in known]
    found: dict[str, Layer] = {}
    try:
        for row in rows:
            if row.kind != "mask":
                found[row.id] = read_layer(row, stored.tiles.get(row.id, {}))
        for row in rows:
            if row.kind == "mask":
                _read_away_mask(row, known, found, stored)
            elif row.parent:
                _put_inside(found[row.id], found.get(row.parent))
    except (CanvasError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        complain(f"Some layers that only undo needs cannot be read: {error}")
    return found


def _read_away_mask(row: LayerRow, known: Mapping[str, Layer], found: dict[str, Layer], stored: StoredSteps) -> None:
    owner = found.get(row.parent) or known.get(row.parent)
    if owner is None:
        return
    mask = read_mask(row, owner, stored.tiles.get(row.id, {}))
    found[row.id] = mask
    if row.position != NOT_IN_USE and row.parent in found and owner.mask is None:
        owner.mask = mask


def _makes_sense(row: LayerRow) -> bool:
    texts = (row.id, row.parent, row.kind, row.name, row.blend_mode, row.extra)
    numbers = (row.position, row.visible, row.locked, row.alpha_locked, row.offset_x, row.offset_y, row.clipped)
    return (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int and abs(number) <= FARTHEST for number in numbers)
        and type(row.opacity) in (int, float)
        and math.isfinite(row.opacity)
        and row.id not in ("", "root")
    )


def _put_inside(layer: Layer, group: Layer | None) -> None:
    if isinstance(group, GroupLayer) and not is_inside(group, layer):
        group.children.append(layer)
        layer.parent = group
