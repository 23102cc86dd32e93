"""Control and reference layers of a painting in a request: their pixels, and the pictures that networks follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layer_control import LayerControl, Source
from canvas.layers import Layer
from canvas.pixels import to_rgba
from canvas.render import own_ops, paint, plan
from canvas.tile import FORMAT
from desktop.gathering import gather
from desktop.pieces import pieces
from desktop.spoken import spoken
from pipelines.contract.control import LINES, ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_CONTROLS, MAX_REFERENCES, ControlImage, GenerationRequest, ReferenceImage

if TYPE_CHECKING:
    from desktop.generation.control_models import Eyes
    from desktop.generation.wording import Wording

BROADEST_STROKE = 25
"""What is broader than so many canvas pixels is no stroke of a drawing."""
REFERENCE_SIDE = 1024
"""Most pixels a side of a reference that goes to the engine."""
LINE_RIM = 7
"""Pixels inside the outline of what is painted where no edge is believed: it is the outline's own."""
_PIECE = 64
_STRETCHED, _SMOOTH = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation

Rgba = NDArray[np.uint8]
"""(height, width, 4) straight RGBA."""


@dataclass(frozen=True, eq=False)
class Guide:
    """A control layer as it was at one moment."""

    name: str
    """The layer's."""
    control: LayerControl
    rgba: Rgba
    """Its own pixels: of the region; of a reference what is painted, at most REFERENCE_SIDE a side."""


def guiding_layers(document: Document) -> tuple[Layer, ...]:
    """The layers that guide generation now, bottom to top; their eyes do not matter, their switches do."""
    return tuple(layer for layer in document.tree.walk() if layer.control is not None and layer.control.acts)


def concerns_guides(change: DocumentChange) -> bool:
    """Whether a layer may be another control layer now, without looking different."""
    return change.kind is ChangeKind.LAYER_SET and change.bounds.is_empty


async def gather_guides(document: Document, compositor: Compositor, bounds: Bounds) -> tuple[Guide, ...]:
    """The control layers that have something to say of a region (canvas pixels), in short slices."""
    found: list[Guide] = []
    for layer in guiding_layers(document):
        control = layer.control
        if control is None or layer not in document.tree:  # taken away while others were gathered
            continue
        if control.is_reference:
            rgba = await _gather_small(layer)
        elif layer.tile_extent().intersected(bounds).is_empty:
            continue
        else:
            rgba = await gather(document, compositor, bounds, draw=drawer_of(layer))
        if rgba is not None and rgba[..., 3].any():
            found.append(Guide(layer.name, control, rgba))
    return tuple(found)


def guides_now(document: Document, bounds: Bounds) -> tuple[Guide, ...]:
    """As `gather_guides`, in one go."""
    found: list[Guide] = []
    for layer in guiding_layers(document):
        control = layer.control
        if control is None or layer.tile_extent().is_empty:
            continue
        rgba = small_picture(layer) if control.is_reference else to_rgba(drawer_of(layer)(bounds))
        if rgba is not None and rgba[..., 3].any():
            found.append(Guide(layer.name, control, rgba))
    return tuple(found)


def drawer_of(layer: Layer) -> Callable[[Bounds], QImage]:
    """Draws pieces of one layer, or of what a group holds, shown or not; the window's thread."""

    def draw(piece: Bounds) -> QImage:
        image = QImage(piece.width, piece.height, FORMAT)
        image.fill(0)
        draws = plan(own_ops(layer), piece)
        if draws:
            paint(image, draws)
        return image

    return draw


# --- references


def small_picture(layer: Layer) -> Rgba | None:
    """What is painted on a layer, at most REFERENCE_SIDE a side; None for nothing. The window's thread."""
    shrunk = _Shrunk.of(layer)
    if shrunk is None:
        return None
    for piece in shrunk.places:
        shrunk.take(piece)
    return _cropped(shrunk.rgba)


async def _gather_small(layer: Layer) -> Rgba | None:
    shrunk = _Shrunk.of(layer)
    if shrunk is None:
        return None
    for number, piece in enumerate(shrunk.places):
        shrunk.take(piece)
        if number % 4 == 3:
            await asyncio.sleep(0)
    return _cropped(shrunk.rgba)


