"""Makes the small files in tests/reference/formats with the real Krita, MyPaint and GIMP, each with its own rendering.

`python -m tools.reference_files [FOLDER]`, from the root of the repository, on a machine where the three programs are
(Debian: krita, xvfb, mypaint, gimp). What is not installed is left as it is. `NAME.ora` is a file with
layers, `NAME.png` what the program that wrote it shows.
"""

import os
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from canvas.document import Document
from canvas.formats.ora_writing import ora_from_document, write_ora
from canvas.formats.pictures import write_picture
from tests.canvas.formats import programs, samples

FOLDER = Path(__file__).parent.parent / "tests" / "reference" / "formats"
MOST_BYTES, MOST_TOGETHER = 100_000, 800_000
GIMP_DEEP = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "x"))))
  (gimp-image-convert-precision image PRECISION-U16-GAMMA)
  (let* ((layer (car (gimp-image-get-active-drawable image))))
    (gimp-drawable-brightness-contrast layer 0.1 0.2)
    (gimp-file-save RUN-NONINTERACTIVE image layer "{out}" "x")))
"""


def our_ora(document: Document, path: Path) -> Path:
    """One of our samples as an .ora for the others to open."""
    write_ora(path, ora_from_document(document, samples.FRAME))
    return path


def without_thumbnail(path: Path) -> None:
    """Takes the small picture, which can be the largest part of a small file, out of an .ora."""
    with zipfile.ZipFile(path) as archive:
        parts = [(one, archive.read(one)) for one in archive.infolist() if not one.filename.startswith("Thumbnails/")]
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in parts:
            archive.writestr(one, data)


def by_krita(folder: Path, work: Path) -> None:
    """Layers, groups and modes as Krita writes them."""
    for name, document in {"krita-modes": samples.modes(), "krita-groups": samples.groups()}.items():
        programs.krita(our_ora(document, work / f"{name}.ora"), folder / f"{name}.ora")
        programs.krita(folder / f"{name}.ora", folder / f"{name}.png")
        without_thumbnail(folder / f"{name}.ora")


def by_mypaint(folder: Path, work: Path) -> None:
    """Groups as MyPaint writes them, blended as others do; and one layer blended in linear light, its own way."""
    grouped, linear = folder / "mypaint-groups.ora", folder / "mypaint-linear.ora"
    programs.mypaint(our_ora(samples.groups(), work / "groups.ora"), grouped)
    programs.mypaint(grouped, grouped.with_suffix(".png"))
    programs.mypaint(our_ora(samples.new_sample(), work / "linear.ora"), linear, 2.2)
    for path in (grouped, linear):
        without_thumbnail(path)


def by_gimp(folder: Path, work: Path) -> None:
    """One picture with 16 bits a channel, as TIFF and PNG."""
    source = work / "source.png"
    write_picture(source, samples.colours(60, 80, 3, soft=True))
    for suffix in (".tiff", ".png"):
        out = folder / f"gimp-16{suffix}"
        programs.gimp(GIMP_DEEP.format(source=source, out=out), out)


def main() -> int:
    """Makes what can be made here, and says what it weighs."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication.instance() or QGuiApplication([])
    makers = ((programs.has_krita, by_krita), (programs.has_mypaint, by_mypaint), (programs.has_gimp, by_gimp))
    with tempfile.TemporaryDirectory(prefix="handscroll-reference-") as work:
        for is_here, make in makers:
            if is_here():
                make(folder.absolute(), Path(work))
    del application
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    for name, size in sizes.items():
        print(f"{name:<24}{size:>8}{'  too large' if size > MOST_BYTES else ''}")
    print(f"{'together':<24}{sum(sizes.values()):>8}")
    return int(max(sizes.values(), default=0) > MOST_BYTES or sum(sizes.values()) > MOST_TOGETHER)


if __name__ == "__main__":
    raise SystemExit(main())
