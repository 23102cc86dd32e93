"""What goes wrong with downloads, as sentences. No key and no query of an address is ever part of one."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract.errors import PipelineError


class DownloadError(PipelineError):
    """A download that cannot be made, or goes no further without the person."""


class KeyNeededError(DownloadError):
    """The site wants to know who asks; `site` is a member of `Site` by its value, empty where nobody knows its keys."""

    def __init__(self, site: str, sentence: str) -> None:
        super().__init__(sentence)
        self.site = site


class BrokenConnectionError(DownloadError):
    """The connection failed or the server is busy: the same try may work later."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        """`wait`: seconds that the server asked for; 0: it did not."""
        super().__init__(sentence)
        self.wait = wait


class StoppedError(DownloadError):
    """The person paused or cancelled: an outcome, not a fault."""


@dataclass(frozen=True)
class FileChoice:
    """One of several files that a person may have meant."""

    path: str
    size: int | None


class ChoiceNeededError(DownloadError):
    """There are several files to take; one has to be named."""

    def __init__(self, sentence: str, choices: tuple[FileChoice, ...]) -> None:
        super().__init__(sentence)
        self.choices = choices
