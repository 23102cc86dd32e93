"""The log of generations in a file with a long past: searching it, looking things up, and what it costs at opening."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from canvas.generations import GenerationLog, GenerationRecord, LogQuery
from canvas.geometry import Bounds
from canvas.project.project import Project
from tests.benchmarks.rows import Row, median, report
from tests.canvas.project.many_records import make_file

RECORDS = 25_000
PAGE = 100
RUNS = 7
SEARCH_MS, LOOK_UP_MS, OPENING_MS = 50.0, 1.0, 3.0
"""Agreed bounds: a search with its page of thumbnails, a look-up from the window's thread, what opening costs more."""
PLACE = Bounds(0, 0, 700, 700)
QUESTIONS: dict[str, LogQuery] = {
    "newest": LogQuery(),
    "common word": LogQuery(words="mountain"),
    "first letter": LogQuery(words="m"),
    "Chinese run": LogQuery(words="远山"),
    "one character": LogQuery(words="山"),
    "three words": LogQuery(words="pine snow castle"),
    "phrase": LogQuery(words='"pine mist"'),
    "accent": LogQuery(words="Koln"),
    "one field": LogQuery(words="model:starter seed:12"),
    "without": LogQuery(words="-mountain -山"),
    "day": LogQuery(words="2026-01-05"),
    "nothing": LogQuery(words="zzzz"),
    "kept": LogQuery(kept=True),
    "starred": LogQuery(starred=True),
    "failed": LogQuery(statuses=frozenset({"failed"})),
    "place": LogQuery(place=PLACE),
    "empty place": LogQuery(place=PLACE.translated(100_000, 0)),
    "all at once": LogQuery("mountain", True, False, frozenset({"finished"}), PLACE, "2026-01-02", "2027"),
}


def worst_search(log: GenerationLog) -> tuple[str, float]:
    """The slowest question and its milliseconds, each asked several times from the start and once further down."""
    worst = ("", 0.0)
    for name, query in QUESTIONS.items():
        runs: list[float] = []
        found: Sequence[GenerationRecord] = ()
        for _ in range(RUNS):
            began = time.perf_counter()
            found = log.find(query, PAGE)
            runs.append(1000 * (time.perf_counter() - began))
        if len(found) == PAGE:
            began = time.perf_counter()
            log.find(query, PAGE, before=found[-1].id)
            runs.append(1000 * (time.perf_counter() - began))
        worst = max(worst, (name, median(runs)), key=lambda one: one[1])
    return worst


def look_up(log: GenerationLog, what: Callable[[str], object]) -> float:
    """Milliseconds of one question about one record that was not looked at before."""
    rng = random.Random(7)
    ids = [f"{number:032x}" for number in rng.sample(range(1, RECORDS), 300)]
    runs: list[float] = []
    for record_id in ids:
        began = time.perf_counter()
        what(record_id)
        runs.append(1000 * (time.perf_counter() - began))
    return sorted(runs)[len(runs) * 95 // 100]


def openings(paths: Sequence[Path]) -> list[float]:
    """Milliseconds until each project is open, in turns; the best of several runs of each."""
    best = [float("inf")] * len(paths)
    for _ in range(3 * RUNS):
        for place, path in enumerate(paths):
            began = time.perf_counter()
            project = Project.open(path)
            best[place] = min(best[place], 1000 * (time.perf_counter() - began))
            project.close()
    return best


def rows() -> Sequence[Row]:
    """All figures of the log."""
    with tempfile.TemporaryDirectory() as name:
        many, none = Path(name) / "many.scroll", Path(name) / "none.scroll"
        make_file(many, RECORDS)
        make_file(none, 0)
        long, short = openings((many, none))
        project = Project.open(many)
        log = project.document.generations
        log.count()
        kind, slowest = worst_search(log)
        quick = look_up(log, log.get)
        tree = look_up(log, log.children)
        project.close()
    return [
        Row(
            "log search, slowest question",
            slowest,
            "ms",
            SEARCH_MS,
            f"{RECORDS} records, {len(QUESTIONS)} kinds; {kind}",
        ),
        Row("log look-up of one record, p95", quick, "ms", LOOK_UP_MS, "with star, note and kept pictures"),
        Row("log look-up of branches, p95", tree, "ms", LOOK_UP_MS, "the records that grew out of one"),
        Row("opening: what a long log adds", long - short, "ms", OPENING_MS, f"{long:.1f} ms against {short:.1f} ms"),
    ]


if __name__ == "__main__":
    report(__doc__ or "", rows)
