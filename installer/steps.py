"""The set-up itself: a list of steps, each done once, each able to go on after a failure."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from installer import system_libraries, torch_build, vocabularies
from installer.environment import Environment, PackageInstaller, clean_variables, package_installer
from installer.errors import CommandError, SetupError
from installer.machine import Machine, probe_machine
from installer.progress import Progress
from installer.stamps import Stamp, drop_stamp, key_of, read_stamp, write_stamp

GIGABYTE = 1e9
ROOMS = ("canvas", "desktop", "installer", "pipelines", "resources")


@dataclass(frozen=True)
class Wishes:
    """What the person asked for on the command line."""

    tests: bool = False
    """Install the test tools as well."""
    torch: str = "auto"
    """A build's name, or "auto": as before, else what fits the machine."""
    tool: str = "auto"
    """"uv", "pip" or "auto"."""
    again: bool = False
    """Do every step again."""
    retry: bool = False
    """Try again what did not work and is not needed for a start."""


def disk_sentence(free: float, needed: float, folder: Path) -> str:
    """Return a sentence when there is too little space (bytes), "" when there is enough."""
    if free >= needed:
        return ""
    return (
        f"The disk that holds {folder} has {free / GIGABYTE:.1f} GB free, and set-up needs about "
        f"{needed / GIGABYTE:.0f} GB. Free some space, then run the same command again."
    )


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder, 0 where there is none."""
    total, folders = 0, [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
    return total


class Setup:
    """One run through the steps."""

    def __init__(self, root: Path, wishes: Wishes) -> None:
        self.root = root
        self.wishes = wishes
        self.environment = Environment(root)
        self.requirements = root / "requirements"
        self._progress: Progress | None = None
        before = read_stamp(self.environment.stamps, "environment")
        self._made_for = before.key if before else ""

    # What the steps need to know; asked for only when a step really runs.

    @cached_property
    def machine(self) -> Machine:
        """The computer, probed once."""
        return probe_machine()

    @cached_property
    def tool(self) -> PackageInstaller:
        """Uv or pip."""
        return package_installer(self.environment, self.wishes.tool)

    @cached_property
    def build(self) -> torch_build.TorchBuild:
        """The torch build: named by the person, else the one chosen before, else what fits the machine."""
        before = read_stamp(self.environment.stamps, "torch")
        wanted = self.wishes.torch
        if wanted == "auto" and before and not self.wishes.again:
            wanted = before.facts.get("build", "auto")
        return torch_build.choose_build(self.machine, wanted)

    @property
    def progress(self) -> Progress:
        """The step display of this run."""
        if self._progress is None:
            self._progress = Progress(len(self.steps()), self.environment.log)
        return self._progress

    def steps(self) -> list[tuple[str, str, Callable[[], dict[str, str]]]]:
        """Return (id, name for the person, work) of every step, in order."""
        tests = [("tests", "test tools", self.install_test_tools)] if self.wishes.tests else []
        needs = "libraries, screen and font for the tests" if self.wishes.tests else "system libraries"
        return [
            ("system-tests" if self.wishes.tests else "system", needs, self.check_system),
            ("environment", "Python environment", self.make_environment),
            ("packages", "packages", self.install_packages),
            *tests,
            ("torch", "torch", self.install_torch),
            ("program", "Handscroll", self.install_program),
            ("vocabularies", "vocabularies for single-file models", self.bring_vocabularies),
            ("check", "look at the result", self.check_result),
        ]

    def key(self, step: str) -> str:
        """Return the key of a step's inputs."""
        files = self.requirements
        python = f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform} {self.root}"
        inputs: dict[str, list[str | Path]] = {
            "packages": [files / "lock.txt"],
            "tests": [files / "lock.txt", files / "test.txt"],
            "torch": [files / "torch.txt"],
            "program": [self.root / "pyproject.toml", *(room for room in ROOMS if (self.root / room).is_dir())],
            "vocabularies": [package.requirement for package in vocabularies.PACKAGES],
            "check": [files / "lock.txt", files / "torch.txt"],
        }
        return key_of(step, python, *inputs.get(step, []))

    def fresh(self, step: str) -> bool:
        """Say whether a step is done already; looks at files only, starts nothing."""
        if step == "system" and not self.wishes.again and self.fresh("system-tests"):
            return True  # the tests' needs include the window's
        stamp = read_stamp(self.environment.stamps, step)
        if self.wishes.again or stamp is None or stamp.key != self.key(step):
            return False
        if step == "environment":
            return self.environment.fault() == ""
        if step == "vocabularies" and self.wishes.retry:
            return not vocabularies.missing(self.environment.vocabularies)
        if step == "torch" and self.wishes.torch != "auto":
            return stamp.facts.get("build") == self.wishes.torch
        return step != "program" or self.environment.program("handscroll").exists()

    def waiting(self) -> list[str]:
        """Return the ids of the steps that have to run."""
        return [step for step, _, _ in self.steps() if not self.fresh(step)]

    def run(self) -> bool:
        """Run what is not done yet; returns False where nothing was to be done. Raises SetupError."""
        waiting = self.waiting()
        if not waiting:
            return False
        pending: list[tuple[str, Stamp]] = []
        for step, name, work in self.steps():
            if step not in waiting and self.fresh(step):
                self.progress.number += 1
                continue
            drop_stamp(self.environment.stamps, step)
            self.progress.begin(name)
            before = folder_size(self.environment.packages)
            facts = work()
            self.progress.bytes = folder_size(self.environment.packages) - before
            seconds = self.progress.done(facts.pop("note", ""))
            pending.append((step, Stamp(self.key(step), seconds, facts)))
            if self.environment.fault() == "":  # before there is an environment, there is no place for stamps
                for done in pending:
                    write_stamp(self.environment.stamps, *done)
                pending.clear()
        return True

    # The steps.

    def check_system(self) -> dict[str, str]:
        """See to the libraries that Qt needs; without them nothing else is worth downloading."""
        foreign = system_libraries.libc_sentence(*platform.libc_ver()) if sys.platform.startswith("linux") else ""
        if foreign:
            raise SetupError(foreign)
        free = shutil.disk_usage(self.root).free
        installed = self.environment.fault() == "" and bool(self.environment.installed().get("torch"))
        sentence = disk_sentence(free, GIGABYTE * (0.5 if installed else self.build.gigabytes), self.root)
        if sentence:
            raise SetupError(sentence)
        optional = system_libraries.TESTS if self.wishes.tests else (system_libraries.FONT,)
        wanted = system_libraries.missing([*system_libraries.QT, *optional])
        if not wanted:
            return {"note": "all there" if sys.platform.startswith("linux") else "nothing needed"}
        self._install_from_system(wanted)
        left = system_libraries.missing(wanted)
        family = system_libraries.package_family()
        needed = [need for need in left if need in system_libraries.QT]
        if needed:
            names = ", ".join(need.what for need in needed)
            raise SetupError(f"The window needs {names}. Type: {system_libraries.advice(needed, family)}")
        if left:
            what = "Some tests will skip" if self.wishes.tests else "Chinese text would show as boxes"
            self.progress.say(f"{what}. To change that: {system_libraries.advice(left, family)}")
        return {"note": f"{len(wanted) - len(left)} installed, {len(left)} left"}

    def _install_from_system(self, wanted: list[system_libraries.Need]) -> None:
        prefix = system_libraries.root_prefix()
        if prefix is None:
            return
        variables = clean_variables() | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in system_libraries.install_commands(wanted, system_libraries.package_family(), prefix):
            try:
                self.progress.rename("system packages: " + ", ".join(need.what for need in wanted[:3]))
                self.progress.run(command, self.root, variables)
            except CommandError:
                continue  # the next command, else the caller, which looks at what is still missing
            if "update" not in command:
                return

    def make_environment(self) -> dict[str, str]:
        """Make `.venv`, or keep a sound one that an earlier try left."""
        fault = self.environment.fault()
        if not fault and self.wishes.again:
            fault = "asked for again"
        if not fault and self._made_for not in ("", self.key("environment")):
            fault = "it was made for another folder or Python"
        if not fault and self.environment.starts():
            return {"note": "kept"}
        note = f"with {self.tool.name}" if fault == "missing" else f"made anew: {fault or 'it does not start'}"
        self.tool.make(self.progress)
        return {"note": note}

    def install_packages(self) -> dict[str, str]:
        """Install the locked set, exactly, by hash."""
        arguments = ["--no-deps", "--require-hashes", "-r", str(self.requirements / "lock.txt")]
        self.tool.install(self.progress, arguments, self.build.gigabytes)
        return {"note": self.tool.name}

    def install_test_tools(self) -> dict[str, str]:
        """Install pytest, the linters and what they need."""
        arguments = ["--no-deps", "--require-hashes", "-r", str(self.requirements / "test.txt")]
        self.tool.install(self.progress, arguments)
        return {"note": self.tool.name}

    def install_torch(self) -> dict[str, str]:
        """Install the build that fits, first from where pip looks anyway, then from PyTorch's own index."""
        self.progress.rename(f"torch ({self.build.label})")
        advice = torch_build.driver_advice(self.machine, self.build)
        if advice:
            self.progress.say(advice)
        self.remove_foreign_packages()
        version = torch_build.pinned_version(self.requirements / "torch.txt")
        requirement = self.build.requirement(version)
        bare = [] if self.build.needs else ["--no-deps"]
        try:
            self.tool.install(self.progress, [*bare, requirement], self.build.gigabytes)
        except CommandError as failure:
            index = self.build.index()
            if failure.kind != "no-match" or not index:
                raise
            self._install_torch_from(index, [*bare, requirement])
        return {"build": self.build.name, "note": self.tool.name}

    def _install_torch_from(self, index: str, arguments: list[str]) -> None:
        option = "--extra-index-url" if self.build.needs else "--index-url"
        try:
            self.tool.install(self.progress, [*arguments, option, index], self.build.gigabytes)
        except CommandError as failure:
            if failure.kind not in ("network", "no-match"):
                raise
            reason = "cannot be reached" if failure.kind == "network" else "has none for this computer"
            raise SetupError(
                f"torch's {self.build.label} is not where pip is configured to look, and PyTorch's own index {reason}. "
                f"Check the network, or put the wheel of {arguments[-1]} into a folder and name it to pip: "
                "pip config set global.find-links FOLDER. Then run the same command again."
            ) from failure

    def remove_foreign_packages(self) -> None:
        """Take away what another build left behind, gigabytes at times."""
        foreign = torch_build.foreign_packages(list(self.environment.installed()), self.build)
        if foreign:
            self.tool.uninstall(self.progress, foreign)

    def install_program(self) -> dict[str, str]:
        """Make the `handscroll` command point at this checkout. Needs no network: setuptools is in the lock."""
        self.tool.install(self.progress, ["--no-deps", "--no-build-isolation", "--editable", str(self.root)])
        return {}

    def bring_vocabularies(self) -> dict[str, str]:
        """Fetch the words of single-file models; without them everything else works, so a failure is told and left."""
        try:
            vocabularies.bring(self.environment.vocabularies, self._fetch)
        except (SetupError, OSError) as failure:
            self.progress.say(
                f"Models in a single file cannot be opened yet, all others can: {failure} "
                f"To try again later: {vocabularies.COMMAND}"
            )
            return {"note": "left out"}
        return {"note": "words only, nothing installed"}

    def _fetch(self, requirement: str, folder: Path) -> None:
        self.tool.fetch(self.progress, requirement, folder)

    def check_result(self) -> dict[str, str]:
        """See that the torch that arrived is the one that was meant, and that the window's library loads."""
        question = "import torch, PySide6.QtWidgets; print(torch.__version__, torch.version.cuda)"
        answer = self.progress.run([str(self.environment.python), "-c", question], self.root, clean_variables())
        foreign = torch_build.foreign_packages(list(self.environment.installed()), self.build)
        if not self.build.needs and (foreign or not answer.strip().endswith("None")):
            drop_stamp(self.environment.stamps, "torch")
            arrived = ", ".join(foreign) or answer.strip()
            raise SetupError(
                f"torch's CPU build was asked for, but {arrived} arrived. Look at pip's settings: pip config list"
            )
        return {"torch": answer.split()[0], "note": f"torch {answer.split()[0]}"}
