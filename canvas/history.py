"""The history: steps that can be undone and redone, as many as there are; memory for them has a budget."""

from collections.abc import Sequence
from dataclasses import dataclass

from canvas.kept import Shelf
from canvas.steps import Step

DEFAULT_BUDGET = 1 << 30
SLACK = 64 << 20
"Bytes over the budget that may wait to be compressed or written."


@dataclass(frozen=True)
class Mark:
    """A moment that a gesture can go back to without a trace."""

    top: Step | None
    "The newest step then."
    undone: tuple[Step, ...]
    "What could be redone then, the next one last."


class History:
    """Undo and redo stacks. The generation log is another thing: it is never undone.

    Old pixels are compressed when half of the budget is full, and go to the project file when all of it is. Only
    without a project file do the oldest steps go.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET) -> None:
        self.shelf = Shelf(budget_bytes)
        "The pixels that the steps hold."
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def budget_bytes(self) -> int:
        """How much memory undo may hold; the newest step always stays."""
        return self.shelf.budget_bytes

    @budget_bytes.setter
    def budget_bytes(self, value: int) -> None:
        self.shelf.budget_bytes = value
        self._trim()

    @property
    def held_bytes(self) -> int:
        """How much memory undo holds now, beyond what the painting shows."""
        return self.shelf.held_bytes

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._undone)

    @property
    def undo_name(self) -> str:
        """The name of the step that undo would take back, or empty."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """The name of the step that redo would make again, or empty."""
        return self._undone[-1].name if self._undone else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all steps that can be undone, oldest first."""
        return tuple(step.name for step in self._done)

    @property
    def done(self) -> Sequence[Step]:
        """The steps that can be undone, oldest first. Do not change it."""
        return self._done

    @property
    def undone(self) -> Sequence[Step]:
        """The steps that can be redone, the next one last. Do not change it."""
        return self._undone

    @property
    def steps_done(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    @property
    def redo_names(self) -> tuple[str, ...]:
        """The names of all steps that can be redone, the next one first."""
        return tuple(step.name for step in reversed(self._undone))

    def push(self, step: Step) -> None:
        """Add a step that was just made; merges it into the last one if both are of one drag.

        A step that only selects keeps what can be redone, as long as none of that selects too.
        """
        if not (step.only_selects and not any(undone.selects for undone in self._undone)):
            self._forget(self._undone)
        last = self._done[-1] if self._done else None
        if last is not None and step.merge_key and step.merge_key == last.merge_key and not self._undone:
            last.absorb(step)
            step = last
        else:
            self._done.append(step)
        step.claim(self.shelf, undone=False)
        self._trim()

    def restore(self, done: Sequence[Step], undone: Sequence[Step]) -> None:
        """Begin with steps of an earlier session, in the order of `done` and `undone`."""
        self.clear()
        self._done.extend(done)
        self._undone.extend(undone)
        for step in self._done:
            step.claim(self.shelf, undone=False)
        for step in self._undone:
            step.claim(self.shelf, undone=True)

    def seal(self) -> None:
        """End a drag: what comes next is a step of its own even if it could merge."""
        if self._done:
            self._done[-1].merge_key = ()

    def mark(self) -> Mark:
        """The present moment, for `Document.roll_back`; what follows is a step of its own."""
        self.seal()
        return Mark(self._done[-1] if self._done else None, tuple(self._undone))

    def take_since(self, mark: Mark) -> list[Step]:
        """The steps made since then, newest first, taken out; what could be redone then can be again.

        They are to be reverted by the caller, which then calls `rolled_back`.
        """
        taken: list[Step] = []
        while self._done and self._done[-1] is not mark.top:
            taken.append(self._done.pop())
        self._undone[:] = mark.undone
        return taken

    def rolled_back(self, taken: list[Step]) -> None:
        """The steps of `take_since` are reverted and nobody needs them any more."""
        for step in taken:
            step.release(self.shelf)
        for step in self._undone:
            step.claim(self.shelf, undone=True)

    def take_undo(self) -> Step | None:
        """The step to take back now, moved to the redo stack; `settled` follows when that is done."""
        if not self._done:
            return None
        step = self._done.pop()
        step.merge_key = ()
        self._undone.append(step)
        self.seal()
        return step

    def take_redo(self) -> Step | None:
        """The step to make again now, moved to the undo stack; `settled` follows when that is done."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        return step

    def settled(self, step: Step, undone: bool) -> None:
        """The step is reverted or made again: other pixels are now what only it needs."""
        step.claim(self.shelf, undone)
        self.shelf.tidy()

    def settle(self) -> None:
        """Wait until memory is within its budget, as far as that can be (tests and measuring)."""
        self.shelf.settle()
        self._trim()

    def clear(self) -> None:
        """Forget everything."""
        self._forget(self._done)
        self._forget(self._undone)

    def _forget(self, steps: list[Step]) -> None:
        for step in steps:
            step.release(self.shelf)
        steps.clear()

    def _trim(self) -> None:
        """Compress and write what is too much; if that does not help, the oldest steps go, never the newest."""
        shelf = self.shelf
        shelf.tidy()
        drop, allowed = 0, shelf.budget_bytes
        if shelf.is_busy or shelf.vault is not None:  # it gets less by itself: only what runs away is given up
            allowed = max(2 * allowed, allowed + SLACK)
        while shelf.held_bytes > allowed and drop < len(self._done) - 1:
            self._done[drop].release(shelf)
            drop += 1
        del self._done[:drop]
