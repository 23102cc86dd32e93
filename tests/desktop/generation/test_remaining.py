"""How far all jobs are: figures, words, the window's title, and the signal to the task bar."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.generation.jobs import Job
from desktop.generation.remaining import Reckoning, outlook_text, time_text
from desktop.launcher import LauncherProgress, send_progress
from desktop.main_window import MainWindow
from desktop.program import Program
from pipelines.client.fake import FakeClient
from pipelines.contract.request import GenerationRequest, Task
from tests.desktop.conftest import Scenario, until

REQUEST = GenerationRequest(Task.TEXT_TO_IMAGE, "m", num_inference_steps=10, num_images_per_prompt=2)


def job(name: str, state: str = "waiting", step: int = 0, left: float = 0.0, position: int = 0) -> Job:
    return Job(name, REQUEST, "", state, step, 20 if state != "waiting" else 0, left, position)


def test_all_jobs_together() -> None:
    reckoning = Reckoning()
    jobs = {"a": job("a", "loading"), "b": job("b", position=1), "c": job("c", position=2)}
    first = reckoning.outlook(jobs)
    assert (first.jobs, first.fraction, first.seconds_left) == (3, 0.0, None)
    jobs["a"] = job("a", "running", 5, left=30.0)
    second = reckoning.outlook(jobs)
    assert second.fraction == pytest.approx(5 / 20 / 3)
    assert second.seconds_left == pytest.approx(30 + 40 + 40)
    assert second.by_job == {"a": 30.0, "b": pytest.approx(70.0), "c": pytest.approx(110.0)}
    del jobs["a"]
    jobs["b"] = job("b", "running", 10, left=20.0)
    third = reckoning.outlook(jobs)
    assert third.fraction == pytest.approx((1 + 0.5) / 3)  # never back because one is done
    assert outlook_text(third) == "2 jobs · 50 % · about 1 min 0 s left"
    assert outlook_text(reckoning.outlook({})) == ""
    assert reckoning.outlook({"d": job("d", "running", 10, left=1.0)}).fraction == 0.5  # begins anew


def test_live_jobs_do_not_count() -> None:
    live = job("live", "running", 1, left=1.0)
    live.request = replace(REQUEST, priority=-1)
    assert Reckoning().outlook({"live": live}).jobs == 0


def test_a_weaker_job_has_fewer_steps() -> None:
    reckoning = Reckoning()
    reckoning.outlook({"a": job("a", "running", 10, left=10.0)})
    weak = job("w")
    weak.request = replace(REQUEST, task=Task.INPAINT, strength=0.5)
    assert reckoning.outlook({"w": weak}).seconds_left == pytest.approx(10.0)


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (200, "3 min 20 s"), (3900, "1 h 5 min")])
def test_times_for_people(seconds: float, words: str) -> None:
    assert time_text(seconds) == words


def test_title_and_status_say_how_far_it_is(program: Program, window: MainWindow, run: Scenario) -> None:
    client = program.client
    assert isinstance(client, FakeClient)
    client.script.hold = hold = asyncio.Event()
    window.form.set(num_inference_steps=4, num_images_per_prompt=2)

    async def watch() -> None:
        plain = window.windowTitle()
        window.controller.generate()
        window.controller.generate()
        await until(lambda: window.progress.outlook.jobs == 2 and window.progress.outlook.fraction > 0.4)
        assert window.windowTitle() == "43 % · " + plain  # seven of eight steps of the first of two
        assert window.progress.text().startswith("2 jobs · 43 %")
        assert not window.progress.isHidden()
        waiting = [row.state.text() for row in window.queue_panel._rows.values()]
        assert any("before it" in words or "done in about" in words for words in waiting)
        assert not window.queue_panel.total.isHidden()
        hold.set()
        await until(lambda: not program.router.jobs)
        assert window.windowTitle() == plain
        assert window.progress.isHidden()

    run(watch())


def test_without_a_bus_nothing_is_said(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    LauncherProgress().show(0.5)  # would need a running loop otherwise


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no bus to test with")
@pytest.mark.slow
def test_the_signal_is_what_docks_listen_to(tmp_path: Path) -> None:
    """In a process of its own: Qt keeps the first session bus that it met."""
    script = f"""
import os, subprocess, time
bus = ["dbus-daemon", "--session", "--print-address", "--nofork"]
daemon = subprocess.Popen(bus, stdout=subprocess.PIPE, text=True)
os.environ["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
from desktop.launcher import INTERFACE, send_progress
with open({str(tmp_path / "heard")!r}, "w") as heard:
    watch = subprocess.Popen(["dbus-monitor", f"interface='{{INTERFACE}}'"], stdout=heard)
    time.sleep(1.0)
    assert send_progress(0.37)
    assert send_progress(None)
    time.sleep(0.5)
    watch.terminate()
daemon.terminate()
"""
    if shutil.which("dbus-monitor") is None:
        pytest.skip("dbus-monitor is not there")
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    heard = (tmp_path / "heard").read_text()
    assert 'string "application://handscroll.desktop"' in heard
    assert "double 0.37" in heard
    assert heard.count("member=Update") == 2


def test_a_bus_that_is_not_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os; os.environ['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nowhere'\n"
    code += "from desktop.launcher import send_progress; assert send_progress(0.5) is False"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert callable(send_progress)
