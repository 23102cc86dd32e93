"""Measures how large files, functions and classes are, and fails where one grew past its bound.

`python tools/size_budget.py [--json]`, from anywhere; reads the source with `ast`, imports nothing of it.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILE_LINES = 600
FUNCTION_LINES = 60
CLASS_LINES = 400
TRACKED_FILE_BYTES = 24_000_000
REPOSITORY_BYTES = 120_000_000

AIMS = {"file": 400, "function": 35, "class": 250}
"""Where nine of ten should stay; told, not enforced."""


@dataclass(frozen=True)
class Piece:
    """One file, function or class."""

    kind: str
    """"file", "function" or "class"."""
    where: str
    """Path, with line and name below a file."""
    lines: int
    """Its length."""


def tracked_files(root: Path) -> list[Path]:
    """Return what git tracks or would track; without git, every file outside dot folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = [root / name for name in listed.stdout.split("\0") if name]
    else:
        everything = (path for path in root.rglob("*"))
        found = [path for path in everything if not any(p.startswith(".") for p in path.relative_to(root).parts)]
    return sorted(path for path in set(found) if path.is_file() and not path.is_symlink())


def pieces_of(path: Path, name: str) -> Iterator[Piece]:
    """Yield a source file and the functions and classes in it; in tests only the file counts."""
    text = path.read_text(encoding="utf-8")
    yield Piece("file", name, text.count("\n") + 1)
    if name.startswith("tests/"):
        return
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Piece(kind, f"{name}:{node.lineno} {node.name}", length)


def ninetieth(values: list[int]) -> int:
    """Return the length that nine of ten do not pass; 0 for none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.9))] if values else 0


def measure(root: Path) -> tuple[list[dict[str, object]], list[str]]:
    """Return (rows of figures, sentences about what is too large)."""
    files = tracked_files(root)
    names = {path: path.relative_to(root).as_posix() for path in files}
    pieces = [piece for path in files if path.suffix == ".py" for piece in pieces_of(path, names[path])]
    rows: list[dict[str, object]] = []
    faults: list[str] = []
    for kind, bound in (("file", FILE_LINES), ("function", FUNCTION_LINES), ("class", CLASS_LINES)):
        own = [piece for piece in pieces if piece.kind == kind]
        largest = max(own, key=lambda piece: piece.lines, default=Piece(kind, "none", 0))
        p90 = ninetieth([piece.lines for piece in own])
        rows.append({"kind": kind, "count": len(own), "p90": p90, "aim": AIMS[kind], "longest": largest.lines,
                     "where": largest.where, "bound": bound})  # fmt: skip
        faults += [f"{p.where}: {kind} of {p.lines} lines, {bound} at most" for p in own if p.lines > bound]
    sizes = {names[path]: path.stat().st_size for path in files}
    total = sum(sizes.values())
    rows.append({"kind": "repository", "count": len(files), "megabytes": round(total / 1e6, 1)})
    faults += [
        f"{name}: {size / 1e6:.1f} MB, {TRACKED_FILE_BYTES / 1e6:.0f} MB at most"
        for name, size in sizes.items() if size > TRACKED_FILE_BYTES
    ]  # fmt: skip
    if total > REPOSITORY_BYTES:
        faults.append(f"the repository holds {total / 1e6:.0f} MB, {REPOSITORY_BYTES / 1e6:.0f} MB at most")
    return rows, faults


def main(arguments: list[str]) -> int:
    """Print the figures; returns 1 where something is too large."""
    parser = argparse.ArgumentParser(description="Measure files, functions and classes against their bounds.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    rows, faults = measure(ROOT)
    if options.json:
        print(json.dumps({"rows": rows, "faults": faults}, indent=2))
        return 1 if faults else 0
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    print("\n".join(faults) if faults else "Everything is within its bounds.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
