"""Says what this computer has and what is wrong with it, for people and for bug reports."""

from __future__ import annotations

import json
import os
import shutil
import sys

from installer import package_sources, system_libraries, torch_build, vocabularies
from installer.environment import Environment, clean_variables
from installer.errors import SetupError
from installer.machine import Machine, has_display
from installer.stamps import read_stamp
from installer.steps import GIGABYTE, Setup, disk_sentence

LOCATIONS = ("index-url", "extra-index-url", "find-links", "no-index", "cert", "proxy", "trusted-host")


def examine(setup: Setup) -> dict[str, object]:
    """Return {"ok", "problems": [sentence], "facts": {…}}, ready for JSON; installs and changes nothing."""
    machine, environment = setup.machine, setup.environment
    problems: list[str] = []
    build = _build(machine, problems)
    missing = system_libraries.missing(system_libraries.QT)
    extras = system_libraries.missing(system_libraries.TESTS)
    family = system_libraries.package_family()
    if missing:
        names = ", ".join(need.what for need in missing)
        problems.append(f"The window needs {names}. Type: {system_libraries.advice(missing, family)}")
    installed = environment.installed() if environment.fault() == "" else {}
    free = shutil.disk_usage(setup.root).free
    if build and "torch" not in installed:
        problems += filter(None, [disk_sentence(free, build.gigabytes * GIGABYTE, setup.root)])
    problems += _environment_problems(setup, installed, build)
    facts: dict[str, object] = {
        "machine": machine.as_json(),
        "display": has_display(sys.platform),
        "free_gigabytes": round(free / GIGABYTE, 1),
        "torch_build": build.name if build else "",
        "package_tool": "uv" if shutil.which("uv") else "pip",
        "package_sources": _sources(),
        "missing_libraries": [need.what for need in missing],
        "missing_for_tests": [need.what for need in extras],
        "environment": environment.fault() or "there",
        "steps_waiting": setup.waiting(),
        "missing_vocabularies": vocabularies.missing(environment.vocabularies),
        "installed": {name: installed[name] for name in _TELLING if name in installed},
    }
    return {"ok": not problems, "problems": problems, "facts": facts}


_TELLING = ("torch", "diffusers", "transformers", "pyside6-essentials", "qasync", "numpy", "handscroll")


def _build(machine: Machine, problems: list[str]) -> torch_build.TorchBuild | None:
    try:
        build = torch_build.choose_build(machine)
    except SetupError as error:
        problems.append(str(error))
        return None
    advice = torch_build.driver_advice(machine, build)
    if advice:
        problems.append(advice)
    return build


def _sources() -> dict[str, str]:
    options = package_sources.redacted(package_sources.pip_options(clean_variables()))
    return {name: options[name] for name in LOCATIONS if name in options}


def _environment_problems(setup: Setup, installed: dict[str, str], build: torch_build.TorchBuild | None) -> list[str]:
    environment: Environment = setup.environment
    fault = environment.fault()
    if fault == "missing":
        return []  # nothing is wrong with a fresh checkout
    if fault:
        return [f"The folder .venv is broken: {fault}. Repair it with: python3 -m installer setup"]
    problems: list[str] = []
    if not os.access(environment.folder, os.W_OK):
        problems.append(f"The folder {environment.folder} may not be written to.")
    if installed and not environment.starts():
        problems.append("The Python in .venv does not start. Repair it with: python3 -m installer setup --again")
    words = vocabularies.missing(environment.vocabularies)
    if words and installed:
        problems.append(
            f"The vocabularies {', '.join(words)} are missing, so models in a single file cannot be opened. "
            f"Bring them with: {vocabularies.COMMAND}"
        )
    stamp = read_stamp(environment.stamps, "torch")
    if stamp and build and build.needs and stamp.facts.get("build") == "cpu":
        problems.append(
            f"There is a GPU ({setup.machine.accelerator.name}), but torch's CPU build is installed. "
            f"Change that with: python3 -m installer setup --torch {build.name}"
        )
    return problems


def report(setup: Setup, as_json: bool) -> int:
    """Print what was found; returns 0 where nothing is wrong, else 1."""
    found = examine(setup)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0 if found["ok"] else 1
    facts = found["facts"]
    assert isinstance(facts, dict)
    for name, value in facts.items():
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        if isinstance(text, list):
            text = ", ".join(text) or "none"
        print(f"{name.replace('_', ' '):<20} {text}")
    problems = found["problems"]
    assert isinstance(problems, list)
    print("\n" + ("\n".join(f"! {sentence}" for sentence in problems) or "Nothing is wrong."))
    return 0 if found["ok"] else 1
