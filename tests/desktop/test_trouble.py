"""The window when its file is in trouble: it says so, offers what helps, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton

from canvas.geometry import Bounds, PointF
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from canvas.project.schema import connect
from desktop.dialogs.properties import PropertiesDialog
from desktop.main_window import MainWindow
from desktop.program import Program
from desktop.session import UNTITLED_FOLDER, Session
from tests.canvas.project.test_trouble import fill_the_disk, free_the_disk
from tests.desktop.conftest import Scenario, until

BLUE = Bounds(0, 0, 300, 300)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("canvas.project.writer.RETRY", 0.1)


def paint(session: Session, bounds: Bounds, seed: int = 0) -> None:
    rgba = np.random.default_rng(seed).integers(0, 256, (bounds.height, bounds.width, 4), dtype=np.uint8)
    rgba[..., 3] = 255
    layer = session.document.active
    assert isinstance(layer, PaintLayer)
    session.document.put_image(layer, bounds.x, bounds.y, from_rgba(rgba))


def made(path: Path, run: Scenario, tmp_path: Path) -> Path:
    """A painting on the disk."""
    session = Session.new(tmp_path / "elsewhere")
    paint(session, BLUE)
    run(session.save_as(path))
    run(session.close())
    return path


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.banner.findChild(QPushButton, name)
    assert found is not None
    return found


def break_a_tile(path: Path) -> None:
    connection = connect(path)
    connection.execute("UPDATE blob SET data = substr(data, 1, length(data) - 9) WHERE hash = (SELECT hash FROM tile)")
    connection.close()


def test_a_sentence_said_again_keeps_its_room(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        window.show()
        for _ in range(3):
            window.banner.keep("again", "There is no room left. " * 8, [("bannerRetry", "Try Again", lambda: None)])
            await asyncio.sleep(0.02)
            layout = window.banner.layout()
            assert layout is not None
            assert window.banner.height() >= layout.totalHeightForWidth(window.banner.width())

    run(scenario())


def test_a_full_disk_stays_on_the_banner_until_it_is_better(
    window: MainWindow, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas.project.writer.RETRY", 3600.0)
    session = window.session

    async def scenario() -> None:
        await session.save()
        fill_the_disk(session.project)
        paint(session, Bounds(0, 0, 900, 900))
        await until(lambda: window.banner.key == "unwritten")
        assert "no room left" in window.banner.lasting.text()
        assert window.banner.isVisibleTo(window)
        paint(session, Bounds(0, 0, 50, 50), seed=2)  # painting goes on
        button(window, "bannerRetry").click()
        await asyncio.sleep(0.2)
        assert window.banner.key == "unwritten"
        free_the_disk(session.project)
        button(window, "bannerRetry").click()
        await until(lambda: not window.banner.key)
        assert not window.banner.isVisibleTo(window)
        assert session.save_state == "saved"

    run(scenario())


def test_save_as_on_the_banner_goes_on_elsewhere(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    session = window.session

    async def scenario() -> None:
        await session.save()
        session.path.rename(tmp_path / "stolen")
        paint(session, BLUE)
        await until(lambda: window.banner.key == "unwritten")
        assert "moved or removed" in window.banner.lasting.text()
        button(window, "bannerSaveAs").click()
        await until(lambda: window.findChild(QFileDialog) is not None)
        dialog = window.findChild(QFileDialog)
        assert dialog is not None
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(str(tmp_path / "there.scroll"))
        dialog.accept()
        await until(lambda: not window.banner.key)
        assert session.path == tmp_path / "there.scroll"

    run(scenario())
    assert Project.inspect(tmp_path / "there.scroll")["tiles"] == 4


def test_a_file_that_was_removed_can_be_saved_under_its_name_again(
    program: Program, run: Scenario, tmp_path: Path
) -> None:
    path = made(tmp_path / "a.scroll", run, tmp_path)

    async def scenario() -> None:
        await program.open_files([path])
        session = program.windows[0].session
        await session.save()
        path.unlink()
        paint(session, Bounds(600, 0, 20, 20))
        await until(lambda: session.save_state == "problem")
        await session.save_as(path)
        assert session.save_state == "saved"
        paint(session, Bounds(900, 0, 20, 20))
        await session.save()

    run(scenario())
    assert Project.inspect(path)["tiles"] == 6
    assert not (tmp_path / ".a.scroll.part").exists()


def test_closing_asks_and_can_lose_on_purpose(
    window: MainWindow, program: Program, run: Scenario, expected_warnings: list[str]
) -> None:
    expected_warnings.append(".*")

    async def scenario() -> None:
        other = program.new_window()
        await window.session.save()
        fill_the_disk(window.session.project)
        paint(window.session, Bounds(0, 0, 900, 900))
        window.close()
        await until(lambda: window.findChild(QMessageBox, "unwrittenDialog") is not None)
        assert window.isVisible()
        box = window.findChild(QMessageBox, "unwrittenDialog")
        assert box is not None
        named = {each.objectName(): each for each in box.buttons()}
        named["unwritten-stay"].click()
        await until(lambda: window.findChild(QMessageBox, "unwrittenDialog") is None)
        assert window in program.windows
        window.close()
        await until(lambda: window.findChild(QMessageBox, "unwrittenDialog") is not None)
        box = window.findChild(QMessageBox, "unwrittenDialog")
        assert box is not None
        next(each for each in box.buttons() if each.objectName() == "unwritten-lose").click()
        await until(lambda: window not in program.windows)
        assert other in program.windows

    run(scenario())


def test_a_painting_that_is_open_elsewhere_opens_as_a_copy(program: Program, run: Scenario, tmp_path: Path) -> None:
    path = made(tmp_path / "lake.scroll", run, tmp_path)
    holder = Project.open(path)
    before = path.read_bytes()

    async def scenario() -> None:
        await program.open_files([path])
        window = program.windows[0]
        await until(lambda: window.banner.key == "notice")
        assert "is open in another" in window.banner.lasting.text()
        assert window.session.untitled
        assert window.session.title == "lake (copy)"
        assert window.session.document.content_bounds() == BLUE
        assert program.settings.remembered.open == [str(path)]  # a copy nobody touched is not what comes back
        copy = window.session.path
        paint(window.session, Bounds(500, 0, 10, 10))
        program.note_open()
        assert program.settings.remembered.open == [str(copy)]

    run(scenario())
    assert path.read_bytes() == before
    holder.close()


def test_an_untouched_copy_leaves_no_file(program: Program, window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    path = made(tmp_path / "lake.scroll", run, tmp_path)
    holder = Project.open(path)

    async def scenario() -> None:
        await program.open_files([path])
        copied = program.windows[-1]
        copy = copied.session.path
        assert copy.exists()
        copied.close()
        await until(lambda: copied not in program.windows)
        assert not copy.exists()

    run(scenario())
    holder.close()


def test_what_is_open_elsewhere_is_not_copied_at_the_start(
    program: Program, run: Scenario, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("is open in another")
    path = made(tmp_path / "lake.scroll", run, tmp_path)
    holder = Project.open(path)
    problems = run(program.reopen([path, tmp_path / "gone.scroll"]))
    assert len(problems) == 2
    assert "is open in another" in problems[0]
    assert not program.windows
    holder.close()


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A file system that can only be read; root may write everywhere else."""
    folder = tmp_path / "medium"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_medium_that_cannot_be_written(read_only: Path, program: Program, run: Scenario, tmp_path: Path) -> None:
    crashed = Project.open(made(tmp_path / "lake.scroll", run, tmp_path))
    layer = next(crashed.document.tree.paint_layers())
    dot = QImage(10, 10, QImage.Format.Format_ARGB32_Premultiplied)
    dot.fill(QColor("red"))
    crashed.document.put_image(layer, 600, 0, dot)
    crashed.flush().result(20)  # it is in the log beside the file only
    path = read_only / "lake.scroll"
    for end in ("", "-wal"):
        shutil.copy(f"{crashed.path}{end}", f"{path}{end}")
    crashed.close()
    subprocess.run(["mount", "-o", "remount,ro", read_only], check=True)

    async def scenario() -> None:
        await program.open_files([path])
        window = program.windows[0]
        await until(lambda: window.banner.key == "notice")
        assert "cannot be written" in window.banner.lasting.text()
        assert window.session.path.parent == program.folders.data / UNTITLED_FOLDER
        assert window.session.document.content_bounds() == BLUE.united(Bounds(600, 0, 10, 10))

    run(scenario())
    assert Project.inspect(path)["tiles"] == 5


