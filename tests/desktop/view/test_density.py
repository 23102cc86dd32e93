"""On screens of other densities 100 % still means one canvas pixel per pixel of the screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds, PointF
from canvas.selection import Selection
from dataclasses import replace
from desktop.view.canvas_view import CanvasView

app = QApplication([])
document = Document.new(Bounds(5000, 0, 64, 64))
compositor = Compositor(document, QColor("white"))
picture = QImage(300, 41, QImage.Format.Format_ARGB32_Premultiplied)
for y in range(41):
    for x in range(300):
        picture.setPixelColor(x, y, QColor(x % 256, y * 6, (x * y) % 256))
document.put_image(document.active, -140, -20, picture)
view = CanvasView(document, compositor)
view.resize(301, 203)
view.show()
app.processEvents()
view.set_camera(replace(view.camera, center=PointF(0.4, 0.2)))
shown = view.grab().toImage()
ratio = view.camera.ratio
assert ratio == view.devicePixelRatioF() == RATIO, ratio
x, y = (int(v) for v in view.camera.to_device(-140, -20))
cut = shown.copy(x, y, 300, 41)
cut.setDevicePixelRatio(1)
wanted = picture.convertToFormat(QImage.Format.Format_RGB32)
assert cut.convertToFormat(QImage.Format.Format_RGB32) == wanted
document.set_selection(Selection.rectangle(Bounds(-30, -10, 60, 20)))
assert view.grab().toImage().pixelColor(x + 110, y + 10) in (QColor("white"), QColor(32, 32, 32))
"""


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_hundred_percent_is_exact_at_other_densities(ratio: float) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": str(ratio), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("RATIO", str(ratio))],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
