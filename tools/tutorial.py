"""Paints the picture of docs/tutorial.md with the program's own tools and takes its pictures.

`python -m tools.tutorial` (needs Xvfb). Every stroke is a pen event to the window, every command an action of it;
nothing is generated, and no pixel is set in any other way.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from tests.e2e.program import Screen

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

OUT = Path(__file__).resolve().parents[1] / "docs" / "tutorial"
WIDTH, HEIGHT = 1152, 640
Place = tuple[float, float]
Pressure = Callable[[float], float]
LEFT = Qt.MouseButton.LeftButton


def even(at: float) -> float:
    """A steady hand."""
    del at
    return 0.8


def swelling(at: float) -> float:
    """Light at both ends."""
    return 0.15 + 0.85 * math.sin(math.pi * at)


class Hand:
    """A painter's hand on one window. Places are canvas pixels."""

    def __init__(self, window: MainWindow, seed: int = 3) -> None:
        self.window, self.view = window, window.view
        self.random = random.Random(seed)
        self._free = asyncio.Event()
        self.view.gestureFinished.connect(self._free.set)
        capabilities = QPointingDevice.Capability.Pressure | QPointingDevice.Capability.XTilt
        self._pen = QPointingDevice(
            "pen", 7, QPointingDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen, capabilities, 1, 2
        )

    async def act(self, action: str) -> None:
        """A command by name."""
        if self.view.gesture_running:  # what the last tool works on comes first
            self._free.clear()
            await self._free.wait()
        found = self.window.actions_by_id[action]
        if not found.isEnabled():
            raise RuntimeError(f"{action} is not possible now")
        found.trigger()

    def set(self, **options: bool | float | str) -> None:
        """Options of the tool in hand, as the bar above the canvas sets them."""
        tool = self.view.tools[self.view.tool_id]
        declared = {option.name: option for option in tool.options}
        for name, value in options.items():
            self.view.options.set_value(tool.id, declared[name], value)

    async def brush(self, preset: str, size: float, color: str) -> None:
        """A preset of the panel, its size, and a colour typed into the colour panel."""
        await self.act("tool.brush")
        self.window.presets.take(preset)
        self.view.set_brush(replace(self.view.brush, size=size))
        self.color(color)

    def color(self, color: str) -> None:
        """The colour to paint with."""
        self.view.set_color(QColor(color))

    async def second(self, color: str, then: str) -> None:
        """The colour in reserve, and the one in hand."""
        self.color(color)
        await self.act("color.swap")
        self.color(then)

    async def layer(self, name: str) -> None:
        """A new layer with a name."""
        await self.act("layer.add")
        layer = self.view.document.active
        if layer is not None:
            self.view.document.set_layer(layer, name=name)

    def look(self, **properties: Any) -> None:
        """Opacity, blend mode, clipping of the layer in hand."""
        layer = self.view.document.active
        if layer is not None:
            self.view.document.set_layer(layer, **properties)

    async def stroke(self, places: Iterable[Place], pressure: Pressure = swelling) -> None:
        """One stroke of the pen through these places."""
        points = list(places)
        for index, place in enumerate(points):
            at = index / max(1, len(points) - 1)
            last = index == len(points) - 1
            kind = QEvent.Type.TabletPress if index == 0 else QEvent.Type.TabletMove
            await self._send(QEvent.Type.TabletRelease if last and index else kind, place, pressure(at))

    async def _send(self, kind: QEvent.Type, place: Place, pressure: float) -> None:
        where = QPointF(*self.view.canvas_to_widget(*place))
        pressed = kind != QEvent.Type.TabletRelease
        event = QTabletEvent(
            kind, self._pen, where, QPointF(self.view.mapToGlobal(where.toPoint())), pressure if pressed else 0.0,
            0, 0, 0.0, 0.0, 0.0, Qt.KeyboardModifier.NoModifier, LEFT, LEFT if pressed else Qt.MouseButton.NoButton,
        )  # fmt: skip
        QApplication.sendEvent(self.view, event)
        await asyncio.sleep(0)

    async def drag(self, start: Place, end: Place, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press, move, let go with the mouse."""
        first, last = self._at(start), self._at(end)
        QTest.mousePress(self.view, LEFT, keys, first)
        for step in range(1, 6):
            QTest.mouseMove(self.view, first + (last - first) * step / 5)
        QTest.mouseRelease(self.view, LEFT, keys, last)
        await asyncio.sleep(0)

    async def click(self, place: Place) -> None:
        """A click."""
        QTest.mouseClick(self.view, LEFT, Qt.KeyboardModifier.NoModifier, self._at(place))
        await asyncio.sleep(0)

    def _at(self, place: Place) -> QPoint:
        return QPointF(*self.view.canvas_to_widget(*place)).toPoint()

    async def rest(self, seconds: float = 0.3) -> None:
        """Lets the window draw."""
        await asyncio.sleep(seconds)

    async def shot(self, name: str) -> None:
        """A picture of the whole window."""
        await self.rest(0.7)
        self.window.grab().save(str(OUT / f"{name}.png"))


def ridge(hand: Hand, level: float, height: float, roughness: float) -> list[Place]:
    """The outline of a range of hills from left to right, closed along the bottom."""
    waves = [(hand.random.uniform(0.4, 1.0) / n, n * hand.random.uniform(0.7, 1.3), hand.random.uniform(0, 6.3))
             for n in range(1, 9)]  # fmt: skip
    points: list[Place] = []
    for step in range(0, WIDTH + 1, 12):
        along = step / WIDTH * 2 * math.pi
        rise = sum(size * math.sin(along * pace + start) * (1 if n < 3 else roughness)
                   for n, (size, pace, start) in enumerate(waves))  # fmt: skip
        points.append((float(step), level - height * (0.45 + 0.3 * rise)))
    return [*points, (WIDTH + 4.0, HEIGHT + 4.0), (-4.0, HEIGHT + 4.0)]


async def lasso(hand: Hand, outline: Sequence[Place]) -> None:
    """Draws an outline with the lasso."""
    await hand.act("tool.lasso")
    await hand.stroke([*outline, outline[0]], even)


async def sky(hand: Hand) -> None:
    """A gradient, a sun, and its glow."""
    await hand.act("tool.gradient")
    await hand.second("#f6c98a", "#3d5a80")
    hand.set(shape="linear", colours="second")
    await hand.drag((WIDTH * 0.45, 0), (WIDTH * 0.5, HEIGHT * 0.62))
    await hand.layer("Sun")
    await hand.act("tool.shapes")
    hand.set(shape="ellipse", paint="fill")
    await hand.second("#ffe3b0", "#ffe3b0")
    await hand.drag((770, 196), (846, 272))
    await hand.brush("glow", 260, "#ffd9a0")
    for x, y in ((808, 236), (800, 240), (815, 232)):
        await hand.stroke([(x, y), (x + 4, y), (x, y + 2)], even)
    await hand.layer("Clouds")
    await hand.brush("dry-bristle", 46, "#fbe4c6")
    for _ in range(9):
        x, y = hand.random.uniform(40, WIDTH - 300), hand.random.uniform(60, 250)
        length = hand.random.uniform(120, 300)
        await hand.stroke([(x + length * t / 12, y + 6 * math.sin(t / 2)) for t in range(13)])
    hand.look(opacity=0.5)
    await hand.shot("1-sky")


async def mountains(hand: Hand) -> None:
    """Three ranges, each lassoed, filled by a gradient, and veiled by mist on a mask."""
    ranges = (
        ("Far Range", 360, 190, 0.6, "#8d8aa8", "#e9c9a4"),
        ("Middle Range", 420, 150, 0.5, "#5f6384", "#c2a793"),
        ("Near Range", 470, 110, 0.35, "#343c58", "#6d6a78"),
    )
    for name, level, height, roughness, top, bottom in ranges:
        await hand.layer(name)
        await lasso(hand, ridge(hand, level, height, roughness))
        await hand.act("tool.gradient")
        await hand.second(bottom, top)
        await hand.drag((500, level - height), (500, level + 40))
        await hand.act("select.none")
        if name != "Near Range":
            await hand.act("mask.add")
            await hand.brush("airbrush", 130, "#000000")
            for row in range(2):
                await hand.stroke(
                    [(x, level - 6 + 30 * row + 8 * math.sin(x / 90)) for x in range(-60, WIDTH + 60, 40)], even
                )
    await hand.shot("2-mountains")


async def water(hand: Hand) -> None:
    """The lake: a rectangle, a gradient, and light smudged sideways."""
    await hand.layer("Lake")
    await hand.act("tool.rectangle")
    await hand.drag((-4, 452), (WIDTH + 4, HEIGHT + 4))
    await hand.act("tool.gradient")
    await hand.second("#2d3f5e", "#e2bd93")
    await hand.drag((400, 446), (400, HEIGHT + 30))
    await hand.brush("airbrush", 60, "#fff0cf")
    for y in range(462, 600, 14):
        width = 24 + (y - 462) * 0.5
        x = 808 + hand.random.uniform(-10, 10)
        await hand.stroke([(x - width / 2 + width * t / 6, y) for t in range(7)], even)
    await hand.brush("flat-brush", 10, "#56657f")
    for _ in range(60):
        x, y = hand.random.uniform(0, WIDTH), hand.random.uniform(470, HEIGHT)
        length = 20 + (y - 460) * 0.7
        await hand.stroke([(x + length * t / 8, y + math.sin(t)) for t in range(9)])
    await hand.act("select.none")
    await hand.act("tool.smudge")
    for y in range(470, 640, 18):
        await hand.stroke([(x, y + 3 * math.sin(x / 30)) for x in range(0, WIDTH, 22)], even)
    await hand.shot("3-lake")


async def shore(hand: Hand) -> None:
    """A bank with trees: ink, foliage, and light clipped to the leaves."""
    await hand.layer("Bank")
    await lasso(hand, [(-4, 520), (60, 505), (150, 512), (250, 545), (330, 590), (400, 644), (-4, 644)])
    await hand.act("tool.fill")
    hand.color("#1d2233")
    await hand.click((60, 600))
    await hand.brush("charcoal", 60, "#4a4a52")
    for _ in range(8):
        x = hand.random.uniform(-20, 220)
        await hand.stroke([(x + 14 * t, 520 + x * 0.1 + 4 * t) for t in range(10)])
    await hand.act("select.none")
    await hand.layer("Trees")
    await hand.brush("ink-brush", 22, "#14161f")
    for x, height, lean in ((70, 300, 14), (135, 220, -10), (200, 150, 12)):
        await hand.stroke(
            [(x + lean * math.sin(t / 6), 540 - height * t / 14) for t in range(15)], lambda at: 1 - 0.8 * at
        )
        for branch in range(4):
            y, side = 540 - height * (0.45 + 0.14 * branch), 1 if branch % 2 else -1
            await hand.stroke([(x + side * 9 * t, y - 3 * t - t * t / 3) for t in range(7)], lambda at: 0.5 - 0.4 * at)
    await hand.layer("Leaves")
    await hand.brush("foliage", 26, "#20283a")
    for x, y, spread in ((70, 260, 84), (135, 340, 62), (200, 400, 46)):
        for _ in range(5):
            dx, dy = hand.random.uniform(-spread, spread) * 0.6, hand.random.uniform(-spread, spread) * 0.45
            await hand.stroke(
                [(x + dx + spread * math.cos(t) * 0.5, y + dy + spread * 0.35 * math.sin(t)) for t in range(7)], even
            )
    await hand.layer("Light on the Leaves")
    hand.look(clipped=True)
    await hand.brush("soft-round", 90, "#e08a5a")
    for x, y in ((120, 235), (175, 320), (230, 385)):
        await hand.stroke([(x - 20, y - 24), (x + 12, y), (x + 24, y + 30)])
    await hand.shot("4-shore")


async def boat(hand: Hand) -> None:
    """A boat on a layer of its own, its reflection a flipped copy."""
    await hand.layer("Boat")
    await hand.brush("calligraphy", 16, "#171a24")
    await hand.stroke([(560 + 12 * t, 520 + 0.16 * (t - 7) ** 2 * -1 + 8) for t in range(15)])
    await hand.stroke([(560 + 12 * t, 516 - 0.2 * (t - 7) ** 2 + 14) for t in range(15)])
    await hand.brush("ink-pen", 7, "#171a24")
    await hand.stroke([(640, 520), (642, 450), (643, 400)], even)
    await lasso(hand, [(647, 404), (716, 498), (648, 506)])
    hand.color("#d9c7a5")
    await hand.act("edit.fill")
    await hand.act("select.none")
    await hand.act("layer.duplicate")
    await hand.act("edit.flip-vertical")
    await hand.rest()  # it turns in slices
    layer = hand.view.document.active
    if layer is not None:
        bounds = layer.content_bounds()
        await hand.act("tool.move")
        await hand.drag((640, 460), (640, 460 + 530 - bounds.y))
        hand.look(opacity=0.32, name="Reflection")
    await hand.act("layer.down")
    await hand.shot("5-boat")


async def finish(hand: Hand) -> None:
    """Warmer light over everything, birds, and a name with a seal."""
    await hand.act("layer.top")
    await hand.layer("Birds")
    await hand.brush("fine-liner", 4, "#20253a")
    for x, y, size in ((420, 150, 16), (460, 132, 13), (500, 148, 11), (540, 120, 9)):
        await hand.stroke([(x - size, y - size * 0.3), (x - size * 0.4, y - size * 0.5), (x, y)])
        await hand.stroke([(x, y), (x + size * 0.4, y - size * 0.5), (x + size, y - size * 0.3)])
    await hand.layer("Seal")
    await hand.act("tool.shapes")
    hand.set(shape="rectangle", paint="fill", radius=6)
    await hand.second("#a4372a", "#a4372a")
    await hand.drag((1066, 552), (1108, 594))
    await hand.act("tool.text")
    hand.set(size=32)
    hand.color("#f4e6d2")
    await hand.click((1071, 589))
    await hand.rest()
    field = hand.window.findChild(QPlainTextEdit, "textCardField")
    if not isinstance(field, QPlainTextEdit):
        raise RuntimeError("The text tool opened no field.")
    field.insertPlainText("手")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await hand.act("layer.top")
    await hand.act("adjust.curves")
    await hand.rest()
    from canvas.adjustments import Curves

    hand.look(
        adjustment=Curves(all=((0.0, 0.0), (0.28, 0.22), (0.72, 0.8), (1.0, 1.0)), blue=((0.0, 0.04), (1.0, 0.94)))
    )
    await hand.act("edit.crop-frame")
    await hand.rest()
    await hand.act("view.fit-frame")
    await hand.shot("6-finished")


async def paint(folder: Path) -> None:
    """The whole lesson."""
    from desktop.generation.jobs import JobRouter
    from desktop.i18n import Languages
    from desktop.program import Parts, Program
    from desktop.settings import Folders, Settings
    from desktop.theme import DARK, apply_theme
    from pipelines.client.fake import FakeClient
    from pipelines.library.registry import Library

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, DARK)
    settings = Settings(folder / "settings.json")
    settings.update(language="en", show_welcome=False)
    client = FakeClient()
    parts = Parts(app, Folders(folder, folder), settings, Languages(app), Library(), client, JobRouter(client))
    program = Program(parts)
    window = program.new_window()
    window.resize(1280, 800)
    await program.start_engine()
    await asyncio.sleep(0.5)
    hand = Hand(window)
    window.session.document.set_frame(type(window.session.document.frame)(0, 0, WIDTH, HEIGHT))
    await hand.act("view.fit-frame")
    for part in (sky, mountains, water, shore, boat, finish):
        await part(hand)
    gone = asyncio.Event()
    window.closed.connect(lambda _: gone.set())
    program.quit()
    await gone.wait()
    await program.slots.finish()
    await program.close_engine()


def main() -> None:
    """A virtual screen, one window, one picture."""
    import qasync

    OUT.mkdir(parents=True, exist_ok=True)
    screen = Screen()
    os.environ |= {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    try:
        app = QApplication([])
        app.setQuitOnLastWindowClosed(False)
        loop = qasync.QEventLoop(app)
        with tempfile.TemporaryDirectory() as folder, loop:
            loop.run_until_complete(paint(Path(folder)))
    finally:
        screen.close()


if __name__ == "__main__":
    main()
