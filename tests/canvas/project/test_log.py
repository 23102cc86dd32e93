"""The log in the file: lazy, searchable, and the same answers as in memory."""

import json
import random
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas import generations
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import Annotation, GenerationLog, GenerationRecord, LogQuery, search_lines
from canvas.geometry import NOTHING, Bounds
from canvas.project.batch import NotStoredError
from canvas.project.log_store import LogStore
from canvas.project.project import Project
from canvas.project.schema import NEW_IN_1_1, TABLES
from tests.canvas.project.many_records import WORDS, has_index, made_up, make_file

FRAME = Bounds(0, 0, 64, 64)
ASKED = """starter euler-a ink 2026-01 failed 山 中远 CAFE koln -pine -雾中 prompt:river -prompt:boat note:"snow"
status:fail -note:a -1 seed:1 day:2026-01 negative:模糊 lora:ink -status:finished model:st"""


def new_project(folder: Path) -> Project:
    return Project.create(folder / "log.scroll", Document.new(FRAME))


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.path)


def fill(document: Document, count: int, seed: int = 3) -> list[GenerationRecord]:
    """Records, some kept, starred, noted or deleted; the notes are steps that can be undone."""
    rng = random.Random(seed)
    log, made = document.generations, []
    for number in range(count):
        record = made_up(number, rng, rng.choice(made).id if made and number % 3 else "")
        log.append(record)
        made.append(record)
        if record.candidates and rng.random() < 0.4:
            log.keep(record.id, rng.randrange(2), f"layer {number}")
        if rng.random() < 0.3:
            document.annotate(record.id, starred=True, note=rng.choice(WORDS))
        if rng.random() < 0.2:
            document.annotate(record.id, deleted=True)
    return made


