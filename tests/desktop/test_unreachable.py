"""The window while the drive of its painting is away: it says so, shows where, and goes on when it is back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from canvas.geometry import Bounds
from desktop.program import Program
from desktop.session import Session
from tests.desktop.conftest import Scenario, until
from tests.desktop.test_trouble import paint

FAR = Bounds(9000, 9000, 400, 400)


def test_a_drive_that_is_away_and_comes_back(
    program: Program, run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas.project.absence.RETRY", 0.05)
    drive = tmp_path / "drive"
    drive.mkdir()
    session = Session.new(tmp_path / "elsewhere")
    paint(session, Bounds(0, 0, 300, 300))
    paint(session, FAR, seed=1)
    run(session.save_as(drive / "lake.scroll"))
    run(session.close())

    async def scenario() -> None:
        await program.open_files([drive / "lake.scroll"])
        window = program.windows[0]
        await asyncio.sleep(0.3)  # the first look is over
        project = window.session.project
        project.pager.budget_bytes = 0
        assert project.pager.make_room() > 0
        project._reader.close()
        drive.rename(tmp_path / "unplugged")
        window.session.compositor.set_paper(QColor("white"))  # all of it is looked at anew
        await until(lambda: "cannot be read at present" in window.banner.lasting.text())
        tile = window.session.compositor.tile((36, 36))
        assert tile is not None
        assert len({tile.pixelColor(x, 100).name() for x in range(100)}) == 2  # paper and lines
        window.grab()  # painting the window raises nothing
        (tmp_path / "unplugged").rename(drive)
        await until(lambda: window.banner.key == "")
        tile = window.session.compositor.tile((36, 36))
        assert tile is not None
        assert len({tile.pixelColor(x, 100).name() for x in range(100)}) > 2

    run(asyncio.wait_for(scenario(), 20))
