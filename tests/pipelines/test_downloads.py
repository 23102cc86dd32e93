"""One file, and the way to it, from a server that breaks off, lies and exchanges files."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.library.downloads import fetching, transport
from pipelines.library.downloads.errors import (
    BrokenConnectionError,
    DownloadError,
    StoppedError,
)
from pipelines.library.downloads.fetching import Line, Phase, fetch
from pipelines.library.downloads.plan import RemoteFile
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http, checked, in_ascii, retry_after
from tests.pipelines.model_server import Blob, ModelServer, model_server, sha256, sites, wait_for

DATA = random.Random(7).randbytes(300_000)
OTHER = random.Random(8).randbytes(300_000)
QUICK = (0.01,) * 5
KEY = "right-key"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with sites(monkeypatch) as running:
        yield running


class Told(NamedTuple):
    phase: Phase
    done: int
    total: int | None


class Fetcher:
    """Brings /m.safetensors to a .part file, and keeps what was told on the way."""

    def __init__(self, server: ModelServer, folder: Path) -> None:
        self.server, self.part, self.stop = server, folder / "m.safetensors.part", Stop()
        self.told: list[Told] = []

    def __call__(self, **known: Any) -> bytes:
        file = RemoteFile(f"{self.server.url}/m.safetensors", "m.safetensors", **known)
        line = Line(Http(), self.stop, lambda *news: self.told.append(Told(*news)), "", QUICK)
        fetch(file, self.part, line)
        return self.part.read_bytes()

    @property
    def ranges(self) -> list[str]:
        return [one.headers.get("Range", "") for one in self.server.asked]


@pytest.fixture
def bring(server: ModelServer, tmp_path: Path) -> Fetcher:
    server.blobs["/m.safetensors"] = Blob(DATA, etag='"one"')
    return Fetcher(server, tmp_path)


def blob(bring: Fetcher) -> Blob:
    return bring.server.blobs["/m.safetensors"]


# --- one file


def test_a_file_arrives_whole_with_progress(bring: Fetcher) -> None:
    assert bring(size=len(DATA), digest=f"sha256:{sha256(DATA)}") == DATA
    assert bring.told[-1] == (Phase.RECEIVING, len(DATA), len(DATA))
    assert [one.done for one in bring.told] == sorted(one.done for one in bring.told)
    assert not list(bring.part.parent.glob("*.json"))


def test_a_broken_connection_goes_on_at_its_byte(bring: Fetcher) -> None:
    blob(bring).break_after = [100_000, 50_000]
    assert bring(digest=f"sha256:{sha256(DATA)}") == DATA
    assert bring.ranges == ["", "bytes=100000-", "bytes=150000-"]
    assert bring.server.asked[1].headers["If-Range"] == '"one"'
    assert Phase.WAITING in {one.phase for one in bring.told}


def test_a_broken_chunked_answer_goes_on_too(bring: Fetcher) -> None:
    blob(bring).chunked, blob(bring).break_after = True, [100_000]
    assert bring(size=len(DATA)) == DATA
    assert bring.ranges[1] == "bytes=100000-"


def test_a_file_exchanged_between_tries_starts_anew(bring: Fetcher) -> None:
    first = blob(bring)
    first.break_after = [100_000] + [0] * (len(QUICK) + 1)
    with pytest.raises(BrokenConnectionError):
        bring()
    first.data, first.etag, first.break_after = OTHER, '"two"', []
    assert bring() == OTHER


def test_a_server_that_answers_a_condition_wrongly_is_found_out(
    bring: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = blob(bring)
    first.break_after = [100_000] + [0] * (len(QUICK) + 1)
    with pytest.raises(BrokenConnectionError):
        bring()
    first.data, first.etag, first.break_after = OTHER, '"two"', []
    monkeypatch.setattr("tests.pipelines.model_server._Handler._start_of", lambda self, blob: _range(self.headers))
    assert bring() == OTHER  # it sent the rest of another file as 206: its etag says so


def _range(headers: Any) -> int:
    told = headers.get("Range", "bytes=0-")
    return int(told.removeprefix("bytes=").removesuffix("-"))


def test_a_server_without_ranges_starts_anew(bring: Fetcher) -> None:
    blob(bring).break_after, blob(bring).ranges = [100_000], False
    assert bring() == DATA


def test_all_bytes_were_there_already(bring: Fetcher) -> None:
    bring()
    bring.part.with_name("m.safetensors.part.json").write_text(
        json.dumps({"etag": '"one"', "modified": "", "size": len(DATA), "digest": f"sha256:{sha256(DATA)}"})
    )
    assert bring(digest=f"sha256:{sha256(DATA)}") == DATA
    assert bring.ranges[-1] == f"bytes={len(DATA)}-"


@pytest.mark.parametrize("damage", ["not json", '{"etag": 3}', "[]"])
def test_damaged_notes_start_anew(bring: Fetcher, damage: str) -> None:
    bring.part.write_bytes(OTHER[:5000])
    bring.part.with_name("m.safetensors.part.json").write_text(damage)
    assert bring() == DATA
    assert bring.ranges == [""]


def test_a_wrong_hash_keeps_nothing(bring: Fetcher) -> None:
    with pytest.raises(DownloadError, match="checksum"):
        bring(digest=f"sha256:{sha256(OTHER)}")
    assert not list(bring.part.parent.iterdir())


def test_damage_before_a_resume_is_found(bring: Fetcher) -> None:
    blob(bring).break_after = [100_000] + [0] * (len(QUICK) + 1)
    with pytest.raises(BrokenConnectionError):
        bring(digest=f"sha256:{sha256(DATA)}")
    blob(bring).break_after = []
    with bring.part.open("r+b") as out:
        out.write(b"rotten")
    with pytest.raises(DownloadError, match="checksum"):
        bring(digest=f"sha256:{sha256(DATA)}")
    assert bring(digest=f"sha256:{sha256(DATA)}") == DATA  # the next try is clean


def test_more_than_announced_is_refused(bring: Fetcher) -> None:
    blob(bring).chunked = True
    with pytest.raises(DownloadError, match="more of"):
        bring(size=200_000)
    assert bring.part.stat().st_size == 0


def test_fewer_than_announced_is_refused(bring: Fetcher) -> None:
    blob(bring).chunked = True
    with pytest.raises(DownloadError, match="instead of"):
        bring(size=400_000)


def test_sizes_that_contradict_each_other_are_refused_before_a_byte(bring: Fetcher) -> None:
    with pytest.raises(DownloadError, match=r"200,000 and with 300,000 bytes"):
        bring(size=200_000)
    assert not bring.part.exists()


def test_a_content_length_that_never_comes_is_tried_and_given_up(bring: Fetcher) -> None:
    blob(bring).length = 400_000
    blob(bring).ranges = False
    with pytest.raises(BrokenConnectionError, match="broke off"):
        bring()


def test_a_busy_server_is_asked_again_when_it_says(bring: Fetcher) -> None:
    blob(bring).refuse = [(429, {"Retry-After": "0"}), (503, {})]
    assert bring() == DATA
    assert len(bring.server.asked) == 3


def test_a_server_that_wants_hours_is_left_alone(bring: Fetcher) -> None:
    blob(bring).refuse = [(429, {"Retry-After": "86400"})]
    with pytest.raises(DownloadError, match="1440 minutes"):
        bring()


@pytest.mark.parametrize(
    ("status", "says"), [(404, "no such"), (403, "people it knows"), (410, "no such"), (418, "418")]
)
def test_refusals_are_sentences(bring: Fetcher, status: int, says: str) -> None:
    blob(bring).refuse = [(status, {})]
    with pytest.raises(DownloadError, match=says):
        bring()
    assert len(bring.server.asked) == 1


def test_a_page_is_no_model(bring: Fetcher) -> None:
    blob(bring).kind = "text/html; charset=utf-8"
    with pytest.raises(DownloadError, match="page instead"):
        bring()


def test_a_full_disk_is_seen_before(bring: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SPARE_BYTES", shutil.disk_usage(bring.part.parent).free)
    with pytest.raises(DownloadError, match="not enough room"):
        bring()
    assert not bring.part.exists()


def test_nobody_listens(tmp_path: Path, server: ModelServer) -> None:
    bring = Fetcher(server, tmp_path)
    server.url = "http://127.0.0.1:9"
    with pytest.raises(BrokenConnectionError, match="refuses the connection"):
        bring()


def test_a_stop_wakes_whoever_waits(bring: Fetcher) -> None:
    blob(bring).delay = 0.02
    blob(bring).piece = 1000
    bring.told.append(Told(Phase.ASKING, 0, None))

    class Impatient(list[Told]):
        def append(self, told: Told) -> None:
            if told.phase is Phase.RECEIVING:
                bring.stop.throw()

    bring.told = Impatient()
    with pytest.raises(StoppedError):
        bring()
    assert bring.part.stat().st_size >= 1000  # stays for a resume


# --- the way there


def test_redirects_have_an_end(bring: Fetcher) -> None:
    blob(bring).redirect = "/m.safetensors"
    with pytest.raises(DownloadError, match="without end"):
        bring()
    assert len(bring.server.asked) == transport.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("where", "says"),
    [("http://example.org/x", "without encryption"), ("file:///etc/passwd", "not an address"), ("", "which")],
)
def test_redirects_stay_on_safe_ground(bring: Fetcher, where: str, says: str) -> None:
    blob(bring).refuse = [(302, {"Location": where} if where else {})]
    with pytest.raises(DownloadError, match=says):
        bring()


def test_the_key_does_not_travel_to_another_host(server: ModelServer) -> None:
    server.blobs["/first"] = Blob(b"", redirect=server.url.replace("127.0.0.1", "localhost") + "/second")
    server.blobs["/second"] = Blob(DATA)
    with Http().get(f"{server.url}/first", Stop(), key="secret-key") as answer:
        assert answer.read(10)
    assert [one.headers.get("Authorization") for one in server.asked] == ["Bearer secret-key", None]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/m", "ftp://x/y", "https://", "https://me:pw@x.org/m", "https://a..b/m", "https://x\n.org"],
)
def test_only_encrypted_addresses_are_asked(url: str) -> None:
    with pytest.raises(DownloadError) as caught:
        checked(url)
    assert "pw" not in str(caught.value)


def test_proxies_of_the_environment_are_used(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", server.url.replace("http://", "http://user:pass@"))
    monkeypatch.delenv("no_proxy", raising=False)
    http = Http()
    connection, target, _ = http._connection(checked("https://models.example.org/a?b=1"))
    assert (connection.host, target) == ("127.0.0.1", "/a?b=1")
    with pytest.raises(DownloadError, match="407"), http.get("https://models.example.org/a", Stop()):
        pass
    assert server.asked[-1].path == "models.example.org:443"
    assert server.asked[-1].headers["Proxy-Authorization"].startswith("Basic ")
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    with pytest.raises(DownloadError, match="socks5"):
        http._connection(checked("https://models.example.org/a"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Signed by itself, for localhost."""
    made = tmp_path / "localhost.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(made), "-out", str(tmp_path / "cert.pem"), "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return made


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_encrypted_connections(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with model_server(certificate) as server:
        server.blobs["/m.safetensors"] = Blob(DATA, etag='"one"')
        bring = Fetcher(server, tmp_path)
        with pytest.raises(DownloadError, match="certificate of localhost is not valid"):
            bring()
        assert not server.asked, "nothing is told to a server that is not who it says"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        blob(bring).break_after = [100_000]
        assert bring(digest=f"sha256:{sha256(DATA)}") == DATA
        blob(bring).delay, blob(bring).piece, blob(bring).close = 30, 1000, True
        bring.part.unlink()
        ends: list[BaseException] = []
        waiting = threading.Thread(target=_run_until_it_ends, args=(bring, ends))
        waiting.start()
        wait_for(lambda: len(server.asked) == 3)
        bring.stop.throw()
        waiting.join(5)
        assert [type(end) for end in ends] == [StoppedError]


def _run_until_it_ends(bring: Fetcher, ends: list[BaseException]) -> None:
    try:
        bring()
    except DownloadError as error:
        ends.append(error)


def test_letters_of_every_language_travel_escaped(server: ModelServer) -> None:
    assert in_ascii("https://müller.example/模型 1.sft?a=ü%20b") == (
        "https://xn--mller-kva.example/%E6%A8%A1%E5%9E%8B%201.sft?a=%C3%BC%20b"
    )
    server.blobs["/first"] = Blob(b"", redirect="/模型".encode().decode("latin-1"))
    server.blobs["/%E6%A8%A1%E5%9E%8B"] = Blob(DATA)
    with Http().get(f"{server.url}/first", Stop()) as answer:
        assert answer.read(10)


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after("12") == 12
    assert retry_after("Fri, 31 Dec 1999 23:59:59 GMT") == 0
    assert retry_after("Sun, 31 Dec 2200 23:59:59 GMT") > 1e9
    assert retry_after("nonsense") == retry_after("") == 0


def test_answers_are_bounded(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_JSON_BYTES", 1000)
    server.answers["/big"] = b" " * 5000
    with pytest.raises(DownloadError, match="far too long"):
        Http().json(f"{server.url}/big", Stop())
    for body in (b"[" * 900, b"<html>", b"[1]"):
        server.answers["/odd"] = body
        with pytest.raises(DownloadError, match="cannot be understood"):
            Http().json(f"{server.url}/odd", Stop())
    server.blobs["/head"] = Blob(DATA, refuse=[(200, {f"X-{n}": "x" * 60_000 for n in range(3)})])
    with pytest.raises(DownloadError, match="head"), Http().get(f"{server.url}/head", Stop()):
        pass