def test_a_full_medium_while_painting(read_only: Path, program: Program, run: Scenario, tmp_path: Path) -> None:
    path = made(read_only / "lake.scroll", run, tmp_path)

    async def scenario() -> None:
        await program.open_files([path])
        window = program.windows[0]
        for seed in range(4):
            paint(window.session, Bounds(seed * 600, 0, 600, 600), seed)
        await until(lambda: window.banner.key == "unwritten")
        assert "no room left" in window.banner.lasting.text()
        subprocess.run(["mount", "-o", "remount,size=64m", read_only], check=True)
        await until(lambda: not window.banner.key)
        await window.session.save()

    run(scenario())
    assert Project.inspect(path)["tiles"] == 30


def test_a_damaged_painting_goes_on_beside_it(program: Program, run: Scenario, tmp_path: Path) -> None:
    path = made(tmp_path / "lake.scroll", run, tmp_path)
    data = bytearray(path.read_bytes())
    data[0:4] = b"oops"
    path.write_bytes(data)

    async def scenario() -> None:
        await program.open_files([path])
        window = program.windows[0]
        await until(lambda: window.banner.key == "notice")
        words = window.banner.lasting.text()
        assert "lake.scroll is damaged, but everything of the painting could be read." in words
        assert "lake (rescued).scroll" in words
        assert window.session.path == tmp_path / "lake (rescued).scroll"
        assert window.session.document.content_bounds() == BLUE

    run(scenario())
    assert path.read_bytes() == data


