"""The walls of the house (ARCHITECTURE.md), as tests."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.size_budget import tracked_files

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("canvas", "desktop", "installer", "pipelines", "resources", "tests")
ENGINE_LIBRARIES = ("torch", "diffusers", "transformers", "accelerate", "peft")
MODULES_AT_START = 690
"""How many modules the window may have imported when it opens; numpy, cv2 and Qt alone make about 280."""

IMPORT_BLOCKED = """
import importlib, json, sys

class Wall:  # of no base class: its module brings others that the window does not want
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ImportError(f"{name} is walled off here")
        return None

BLOCKED = set(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Wall())
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
print(json.dumps({name: getattr(module, "__file__", None) for name, module in sys.modules.items()}))
"""


def modules_after_import(names: list[str], blocked: tuple[str, ...]) -> dict[str, str | None]:
    """Import modules in a fresh Python in which others cannot be imported; returns {module: file}."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_BLOCKED, json.dumps(blocked), json.dumps(names)],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def modules_of(*folders: str) -> list[str]:
    """Return the dotted names of all modules below folders of the checkout."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield (path, parsed source) of every Python file in folders of the checkout."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_window_imports_without_the_engine_libraries() -> None:
    modules = modules_after_import(["desktop.app", "desktop.view.tools.painting"], ENGINE_LIBRARIES)  # a brush in hand
    assert "PySide6.QtWidgets" in modules, "the window itself was not imported, so nothing was measured"
    assert not [name for name in modules if name.split(".")[0] in ENGINE_LIBRARIES]
    assert not [name for name in modules if name.startswith("pipelines.engine")]
    assert len(modules) <= MODULES_AT_START, f"{len(modules)} modules are imported at start"


def test_canvas_knows_no_windows_and_is_ours() -> None:
    modules = modules_after_import(modules_of("canvas"), (*ENGINE_LIBRARIES, "pipelines", "desktop", "qasync"))
    assert "PySide6.QtGui" in modules, "no picture code was imported, so nothing was measured"
    assert "PySide6.QtWidgets" not in modules
    assert Path(modules["canvas"] or "").parent == ROOT / "canvas"


def test_generation_imports_without_qt_and_without_torch() -> None:
    rooms = modules_of("pipelines/contract", "pipelines/client", "pipelines/library", "pipelines/prompting")
    modules = modules_after_import(rooms, (*ENGINE_LIBRARIES, "PySide6", "qasync", "canvas", "desktop"))
    assert "pipelines.contract.request" in modules


def test_package_files_hold_only_a_docstring() -> None:
    for path, tree in sources(*ROOMS):
        if path.endswith("__init__.py"):
            docstring = ast.get_docstring(tree) is not None
            assert not tree.body[docstring:], f"{path} holds code"


def test_names_of_modules_and_classes() -> None:
    vague = {"utils", "util", "common", "misc", "helpers"}
    for path, tree in sources("canvas", "desktop", "installer", "pipelines"):
        assert Path(path).stem not in vague, path
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        assert not [name for name in classes if re.search(r"(?:Manager|Helper|Service)$", name)], f"{path}: {classes}"


def test_every_module_has_a_docstring() -> None:
    for path, tree in sources("canvas", "desktop", "installer", "pipelines"):
        assert ast.get_docstring(tree) or not tree.body, f"{path} does not say what it is for"


MODAL_STATICS = {
    "QMessageBox": {"information", "warning", "question", "critical", "about", "aboutQt"},
    "QFileDialog": {"getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory",
                    "getOpenFileUrl", "getOpenFileUrls", "getSaveFileUrl", "getExistingDirectoryUrl"},
    "QInputDialog": {"getText", "getInt", "getDouble", "getItem", "getMultiLineText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}  # fmt: skip


DRAGS = {"desktop/panels/layer_tree.py"}


def nested_loops(tree: ast.AST) -> list[int]:
    """Return the lines with calls that run an event loop inside the event loop."""
    lines: list[int] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        static = isinstance(owner, ast.Name) and node.func.attr in MODAL_STATICS.get(owner.id, set())
        if static or node.func.attr in ("exec", "exec_", "processEvents"):
            lines.append(node.lineno)
    return lines


def test_nothing_in_the_window_runs_a_second_event_loop() -> None:
    # Every asyncio task that wakes up inside a nested loop dies for good.
    probe = "d.exec()\nQMessageBox.warning(a, b, c)\nd.open()\nm.popup(p)\nexec('1')"
    assert nested_loops(ast.parse(probe)) == [1, 2]
    # Dragging has no other way, and is begun by Qt's own mouse event, never by a task.
    found = {path: lines for path, tree in sources("desktop") if (lines := nested_loops(tree)) and path not in DRAGS}
    assert not found, f"use open() or popup() instead, in {found}"


def test_void_calls_leave_none_alone() -> None:
    """PySide6 6.12.0 on Python before 3.12 loses a reference to None on every such call, and aborts soon."""
    from PySide6.QtGui import QImage

    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)  # the first call sets up tables of its own, which hold None
    before = sys.getrefcount(None)
    for _ in range(500):
        image.fill(0)
    assert abs(sys.getrefcount(None) - before) < 100


TEXT_SUFFIXES = {".py", ".md", ".txt", ".toml", ".json", ".cfg", ".ini", ".ts", ".yml", ".yaml", ".sh", ".svg", ""}
HOSTS = re.compile(
    "|".join(first + re.escape(rest) for first, rest in (
        ("pypi", ".org"), ("pythonhosted", ".org"), ("download.pytorch", ".org"), ("registry.npmjs", ".org"),
        ("deb.debian", ".org"), ("archive.ubuntu", ".com"), ("mirrors.", "aliyun.com"), ("pypi.tuna", ".tsinghua"),
    ))
)  # fmt: skip
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work/(?:main|shared)|root|opt/(?:wheels|pypi)|tmp/[a-z]+/)(?![\w-])")
KNOWS_AN_ADDRESS = {"installer/torch_build.py"}
"""The one table of PyTorch's own index."""


def tracked_texts() -> Iterator[tuple[str, str]]:
    for path in tracked_files(ROOT):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXT_SUFFIXES and path.stat().st_size < 2_000_000:
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a file without suffix that is no text


def test_no_registry_host_and_no_path_of_one_machine() -> None:
    assert HOSTS.search("https://pypi" + ".org/simple")
    assert MACHINE_PATHS.search("cd " + "/ro" + "ot/x")
    assert not MACHINE_PATHS.search("docs/root/x and /rooted")
    found: list[str] = []
    for name, text in tracked_texts():
        hosts = [] if name in KNOWS_AN_ADDRESS else HOSTS.findall(text)
        found += [f"{name}: {word}" for word in (*hosts, *MACHINE_PATHS.findall(text))]
    assert not found, found


def test_lints_are_silenced_by_name_only() -> None:
    bare = re.compile(r"#\s*(?:type:\s*ignore(?!\[)|noqa(?!:)|pyright:\s*ignore(?!\[))")
    found = [name for name, text in tracked_texts() if name.endswith(".py") and bare.search(text)]
    assert found in ([], ["tests/test_house.py"]), found  # the pattern itself stands here
