"""A monkey at the window: random input over all tools, menus and panels, from a seed, with the painting checked.

python -m tests.monkey --events 20000 --seed 1      an hour of somebody's cat in a few minutes
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QMenu,
    QWidget,
)

from canvas.compositor import Compositor
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.paging import tune_malloc
from canvas.pixels import view
from canvas.project.project import Project
from tests.desktop.logged import Painter

if TYPE_CHECKING:
    from canvas.document import Document
    from desktop.main_window import MainWindow
    from desktop.program import Program

LEFT = Qt.MouseButton.LeftButton
KEYS = (
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Space,
    Qt.Key.Key_A,
    Qt.Key.Key_O,
    Qt.Key.Key_R,
    Qt.Key.Key_Y,
    Qt.Key.Key_QuoteLeft,
    Qt.Key.Key_Tab,
)
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEAVES = ("file.", "help.log", "language.", "models.", "view.canvas-only", "generate.")
"""Actions that leave the painting, ask the system for a file, or belong to another test."""
DIALOGS = ("file.properties", "file.export", "file.time-lapse")
"""Of the file menu what only opens a dialog, which is cancelled: nothing is written."""
GENERATES = (
    "generate.run",
    "generate.accept",
    "generate.accept-into-layer",
    "generate.again",
    "generate.discard",
    "generate.next",
    "generate.other",
    "generate.cancel",
    "generate.take-in-strokes",
)
REFUSED = "desktop.slots: "
"""Sentences that say why something cannot be done now; what is unexpected is logged with another text."""
CHECK_EVERY = 250
QUIET_LOOKS = 12
REOPENED_STEPS = 10
"""Undone after the painting was closed and opened again."""
ROUNDING = 3
"""A part of a tile may be drawn straight onto the paper and the whole of it not, which rounds otherwise."""
MEGAPIXEL = 1 << 20


class Monkey:
    """Random input for one window. The same seed gives the same input."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.view = window.view
        self.random = random.Random(seed)
        self.events = 0
        self.done: Counter[str] = Counter()
        self.last = ""
        own = (*GENERATES, *DIALOGS)
        self._actions = [name for name in window.actions_by_id if not name.startswith(LEAVES) or name in own]
        self._deeds = (
            (self.drag, 30),
            (self.pen, 20),
            (self.act, 25),
            (self.choose_tool, 10),
            (self.press_key, 15),
            (self.click, 8),
            (self.wheel, 4),
            (self.use_widget, 12),
            (self.use_history, 4),
        )

    def move_to(self, window: MainWindow) -> None:
        """Goes on in another window."""
        self.window, self.view = window, window.view

    async def play(self, events: int) -> None:
        """So many events, with the painting looked at in between. What goes wrong is raised here."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer, next_check = QTimer(interval=0), self.events + CHECK_EVERY
        # A menu that a click opens has an event loop of its own: only this gets it closed again.
        closer = QTimer(interval=50)
        closer.timeout.connect(self.close_what_opened)

        def go_on() -> None:
            nonlocal next_check
            try:
                self.step()
                if self.events >= next_check:
                    next_check += CHECK_EVERY
                    self.look_after()
            except Exception as error:  # noqa: BLE001 - a slot cannot raise: it is told to whoever waits
                over.set_exception(error)
            if over.done() or self.events >= events:
                timer.stop()
                if not over.done():
                    over.set_result(None)

        # Not in a task: no other one could run inside a menu's event loop, in the program none is begun there either.
        timer.timeout.connect(go_on)
        timer.start()
        closer.start()
        await over
        closer.stop()
        for used in (timer, closer):
            used.deleteLater()  # what is connected to a timer without a parent would keep the window in memory
        self.settle()
        await asyncio.sleep(0.05)

    def step(self) -> None:
        """One deed: a gesture, a key, an action, a widget."""
        deeds, weights = zip(*self._deeds, strict=True)
        deed = self.random.choices(deeds, weights)[0]
        self.last = deed.__name__
        deed()
        self.close_what_opened()

    # --- deeds

    def drag(self) -> None:
        """Press, move, let go; sometimes with Esc in the middle."""
        modifiers = self.random.choice(MODIFIERS)
        button = self.random.choices([LEFT, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton], [20, 2, 1])[0]
        at = self.somewhere()
        QTest.mousePress(self.view, button, modifiers, at)
        self.events += 2
        for _ in range(self.random.randint(0, 9)):
            at += QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60))
            QTest.mouseMove(self.view, at)
            self.events += 1
        if self.random.random() < 0.1:
            QTest.keyClick(self.view, Qt.Key.Key_Escape)
        if self.random.random() < 0.05:
            self.act()
        QTest.mouseRelease(self.view, button, modifiers, at)

    def pen(self) -> None:
        """A stroke with pressure and tilt; sometimes the other end."""
        kind = QPointingDevice.PointerType.Eraser if self.random.random() < 0.1 else QPointingDevice.PointerType.Pen
        at, length = QPointF(self.somewhere()), self.random.randint(1, 12)
        tilt = (self.random.randint(-60, 60), self.random.randint(-60, 60))
        for step in range(length + 1):
            what = QEvent.Type.TabletPress if step == 0 else QEvent.Type.TabletMove
            self._send_pen(what if step < length else QEvent.Type.TabletRelease, at, kind, tilt)
            at += QPointF(self.random.uniform(-25, 25), self.random.uniform(-25, 25))

    def _send_pen(
        self, what: QEvent.Type, at: QPointF, kind: QPointingDevice.PointerType, tilt: tuple[int, int]
    ) -> None:
        capabilities = QPointingDevice.Capability.Pressure | QPointingDevice.Capability.XTilt
        device = QPointingDevice("pen", 7, QPointingDevice.DeviceType.Stylus, kind, capabilities, 1, 2)
        pressed = what != QEvent.Type.TabletRelease
        pressure = self.random.random() if pressed else 0.0
        where = QPointF(self.view.mapToGlobal(at.toPoint()))
        event = QTabletEvent(
            what, device, at, where, pressure, *tilt, 0.0, self.random.uniform(-90, 90), 0.0,
            Qt.KeyboardModifier.NoModifier, LEFT, LEFT if pressed else Qt.MouseButton.NoButton,
        )  # fmt: skip
        QApplication.sendEvent(self.view, event)
        self.events += 1

    def act(self, among: Sequence[str] = ()) -> None:
        """An action by name, of these or of all, if it is possible now."""
        name = self.random.choice(among or self._actions)
        action = self.window.actions_by_id[name]
        if action.isEnabled():
            self.last = name
            self.done[name] += 1
            action.trigger()
            self.events += 1

    def choose_tool(self) -> None:
        """Another tool in hand."""
        tools = [name for name in self._actions if name.startswith("tool.")]
        name = self.random.choice(tools)
        if self.window.actions_by_id[name].isEnabled():
            self.done[name] += 1
            self.window.actions_by_id[name].trigger()
            self.events += 1

    def press_key(self) -> None:
        """A key for whoever has the keyboard, mostly the canvas."""
        target = self.view if self.random.random() < 0.8 else (QApplication.focusWidget() or self.view)
        QTest.keyClick(target, self.random.choice(KEYS), self.random.choice(MODIFIERS))
        self.events += 1

    def click(self) -> None:
        """A click or a double click on the canvas."""
        press = QTest.mouseDClick if self.random.random() < 0.3 else QTest.mouseClick
        press(self.view, LEFT, self.random.choice(MODIFIERS), self.somewhere())
        self.events += 1

    def wheel(self) -> None:
        """Nearer or further, never so far that nothing is left to do."""
        turn = (
            120
            if self.view.camera.zoom < 0.2
            else -120
            if self.view.camera.zoom > 8
            else self.random.choice((120, -120))
        )
        at = QPointF(self.somewhere())
        event = QWheelEvent(
            at, QPointF(self.view.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view, event)
        self.events += 1

    def use_widget(self) -> None:
        """A button, slider, number or list of the panels, or of the bars and cards over the canvas."""
        docks = [dock for dock in self.window.docks.values() if dock.isVisible()]
        if not docks:
            self.window.reset_layout()
            return
        kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
        place = self.random.choice([*docks, self.view])
        found = [one for kind in kinds for one in place.findChildren(kind)]
        usable = [one for one in found if one.isVisible() and one.isEnabled()]
        if usable:
            self._use(self.random.choice(usable))

    def use_history(self) -> None:
        """Chooses a generation in the history and does something with it."""
        panel = self.window.history_panel
        if not panel.isVisible():
            self.window.show_dock("history")
        shown = [row.shown for row in map(panel.model.row, range(panel.model.rowCount())) if row.shown is not None]
        if shown:
            panel.list.choose([self.random.choice(shown).record.id])
            self.act([name for name in self._actions if name.startswith("log.")])

    def _use(self, widget: QWidget) -> None:
        self.last = widget.objectName()
        self.events += 1
        if isinstance(widget, QAbstractSlider):
            widget.setValue(self.random.randint(widget.minimum(), widget.maximum()))
        elif isinstance(widget, QAbstractSpinBox):
            widget.stepBy(self.random.randint(-5, 5))
        elif isinstance(widget, QComboBox) and widget.count():
            row = self.random.randrange(widget.count())
            if widget.model().flags(widget.model().index(row, 0)) & Qt.ItemFlag.ItemIsSelectable:
                widget.setCurrentIndex(row)
                widget.activated.emit(row)
        elif isinstance(widget, QAbstractButton) and "cancel" not in widget.objectName():
            QTest.mouseClick(widget, LEFT)

    # --- order

    def somewhere(self) -> QPoint:
        """A place on the canvas, in its logical pixels."""
        return QPoint(self.random.randrange(self.view.width()), self.random.randrange(self.view.height()))

    def close_what_opened(self) -> None:
        """Answers dialogs, closes menus and pop-ups; keeps the view near the painting."""
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and isinstance(widget, QDialog):
                # A file dialog without a file would only answer with a question.
                agree = self.random.random() < 0.5 and not isinstance(widget, QFileDialog)
                widget.accept() if agree else widget.reject()
            elif widget.isVisible() and isinstance(widget, QMenu):
                widget.close()
        if max(abs(value) for value in self.view.camera.center) > 4000 or not 0.02 < self.view.camera.zoom < 64:
            self.window.actions_by_id["view.fit-frame"].trigger()

    def settle(self) -> None:
        """No gesture is open and no key is held."""
        self.view.cancel_gesture()
        for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Alt):
            QTest.keyRelease(self.view, key)

    def look_after(self) -> None:
        """What is shown is what a fresh look at the layers shows, and the layers still make sense."""
        self.settle()
        document = self.window.session.document
        for layer in document.tree.walk():
            assert layer.parent is not None
            assert layer in layer.parent.children
            assert layer.mask is None or layer.mask.owner is layer
        assert document.active is None or document.active in document.tree
        fresh = Compositor(document, self.window.session.compositor.paper)
        for key in self.random.sample([(x, y) for x in range(-4, 5) for y in range(-4, 5)], 6):
            kept, wanted = self.window.session.compositor.tile(key), fresh.tile(key)
            if kept is not None and wanted is not None:
                apart = np.abs(view(kept).astype(int) - view(wanted))[..., :3]
                assert apart.max() <= ROUNDING, f"tile {key} after {self.last}: {(apart > ROUNDING).sum()} values stale"
        fresh.close()
        while len(list(document.tree.walk())) > 24:
            document.remove_layer(document.tree.root.children[0])


def painted(document: Document) -> dict[str, object]:
    """All pixels of a document, by layer, in a form that can be compared."""
    found: dict[str, object] = {}
    for layer in document.tree.surfaces():
        assert isinstance(layer, PaintLayer)
        tiles = layer.surface.snapshot().items()
        found[layer.id] = (layer.offset, {key: bytes(tile.constBits()) for key, tile in tiles})
    return found


def undo_and_redo_everything(window: MainWindow) -> int:
    """Back to the beginning and forward again: the same pixels; returns how many steps there were."""
    document = window.session.document
    before, steps = painted(document), 0
    while document.undo() is not None:
        steps += 1
    for _ in range(steps):
        assert document.redo() is not None
    assert painted(document) == before
    return steps


def past_of(document: Document, steps: int = REOPENED_STEPS) -> list[tuple[str, str]]:
    """The names of the last steps, and hashes of what the painting looked like after each."""
    found: list[tuple[str, str]] = []
    while len(found) < steps and document.history.can_undo:
        looks = hashlib.sha1(usedforsecurity=False)
        for layer in document.tree.surfaces():
            looks.update(repr((layer.id, layer.offset)).encode())
            for key, tile in sorted(layer.surface.snapshot().items(), key=lambda item: item[0]):
                looks.update(repr(key).encode() + bytes(tile.constBits()))
        found.append((document.history.undo_name, looks.hexdigest()))
        document.undo()
    for _ in found:
        document.redo()
    return found


def reopen(path: Path, past: list[tuple[str, str]]) -> None:
    """What was closed opens with the same past, and is written again."""
    project = Project.open(path)
    assert not project.complaints
    assert past_of(project.document, len(past)) == past
    project.close()


def memory() -> float:
    """Megabytes that the process uses now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEGAPIXEL


