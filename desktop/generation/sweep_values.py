"""Rows of values as people type them: numbers, ranges by steps or by count, and words with commas between them."""

from __future__ import annotations

import csv
import math
import re
import secrets

from PySide6.QtCore import QCoreApplication

from pipelines.contract.errors import InvalidRequestError

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)\s*%?"
_RANGE = re.compile(rf"{_NUMBER}\s*[-–]\s*{_NUMBER}\s*(?:\(\s*([+-−])\s*{_NUMBER}\s*\)|\[\s*(\d+)\s*\])?")
_ONE = re.compile(_NUMBER)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "，": ",", "、": ","})
LONGEST = 4000
"""Characters that are read at most."""


class SweepError(InvalidRequestError):
    """What was typed cannot be swept; the message is a sentence for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__("sweep", sentence)


def words(text: str) -> list[str]:
    """Texts with commas between them; one with a comma inside stands in quotes. Raises SweepError for none."""
    _check_length(text)
    plain = text.translate(_QUOTES).replace("\n", ",")
    try:
        rows = list(csv.reader([plain], skipinitialspace=True, strict=True))
    except csv.Error:
        sentence = QCoreApplication.translate("sweep", "A quotation mark in '{text}' is not closed.")
        raise SweepError(sentence.format(text=_short(text))) from None
    found = [one.strip() for one in (rows[0] if rows else []) if one.strip()]
    if not found:
        raise SweepError(QCoreApplication.translate("sweep", "Type at least one value."))
    return found


def numbers(text: str, low: float, high: float, whole: bool, *, most: int, percent: bool = False) -> list[float]:
    """`1, 2, 3`, `4-12 (+4)`, `1-10 [4]`, `?` for one that is drawn (whole numbers only), mixed at will.

    Raises SweepError for anything else, for numbers outside low..high, and for more than `most`.
    """
    found: list[float] = []
    for part in words(text):
        found.extend(_drawn() if part == "?" and whole else _part(part, whole, most))
        if len(found) > most:
            sentence = QCoreApplication.translate("sweep", "These are more than {most} values. Leave some out.")
            raise SweepError(sentence.format(most=most))
    for one in found:
        _check(one, low, high, percent)
    return found


def _part(part: str, whole: bool, most: int) -> list[float]:
    single, span = _ONE.fullmatch(part), _RANGE.fullmatch(part)
    if single is not None:
        return [_whole(single[1], whole, part)]
    if span is None:
        sentence = QCoreApplication.translate(
            "sweep", "'{part}' cannot be read. Write 1, 2, 3, a range with steps 4-12 (+4), or so many of it 1-10 [4]."
        )
        raise SweepError(sentence.format(part=_short(part)))
    start, end = _whole(span[1], whole, part), _whole(span[2], whole, part)
    if span[5] is not None:
        return _spread(start, end, int(span[5]), whole, most)
    step = _whole(span[4], whole, part) if span[4] is not None else 1
    if step <= 0:
        sentence = QCoreApplication.translate("sweep", "The step of '{part}' is 0; it never gets to its end.")
        raise SweepError(sentence.format(part=_short(part)))
    count = int(abs(end - start) // step if whole else abs(end - start) / step + 1e-9) + 1
    if count > most:
        raise _too_many(part, count, most)
    towards = step if end >= start else -step
    return [round(start + towards * place, 6) for place in range(count)]


def _spread(start: float, end: float, count: int, whole: bool, most: int) -> list[float]:
    if not 1 <= count <= most:
        raise _too_many(f"[{count}]", count, most)
    if count == 1:
        return [start]
    values = [start + (end - start) * place / (count - 1) for place in range(count)]
    return list(dict.fromkeys(float(math.floor(one + 0.5)) if whole else round(one, 4) for one in values))


def _too_many(part: str, count: int, most: int) -> SweepError:
    sentence = QCoreApplication.translate("sweep", "'{part}' means {count} values; it must be 1 to {most}.")
    return SweepError(sentence.format(part=_short(part), count=count, most=most))


def _whole(text: str, whole: bool, part: str) -> float:
    if whole:
        if "." in text:
            sentence = QCoreApplication.translate("sweep", "'{part}': only whole numbers make sense here.")
            raise SweepError(sentence.format(part=_short(part)))
        return int(text)  # a seed may be longer than a float can tell apart
    return float(text)


def _check(number: float, low: float, high: float, percent: bool) -> None:
    if percent and 0 < number < 1:
        sentence = QCoreApplication.translate("sweep", "{number} is less than one percent. Write 50 for a half.")
        raise SweepError(sentence.format(number=f"{number:g}"))
    if not low <= number <= high:
        sentence = QCoreApplication.translate("sweep", "{number} is out of reach; it must be {low} to {high}.")
        raise SweepError(sentence.format(number=f"{number:g}", low=f"{low:g}", high=f"{high:g}"))


def _drawn() -> list[float]:
    return [secrets.randbelow(2**32)]


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        sentence = QCoreApplication.translate("sweep", "This is too long: {count} characters, at most {most} are read.")
        raise SweepError(sentence.format(count=len(text), most=LONGEST))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
