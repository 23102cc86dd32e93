"""The film of a painting: what is kept, what it costs, and the time-lapse that is made of it."""

from __future__ import annotations

import asyncio
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.project.project import Project
from desktop.dialogs.time_lapse import TimeLapseDialog
from desktop.film import FilmRecorder
from desktop.main_window import MainWindow
from desktop.session import Session
from desktop.settings import Settings
from desktop.time_lapse import LapseJob, export_time_lapse, on_paper
from desktop.view.canvas_view import CanvasView
from tests.desktop.conftest import Scenario, until

COLOURS = ("#c0392b", "#27ae60", "#2980b9")


@pytest.fixture
def session(qapp, tmp_path):
    made = Session.new(tmp_path / "data", Bounds(0, 0, 512, 256))
    yield made
    made.project.close()


@pytest.fixture
def recorder(session, tmp_path, qtbot):
    view = CanvasView(session.document, session.compositor)
    qtbot.addWidget(view)
    return FilmRecorder(session, view, Settings(tmp_path / "settings.json"), view)


def put(session: Session, x: int, y: int, colour: str, side: int = 256) -> None:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    session.document.put_image(next(session.document.tree.paint_layers()), x, y, image)


async def painted(session: Session, recorder: FilmRecorder) -> None:
    """Three changes, a picture of each."""
    for number, colour in enumerate(COLOURS):
        put(session, 256 * number, 0, colour)
        await recorder.take()
    await asyncio.wrap_future(session.project.flush())


async def test_every_patch_covers_what_changed_and_no_more(session, recorder):
    await painted(session, recorder)
    film = session.project.film
    entries = film.entries()
    assert [entry.bounds for entry in entries] == [Bounds(256 * n, 0, 256, 256) for n in range(3)]
    for entry, colour in zip(entries, COLOURS, strict=True):
        picture = Image.open(BytesIO(film.picture(entry.number))).convert("RGBA")
        assert picture.size == (64, 64)
        seen = np.asarray(picture)[32, 32].astype(int)
        wanted = QColor(colour)
        assert np.abs(seen - [wanted.red(), wanted.green(), wanted.blue(), 255]).max() <= 6
    assert film.size()[0] == 3
    assert film.size()[1] < 3000


async def test_nothing_is_kept_when_nothing_is_wanted_or_nothing_changed(session, recorder, tmp_path):
    await recorder.take()
    recorder._settings.update(keep_film=False)
    put(session, 0, 0, COLOURS[0])
    await recorder.take()
    await asyncio.wrap_future(session.project.flush())
    assert session.project.film.entries() == []


async def test_a_painting_without_a_film_begins_with_all_of_it(session, recorder):
    recorder._settings.update(keep_film=False)
    put(session, 0, 0, COLOURS[0])
    put(session, 1024, 512, COLOURS[1])
    recorder._settings.update(keep_film=True)
    put(session, 0, 0, COLOURS[2])
    await recorder.take()
    await asyncio.wrap_future(session.project.flush())
    assert [entry.bounds for entry in session.project.film.entries()] == [Bounds(0, 0, 1280, 768)]


async def test_a_change_too_large_is_taken_where_it_is_seen(session, recorder):
    put(session, 0, 0, COLOURS[0])
    put(session, 60_000, 60_000, COLOURS[1])
    recorder._view.resize(800, 600)
    await recorder.take()
    await asyncio.wrap_future(session.project.flush())
    assert all(entry.bounds.width <= 4096 for entry in session.project.film.entries())


async def test_the_film_can_be_forgotten_and_goes_on(session, recorder):
    await painted(session, recorder)
    await asyncio.wrap_future(session.project.film.forget())
    assert session.project.film.size() == (0, 0)
    put(session, 0, 0, COLOURS[1])
    await recorder.take()
    await asyncio.wrap_future(session.project.flush())
    assert session.project.film.size()[0] == 1


async def test_the_film_is_there_after_reopening(session, recorder, tmp_path):
    await painted(session, recorder)
    target = tmp_path / "kept.scroll"
    await session.save_as(target)
    await session.close()
    again = Project.open(target)
    try:
        assert len(again.film.entries()) == 3
    finally:
        again.close()


