"""Makes the pictures of docs/inpainting.md with the window, its engine and the starter: `python -m tools.repainting`.

Needs Xvfb. The places, words and seeds stand here; no picture is picked out of several.
`python -m tools.repainting remove route` makes only some of them.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.markings import ROUTE
from canvas.pixels import to_rgba
from canvas.routes import Route
from tools.own_screen import run_on_own_screen
from tools.tutorial import Hand, Place, even

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.program import Program

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SEED, SCROLL_SEED = 7, 1
SIDE, GAP = 448, 8
"""Height of the pictures in a pair, and what is between them, pixels."""
QUALITY = 88
PATIENCE = 400
WINDOW = (1280, 800)
PEAK = ((300, 232), (318, 150), (342, 70), (362, 44), (390, 60), (430, 150), (452, 214), (420, 246), (350, 250))
BOAT = ((850, 470), (852, 410), (872, 390), (905, 396), (930, 410), (978, 428), (976, 452), (940, 472), (890, 478))


class Studio:
    """A window with the starter's engine behind it, and a hand."""

    def __init__(self, program: Program, window: MainWindow) -> None:
        self.program, self.window, self.hand = program, window, Hand(window)
        window.form.set(seed=SEED, random_seed=False, num_images_per_prompt=1, mode=None)

    @property
    def document(self) -> Document:
        """The painting."""
        return self.window.session.document

    @property
    def route(self) -> Route:
        """The painting's route, which is there."""
        assert self.document.route is not None
        return self.document.route

    async def frame(self, x: int, y: int, width: int, height: int) -> None:
        """Puts the frame there and looks at it."""
        self.document.set_frame(Bounds(x, y, width, height))
        await self.hand.act("view.fit-frame")
        await self.hand.rest(1.0)

    async def lasso(self, outline: Sequence[Place]) -> None:
        """Draws an outline; the prompt at the selection goes, the selection stays."""
        await self.hand.act("tool.lasso")
        await self.hand.stroke([*outline, outline[0]], even)
        await self.hand.rest()
        await self.escape("inlinePrompt")

    async def escape(self, name: str) -> None:
        """Esc in a card over the canvas."""
        card = self.window.findChild(QWidget, name)
        if isinstance(card, QWidget) and card.isVisible():
            QTest.keyClick(card, Qt.Key.Key_Escape)
        await self.hand.rest()

    async def generate(self, prompt: str, action: str = "generate.run", keep: bool = True) -> None:
        """Has something painted, and keeps the first picture of it or drops it."""
        self.window.form.set(prompt=prompt)
        self.window.controller.refresh_mode()
        await self.hand.act(action)
        await self.until(lambda: self.window.controller.current is not None)
        await self.hand.act("generate.accept" if keep else "generate.discard")
        if keep and not self.document.selection.is_empty:
            await self.hand.act("select.none")

    async def until(self, ready: Callable[[], bool]) -> None:
        """Waits while the window works."""
        async with asyncio.timeout(PATIENCE):
            while not ready():  # noqa: ASYNC110 - many things make it ready
                await asyncio.sleep(0.05)

    async def seen(self, part: Bounds | None = None) -> Image.Image:
        """What the canvas shows now, of this part of it (canvas pixels)."""
        await self.hand.rest(1.2)
        picture = picture_of(self.window.view.grab())
        if part is None:
            return picture
        left, top = self.window.view.canvas_to_widget(part.x, part.y)
        right, bottom = self.window.view.canvas_to_widget(part.right, part.bottom)
        return picture.crop((round(left), round(top), round(right), round(bottom)))

    def painted(self, part: Bounds) -> Image.Image:
        """The painting itself on white, without anything that lies over it."""
        picture = Image.fromarray(np.ascontiguousarray(to_rgba(self.window.session.compositor.flatten(part))))
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")

    async def shot(self, name: str) -> None:
        """The whole window."""
        await self.hand.rest(1.2)
        keep_window(name, picture_of(self.window.grab()))


def picture_of(pixmap: QPixmap) -> Image.Image:
    """A grabbed widget."""
    return Image.fromarray(np.ascontiguousarray(to_rgba(pixmap.toImage()))[..., :3])


def keep_window(name: str, picture: Image.Image) -> None:
    """With 256 colours."""
    colours = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3)
    small = picture.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG)
    small.save(PICTURES / f"{name}.png", optimize=True)


def keep_row(name: str, pictures: Sequence[Image.Image], side: int = SIDE) -> None:
    """Side by side, all of this height."""
    fitted = [one.resize((round(one.width * side / one.height), side), Image.Resampling.LANCZOS) for one in pictures]
    row = Image.new("RGB", (sum(one.width for one in fitted) + GAP * (len(fitted) - 1), side), "white")
    left = 0
    for one in fitted:
        row.paste(one, (left, 0))
        left += one.width + GAP
    row.save(PICTURES / f"{name}.jpg", quality=QUALITY, optimize=True, progressive=True)