def test_damage_that_is_noticed_later_moves_the_painting(program: Program, run: Scenario, tmp_path: Path) -> None:
    path = made(tmp_path / "lake.scroll", run, tmp_path)
    break_a_tile(path)
    before = path.read_bytes()

    async def scenario() -> None:
        await program.open_files([path])
        window = program.windows[0]
        await until(lambda: window.session.path.name == "lake (rescued).scroll")
        await until(lambda: window.banner.key == "notice")
        assert "1 of 4 tiles" in window.banner.lasting.text()
        paint(window.session, Bounds(600, 600, 10, 10))
        await window.session.save()
        assert program.settings.remembered.open == [str(window.session.path)]

    run(scenario())
    assert path.read_bytes() == before
    assert Project.inspect(tmp_path / "lake (rescued).scroll")["tiles"] == 4


def test_properties(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    session = window.session
    for seed in range(6):
        paint(session, BLUE, seed)

    async def scenario() -> None:
        window.actions_by_id["file.properties"].trigger()
        await until(lambda: window.findChild(PropertiesDialog) is not None)
        dialog = window.findChild(PropertiesDialog)
        assert dialog is not None
        await until(lambda: session.path.name in dialog.facts["path"].text())
        assert dialog.forget.isEnabled()
        assert not dialog.remove.isEnabled()
        dialog.forget.click()
        await until(lambda: dialog.findChild(QPushButton, "propertiesSure") is not None)
        sure = dialog.findChild(QPushButton, "propertiesSure")
        assert sure is not None
        sure.click()
        await until(lambda: dialog.note.text())
        assert not session.document.history.can_undo
        dialog.note.clear()
        dialog.compact.click()
        await until(lambda: dialog.note.text())
        assert "given back" in dialog.note.text()
        await window.film.take()
        await dialog.refresh()
        assert session.project.film.size()[0] == 1
        dialog.forget_film.click()
        await until(lambda: dialog.findChild(QPushButton, "propertiesSure") is not None)
        sure = dialog.findChild(QPushButton, "propertiesSure")
        assert sure is not None
        sure.click()
        await until(lambda: session.project.film.size() == (0, 0))
        await until(lambda: "film is gone" in dialog.note.text())
        assert not dialog.forget_film.isEnabled()
        dialog.close()

    run(scenario())
    QApplication.processEvents()
    assert session.save_state == "saved"
    run(session.save())


def test_pictures_that_were_never_kept_go_on_request_only(window: MainWindow, run: Scenario) -> None:
    session, controller = window.session, window.controller

    async def scenario() -> None:
        for _ in range(2):
            controller.generate()
            await until(lambda: controller.current is not None)
            controller.discard()
        controller.generate()
        await until(lambda: controller.current is not None)
        controller.accept()
        care = session.project.care
        await asyncio.wrap_future(session.project.flush())
        before = await asyncio.wrap_future(care.figures())
        assert (before.unkept, before.kept) == (4, 1)
        assert await asyncio.wrap_future(care.remove_unkept()) == 4
        after = await asyncio.wrap_future(care.figures())
        assert (after.unkept, after.unkept_bytes, after.generations) == (0, 0, 3)
        assert after.blob_bytes <= before.blob_bytes - before.unkept_bytes

    run(scenario())


def test_all_windows_come_back_where_they_were(program: Program, window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        second = program.new_window()
        for number, each in enumerate((window, second)):
            paint(each.session, Bounds(number * 1000, 0, 50, 50))
            each.view.set_camera(
                replace(each.view.camera, center=PointF(number * 1000.0, 7.0), zoom=2.0, rotation=-30.0)
            )
            each.view_memory.note()
        paths = [each.session.path for each in (window, second)]
        program.settings.flush()
        kept = json.loads((program.folders.config / "settings.json").read_text())["remembered"]
        assert kept["open"] == [str(path) for path in paths]  # on the disk while they are open: a kill finds it
        program.new_window()  # the program goes on
        for each in (window, second):
            each.close()
        await until(lambda: len(program.windows) == 1)
        assert await program.reopen(paths) == []
        again = program.windows[1:]
        await until(lambda: all(each.view.camera.zoom == 2.0 for each in again))
        assert [each.view.camera.center for each in again] == [PointF(0.0, 7.0), PointF(1000.0, 7.0)]
        assert [each.view.camera.rotation for each in again] == [-30.0, -30.0]
        assert [each.session.document.history.can_undo for each in again] == [True, True]

    run(scenario())
