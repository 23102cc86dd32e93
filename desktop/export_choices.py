"""What can be chosen about an export, how it is remembered, and what the files will be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from PySide6.QtGui import QColor

from canvas.formats.pictures import LOSSY, OPAQUE, WRITABLE, Writing
from canvas.geometry import Bounds
from desktop.session import paper_rgb

FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".webp": "WebP",
    ".avif": "AVIF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".ora": "OpenRaster",
    ".psd": "Photoshop",
}
"""Suffix -> name, in the order in which they are offered."""
LAYERED = (".ora", ".psd")
"""Formats that keep the layers; part, size and background do not matter to them."""
LEAST_PERCENT, MOST_PERCENT = 1, 400
MOST_SIDE = 32768
LONGEST_NAME = 120
"""Characters of one file name without its suffix."""
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


class Part(StrEnum):
    """Which part of the canvas is written."""

    FRAME = "frame"
    SELECTION = "selection"
    SHAPE = "shape"
    EVERYTHING = "everything"
    VIEW = "view"
    LAYERS = "layers"
    GROUPS = "groups"

    @property
    def is_many(self) -> bool:
        """Whether it becomes several files."""
        return self in (Part.LAYERS, Part.GROUPS)


class Background(StrEnum):
    """What lies behind what is transparent."""

    TRANSPARENT = "transparent"
    PAPER = "paper"
    WHITE = "white"
    BLACK = "black"
    COLOUR = "colour"


@dataclass(frozen=True)
class ExportChoices:
    """Everything the export dialog asks for but the file."""

    part: Part = Part.FRAME
    suffix: str = ".png"
    """A key of FORMATS."""
    percent: int = 100
    """Size, when `side` is 0."""
    side: int = 0
    """The longest side in pixels; 0 goes by `percent`."""
    background: Background = Background.TRANSPARENT
    colour: str = "#808080"
    """For `Background.COLOUR`."""
    quality: int = 92
    lossless: bool = False
    dpi: int = 0
    """0 writes none."""
    trim: bool = True
    """Whether every layer's file is cut to what is painted on it."""
    name: str = "{title}"
    """Template of the file's name without suffix; see `named_file`."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what was stored; whatever is wrong with it falls back to the default."""
        plain = cls()
        good = {f.name: data[f.name] for f in fields(cls) if isinstance(data.get(f.name), type(f.default))}
        for name, kind in (("part", Part), ("background", Background)):
            try:
                good[name] = kind(str(data.get(name)))
            except ValueError:
                good.pop(name, None)
        made = replace(plain, **good)
        return replace(
            made,
            suffix=made.suffix if made.suffix in FORMATS else plain.suffix,
            percent=min(max(made.percent, LEAST_PERCENT), MOST_PERCENT),
            side=min(max(made.side, 0), MOST_SIDE),
            colour=made.colour if QColor.isValidColorName(made.colour) else plain.colour,
            quality=min(max(made.quality, 1), 100),
            dpi=min(max(made.dpi, 0), 9600),
            name=made.name or plain.name,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the settings file."""
        return {key: value.value if isinstance(value, StrEnum) else value for key, value in asdict(self).items()}

    @property
    def is_layered(self) -> bool:
        """Whether the format keeps the layers."""
        return self.suffix in LAYERED

    @property
    def is_opaque(self) -> bool:
        """Whether the format knows no transparency."""
        return WRITABLE.get(self.suffix) in OPAQUE

    @property
    def is_lossy(self) -> bool:
        """Whether the quality matters."""
        lossy = WRITABLE.get(self.suffix) in LOSSY
        return lossy and not (self.lossless and self.suffix == ".webp")

    def size_of(self, bounds: Bounds) -> tuple[int, int]:
        """Pixels in the file, at least 1 x 1."""
        longest = max(bounds.width, bounds.height, 1)
        factor = self.side / longest if self.side else self.percent / 100
        return max(1, round(bounds.width * factor)), max(1, round(bounds.height * factor))

    def ground(self) -> tuple[int, int, int] | None:
        """The colour under everything, each 0..255; None leaves it transparent."""
        if self.background is Background.COLOUR:
            colour = QColor(self.colour)
            return colour.red(), colour.green(), colour.blue()
        known = {Background.PAPER: paper_rgb(), Background.WHITE: (255, 255, 255), Background.BLACK: (0, 0, 0)}
        ground = known.get(self.background)
        return paper_rgb() if ground is None and self.is_opaque else ground

    def writing(self) -> Writing:
        """How the pictures are encoded."""
        return Writing(self.quality, self.lossless and self.suffix == ".webp", self.dpi)


@dataclass(frozen=True)
class NameParts:
    """What a name template may ask for."""

    title: str
    number: int = 1
    layer: str = ""


def named_file(template: str, parts: NameParts, suffix: str) -> str:
    """A file name that every system takes, from a template with {title}, {date}, {time}, {number} and {layer}."""
    now = datetime.now().astimezone()
    words = {
        "{title}": parts.title, "{date}": now.strftime("%Y-%m-%d"), "{time}": now.strftime("%H-%M-%S"),
        "{number}": f"{parts.number:02d}", "{layer}": parts.layer,
    }  # fmt: skip
    name = template
    for word, value in words.items():
        name = name.replace(word, value)
    return safe_name(name) + suffix


def safe_name(name: str) -> str:
    """A name without what Windows, macOS or Linux refuse in one; never empty."""
    kept = "".join("_" if sign in _FORBIDDEN or ord(sign) < 32 or ord(sign) == 127 else sign for sign in name)
    kept = kept[:LONGEST_NAME].encode("utf-8", "ignore")[:200].decode("utf-8", "ignore").strip(" .")
    if kept.split(".")[0].casefold() in _RESERVED:
        kept = f"_{kept}"
    return kept or "picture"


def for_many(template: str) -> str:
    """The template with a number and the layer's name, if it has neither."""
    return template if "{number}" in template or "{layer}" in template else template + " {number} {layer}"


def free_target(folder: Path, template: str, parts: NameParts, suffix: str) -> Path:
    """The file to write; a template with {number} takes the first number from `parts.number` on that is free.

    Looks at the disk: not on the window's thread.
    """
    path = folder / named_file(template, parts, suffix)
    number = parts.number
    while "{number}" in template and path.exists() and number < 100_000:
        number += 1
        path = folder / named_file(template, replace(parts, number=number), suffix)
    return path
