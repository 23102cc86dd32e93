"""The shared libraries, tools and fonts of the system that Qt and the tests need on Linux.

Found by asking the loader for them, not by asking a package database: that is what Qt will do.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing that must be there, and the package that brings it."""

    what: str
    """A shared library's name, a program's name, or "font:LANGUAGE"."""
    apt: str
    """Package of Debian and Ubuntu."""
    dnf: str
    """Package of Fedora."""
    pacman: str
    """Package of Arch."""


QT = (
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    Need("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    Need("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
)
"""Without these no window opens."""

FONT = Need("font:zh", "fonts-wqy-microhei", "wqy-microhei-fonts", "wqy-microhei")
"""Without it Chinese text shows as boxes. The smallest font that has it all (1.6 MB)."""

TESTS = (
    Need("xvfb-run", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    Need("xdotool", "xdotool", "xdotool", "xdotool"),
    FONT,
)
"""The tests that drive a real window use these, and skip without them."""

INSTALL = {
    "apt": ("apt-get", ["apt-get", "install", "-y", "--no-install-recommends"]),
    "dnf": ("dnf", ["dnf", "install", "-y"]),
    "pacman": ("pacman", ["pacman", "-S", "--needed", "--noconfirm"]),
}
"""Family -> (the program that tells it, the command before the package names)."""


OLDEST_GLIBC = (2, 34)
"""What the window library's wheels are built for: Debian 12, Ubuntu 22.04, Fedora 35 and newer."""


def libc_sentence(name: str, version: str) -> str:
    """Say that this Linux is too old or of another kind, from `platform.libc_ver()`; "" where it fits."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if name == "glibc" and numbers >= OLDEST_GLIBC:
        return ""
    return (
        f"Handscroll's window library needs a Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04, Fedora 35 "
        f"or newer); this one has {f'{name} {version}'.strip() or 'another C library'}."
    )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_font(language: str) -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    folders = [Path("/usr/share/fonts"), Path.home() / ".local/share/fonts"]
    return any(
        word in path.name.lower() for folder in folders if folder.is_dir()
        for path in folder.rglob("*.tt?") for word in ("cjk", "wqy", "droidsansfallback", "uming", "ukai")
    )  # fmt: skip


def is_there(need: Need) -> bool:
    """Say whether the running system has it."""
    kind, _, rest = need.what.partition(":")
    if kind == "font":
        return _has_font(rest)
    return _loads(need.what) if ".so" in need.what else shutil.which(need.what) is not None


def missing(needs: Sequence[Need]) -> list[Need]:
    """Return those that are not there; always [] outside Linux, where the packages bring everything."""
    return [need for need in needs if not is_there(need)] if sys.platform.startswith("linux") else []


def package_family() -> str:
    """Return "apt", "dnf" or "pacman", "" for a system that is none of them."""
    return next((family for family, (program, _) in INSTALL.items() if shutil.which(program)), "")


def install_command(needs: Sequence[Need], family: str) -> list[str]:
    """Return the command that installs them as root; [] for an unknown family."""
    if family not in INSTALL:
        return []
    packages = dict.fromkeys(getattr(need, family) for need in needs)
    return [*INSTALL[family][1], *packages]


def advice(needs: Sequence[Need], family: str) -> str:
    """Return the exact command for the person to type, or the names to look for."""
    command = install_command(needs, family)
    if command:
        return "sudo " + " ".join(command)
    return "install these with your system's package manager: " + ", ".join(need.what for need in needs)


def root_prefix() -> list[str] | None:
    """Return what makes a command run as root: [] as root, sudo where it asks nothing, else None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def install_commands(needs: Sequence[Need], family: str, prefix: Sequence[str]) -> list[list[str]]:
    """Return what to run, in order: first the plain command, then (apt) the same after a look at the lists."""
    install = install_command(needs, family)
    if not install:
        return []
    again = [[*prefix, "apt-get", "update"], [*prefix, *install]] if family == "apt" else []
    return [[*prefix, *install], *again]
