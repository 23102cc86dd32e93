"""A first picture: a handscroll painted by the program itself, in layers, to lasso, repaint and let grow."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.session import Session

WIDTH, HEIGHT = 2048, 512
FRAME_SIDE = 512
LAYERS = ("paper", "far", "near", "objects")
"""The painter's layers, the lowest first."""
STRIP = 256
"""Pixels of width that are taken over at a time."""
PATIENCE = 120


async def painted_session(seed: int, data_dir: Path) -> Session:
    """An untitled painting with the scroll number `seed`, its frame at the right end. Raises CanvasError."""
    with tempfile.TemporaryDirectory(prefix="handscroll-") as folder:
        pictures = await asyncio.to_thread(_paint, seed, Path(folder))
    document = Document(Bounds(WIDTH - FRAME_SIDE, 0, FRAME_SIDE, FRAME_SIDE))
    for name, title in zip(LAYERS, layer_titles(), strict=True):
        layer = PaintLayer(title)
        layer.parent = document.tree.root
        for x in range(0, WIDTH, STRIP):
            layer.surface.write_image(x, 0, from_rgba(pictures[name][:, x : x + STRIP]))
            await asyncio.sleep(0)
        document.tree.root.children.append(layer)
        document.active = layer
    return Session.of_document(document, data_dir)


def layer_titles() -> tuple[str, ...]:
    """The layers' names in the person's language, as `LAYERS`."""
    translate = QCoreApplication.translate
    return (
        translate("PaintedScroll", "Paper"),
        translate("PaintedScroll", "Far Mountains"),
        translate("PaintedScroll", "Near Land"),
        translate("PaintedScroll", "Trees, Boats, People"),
    )


def _paint(seed: int, folder: Path) -> dict[str, NDArray[np.uint8]]:
    """Lets another process paint: many small array operations on a thread here would hold the window up."""
    command = [sys.executable, "-m", "pipelines.starter.painter.unroll", "--seed", str(seed)]
    command += ["--width", str(WIDTH), "--height", str(HEIGHT), "--out", str(folder)]
    root = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE, env=environment)
        return {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in LAYERS}
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise CanvasError(
            f"The scroll could not be painted ({error}). Begin with an empty painting instead."
        ) from error