def last_pictures(path) -> tuple[int, np.ndarray, np.ndarray]:
    """How many frames there are, the first and the last, RGB."""
    if path.suffix in (".mp4", ".webm"):
        film = cv2.VideoCapture(str(path))
        frames = []
        while (read := film.read())[0]:
            frames.append(read[1][..., ::-1])
        return len(frames), frames[0], frames[-1]
    with Image.open(path) as image:
        count = getattr(image, "n_frames", 1)
        first = np.asarray(image.convert("RGB"))
        image.seek(count - 1)
        return count, first, np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".mp4", ".webm"])
async def test_a_time_lapse_ends_with_the_painting(session, recorder, tmp_path, suffix):
    await painted(session, recorder)
    path = tmp_path / f"film{suffix}"
    job = LapseJob(path, seconds=1.0, fps=4, side=384, hold_ms=500)
    parts: list[float] = []
    await export_time_lapse(session, job, parts.append)
    await asyncio.sleep(0)
    count, first, last = last_pictures(path)
    assert first.shape == (128, 384, 3)
    assert count >= 4
    for number, colour in enumerate(COLOURS):
        wanted = QColor(colour)
        seen = last[64, 64 + 128 * number].astype(int)
        assert np.abs(seen - [wanted.red(), wanted.green(), wanted.blue()]).max() <= 14, colour
    assert np.abs(first[64, 320].astype(int) - [251, 250, 247]).max() <= 14  # paper where nothing was yet
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


async def test_the_frame_alone(session, recorder, tmp_path):
    await painted(session, recorder)
    path = tmp_path / "frame.png"
    await export_time_lapse(session, LapseJob(path, Bounds(128, 0, 256, 256), 1.0, 3, 256), lambda _: None)
    _, _, last = last_pictures(path)
    assert last.shape == (256, 256, 3)
    assert last[128, 32, 0] > 150 > last[128, 32, 1]
    assert last[128, 200, 1] > 130 > last[128, 200, 0]


async def test_without_a_film_there_is_a_sentence_and_no_file(session, recorder, tmp_path):
    path = tmp_path / "film.gif"
    with pytest.raises(CanvasError, match="no film"):
        await export_time_lapse(session, LapseJob(path), lambda _: None)
    assert not path.exists()


async def test_stopping_leaves_no_file(session, recorder, tmp_path):
    await painted(session, recorder)
    path = tmp_path / "film.webm"

    def halfway(part: float) -> None:
        if part > 0.3:
            work.cancel()

    work = asyncio.ensure_future(export_time_lapse(session, LapseJob(path, seconds=10, side=2048), halfway))
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not path.exists()
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_paper_shows_through():
    rgba = np.zeros((1, 2, 4), np.uint8)
    rgba[0, 0] = 10, 20, 30, 255
    assert on_paper(rgba).tolist() == [[[10, 20, 30], [251, 250, 247]]]


def test_the_dialog_writes_a_film(window: MainWindow, run: Scenario, tmp_path):
    path = tmp_path / "lapse.gif"

    async def scenario() -> None:
        for number, colour in enumerate(COLOURS):
            put(window.session, 256 * number, 0, colour)
            await window.film.take()
        await asyncio.wrap_future(window.session.project.flush())
        window.actions_by_id["file.time-lapse"].trigger()
        dialog = next(child for child in window.findChildren(TimeLapseDialog))
        await until(lambda: "3" in dialog.state.text())
        dialog.format.setCurrentIndex(3)
        dialog.seconds.setValue(1)
        dialog.path.setText(str(path))
        path.write_bytes(b"an older film")
        dialog.run.click()
        await until(lambda: path.name in dialog.problem.text())
        assert path.read_bytes() == b"an older film"
        dialog.path.setText(str(path.with_name("other.gif")))
        assert not dialog.problem.text()
        dialog.path.setText(str(path))
        dialog.run.click()
        await until(lambda: path.name in dialog.problem.text())
        dialog.run.click()
        await until(lambda: path.stat().st_size > 100)

    run(scenario())
    assert last_pictures(path)[0] >= 3
