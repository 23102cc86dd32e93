"""Watches memory under random input: `python -m tools.monkey --seconds 600` (CPU seconds; needs no display).

Strokes, pens, undo, zoom, layer operations, generations, panel clicks and keys in the real window, from a seed
(`tests/monkey.py` says which). Every thousand events a line tells what the process takes and what is known to be
kept: undo steps, layers, logged generations. A round ends with its painting closed and its window gone, so what a round
leaves behind is a leak; the last lines name the types of objects of which there are more after every round.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import psutil
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from canvas.paging import tune_malloc
from tests.monkey import REFUSED, Monkey, fill_history, rest

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.program import Program

MEGABYTE = 1 << 20
EVERY = 1000
"""Events between two lines."""
SHOWN_TYPES = 12
MOST_LINES = 40
"""Logged messages that are shown at the end."""


@dataclass(frozen=True)
class Round:
    """What a round left behind."""

    resident: float
    """Megabytes of the process."""
    used: float
    """Megabytes that somebody has asked malloc for and not given back; the rest of it are holes between them."""
    types: Counter[str]
    """Living objects by the name of their type."""


class _MallInfo(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )]  # fmt: skip


def _in_use() -> float:
    """Megabytes in use by malloc's own account, over all of its arenas; 0 where it keeps none."""
    try:
        ask = ctypes.CDLL("libc.so.6").mallinfo2
    except (OSError, AttributeError):  # other systems
        return 0.0
    ask.restype = _MallInfo
    said = ask()
    return (said.uordblks + said.hblkhd) / MEGABYTE


@dataclass
class Watch:
    """What was seen, round by round."""

    began: float = field(default_factory=time.process_time)
    process: psutil.Process = field(default_factory=psutil.Process)
    rounds: list[Round] = field(default_factory=list)
    """What was left when each was over."""

    @property
    def seconds(self) -> float:
        """CPU seconds so far."""
        return time.process_time() - self.began

    @property
    def megabytes(self) -> float:
        """Of this process, resident."""
        return self.process.memory_info().rss / MEGABYTE

    def say(self, number: int, events: int, window: MainWindow) -> None:
        """A line about now."""
        document = window.session.document
        history = document.history
        print(
            f"round {number}  {events:>6} events  {self.seconds:>5.0f} CPU-s  {self.megabytes:>5.0f} MB  "
            f"undo {history.held_bytes / MEGABYTE:>4.0f} MB  layers {len(list(document.tree.walk())):>2}  "
            f"generations {document.generations.count():>4}  objects {len(window.findChildren(QObject)):>6}",
            flush=True,
        )

    def end_round(self, number: int) -> None:
        """What is left when nothing should be."""
        for _ in range(3):
            gc.collect()
        with suppress(OSError, AttributeError):  # other systems give back by themselves
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        living = gc.get_objects()
        types = Counter(type(one).__name__ for one in living)
        pictures = sum(one.sizeInBytes() for one in living if isinstance(one, QImage))
        self.rounds.append(Round(self.megabytes, _in_use(), types))
        print(
            f"round {number} over: {self.megabytes:.0f} MB, of which {_in_use():.0f} MB are in use and "
            f"{pictures / MEGABYTE:.0f} MB pictures; {types.total()} objects of Python",
            flush=True,
        )

    def verdict(self) -> None:
        """What grew in every round after the first, which fills caches."""
        later = self.rounds[1:]
        if len(later) < 2:
            print("too few rounds for a verdict: more --seconds, or fewer --events")
            return
        pairs = list(pairwise(later))
        for words, sizes in (
            ("memory", [one.resident for one in self.rounds]),
            ("in use", [one.used for one in self.rounds]),
        ):
            each = (sizes[-1] - sizes[1]) / len(pairs)
            print(f"{words} after each round: {', '.join(f'{size:.0f}' for size in sizes)} MB; {each:+.1f} MB a round")
        last = later[-1].types
        always = [name for name in last if all(after.types[name] > before.types[name] for before, after in pairs)]
        growth = {name: last[name] - later[0].types[name] for name in always}
        for name in sorted(growth, key=lambda name: -growth[name])[:SHOWN_TYPES]:
            print(f"  {name}: {growth[name] / len(pairs):+.0f} a round")


async def _play(program: Program, watch: Watch, seed: int, events: int, seconds: float) -> None:
    number = 0
    keeper = program.new_window()  # the program ends with its last window
    while watch.seconds < seconds:
        number += 1
        window = program.new_window()
        window.resize(1440, 900)
        window.show()
        await asyncio.sleep(0.2)
        await fill_history(window)
        monkey = Monkey(window, seed + number)
        while monkey.events < events and watch.seconds < seconds:
            await monkey.play(monkey.events + EVERY)
            watch.say(number, monkey.events, window)
        await rest(window)
        for one in [one for one in program.windows if one is not keeper]:  # some actions open others beside it
            one.close()
            await _gone(program, one)
            del one
        del window, monkey
        await asyncio.sleep(0.3)  # what Qt deletes later
        watch.end_round(number)
    keeper.close()


async def _session(folder: Path, seed: int, events: int, seconds: float) -> None:
    from desktop.collecting import GarbageTimer
    from desktop.generation.jobs import JobRouter
    from desktop.i18n import Languages
    from desktop.program import Parts, Program
    from desktop.settings import Folders, Settings
    from pipelines.client.fake import FakeClient
    from pipelines.library.registry import Library

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    folders = Folders(folder / "config", folder / "data")
    settings = Settings(folders.config / "settings.json")
    settings.update(language="en", show_welcome=False, undo_megabytes=64, tile_megabytes=256)
    client = FakeClient()
    program = Program(Parts(app, folders, settings, Languages(app), Library(), client, JobRouter(client)))
    collector = GarbageTimer(program)
    await program.start_engine()
    watch = Watch()
    await _play(program, watch, seed, events, seconds)
    watch.verdict()
    program.quit()
    for window in list(program.windows):
        await _gone(program, window)
    await program.slots.finish()
    await program.close_engine()
    collector.stop()


def _say(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What Qt says, but for what its offscreen platform never can."""
    if "does not support" not in text:
        print("Qt:", text)


async def _gone(program: Program, window: MainWindow) -> None:
    """When the window has been closed; the program has no signal for it."""
    while window in program.windows:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def main() -> int:
    """Plays; what the program logs besides its refusals makes the exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0, help="CPU seconds in all (default: %(default)s)")
    parser.add_argument("--events", type=int, default=4000, help="events of a round (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same input")
    arguments = parser.parse_args()
    import qasync

    from tests.conftest import _Collector

    tune_malloc()
    heard = _Collector()
    logging.getLogger().addHandler(heard)
    traces = logging.StreamHandler()
    traces.addFilter(lambda record: record.exc_info is not None)
    logging.getLogger().addHandler(traces)
    qInstallMessageHandler(_say)
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    with tempfile.TemporaryDirectory() as folder, loop:
        loop.run_until_complete(_session(Path(folder), arguments.seed, arguments.events, arguments.seconds))
    serious = [one for one in heard.messages if not one.startswith(REFUSED) or "Unexpected" in one]
    for message in serious[:MOST_LINES]:
        print("logged:", message)
    return 1 if serious else 0


if __name__ == "__main__":
    sys.exit(main())
