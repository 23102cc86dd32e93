"""Where the pixels of a layer lie in a file as a PNG already: unchanged, they are copied instead of packed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from canvas.geometry import Bounds, TileKey
from canvas.surface import TiledSurface

AWAY = 0
"Stands for an image that is not in memory."


@dataclass(frozen=True)
class PngCopy:
    """A member of an archive that shows a surface as it was."""

    archive: Path
    member: str
    crc: int
    "The archive's own checksum of the member."
    bounds: Bounds
    "What the PNG covers, in pixels of the surface."
    tiles: Mapping[TileKey, int]
    "Qt's keys of the images that the surface held."

    def shows(self, surface: TiledSurface) -> bool:
        """Whether the surface still holds the same images; one that was away meanwhile counts as changed."""
        return AWAY not in self.tiles.values() and self.tiles == images_of(surface)


@dataclass(eq=False)
class CopyNote:
    """What is known of a layer's copy; shared with the layer's twins, so that a writer can note what it wrote."""

    copy: PngCopy | None = None


def images_of(surface: TiledSurface) -> dict[TileKey, int]:
    """What tells the images of a surface from others: Qt gives each new or changed image a key of its own."""
    held = {key: surface.held(key) for key in sorted(surface.keys())}
    return {key: tile.cacheKey() if isinstance(tile, QImage) else AWAY for key, tile in held.items()}
