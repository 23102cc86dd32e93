"""How a job went, as the window saw it: for the log, whichever way the job ends."""

from __future__ import annotations

import importlib
import platform
import time
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract.events import Cancelled, EngineEvent, Failed, Finished, Loading, Progress, Started

LONGEST_DETAIL = 20_000
"""Characters of a traceback that are kept, its end."""


@dataclass
class Course:
    """What was heard of one job so far."""

    began: float = field(default_factory=time.monotonic)
    loading: str = ""
    """Name of the model, once the engine began to load it."""
    steps: int = 0
    """Steps that were to be run, 0 before the first."""
    steps_done: int = 0

    def hear(self, event: EngineEvent) -> None:
        """Takes an event of the job into account."""
        if isinstance(event, Loading):
            self.loading = event.model
        elif isinstance(event, Started):
            self.steps = event.steps
        elif isinstance(event, Progress):
            self.steps_done, self.steps = event.step, event.steps

    def facts(self, end: EngineEvent) -> dict[str, Any]:
        """JSON for the log: of a finished job what the engine says, of others how far it came and why it ended."""
        if isinstance(end, Finished):
            return dict(end.facts)
        found: dict[str, Any] = {
            "total_s": round(time.monotonic() - self.began, 3),
            "steps_done": self.steps_done,
            "steps": self.steps,
            "loaded": self.loading,
            "platform": platform.platform(),
            "versions": {"handscroll": _own_version(), "python": platform.python_version()},
        }
        if isinstance(end, Failed):
            found["kind"], found["detail"] = str(end.kind), end.detail[-LONGEST_DETAIL:]
        elif isinstance(end, Cancelled):
            found["stage"] = "running" if self.steps else "loading" if self.loading else "waiting"
        return found


def report_text(sentence: str, facts: dict[str, Any]) -> str:
    """A failure in full, to be copied into a report: the sentence, what is known, the traceback at the end."""
    lines = [sentence] if sentence else []
    lines += [f"{name}: {value}" for name, value in facts.items() if name != "detail" and value not in ("", None)]
    if facts.get("detail"):
        lines += ["", str(facts["detail"])]
    return "\n".join(lines)


def _own_version() -> str:
    metadata = importlib.import_module("importlib.metadata")  # only now: at the start it would cost a hundred modules
    try:
        return str(metadata.version("handscroll"))
    except ModuleNotFoundError:  # a checkout that is not installed
        return ""
