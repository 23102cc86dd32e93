"""Changes made in steps that can be undone and made again, and told in one event each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from canvas.changes import ChangeKind, DocumentChange, Event
from canvas.edits import Edit, Editable
from canvas.errors import CanvasError
from canvas.history import History, Mark
from canvas.steps import Step


class Stepping:
    """The part of a document that makes edits, keeps them as steps and takes them back."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: Event[DocumentChange] = Event()
        self.history = History()
        self._open: Step | None = None

    @property
    def _editable(self) -> Editable:
        """Edits are made on the document as a whole: nothing else is one of these."""
        return cast(Editable, self)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._open is not None

    @contextmanager
    def transaction(self, name: str, merge_key: tuple[str, ...] = ()) -> Iterator[None]:
        """One undo step around several changes; steps in a row with the same key become one (a slider drag).

        Inside another transaction it joins that one. An exception takes back what was done since it began
        and goes on to the caller. Without any change it leaves no step.
        """
        outer = self._open
        step = outer or Step(name)
        self._open = step
        mark = len(step.edits)
        try:
            yield
        except BaseException:
            for edit in reversed(step.edits[mark:]):
                edit.revert(self._editable, "rollback")
            del step.edits[mark:]
            raise
        finally:
            self._open = outer
        if outer is None and step.edits:
            step.merge_key = merge_key or step.merge_key
            self._record(step)

    def undo(self) -> str | None:
        """Take the last step back; returns its name, None if there is none."""
        self._refuse_inside()
        step = self.history.take_undo()
        if step is None:
            return None
        for edit in reversed(step.edits):
            edit.revert(self._editable, "undo")
        self.history.settled(step, undone=True)
        self.notify(DocumentChange(ChangeKind.HISTORY, origin="undo"))
        return step.name

    def redo(self) -> str | None:
        """Make the last undone step again; returns its name, None if there is none."""
        self._refuse_inside()
        step = self.history.take_redo()
        if step is None:
            return None
        for edit in step.edits:
            edit.apply(self._editable, "redo")
        self.history.settled(step, undone=False)
        self.notify(DocumentChange(ChangeKind.HISTORY, origin="redo"))
        return step.name

    def forget_steps(self) -> None:
        """Forget everything that could be undone or redone; the document stays as it is."""
        self._refuse_inside()
        self.history.clear()
        self.notify(DocumentChange(ChangeKind.HISTORY, origin="forget"))

    def roll_back(self, mark: Mark) -> None:
        """Take back everything done since `history.mark()`, leaving nothing to redo of it: Esc in a gesture.

        What could be redone at the mark can be redone again.
        """
        self._refuse_inside()
        taken = self.history.take_since(mark)
        for step in taken:
            for edit in reversed(step.edits):
                edit.revert(self._editable, "rollback")
        self.history.rolled_back(taken)
        self.notify(DocumentChange(ChangeKind.HISTORY, origin="rollback"))

    def notify(self, change: DocumentChange) -> None:
        """Tell the listeners."""
        self.changed.emit(change)

    def _do(self, name: str, edit: Edit, merge_key: tuple[str, ...] = ()) -> None:
        """Make an edit as a step of its own or as a part of the open transaction."""
        with self.transaction(name):
            assert self._open is not None  # noqa: S101 - the line above opened it
            self._open.edits.append(edit)
            if merge_key and len(self._open.edits) == 1:
                self._open.merge_key = merge_key
            elif len(self._open.edits) > 1:
                self._open.merge_key = ()
            edit.apply(self._editable, "edit")

    def _record(self, step: Step) -> None:
        step.compact()
        self.history.push(step)
        self.notify(DocumentChange(ChangeKind.HISTORY, origin="edit"))

    def _refuse_inside(self) -> None:
        if self._open is not None:
            raise CanvasError(f"'{self._open.name}' is not finished yet: finish or cancel it, then undo.")