async def fill_history(window: MainWindow) -> None:
    """A dozen generations to choose from, some of them kept."""
    painter = Painter(window.session)
    for number in range(12):
        place = Bounds(64 * number, 40, 64, 48)
        await painter.add(prompt=f"boat {number}", bounds=place, kept=number % 3 == 0)


async def rest(window: MainWindow) -> None:
    """Nothing is painted any more that would come into the history or the file later."""
    window.live_commands.painting.turn(False)
    quiet, logged = 0, -1
    while quiet < QUIET_LOOKS:  # what was begun a moment ago has no job yet
        for name in ("route.stop", "sweep.cancel", "upscale.cancel", "generate.cancel"):
            action = window.actions_by_id[name]
            if action.isEnabled():
                action.trigger()
        await asyncio.sleep(0.05)
        before, logged = logged, window.session.document.generations.count()
        busy = window.program.router.jobs or window.controller.jobs or logged != before
        quiet = 0 if busy else quiet + 1


async def close_and_open(program: Program, window: MainWindow) -> MainWindow:
    """The painting in a window of its own again, with the same steps to undo and the same history."""
    await rest(window)
    path, past = window.session.path, past_of(window.session.document)
    generations = window.session.document.generations.count()
    program.new_window()  # the program ends with its last window
    window.close()
    while window in program.windows:
        await asyncio.sleep(0.01)
    await program.open_files([path], program.windows[-1])
    again = next(one for one in program.windows if one.session.path == path)
    again.resize(1440, 900)
    await asyncio.sleep(0.2)
    assert past_of(again.session.document, len(past)) == past
    kept = again.session.document.generations.count()
    assert kept == generations, f"{generations} generations were closed and {kept} opened"
    return again


