"""The commands of `python3 -m installer`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from installer.errors import SetupError

if TYPE_CHECKING:
    from installer.steps import Setup

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = {
    "run": "set up what is missing, then start Handscroll; what follows is handed on to it",
    "test": "set up the test tools too, then run the tests; what follows is handed on to pytest",
    "setup": "set up without starting",
    "vocabularies": "fetch the words that models in a single file need",
    "doctor": "say what this computer has and what is wrong",
    "clean": "remove everything that set-up made in this folder",
    "lock": "write the lock files anew (for developers)",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m installer", description="Set up, start and test Handscroll.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == "doctor":
            command.add_argument("--json", action="store_true", help="print JSON")
        elif name == "clean":
            command.add_argument("--yes", action="store_true", help="do not ask")
        elif name == "lock":
            command.add_argument("--upgrade", action="store_true", help="take the newest versions")
        elif name == "setup":
            command.add_argument("--tests", action="store_true", help="install the test tools as well")
            builds = "auto, cpu, cu130, cu126, rocm7.2, xpu"
            command.add_argument("--torch", default="auto", metavar="BUILD", help=builds)
            command.add_argument("--with", dest="tool", default="auto", choices=("auto", "uv", "pip"))
            command.add_argument("--again", action="store_true", help="do every step again")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. The one place where set-up's errors become printed sentences."""
    try:
        return _dispatch(list(arguments))
    except SetupError as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _dispatch(arguments: list[str]) -> int:
    # run and test hand everything on, also words that argparse would take for its own
    if arguments[:1] == ["run"] and arguments[1:2] != ["--help"]:
        return _run(arguments[1:])
    if arguments[:1] == ["test"] and arguments[1:2] != ["--help"]:
        return _test(arguments[1:])
    options = _parser().parse_args(arguments)
    if options.command == "clean":
        return _clean(options.yes)
    if options.command == "lock":
        from installer.lock import write_lock

        write_lock(ROOT, options.upgrade)
        return 0
    from installer.steps import Setup, Wishes

    if options.command == "doctor":
        from installer.doctor import report

        return report(Setup(ROOT, Wishes()), options.json)
    if options.command == "vocabularies":
        _bring_vocabularies(Setup(ROOT, Wishes()))
    else:
        wishes = Wishes(options.tests, options.torch, options.tool, options.again, retry=True)
        _set_up(wishes, "Ready. Start it with: python3 -m installer run")
    return 0


def _set_up(wishes: object, closing: str = "") -> None:
    from installer.steps import Setup, Wishes

    assert isinstance(wishes, Wishes)
    started = time.monotonic()
    worked = Setup(ROOT, wishes).run()
    if worked:
        print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)
    if closing:
        print(closing, flush=True)


def _run(arguments: list[str]) -> int:
    from installer.environment import Environment
    from installer.start import start_program
    from installer.steps import Wishes

    _set_up(Wishes())
    return start_program(Environment(ROOT), arguments)


def _test(arguments: list[str]) -> int:
    from installer.environment import Environment
    from installer.start import start_tests
    from installer.steps import Wishes

    _set_up(Wishes(tests=True))
    return start_tests(Environment(ROOT), arguments)


def _bring_vocabularies(setup: Setup) -> None:
    from installer.vocabularies import bring

    if setup.environment.fault():
        raise SetupError("There is no sound environment yet. Make it first: python3 -m installer setup")
    folder = setup.environment.vocabularies
    bring(folder, lambda requirement, place: setup.tool.fetch(setup.progress, requirement, place))
    print(f"The vocabularies are in {folder}; NOTICE.txt there says whose they are.")


def _clean(sure: bool) -> int:
    from installer.environment import remove_folder

    folders = [folder for folder in (ROOT / ".venv", ROOT / ".setup") if folder.exists()]
    if not folders:
        print("Nothing to remove.")
        return 0
    names = " and ".join(str(folder) for folder in folders)
    if not sure:
        if not sys.stdin.isatty():
            raise SetupError(f"clean would remove {names}. Nobody can be asked here: add --yes.")
        if input(f"Remove {names}? Your paintings are elsewhere and stay. [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing was removed.")
            return 1
    for folder in folders:
        remove_folder(folder)
    print(f"Removed {names}.")
    return 0