def queries() -> st.SearchStrategy[LogQuery]:
    word = st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(lambda one: one[: max(1, len(one) // 2)]),
        st.sampled_from(ASKED.split()),
        st.just('"pine mist"'),
        st.text(max_size=6),
    )
    return st.builds(
        LogQuery,
        words=st.lists(word, max_size=3).map(" ".join),
        kept=st.booleans(),
        starred=st.booleans(),
        statuses=st.frozensets(st.sampled_from(["finished", "failed", "cancelled"]), max_size=2),
        place=st.one_of(
            st.just(NOTHING),
            st.builds(Bounds, st.integers(-5000, 5000), st.integers(-5000, 5000), st.just(900), st.just(2000)),
        ),
        since=st.sampled_from(["", "2026-01-10", "2026-01-20T00:00"]),
        until=st.sampled_from(["", "2026-01-15", "2027"]),
        deleted=st.booleans(),
    )


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory):
    """The same log in memory, in a file read anew, and half in a file and half of this session."""
    memory = Document.new(FRAME)
    fill(memory, 120)
    folder = tmp_path_factory.mktemp("twins")
    project = new_project(folder)
    fill(project.document, 120)
    project = reopened(project)
    mixed = new_project(tmp_path_factory.mktemp("mixed"))
    rng_records = list(memory.generations.records)
    half = reopened(_with(mixed, memory.generations, rng_records[:60]))
    _with(half, memory.generations, rng_records[60:])
    for record in rng_records[:60:4]:  # older ones are spoken of anew
        said = memory.generations.annotation(record.id)
        half.document.annotate(record.id, starred=not said.starred, note="x", deleted=not said.deleted)
        half.document.annotate(record.id, starred=said.starred, note=said.note, deleted=said.deleted)
    yield memory.generations, project.document.generations, half.document.generations
    project.close()
    half.close()


def _with(project: Project, source: GenerationLog, records: list[GenerationRecord]) -> Project:
    log = project.document.generations
    for record in records:
        log.append(record)
        for index in source.kept(record.id):
            log.keep(record.id, index, source.kept_layer(record.id, index))
        said = source.annotation(record.id)
        project.document.annotate(record.id, starred=said.starred, note=said.note, deleted=said.deleted)
    return project


@given(query=queries(), limit=st.sampled_from([1, 7, 1000]), data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_file_and_memory_answer_alike(twins, query, limit, data) -> None:
    memory, stored, mixed = twins
    expected = memory.find(query, limit)
    assert stored.find(query, limit) == expected
    assert mixed.find(query, limit) == expected
    if expected:
        last = data.draw(st.sampled_from(expected)).id
        following = memory.find(query, limit, before=last)
        assert stored.find(query, limit, before=last) == following
        assert mixed.find(query, limit, before=last) == following


def test_everything_of_a_record_is_the_same_from_the_file(twins) -> None:
    memory, stored, mixed = twins
    everything = memory.records
    assert len(everything) == memory.count() == stored.count() == mixed.count() == 120
    for log in (stored, mixed):
        assert log.records == everything
        for record in everything:
            assert log.get(record.id) == record
            assert log.annotation(record.id) == memory.annotation(record.id)
            assert log.children(record.id) == memory.children(record.id)
            assert log.kept(record.id) == memory.kept(record.id)
            assert [log.kept_layer(record.id, i) for i in (0, 1)] == [memory.kept_layer(record.id, i) for i in (0, 1)]
        for x in range(-5000, 5000, 700):
            place = Bounds(x, -x, 600, 600)
            assert log.latest_at(place) == memory.latest_at(place)


def test_opening_reads_no_records(tmp_path, monkeypatch) -> None:
    project = new_project(tmp_path)
    fill(project.document, 30)
    project.close()
    seen: list[str] = []
    real = generations.GenerationRecord.__init__

    def counted(self, *args, **kwargs) -> None:
        seen.append(args[0] if args else kwargs["id"])
        real(self, *args, **kwargs)

    monkeypatch.setattr(generations.GenerationRecord, "__init__", counted)
    project = Project.open(project.path)
    project.flush().result(10)
    assert seen == []
    assert not project.document.generations.is_empty
    assert len(project.document.generations.find(LogQuery(deleted=True), limit=7)) == 7
    assert len(seen) == 7
    project.close()


def test_stars_notes_and_deletions_survive_undo_and_reopening(tmp_path) -> None:
    project = new_project(tmp_path)
    document, log = project.document, project.document.generations
    first, second = fill(document, 2, seed=11)
    document.annotate(first.id, starred=True, note="雾 good", deleted=False)
    document.annotate(second.id, deleted=True)
    assert [r.id for r in log.find(LogQuery())] == [first.id]
    assert [r.id for r in project.search(LogQuery(words="雾")).result(10)] == [first.id]
    assert document.undo() == "Delete generation"
    assert [r.id for r in log.find(LogQuery())] == [second.id, first.id]
    document.redo()
    document.annotate(first.id, note="other")
    project = reopened(project)
    log = project.document.generations
    assert log.annotation(first.id) == Annotation(True, "other", False)
    assert log.annotation(second.id).deleted
    assert [r.id for r in log.find(LogQuery())] == [first.id]
    assert [r.id for r in log.find(LogQuery(deleted=True))] == [second.id, first.id]
    assert project.search(LogQuery(words="雾", deleted=True)).result(10) == ()
    assert [r.id for r in project.search(LogQuery(words="oth")).result(10)] == [first.id]
    project.document.annotate(second.id, deleted=False)
    assert project.search(LogQuery()).result(10)[0].id == second.id  # also before it is in the file
    project = reopened(project)
    assert not project.document.generations.annotation(second.id).deleted
    with pytest.raises(CanvasError, match="Shorten"):
        project.document.annotate(second.id, note="n" * 10_001)
    with pytest.raises(CanvasError, match="no generation"):
        project.document.annotate("nobody", starred=True)
    project.close()


def test_records_are_only_ever_added(tmp_path) -> None:
    project = new_project(tmp_path)
    made = fill(project.document, 6)
    project = reopened(project)
    log = project.document.generations
    for record in (made[0], made[-1]):
        with pytest.raises(CanvasError, match="already"):
            log.append(replace(record, status="failed"))
    late = replace(made[0], id="late", parent_id=made[2].id)
    log.append(late)
    with pytest.raises(CanvasError, match="not in the log"):
        log.append(replace(made[0], id="later", parent_id="nobody"))
    project.document.annotate(made[0].id, starred=True, deleted=True)
    project = reopened(project)
    assert project.document.generations.records == (*made, late)
    assert late.id in project.document.generations.children(made[2].id)
    project.close()


def test_a_record_whose_parent_is_lost_stands_alone(tmp_path) -> None:
    project = new_project(tmp_path)
    made = fill(project.document, 5)
    child = next(record for record in made if record.parent_id)
    project.close()
    connection = sqlite3.connect(project.path)
    with connection:
        connection.execute("DELETE FROM generation WHERE id = ?", (child.parent_id,))
        connection.execute("UPDATE generation SET request = '{', form = '[]' WHERE id = ?", (made[-1].id,))
    connection.close()
    log = (project := Project.open(project.path)).document.generations
    assert log.get(child.id).parent_id == ""
    assert (log.get(made[-1].id).request, log.get(made[-1].id).form) == ({}, {})
    assert len(log.records) == log.count() == 4
    project.close()


@pytest.mark.parametrize(
    "words",
    ['"', '"" AND', "NOT", "a OR b", "NEAR(a b)", "prompt:", "*", "^x", "(((", "'; DROP TABLE generation; --", "\\",
     "{a b}: c", "a" * 5000, "山" * 3000, "\x00", "\ud800", "e\u0301", "- -", "x AND NOT y", "😀", "́", "%_"],
)  # fmt: skip
def test_no_question_is_refused(twins, words) -> None:
    memory, stored, mixed = twins
    expected = memory.find(LogQuery(words=words, deleted=True))
    assert (
        stored.find(LogQuery(words=words, deleted=True)) == mixed.find(LogQuery(words=words, deleted=True)) == expected
    )


def test_a_file_of_version_1_1_is_found_and_searched(tmp_path) -> None:
    project = new_project(tmp_path)
    made = fill(project.document, 150)
    project.close()
    _make_old(project.path)
    project = Project.open(project.path)
    log = project.document.generations
    forgotten = [replace(record, form={}) for record in made]
    assert list(log.records) == forgotten
    words = LogQuery(words="远山 pine")
    expected = [r for r in reversed(forgotten) if generations.passes(words, generations.Entry(r))]
    assert expected
    assert list(project.search(words).result(10)) == expected  # with the index half made or not at all
    for _ in range(4):
        project.flush().result(10)  # one after the other with the pieces of the index
    assert list(project.search(words).result(10)) == expected
    project.close()
    assert has_index(project.path)
    connection = sqlite3.connect(project.path)
    assert connection.execute("SELECT count(*) FROM generation_text").fetchone()[0] == 150
    connection.close()


def _make_old(path: Path) -> None:
    """What the file was before version 1.2."""
    connection = sqlite3.connect(path, isolation_level=None)
    old = sqlite3.connect(":memory:")
    old.executescript(TABLES + NEW_IN_1_1)
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'generation_text_*'"
    new = {row[0] for row in connection.execute(tables)} - {row[0] for row in old.execute(tables)}
    old.close()
    for name in ("generation_parent", "generation_narrow", "verdict_generation"):
        connection.execute(f"DROP INDEX {name}")
    for name in new:
        connection.execute(f"DROP TABLE {name}")
    connection.execute("ALTER TABLE generation DROP COLUMN form")
    connection.execute("DELETE FROM meta WHERE key = 'check'")
    connection.execute("PRAGMA user_version = 65537")
    connection.close()


def test_an_index_with_a_gap_or_broken_is_made_anew(tmp_path) -> None:
    project = new_project(tmp_path)
    made = fill(project.document, 20)
    project.close()
    whole = tmp_path / "whole.scroll"
    shutil.copy(project.path, whole)
    query = LogQuery(words="2026", deleted=True)
    breakers = (
        "DELETE FROM generation_text WHERE rowid > 15",  # records written where SQLite has no FTS5
        "UPDATE generation_text_data SET block = x'00ff' WHERE id > 10",
        "DROP TABLE generation_text_content",
        "DROP TABLE generation_text",
    )
    for number, breaker in enumerate(breakers):
        path = tmp_path / f"{number}.scroll"
        shutil.copy(whole, path)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(breaker)
        connection.close()
        project = Project.open(path)
        for _ in range(3):
            project.flush().result(10)
        assert project.search(query).result(10) == tuple(reversed(made)), breaker
        fresh = replace(made[0], id="fresh", parent_id="")
        project.document.generations.append(fresh)
        project = reopened(project)
        assert project.search(query).result(10) == (fresh, *reversed(made)), breaker
        project.close()


def test_without_fts5_records_are_read_and_an_index_comes_later(tmp_path, monkeypatch) -> None:
    project = new_project(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(LogStore, "_ready", lambda _self: False)
        made = fill(project.document, 130)
        project = reopened(project)
        query = LogQuery(words="pine", deleted=True)
        found = project.search(query, 1000).result(10)
        assert {record.id for record in found} >= {r.id for r in made if "pine" in search_lines(r, "")["prompt"]}
        assert 10 < len(found) < len(made)
        assert project.search(query, 3, found[4].id).result(10) == found[5:8]
        project.close()
        assert not has_index(project.path)
    project = Project.open(project.path)
    for _ in range(4):
        project.flush().result(10)
    assert project.search(query, 1000).result(10) == found
    project.close()
    assert has_index(project.path)


def test_a_log_that_cannot_be_read_takes_new_records(tmp_path) -> None:
    project = new_project(tmp_path)
    made = fill(project.document, 3)
    project.close()
    connection = sqlite3.connect(project.path)
    connection.execute("ALTER TABLE candidate RENAME TO gone")
    connection.commit()
    connection.close()
    project = Project.open(project.path)
    log = project.document.generations
    with pytest.raises(CanvasError, match="cannot be read"):
        log.get(made[0].id)
    with pytest.raises(CanvasError, match="cannot be read"):
        project.search(LogQuery()).result(10)
    fresh = replace(made[0], id="fresh", parent_id=made[1].id)
    log.append(fresh)
    assert log.get("fresh") == fresh
    assert log.find(LogQuery(), limit=1) == (fresh,)
    project.abandon()


def test_memory_holds_a_bounded_part_of_a_long_session(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(generations, "RECENT", 10)
    monkeypatch.setattr(generations, "FETCHED", 5)
    project = new_project(tmp_path)
    rng, made, log = random.Random(4), [], project.document.generations
    for number in range(60):
        made.append(made_up(number, rng, made[-1].id if made else ""))
        log.append(made[-1])
        if number % 4 == 0 and made[-1].candidates:
            log.keep(made[-1].id, 1, "layer")
        project.flush().result(10)
    held = len(log._recent)
    assert held <= 20
    assert log.count() == 60
    assert list(log.records) == made
    assert log.find(LogQuery(kept=True)) == tuple(r for r in reversed(made) if log.kept(r.id))
    assert log.kept(made[0].id) == ((1,) if made[0].candidates else ())
    project = reopened(project)
    assert list(project.document.generations.records) == made
    project.close()


def test_searching_while_the_log_grows(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(generations, "RECENT", 5)
    project = new_project(tmp_path)
    log, rng = project.document.generations, random.Random(5)
    made: list[GenerationRecord] = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(80):
            made.append(made_up(number, rng))
            log.append(made[-1])
            least = len(made)
            if number % 5 == 0:
                project.document.annotate(made[-1].id, starred=True)
            if number % 8 == 0:
                project.flush().result(10)
            looks = [pool.submit(log.find, LogQuery(), 1000) for _ in range(2)]
            for look in looks:
                assert list(look.result(10)) == list(reversed(made[:least]))
    starred = [record for record in reversed(made) if int(record.id, 16) % 5 == 1]
    assert list(log.find(LogQuery(starred=True))) == starred
    project.close()


def test_a_result_that_cannot_be_written_is_kept_and_written_later(tmp_path, monkeypatch) -> None:
    project = new_project(tmp_path)
    store = project._writer._store
    real, broken = store.log.write, True

    def failing(batch) -> None:
        if broken and batch.generations:
            raise sqlite3.OperationalError("database or disk is full")
        real(batch)

    monkeypatch.setattr(store.log, "write", failing)
    patch = np.full((4, 4, 4), 9, np.uint8)
    record = made_up(1, random.Random(1))
    future = project.store_generation(record, [patch], {"mask": patch[..., 0].copy()})
    with pytest.raises(NotStoredError, match="no room") as caught:
        future.result(10)
    waiting = caught.value.record
    log = project.document.generations
    log.append(waiting)
    log.keep(waiting.id, 0, "layer")
    project.document.annotate(waiting.id, note="while it waits")
    assert (project.load_blob(waiting.candidates[0]).result(10) == patch).all()
    assert project.search(LogQuery(words="waits")).result(10) == (waiting,)
    broken = False
    project.care.retry()
    project = reopened(project)
    log = project.document.generations
    assert log.records == (waiting,)
    assert (log.kept(waiting.id), log.annotation(waiting.id).note) == ((0,), "while it waits")
    assert (log.blobs.get(waiting.inputs["mask"]) == patch[..., 0]).all()
    assert project.search(LogQuery(words="waits")).result(10) == (waiting,)
    project.close()


def test_pictures_removed_on_purpose_say_so(tmp_path) -> None:
    project = new_project(tmp_path)
    patch = np.full((4, 4, 4), 9, np.uint8)
    record = project.store_generation(made_up(3, random.Random(1)), [patch], {}).result(10)
    project.document.generations.append(record)
    project = reopened(project)
    assert project.care.remove_unkept().result(10) == 1
    found = project.search(LogQuery(words="starter")).result(10)
    assert found == (replace(record, candidates=("",)),)
    with pytest.raises(CanvasError, match="removed on purpose"):
        project.load_blob(found[0].candidates[0]).result(10)
    project.close()


def test_pictures_of_this_session_are_removed_too(tmp_path) -> None:
    project = new_project(tmp_path)
    patch = np.full((4, 4, 4), 9, np.uint8)
    log, made = project.document.generations, []
    for number in range(3):
        one = replace(made_up(number, random.Random(number)), parent_id="")
        made.append(project.store_generation(one, [patch + number], {}).result(10))
        log.append(made[-1])
    log.keep(made[1].id, 0, "layer")
    project.document.annotate(made[2].id, note="n")
    project.flush().result(10)
    assert project.care.remove_unkept().result(10) == 2
    log.reread()
    assert [record.candidates for record in log.records] == [("",), made[1].candidates, ("",)]
    assert log.annotation(made[2].id).note == "n"
    assert log.kept(made[1].id) == (0,)
    project.close()


def test_what_is_written_while_records_are_counted_does_not_disturb(tmp_path, monkeypatch) -> None:
    project = new_project(tmp_path)
    archive, log = project._archive, project.document.generations
    ask = archive._quick.rows

    def asked(sql, *values):
        found = ask(sql, *values)
        if "count(" in sql and log.is_empty:
            log.append(replace(made_up(0, random.Random(1)), parent_id=""))
            project.flush().result(10)
        return found

    monkeypatch.setattr(archive._quick, "rows", asked)
    assert archive.count(0) == 0
    monkeypatch.undo()
    assert log.count() == 1
    project.close()


def test_the_form_as_typed_comes_back(tmp_path) -> None:
    project = new_project(tmp_path)
    record = made_up(3, random.Random(1))
    typed = {"prompt": "{red|blue} 山", "seed": 4, "random_seed": True, "mode": None, "strength": 0.5}
    project.document.generations.append(replace(record, form=typed))
    project = reopened(project)
    assert project.document.generations.get(record.id).form == typed
    assert [r.id for r in project.document.generations.find(LogQuery(words="blue 山"))] == [record.id]
    connection = sqlite3.connect(project.path)
    assert json.loads(connection.execute("SELECT form FROM generation").fetchone()[0]) == typed
    connection.close()
    project.close()


@pytest.mark.slow
def test_25_000_records_cost_nothing_at_opening_and_are_all_there(tmp_path) -> None:
    path = tmp_path / "many.scroll"
    make_file(path, 25_000)
    project = Project.open(path)
    log = project.document.generations
    assert log.count() == 25_000
    assert len(log._recent) == 0
    last, seen = "", 0
    while page := project.search(LogQuery(words="mountain", deleted=True), 1000, last).result(30):
        assert all("mountain" in generations.search_lines(record, "")["prompt"] for record in page)
        last, seen = page[-1].id, seen + len(page)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT prompt, form FROM generation").fetchall()
    connection.close()
    assert seen == sum("mountain" in prompt for prompt, _ in rows) > 1000
    assert len(log._fetched) <= generations.FETCHED
    project.close()
