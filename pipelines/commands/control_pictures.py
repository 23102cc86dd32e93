"""Control pictures of a command: ready made, made from a picture, or seen in it by a network of the library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipelines.commands.errors import InputError
from pipelines.commands.pictures import read_picture
from pipelines.commands.wording import Vocabulary
from pipelines.contract.control import LINES, ControlKind
from pipelines.contract.looking import SEEN
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import ControlImage, Pixels
from pipelines.library.sight import annotators, finder, sees
from pipelines.planning.box import Box
from pipelines.planning.control import MADE, control_image, drawn_lines, kind_of

_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_SHARE = re.compile(
    rf"(?P<rest>.*?)(?::(?P<weight>{_NUMBER})(?::(?P<start>{_NUMBER})-(?P<end>{_NUMBER}))?)?", re.DOTALL
)
_OPTION = re.compile(r":(preprocess|annotator)=")
_CONTROLS = (ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER)
KINDS = tuple(sorted(MADE | SEEN))
DRAWN = "drawn"
"""Lines by hand, in any colour on nothing or dark on light, which become white on black. With KINDS it is what can be
asked for with `preprocess`."""


@dataclass(frozen=True)
class _Asked:
    """One `MODEL:IMAGE[:WEIGHT[:START-END]][:preprocess=KIND][:annotator=NAME]`, taken apart."""

    text: str
    """As it was given."""
    model: str
    file: Path
    course: tuple[float, float, float]
    """Weight, start, end."""
    preprocess: str = ""
    annotator: str = ""


def controls(texts: Sequence[str], vocabulary: Vocabulary, size: tuple[int, int], box: Box) -> tuple[ControlImage, ...]:
    """One for each text, its picture, of the whole one's `size` (width, height), cut to `box`.

    Edges and tones are made here, what only a network sees is left to the engine. Raises InputError or ModelError.
    """
    return tuple(_control(_read(text), vocabulary, size, box) for text in texts)


def _control(asked: _Asked, vocabulary: Vocabulary, size: tuple[int, int], box: Box) -> ControlImage:
    info = vocabulary.addon(asked.model, _CONTROLS, "--control")
    picture = read_picture(asked.file)
    if picture.size != size:
        raise InputError(
            f"The control picture {asked.file.name} is {picture.size[0]} x {picture.size[1]} pixels, but what is "
            f"painted is {size[0]} x {size[1]}; both must be of the same size."
        )
    image = np.ascontiguousarray(picture.rgba[box.slices])
    told = kind_of(info.name)
    if not asked.preprocess and not asked.annotator:
        return ControlImage(info.id, image, *asked.course, kind=told or kind_of(asked.file.stem))
    if asked.preprocess == DRAWN and not asked.annotator:
        lines = np.asarray(cv2.cvtColor(drawn_lines(image), cv2.COLOR_RGB2RGBA), np.uint8)
        return ControlImage(info.id, lines, *asked.course, kind=told if told in LINES else ControlKind.SCRIBBLE)
    kind = _kind(asked, told)
    if kind in MADE:
        return ControlImage(info.id, _made(kind, image), *asked.course, kind=kind)
    looking = _annotator(asked, kind, vocabulary)
    people = finder(vocabulary.known.addons) if kind is ControlKind.POSE else None
    return ControlImage(info.id, image, *asked.course, kind, looking.id, people.id if people is not None else "")


def _kind(asked: _Asked, told: ControlKind) -> ControlKind:
    """What is to be made of the picture; without `preprocess` what the control model's name tells."""
    known = ", ".join(sorted({*KINDS, DRAWN}))
    if asked.preprocess == DRAWN:
        raise InputError(f"--control '{asked.text}' names an annotator, but lines by hand need none. Leave it out.")
    if asked.preprocess and asked.preprocess not in KINDS:
        raise InputError(
            f"--control '{asked.text}' asks for preprocess={asked.preprocess}, which is not known. Known are {known}."
        )
    kind = ControlKind(asked.preprocess) if asked.preprocess else told
    if kind not in KINDS:
        raise InputError(
            f"--control '{asked.text}' names an annotator, but not what it is to see, and the control model's name "
            f"does not tell. Add preprocess= with one of {', '.join(sorted(SEEN))}."
        )
    if asked.annotator and kind not in SEEN:
        raise InputError(
            f"--control '{asked.text}' names an annotator, but {kind} is made without one. Leave annotator= out; "
            f"networks see {', '.join(sorted(SEEN))}."
        )
    return kind


def _annotator(asked: _Asked, kind: ControlKind, vocabulary: Vocabulary) -> ModelInfo:
    """The network that looks: the named one, else the first of the library that can."""
    if asked.annotator:
        info = vocabulary.addon(asked.annotator, (ModelKind.ANNOTATOR,), "annotator= of --control")
        if info.problem:
            raise InputError(info.problem)
        if kind not in sees(info):
            seen = " and ".join(sorted(sees(info))) or "only where people are"
            raise InputError(f"The network '{info.name}' does not see {kind}; it sees {seen}. Name another annotator.")
        return info
    found = annotators(kind, vocabulary.known.addons)
    if not found:
        raise InputError(
            f"--control '{asked.text}' needs a network that sees {kind} in a picture, and the library has none. "
            "'handscroll models catalogue' lists some; or leave preprocess= out and give such a picture ready made."
        )
    return found[0]


def _made(kind: ControlKind, rgba: Pixels) -> Pixels:
    """Edges, lines or tones of a picture; what is transparent is white paper, and stays empty but for lines."""
    alpha = rgba[..., 3]
    share = rgba[..., 3:].astype(np.uint16)
    paper = ((rgba[..., :3] * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)
    made = control_image(kind, np.ascontiguousarray(paper))
    opaque = np.asarray(cv2.cvtColor(made, cv2.COLOR_RGB2RGBA), np.uint8)
    opaque[..., 3] = 255 if kind in LINES else alpha
    return opaque


def _read(text: str) -> _Asked:
    head, *rest = _OPTION.split(text)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    share = _SHARE.fullmatch(head)
    pair = _model_and_file(share["rest"]) if share else None
    if share is None or pair is None or len(rest) > 2 * len(options) or not all(options.values()):
        raise InputError(
            f"--control '{text}' cannot be read: give a control model and a picture that is there, such as "
            "canny:edges.png:0.8:0-0.5 or depth:photo.png:preprocess=depth."
        )
    course = (float(share["weight"] or 1.0), float(share["start"] or 0.0), float(share["end"] or 1.0))
    return _Asked(text, *pair, course, options.get("preprocess", ""), options.get("annotator", ""))


def _model_and_file(text: str) -> tuple[str, Path] | None:
    """`MODEL:FILE` where it ends in a file that is there."""
    for place in (found.start() for found in re.finditer(":", text)):
        if place and Path(text[place + 1 :]).is_file():
            return text[:place], Path(text[place + 1 :])
    return None
