"""What `handscroll export`, `info` and `demo` do: the canvas without a window. Exit codes as in pipelines.cli."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QGuiApplication
from tqdm import tqdm

from canvas.errors import CanvasError
from canvas.formats.film_texts import SUFFIXES as FILMS
from canvas.formats.pictures import WRITABLE, picture_size, read_metadata
from canvas.geometry import NOTHING
from canvas.project.project import Project
from desktop.demo import paint_demo
from desktop.document_files import WindowlessPainting, drawable, opened_copy
from desktop.export_choices import LEAST_PERCENT, MOST_PERCENT, Background, ExportChoices, Part
from desktop.export_pictures import ExportPlan, export_pictures, jobs_of
from desktop.layered_files import WRITABLE as LAYERED
from desktop.layered_files import write_layered
from desktop.session import SUFFIX
from pipelines.cli import BAD_INPUT, FAILED, OK
from pipelines.contract.errors import PipelineError


def export(args: argparse.Namespace) -> int:
    """Writes `args.project` to `args.out`; its suffix decides the format.

    `args.part`: everything (default; `args.bounds` content), frame, or layers, each as a file beside `args.out`.
    `args.scale` in percent, `args.background` as in the export dialog or #rrggbb, `args.no_metadata` for a bare file.
    """
    out: Path = args.out
    known = {*WRITABLE, *LAYERED}
    if out.suffix.casefold() not in known:
        return _complain(f"'{out.name}' has no known suffix. Use one of {', '.join(sorted(known))}.", BAD_INPUT)
    if not out.absolute().parent.is_dir():
        return _complain(f"There is no folder {out.absolute().parent}.", BAD_INPUT)
    application = ensure_qt()
    try:
        choices = _export_choices(args, out)
        with opened_copy(args.project) as document, drawable(document, args.project.stem) as painting:
            plan = ExportPlan(choices, out.parent, NOTHING, not getattr(args, "no_metadata", False))
            files = _export(painting, plan, out)
    except CanvasError as error:
        return _complain(str(error), FAILED)
    finally:
        del application
    answer: dict[str, Any] = dict(files[0])
    if choices.part.is_many:
        answer = {"out": str(out.parent), "files": files}
    lines = [f"Wrote {file['out']}: {file['width']} x {file['height']} pixels." for file in files]
    return _tell(args, answer, "\n".join(lines))


def _export_choices(args: argparse.Namespace, out: Path) -> ExportChoices:
    """Raises CanvasError for values that make no sense."""
    bounds = {"content": "everything", "frame": "frame"}[getattr(args, "bounds", None) or "content"]
    word = getattr(args, "part", None) or bounds
    ground = getattr(args, "background", None) or Background.TRANSPARENT.value
    scale = getattr(args, "scale", None) or 100
    if not LEAST_PERCENT <= scale <= MOST_PERCENT:
        raise CanvasError(f"The scale is {LEAST_PERCENT} to {MOST_PERCENT} percent, not {scale}.")
    colour = ground if QColor.isValidColorName(ground) else "#808080"
    grounds = [one.value for one in Background if one is not Background.COLOUR]
    if ground not in grounds and colour != ground:
        raise CanvasError(f"'{ground}' is no background. Use transparent, paper, white, black or a colour as #rrggbb.")
    background = Background(ground) if ground in grounds else Background.COLOUR
    return ExportChoices(
        Part(word), out.suffix.casefold(), scale, background=background, colour=colour, quality=95, name=out.stem
    )


def _export(painting: WindowlessPainting, plan: ExportPlan, out: Path) -> list[dict[str, Any]]:
    """Writes; gives each file with its size."""
    document = painting.document
    bounds = document.frame if plan.choices.part is Part.FRAME else document.picture_bounds()
    if bounds.is_empty:
        raise CanvasError("Nothing is painted in this project yet, so there is nothing to export.")
    if plan.choices.is_layered:
        with _bar(out.name) as progress:
            write_layered(document, out, bounds, progress)
        return [{"out": str(out), "width": bounds.width, "height": bounds.height, "bytes": out.stat().st_size}]
    jobs = jobs_of(painting, plan)
    if not plan.choices.part.is_many:
        jobs = [replace(job, path=out) for job in jobs]
    with _bar(out.name) as progress:
        asyncio.run(export_pictures(painting, jobs, progress))
    return [
        {"out": str(job.path), "width": job.size[0], "height": job.size[1], "bytes": job.path.stat().st_size}
        for job in jobs
    ]


@contextmanager
def _bar(name: str) -> Iterator[Callable[[float], None]]:
    """A bar on the terminal, if there is one, that takes 0..1."""
    with tqdm(desc=f"  {name}", total=100, unit="%", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def show(part: float) -> None:
            bar.update(round(part * 100) - bar.n)

        yield show


def info(args: argparse.Namespace) -> int:
    """Says what is in `args.file`, a project or a picture."""
    path: Path = args.file
    try:
        if path.suffix.casefold() == SUFFIX:
            answer = Project.inspect(path)
        elif path.suffix.casefold() in FILMS:  # read_metadata first: it says what is wrong with a path
            told = read_metadata(path)
            answer = {"file": str(path), "bytes": path.stat().st_size, "format": "MP4", "handscroll": told}
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
    application = ensure_qt()

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


def ensure_qt() -> QCoreApplication:
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
