"""Writes the lock files anew from pyproject.toml, for every platform at once.

Uv resolves them, because it alone sees all platforms and Pythons in one go; it is fetched for the occasion
where it is not installed. The result names no index and no host, and carries the hashes of every file.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from installer.environment import clean_variables
from installer.errors import SetupError
from installer.package_sources import pip_options, uv_environment
from installer.progress import Progress

HEADER = """\
# Written by `python3 -m installer lock` from pyproject.toml{extra}; do not edit by hand.
# Exact versions for every platform, with the hashes of every published file. torch is not here: see torch.txt.
"""

FROM_TORCH_BUILDS = re.compile(r"^(?:torch|triton|nvidia-[\w-]+|cuda-[\w-]+|pytorch-triton[\w-]*)==")
"""torch itself and what only its GPU builds need: installed with the build that is chosen, never from the lock."""
NEVER = re.compile(r"^torchvision==")
"""What a package names but the program does without: torchvision breaks transformers beside the CPU build of torch."""


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, whole entry with its hash lines) of a compiled requirements file."""
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        match = re.match(r"([a-z0-9._-]+)==", block)
        if match:
            yield match[1], block.strip()


def cut(text: str, without: frozenset[str] = frozenset()) -> str:
    """Return the entries of a compiled file without torch's builds, what is never installed and those in `without`."""
    left_out = (FROM_TORCH_BUILDS, NEVER)
    kept = [
        entry
        for _, entry in entries(text)
        if not any(names.match(entry) for names in left_out) and _head(entry) not in without
    ]
    return "\n".join(kept) + "\n"


def _head(entry: str) -> str:
    return entry.split("\n", 1)[0].rstrip(" \\")


def heads(text: str) -> frozenset[str]:
    """Return the first lines (version and marker) of the entries of a lock file."""
    return frozenset(_head(entry) for _, entry in entries(text))


def _uv(progress: Progress, root: Path, folder: Path) -> str:
    found = shutil.which("uv")
    if found:
        return found
    progress.run([sys.executable, "-m", "pip", "install", "--target", str(folder), "uv"], root, clean_variables())
    return str(folder / "bin" / ("uv.exe" if sys.platform == "win32" else "uv"))


def write_lock(root: Path, upgrade: bool) -> None:
    """Write requirements/lock.txt and requirements/test.txt. Raises SetupError when they cannot be resolved."""
    target = root / "requirements"
    progress = Progress(3, root / ".setup" / "setup.log")
    with tempfile.TemporaryDirectory() as scratch:
        progress.begin("resolver")
        uv = _uv(progress, root, Path(scratch))
        progress.done()
        variables = clean_variables()
        variables |= uv_environment(pip_options(variables), variables)
        results: dict[str, str] = {}
        for name, extra in (("lock", []), ("test", ["--extra", "test"])):
            progress.begin(f"requirements/{name}.txt")
            draft = Path(scratch) / f"{name}.txt"
            if (target / f"{name}.txt").exists() and not upgrade:
                kept = [(target / part).read_text(encoding="utf-8") for part in ("lock.txt", f"{name}.txt")]
                draft.write_text("\n".join(dict.fromkeys(kept)), encoding="utf-8")
            constraints = ["-c", str(target / "torch.txt")]
            if name == "test":
                constraints += ["-c", str(Path(scratch) / "lock-pins.txt")]
            progress.run(
                [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
                 "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", *constraints, *extra,
                 str(root / "pyproject.toml"), "-o", str(draft)],
                root, variables,
            )  # fmt: skip
            results[name] = draft.read_text(encoding="utf-8")
            (Path(scratch) / "lock-pins.txt").write_text("\n".join(sorted(heads(results[name]))), encoding="utf-8")
            progress.done()
    if not heads(results["lock"]):
        raise SetupError("The resolver returned nothing; the lock files stay as they were. See .setup/setup.log.")
    _store(target, results)


def _store(target: Path, results: dict[str, str]) -> None:
    lock = cut(results["lock"])
    test = cut(results["test"], heads(lock))
    (target / "lock.txt").write_text(HEADER.format(extra="") + lock, encoding="utf-8")
    (target / "test.txt").write_text(HEADER.format(extra=" [test], on top of lock.txt") + test, encoding="utf-8")
