"""The real program on a screen of its own, driven by real keys and a real pointer."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageGrab

SCREEN = (1280, 800)
T = TypeVar("T")


def missing_tools() -> list[str]:
    """What this machine lacks to show a window to nobody."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


class Screen:
    """A virtual X screen."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24", "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as numbers:
            self.display = f":{numbers.readline().strip()}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def picture(self) -> Image.Image:
        """What a person would see."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")


class Program:
    """One run of `handscroll` in its own process."""

    def __init__(self, screen: Screen, home: Path, artefacts: Path, files: Sequence[Path] = ()) -> None:
        self.screen, self.home, self.artefacts = screen, home, artefacts
        artefacts.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")},
            "DISPLAY": screen.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": "1",
            "LC_ALL": "C.UTF-8",
            "HANDSCROLL_DATA_DIR": str(home / "data"),
            "HANDSCROLL_CONFIG_DIR": str(home / "config"),
        }
        self._log = (artefacts / "program.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desktop.command_line", *map(str, files)],
            env=self.environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self.window = self.find_window()

    def find_window(self) -> str:
        """The window on show, large and with the keyboard; called again after another has taken its place."""

        def search() -> str:
            found = self.xdotool("search", "--onlyvisible", "--class", "handscroll", check=False).split()
            return found[-1] if found else ""

        window = wait_for(search, 60, "the window")
        self.xdotool("windowmove", window, "0", "0")
        self.xdotool("windowsize", window, str(SCREEN[0]), str(SCREEN[1]))
        self.xdotool("windowfocus", window)
        time.sleep(0.7)
        return window

    def xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=check, timeout=60
        )
        return done.stdout

    # --- hands

    def key(self, *names: str) -> None:
        self.xdotool("key", "--clearmodifiers", "--delay", "30", *names)
        time.sleep(0.15)

    def type(self, text: str) -> None:
        # A character without a key is given one for a moment, and the program must have seen that before the press.
        self.xdotool("type", "--delay", "15" if text.isascii() else "150", text)
        time.sleep(0.2)

    def drag(self, points: Sequence[tuple[int, int]], modifier: str | None = None) -> None:
        """Presses at the first point, moves through the others and lets go."""
        self.xdotool("mousemove", *map(str, points[0]))
        if modifier:
            self.xdotool("keydown", modifier)
        self.xdotool("mousedown", "1")
        for x, y in points[1:]:
            self.xdotool("mousemove", str(x), str(y), "sleep", "0.012")
        self.xdotool("mouseup", "1")
        if modifier:
            self.xdotool("keyup", modifier)
        time.sleep(0.15)

    def click(self, x: int, y: int) -> None:
        self.xdotool("mousemove", str(x), str(y), "click", "1")
        time.sleep(0.15)

    # --- eyes

    def shot(self, name: str) -> Image.Image:
        """Keeps a screenshot as an artefact and returns it."""
        picture = self.screen.picture()
        picture.save(self.artefacts / f"{name}.png")
        return picture

    def project(self) -> Path:
        """The project file of the untitled painting."""
        found = sorted((self.home / "data").rglob("*.scroll"), key=lambda p: p.stat().st_mtime)
        return found[-1]

    def ask(self, query: str, path: Path | None = None) -> list[tuple]:
        """Reads the project file from outside, while the program runs."""
        with sqlite3.connect(f"file:{path or self.project()}?mode=ro", uri=True, timeout=10) as connection:
            return connection.execute(query).fetchall()

    def generations(self) -> int:
        return self.ask("select count(*) from generation")[0][0]

    def wait_generations(self, count: int, seconds: float = 120) -> None:
        wait_for(lambda: self.generations() >= count, seconds, f"{count} generations")

    # --- ends

    def kill(self) -> None:
        """kill -9, the engine too, as when the power goes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def quit(self) -> int:
        """The polite way; returns the exit code."""
        self.key("ctrl+q")
        return self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        self._log.close()

    @property
    def log(self) -> str:
        return (self.artefacts / "program.log").read_text(errors="replace")


def wait_for(look: Callable[[], T], seconds: float, what: str) -> T:
    """Asks until the answer is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds:.0f} s for {what}.")
