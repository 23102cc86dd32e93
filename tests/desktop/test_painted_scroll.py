"""A painted scroll comes as a painting in layers, the same for the same seed."""

from pathlib import Path

import numpy as np
import pytest

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from desktop import painted_scroll
from desktop.main_window import MainWindow
from desktop.session import Session
from pipelines.starter.painter.scroll import LAYER_NAMES, paint_scroll
from tests.desktop.conftest import Scenario, until


def test_a_scroll_has_the_painters_layers_pixel_for_pixel(run: Scenario, tmp_path: Path, qapp: object) -> None:
    assert painted_scroll.LAYERS == LAYER_NAMES
    session: Session = run(painted_scroll.painted_session(7, tmp_path))
    wanted = paint_scroll(7, painted_scroll.WIDTH, painted_scroll.HEIGHT)
    area = Bounds(0, 0, painted_scroll.WIDTH, painted_scroll.HEIGHT)
    layers = session.document.tree.root.children
    assert len(layers) == 4
    for name, layer in zip(LAYER_NAMES, layers, strict=True):
        assert isinstance(layer, PaintLayer)
        found = to_rgba(layer.surface.read(area))
        seen = wanted.layers[name][..., 3] == 255
        assert np.array_equal(found[seen], wanted.layers[name][seen])
    flat = to_rgba(session.compositor.flatten(area))[..., :3].astype(int)
    assert np.abs(flat - wanted.flattened()).mean() < 1
    assert not session.document.history.can_undo
    assert not session.is_untouched
    run(session.close())


def test_the_action_opens_it_in_the_place_of_an_untouched_painting(window: MainWindow, run: Scenario) -> None:
    program = window.program

    async def trip() -> None:
        window.actions_by_id["file.new-scroll"].trigger()
        await until(lambda: window not in program.windows and len(program.windows) == 1)

    run(trip())
    assert len(list(program.windows[0].session.document.tree.paint_layers())) == 4


def test_a_painter_that_fails_is_said_in_a_sentence(
    run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(painted_scroll, "HEIGHT", 9)
    with pytest.raises(CanvasError, match="could not be painted"):
        run(painted_scroll.painted_session(7, tmp_path))
