"""Wildcards in prompts: {a|b} becomes one of its choices, always the same one for the same seed.

`{2::a|b}` takes a twice as often, `{2$$a|b|c}` takes two of them, `{1-2$$ and $$a|b}` one or two joined by "and";
`__colour__` is a line of the file colour.txt. The signs are those of the dynamic prompts that A1111's people know.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_INNERMOST = re.compile(r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}")
_SEPARATOR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([{}|])")
_WEIGHT = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)::(.*)", re.DOTALL)
_COUNT = re.compile(r"\s*(\d{1,3})(?:-(\d{1,3}))?\$\$(.*)", re.DOTALL)
_FILE = re.compile(r"__([\w][\w./ -]*?)__")
_MAX_CHOICES = 1000
"""Choices made in one prompt at most; what follows stays as it is written."""
_DEEPEST = 16
"""Wildcard files inside one another."""
_LONGEST = 32_768
"""Characters that a prompt may grow to."""
_LARGEST_FILE = 8 << 20


class WildcardLines(Protocol):
    """Where the lines of `__name__` come from."""

    def lines(self, name: str) -> Sequence[str]:
        """The choices of that name; none when there is no such file. Any thread."""
        ...


class WildcardFolder:
    """Text files in a folder and its subfolders, one choice a line; `#` begins a remark. Read when first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, tuple[str, ...]]] = {}

    def lines(self, name: str) -> Sequence[str]:
        """The lines of `name`.txt, read anew when the file has changed; none when it cannot be read."""
        parts = name.strip().split("/")
        if any(part in ("", ".", "..") for part in parts):
            return ()
        path = self.folder.joinpath(*parts[:-1], f"{parts[-1]}.txt")
        try:
            stat = path.stat()
            if stat.st_size > _LARGEST_FILE:
                return ()
            if self._read.get(name, (-1, ()))[0] != stat.st_mtime_ns:
                text = path.read_text(encoding="utf-8-sig", errors="replace")
                rows = (row.strip() for row in text.splitlines())
                self._read[name] = (stat.st_mtime_ns, tuple(row for row in rows if row and not row.startswith("#")))
        except OSError:
            return ()
        return self._read[name][1]

    def names(self) -> tuple[str, ...]:
        """Every name that can stand between `__`, in alphabetical order; for a thread."""
        try:
            files = sorted(path.relative_to(self.folder) for path in self.folder.rglob("*.txt"))
        except OSError:
            return ()
        return tuple(file.with_suffix("").as_posix() for file in files)


def choose_words(prompt: str, seed: int, files: WildcardLines | None = None) -> str:
    """The prompt with each {a|b|c} and `__file__` replaced by one of its choices, inner braces first.

    Same prompt, seed and files, same words. A backslash keeps a brace or bar as it is; braces without a bar stay, too,
    and so does the name of a file that is not there.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return _ESCAPED.sub(r"\1", _Choosing(chance, files).words(prompt))


def missing_files(words: str, files: WildcardLines) -> list[str]:
    """The names of wildcard files that chosen words still name: there are none, or they name one another for ever."""
    return list(dict.fromkeys(found[1] for found in _FILE.finditer(words) if not files.lines(found[1])))


def words_for_seed(typed: str, evaluated: object, seed: object, files: WildcardLines | None = None) -> str:
    """What must stand in the form so that this seed chooses these words again.

    The words as typed, unless the seed was another one when they were chosen (as with Again).
    """
    if not isinstance(evaluated, str) or not isinstance(seed, int):
        return typed
    for words in (typed, evaluated):
        if choose_words(words, seed, files).strip() == evaluated:
            return words
    return re.sub(r"([{}|])", r"\\\1", evaluated)


class _Choosing:
    """One prompt's choices."""

    def __init__(self, chance: random.Random, files: WildcardLines | None) -> None:
        self._chance, self._files, self._left = chance, files, _MAX_CHOICES

    def words(self, prompt: str, depth: int = 0) -> str:
        while self._left > 0 and len(prompt) < _LONGEST:
            found = next((match for match in _INNERMOST.finditer(prompt) if _is_choice(match[1])), None)
            if found is None:
                break
            self._left -= 1
            prompt = prompt[: found.start()] + self._choose(found[1]) + prompt[found.end() :]
        if self._files is None or depth >= _DEEPEST or "__" not in prompt:
            return prompt
        return _FILE.sub(lambda found: self._line(found, depth), prompt)

    def _choose(self, inside: str) -> str:
        counted = _COUNT.match(inside)
        if counted is None:
            return self._one(_SEPARATOR.split(inside))
        least, most = int(counted[1]), int(counted[2] or counted[1])
        rest, joint = counted[3], ", "
        if "$$" in rest:
            joint, rest = rest.split("$$", 1)
        options = self._spread(_SEPARATOR.split(rest))
        count = min(self._chance.randint(min(least, most), max(least, most)), len(options))
        taken = list[str]()
        for _ in range(count):
            place = self._place(options)
            taken.append(_weighed(options.pop(place))[1])
        return joint.join(taken)

    def _one(self, options: list[str]) -> str:
        if not any(_WEIGHT.match(option) for option in options):
            return self._chance.choice(options).strip()
        return _weighed(options[self._place(options)])[1]

    def _place(self, options: Sequence[str]) -> int:
        weights = [_weighed(option)[0] for option in options]
        return self._chance.choices(range(len(options)), weights if any(weights) else None)[0]

    def _spread(self, options: list[str]) -> list[str]:
        """A choice that is just a file stands for every line of it, so that several can be taken."""
        spread = list[str]()
        for option in options:
            named = _FILE.fullmatch(option.strip())
            spread += (self._files.lines(named[1]) if named and self._files else ()) or [option]
        return spread

    def _line(self, found: re.Match[str], depth: int) -> str:
        lines = self._files.lines(found[1]) if self._files else ()
        if not lines or self._left <= 0:
            return found[0]
        self._left -= 1
        return self.words(self._one(list(lines)), depth + 1)


def _is_choice(inside: str) -> bool:
    return bool(_SEPARATOR.search(inside) or _COUNT.match(inside))


def _weighed(option: str) -> tuple[float, str]:
    found = _WEIGHT.match(option)
    return (float(found[1]), found[2].strip()) if found else (1.0, option.strip())
