"""Symmetry from the menu: one at a time, shown as ticked, its centre where it was put."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from desktop.main_window import MainWindow
from desktop.view.tools import mirroring


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def test_symmetries_exclude_each_other_and_switch_off_again(window: MainWindow) -> None:
    kinds = ("vertical", "horizontal", "both", "radial")
    for kind in kinds:
        action(window, f"symmetry.{kind}").trigger()
        symmetry = mirroring.symmetry_of(window.view, "smudge")
        assert symmetry is not None
        assert symmetry.kind == kind
        assert [action(window, f"symmetry.{other}").isChecked() for other in kinds] == [
            other == kind for other in kinds
        ]
    action(window, "symmetry.radial").trigger()
    assert mirroring.symmetry_of(window.view, "brush") is None
    assert not action(window, "symmetry.radial").isChecked()


def test_the_centre_is_in_the_frame_until_it_is_put_elsewhere(window: MainWindow) -> None:
    view = window.view
    action(window, "symmetry.vertical").trigger()
    symmetry = mirroring.symmetry_of(view, "brush")
    assert symmetry is not None
    assert (symmetry.x, symmetry.y) == tuple(view.document.frame.center)
    action(window, "tool.symmetry-centre").trigger()
    symmetry = mirroring.symmetry_of(view, "brush")
    assert symmetry is not None
    wanted = view.cursor_on_canvas()
    assert abs(symmetry.x - wanted[0]) <= 0.25
    assert abs(symmetry.y - wanted[1]) <= 0.25
    action(window, "tool.symmetry-frame").trigger()
    assert view.symmetry_center is None


def test_the_new_tools_are_taken_in_hand_by_their_keys(window: MainWindow) -> None:
    for tool, key in (("smudge", Qt.Key.Key_K), ("clone", Qt.Key.Key_S)):
        chosen = action(window, f"tool.{tool}")
        assert chosen.shortcut().matches(key)
        chosen.trigger()
        assert window.view.tool_id == tool
        assert window.view.brush == window.view.brush_of(tool)
