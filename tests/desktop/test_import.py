"""Pictures that come in: notes said once, a card that stops it, and a window that goes on meanwhile."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from canvas.layers import PaintLayer
from desktop.main_window import MainWindow
from desktop.progress_card import ProgressCard
from tests.desktop.conftest import Scenario, until


def photos(folder: Path, count: int, width: int = 900, height: int = 700) -> list[Path]:
    pixels = np.random.default_rng(5).integers(0, 256, (height // 20, width // 20, 3), dtype=np.uint8)
    large = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC)
    paths = [folder / f"photo {number}.jpg" for number in range(count)]
    for path in paths:
        Image.fromarray(large).save(path, quality=85)
    return paths


def layers(window: MainWindow) -> list[PaintLayer]:
    return list(window.session.document.tree.paint_layers())


def test_what_was_changed_is_said_once_for_all(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    said: list[str] = []
    window.importer.message.connect(said.append)
    deep = np.full((20, 30, 3), 40000, np.uint16)
    paths = photos(tmp_path, 1, 40, 40)
    for name in ("a", "b"):
        path = tmp_path / f"{name}.png"
        path.write_bytes(cv2.imencode(".png", deep)[1].tobytes())
        paths.append(path)
    frames = [Image.new("L", (9, 9), value) for value in (0, 200)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    run(window.importer.import_files([*paths, tmp_path / "moving.gif"]))
    rounded = "16 or 32 bits per channel were rounded to 8 in 2 pictures."
    assert said == [f"{rounded} moving: Only the first picture of the file was read."]
    said.clear()
    run(window.importer.import_files(paths[1:2]))
    assert said == ["16 or 32 bits per channel were rounded to 8."]
    assert [layer.name for layer in layers(window)[1:]] == ["photo 0", "a", "b", "moving", "a"]


def test_many_bad_files_are_few_sentences(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    said: list[str] = []
    window.importer.message.connect(said.append)
    bad = [tmp_path / f"bad {number}.png" for number in range(9)]
    for path in bad:
        path.write_bytes(b"no picture")
    run(window.importer.import_files([*bad, *photos(tmp_path, 1), tmp_path / "gone.png", tmp_path]))
    assert len(said) == 4
    assert all(bad[number].name in said[number] for number in range(3))
    assert said[3] == "8 more files could not be read."
    assert [layer.name for layer in layers(window)[1:]] == ["photo 0"]
    window.actions_by_id["edit.undo"].trigger()
    assert len(layers(window)) == 1


@pytest.mark.slow
def test_forty_photos_do_not_hold_the_window_and_can_be_stopped(
    window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    paths = photos(tmp_path, 40, 1600, 1200)
    window.show()

    async def stopped() -> None:
        work = asyncio.ensure_future(window.importer.import_files(paths * 3))
        await until(lambda: any(card.isVisibleTo(window) for card in window.view.findChildren(ProgressCard)))
        card = window.view.findChild(ProgressCard)
        assert isinstance(card, ProgressCard)
        assert "of 120: photo" in card.title.text()
        card.stop_button.click()
        await work
        await until(lambda: not window.view.findChildren(ProgressCard))

    run(stopped())
    assert len(layers(window)) == 1

    async def lateness() -> list[float]:
        late: list[float] = []
        work = asyncio.ensure_future(window.importer.import_files(paths))
        while not work.done():
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            late.append(time.perf_counter() - before)
        return late

    late = run(lateness())
    print(f"window: median {np.median(late) * 1000:.1f} ms, worst {max(late) * 1000:.0f} ms in {sum(late):.1f} s")
    assert len(layers(window)) == 41
    assert len({layer.name for layer in layers(window)}) == 41


def test_layers_that_come_in_slices_are_one_step(
    window: MainWindow, run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.import_pictures.SLICE_SECONDS", 0.0003)
    document = window.session.document
    steps, frame = document.history.steps_done, document.frame
    run(window.importer.import_files(photos(tmp_path, 12, 400, 300)))
    assert document.history.steps_done == steps + 1
    assert [layer.name for layer in layers(window)[1:]] == [f"photo {number}" for number in range(12)]
    assert document.active is layers(window)[-1]
    assert document.frame != frame
    window.actions_by_id["edit.undo"].trigger()
    assert len(layers(window)) == 1
    assert document.frame == frame
    assert not window.actions_by_id["edit.undo"].isEnabled()
    window.actions_by_id["edit.redo"].trigger()
    assert len(layers(window)) == 13
    run(window.importer.import_files(photos(tmp_path, 1)))
    assert document.history.steps_done == steps + 2


def test_who_undoes_while_layers_come_gets_the_rest_as_a_step(
    window: MainWindow, run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.import_pictures.SLICE_SECONDS", 1e-6)
    document = window.session.document

    async def scenario() -> None:
        work = asyncio.ensure_future(window.importer.import_files(photos(tmp_path, 6, 300, 200)))
        await until(lambda: len(layers(window)) > 3)
        assert not work.done()
        document.undo()
        assert len(layers(window)) == 1
        await work

    run(scenario())
    names = [layer.name for layer in layers(window)[1:]]
    assert names
    assert names == [f"photo {number}" for number in range(6)][-len(names) :]
    document.undo()
    assert len(layers(window)) == 1
