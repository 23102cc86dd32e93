"""Steps, stamps, sentences."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import __main__ as entry
from installer.environment import Environment
from installer.errors import CommandError
from installer.failures import diagnose
from installer.machine import has_display, needs_display
from installer.progress import Progress, activity, downloaded_bytes
from installer.stamps import Stamp, drop_stamp, key_of, read_stamp, write_stamp
from installer.steps import Setup, Wishes, disk_sentence, folder_size
from installer.system_libraries import FONT, QT, advice, install_command, install_commands, libc_sentence

ROOT = Path(__file__).resolve().parent.parent.parent


def older_python() -> str | None:
    for name in ("python3.10", "python3.9", "python3.8"):
        candidates = [shutil.which(name, path=part) for part in os.environ.get("PATH", "").split(os.pathsep)]
        pyenv = Path.home() / ".pyenv" / "versions"
        candidates += [str(path) for path in sorted(pyenv.glob(f"{name.removeprefix('python')}.*/bin/{name}"))]
        for path in candidates:
            if path and subprocess.run([path, "-c", "0"], capture_output=True, check=False).returncode == 0:
                return path
    return None


OLDER = older_python()


@pytest.mark.skipif(OLDER is None, reason="no Python older than 3.11 is installed here")
def test_older_python_gets_a_sentence() -> None:
    assert OLDER is not None
    done = subprocess.run([OLDER, "-m", "installer", "run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Handscroll needs Python 3.11 or newer; this is Python 3." in done.stderr
    assert "Traceback" not in done.stderr


def test_sentence_names_a_newer_python_that_is_there() -> None:
    found = entry.wrong_python_sentence((3, 9, 2), lambda name: "/usr/bin/" + name if name == "python3.12" else None)
    assert "this is Python 3.9.2" in found
    assert "python3.12 -m installer run" in found
    assert "Install a newer Python" in entry.wrong_python_sentence((3, 9, 2), lambda _: None)


def test_stamp_goes_round_and_damage_counts_as_none(tmp_path: Path) -> None:
    stamp = Stamp("key", 1.5, {"build": "cpu"})
    assert read_stamp(tmp_path, "torch") is None
    write_stamp(tmp_path, "torch", stamp)
    assert read_stamp(tmp_path, "torch") == stamp
    (tmp_path / "torch.json").write_text('{"key": "key"', encoding="utf-8")
    assert read_stamp(tmp_path, "torch") is None
    drop_stamp(tmp_path, "torch")
    drop_stamp(tmp_path, "torch")


def test_key_follows_content_and_order(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n", encoding="utf-8")
    first = key_of("packages", lock)
    assert key_of("packages", lock) == first
    assert key_of("pack", "ages", lock) != first
    lock.write_text("a==2\n", encoding="utf-8")
    assert key_of("packages", lock) != first


def checkout(folder: Path) -> Path:
    """Lay out the least that the steps look at, with an environment that looks whole."""
    (folder / "requirements").mkdir(parents=True)
    for name in ("lock.txt", "torch.txt", "test.txt"):
        shutil.copy(ROOT / "requirements" / name, folder / "requirements" / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    environment = Environment(folder)
    environment.packages.mkdir(parents=True)
    environment.python.parent.mkdir(parents=True, exist_ok=True)
    version = ".".join(map(str, sys.version_info[:3]))
    (environment.folder / "pyvenv.cfg").write_text(f"version = {version}\n", encoding="utf-8")
    for program in ("python", "handscroll"):
        environment.program(program).touch()
    return folder


def stamp_all(setup: Setup, **facts: str) -> None:
    for step, _, _ in setup.steps():
        write_stamp(setup.environment.stamps, step, Stamp(setup.key(step), 1.0, facts))


def test_nothing_waits_after_all_steps_and_only_the_changed_step_comes_back(tmp_path: Path) -> None:
    root = checkout(tmp_path / "one")
    setup = Setup(root, Wishes())
    assert len(setup.waiting()) == len(setup.steps())
    stamp_all(setup, build="cpu")
    assert Setup(root, Wishes()).waiting() == []
    assert Setup(root, Wishes()).run() is False
    assert Setup(root, Wishes(torch="cpu")).waiting() == []
    assert Setup(root, Wishes(torch="cu130")).waiting() == ["torch"]
    assert len(Setup(root, Wishes(again=True)).waiting()) == len(setup.steps())
    (root / "requirements" / "lock.txt").write_text("x==1\n", encoding="utf-8")
    assert Setup(root, Wishes()).waiting() == ["packages", "check"]


def test_tests_need_only_their_own_steps_more(tmp_path: Path) -> None:
    root = checkout(tmp_path / "one")
    stamp_all(Setup(root, Wishes()), build="cpu")
    assert Setup(root, Wishes(tests=True)).waiting() == ["system-tests", "tests"]
    stamp_all(Setup(root, Wishes(tests=True)), build="cpu")
    drop_stamp(Environment(root).stamps, "system")
    assert Setup(root, Wishes()).waiting() == []


def test_moved_checkout_and_lost_command_are_noticed(tmp_path: Path) -> None:
    root = checkout(tmp_path / "one")
    stamp_all(Setup(root, Wishes()), build="cpu")
    Environment(root).program("handscroll").unlink()
    assert Setup(root, Wishes()).waiting() == ["program"]
    moved = root.rename(tmp_path / "two")
    assert "environment" in Setup(moved, Wishes()).waiting()


def test_faults_of_an_environment(tmp_path: Path) -> None:
    assert Environment(tmp_path).fault() == "missing"
    root = checkout(tmp_path / "one")
    environment = Environment(root)
    assert environment.fault() == ""
    (environment.folder / "pyvenv.cfg").write_text("version_info = 3.8.1\n", encoding="utf-8")
    assert environment.fault() == "it was made by Python 3.8"
    environment.python.unlink()
    assert environment.fault() == "its Python is gone"


def test_installed_is_read_from_folder_names(tmp_path: Path) -> None:
    environment = Environment(checkout(tmp_path / "one"))
    (environment.packages / "PySide6_Essentials-6.11.3.dist-info").mkdir()
    (environment.packages / "torch-2.13.0+cpu.dist-info").mkdir()
    assert environment.installed() == {"pyside6-essentials": "6.11.3", "torch": "2.13.0+cpu"}


def test_disk_sentence() -> None:
    assert disk_sentence(3e9, 2e9, Path("x")) == ""
    sentence = disk_sentence(0.4e9, 8e9, Path("somewhere"))
    assert "0.4 GB free" in sentence
    assert "about 8 GB" in sentence


def test_folder_size(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"12345")
    (tmp_path / "d").write_bytes(b"123")
    assert folder_size(tmp_path) == 8
    assert folder_size(tmp_path / "none") == 0


@pytest.mark.parametrize(
    ("output", "kind", "words"),
    [
        ("ERROR: Could not install: OSError: [Errno 28] No space left on device", "disk", "disk is full"),
        ("NewConnectionError(...\nERROR: No matching distribution found for x", "network", "network"),
        ("error: Request failed\n  cause: dns error", "network", "network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash", "lock file"),
        ("ERROR: No matching distribution found for torch==9", "no-match", "torch==9"),
        ("error: No solution found when resolving dependencies", "no-match", "No solution found"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate", "certificate"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "permission", "may not be written"),
        ("E: Unable to locate package x", "unknown", "Unable to locate package x"),
        ("", "unknown", "no output"),
    ],
)
def test_diagnosis(output: str, kind: str, words: str) -> None:
    found, sentence = diagnose(output, "the folder", 2)
    assert found == kind
    assert words in sentence


def test_progress_follows_pip_and_uv() -> None:
    assert downloaded_bytes("  Downloading scipy-1.17.1-cp311-x.whl (35.3 MB)") == pytest.approx(35.3e6)
    assert downloaded_bytes("Downloading pyside6-essentials (91.2MiB)") == pytest.approx(91.2e6)
    assert downloaded_bytes("Collecting scipy") == 0
    assert activity("  Downloading scipy-1.17.1-cp311-x.whl (35.3 MB)") == "downloading scipy"
    assert activity("Collecting scipy==1 (from x)") == "looking at scipy==1"


def test_a_failing_command_becomes_a_sentence_and_stays_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(2, tmp_path / "log" / "setup.log")
    progress.begin("first")
    assert progress.run([sys.executable, "-c", "print('Downloading x (2.0 MB)')"], tmp_path).startswith("Downloading")
    progress.done("note")
    assert "[1/2] first  2 MB" in capsys.readouterr().out
    progress.begin("second")
    with pytest.raises(CommandError, match="disk is full") as caught:
        progress.run([sys.executable, "-c", "raise SystemExit('No space left on device')"], tmp_path)
    assert caught.value.kind == "disk"
    assert "No space left on device" in progress.log.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match="could not be started"):
        progress.run([str(tmp_path / "none")], tmp_path)


def test_display() -> None:
    assert not has_display("linux", {})
    assert not has_display("linux", {"DISPLAY": ""})
    assert has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert has_display("linux", {"QT_QPA_PLATFORM": "offscreen"})
    assert has_display("darwin", {})
    assert needs_display([])
    assert needs_display(["painting.scroll"])
    assert not needs_display(["generate", "--prompt", "x"])
    assert not needs_display(["--list-actions", "--json"])


def test_package_manager_commands() -> None:
    assert install_command(QT[:2], "apt")[-2:] == ["libglib2.0-0", "libgl1"]
    assert install_command([FONT], "none") == []
    assert advice([FONT], "dnf") == "sudo dnf install -y wqy-microhei-fonts"
    assert "font:zh" in advice([FONT], "")
    first, update, again = install_commands([FONT], "apt", ["sudo", "-n"])
    assert first == again
    assert update == ["sudo", "-n", "apt-get", "update"]
    assert len(install_commands([FONT], "pacman", [])) == 1


def test_old_linux_gets_a_sentence() -> None:
    assert libc_sentence("glibc", "2.36") == ""
    assert "glibc 2.31" in libc_sentence("glibc", "2.31")
    assert "another C library" in libc_sentence("", "")
