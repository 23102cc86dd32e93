"""The words by which the log is searched: text and questions in one normal form, the same in memory and in the file.

A text becomes tokens of ASCII letters and digits: folded to lower case, Latin, Greek and Cyrillic letters without their
accents. Scripts that are written without spaces (Chinese, Japanese, Korean, Thai and their neighbours) give one token
for each character, so that any run of characters is found as a phrase. What ASCII has not is spelled `_` and six hex
digits: so SQLite's tokenizer, whatever it knows of Unicode, changes nothing. A lone `_` stands between two values.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_QUESTION = 1000
"Characters of a question that are looked at."
LONGEST_FIELD = 20_000
"Characters of one field that are searched."
FIELDS = ("prompt", "negative", "model", "lora", "scheduler", "seed", "day", "task", "status", "note")
"What of a record is searched; `seed:42` looks in one of them only."
_BETWEEN = " _ "
_ASCII_WORD = re.compile("[a-z0-9]+")
_PART = re.compile(rf'(-(?=[\w"]))?(?:({"|".join(FIELDS)}):(?=[\w"]))?(?:"([^"]*)"?|([^\s"]+))', re.IGNORECASE)
_CLOSE_WRITTEN = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x31FF),  # CJK radicals, kana, bopomofo
    (0x3400, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),  # older kana
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True)
class Phrase:
    """Tokens that must stand one after the other."""

    tokens: tuple[str, ...]
    "At least one."
    open_ended: bool
    "Whether the last one may go on: `mount` finds mountain."
    field: str = ""
    "In which of FIELDS; empty for any."
    excluded: bool = False
    "Whether they must not stand there."


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    text = text[:LONGEST_FIELD]
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    found: list[str] = []
    word = ""
    for char in unicodedata.normalize("NFKC", text).casefold():
        if char.isascii() and char.isalnum():
            word += char
            continue
        if _stands_alone(char):
            found.extend((word, _spelled(char)))
            word = ""
            continue
        for part in unicodedata.normalize("NFKD", char):
            if part.isascii() and part.isalnum():
                word += part
            elif part.isalnum():
                word += _spelled(part)
            elif unicodedata.category(part)[0] != "M":
                found.append(word)
                word = ""
    found.append(word)
    return [token for token in found if token]


def searchable(values: Iterable[str]) -> str:
    """The values of one field as a line of tokens; no phrase reaches from one value into the next."""
    return _BETWEEN.join(" ".join(tokens(value)) for value in values)


def phrases(question: str) -> tuple[Phrase, ...]:
    """What must be so, all of it. Words apart by spaces are beginnings of words; "several words" in quotation marks
    stand in a row, whole; `model:ink` looks in one field; `-blurry` must not occur. Never fails.
    """
    found: list[Phrase] = []
    for minus, field, quoted, word in _PART.findall(question[:LONGEST_QUESTION]):
        listed = tuple(tokens(quoted or word))
        if listed:
            found.append(Phrase(listed, not quoted, field.lower(), bool(minus)))
    return tuple(dict.fromkeys(found))


def fulfils(phrase: Phrase, lines: Mapping[str, str]) -> bool:
    """Whether it is so in what `searchable` made, by field."""
    wanted = f" {' '.join(phrase.tokens)}{'' if phrase.open_ended else ' '}"
    searched = [lines.get(phrase.field, "")] if phrase.field else lines.values()
    return any(wanted in f" {line} " for line in searched) != phrase.excluded


def match_expression(question: Iterable[Phrase]) -> str:
    """The question in the language of SQLite's FTS5; tokens hold nothing that means something in that language.

    Every record's status must begin with a lone `_` (an empty value before it): what all records have in common.
    """
    listed = list(question)
    wanted = [_in_fts(one) for one in listed if not one.excluded] or ['status : "_"']
    unwanted = [_in_fts(one) for one in listed if one.excluded]
    without = f" NOT ({' OR '.join(unwanted)})" if unwanted else ""
    return f"({' AND '.join(wanted)}){without}"


def _in_fts(phrase: Phrase) -> str:
    field = f"{phrase.field} : " if phrase.field else ""
    return f'{field}"{" ".join(phrase.tokens)}"{"*" if phrase.open_ended else ""}'


def _stands_alone(char: str) -> bool:
    code = ord(char)
    if code < 0x0E00:
        return False
    if any(first <= code <= last for first, last in _CLOSE_WRITTEN):
        return unicodedata.category(char)[0] in "LNM"
    return unicodedata.category(char) == "So"


def _spelled(char: str) -> str:
    return f"_{ord(char):06x}"
