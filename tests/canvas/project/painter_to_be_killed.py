"""A process that paints as quickly as it can, with little memory, and says what it was promised; the test kills it."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QColor, QGuiApplication, QImage

from canvas.document import Document
from canvas.generations import GenerationRecord
from canvas.geometry import TILE, Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project


def stamp(number: int, side: int) -> np.ndarray:
    """Every stroke covers the same 25 tiles and carries its number in every pixel."""
    rgba = np.random.default_rng(number).integers(0, 256, (side, side, 4), dtype=np.uint8)
    rgba[..., 0], rgba[..., 1], rgba[..., 3] = number // 256, number % 256, 255
    return rgba


def hiding(number: int) -> QImage:
    """A tile of a mask that carries the number of the stroke."""
    tile = QImage(TILE, TILE, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(QColor(0, 0, 0, number % 255 + 1))
    return tile


def main(path: Path) -> None:
    application = QGuiApplication([])
    document = Document.new(Bounds(0, 0, 512, 512))
    project = Project.open(path) if path.exists() else Project.create(path, document)
    document = project.document
    layer = next(document.tree.paint_layers())
    mask = document.add_mask(layer) if layer.mask is None else layer.mask
    document.history.budget_bytes = 8 << 20
    project.pager.budget_bytes = 4 << 20
    number = len(document.generations.records)
    while application is not None:
        number += 1
        with document.transaction("stroke"):
            document.put_image(layer, 0, 0, from_rgba(stamp(number % 65536, 1280)))
            document.set_tiles(mask, {(0, 0): hiding(number)})
        if number % 3 == 0:
            document.undo()
            document.redo()
        print("painted", number, time.time(), flush=True)
        patch = stamp(number % 65536, 64)
        record = GenerationRecord(
            f"r{number}",
            "",
            "2026-01-01T00:00:00+00:00",
            "inpaint",
            "finished",
            {"seed": number},
            Bounds(0, 0, 64, 64),
            {},
        )
        stored = project.store_generation(record, [patch], {"image": patch}).result()
        document.generations.append(stored)
        print("stored", number, time.time(), flush=True)
        if number % 7 == 0:
            document.add_layer(PaintLayer(f"layer {number}"))
            document.undo()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
