"""What a start does not need is made, and its modules imported, when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Late(Generic[Made]):
    """Something that is made once, by the first call."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: Made | None = None

    def __call__(self) -> Made:
        """The thing itself."""
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def made(self) -> Made | None:
        """The thing if anybody has wanted it yet."""
        return self._made
