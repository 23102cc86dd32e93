"""Weighted words: `(a)`, `(a:1.2)`, `[a]` and BREAK, as A1111, Forge and most programs after them understand them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

STRONGER = 1.1
"""What one pair of round brackets multiplies by; a pair of square ones divides by it."""
MOST_WEIGHT = 100.0
"""No weight goes further from zero, however many brackets stand around a word."""
_TOKENS = re.compile(
    r"""
    (?P<escaped>\\[()\[\]\\])
    |(?P<weighed>:[ \t]*(?P<weight>[+-]?(?:\d+\.?\d*|\.\d+))[ \t]*\))
    |(?P<bracket>[()\[\]])
    |(?P<text>[^()\[\]\\:]+|[:\\])
    """,
    re.VERBOSE,
)
_BREAK = re.compile(r"\bBREAK\b")
_DEEPEST = 32
"""Brackets inside one another that count; deeper ones are text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a prompt whose words weigh the same."""

    text: str
    """Without the brackets, escapes resolved; empty for a BREAK."""
    weight: float = 1.0
    """1 = as written; finite, -MOST_WEIGHT..MOST_WEIGHT."""
    is_break: bool = False
    """The word BREAK: what follows begins a new chunk of the text encoder."""


def parse(prompt: str) -> tuple[Piece, ...]:
    """The prompt as pieces in their order, neighbours of one weight joined; empty for an empty prompt.

    Brackets that are never closed hold to the end, and closing ones too many are text: no prompt is refused.
    `\\(`, `\\)`, `\\[`, `\\]` and `\\\\` are the characters themselves. The grammar is A1111's.
    """
    scan = _Scan()
    parts = _BREAK.split(prompt)
    for place, part in enumerate(parts):
        if place > 0:
            scan.add_break()
        words = part if len(parts) == 1 else part.strip() if 0 < place < len(parts) - 1 else _trimmed(part, place == 0)
        for token in _TOKENS.finditer(words):
            _take(token, scan)
    return _joined(scan.finished())


def _trimmed(part: str, is_first: bool) -> str:
    return part.rstrip() if is_first else part.lstrip()


def _take(token: re.Match[str], scan: _Scan) -> None:
    if token["escaped"]:
        scan.add(token[0][1])
    elif token["weighed"] and scan.round_open:
        scan.close(scan.round_open, float(token["weight"]))
    elif token["bracket"]:
        scan.bracket(token[0])
    else:
        scan.add(token[0])


def plain(prompt: str) -> str:
    """The words alone, without brackets, figures and BREAK."""
    return "".join(" " if piece.is_break else piece.text for piece in parse(prompt))


def write(pieces: Iterable[Piece]) -> str:
    """The prompt that `parse` reads as these pieces."""
    return "".join(_written(piece) for piece in pieces)


def escaped(words: str) -> str:
    """The words as they must stand in a prompt to be read as they are, brackets and backslashes included."""
    return re.sub(r"([()\[\]\\])", r"\\\1", words)


def number(weight: float) -> str:
    """A weight as people write it: up to three decimals, none too many."""
    return f"{weight:.3f}".rstrip("0").rstrip(".") or "0"


def weighted(words: str, weight: float) -> str:
    """`(words:weight)`, or the words alone where the weight is 1. `words` is prompt text already."""
    return words if number(weight) == "1" else f"({words}:{number(weight)})"


@dataclass
class _Scan:
    """Pieces so far, and where the open brackets began among them."""

    pieces: list[Piece] = field(default_factory=list)
    round_open: list[int] = field(default_factory=list)
    square_open: list[int] = field(default_factory=list)

    def add(self, text: str) -> None:
        last, here = self.pieces[-1] if self.pieces else None, len(self.pieces)
        begins = here in (*self.round_open[-1:], *self.square_open[-1:])
        if last is None or begins or last.is_break or last.weight != 1.0:
            self.pieces.append(Piece(text))
        else:
            self.pieces[-1] = Piece(last.text + text)

    def add_break(self) -> None:
        self.pieces.append(Piece("", 1.0, is_break=True))

    def bracket(self, mark: str) -> None:
        opened, factor = (self.round_open, STRONGER) if mark in "()" else (self.square_open, 1.0 / STRONGER)
        if mark in "([" and len(opened) < _DEEPEST:
            opened.append(len(self.pieces))
        elif opened and mark in ")]":
            self.close(opened, factor)
        else:
            self.add(mark)

    def close(self, opened: list[int], factor: float) -> None:
        start = opened.pop()
        self.pieces[start:] = [_times(piece, factor) for piece in self.pieces[start:]]

    def finished(self) -> list[Piece]:
        for opened, factor in ((self.round_open, STRONGER), (self.square_open, 1.0 / STRONGER)):
            while opened:
                self.close(opened, factor)
        return self.pieces


def _times(piece: Piece, factor: float) -> Piece:
    weight = piece.weight * factor
    bounded = min(MOST_WEIGHT, max(-MOST_WEIGHT, weight)) if math.isfinite(weight) else MOST_WEIGHT
    return piece if piece.is_break else Piece(piece.text, bounded)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    joined = list[Piece]()
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is None or piece.is_break or last.is_break or last.weight != piece.weight:
            joined.append(piece)
        else:
            joined[-1] = Piece(last.text + piece.text, piece.weight)
    return tuple(joined)


def _written(piece: Piece) -> str:
    if piece.is_break:
        return " BREAK "
    return weighted(escaped(piece.text), piece.weight)
