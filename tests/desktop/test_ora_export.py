"""Exporting layers while the painter goes on: the file is of the moment at which the export began."""

import asyncio
from pathlib import Path

from PySide6.QtGui import QColor, QImage

from canvas.adjustments import Levels
from canvas.formats.ora_reading import read_ora
from canvas.layers import AdjustmentLayer, PaintLayer
from canvas.tile import FORMAT
from desktop.layered_files import export_ora
from desktop.main_window import MainWindow
from tests.desktop.conftest import Scenario


def filled(colour: str) -> QImage:
    image = QImage(600, 500, FORMAT)
    image.fill(QColor(colour))
    return image


def test_the_file_is_of_the_moment_at_which_the_export_began(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    document = window.session.document
    layer = next(document.tree.paint_layers())
    document.put_image(layer, 0, 0, filled("#ff0000"))
    document.add_layer(AdjustmentLayer("levels", Levels(out_white=0.5)))
    seen: list[float] = []

    async def scenario() -> None:
        task = asyncio.ensure_future(export_ora(window.session, tmp_path / "a.ora", seen.append))
        await asyncio.sleep(0)
        document.put_image(layer, 0, 0, filled("#00ff00"))
        document.add_layer(PaintLayer("later"))
        assert not await task  # others see a picture of the adjustment

    run(scenario())
    found = read_ora(tmp_path / "a.ora").layers
    assert [type(one) for one in found] == [PaintLayer, AdjustmentLayer]
    painted = found[0]
    assert isinstance(painted, PaintLayer)
    assert painted.surface.read(painted.content_bounds()).pixelColor(300, 300) == QColor("#ff0000")
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
