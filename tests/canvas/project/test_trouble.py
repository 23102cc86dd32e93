"""When the file cannot be written or read: a sentence, painting goes on, nothing is overwritten."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from canvas.errors import CanvasError
from canvas.project.batch import NotStoredError
from canvas.project.project import Project
from canvas.project.schema import APPLICATION_ID, MAJOR, MINOR, Migration, connect, migrate, packed
from tests.canvas.project.conftest import look, paint
from tests.canvas.project.test_project import record


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("canvas.project.writer.RETRY", 0.1)


def fill_the_disk(project: Project) -> None:
    """SQLite's own limit stands in for a full disk: the same error from the same place."""
    project.flush().result(10)
    project._writer._store.connection.execute("PRAGMA max_page_count = 1")  # the lowest it takes is the present size


def free_the_disk(project: Project) -> None:
    project._writer._store.connection.execute("PRAGMA max_page_count = 1000000")


def wait_for_state(project: Project, state: str) -> None:
    deadline = time.monotonic() + 15
    while project.state != state and time.monotonic() < deadline:
        time.sleep(0.02)
    assert project.state == state


def test_a_full_disk_is_told_once_and_made_up_for(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    told: list[str] = []
    project.problem.connect(told.append)
    fill_the_disk(project)
    paint(document, 0, 0)
    with pytest.raises(CanvasError, match="no room left"):
        project.flush().result(10)
    paint(document, 300, 300, seed=1)
    with pytest.raises(NotStoredError) as refused:
        project.store_generation(record(1), [np.full((8, 8, 4), 3, np.uint8)], {}).result(10)
    assert (project.state, len(told)) == ("problem", 1)
    waiting = refused.value.record
    assert (project.load_blob(waiting.candidates[0]).result(10) == 3).all()
    free_the_disk(project)
    wait_for_state(project, "saved")
    before = look(document)
    project.close()
    again = Project.open(project.path)
    assert (look(again.document)[0] == before[0]).all()
    assert [r.id for r in again.document.generations.records] == ["r1"]
    again.close()


def test_closing_with_a_full_disk_fails_and_save_as_helps(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    fill_the_disk(project)
    paint(document, 0, 0)
    before = look(document)
    with pytest.raises(CanvasError, match="no room left"):
        project.close()
    project.save_as(tmp_path / "b.scroll").result(10)
    assert project.state == "saved"
    project.close()
    again = Project.open(tmp_path / "b.scroll")
    assert (look(again.document)[0] == before[0]).all()
    again.close()


def test_a_file_that_is_taken_away_is_noticed_and_may_come_back(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    project.flush().result(10)
    project.path.rename(tmp_path / "elsewhere")
    paint(document, 0, 0)
    with pytest.raises(CanvasError, match="moved or removed"):
        project.flush().result(10)
    (tmp_path / "elsewhere").rename(project.path)
    wait_for_state(project, "saved")
    project.close()
    assert Project.inspect(project.path)["tiles"] == 4


def test_save_as_into_a_folder_that_is_not_there_changes_nothing(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    with pytest.raises(CanvasError):
        project.save_as(tmp_path / "no" / "b.scroll").result(10)
    project.close()
    assert project.path.name == "a.scroll"
    assert Project.inspect(project.path)["tiles"] == 4
    assert [p.name for p in tmp_path.iterdir()] == ["a.scroll"]


def test_giving_up_lets_go_of_the_file(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    fill_the_disk(project)
    paint(document, 0, 0)
    project.abandon()
    Project.open(project.path).close()


def test_two_windows_never_write_one_file(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    with pytest.raises(CanvasError, match=r"a\.scroll is open in another"):
        Project.open(project.path)
    (tmp_path / "link.scroll").symlink_to(project.path)
    with pytest.raises(CanvasError, match="is open in another"):
        Project.open(tmp_path / "link.scroll")
    code = (
        "import sys; from pathlib import Path; from canvas.project.project import Project\n"
        "from canvas.errors import CanvasError\n"
        "try: Project.open(Path(sys.argv[1]))\nexcept CanvasError as e: print(e); sys.exit(3)"
    )
    other = subprocess.run([sys.executable, "-c", code, project.path], capture_output=True, text=True, check=False)
    assert other.returncode == 3
    assert "is open in another" in other.stdout
    paint(document, 0, 0)
    project.close()
    Project.open(project.path).close()


def test_a_taken_name_is_not_overwritten(document, tmp_path):
    (tmp_path / "a.scroll").write_bytes(b"mine")
    with pytest.raises(CanvasError, match="already there"):
        Project.create(tmp_path / "a.scroll", document)
    assert (tmp_path / "a.scroll").read_bytes() == b"mine"
    assert [p.name for p in tmp_path.iterdir()] == ["a.scroll"]


def saved(document, path: Path) -> Path:
    project = Project.create(path, document)
    paint(document, 0, 0, size=600)
    project.close()
    return path


@pytest.mark.parametrize("kind", ["nothing", "text", "foreign", "newer", "cut"])
def test_what_cannot_be_opened_gets_a_sentence_and_stays_as_it_is(document, tmp_path, kind):
    path = saved(document, tmp_path / "a.scroll")
    if kind == "nothing":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("Dear diary\n" * 1000)
    elif kind == "foreign":
        path.unlink()
        sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.close()
    elif kind == "newer":
        connection = connect(path)
        connection.execute(f"PRAGMA user_version = {packed(2, 0)}")
        connection.close()
    else:
        os.truncate(path, 20000)
    before = path.read_bytes()
    with pytest.raises(CanvasError) as refused:
        Project.open(path)
    assert "a.scroll" in str(refused.value)
    if kind == "newer":
        assert "newer Handscroll" in str(refused.value)
    with pytest.raises(CanvasError):
        Project.inspect(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.scroll"]


def test_a_file_of_a_newer_minor_version_opens(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {packed(1, 7)}")
    connection.close()
    Project.open(path).close()
    assert Project.inspect(path)["version"] == "1.7"


def test_a_damaged_tile_is_told_and_the_rest_is_shown(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")
    before = look(document)[0]
    connection = connect(path)
    (digest,) = connection.execute("SELECT hash FROM tile WHERE tx = 1 AND ty = 1").fetchone()
    (data,) = connection.execute("SELECT data FROM blob WHERE hash = ?", (digest,)).fetchone()
    broken = bytearray(data)
    broken[len(broken) // 2] ^= 8
    connection.execute("UPDATE blob SET data = ? WHERE hash = ?", (bytes(broken), digest))
    connection.execute("DELETE FROM blob WHERE hash = (SELECT hash FROM tile WHERE tx = 0 AND ty = 0)")
    connection.close()
    project = Project.open(path)
    told: list[str] = []
    project.care.damaged.connect(told.append)
    after = look(project.document)[0]
    assert len(told) == 1
    assert len(project.complaints) == 2
    lost = np.zeros(after.shape[:2], bool)
    lost[856:1112, 856:1112] = lost[600:856, 600:856] = True
    assert (after[~lost] == before[~lost]).all()
    assert not after[lost].any()
    project.close()


def test_damage_that_a_thread_meets_before_anybody_listens_is_heard(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")
    connection = connect(path)
    connection.execute("UPDATE blob SET data = x'00' WHERE hash = (SELECT hash FROM tile)")
    connection.close()
    project = Project.open(path)
    look(project.document)
    told: list[str] = []
    project.care.damaged.connect(told.append)
    assert len(told) == 1
    project.care.rescued(project.care.rescue(tmp_path / "b.scroll").result(10))
    project.care.damaged.connect(told.append)
    assert len(told) == 1  # that is over
    project.close()


@pytest.mark.slow
def test_bit_flips_never_crash_and_never_show_wrong_pixels(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")
    good = look(document)[0]
    rng = np.random.default_rng(11)
    data = path.read_bytes()
    copy = tmp_path / "b.scroll"
    for _ in range(40):
        broken = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            broken[place] ^= 1 << rng.integers(8)
        copy.write_bytes(broken)
        try:
            project = Project.open(copy)
        except CanvasError:
            continue
        for pixels in look(project.document):
            wrong = (pixels != good).any(axis=2)
            assert not pixels[wrong].any()  # what differs is shown empty
        project.abandon()
    assert not list(tmp_path.glob("b.scroll-lock"))


def test_migrations_keep_a_copy_and_go_back_when_they_fail(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")

    def add(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE note (text TEXT)")

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (text TEXT)")
        connection.execute("SELECT * FROM nowhere")

    now = f"{MAJOR}.{MINOR}"
    assert migrate(path, (1, 7), [Migration(1, 7, add)]) is None
    with pytest.raises(CanvasError, match="has not been changed"):
        migrate(path, (MAJOR, MINOR), [Migration(1, 7, add), Migration(1, 8, fail)])
    assert Project.inspect(path)["version"] == now
    kept = migrate(path, (MAJOR, MINOR), [Migration(1, 7, add)])
    assert kept is not None
    assert (Project.inspect(path)["version"], Project.inspect(kept)["version"]) == ("1.7", now)
    assert Project.inspect(kept)["tiles"] == 9


def test_the_file_names_itself(document, tmp_path):
    path = saved(document, tmp_path / "a.scroll")
    project = Project.open(path)
    project.save_as(tmp_path / "b.scroll").result(10)
    project.close()
    for made in (path, tmp_path / "b.scroll"):
        head = made.read_bytes()[:100]
        assert int.from_bytes(head[68:72], "big") == APPLICATION_ID
        assert int.from_bytes(head[16:18], "big") == 16384
        assert int.from_bytes(head[60:64], "big") == packed(MAJOR, MINOR)


def test_a_copy_of_a_painting_at_work_opens(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    project.flush().result(10)
    for end in ("", "-wal"):
        shutil.copy(f"{project.path}{end}", f"{tmp_path / 'copy.scroll'}{end}")
    copy = Project.open(tmp_path / "copy.scroll")
    assert (look(copy.document)[0] == look(document)[0]).all()
    copy.close()
    project.close()
