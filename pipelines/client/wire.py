"""The language between the window's process and the engine's: framed JSON with raw pixel buffers behind it.

One frame is `HSW1`, the header's length (4 bytes, little endian), the header as UTF-8 JSON, then the arrays it names,
one after the other. Only numbers, text and uint8 pixels travel: reading a frame can never run code. Sizes are bounded.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, BinaryIO

import numpy as np

from pipelines.contract import events as event_types
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import Annotated, EngineEvent, FailureKind, Finished, Preview
from pipelines.contract.looking import AnnotationRequest, DescriptionRequest, LookRequest
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels

MAGIC = b"HSW1"
MAX_HEADER_BYTES = 16 * 2**20
MAX_ARRAY_BYTES = 8192 * 8192 * 4
MAX_ARRAYS = 64

_EVENTS: tuple[type[EngineEvent], ...] = (
    event_types.Queued,
    event_types.Loading,
    event_types.Started,
    event_types.Progress,
    event_types.Preview,
    event_types.Finished,
    event_types.Described,
    event_types.Annotated,
    event_types.Failed,
    event_types.Cancelled,
    event_types.Released,
    event_types.EngineLost,
    event_types.EngineReady,
)
_EVENT_BY_NAME = {kind.__name__: kind for kind in _EVENTS}
_WITH_PICTURE = (Preview, Annotated)
_LOOKS: Mapping[str, type[LookRequest]] = {kind.name: kind for kind in (DescriptionRequest, AnnotationRequest)}


class WireError(PipelineError):
    """Bytes that are no frame of this version; the connection cannot be used any further."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One message: a JSON header and the pixels that belong to it."""

    header: Mapping[str, Any]
    arrays: Sequence[Pixels] = ()


@dataclass(frozen=True, eq=False)
class Submit:
    """Window to engine: do this. The models are resolved on the window's side, which owns the library."""

    job_id: str
    request: GenerationRequest
    models: Sequence[ModelInfo]
    """Every model the request names."""


@dataclass(frozen=True)
class Cancel:
    """Window to engine: take this job back."""

    job_id: str


@dataclass(frozen=True, eq=False)
class Amend:
    """Window to engine: this part of the job's region looks different now (see `EngineClient.amend`)."""

    job_id: str
    x: int
    y: int
    pixels: Pixels


@dataclass(frozen=True)
class Prepare:
    """Window to engine: read this model ahead while nothing else waits (see `EngineClient.prepare`)."""

    model: ModelInfo


@dataclass(frozen=True, eq=False)
class Look:
    """Window to engine: look at this picture (see `EngineClient.look`)."""

    job_id: str
    request: LookRequest
    models: Sequence[ModelInfo]
    """Every model the request names."""


@dataclass(frozen=True)
class Release:
    """Window to engine: no model stays in memory."""


Command = Submit | Cancel | Amend | Prepare | Look | Release


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Writes one whole frame and flushes. Raises WireError when it is over the limits, OSError when nobody reads."""
    arrays = [np.ascontiguousarray(array, dtype=np.uint8) for array in frame.arrays]
    header = {**frame.header, "arrays": [list(array.shape) for array in arrays]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(text) > MAX_HEADER_BYTES or len(arrays) > MAX_ARRAYS:
        raise WireError(f"A message of {len(text)} bytes and {len(arrays)} pictures is too large to send.")
    _check_shapes(header["arrays"])
    stream.write(MAGIC + struct.pack("<I", len(text)) + text)
    for array in arrays:
        stream.write(array.data if array.size else b"")
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame, or None at a clean end. Raises WireError for anything that is not a whole frame."""
    start = stream.read(len(MAGIC) + 4)
    if not start:
        return None
    if len(start) < len(MAGIC) + 4 or start[: len(MAGIC)] != MAGIC:
        raise WireError(f"Expected a message of version {MAGIC.decode()}, but got {start[:4]!r}.")
    (length,) = struct.unpack("<I", start[len(MAGIC) :])
    if length > MAX_HEADER_BYTES:
        raise WireError(f"A message header of {length} bytes is over the limit of {MAX_HEADER_BYTES}.")
    try:
        header = json.loads(_read_exactly(stream, length).decode("utf-8", "surrogatepass"))
        shapes = header.pop("arrays")
        _check_shapes(shapes)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise WireError(f"A message header cannot be read: {error}.") from error
    return Frame(header, tuple(_read_array(stream, tuple(shape)) for shape in shapes))


