"""Which add-ons a job of this painting would wear or follow, for forecasts: nothing is drawn, nothing is read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from canvas.document import Document
from canvas.geometry import Bounds
from desktop.generation.controls import guiding_layers
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import GenerationRequest
from pipelines.planning.beside import Worn, worn_in

if TYPE_CHECKING:
    from desktop.generation.wording import Wording


def worn_by(request: GenerationRequest, wording: Wording) -> tuple[Worn, ...]:
    """What a request names of the library."""
    return worn_in(request, {info.id: info for info in wording.addons})


def worn_for_layers(document: Document, bounds: Bounds, wording: Wording, model_id: str) -> tuple[Worn, ...]:
    """What the control layers that reach into a region (canvas pixels) would be followed with."""
    from desktop.generation.control_models import model_for  # not for every start

    found: list[Worn] = []
    for layer in guiding_layers(document):
        control, extent = layer.control, layer.tile_extent()
        if control is None or extent.is_empty:
            continue
        if not control.is_reference and extent.intersected(bounds).is_empty:
            continue
        with suppress(InvalidRequestError):  # said where it is painted
            info = wording.addon(model_for(control, wording, model_id))
            if info is not None:
                found.append(Worn(info, control.end - control.start))
    return tuple(found)
