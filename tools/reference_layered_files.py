"""Writes the reference files of Krita and GIMP that the tests of .kra and .psd read.

`python -m tools.reference_layered_files`, from the root of the repository.

Wants the programs `krita`, `gimp` and `xvfb-run`. Our own picture of layers goes in as .ora and .psd; each program
writes it anew in its own format.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QGuiApplication

from canvas.formats.layered import LayeredPicture, put_pixels, rgba_of, to_document
from canvas.formats.ora_writing import ora_from_document, write_ora
from canvas.formats.psd_writing import write_psd
from canvas.layers import PaintLayer
from canvas.surface import TiledSurface
from tests.canvas.formats.painted import HEIGHT, WIDTH, everything, picture

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "reference" / "formats"
PATIENCE = 180


def main() -> None:
    """Writes all of them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reference-") as name:
        folder = Path(name)
        write_psd(folder / "ours.psd", picture(coarse().layers))
        plain = coarse()
        plain.layers = plain.layers[:4]
        write_ora(folder / "ours.ora", ora_from_document(to_document(plain)))
        deep = np.linspace(0, 65535, 50 * 40 * 3).astype(np.uint16).reshape(40, 50, 3)
        cv2.imwrite(str(folder / "deep.png"), deep)
        krita(folder / "ours.psd", FOLDER / "krita-masks.kra")
        krita(folder / "ours.ora", FOLDER / "krita-layers.kra")
        krita(folder / "deep.png", FOLDER / "krita-16-bit.kra")
        krita(folder / "ours.ora", FOLDER / "krita.psd")
        gimp(folder / "ours.psd", FOLDER / "gimp.psd")
    del application


def coarse() -> LayeredPicture:
    """All that layers can be, in few colours, so that the files are small."""
    made = LayeredPicture(WIDTH, HEIGHT, everything())
    for layer in made.walk():
        if isinstance(layer, PaintLayer) and len(layer.surface):
            bounds = layer.content_bounds()
            rgba = rgba_of(layer, bounds) // 51 * 51
            layer.surface = TiledSurface()
            put_pixels(layer.surface, rgba, bounds.x, bounds.y)
    return made


def packed_tighter(path: Path) -> None:
    """The same members in the same order, deflated: Krita stores most of them as they are."""
    with zipfile.ZipFile(path) as old:
        members = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name, body in members:
            new.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else None)


def krita(source: Path, target: Path) -> None:
    """Lets Krita open one file and write another."""
    run(["xvfb-run", "-a", "krita", "--export", str(source), "--export-filename", str(target)], target)
    if target.suffix == ".kra":
        packed_tighter(target)
    print(f"{target.name}: {target.stat().st_size} bytes")


def gimp(source: Path, target: Path) -> None:
    """Lets GIMP open one file and write another with all its layers."""
    script = (
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))'
        " (layer (aref (cadr (gimp-image-get-layers image)) 0)))"
        f' (gimp-file-save RUN-NONINTERACTIVE image layer "{target}" "{target}"))'
    )
    run(["gimp", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"], target)
    print(f"{target.name}: {target.stat().st_size} bytes")


def run(command: list[str], target: Path) -> None:
    """Runs a program that is to write `target`."""
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
        done = subprocess.run(
            command, env={**environment, "HOME": home}, capture_output=True, timeout=PATIENCE, check=False
        )
    if not target.exists():
        raise SystemExit(f"{command[0]} did not write {target.name}: {done.stderr.decode(errors='replace')[-500:]}")


if __name__ == "__main__":
    main()
