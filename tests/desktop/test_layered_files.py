"""Photoshop and Krita files in the window: opened, exported, stopped half way, and what was lost is said."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import psd_reading
from canvas.formats.layered import LayeredPicture
from canvas.formats.psd_writing import write_psd
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from canvas.project.project import Project
from desktop import headless, layered_files
from desktop.layered_files import READABLE, export_layered, open_layered, shortened
from desktop.main_window import MainWindow
from desktop.program import LAYERED, Program, is_painting
from desktop.progress_card import ProgressCard
from tests.canvas.formats.painted import blob, difference, everything, look, painted, paper, picture
from tests.desktop.conftest import Scenario, until

REFERENCE = Path(__file__).parents[1] / "reference" / "formats"


def test_all_kinds_are_paintings() -> None:
    assert LAYERED == READABLE
    assert all(is_painting(Path(f"A{suffix.upper()}")) for suffix in LAYERED)


async def opening(program: Program, window: MainWindow, path: Path) -> MainWindow:
    """The window of a file that took the place of an untouched one."""
    await program.open_files([path], window)
    await until(lambda: window not in program.windows)
    (opened,) = program.windows
    return opened


def test_a_photoshop_file_opens_as_a_painting(
    program: Program, window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    write_psd(tmp_path / "山水.psd", picture(everything()))
    opened = run(opening(program, window, tmp_path / "山水.psd"))
    assert opened.session.untitled
    assert opened.session.title == "山水"
    assert opened.banner.isHidden()
    document = opened.session.document
    names = [layer.name for layer in document.tree.root.children]
    assert names == ["Paper", "红 ink", "组", "hidden", "masked", "faded", "base", "clip", "empty"]
    assert document.frame == Bounds(0, 0, 160, 120)
    assert not document.history.can_undo
    shown = to_rgba(opened.session.compositor.flatten(document.frame))
    assert difference(shown, look(picture(everything())))[1] <= 2
    run(opened.session.save())
    again = Project.open(_copied(opened.session.path, tmp_path))
    assert [layer.name for layer in again.document.tree.root.children] == names
    again.close()


def _copied(path: Path, folder: Path) -> Path:
    from canvas.project.reader import snapshot

    snapshot(path, folder / "copy.scroll")
    return folder / "copy.scroll"


@pytest.mark.parametrize(
    ("name", "words"), [("krita-16-bit.kra", "8 bit RGBA"), ("krita-masks.kra", ""), ("gimp.psd", "")]
)
def test_files_of_others_open_and_what_is_lost_is_said(
    program: Program, window: MainWindow, run: Scenario, name: str, words: str
) -> None:
    opened = run(opening(program, window, REFERENCE / name))
    assert not opened.session.document.content_bounds().is_empty
    assert opened.banner.isHidden() is not bool(words)
    assert words in opened.banner.text.text()


def test_a_damaged_file_leaves_the_window_as_it_is(
    program: Program, window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "bad.psd").write_bytes(b"8BPS" + bytes(60))
    with pytest.raises(CanvasError, match=r"bad\.psd"):
        run(program.open_files([tmp_path / "bad.psd"], window))
    assert program.windows == [window]


def test_opening_can_be_stopped(
    program: Program, window: MainWindow, run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.progress_card.PATIENCE", 0.0)
    plain = np.full((1500, 1500, 4), 200, np.uint8)
    write_psd(tmp_path / "a.psd", LayeredPicture(64, 64, [painted(f"{n}", plain) for n in range(20)]))
    before = sorted(window.session.path.parent.iterdir())

    async def scenario() -> None:
        opening = asyncio.ensure_future(program.open_files([tmp_path / "a.psd"], window))
        await until(lambda: any(card.isVisible() for card in window.view.findChildren(ProgressCard)))
        card = window.view.findChildren(ProgressCard)[0]
        assert "a.psd" in card.title.text()
        QTest.mouseClick(card.stop_button, Qt.MouseButton.LeftButton)
        await opening

    run(scenario())
    assert program.windows == [window]
    assert sorted(window.session.path.parent.iterdir()) == before


def test_export_to_photoshop_and_back(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    document = window.session.document
    for layer in everything():
        document.add_layer(layer)
    parts: list[float] = []
    assert run(export_layered(window.session, tmp_path / "a.psd", parts.append)) == ""
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    back = psd_reading.read(tmp_path / "a.psd")
    assert any(isinstance(layer, GroupLayer) for layer in back.layers)
    whole = document.content_bounds().united(document.frame)
    assert (back.width, back.height) == (whole.width, whole.height)
    shown = to_rgba(window.session.compositor.flatten(whole))
    assert difference(shown, look(back))[1] <= 2


def test_a_cancelled_export_leaves_no_file(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    window.session.document.add_layer(painted("large", np.tile(blob(700, 700, 1), (3, 3, 1))))

    async def scenario() -> None:
        parts: list[float] = []
        task = asyncio.ensure_future(export_layered(window.session, tmp_path / "a.psd", parts.append))
        await until(lambda: parts and parts[-1] > 0.4)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    run(scenario())
    assert list(tmp_path.glob("*.psd")) == []
    assert list(tmp_path.glob(".*")) == []


def test_a_cancelled_opening_leaves_no_painting(run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_psd(tmp_path / "a.psd", picture([painted("Paper", paper())]))

    async def scenario() -> None:
        task = asyncio.ensure_future(open_layered(tmp_path / "a.psd", tmp_path / "data"))
        made = layered_files.untitled_project

        def creating(*arguments: object) -> Project:
            loop.call_soon_threadsafe(task.cancel)
            return made(*arguments)  # pyright: ignore[reportArgumentType]

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(layered_files, "untitled_project", creating)
        await asyncio.wait([task])
        assert task.cancelled()

    run(scenario())
    assert list((tmp_path / "data" / "untitled").iterdir()) == []


def test_long_notes_are_cut() -> None:
    assert shortened(["One.", "Two.", "One."]) == "One. Two."
    assert shortened([f"{n}." for n in range(9)]) == "0. 1. 2. 3. (5 more of this kind.)"


def test_the_command_line_writes_photoshop_files(
    qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Document(Bounds(0, 0, 160, 120))
    for layer in everything()[:3]:
        document.add_layer(layer)
    Project.create(tmp_path / "a.scroll", document).close()
    asked = argparse.Namespace(project=tmp_path / "a.scroll", out=tmp_path / "a.psd", json=True, bounds="frame")
    assert headless.export(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["width"], answer["height"]) == (160, 120)
    back = psd_reading.read(tmp_path / "a.psd")
    assert [layer.name for layer in back.layers] == ["Paper", "红 ink", "组"]
    assert isinstance(back.layers[0], PaintLayer)