@dataclass(eq=False)
class _Shrunk:
    """A layer being drawn smaller by a whole number, piece by piece."""

    draw: Callable[[Bounds], QImage]
    area: Bounds
    step: int
    places: tuple[Bounds, ...]
    rgba: Rgba

    @classmethod
    def of(cls, layer: Layer) -> _Shrunk | None:
        box = layer.content_bounds()
        if box.is_empty:
            return None
        step = -(-max(box.width, box.height) // REFERENCE_SIDE)
        columns, rows = -(-box.width // step), -(-box.height // step)
        small = Bounds(0, 0, columns, rows)
        rgba = np.zeros((rows, columns, 4), np.uint8)
        return cls(drawer_of(layer), box, step, tuple(pieces(small, _PIECE)), rgba)

    def take(self, piece: Bounds) -> None:
        """Draws one piece, given in pixels of the small picture."""
        step, area = self.step, self.area
        large = Bounds(area.x + piece.x * step, area.y + piece.y * step, piece.width * step, piece.height * step)
        image = self.draw(large)
        if step > 1:
            image = image.scaled(piece.width, piece.height, _STRETCHED, _SMOOTH)
        self.rgba[piece.y : piece.bottom, piece.x : piece.right] = to_rgba(image)


def _cropped(rgba: Rgba) -> Rgba | None:
    """The box of everything painted."""
    rows, columns = np.flatnonzero(rgba[..., 3].any(axis=1)), np.flatnonzero(rgba[..., 3].any(axis=0))
    if not len(rows):
        return None
    return np.ascontiguousarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


# --- what networks follow; any thread


def with_guides(request: GenerationRequest, guides: Sequence[Guide], wording: Wording) -> GenerationRequest:
    """The request with what its control layers say, at its own size; any thread.

    Raises InvalidRequestError, naming the layer, where no model fits, and for more than an engine takes.
    """
    controls: list[ControlImage] = []
    references: list[ReferenceImage] = []
    size = (request.width, request.height)
    for guide in guides:
        control, model = guide.control, _model_of(guide, wording, request.model)
        course = {"start": control.start, "end": control.end}
        if control.is_reference:
            weight = control.weight if model else 1.0  # a painting model looks wholly or not at all
            references.append(ReferenceImage(guide.rgba, model, weight, **course))
            continue
        eyes = _eyes_on(guide, wording)
        picture = control_picture(control, guide.rgba)
        if size != (picture.shape[1], picture.shape[0]):
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        if control.kind == ControlKind.INPAINT and request.mask is not None:
            kept = np.minimum(picture[..., 3], 255 - request.mask)
            picture = np.dstack([picture[..., :3], kept])  # what is to be made anew is transparent
        kind = kind_in_request(control.kind)
        followed = ControlImage(model, picture, control.weight, control.start, control.end, kind)
        controls.append(followed if eyes is None else eyes.put_before(followed))
    for count, most in ((len(controls), MAX_CONTROLS), (len(references), MAX_REFERENCES)):
        if count > most:
            sentence = QCoreApplication.translate(
                "capture",
                "{count} control layers of one sort reach in there; {most} at most can act at once. "
                "Switch some of them off.",
            )
            raise InvalidRequestError("controls", sentence.format(count=count, most=most))
    return replace(request, controls=tuple(controls), references=tuple(references)) if guides else request


def _model_of(guide: Guide, wording: Wording, model_id: str) -> str:
    from desktop.generation.control_models import model_for  # not for every start

    with _naming(guide):
        return model_for(guide.control, wording, model_id)


def _eyes_on(guide: Guide, wording: Wording) -> Eyes | None:
    from desktop.generation.seeing import eyes_on

    with _naming(guide):
        return eyes_on(guide.control, guide.rgba, wording)


@contextmanager
def _naming(guide: Guide) -> Iterator[None]:
    """Within it refusals name the layer."""
    try:
        yield
    except InvalidRequestError as error:
        sentence = QCoreApplication.translate("capture", "Control layer “{name}”: {reason}")
        raise InvalidRequestError(error.field, sentence.format(name=guide.name, reason=spoken(str(error)))) from error


def kind_in_request(kind: str) -> ControlKind:
    """The kind as the engine knows it; UNKNOWN for one of a later version."""
    return ControlKind(kind) if kind in tuple(ControlKind) else ControlKind.UNKNOWN


def control_picture(control: LayerControl, rgba: Rgba) -> Rgba:
    """What a network follows, (h, w, 4), from a layer's own pixels; any thread."""
    from pipelines.planning.control import MADE, ControlSettings, control_image, drawn_lines

    kind, source = kind_in_request(control.kind), control.source
    if source is Source.READY or kind not in MADE:
        return rgba
    if source is Source.AUTO and kind in LINES and looks_ready(rgba):
        return rgba
    if kind in LINES and (source is Source.DRAWN or (source is Source.AUTO and looks_drawn(rgba[..., 3]))):
        return _with_alpha(drawn_lines(rgba))
    alpha = rgba[..., 3]
    whole = int(alpha.min()) == 255
    made = _with_alpha(control_image(kind, _filled(rgba), ControlSettings(control.detail, control.thickness)))
    if kind in LINES and not whole:
        side = np.ones((LINE_RIM, LINE_RIM), np.uint8)
        painted = (alpha > 127).astype(np.uint8)
        inside = cv2.erode(painted, side, borderType=cv2.BORDER_CONSTANT, borderValue=1)
        made = np.asarray(cv2.bitwise_and(made, made, mask=inside), np.uint8)
    made[..., 3] = 255 if kind in LINES else alpha
    return made


def looks_drawn(alpha: NDArray[np.uint8]) -> bool:
    """Whether nothing but strokes is painted, (h, w): then what surrounds a place is the paper between them."""
    painted = (alpha > 127).astype(np.uint8)
    broad = cv2.erode(painted, np.ones((BROADEST_STROKE, BROADEST_STROKE), np.uint8))
    return bool(painted.any()) and int(broad.sum()) * 50 < int(painted.sum())


def looks_ready(rgba: Rgba) -> bool:
    """Whether a picture is white lines on black already."""
    if int(rgba[..., 3].min()) < 255:
        return False
    red, green, blue, _ = cv2.split(np.ascontiguousarray(rgba[::3, ::3]))
    low = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    high = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    plain = float(((high - low) <= 24).mean()) > 0.98
    return plain and 0.5 < float(high.mean()) < 90.0 and float(((high < 32) | (high > 192)).mean()) > 0.85


def _filled(rgba: Rgba) -> NDArray[np.uint8]:
    """RGB with the mean colour where nothing is painted."""
    rgb = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), np.uint8)
    painted = np.asarray(cv2.inRange(rgba[..., 3], 128, 255), np.uint8)
    if cv2.countNonZero(painted) == painted.size:
        return rgb
    mean = np.rint(cv2.mean(rgb, mask=painted)[:3]).astype(np.uint8)
    filled = np.empty_like(rgb)
    filled[:] = mean
    return np.asarray(cv2.copyTo(rgb, painted, filled), np.uint8)


def _with_alpha(rgb: NDArray[np.uint8]) -> Rgba:
    """Opaque."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2RGBA), np.uint8)
