"""One export from its choices to the finished files, layered or flat: for the dialog and for Export Again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.export_choices import NameParts, free_target, named_file
from desktop.export_pictures import ExportPlan, export_pictures, jobs_of
from desktop.gathering import Progress
from desktop.layered_files import export_layered
from desktop.progress_card import with_card
from desktop.session import Session

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Outcome:
    """What an export has left."""

    paths: tuple[Path, ...]
    """The files that were written."""
    note: str = ""
    """What they could not hold, as a sentence."""


def named_targets(session: Session, plan: ExportPlan) -> tuple[Path, ...]:
    """The files that an export would write if it were the first in its folder."""
    if plan.choices.is_layered:
        return (plan.folder / named_file(plan.choices.name, NameParts(session.title), plan.choices.suffix),)
    return tuple(job.path for job in jobs_of(session, plan))


async def targets_of(session: Session, plan: ExportPlan) -> tuple[Path, ...]:
    """The files that an export would write now: {number} takes the first number that is free."""
    choices = plan.choices
    if (choices.part.is_many and not choices.is_layered) or "{number}" not in choices.name:
        return named_targets(session, plan)
    parts = NameParts(session.title)
    return (await asyncio.to_thread(free_target, plan.folder, choices.name, parts, choices.suffix),)


async def run_export(session: Session, plan: ExportPlan, progress: Progress) -> Outcome:
    """Writes everything. Raises CanvasError; a cancelled task leaves no half file."""
    paths = await targets_of(session, plan)
    if plan.choices.is_layered:
        return Outcome(paths, await export_layered(session, paths[0], progress))
    jobs = [replace(job, path=path) for job, path in zip(jobs_of(session, plan), paths, strict=True)]
    await export_pictures(session, jobs, progress)
    return Outcome(paths)


async def run_again(session: Session, plan: ExportPlan, host: QWidget) -> Outcome | None:
    """As `run_export`, with a progress card over `host`; None when the person stopped it."""
    title = translate("ExportRun", "Exporting {name} …").format(name=session.title)
    return await with_card(host, title, lambda advance: run_export(session, plan, advance))
