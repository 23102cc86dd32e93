"""The program's own Python environment, `.venv`: where things are in it, making it, repairing it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installer.errors import SetupError
from installer.progress import Progress


@dataclass(frozen=True)
class Environment:
    """Paths inside one virtual environment."""

    root: Path
    """The checkout."""

    @property
    def folder(self) -> Path:
        """Return the environment's folder."""
        return self.root / ".venv"

    @property
    def stamps(self) -> Path:
        """Return the folder of the finished steps' stamps and of the log."""
        return self.folder / "handscroll-setup"

    @property
    def log(self) -> Path:
        """Return the log of everything that set-up ran; outside the environment, which may be made anew."""
        return self.root / ".setup" / "setup.log"

    @property
    def vocabularies(self) -> Path:
        """Return the folder of the vocabularies that single-file models need; the program looks there."""
        return self.folder / "share" / "handscroll" / "vocabularies"

    def program(self, name: str) -> Path:
        """Return the path of an installed command."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    @property
    def python(self) -> Path:
        """Return the environment's Python."""
        return self.program("python")

    @property
    def packages(self) -> Path:
        """Return the folder of the installed packages."""
        if sys.platform == "win32":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def installed(self) -> dict[str, str]:
        """Return {name: version} of what is installed, read from the folder names."""
        found = (re.fullmatch(r"(.+?)-([^-]+)\.dist-info", path.name) for path in self.packages.glob("*.dist-info"))
        return {match[1].lower().replace("_", "-"): match[2] for match in found if match}

    def fault(self) -> str:
        """Say what is broken without starting it; "" where it looks whole. "missing" where there is none."""
        if not self.folder.exists():
            return "missing"
        if not self.python.exists():
            return "its Python is gone"
        try:
            text = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return "pyvenv.cfg is gone"
        version = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", text, re.MULTILINE)
        if version and (int(version[1]), int(version[2])) != sys.version_info[:2]:
            return f"it was made by Python {version[1]}.{version[2]}"
        return "" if self.packages.is_dir() else "its packages are gone"

    def starts(self) -> bool:
        """Say whether its Python starts."""
        asked = subprocess.run([self.python, "-c", "import ssl, venv"], capture_output=True, check=False)
        return asked.returncode == 0


def clean_variables() -> dict[str, str]:
    """Return the environment variables without those that lead a Python into another installation."""
    strangers = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__")
    return {name: value for name, value in os.environ.items() if name not in strangers}


def remove_folder(folder: Path) -> None:
    """Remove a folder with all it holds; of a link to one only the link, as what it leads to may serve others."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class PackageInstaller:
    """uv or pip behind one face."""

    environment: Environment
    """Where to install."""
    uv: str
    """uv's path, "" for pip."""
    variables: dict[str, str]
    """Environment variables for it."""

    @property
    def name(self) -> str:
        """Return the tool's name."""
        return "uv" if self.uv else "pip"

    def make(self, progress: Progress) -> None:
        """Make the environment anew. Raises SetupError when Python lacks the parts for it."""
        folder = self.environment.folder
        if folder.exists():
            remove_folder(folder)
        if self.uv:
            command = [self.uv, "venv", "--python", sys.executable, str(folder)]
        elif importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            raise SetupError(
                "This Python lacks the venv module. On Debian and Ubuntu: "
                f"sudo apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            )
        else:
            command = [sys.executable, "-m", "venv", str(folder)]
        progress.run(command, self.environment.root, self.variables)

    def install(self, progress: Progress, arguments: list[str], gigabytes: float = 2.0) -> str:
        """Run `install ARGUMENTS…`; returns the tool's output."""
        python = str(self.environment.python)
        if self.uv:
            command = [self.uv, "pip", "install", "--python", python, "--compile-bytecode", *arguments]
        else:
            self._see_to_pip(progress)
            command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
                       "--progress-bar", "off", *arguments]  # fmt: skip
        return progress.run(command, self.environment.root, self.variables, gigabytes)

    def fetch(self, progress: Progress, requirement: str, folder: Path) -> str:
        """Put a package into a folder without installing it: pip its wheel, uv, which cannot, its files."""
        python, bare = str(self.environment.python), ["--no-deps", "--only-binary", ":all:"]
        if self.uv:
            command = [self.uv, "pip", "install", "--python", python, "--target", str(folder), *bare, requirement]
        else:
            self._see_to_pip(progress)
            command = [python, "-m", "pip", "download", "--disable-pip-version-check", "--no-input",
                       "--progress-bar", "off", "--dest", str(folder), *bare, requirement]  # fmt: skip
        return progress.run(command, self.environment.root, self.variables)

    def _see_to_pip(self, progress: Progress) -> None:
        """Give pip to an environment that uv made without it."""
        if "pip" not in self.environment.installed():
            command = [str(self.environment.python), "-m", "ensurepip", "--default-pip"]
            progress.run(command, self.environment.root, self.variables)

    def uninstall(self, progress: Progress, names: list[str]) -> None:
        """Remove packages."""
        python = str(self.environment.python)
        pip = [python, "-m", "pip", "uninstall", "--yes"]
        command = [self.uv, "pip", "uninstall", "--python", python] if self.uv else pip
        progress.run([*command, *names], self.environment.root, self.variables)


def package_installer(environment: Environment, wanted: str = "auto") -> PackageInstaller:
    """Return uv where it is on the PATH (or wanted), else pip. Raises SetupError if the wanted one is missing."""
    from installer.package_sources import pip_options, uv_environment

    uv = shutil.which("uv") if wanted in ("auto", "uv") else None
    if wanted == "uv" and uv is None:
        raise SetupError("uv is not on the PATH. Install it, or leave --with uv away.")
    variables = clean_variables()
    if uv:
        variables |= uv_environment(pip_options(variables), variables)
    return PackageInstaller(environment, uv or "", variables)
