"""Starts what was set up: the program, the headless demo, or the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer.environment import Environment, clean_variables
from installer.errors import SetupError
from installer.machine import has_display, needs_display

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""The tests must not need the network, and must notice when something reaches for it."""

_MOST_WORKERS = 4
"""Side by side in the tests: each may need 3 GB."""

NO_DISPLAY = (
    "No screen was found (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. "
    "Painting the demo instead; its pictures go to {folder}."
)


def replace_process(command: Sequence[str], variables: dict[str, str]) -> int:
    """Become another program; on Windows, which cannot, run it and return its exit code."""
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execve(command[0], list(command), variables)
    return subprocess.run(command, env=variables, check=False).returncode


def handscroll_command(environment: Environment, arguments: Sequence[str]) -> list[str]:
    """Return the command that starts the program with arguments."""
    program = str(environment.program("handscroll"))
    # Through Python by name: a script's first line breaks in folders with very long names.
    return [program, *arguments] if sys.platform == "win32" else [str(environment.python), program, *arguments]


def start_program(environment: Environment, arguments: Sequence[str]) -> int:
    """Open the window; without a screen paint the demo, and say so."""
    variables = clean_variables()
    if needs_display(arguments) and not has_display(sys.platform, variables):
        folder = Path(variables.get("HANDSCROLL_DEMO_DIR", "handscroll-demo")).absolute()
        print(NO_DISPLAY.format(folder=folder), flush=True)
        arguments = ["demo"]
    return replace_process(handscroll_command(environment, arguments), variables)


def start_tests(environment: Environment, arguments: Sequence[str]) -> int:
    """Run pytest with the arguments handed on, offline; without any, on several cores at once.

    Raises SetupError if the checkout has no tests.
    """
    if not (environment.root / "tests").is_dir():
        raise SetupError(f"There is no folder tests in {environment.root}: this copy came without them.")
    os.chdir(environment.root)
    together = list(arguments) or ["-n", str(_workers()), "--dist", "loadfile"]
    return replace_process([str(environment.python), "-m", "pytest", *together], clean_variables() | OFFLINE)


def _workers() -> int:
    """Processes that test side by side."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _MOST_WORKERS))
