"""One painting between memory and disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.session import UNTITLED_FOLDER, Session
from tests.desktop.conftest import Scenario, until


def paint(session: Session, bounds: Bounds) -> None:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("teal"))
    layer = session.document.active
    assert isinstance(layer, PaintLayer)
    session.document.put_image(layer, bounds.x, bounds.y, image)


def test_a_new_painting_is_on_disk_at_once(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path)
    assert session.untitled
    assert session.path.parent == tmp_path / UNTITLED_FOLDER
    assert session.path.exists()
    second = Session.new(tmp_path)
    assert second.path != session.path
    run(session.close())
    run(second.close())


def test_states_arrive_on_this_thread(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path)
    heard: list[str] = []
    session.saveStateChanged.connect(heard.append)

    async def scenario() -> None:
        await until(lambda: session.save_state == "saved")
        paint(session, Bounds(0, 0, 10, 10))
        await until(lambda: "saving" in heard and heard[-1] == "saved")
        await session.close()

    run(scenario())
    assert set(heard) <= {"saving", "saved"}


def test_close_writes_what_is_left(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path)
    path = session.path
    paint(session, Bounds(-300, 20, 64, 32))
    run(session.close())
    run(session.close())
    again = Session.open(path, tmp_path)
    assert again.document.content_bounds() == Bounds(-300, 20, 64, 32)
    run(again.close())
    assert path.exists()


def test_an_undone_painting_is_not_untouched(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path)
    assert session.is_untouched
    paint(session, Bounds(0, 0, 5, 5))
    session.document.undo()
    assert not session.is_untouched
    path = session.path
    run(session.close())
    assert path.exists()


def test_undo_goes_on_after_reopening(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path)
    paint(session, Bounds(0, 0, 5, 5))
    paint(session, Bounds(50, 0, 5, 5))
    session.document.undo()
    run(session.close())
    session = Session.open(session.path, tmp_path)
    assert not session.notice
    assert session.document.undo() == "Put image"
    assert session.document.content_bounds().is_empty
    run(session.close())
    session = Session.open(session.path, tmp_path)
    assert not session.is_untouched  # nothing is painted, but everything can be redone
    assert session.document.history.redo_names == ("Put image", "Put image")
    session.document.redo()
    session.document.redo()
    assert session.document.content_bounds() == Bounds(0, 0, 55, 5)
    session.document.undo()
    session.document.undo()
    session.document.forget_steps()
    assert session.is_untouched
    path = session.path
    run(session.close())
    assert not path.exists()


def test_save_as_moves_out_of_the_untitled(qapp: object, tmp_path: Path, run: Scenario) -> None:
    session = Session.new(tmp_path / "data")
    before = session.path
    titles: list[str] = []
    session.titleChanged.connect(titles.append)
    paint(session, Bounds(0, 0, 5, 5))
    run(session.save_as(tmp_path / "lake"))
    assert session.path == tmp_path / "lake.scroll"
    assert titles == ["lake"]
    assert not session.untitled
    assert not before.exists()
    paint(session, Bounds(5, 5, 5, 5))
    run(session.close())
    again = Session.open(tmp_path / "lake.scroll", tmp_path / "data")
    assert again.document.content_bounds() == Bounds(0, 0, 10, 10)
    run(again.close())


def test_a_folder_that_cannot_be_made_is_a_sentence(qapp: object, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(CanvasError, match="cannot be made"):
        Session.new(tmp_path / "data")
