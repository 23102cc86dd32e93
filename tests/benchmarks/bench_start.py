"""From command to window, to the first picture, and how late the window runs meanwhile.

`python -m tests.benchmarks.bench_start [--json]`. Needs a screen, or runs on the offscreen platform.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.rows import Row, emit

IMPORT = "import time; t = time.perf_counter(); import desktop.app; print(time.perf_counter() - t)"
WINDOW = """
import os, sys, time
began = float(os.environ["BEGAN"])
import psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from desktop import app
from desktop.view.canvas_view import CanvasView

def painted(view, event, paint=CanvasView.paintEvent):
    paint(view, event)
    QTimer.singleShot(0, tell)

def tell():
    info = psutil.Process().memory_info()
    heavy = sorted(m for m in sys.modules if m in ("torch", "diffusers", "transformers"))
    print(time.time() - began, info.rss, len(sys.modules), ",".join(heavy) or "none", flush=True)
    os._exit(0)

CanvasView.paintEvent = painted
app.main([])
"""


def _child(code: str, home: str) -> list[str]:
    environment = {**os.environ, "BEGAN": str(time.time()), "HANDSCROLL_DATA_DIR": home, "HANDSCROLL_CONFIG_DIR": home}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.split()


def start_rows(runs: int = 5) -> list[Row]:
    """Import time, seconds to the first paint, memory."""
    with tempfile.TemporaryDirectory() as home:
        imports = [float(_child(IMPORT, home)[0]) for _ in range(runs)]
        windows = [_child(WINDOW, str(Path(home) / str(i))) for i in range(runs)]
    seconds = [float(w[0]) for w in windows]
    rss = [int(w[1]) / 2**20 for w in windows]
    modules = f"{windows[0][2]} modules; torch and kin: {windows[0][3]}"
    return [
        Row("import desktop.app", statistics.median(imports), "s", None, f"median of {runs}"),
        Row("command to window", statistics.median(seconds), "s", 1.0, f"first paint, median of {runs}, warm files"),
        Row("window RSS", statistics.median(rss), "MiB", None, modules),
    ]


def trip_rows() -> list[Row]:
    """First picture and window lateness, in this process with the engine in its child."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.benchmarks.first_picture import run

    with tempfile.TemporaryDirectory() as home:
        return run(Path(home))


def main() -> None:
    """Prints the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    emit([*start_rows(), *trip_rows()], parser.parse_args().json)


if __name__ == "__main__":
    main()
