"""The queue: priority, then arrival; positions that are true; cancelling by job."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.job_queue import JobQueue
from tests.pipelines.sample_requests import sample


def drain(queue: JobQueue, count: int) -> list[str]:
    taken = []
    for _ in range(count):
        job = queue.take()
        assert job is not None
        taken.append(job.id)
    return taken


@given(st.lists(st.integers(-2, 2), max_size=12))
def test_priority_first_then_arrival(priorities: list[int]) -> None:
    positions: dict[str, int] = {}
    queue = JobQueue(positions.__setitem__)
    for number, priority in enumerate(priorities):
        assert queue.put(str(number), sample(priority=priority))
    wanted = [str(n) for n in sorted(range(len(priorities)), key=lambda n: (-priorities[n], n))]
    assert sorted(positions, key=lambda job: positions[job]) == wanted
    assert drain(queue, len(priorities)) == wanted


def test_the_running_job_counts_as_one_ahead() -> None:
    told: list[tuple[str, int]] = []
    queue = JobQueue(lambda job, before: told.append((job, before)))
    queue.put("a", sample())
    queue.take()
    queue.put("b", sample())
    queue.put("c", sample(priority=1))
    assert told == [("a", 0), ("b", 1), ("c", 1), ("b", 2)]


def test_waiting_jobs_vanish_and_running_ones_are_marked() -> None:
    queue = JobQueue(lambda _job, _before: None)
    queue.put("a", sample())
    queue.put("b", sample())
    running = queue.take()
    assert running is not None
    assert queue.cancel("b")
    assert not queue.cancel("a")
    assert running.cancelled.is_set()
    assert not queue.cancel("nobody")


def test_closing_wakes_the_thread_that_waits_and_returns_what_never_ran() -> None:
    queue = JobQueue(lambda _job, _before: None)
    taken: list[object] = []
    thread = threading.Thread(target=lambda: taken.append(queue.take()))
    thread.start()
    assert queue.close() == []
    thread.join(5)
    assert taken == [None]
    assert not queue.put("late", sample())
    other = JobQueue(lambda _job, _before: None)
    other.put("a", sample())
    assert [job.id for job in other.close()] == ["a"]
