"""Krita, GIMP and MyPaint without a window: they read and write files for the tests, where they are installed."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from canvas.formats.pictures import read_picture

SECONDS = 180
SYSTEM_PYTHON = "/usr/bin/python3"
MYPAINT_LIBRARY = Path("/usr/lib/mypaint")
MYPAINT = """
import sys
sys.path.insert(0, {library!r})
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
import gettext
gettext.install("mypaint")
import lib.document, lib.eotf, lib.modes, lib.mypaintlib
lib.eotf.set_eotf({eotf})
if {eotf} == 1.0:
    lib.modes.set_default_mode(lib.mypaintlib.CombineNormal)
document = lib.document.Document(brushinfo=None, painting_only=True)
document.load({source!r})
document.layer_stack.background_visible = False
frame = document.get_frame()
if {out!r}.endswith(".png"):
    document.layer_stack.save_as_png({out!r}, *frame, alpha=True)
else:
    document.set_frame(frame, True)
    document.save({out!r})
"""


@cache
def has_krita() -> bool:
    """Whether Krita is here, and a screen that nobody sees for it."""
    return shutil.which("krita") is not None and shutil.which("xvfb-run") is not None


@cache
def has_gimp() -> bool:
    """Whether GIMP's console is here."""
    return shutil.which("gimp-console") is not None


@cache
def has_mypaint() -> bool:
    """Whether MyPaint's own library is here."""
    return (MYPAINT_LIBRARY / "lib" / "document.py").is_file()


def krita(source: Path, out: Path) -> None:
    """Lets Krita open a file and write it as another; the suffix decides the format."""
    _run(["xvfb-run", "-a", "krita", "--export", str(source), "--export-filename", str(out)], out)


def mypaint(source: Path, out: Path, eotf: float = 1.0) -> None:
    """Lets MyPaint open an .ora and write it again, or a picture of it without its background.

    `eotf`: 1 blends as others do (what its window does with files that say so), 2.2 in linear light.
    """
    library = str(MYPAINT_LIBRARY)
    script = MYPAINT.format(library=library, eotf=eotf, source=str(source), out=str(out))
    _run([SYSTEM_PYTHON, "-c", script], out)


def gimp(script: str, out: Path) -> None:
    """Lets GIMP do what a piece of Script-Fu says, which is to write `out`."""
    _run(["gimp-console", "-n", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"], out)


def gimp_converted(source: Path, out: Path) -> None:
    """Lets GIMP open a file and write it as another; a format without layers gets what is seen."""
    flat = "" if out.suffix == ".psd" else "(set! layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE)))"
    gimp(
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "x")))'
        f" (layer (car (gimp-image-get-active-drawable image)))) {flat}"
        f' (gimp-layer-resize-to-image-size layer) (gimp-file-save RUN-NONINTERACTIVE image layer "{out}" "x"))',
        out,
    )


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(h, w): the largest difference of a pixel's channels, premultiplied: what cannot be seen does not count."""

    def weighed(rgba: np.ndarray) -> np.ndarray:
        colours = rgba.astype(np.float32)
        colours[..., :3] *= colours[..., 3:] / 255
        return colours

    return np.abs(weighed(first) - weighed(second)).max(-1)


def picture(path: Path) -> np.ndarray:
    """(h, w, 4) of a picture that one of them wrote."""
    return read_picture(path).rgba


def _run(command: list[str], out: Path) -> None:
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="handscroll-program-") as home:
        places = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home}
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "PYTHON"))}
        ended = subprocess.run(
            command, env={**clean, **places}, timeout=SECONDS, capture_output=True, text=True, check=False
        )
    if not out.is_file():
        raise AssertionError(f"{command[0]} wrote nothing: {ended.stdout[-800:]} {ended.stderr[-800:]}")
