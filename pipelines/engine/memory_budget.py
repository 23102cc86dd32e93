"""One budget for everything that stays in memory between jobs, models and add-ons: what was used longest ago leaves."""

from __future__ import annotations

from typing import Protocol


class Keeper(Protocol):
    """Someone who keeps things between jobs."""

    @property
    def held_bytes(self) -> int:
        """Of all that is kept."""
        ...

    def oldest(self, *, working: bool) -> int | None:
        """When that was used last which may leave next; None where nothing may. `working`: a job has begun, and what it
        works with stays."""
        ...

    def forget_oldest(self) -> None:
        """Lets that go."""
        ...


class MemoryBudget:
    """Used by the engine's one thread only."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        """Bytes."""
        self._keepers: list[Keeper] = []
        self._moment = 0

    def join(self, keeper: Keeper) -> None:
        """From now on this one's things count."""
        self._keepers.append(keeper)

    def now(self) -> int:
        """The moment at which something is used; later ones are larger."""
        self._moment += 1
        return self._moment

    def is_over(self, wanted: int) -> bool:
        """Whether so many bytes more would be too many."""
        return sum(keeper.held_bytes for keeper in self._keepers) + wanted > self.limit

    def make_room(self, wanted: int, *, working: bool) -> None:
        """Lets go what was used longest ago until there is room for `wanted` bytes more, or nothing that may go."""
        while self.is_over(wanted):
            ages = [(moment, one) for one in self._keepers if (moment := one.oldest(working=working)) is not None]
            if not ages:
                return
            min(ages, key=lambda age: age[0])[1].forget_oldest()