# --- the parts; each begins with its own painting


async def repaint(studio: Studio) -> None:
    """A peak becomes an autumn hill."""
    part = Bounds(128, 0, 512, 512)
    await studio.frame(part.x, part.y, part.width, part.height)
    await studio.lasso(PEAK)
    before = await studio.seen(part)
    await studio.generate("autumn, hill, pines, red maples")
    keep_row("pair-repaint", (before, studio.painted(part)))


async def remove(studio: Studio) -> None:
    """The ferry goes."""
    part = Bounds(704, 0, 512, 512)
    await studio.frame(part.x, part.y, part.width, part.height)
    await studio.lasso(BOAT)
    before = await studio.seen(part)
    await studio.hand.act("generate.mode.remove")
    await studio.generate("")
    keep_row("pair-remove", (before, studio.painted(part)))


async def background(studio: Studio) -> None:
    """Boats, trees and houses stay, the rest is painted anew."""
    part = Bounds(704, 0, 512, 512)
    await studio.frame(part.x, part.y, part.width, part.height)
    await studio.hand.act("select.from-layer")
    await studio.escape("inlinePrompt")
    await studio.hand.act("tool.hand")
    before = await studio.seen(part)
    await studio.hand.act("generate.mode.replace-background")
    await studio.generate("night, full moon, mountains, water")
    keep_row("pair-background", (before, studio.painted(part)))


