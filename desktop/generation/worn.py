"""Which add-ons a job of this painting would wear or follow, for forecasts: nothing is drawn, nothing is read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from canvas.document import Document
from canvas.geometry import Bounds
from desktop.generation.controls import guiding_layers
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import GenerationRequest
from pipelines.planning.beside import Worn, looking_at, worn_in

if TYPE_CHECKING:
    from desktop.generation.wording import Wording


def worn_by(request: GenerationRequest, wording: Wording) -> tuple[Worn, ...]:
    """What a request names of the library, and what the model that paints is shown."""
    painter = next((info for info in wording.models if info.id == request.model), None)
    return worn_in(request, {info.id: info for info in wording.addons}, painter)


def worn_for_layers(document: Document, bounds: Bounds, wording: Wording, model_id: str) -> tuple[Worn, ...]:
    """What the control layers that reach into a region (canvas pixels) would be followed with, and what references
    would be looked at."""
    from desktop.generation.control_models import model_for, painter_of  # not for every start

    known = {info.id: info for info in wording.addons}
    found: list[Worn] = []
    for layer in guiding_layers(document):
        control, extent = layer.control, layer.tile_extent()
        if control is None or extent.is_empty:
            continue
        if not control.is_reference and extent.intersected(bounds).is_empty:
            continue
        with suppress(InvalidRequestError):  # said where it is painted
            model, share = model_for(control, wording, model_id), control.end - control.start
            if control.is_reference:
                looker, size = (
                    known.get(model) if model else painter_of(wording, model_id),
                    (extent.width, extent.height),
                )
                found += [] if looker is None else looking_at(size, looker, share, known)
            elif model in known:
                found.append(Worn(known[model], share))
    return tuple(found)
