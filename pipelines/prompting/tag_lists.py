"""Lists of tags for completion: `tag,category,count,"alias,alias"` a row, as people keep them of Danbooru."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_TAGS = 500_000
_WORD = re.compile(r"(?<=[ _-])\w")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Tag:
    """One row."""

    name: str
    """As it goes into a prompt: spaces instead of underscores."""
    count: int = 0
    """How often it is used; the more frequent is offered first."""
    category: str = ""
    """As the list has it: a number or a word."""
    aliases: tuple[str, ...] = ()


class TagList:
    """Tags by what they begin with. Making one sorts every name: for a thread; asking takes a millisecond or so."""

    def __init__(self, tags: Iterable[Tag] = ()) -> None:
        self.tags = tuple(sorted(tags, key=lambda tag: -tag.count))
        begins, inner = list[tuple[str, int]](), list[tuple[str, int]]()
        for place, tag in enumerate(self.tags):
            for name in (tag.name, *tag.aliases):
                folded = name.casefold().replace("_", " ")
                begins.append((folded, place))
                inner += [(folded[found.start() :], place) for found in _WORD.finditer(folded)]
        self._begins, self._inner = _Sorted(begins), _Sorted(inner)

    def __len__(self) -> int:
        return len(self.tags)

    def begun(self, typed: str, most: int = 8) -> list[Tag]:
        """Tags that begin so, or an alias of theirs does, then those with a word that does; the frequent ones first."""
        typed = typed.casefold().replace("_", " ").lstrip()
        if not typed:
            return []
        found = dict.fromkeys(self._best(self._begins.places(typed), most))
        if len(found) < most:
            found |= dict.fromkeys(self._best(self._inner.places(typed), most + len(found)))
        return [self.tags[place] for place in list(found)[:most]]

    def _best(self, places: NDArray[np.int32], most: int) -> list[int]:
        """The first of them: the tags are in order of their use."""
        enough = 8 * most
        if len(places) > 2 * enough:
            places = np.partition(places, enough)[:enough]  # several names of one tag may be among them
        return np.unique(places)[:most].tolist()


class _Sorted:
    """Names in order with the rows they belong to."""

    def __init__(self, entries: list[tuple[str, int]]) -> None:
        entries.sort()
        self._keys = [key for key, _ in entries]
        self._places = np.array([place for _, place in entries], np.int32)

    def places(self, prefix: str) -> NDArray[np.int32]:
        return self._places[bisect_left(self._keys, prefix) : bisect_left(self._keys, prefix + _LAST)]


def read_tags(path: Path) -> tuple[Tag, ...]:
    """The rows of a list, at most MOST_TAGS; rows that are none are left out. For a thread.

    Beside the four columns, three, two or one are read as well, and a first row of titles is passed over. Raises
    OSError when the file cannot be read.
    """
    import csv  # here: not for every start

    csv.field_size_limit(1 << 20)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(line.replace("\0", "") for line in file)
        tags = list[Tag]()
        try:
            for row in rows:
                tag = _tag(row)
                if tag is not None:
                    tags.append(tag)
                if len(tags) >= MOST_TAGS:
                    break
        except csv.Error:  # the rest of a damaged list; what came before it is good
            pass
    return tuple(tags)


def _tag(row: Sequence[str]) -> Tag | None:
    name = row[0].strip() if row else ""
    if not name or len(name) > 200 or (name.casefold() in ("tag", "name") and not any(map(str.isdigit, row[1:]))):
        return None
    aliases = (
        tuple(part.strip().replace("_", " ") for part in row[3].split(",") if part.strip()) if len(row) > 3 else ()
    )
    count = int(row[2]) if len(row) > 2 and row[2].strip().isascii() and row[2].strip().isdigit() else 0
    return Tag(_spaced(name), count, row[1].strip() if len(row) > 1 else "", aliases)


def _spaced(name: str) -> str:
    """Underscores as spaces, but for smileys such as `^_^`."""
    return name.replace("_", " ") if re.search(r"[^\W_]_|_[^\W_]", name) and len(name) > 3 else name
