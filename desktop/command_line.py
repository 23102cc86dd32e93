"""The console command `handscroll`: opens the window, or does one thing without it. Imports only what it needs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from pipelines.cli import BAD_INPUT, FAILED, OK, Parser, add_commands, run_command

BENCHES = ("canvas", "project", "edits", "generate", "models", "painter", "start")
_ROOT = Path(__file__).resolve().parents[1]
_DISPLAYLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
"""Qt platforms that need no window system."""
_USAGE = "handscroll [FILE ...]  or  handscroll COMMAND ..."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs `handscroll` with these arguments (default: the program's own); gives the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, commands = _build_parser()
    if not _asks_for_a_command(arguments, commands):
        return run_command(_open_window, argparse.Namespace(files=arguments))
    try:
        args = parser.parse_args(arguments)
    except SystemExit as ending:  # argparse has printed help or what is wrong
        return ending.code if isinstance(ending.code, int) else BAD_INPUT
    if "run" not in args:
        sys.stderr.write("handscroll: which command? 'handscroll --help' lists them.\n")
        return BAD_INPUT
    return run_command(args.run, args)


def _asks_for_a_command(arguments: Sequence[str], commands: Mapping[str, object]) -> bool:
    return bool(arguments) and (arguments[0] in commands or arguments[0].startswith("-"))


def _build_parser() -> tuple[Parser, Mapping[str, object]]:
    """The parser, and its commands by name."""
    parser = Parser(
        prog="handscroll",
        usage=_USAGE,
        description="Paint on an endless canvas together with a diffusion model. Without a command the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"handscroll {_version()}")
    listing = parser.add_argument("--list-actions", action="store_const", const=_list_actions, dest="run")
    listing.default = argparse.SUPPRESS
    listing.help = "list every action of the window with its shortcut"
    parser.add_argument("--json", action="store_true", help="with --list-actions: as JSON")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", prog="handscroll")
    add_commands(commands)
    _add_file_commands(commands)
    bench = commands.add_parser("bench", help="measure the program itself")
    bench.add_argument("name", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    bench.add_argument("--json", action="store_true", help="print one JSON object")
    bench.add_argument("--full", action="store_true", help="what takes minutes, too: models of full size")
    bench.set_defaults(run=_bench)
    return parser, commands.choices


def _add_file_commands(commands: Any) -> None:
    export = commands.add_parser("export", help="write a project as a picture or as layers (.png .jpg .ora .psd ...)")
    export.add_argument("project", type=Path, metavar="X.scroll")
    export.add_argument("out", type=Path, metavar="OUT", help="the suffix decides the format")
    export.add_argument(
        "--bounds", choices=("content", "frame"), default="content", help="all that is painted (default), or the frame"
    )
    export.add_argument(
        "--part", choices=("everything", "frame", "layers"), help="layers: each as a file of its own beside OUT"
    )
    export.add_argument("--scale", type=int, default=100, metavar="PERCENT", help="1 to 400, default 100")
    export.add_argument(
        "--background", default="transparent", metavar="B", help="transparent, paper, white, black or #rrggbb"
    )
    export.add_argument("--no-metadata", action="store_true", help="say nothing in the file about how it was made")
    export.add_argument("--json", action="store_true", help="print one JSON object")
    export.set_defaults(run=_export)
    again = commands.add_parser("reproduce", help="paint a logged generation again and say whether it is the same")
    again.add_argument("project", type=Path, metavar="FILE.scroll", help="it is only read")
    which = again.add_mutually_exclusive_group()
    which.add_argument("--record", default="", metavar="ID", help="which generation; the first letters are enough")
    which.add_argument("--last", action="store_true", help="the newest one that made a picture (default)")
    devices, numbers = ("auto", "cpu", "cuda", "mps", "xpu"), ("auto", "bf16", "fp16", "fp32")
    again.add_argument("--device", choices=devices, default="", help="what computes; default: as it was")
    again.add_argument("--dtype", choices=numbers, default="", help="number format; default: as it was")
    again.add_argument("--json", action="store_true", help="print one JSON object")
    again.set_defaults(run=_reproduce)
    info = commands.add_parser("info", help="what is in a project or a picture")
    info.add_argument("file", type=Path, metavar="FILE")
    info.add_argument("--json", action="store_true", help="print one JSON object")
    info.set_defaults(run=_info)
    demo = commands.add_parser("demo", help="paint the demo without a window")
    demo.add_argument("--out", type=Path, metavar="DIR", help="default: HANDSCROLL_DEMO_DIR or ./handscroll-demo")
    demo.add_argument("--json", action="store_true", help="print one JSON object")
    demo.set_defaults(run=_demo)


def _open_window(args: argparse.Namespace) -> int:
    files = [Path(name) for name in args.files]
    for file in files:
        if not file.exists():
            sys.stderr.write(
                f"There is no file {file}, and no command of that name; 'handscroll --help' lists the commands.\n"
            )
            return BAD_INPUT
    if not _has_display():
        sys.stderr.write(
            "There is no display to open a window on. Start Handscroll inside a desktop session, or paint without a "
            "window: 'handscroll demo', 'handscroll generate --help'.\n"
        )
        return FAILED
    from desktop import app

    return app.main(files)


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    return platform in _DISPLAYLESS or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _export(args: argparse.Namespace) -> int:
    from desktop import headless

    return headless.export(args)


def _reproduce(args: argparse.Namespace) -> int:
    from desktop import reproduce_command

    return reproduce_command.reproduce(args)


def _info(args: argparse.Namespace) -> int:
    from desktop import headless

    return headless.info(args)


def _demo(args: argparse.Namespace) -> int:
    from desktop import headless

    return headless.demo(args)


def _list_actions(args: argparse.Namespace) -> int:
    from desktop.actions.table import ACTIONS

    rows = [{"id": action.id, "text": action.text, "shortcut": action.shortcut} for action in ACTIONS]
    if args.json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{row['id']:<28} {row['shortcut']:<16} {row['text']}\n" for row in rows)
    return OK


def _bench(args: argparse.Namespace) -> int:
    """Benchmarks live with the tests, in a checkout; they run as a process of their own, so that nothing warms them."""
    if not (_ROOT / "tests" / "benchmarks" / f"bench_{args.name}.py").is_file():
        sys.stderr.write(
            f"The benchmark '{args.name}' is not here: benchmarks come with the source. "
            "Run this command in a checkout of Handscroll.\n"
        )
        return FAILED
    words = [word for word, wanted in (("--json", args.json), ("--full", args.full)) if wanted]
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{args.name}", *words]
    return subprocess.run(command, cwd=_ROOT, check=False).returncode


def _version() -> str:
    try:
        return metadata.version("handscroll")
    except metadata.PackageNotFoundError:
        return "(a checkout that is not installed)"


if __name__ == "__main__":
    sys.exit(main())
