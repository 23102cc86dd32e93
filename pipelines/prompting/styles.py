"""Style presets: words around the prompt. Some come with the program, others are the person's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.contract.errors import PipelineError

PLACE = "{prompt}"
"""Where the person's words go in a style's; at its end, after a comma, where it is not written."""
MOST_STYLES = 2000
_LONGEST = 8000


class StyleError(PipelineError):
    """A list of styles that cannot be read or written; the message says which and why."""


@dataclass(frozen=True)
class Style:
    """One preset."""

    name: str
    """Unique; what settings and recipes call it."""
    prompt: str = PLACE
    negative_prompt: str = ""
    """Comes behind the person's own negative prompt."""

    def around(self, words: str) -> str:
        """The words in their place in the style."""
        return _around(self.prompt, words)

    def against(self, words: str) -> str:
        """The negative prompt with the style's."""
        return _around(self.negative_prompt, words)


def apply_styles(styles: Iterable[Style], prompt: str, negative_prompt: str) -> tuple[str, str]:
    """Both prompts inside the styles, the first one innermost."""
    for style in styles:
        prompt, negative_prompt = style.around(prompt), style.against(negative_prompt)
    return prompt, negative_prompt


def read_styles(path: Path) -> tuple[Style, ...]:
    """The styles of a JSON file `{"styles": [{"name", "prompt", "negative_prompt"}]}`; none when there is no file.

    A1111's `styles.csv` is read as well. Raises StyleError for a file that is neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise StyleError(f"The styles in {path} cannot be read: {error}.") from error
    if path.suffix.casefold() == ".csv":
        return _from_csv(text)
    try:
        rows = json.loads(text)["styles"]
        if not isinstance(rows, list):
            raise TypeError("styles is no list")
        return _distinct(style for style in map(_style, rows[:MOST_STYLES]) if style is not None)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise StyleError(f"The styles in {path} cannot be read: {error}. Mend or remove the file.") from error


def write_styles(path: Path, styles: Sequence[Style]) -> None:
    """Writes the person's own styles, whole or not at all. Raises StyleError."""
    text = json.dumps({"styles": [asdict(style) for style in styles]}, ensure_ascii=False, indent=1)
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise StyleError(f"The styles could not be written to {path}: {error.strerror}.") from error


def _around(template: str, words: str) -> str:
    words = words.strip()
    if PLACE not in template:
        return ", ".join(part for part in (words.rstrip(","), template.strip()) if part)
    said = template.replace(PLACE, words)
    return said if words else said.strip(" ,")


def _style(row: Any) -> Style | None:
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str) or not row["name"].strip():
        return None
    prompt, negative = row.get("prompt", PLACE), row.get("negative_prompt", "")
    if not isinstance(prompt, str) or not isinstance(negative, str):
        return None
    return Style(row["name"].strip(), prompt[:_LONGEST], negative[:_LONGEST])


def _from_csv(text: str) -> tuple[Style, ...]:
    import csv  # only for lists of another program
    import io

    rows = csv.DictReader(io.StringIO(text))
    try:
        return _distinct(style for row in rows if (style := _style({**row, "prompt": row.get("prompt") or ""})))
    except csv.Error as error:
        raise StyleError(f"The list of styles cannot be read: {error}.") from error


def _distinct(styles: Iterable[Style]) -> tuple[Style, ...]:
    return tuple({style.name: style for style in styles}.values())