async def grow(studio: Studio) -> None:
    """Twice Alt+Right."""
    part = Bounds(1536, 0, 1024, 512)
    await studio.frame(part.x, part.y, part.width, part.height)
    studio.document.set_frame(Bounds(1536, 0, 512, 512))
    await studio.hand.act("tool.hand")
    before = await studio.seen(part)
    for step in range(2):
        studio.window.form.set(seed=SEED + step)  # the same seed would paint the same things again
        await studio.generate("spring, blue-green, mountains, water", "expand.right")
    keep_row("pair-grow", (before, studio.painted(part)), side=SIDE // 2)


async def route(studio: Studio) -> None:
    """A line over empty canvas with words for three stretches."""
    from desktop.generation.route import RouteState

    hand, commands = studio.hand, studio.window.route_commands
    await studio.frame(0, -200, 2048, 640)
    studio.window.form.set(prompt="dawn, misty mountains, red sun, lake")
    await hand.act("tool.route")
    await hand.drag((128, 128), (1920, 128))
    for at, words in (
        (720, "clear day, blue-green, high peaks, waterfall"),
        (1340, "night, full moon, mountains, water"),
    ):
        commands.tool.split(at, 128)
        await hand.rest()
        studio.document.set_marking(ROUTE, studio.route.with_prompt(commands.tool.chosen, words))
    studio.document.set_marking(ROUTE, replace(studio.route, seed=SEED))
    await hand.rest(1.0)
    await hand.act("route.start")
    await studio.until(lambda: studio.route.painted >= 3 and commands.run.fraction > 0.5)
    await studio.shot("route")
    await studio.until(lambda: commands.run.state is RouteState.RESTING)
    keep_row("route-scroll", (studio.painted(studio.document.content_bounds()),), side=200)


async def sight(studio: Studio) -> None:
    """See what the model sees, over the ferry."""
    await studio.frame(704, 0, 512, 512)
    await studio.lasso(BOAT)
    await studio.generate("a fishing boat, water", keep=False)  # now it knows how long that takes
    await studio.hand.act("view.model-sight")
    await studio.hand.rest(2.0)
    await studio.shot("model-sight")


async def live(studio: Studio) -> None:
    """A few flat shapes, and beside them what the model makes of them."""
    hand, painting = studio.hand, studio.window.live_commands.painting
    await studio.frame(-16, -16, 800, 416)
    studio.document.set_frame(Bounds(0, 0, 384, 384))
    studio.window.form.set(prompt="mountains, lake, mist")
    for colour, outline in (
        ("#e8dcc6", ((0, 0), (384, 0), (384, 384), (0, 384))),
        ("#9db29a", ((0, 230), (60, 150), (120, 90), (170, 130), (230, 200), (300, 240), (0, 250))),
        ("#5d7a66", ((150, 250), (230, 160), (290, 100), (340, 150), (384, 220), (384, 260))),
        ("#c3c9bd", ((0, 262), (384, 262), (384, 384), (0, 384))),
    ):
        await studio.lasso(outline)
        hand.color(colour)
        await hand.act("edit.fill")
        await hand.act("select.none")
    await hand.act("live.place-beside")
    await hand.act("live.toggle")
    await hand.brush("ink-brush", 14, "#3a3026")
    await hand.stroke([(90 + 8 * t, 310 + 0.5 * (t - 5) ** 2 - 10) for t in range(11)])
    await hand.rest(3.0)
    await studio.until(lambda: painting.picture is not None and painting.state.value == "resting")
    await studio.shot("live")


async def regions(studio: Studio) -> None:
    """Two halves of a frame with words of their own."""
    hand = studio.hand
    await studio.frame(0, 0, 512, 320)
    studio.window.form.set(prompt="mountains, water")
    for left, words in ((0, "dawn, red sun, mist"), (256, "night, full moon")):
        await hand.act("tool.rectangle")
        await hand.drag((left, 0), (left + 256, 320))
        await studio.escape("inlinePrompt")
        await hand.act("regions.add-from-selection")
        studio.window.regions_panel.rows[-1].prompt.setPlainText(words)
        await hand.act("select.none")
    before = await studio.seen(Bounds(0, 0, 512, 320))
    await studio.generate("mountains, water")
    keep_row("pair-regions", (before, studio.painted(Bounds(0, 0, 512, 320))), side=280)


async def sweep(studio: Studio) -> None:
    """Four seeds, three guidances."""
    from desktop.generation.sweep import Scope, SweepField, make_sweep, read_axis
    from desktop.generation.sweep_run import SweepState

    window = studio.window
    await studio.frame(0, 0, 256, 256)
    window.form.set(prompt="autumn, high peaks, river")
    scope = Scope(window.form.settings, window.controller.mode, window.form.models)
    axes = [read_axis(SweepField.SEED, "7, 8, 9, 10", scope), read_axis(SweepField.GUIDANCE, "1, 2, 4", scope)]
    await window.sweep_commands.start(make_sweep(*axes), scope)
    await studio.until(lambda: window.sweep_commands.run.state is SweepState.DONE)
    await studio.shot("sweep")


async def upscale(studio: Studio) -> None:
    """A picture twice as large: Lanczos, and with new detail."""
    del studio
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, plain, fresh = (folder / f"{step}.png" for step in ("small", "plain", "fresh"))
        words = ["--prompt", "clear day, blue-green landscape of high peaks, pines, lake", "--seed", str(SEED)]
        await handscroll("generate", *words, "--width", "320", "--height", "320", "--out", str(small))
        await handscroll("upscale", "--image", str(small), "--scale", "2", "--out", str(plain))
        await handscroll(
            "upscale", "--image", str(small), "--scale", "2", "--out", str(fresh), "--strength", "0.35", *words
        )
        keep_row("upscale", [crop_of(path) for path in (small, plain, fresh)], side=384)


def crop_of(path: Path) -> Image.Image:
    """The middle of a picture, the same part at every size; small ones are shown with their own pixels."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    quarter = picture.width // 4
    part = picture.crop((quarter, quarter, 3 * quarter, 3 * quarter))
    return part.resize((384, 384), Image.Resampling.NEAREST) if part.width < 300 else part


async def handscroll(*arguments: str) -> None:
    """A command of the program."""
    command = [sys.executable, "-m", "desktop.command_line", *arguments]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=PATIENCE)


PARTS: dict[str, tuple[Callable[[Studio], Awaitable[None]], bool]] = {
    "repaint": (repaint, True),
    "remove": (remove, True),
    "background": (background, True),
    "grow": (grow, True),
    "route": (route, False),
    "sight": (sight, True),
    "live": (live, False),
    "regions": (regions, False),
    "sweep": (sweep, False),
    "upscale": (upscale, False),
}
"""Name -> (what makes it, whether it begins with a painted scroll)."""


async def make_all(app: QApplication, folder: Path, names: Sequence[str]) -> None:
    """One program, one engine, a new painting for each part."""
    from desktop.generation.jobs import JobRouter
    from desktop.i18n import Languages
    from desktop.painted_scroll import painted_session
    from desktop.program import Parts, Program
    from desktop.session import Session
    from desktop.settings import Folders, Settings
    from pipelines.client.process import ProcessClient
    from pipelines.library.registry import Library

    settings, library = Settings(folder / "settings.json"), Library()
    settings.update(language="en", show_welcome=False)
    client = ProcessClient(library)
    program = Program(Parts(app, Folders(folder, folder), settings, Languages(app), library, client, JobRouter(client)))
    started = False
    for name in names:
        make, on_scroll = PARTS[name]
        home = folder / name
        session = await painted_session(SCROLL_SEED, home) if on_scroll else Session.new(home)
        window = program.add_window(session)
        window.resize(*WINDOW)
        if not started:
            started = True
            await program.start_engine()
        await asyncio.sleep(1.0)
        await make(Studio(program, window))
        print(name, flush=True)
    gone = asyncio.Event()
    program.finished.connect(gone.set)
    program.quit()
    await gone.wait()
    await program.close_engine()


def main() -> None:
    """All parts, or those that are asked for."""
    run_on_own_screen(make_all, list(PARTS))


if __name__ == "__main__":
    main()
