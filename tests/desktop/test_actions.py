"""The table of actions: ids, keys and menus hold together."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from desktop.actions.table import ACTIONS, MENUS
from desktop.theme import ICON_FOLDER

PROMISED = """
    file.new file.open file.save file.save-as file.export file.import file.close file.quit edit.undo edit.redo
    edit.cut edit.copy edit.paste edit.clear edit.preferences select.all select.none select.invert select.grow
    select.shrink select.feather layer.add layer.group layer.duplicate layer.delete layer.up layer.down
    layer.rename layer.toggle-visible layer.lock tool.brush tool.eraser tool.eyedropper tool.lasso tool.rectangle
    tool.frame tool.move tool.hand brush.larger brush.smaller brush.softer brush.harder color.swap color.default
    view.zoom-in view.zoom-out view.fit view.100 view.rotate-left view.rotate-right view.reset view.mirror
    view.canvas-only generate.run generate.accept generate.discard generate.next generate.previous generate.again
    generate.cancel models.folders help.welcome help.about help.shortcuts palette.open
""".split()  # noqa: SIM905 - a table reads better than a list of strings


def test_the_promised_ids_are_there_once() -> None:
    counts = Counter(spec.id for spec in ACTIONS)
    assert set(PROMISED) <= set(counts)
    assert max(counts.values()) == 1


def test_no_two_actions_share_a_key_of_the_window() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys  # every one is a key that Qt knows


def test_canvas_keys_are_no_window_keys() -> None:
    window = {QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys}
    canvas = {QKeySequence(key).toString() for spec in ACTIONS for key in spec.canvas_keys}
    assert "" not in canvas
    assert not window & canvas


def test_only_actions_with_conditions_share_a_canvas_key() -> None:
    seen: dict[str, list[str]] = {}
    for spec in ACTIONS:
        for key in spec.canvas_keys:
            seen.setdefault(key, []).append(spec.needs)
    for needs in seen.values():
        assert all(needs[:-1])  # every one before the last can be impossible, else the last is never reached


def test_menus_and_icons_exist() -> None:
    menus = {name for name, _ in MENUS}
    for spec in ACTIONS:
        assert not spec.menu or spec.menu in menus, spec.id
        assert not spec.icon or (ICON_FOLDER / f"{spec.icon}.svg").is_file(), spec.id
        assert spec.text
        assert spec.tip
