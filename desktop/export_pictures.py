"""From the canvas to picture files: pixels are gathered in short slices; all else is done in a thread that can stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats.layered import StopSign
from canvas.formats.picture_scaling import cut_to, scaled
from canvas.formats.pictures import OPAQUE, WRITABLE, Provenance, Writing, write_picture
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, GroupLayer, Layer
from canvas.pixels import put_on_paper
from canvas.render import ops_of, paint, plan
from canvas.tile import FORMAT
from desktop.export_choices import ExportChoices, NameParts, Part, for_many, named_file
from desktop.export_provenance import provenance_in, shown_layers
from desktop.gathering import Progress, gather
from desktop.layered_pictures import in_thread, part_of
from desktop.session import paper_rgb

MAX_SIDE = 32768
MAX_PIXELS = 256_000_000
OPAQUE_SUFFIXES = tuple(suffix for suffix, kind in WRITABLE.items() if kind in OPAQUE)
"""Formats without transparency."""


class Painting(Protocol):
    """What is exported: a session, or a document that was opened without a window."""

    document: Document
    compositor: Compositor

    @property
    def title(self) -> str:
        """What it is called."""
        ...


@dataclass(frozen=True)
class ExportJob:
    """One picture file."""

    path: Path
    """The suffix decides the format."""
    bounds: Bounds
    """Canvas pixels."""
    size: tuple[int, int] = (0, 0)
    """Width and height in the file; (0, 0) is the size on the canvas."""
    layer: Layer | None = None
    """Only this layer or group, with its mask and opacity; None is everything that is shown."""
    in_shape: bool = False
    """Whether what the selection leaves out becomes transparent."""
    ground: tuple[int, int, int] | None = None
    """Colour behind what is transparent; formats without transparency have at least the paper."""
    writing: Writing = field(default_factory=Writing)
    says_how: bool = True
    """Whether the file says how the picture was made."""
    expected: int = 0
    """About how many bytes it will have; 0 when nobody knows."""


async def export_picture(session: Painting, job: ExportJob, progress: Progress) -> None:
    """Writes one flat picture. Raises CanvasError; a cancelled task leaves no file."""
    check_size(job.bounds)
    check_size(Bounds(0, 0, *_size(job)))
    document = session.document
    coverage = document.selection.coverage(job.bounds) if job.in_shape else None
    shown = shown_layers(document, job.bounds, job.layer)
    draw = None if job.layer is None else painter_of(job.layer)
    rgba = await gather(document, session.compositor, job.bounds, part_of(progress, 0.0, 0.5), draw)
    log = document.generations

    def finish(sign: StopSign) -> None:
        if coverage is not None:
            cut_to(rgba, coverage)
        sign(0.02)
        provenance = provenance_in(log, rgba, job.bounds, shown) if job.says_how else None
        _write(job, rgba, provenance, sign)

    await in_thread(finish, part_of(progress, 0.5, 1.0))
    progress(1.0)


async def export_pictures(session: Painting, jobs: Sequence[ExportJob], progress: Progress) -> None:
    """Writes several, one after the other; those that are done stay when it is cancelled."""
    if not jobs:
        raise CanvasError("There is nothing to export: no layer that is shown has anything painted on it.")
    for done, job in enumerate(jobs):
        await export_picture(session, job, part_of(progress, done / len(jobs), (done + 1) / len(jobs)))


def _size(job: ExportJob) -> tuple[int, int]:
    return job.size if job.size != (0, 0) else (job.bounds.width, job.bounds.height)


def _write(job: ExportJob, rgba: NDArray[np.uint8], provenance: Provenance | None, sign: StopSign) -> None:
    sign(0.1)
    rgba = scaled(rgba, *_size(job))
    sign(0.3)
    ground = job.ground
    if ground is None and job.path.suffix.casefold() in OPAQUE_SUFFIXES:
        ground = paper_rgb()
    if ground is not None:
        put_on_paper(rgba, ground)
    sign(0.4)
    expected = job.expected or rgba.size // 3
    write_picture(
        job.path, rgba, job.writing, provenance, lambda written: sign(0.4 + 0.6 * min(1.0, written / expected))
    )


def painter_of(layer: Layer) -> Callable[[Bounds], QImage]:
    """Draws pieces of one layer or group as it looks by itself; the window's thread."""
    ops = ops_of([layer], with_apart=True)

    def draw(piece: Bounds) -> QImage:
        image = QImage(piece.width, piece.height, FORMAT)
        image.fill(0)
        draws = plan(ops, piece)
        if draws:
            paint(image, draws)
        return image

    return draw


