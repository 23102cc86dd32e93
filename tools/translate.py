"""Keeps the translations: gathers every text of the window, merges it into the .ts files, compiles the .qm files.

What pipelines/ and canvas/ say is gathered first (tools.gather_sentences) and translated under the context "sentences".

python -m tools.translate           gathers and compiles
python -m tools.translate --check   only says what is missing; exit code 1 if anything is
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from tools import gather_sentences

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("zh_CN",)
ALIASES = "QT_TRANSLATE_NOOP+=mark,QT_TRANSLATE_NOOP+=_N"


def sources() -> list[Path]:
    """Every file with texts for people."""
    return sorted((ROOT / "desktop").rglob("*.py"))


def tool(name: str) -> str:
    """Qt's tool beside this interpreter."""
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


def gather(target: Path) -> None:
    """Merges all texts into `target`, which is made if it is not there; texts that are gone are dropped."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "sentences.py"
        said.write_text(gather_sentences.as_source(gather_sentences.sentences()), "utf-8")
        command = [tool("lupdate"), *map(str, sources()), str(said), "-locations", "none", "-no-obsolete"]
        command += ["-tr-function-alias", ALIASES, "-target-language", target.stem.removeprefix("handscroll_")]
        subprocess.run([*command, "-ts", str(target)], check=True, stdout=subprocess.DEVNULL)


def texts(path: Path) -> dict[tuple[str, str], str]:
    """(context, source) -> translation; empty where it is unfinished."""
    found: dict[tuple[str, str], str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            text = "" if translation is None or translation.get("type") else translation.text or ""
            found[name, message.findtext("source") or ""] = text
    return found


def missing(path: Path) -> list[tuple[str, str]]:
    """What the window says and this file does not translate."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / path.name
        gather(fresh)
        known = texts(path)
        return [key for key in texts(fresh) if not known.get(key)]


def compile_file(path: Path) -> None:
    """Makes the .qm beside the .ts."""
    command = [tool("lrelease"), str(path), "-qm", str(path.with_suffix(".qm"))]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the tool; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    lacking = gather_sentences.main(["--check"] if check else [])
    for language in LANGUAGES:
        path = FOLDER / f"handscroll_{language}.ts"
        if not check:
            gather(path)
            compile_file(path)
        for context, source in missing(path):
            lacking += 1
            print(f"{language}: {context}: {source}")
    print(f"{lacking} texts are not translated." if lacking else "Every text is translated.")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
