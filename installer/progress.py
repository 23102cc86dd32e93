"""Shows the steps of a set-up with sizes and times, and runs programs while it does."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from installer.errors import CommandError
from installer.failures import diagnose

_SIZE = re.compile(r"(?:[Dd]ownloading|Using cached)\s+(\S+?)\s*\(([\d.]+)\s*([kKMG]i?B)\)")
_FACTOR = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}


def downloaded_bytes(line: str) -> float:
    """Return the size in bytes that a line of pip or uv announces as a download, 0 for any other line."""
    match = _SIZE.search(line)
    return float(match[2]) * _FACTOR[match[3][0]] if match else 0.0


def activity(line: str) -> str:
    """Return a line of pip or uv in a few words for the status line, "" where it says nothing new."""
    match = _SIZE.search(line)
    if match:
        return "downloading " + match[1].rsplit("/", 1)[-1].split("-")[0]
    if line.startswith("Installing collected"):
        return "unpacking"
    first, _, rest = line.strip().partition(" ")
    return f"looking at {rest.split(' ')[0]}" if first == "Collecting" else ""


class Progress:
    """One numbered line per step: `[2/6] torch (CPU build)  183 MB  12 s`."""

    def __init__(self, total: int, log: Path, out: TextIO | None = None) -> None:
        self.total = total
        self.log = log
        self.number = 0
        self.bytes = 0.0
        self.name = ""
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._started = 0.0
        self._shown = 0.0

    def begin(self, name: str) -> None:
        """Open the next step."""
        self.number += 1
        self.bytes = 0.0
        self._started = time.monotonic()
        self.rename(name)

    def rename(self, name: str) -> None:
        """Give the open step a better name, once more is known."""
        self.name = name
        self._status("")

    def done(self, note: str = "") -> float:
        """Close the step; returns its seconds."""
        seconds = time.monotonic() - self._started
        size = f"  {self.bytes / 1e6:.0f} MB" if self.bytes >= 1e6 else ""
        self._line(f"{self._head()}{size}  {seconds:.1f} s" + (f"  ({note})" if note else ""))
        return seconds

    def say(self, text: str) -> None:
        """Print a sentence between the steps."""
        self._line("      " + text)

    def _head(self) -> str:
        return f"[{self.number}/{self.total}] {self.name}"

    def _line(self, text: str) -> None:
        self._out.write(("\r\x1b[K" if self._live else "") + text + "\n")
        self._out.flush()

    def _status(self, text: str) -> None:
        if not self._live:
            return
        self._shown = time.monotonic()
        size = f"  {self.bytes / 1e6:.0f} MB" if self.bytes >= 1e6 else ""
        self._out.write(f"\r\x1b[K{self._head()}{size}  {self._shown - self._started:.0f} s  {text}"[:118])
        self._out.flush()

    def _note(self, line: str) -> None:
        self.bytes += downloaded_bytes(line)
        words = activity(line)
        if words and time.monotonic() - self._shown > 0.1:
            self._status(words)

    def run(
        self, command: Sequence[str], root: Path, env: Mapping[str, str] | None = None, gigabytes: float = 2.0
    ) -> str:
        """Run a program, follow its output in the status line and keep it in the log.

        Returns the output. Raises CommandError with a sentence when the program fails or cannot be started.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        lines: list[str] = []
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n")
            try:
                child = subprocess.Popen(
                    command, cwd=root, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
                )  # fmt: skip
            except OSError as error:
                raise CommandError(f"{command[0]} could not be started: {error}.", "start") from error
            with child:
                for line in child.stdout or ():
                    log.write(line)
                    lines.append(line)
                    self._note(line.rstrip())
        output = "".join(lines)
        if child.returncode:
            kind, sentence = diagnose(output, str(root), gigabytes)
            raise CommandError(f"{sentence} (full log: {self.log})", kind)
        return output
