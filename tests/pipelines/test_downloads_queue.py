"""The queue: pauses, restarts, kills, cancels; what it leaves behind and what it never does by itself."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.library.details import from_beside
from pipelines.library.downloads.addresses import CivitaiSource, HubSource
from pipelines.library.downloads.errors import (
    DownloadError,
)
from pipelines.library.downloads.installing import STAGING, staging_of
from pipelines.library.downloads.keys import Keys, Site
from pipelines.library.downloads.plan import Plan, RemoteFile
from pipelines.library.downloads.planning import make_plan
from pipelines.library.downloads.queue import Download, DownloadQueue, State
from pipelines.library.downloads.transport import Http
from tests.pipelines.model_server import Blob, ModelServer, Repo, git_sha1, sha256, sites, wait_for

DATA = random.Random(7).randbytes(300_000)
OTHER = random.Random(8).randbytes(300_000)
QUICK = (0.01,) * 5
KEY = "right-key"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with sites(monkeypatch) as running:
        yield running


FOLDER = {
    "model_index.json": b"{}",
    "unet/config.json": b"{  }",
    "unet/diffusion_pytorch_model.safetensors": DATA[:2000],
    "vae/diffusion_pytorch_model.safetensors": DATA[:500],
}


# --- the queue


OPEN = """
from pipelines.library.downloads.keys import Keys
from pipelines.library.downloads.queue import DownloadQueue
from pipelines.library.downloads.transport import Http
open_queue = lambda folder: DownloadQueue(Http(), Keys(), folder / "data" / "downloads.json")
"""
"""For programs of their own: the same queue as `open_queue` makes."""


class Queue(NamedTuple):
    queue: DownloadQueue
    root: Path
    memory: Path

    def one(self) -> Download:
        return self.queue.downloads()[0]

    def until(self, *states: State) -> Download:
        wait_for(lambda: self.one().state in states)
        return self.one()


def open_queue(folder: Path, key: str = "") -> Queue:
    keys, memory = Keys(), folder / "data" / "downloads.json"
    if key:
        keys.use_for_now(Site.CIVITAI, key)
    return Queue(DownloadQueue(Http(), keys, memory, QUICK), folder / "models", memory)


@pytest.fixture
def q(tmp_path: Path, server: ModelServer) -> Iterator[Queue]:
    made = open_queue(tmp_path)
    yield made
    made.queue.close()


def web_plan(server: ModelServer, name: str = "m.safetensors", **changes: Any) -> Plan:
    server.blobs[f"/{name}"] = Blob(DATA, etag='"one"', **changes)
    file = RemoteFile(f"{server.url}/{name}", name, len(DATA), f"sha256:{sha256(DATA)}")
    return Plan(name, (file,), "loras")


def test_a_whole_folder_arrives_at_once(q: Queue, server: ModelServer) -> None:
    server.add_repo("owner/pipe", Repo(dict(FOLDER)))
    finished: list[Download] = []
    q.queue.finished = finished.append
    plan = make_plan(HubSource("owner/pipe", variant="fp16"), Http(), Keys())
    q.queue.add(plan, q.root)
    done = q.until(State.DONE, State.FAILED)
    assert done.sentence == ""
    place = q.root / "diffusers" / "owner--pipe"
    assert done.places == (place,)
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == {
        f.path for f in plan.files
    }
    assert not (q.root / STAGING).exists()
    assert done.done == plan.size
    wait_for(lambda: finished)
    with pytest.raises(DownloadError, match="already there"):
        q.queue.add(plan, q.root)


def test_a_part_that_lies_leaves_nothing_in_the_library(q: Queue, server: ModelServer) -> None:
    repo = Repo(dict(FOLDER), hashes={"vae/diffusion_pytorch_model.safetensors": sha256(OTHER)})
    server.add_repo("owner/pipe", repo)
    q.queue.add(make_plan(HubSource("owner/pipe"), Http(), Keys()), q.root)
    assert "checksum" in q.until(State.FAILED).sentence
    assert not (q.root / "diffusers").exists()


def test_a_small_file_that_lies_is_found_too(q: Queue, server: ModelServer) -> None:
    server.add_repo("owner/pipe", Repo(dict(FOLDER)))
    plan = make_plan(HubSource("owner/pipe"), Http(), Keys())
    server.blob_of("owner/pipe", "unet/config.json").data = b"{!!}"
    assert git_sha1(b"{!!}") not in str(plan)
    q.queue.add(plan, q.root)
    assert "unet/config.json" in q.until(State.FAILED).sentence


def test_civitai_with_its_key(tmp_path: Path, server: ModelServer) -> None:
    server.add_civitai(DATA)
    q = open_queue(tmp_path, KEY)
    q.queue.add(make_plan(CivitaiSource(1234), Http(), Keys()), q.root)
    (place,) = q.until(State.DONE, State.FAILED).places
    assert place == q.root / "loras" / "ink wash.safetensors"
    facts = json.loads(place.with_suffix(".civitai.info").read_text(encoding="utf-8"))
    assert facts["trainedWords"] == ["ink wash"]
    told = from_beside(place, [path.name for path in place.parent.iterdir()])
    assert (told.title, told.trigger_words, told.base) == ("Ink Wash · v2", ("ink wash",), "SDXL 1.0")
    assert "name its maker" in told.licence
    assert told.source == "https://civitai.com/models/1234"
    assert KEY not in q.memory.read_text() + place.with_suffix(".civitai.info").read_text()
    assert "sig=secret" not in q.memory.read_text()
    q.queue.close()


@pytest.mark.parametrize("key", ["", "wrong-key"])
def test_civitai_without_the_right_key(tmp_path: Path, server: ModelServer, key: str) -> None:
    server.add_civitai(DATA)
    q = open_queue(tmp_path, key)
    q.queue.add(make_plan(CivitaiSource(1234), Http(), Keys()), q.root)
    failed = q.until(State.FAILED)
    assert "key" in failed.sentence
    assert not key or key not in failed.sentence + q.memory.read_text()
    q.queue.close()


def test_pause_and_resume_after_a_restart(tmp_path: Path, server: ModelServer) -> None:
    first = open_queue(tmp_path)
    first.queue.add(web_plan(server, delay=0.03, piece=20_000), first.root)
    wait_for(lambda: first.one().done > 50_000)
    first.queue.close()  # as when the program ends
    asked = len(server.asked)
    second = open_queue(tmp_path)
    waiting = second.one()
    assert waiting.state is State.PAUSED
    assert 50_000 < waiting.done < len(DATA)
    assert len(server.asked) == asked, "a restart asks for nothing by itself"
    server.blobs["/m.safetensors"].delay = 0
    second.queue.resume(waiting.id)
    (place,) = second.until(State.DONE, State.FAILED).places
    assert place.read_bytes() == DATA
    assert server.asked[-1].headers["Range"] == f"bytes={waiting.done}-"
    second.queue.close()


def test_a_kill_is_survived_as_well(tmp_path: Path, server: ModelServer) -> None:
    plan = web_plan(server, delay=0.02, piece=20_000)
    script = (
        "import sys, json, time; from pathlib import Path\n"
        f"{OPEN}\n"
        "from pipelines.library.downloads.plan import Plan\n"
        "folder = Path(sys.argv[1]); plan = Plan.from_dict(json.loads(sys.argv[2]))\n"
        "open_queue(folder).add(plan, folder / 'models'); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), json.dumps(plan.to_dict())])
    part = staging_of(tmp_path / "models", plan) / "m.safetensors.part"
    wait_for(lambda: part.is_file() and part.stat().st_size > 50_000, 30)
    child.kill()
    child.wait()
    q = open_queue(tmp_path)
    assert q.one().state is State.PAUSED
    server.blobs["/m.safetensors"].delay = 0
    q.queue.resume(q.one().id)
    assert q.until(State.DONE, State.FAILED).sentence == ""
    assert "Range" in server.asked[-1].headers
    q.queue.close()


@pytest.mark.parametrize("close", [False, True])
def test_cancel_is_at_once_and_leaves_nothing(q: Queue, server: ModelServer, close: bool) -> None:
    plan = web_plan(server, delay=30, piece=1000, close=close)
    q.queue.add(plan, q.root)
    wait_for(lambda: server.asked)
    q.queue.cancel(plan.id)
    assert q.one().state is State.CANCELLED
    wait_for(lambda: not q.queue._workers, 2)  # it was waiting for a server that says nothing for half a minute
    wait_for(lambda: not (q.root / STAGING).exists())
    server.blobs["/m.safetensors"].delay = 0
    q.queue.resume(plan.id)
    assert q.until(State.DONE, State.FAILED).state is State.DONE


def test_two_at_a_time_and_the_third_waits(q: Queue, server: ModelServer) -> None:
    plans = [web_plan(server, f"{n}.safetensors", delay=0.2, piece=50_000) for n in range(3)]
    for plan in plans:
        q.queue.add(plan, q.root)
    assert [one.state for one in q.queue.downloads()] == [State.RUNNING, State.RUNNING, State.QUEUED]
    q.queue.remove(plans[0].id)
    wait_for(lambda: [one.state for one in q.queue.downloads()] == [State.RUNNING, State.RUNNING])
    q.queue.pause_all()
    assert {one.state for one in q.queue.downloads()} == {State.PAUSED}


def test_the_same_name_gets_a_number(q: Queue, server: ModelServer) -> None:
    (q.root / "loras").mkdir(parents=True)
    (q.root / "loras" / "m.safetensors").write_bytes(b"mine")
    q.queue.add(web_plan(server), q.root)
    assert q.until(State.DONE, State.FAILED).places == (q.root / "loras" / "m 2.safetensors",)
    assert (q.root / "loras" / "m.safetensors").read_bytes() == b"mine"


def test_a_folder_with_a_dot_in_its_name_gets_a_number_too(q: Queue, server: ModelServer) -> None:
    server.add_repo("owner/sd-v1.5", Repo(dict(FOLDER)))
    (q.root / "diffusers" / "owner--sd-v1.5").mkdir(parents=True)
    q.queue.add(make_plan(HubSource("owner/sd-v1.5"), Http(), Keys()), q.root)
    assert q.until(State.DONE, State.FAILED).places == (q.root / "diffusers" / "owner--sd-v1.5 2",)


def test_speed_and_remaining_time(q: Queue, server: ModelServer) -> None:
    q.queue.add(web_plan(server, delay=0.05, piece=20_000), q.root)
    wait_for(lambda: q.one().speed > 0 and q.one().seconds_left is not None)
    assert 0 < (q.one().seconds_left or 0) < 60


def test_two_programs_do_not_write_the_same(q: Queue, tmp_path: Path, server: ModelServer) -> None:
    plan = web_plan(server, delay=0.1, piece=20_000)
    q.queue.add(plan, q.root)
    wait_for(lambda: q.one().done > 0)
    other = DownloadQueue(Http(), Keys(), None, QUICK)
    other.add(plan, q.root)
    wait_for(lambda: other.downloads()[0].state is State.FAILED)
    assert "already" in other.downloads()[0].sentence
    other.close()


def test_a_damaged_list_is_no_end(tmp_path: Path, expected_warnings: list[str]) -> None:
    expected_warnings.append("list of downloads|cannot be understood")
    memory = tmp_path / "downloads.json"
    for text in ("{", "[]", '{"downloads": [{"plan": {}}, 3]}'):
        memory.write_text(text)
        assert DownloadQueue(Http(), Keys(), memory).downloads() == []


def test_a_plan_survives_writing(server: ModelServer) -> None:
    server.add_civitai(DATA)
    plan = make_plan(CivitaiSource(1234), Http(), Keys())
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    bad = plan.to_dict() | {"whole": "../up"}
    with pytest.raises(DownloadError):
        Plan.from_dict(bad)


def test_nothing_is_asked_unless_a_person_asks(tmp_path: Path, server: ModelServer) -> None:
    """Catalogue, library and a queue with paused downloads: no name is looked up and no connection made."""
    first = open_queue(tmp_path)
    first.queue.add(web_plan(server, delay=0.5, piece=1000), first.root)
    wait_for(lambda: first.one().done > 0)
    first.queue.close()
    script = (
        "import sys; from pathlib import Path\n"
        "seen, ASKING = [], ('socket.connect', 'socket.getaddrinfo')\n"
        "sys.addaudithook(lambda event, args: event in ASKING and seen.append(args))\n"
        "from pipelines.library.downloads.catalogue import read_catalogue\n"
        "from pipelines.library.registry import Library\n"
        f"{OPEN}\n"
        "folder = Path(sys.argv[1]); read_catalogue(); Library([folder], index=folder / 'x.sqlite').refresh()\n"
        "queue = open_queue(folder); one = queue.downloads()[0]; print(one.state, len(seen))\n"
        "queue.resume(one.id)\n"
        "while not seen: pass\n"
        "print('asked')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["paused", "0", "asked"]