def pack_event(event: EngineEvent) -> Frame:
    """The frame of an event."""
    name = type(event).__name__
    if name not in _EVENT_BY_NAME:
        raise WireError(f"Events of the kind {name} do not travel.")
    values = {f.name: getattr(event, f.name) for f in fields(event)}
    arrays: tuple[Pixels, ...] = ()
    if isinstance(event, _WITH_PICTURE):
        arrays = (values.pop("image"),)
    elif isinstance(event, Finished):
        arrays = tuple(values.pop("patches"))
    if "facts" in values:
        values["facts"] = dict(values["facts"])
    return Frame({"event": name, "values": values}, arrays)


def unpack_event(frame: Frame) -> EngineEvent:
    """The event of a frame. Raises WireError when it is none."""
    try:
        kind = _EVENT_BY_NAME[frame.header["event"]]
        values = dict(frame.header["values"])
        if kind in _WITH_PICTURE:
            values["image"] = frame.arrays[0]
        elif kind is Finished:
            values["patches"] = tuple(frame.arrays)
        elif kind is event_types.Failed:
            values["kind"] = FailureKind(values["kind"])
        return kind(**values)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise WireError(f"An event from the engine cannot be read: {error}.") from error


def pack_command(command: Command) -> Frame:
    """The frame of what the window asks."""
    if isinstance(command, Cancel):
        return Frame({"verb": "cancel", "job_id": command.job_id})
    if isinstance(command, Amend):
        header = {"verb": "amend", "job_id": command.job_id, "x": command.x, "y": command.y}
        return Frame(header, (np.ascontiguousarray(command.pixels),))
    if isinstance(command, Prepare):
        return Frame({"verb": "prepare", "model": command.model.to_dict()})
    if isinstance(command, Release):
        return Frame({"verb": "release"})
    if isinstance(command, Look):
        asked = {"request": command.request.to_dict(), "models": [info.to_dict() for info in command.models]}
        header = {"verb": "look", "job_id": command.job_id, "look": command.request.name, **asked}
        return Frame(header, (np.ascontiguousarray(command.request.image),))
    request = command.request
    pictures = request.pictures
    header = {
        "verb": "submit",
        "job_id": command.job_id,
        "request": request.to_dict(),
        "models": [info.to_dict() for info in command.models],
        "pictures": list(pictures),
    }
    return Frame(header, tuple(pictures.values()))


def unpack_command(frame: Frame) -> Command:
    """What the window asked. Raises WireError when it cannot be read."""
    header = frame.header
    try:
        if header["verb"] == "cancel":
            return Cancel(header["job_id"])
        if header["verb"] == "amend":
            return Amend(header["job_id"], header["x"], header["y"], frame.arrays[0])
        if header["verb"] == "prepare":
            return Prepare(ModelInfo.from_dict(header["model"]))
        if header["verb"] == "release":
            return Release()
        if header["verb"] == "look":
            asked = _LOOKS[header["look"]].from_dict(header["request"], frame.arrays[0])
            return Look(header["job_id"], asked, tuple(ModelInfo.from_dict(info) for info in header["models"]))
        if header["verb"] != "submit":
            raise WireError(f"The engine does not know the verb {header['verb']!r}.")
        pictures = dict(zip(header["pictures"], frame.arrays, strict=True))
        request = GenerationRequest.from_dict(header["request"], pictures)
        models = tuple(ModelInfo.from_dict(info) for info in header["models"])
        return Submit(header["job_id"], request, models)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise WireError(f"A request to the engine cannot be read: {error}.") from error


def _check_shapes(shapes: Sequence[Sequence[int]]) -> None:
    if len(shapes) > MAX_ARRAYS:
        raise WireError(f"{len(shapes)} pictures in one message are over the limit of {MAX_ARRAYS}.")
    for shape in shapes:
        size = 1
        for side in shape:
            if not isinstance(side, int) or side < 0:
                raise WireError(f"A picture of shape {shape} cannot travel.")
            size *= side
        if size > MAX_ARRAY_BYTES or len(shape) > 3:
            raise WireError(f"A picture of shape {shape} is over the limit of {MAX_ARRAY_BYTES} bytes.")


def _read_array(stream: BinaryIO, shape: tuple[int, ...]) -> Pixels:
    array = np.empty(shape, np.uint8)
    if array.size:
        view = memoryview(array.data).cast("B")
        done = 0
        while done < len(view):
            got = stream.readinto(view[done:])  # type: ignore[attr-defined]
            if not got:
                raise WireError("The connection ended in the middle of a picture.")
            done += got
    return array


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise WireError("The connection ended in the middle of a message.")
    return data
