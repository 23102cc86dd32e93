"""Smudge, clone, straight lines, strings, symmetry and masks with real events in a real view."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy

from canvas.adjustments import Levels
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, PaintLayer
from canvas.selection import Selection
from desktop.view.canvas_view import CanvasView
from desktop.view.tools import mirroring
from desktop.view.tools.cloning import CloneTool
from tests.canvas.naive import noise, solid, words
from tests.desktop.view.gestures import drag, hold, move, pen, press, release, tap

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
WINDOW = Bounds(-100, -100, 500, 500)


def plain(view: CanvasView, tool: str, **changes: object) -> None:
    view.set_tool(tool)
    brush = replace(view.brush, size=20, hardness=1.0, opacity=1.0, smoothing=0.0, dynamics=())
    view.set_brush(replace(brush, **changes))  # type: ignore[arg-type]
    view.set_color(QColor(200, 30, 40))
    view.document.replace_frame(Bounds(0, 0, 256, 256))


def layer_of(document: Document) -> PaintLayer:
    active = document.active
    assert isinstance(active, PaintLayer)
    return active


def alpha_of(view: CanvasView) -> np.ndarray:
    return words(view.compositor.flatten(WINDOW))[..., 3].astype(int)


def shot(view: CanvasView) -> QImage:
    return view.grab().toImage()


def test_shift_draws_a_straight_line_from_the_end_of_the_last_stroke(view: CanvasView, document: Document) -> None:
    plain(view, "brush")
    drag(view, [(10, 10), (30, 10), (40, 12)])
    before = shot(view)
    move(view, 90, 120, button=Qt.MouseButton.NoButton, keys=SHIFT)
    assert shot(view) != before  # the line is seen before it is painted
    drag(view, [(90, 120), (110, 120)], keys=SHIFT)
    assert document.history.names == ("Brush stroke", "Brush stroke")
    alpha = alpha_of(view)
    for part in np.linspace(0, 1, 9):
        assert alpha[round(112 + 108 * part), round(140 + 50 * part)] == 255
    assert alpha[220, 208] == 255
    move(view, 200, 200, button=Qt.MouseButton.NoButton)
    document.undo()
    document.undo()
    assert document.content_bounds().is_empty


def test_the_string_pulls_the_brush_and_is_seen(view: CanvasView, document: Document) -> None:
    plain(view, "brush", stabiliser="string", string_length=50.0)
    press(view, 20, 50)
    move(view, 60, 50)
    assert document.content_bounds().is_empty
    move(view, 160, 50)
    move(view, 180, 50)
    x, y = view.camera.to_view(160, 50)
    crossing = [shot(view).pixelColor(int(x), int(y) + n).lightness() for n in range(-3, 4)]
    assert max(crossing) - min(crossing) > 30
    release(view, 180, 50)
    assert document.content_bounds().right <= 142


@pytest.mark.parametrize("tool", ["brush", "eraser", "smudge"])
def test_symmetry_repeats_the_gesture_around_the_frame_in_one_step(
    view: CanvasView, document: Document, tool: str
) -> None:
    plain(view, tool)
    if tool != "brush":
        document.put_image(layer_of(document), 28, 28, solid(200, 200, (10, 20, 30, 255)))
    view.options.set_value(tool, mirroring.KIND, "both")
    steps = len(document.history.names)
    drag(view, [(60, 60), (40, 60), (10, 62), (6, 62)])
    assert len(document.history.names) == steps + 1
    alpha = alpha_of(view)[100:356, 100:356]
    assert alpha[60, 20] == (0 if tool == "eraser" else pytest.approx(255, abs=120))
    for mirrored in (alpha[::-1], alpha[:, ::-1], alpha[::-1, ::-1]):
        assert np.abs(mirrored - alpha).mean() < 0.5
    document.undo()
    assert alpha_of(view)[100:356, 100:356][60, 20] == 0


def test_the_axes_are_drawn_and_follow_the_centre(view: CanvasView, document: Document) -> None:
    plain(view, "brush")
    bare = shot(view)
    view.options.set_value("brush", mirroring.KIND, "vertical")
    view.update()
    lined = shot(view)
    assert lined != bare
    view.symmetry_center = (40.0, 128.0)
    view.update()
    assert shot(view) != lined
    drag(view, [(60, 100), (60, 120)])
    assert alpha_of(view)[210, 120] == 255
    assert mirroring.symmetry_of(view, "eraser") == mirroring.symmetry_of(view, "brush")


def test_smudge_drags_paint_and_escape_takes_it_back(view: CanvasView, document: Document) -> None:
    document.put_image(layer_of(document), 0, 0, solid(60, 120, (10, 20, 30, 255)))
    plain(view, "smudge", flow=0.95)
    before = alpha_of(view)
    press(view, 50, 60)
    for x in (60, 70, 85, 100):
        move(view, x, 60)
    assert alpha_of(view).tolist() == before.tolist()  # flattening shows what is committed
    tap(view, Qt.Key.Key_Escape)
    assert len(document.history.names) == 1
    drag(view, [(50, 60), (60, 60), (75, 60), (100, 60)])
    assert document.history.undo_name == "Smudge"
    assert alpha_of(view)[160, 170] > 60
    document.undo()
    assert np.array_equal(alpha_of(view), before)


def test_alt_on_the_clone_tool_sets_the_source_and_strokes_copy_from_there(
    view: CanvasView, document: Document
) -> None:
    document.put_image(layer_of(document), 0, 0, noise(80, 80, 4))
    plain(view, "clone")
    said = QSignalSpy(view.message)
    drag(view, [(150, 40), (170, 40)])
    assert "Alt" in said.at(0)[0]
    assert len(document.history.names) == 1
    colour = view.color
    hold(view, Qt.Key.Key_Alt, True)
    drag(view, [(40, 40), (41, 40)], keys=ALT)
    hold(view, Qt.Key.Key_Alt, False)
    tool = view.tools["clone"]
    assert isinstance(tool, CloneTool)
    assert tool.source == (40, 40)
    assert view.color == colour
    drag(view, [(150, 40), (155, 40), (160, 40)])
    assert document.history.undo_name == "Clone"
    found = words(view.compositor.flatten(WINDOW)).astype(int)
    assert np.array_equal(found[135:146, 250:261], found[135:146, 140:151])
    assert tool.source == (50, 40)
    drag(view, [(150, 60), (151, 60)])  # aligned: the distance stays
    found = words(view.compositor.flatten(WINDOW)).astype(int)
    assert np.array_equal(found[157:163, 248:253], found[157:163, 138:143])


def test_clone_reads_the_chosen_layer_or_everything(view: CanvasView, document: Document) -> None:
    document.put_image(layer_of(document), 0, 0, solid(60, 60, (10, 200, 30, 255)))
    above = PaintLayer("above")
    document.add_layer(above)
    document.active = above
    plain(view, "clone")
    drag(view, [(30, 30)], keys=ALT)
    tool = view.tools["clone"]
    sample = next(option for option in tool.options if option.name == "sample")
    view.options.set_value("clone", sample, "layer")
    drag(view, [(150, 30), (160, 30)])
    assert above.content_bounds().is_empty
    view.options.set_value("clone", sample, "all")
    drag(view, [(150, 30), (160, 30)])
    assert above.content_bounds().contains(Bounds(145, 25, 15, 10))


def test_a_selection_bounds_smudge_and_clone(view: CanvasView, document: Document) -> None:
    document.put_image(layer_of(document), 0, 0, noise(80, 80, 4))
    document.set_selection(Selection.rectangle(Bounds(100, 30, 20, 20)))
    plain(view, "clone", size=60)
    drag(view, [(40, 40)], keys=ALT)
    before = words(view.compositor.flatten(WINDOW)).astype(int)
    drag(view, [(110, 40), (115, 40)])
    changed = np.argwhere((words(view.compositor.flatten(WINDOW)) != before).any(axis=2)) - 100
    assert changed.min(axis=0).tolist() == [30, 100]
    assert changed.max(axis=0).tolist() == [49, 119]


def test_black_on_a_mask_hides_and_white_shows_again(view: CanvasView, document: Document) -> None:
    layer = layer_of(document)
    document.put_image(layer, 0, 0, solid(200, 200, (10, 200, 30, 255)))
    document.add_mask(layer, Selection.none(), False)
    assert layer.mask is not None
    document.active = layer.mask
    plain(view, "brush")
    view.set_color(QColor("black"))
    drag(view, [(50, 50), (90, 50)])
    assert alpha_of(view)[150, 170] == 0
    view.set_color(QColor("white"))
    drag(view, [(50, 50), (90, 50)])
    assert alpha_of(view)[150, 170] == 255


def test_an_adjustment_layer_takes_no_paint_and_says_so(view: CanvasView, document: Document) -> None:
    levels = AdjustmentLayer("levels", Levels())
    document.add_layer(levels)
    document.active = levels
    plain(view, "brush")
    said = QSignalSpy(view.message)
    drag(view, [(50, 50), (90, 50)])
    assert said.count() == 1
    assert document.content_bounds().is_empty


def test_a_light_pen_draws_its_line_as_hard_as_the_stroke_before(view: CanvasView, document: Document) -> None:
    plain(view, "brush")
    view.set_brush(view.brush.with_pressure(size=True))
    for kind, x, weight in (
        (QEvent.Type.TabletPress, 10, 1.0),
        (QEvent.Type.TabletMove, 30, 1.0),
        (QEvent.Type.TabletRelease, 30, 0.0),
    ):
        pen(view, kind, (x, 20), weight)
    width = alpha_of(view)[:, 125].astype(bool).sum()
    press(view, 30, 120, keys=SHIFT)
    release(view, 30, 120, keys=SHIFT)
    column = alpha_of(view)[170, :].astype(bool).sum()
    assert column == pytest.approx(int(width), abs=2)