def check_size(bounds: Bounds) -> None:
    """Raises CanvasError when there is nothing to write, or more than a file should hold."""
    if bounds.is_empty:
        raise CanvasError("There is nothing to export: the chosen part of the canvas is empty.")
    if max(bounds.width, bounds.height) > MAX_SIDE or bounds.width * bounds.height > MAX_PIXELS:
        raise CanvasError(
            f"{bounds.width} x {bounds.height} pixels are too many for one picture file. "
            "Choose a smaller size, export the frame or a selection, or choose OpenRaster."
        )


def bounds_of(session: Painting, part: Part, visible: Bounds) -> Bounds:
    """Canvas pixels of a part; NOTHING where there is none of it. `visible` is what the view shows."""
    document = session.document
    if part in (Part.SELECTION, Part.SHAPE):
        return document.selection.bounds
    if part is Part.FRAME:
        return document.frame
    return visible if part is Part.VIEW else document.picture_bounds()


def layers_of(session: Painting, part: Part) -> list[Layer]:
    """The layers that become files of their own, the lowest first: shown, with something on them.

    `GROUPS` takes a group at the top level as one picture, `LAYERS` each layer inside of it.
    """
    root = session.document.tree.root
    chosen = root.children if part is Part.GROUPS else list(session.document.tree.walk())
    return [
        layer
        for layer in chosen
        if layer.shown
        and not isinstance(layer, AdjustmentLayer)
        and not (part is Part.LAYERS and isinstance(layer, GroupLayer))
        and not layer.content_bounds().is_empty
    ]


@dataclass(frozen=True)
class ExportPlan:
    """Where an export goes, and what it is told besides the choices."""

    choices: ExportChoices
    folder: Path
    visible: Bounds
    """What the view shows, canvas pixels."""
    says_how: bool = True
    expected: int = 0


def jobs_of(session: Painting, plan: ExportPlan) -> list[ExportJob]:
    """The files that these choices ask for, without a look at the disk. Layered formats make none."""
    choices = plan.choices
    if not choices.part.is_many:
        path = plan.folder / named_file(choices.name, NameParts(session.title), choices.suffix)
        return [_job(plan, path, bounds_of(session, choices.part, plan.visible))]
    whole = session.document.content_bounds()
    template = for_many(choices.name)
    jobs: list[ExportJob] = []
    taken: set[str] = set()
    for number, layer in enumerate(layers_of(session, choices.part), 1):
        parts = NameParts(session.title, number, layer.name)
        path = plan.folder / named_file(template, parts, choices.suffix)
        while path.name.casefold() in taken:
            path = path.with_name(f"{path.stem} {number:02d}{path.suffix}")
        taken.add(path.name.casefold())
        jobs.append(_job(plan, path, layer.content_bounds() if choices.trim else whole, layer))
    return jobs


def _job(plan: ExportPlan, path: Path, bounds: Bounds, layer: Layer | None = None) -> ExportJob:
    choices = plan.choices
    return ExportJob(
        path, bounds, choices.size_of(bounds), layer, choices.part is Part.SHAPE, choices.ground(),
        choices.writing(), plan.says_how, plan.expected if layer is None else 0,
    )  # fmt: skip