async def _session(events: int, seed: int, folder: Path) -> int:
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
    window = program.new_window()
    await program.start_engine()
    window.resize(1440, 900)
    window.show()
    await asyncio.sleep(0.2)
    await fill_history(window)
    monkey, start, first = Monkey(window, seed), time.monotonic(), memory()
    while monkey.events < events:
        if monkey.events:
            window = await close_and_open(program, window)
            monkey.move_to(window)
        await monkey.play(min(monkey.events + 2000, events))
        print(f"{monkey.events} events, {time.monotonic() - start:.0f} s, {memory():.0f} MB", flush=True)
    await rest(window)
    steps = undo_and_redo_everything(window)
    print(f"{steps} steps undone and redone alike; memory {first:.0f} -> {memory():.0f} MB")
    path, past = window.session.path, past_of(window.session.document)
    unused = [name for name in monkey._actions if name not in monkey.done]
    print("actions never possible:", ", ".join(unused) or "none")
    program.quit()
    while program.windows:
        await asyncio.sleep(0.01)
    await program.slots.finish()
    await program.close_engine()
    collector.stop()
    for _ in range(2):
        reopen(path, past)
    print(f"{len(past)} steps are there after reopening, twice")
    return 0


def main() -> int:
    """Plays; warnings and errors that the program logs make the exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import qasync

    from tests.conftest import _Collector

    tune_malloc()
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    logging.getLogger().addHandler(logging.StreamHandler())  # with tracebacks
    qInstallMessageHandler(lambda kind, context, text: None if "does not support" in text else print("Qt:", text))
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    with tempfile.TemporaryDirectory() as folder, loop:
        loop.run_until_complete(_session(arguments.events, arguments.seed, Path(folder)))
    serious = [m for m in collector.messages if not m.startswith(REFUSED) or "Unexpected" in m]
    for message in serious:
        print("logged:", message)
    return 1 if serious else 0


if __name__ == "__main__":
    sys.exit(main())
