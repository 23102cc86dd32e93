"""What is asked for when a painting is made larger."""

from __future__ import annotations

import numpy as np

from canvas.geometry import Bounds
from canvas.layer_control import LayerControl
from canvas.pixels import from_rgba
from desktop.generation.form import GenerationSettings
from desktop.generation.upscaling import Enlargement, capture_enlargement
from tests.desktop.generation.test_controller import Trip, paint
from tests.desktop.generation.test_controls import CANNY, PAINTER, WORDING, add, picture, strokes


async def test_painting_over_follows_the_control_layers_and_plain_enlarging_asks_no_model(trip: Trip) -> None:
    document, region = trip.document, Bounds(0, 0, 128, 128)
    document.set_frame(region)
    paint(trip, region)
    layer = add(document, strokes(), LayerControl("canny"))
    settings = GenerationSettings("stone", model=PAINTER.id, random_seed=False, seed=3)

    async def controls(detail: float) -> list[tuple[str, tuple[int, ...]]]:
        wanted = Enlargement(2.0, detail=detail, prompt="stone")
        asked = (await capture_enlargement(trip.session, settings, wanted, WORDING)).request
        return [(one.model, one.image.shape) for one in asked.controls]

    assert await controls(0.4) == [(CANNY.id, (128, 128, 4))]
    assert await controls(0.0) == []
    document.put_image(layer, 0, 0, from_rgba(np.zeros_like(picture())))
    document.set_layer(layer, control=None)
    assert await controls(0.4) == []
