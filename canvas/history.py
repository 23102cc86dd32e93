"""The history: steps that can be undone and redone, within a budget of memory."""

from canvas.edits import Step

DEFAULT_BUDGET = 1 << 30


class History:
    """Undo and redo stacks. The generation log is another thing: it is never undone."""

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._held = 0
        self._budget_bytes = budget_bytes

    @property
    def budget_bytes(self) -> int:
        """How much memory undo may hold; the oldest steps go first, the newest always stays."""
        return self._budget_bytes

    @budget_bytes.setter
    def budget_bytes(self, value: int) -> None:
        self._budget_bytes = value
        self._trim()

    @property
    def held_bytes(self) -> int:
        """How much memory undo holds now."""
        return self._held

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

    def push(self, step: Step) -> None:
        """Add a step that was just made; merges it into the last one if both are of one drag.

        A step that only selects keeps what can be redone, as long as none of that selects too.
        """
        if not (step.only_selects and not any(undone.selects for undone in self._undone)):
            self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and step.merge_key and step.merge_key == last.merge_key and not self._undone:
            last.absorb(step)
            return
        self._done.append(step)
        self._held += step.held_bytes
        self._trim()

    def seal(self) -> None:
        """End a drag: what comes next is a step of its own even if it could merge."""
        if self._done:
            self._done[-1].merge_key = ()

    def take_undo(self) -> Step | None:
        """The step to take back now, moved to the redo stack."""
        if not self._done:
            return None
        step = self._done.pop()
        step.merge_key = ()
        self._held -= step.held_bytes
        self._undone.append(step)
        self.seal()
        return step

    def take_redo(self) -> Step | None:
        """The step to make again now, moved to the undo stack."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._held += step.held_bytes
        self._trim()
        return step

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self._held = 0

    def _trim(self) -> None:
        drop = 0
        while self._held > self._budget_bytes and drop < len(self._done) - 1:
            self._held -= self._done[drop].held_bytes
            drop += 1
        del self._done[:drop]
