"""What `handscroll export`, `info` and `demo` do: the canvas without a window. Exit codes as in pipelines.cli."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QGuiApplication

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import ora
from canvas.formats.pictures import WRITABLE, picture_size, read_metadata, write_picture
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.project.project import Project
from canvas.project.reader import snapshot
from desktop.export_pictures import OPAQUE_SUFFIXES, check_size, put_on_paper
from desktop.session import PAPER, SUFFIX
from pipelines.cli import BAD_INPUT, FAILED, OK
from pipelines.contract.errors import PipelineError

STRIP = 512
"""Rows that are flattened at a time."""


def export(args: argparse.Namespace) -> int:
    """Writes `args.project` to `args.out`; its suffix decides the format. `args.bounds`: content (default) or frame."""
    out: Path = args.out
    known = {*WRITABLE, ".ora"}
    if out.suffix.casefold() not in known:
        return _complain(f"'{out.name}' has no known suffix. Use one of {', '.join(sorted(known))}.", BAD_INPUT)
    if not out.absolute().parent.is_dir():
        return _complain(f"There is no folder {out.absolute().parent}.", BAD_INPUT)
    application = _ensure_qt()
    try:
        with opened_copy(args.project) as document:
            bounds = _chosen_bounds(document, getattr(args, "bounds", None) or "content")
            write_document(document, out, bounds)
    except CanvasError as error:
        return _complain(str(error), FAILED)
    finally:
        del application
    answer = {"out": str(out), "width": bounds.width, "height": bounds.height, "bytes": out.stat().st_size}
    return _tell(args, answer, f"Wrote {out}: {bounds.width} x {bounds.height} pixels.")


def info(args: argparse.Namespace) -> int:
    """Says what is in `args.file`, a project or a picture."""
    path: Path = args.file
    try:
        if path.suffix.casefold() == SUFFIX:
            answer = Project.inspect(path)
        else:
            width, height, kind = picture_size(path)
            answer = {"file": str(path), "bytes": path.stat().st_size, "format": kind, "width": width, "height": height}
            answer["handscroll"] = read_metadata(path)
    except CanvasError as error:
        return _complain(str(error), FAILED)
    lines = [f"{key.replace('_', ' '):<12} {_words(value)}" for key, value in answer.items()]
    return _tell(args, answer, "\n".join(lines))


def demo(args: argparse.Namespace) -> int:
    """Paints the demo with the real engine: text to image, lasso inpaint, outpaint; project, PNG and ORA."""
    from desktop.demo import paint_demo

    folder = args.out or Path(os.environ.get("HANDSCROLL_DEMO_DIR") or "handscroll-demo")
    application = _ensure_qt()

    def say(sentence: str) -> None:
        print(sentence, file=sys.stderr if args.json else sys.stdout, flush=True)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        answer = paint_demo(folder, say)
    except (CanvasError, PipelineError) as error:
        return _complain(f"The demo could not be painted. {error}", FAILED)
    except OSError as error:
        return _complain(f"The folder {folder} cannot be used: {error.strerror or error}.", FAILED)
    finally:
        del application
    closing = f"Done in {answer['seconds']:.0f} s. Look into {folder}: {', '.join(answer['files'])}."
    return _tell(args, answer, closing)


@contextmanager
def opened_copy(path: Path) -> Iterator[Document]:
    """The painting of a project file, which stays untouched and may be open in a window meanwhile."""
    with tempfile.TemporaryDirectory(prefix="handscroll-") as folder:
        copy = Path(folder) / path.name
        snapshot(path, copy)
        project = Project.open(copy)
        try:
            yield project.document
            if project.complaints:
                raise CanvasError(project.complaints[0])
        finally:
            project.abandon()


def write_document(document: Document, out: Path, bounds: Bounds, metadata: dict[str, Any] | None = None) -> None:
    """Writes what the document looks like inside the bounds, or for .ora its layers. Raises CanvasError."""
    compositor = Compositor(document, QColor(PAPER))
    try:
        if out.suffix.casefold() == ".ora":
            ora.write(out, ora.document_to_ora(document, compositor.flatten, bounds))
            return
        check_size(bounds)
        rgba = _flat(compositor, bounds)
    finally:
        compositor.close()
    if out.suffix.casefold() in OPAQUE_SUFFIXES:
        put_on_paper(rgba, QColor(PAPER))
    write_picture(out, rgba, {"software": "Handscroll", **(metadata or {})})


def _flat(compositor: Compositor, bounds: Bounds) -> NDArray[np.uint8]:
    """(height, width, 4) straight RGBA, gathered strip by strip so that memory stays near one picture."""
    rgba = np.empty((bounds.height, bounds.width, 4), np.uint8)
    for top in range(0, bounds.height, STRIP):
        rows = min(STRIP, bounds.height - top)
        strip = Bounds(bounds.x, bounds.y + top, bounds.width, rows)
        rgba[top : top + rows] = to_rgba(compositor.flatten(strip))
    return rgba


def _chosen_bounds(document: Document, word: str) -> Bounds:
    if word == "frame":
        return document.frame
    content = document.content_bounds()
    if content.is_empty:
        raise CanvasError("Nothing is painted in this project yet, so there is nothing to export.")
    return content


def _ensure_qt() -> QCoreApplication:
    """QImage and QPainter want an application object; without one they get one that shows nothing. Keep it."""
    found = QGuiApplication.instance()
    if found is not None:
        return found
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication([])


def _words(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _tell(args: argparse.Namespace, answer: dict[str, Any], words: str) -> int:
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else words) + "\n")
    return OK


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
