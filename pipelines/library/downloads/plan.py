"""What a download will bring: worked out from the site's own lists before anything is fetched, and shown first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from pipelines.library.downloads.errors import DownloadError
from pipelines.library.downloads.file_names import safe_name, safe_path
from pipelines.library.downloads.keys import Site

DIGEST = re.compile(r"sha256:[0-9a-f]{64}|git:[0-9a-f]{40}|")
MAX_FILES = 500


@dataclass(frozen=True)
class RemoteFile:
    """One file on a server."""

    url: str
    """Where it is asked for; without any key."""
    path: str
    """Where it goes, below the plan's folder; POSIX."""
    size: int | None = None
    """Bytes, as the site's list says; None: the server tells when it is asked."""
    digest: str = ""
    """`sha256:HEX`, `git:HEX` (SHA-1 as git counts it), or empty where the site tells none."""
    roughly: int | None = None
    """Bytes where the site's list is rounded: to be shown, not to be held against the file."""


@dataclass(frozen=True)
class Licence:
    """Under which terms a model comes."""

    name: str = ""
    """As the site calls it; empty: it does not say."""
    url: str = ""
    note: str = ""
    """Further conditions in a few words, as Civitai's."""


@dataclass(frozen=True)
class Plan:
    """A download, ready to begin."""

    title: str
    files: tuple[RemoteFile, ...]
    folder: str = "other"
    """Which kind of folder of the model folder it goes to: `checkpoints`, `loras`, `diffusers` …"""
    whole: str = ""
    """Name of the folder that the files are together (a diffusers folder); empty: files of their own."""
    site: Site = Site.NONE
    """Whose key goes along."""
    licence: Licence = Licence()
    page: str = ""
    """Where a person can read about it."""
    words: tuple[str, ...] = ()
    """Trigger words, as the site tells them."""
    base: str = ""
    """What it was made for, in the site's words (`SDXL 1.0`)."""

    @property
    def id(self) -> str:
        """The same for the same files: what is asked for again goes on where it stopped."""
        lines = [f"{file.url}\n{file.path}\n{file.digest}" for file in self.files]
        return hashlib.sha256("\n".join([self.folder, self.whole, *lines]).encode()).hexdigest()[:16]

    @property
    def size(self) -> int | None:
        """All bytes, or None when a server has yet to tell."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size)

    @property
    def estimate(self) -> int | None:
        """All bytes, roughly; None when nobody can tell."""
        sizes = [file.roughly if file.size is None else file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size)

    def check(self) -> None:
        """Raises DownloadError when it names what must not be written."""
        if not 0 < len(self.files) <= MAX_FILES:
            raise DownloadError("There is nothing in it that could be downloaded as a model.")
        names = [str(safe_path(file.path)).casefold() for file in self.files]
        if len(set(names)) < len(names):
            raise DownloadError("The server lists the same file twice. Nothing was downloaded.")
        for name in filter(None, (self.folder, self.whole)):
            if name != safe_name(name, ""):
                raise DownloadError(f"A folder cannot be called '{name[:80]}'.")
        for file in self.files:
            if not DIGEST.fullmatch(file.digest) or (file.size is not None and file.size < 0):
                raise DownloadError(f"The server's list says something impossible of {file.path}.")

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote. Raises KeyError, TypeError, ValueError or DownloadError when it is none."""
        values = dict(data)
        values["files"] = tuple(RemoteFile(**file) for file in values["files"])
        values["licence"] = Licence(**values["licence"])
        values["site"] = Site(values["site"])
        values["words"] = tuple(values["words"])
        plan = cls(**values)
        plan.check()
        return plan
