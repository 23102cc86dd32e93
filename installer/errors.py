"""What can go wrong during set-up, as sentences for the person."""

from __future__ import annotations


class SetupError(Exception):
    """Set-up cannot go on. The message says what is wrong and what to do."""


class CommandError(SetupError):
    """A program that set-up started ended with an error."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        """One word from `failures.CAUSES`, for code that has another way to try."""
