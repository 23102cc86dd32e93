"""The commands as a person calls them, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer.lock import cut, heads

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """A copy with the installer and the lock files only."""
    root = tmp_path / "handscroll"
    shutil.copytree(ROOT / "installer", root / "installer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def installer(root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "installer", *words], cwd=root, env=os.environ | variables,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_doctor_speaks_json_and_finds_nothing_wrong_with_a_fresh_copy(bare_checkout: Path) -> None:
    done = installer(bare_checkout, "doctor", "--json")
    found = json.loads(done.stdout)
    assert found["facts"]["environment"] == "missing"
    assert found["facts"]["machine"]["accelerator"]["kind"] in ("cpu", "cuda", "rocm", "xpu", "mps")
    assert found["facts"]["steps_waiting"][0] == "system"
    assert found["ok"] == (not found["problems"])
    assert done.returncode == (0 if found["ok"] else 1)


def test_doctor_names_a_broken_environment(bare_checkout: Path) -> None:
    (bare_checkout / ".venv").mkdir()
    done = installer(bare_checkout, "doctor")
    assert done.returncode == 1
    assert ".venv is broken: its Python is gone" in done.stdout


def test_clean_asks_first(bare_checkout: Path) -> None:
    assert "Nothing to remove" in installer(bare_checkout, "clean").stdout
    (bare_checkout / ".venv").mkdir()
    refused = installer(bare_checkout, "clean")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert installer(bare_checkout, "clean", "--yes").returncode == 0
    assert not (bare_checkout / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="links to folders need rights there")
def test_clean_takes_a_link_away_and_not_what_it_leads_to(bare_checkout: Path) -> None:
    shared = bare_checkout.parent / "shared"
    shared.mkdir()
    (bare_checkout / ".venv").symlink_to(shared, target_is_directory=True)
    done = installer(bare_checkout, "clean", "--yes")
    assert done.returncode == 0, done.stderr
    assert not (bare_checkout / ".venv").is_symlink()
    assert shared.is_dir()


def test_wrong_wishes_end_with_a_sentence(bare_checkout: Path) -> None:
    done = installer(bare_checkout, "setup", "--torch", "fast")
    assert done.returncode == 1
    assert "There is no torch build 'fast'" in done.stderr
    done = installer(bare_checkout, "setup", "--with", "uv", PATH="")
    assert done.returncode == 1


def test_help_lists_every_command(bare_checkout: Path) -> None:
    text = installer(bare_checkout, "--help").stdout
    assert all(command in text for command in ("run", "test", "setup", "doctor", "clean", "lock"))


COMPILED = """\
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:aa
nvidia-cublas==13.1.1.3 ; sys_platform == 'linux' \\
    --hash=sha256:bb
pyside6-essentials==6.11.3 ; python_full_version < '3.12' \\
    --hash=sha256:cc \\
    --hash=sha256:dd
pyside6-essentials==6.12.0 ; python_full_version >= '3.12' \\
    --hash=sha256:ee
torch==2.13.0 \\
    --hash=sha256:ff
torchvision==0.28.0 \\
    --hash=sha256:aa
"""


def test_lock_leaves_torch_and_its_gpu_parts_out() -> None:
    lock = cut(COMPILED)
    assert "nvidia" not in lock
    assert "torch" not in lock
    assert lock.count("--hash") == 4
    assert cut(COMPILED, heads(lock)).strip() == ""


@pytest.mark.parametrize("name", ["lock.txt", "test.txt"])
def test_lock_files_name_no_host_and_carry_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(?:extra-)?index-url|--find-links|--trusted-host", text)
    blocks = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n(?:    [^\n]*\n)*", text, re.MULTILINE)
    assert len(blocks) > 5
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"^(?:torch|triton|nvidia-|cuda-)", text, re.MULTILINE)


def test_lock_spares_older_pythons_the_window_library_that_aborts() -> None:
    text = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("pyside6-essentials==6.12")]
    assert all("python_full_version >= '3.12'" in line for line in lines)
    assert re.search(r"^pyside6-essentials==6\.(?:8|9|10|11)\.\d+ ; python_full_version < '3\.12'", text, re.MULTILINE)
