"""Has a pickled file made into a safetensors file by a process of its own: what could go wrong there stays there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.contract.errors import JobCancelled, ModelError

_PROGRAM = ("-m", "pipelines.engine.convert")


def convert(
    path: Path,
    target: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Writes what the pickled file holds as safetensors, beside it or at `target`; the old file stays as it is.

    `progress` is told bytes written and bytes in all. Gives the new file's path. Takes seconds: for a thread.

    Raises ModelError, as a sentence, when the file is hostile or damaged or the disk is full; JobCancelled when
    `is_cancelled` says so at the next progress.
    """
    arguments = [str(path.absolute()), *([str(target.absolute())] if target else [])]
    home = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, *_PROGRAM, *arguments], stdout=subprocess.PIPE, cwd=home) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in child.stdout:
            told = json.loads(line)
            if "error" in told:
                raise ModelError(str(told["error"]))
            if "path" in told:
                return Path(told["path"])
            progress(int(told["done"]), int(told["total"]))
            if is_cancelled():
                child.terminate()
                raise JobCancelled
    raise ModelError(f"{path.name} could not be converted: the process that did it ended early. Nothing was changed.")
