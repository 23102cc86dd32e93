"""What `handscroll export`, `info` and `demo` do: the canvas without a window. Exit codes as in pipelines.cli."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats.pictures import WRITABLE, picture_size, read_metadata
from canvas.geometry import Bounds
from canvas.project.project import Project
from desktop.demo import paint_demo
from desktop.document_files import opened_copy, write_document
from desktop.session import SUFFIX
from pipelines.cli import BAD_INPUT, FAILED, OK
from pipelines.contract.errors import PipelineError


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
