"""Moving pictures: frames of one size into a GIF, an animated PNG or WebP, or a film (MP4, WebM). Any thread."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from canvas.errors import CanvasError
from canvas.formats import film_texts
from canvas.formats.picture_provenance import Provenance, save_options
from canvas.formats.pictures import replacing

Frame = NDArray[np.uint8]
"(h, w, 3) RGB; all of one film have the same size."
PILLOW = {".gif": "GIF", ".png": "PNG", ".webp": "WEBP"}
CODECS = {".mp4": "mp4v", ".webm": "VP90"}
"MPEG-4 part 2 and VP9: what OpenCV's own build can write without any other library."
SUFFIXES = (*CODECS, *PILLOW)
MOST_PIXELS = 200_000_000
"All frames of a GIF, PNG or WebP together: their writer holds them in memory."


@dataclass(frozen=True)
class Film:
    """What all frames have in common."""

    count: int
    "How many frames there will be."
    width: int
    "Pixels; even for MP4 and WebM."
    height: int
    fps: float
    "Frames per second."
    hold_ms: int = 2000
    "How long the last frame stays."
    provenance: Provenance | None = None
    "How it was made; a WebM has no place for it."


def write_animation(
    path: Path, frames: Iterable[Frame], film: Film, progress: Callable[[float], None] | None = None
) -> None:
    """Writes the frames in the format of the suffix; an old file is replaced only when all went well.

    `progress` gets 0..1 and may raise to stop. Raises CanvasError.
    """
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise CanvasError(f"Moving pictures cannot be written as '{path.suffix}'. Use one of {', '.join(SUFFIXES)}.")
    counted = _counted(frames, film, progress)
    with replacing(path) as temporary:
        if suffix in CODECS:
            _write_film(temporary, suffix, counted, film)
            if film.provenance is not None and suffix in film_texts.SUFFIXES:
                film_texts.append_packet(temporary, film.provenance.packet(film.provenance.json()))
        else:
            _write_pictures(temporary, PILLOW[suffix], counted, film)


def _counted(frames: Iterable[Frame], film: Film, progress: Callable[[float], None] | None) -> Iterator[Frame]:
    for number, frame in enumerate(frames):
        yield frame
        if progress is not None:
            progress((number + 1) / max(film.count, 1))


def _write_pictures(path: Path, kind: str, frames: Iterator[Frame], film: Film) -> None:
    if film.count * film.width * film.height > MOST_PIXELS:
        raise CanvasError(
            f"{film.count} pictures of {film.width} x {film.height} pixels are too many for {kind}. "
            "Choose fewer seconds, a smaller size, MP4 or WebM."
        )
    each = round(1000 / film.fps)
    durations = [each] * (film.count - 1) + [max(film.hold_ms, each)]
    images = [Image.fromarray(frame) for frame in frames]
    if not images:
        raise CanvasError("There is no frame to write.")
    first, *images = images
    options: dict[str, Any] = {"quality": 85, "method": 2} if kind == "WEBP" else {}
    options |= {} if film.provenance is None else save_options(kind, film.provenance)
    with path.open("wb") as file:
        first.save(file, kind, save_all=True, append_images=images, duration=durations, loop=0, **options)


def _write_film(path: Path, suffix: str, frames: Iterator[Frame], film: Film) -> None:
    working = path.with_name(path.name + suffix)  # OpenCV chooses the container by the name
    writer = cv2.VideoWriter(str(working), cv2.VideoWriter.fourcc(*CODECS[suffix]), film.fps, (film.width, film.height))
    try:
        if not writer.isOpened():
            raise CanvasError(f"This computer's OpenCV cannot write {suffix[1:].upper()}. Choose GIF or WebP instead.")
        shown = np.zeros((film.height, film.width, 3), np.uint8)
        for frame in frames:
            shown = np.ascontiguousarray(frame[..., ::-1])
            writer.write(shown)
        for _ in range(round(film.hold_ms / 1000 * film.fps)):
            writer.write(shown)
        writer.release()
        working.replace(path)
    finally:
        writer.release()
        with contextlib.suppress(OSError):
            working.unlink(missing_ok=True)
