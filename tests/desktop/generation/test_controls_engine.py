"""From a control layer on the canvas to a picture that follows it, with a real network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layer_control import LayerControl
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from desktop.generation.capture import Terms, capture
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.wording import Wording
from pipelines.contract.models import Family, ModelInfo
from tests.desktop.generation.test_controls import picture
from tests.pipelines.worktop import Worktop

FRAME = Bounds(0, 0, 64, 64)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelInfo, ModelInfo]:
    """A tiny model and a network that steers it by edges."""
    from pipelines.miniatures.control import control_info, controlnet_for, write_control
    from pipelines.miniatures.sd import sd1_pipeline
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("models")
    pipe = sd1_pipeline()
    painter = info_of(write_folder(pipe, root / "sd1"), Family.SD1)
    return painter, control_info(write_control(controlnet_for(pipe.unet), root / "control_sd15_canny"), Family.SD1)


@pytest.mark.slow
def test_what_a_layer_says_is_followed(qapp, models: tuple[ModelInfo, ModelInfo]) -> None:
    painter, net = models
    document, bench = Document.new(FRAME), Worktop(painter, net)
    base, layer = document.active, PaintLayer("Lines")
    assert isinstance(base, PaintLayer)
    document.put_image(base, 0, 0, from_rgba(np.full((64, 64, 4), (90, 160, 90, 255), np.uint8)))
    document.add_layer(layer)
    document.put_image(layer, 0, 0, from_rgba(picture(64, 64)))
    document.set_layer(layer, control=LayerControl("canny"))
    settings = GenerationSettings(
        "hills", "", painter.id, 2, 1.0, random_seed=False, seed=7, num_images_per_prompt=1, mode=Mode.GENERATE
    )
    terms = Terms(wording=Wording(models=(painter,), addons=(net,)))
    compositor = Compositor(document, QColor("white"))

    def painted(mode: Mode, **changes: object) -> np.ndarray:
        document.set_layer(layer, control=replace(LayerControl("canny"), **changes))  # type: ignore[arg-type]
        request = capture(document, compositor, replace(settings, mode=mode), terms).request
        assert [one.model for one in request.controls] == ([] if changes else [net.id])
        return bench.paint(request)

    document.set_selection(Selection.rectangle(Bounds(16, 16, 32, 32)))
    for mode in (Mode.GENERATE, Mode.FILL):
        assert np.abs(painted(mode) - painted(mode, on=False))[..., :3].max() > 8, mode
