"""A server on this computer that speaks as Hugging Face and Civitai do, and misbehaves as told."""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

COMMIT = "c0ffee" + "0" * 34


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass
class Blob:
    """A file, and how the server treats those who ask for it. Counters run down with every request."""

    data: bytes
    break_after: list[int] = field(default_factory=list)
    """For the next requests: bytes after which the connection breaks."""
    refuse: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    """For the next requests: a status instead of the file."""
    ranges: bool = True
    etag: str = ""
    """Empty: none is sent."""
    length: int | None = None
    """A Content-Length that is a lie."""
    chunked: bool = False
    delay: float = 0.0
    """Seconds before every piece."""
    piece: int = 1 << 16
    key: str = ""
    """Who does not send it is answered 401."""
    kind: str = "application/octet-stream"
    disposition: str = ""
    redirect: str = ""
    close: bool = False
    """The answer says that the connection ends with it."""


@dataclass
class Repo:
    """A repository of Hugging Face."""

    files: dict[str, bytes]
    card: dict[str, Any] = field(default_factory=lambda: {"license": "apache-2.0"})
    gated: str | bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    """Lies of the list about sizes."""
    hashes: dict[str, str] = field(default_factory=dict)
    """Lies of the list about SHA-256."""
    key: str = ""


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]


class ModelServer:
    """What is on offer, and what was asked for."""

    def __init__(self, address: str) -> None:
        self.url = address
        self.blobs: dict[str, Blob] = {}
        self.repos: dict[str, Repo] = {}
        self.answers: dict[str, Any] = {}
        """Path -> JSON of Civitai's api, or bytes to send as they are."""
        self.asked: list[Asked] = []
        self.gone = threading.Event()
        self.slow_api = 0.0
        """Seconds before a repository is described."""

    def add_repo(self, name: str, repo: Repo) -> None:
        self.repos[name] = repo
        for path, data in repo.files.items():
            self.blobs[f"/cdn/{name}/{path}"] = Blob(data, etag=f'"{git_sha1(data)}"')

    def blob_of(self, repo: str, path: str) -> Blob:
        return self.blobs[f"/cdn/{repo}/{path}"]

    def add_civitai(self, data: bytes, **changes: Any) -> dict[str, Any]:
        """Model 1234, version 5678 with one file; gives the JSON of the version, which may be changed."""
        file = {
            "id": 1, "name": "ink wash.safetensors", "sizeKB": len(data) / 1024, "type": "Model", "primary": True,
            "metadata": {"fp": "fp16", "format": "SafeTensor"}, "hashes": {"SHA256": sha256(data).upper()},
            "downloadUrl": f"{self.url}/api/download/models/5678", **changes,
        }  # fmt: skip
        version: dict[str, Any] = {
            "id": 5678, "modelId": 1234, "name": "v2", "baseModel": "SDXL 1.0", "trainedWords": ["ink wash"],
            "files": [file],
        }  # fmt: skip
        model = {
            "id": 1234, "name": "Ink Wash", "type": "LORA", "allowNoCredit": False, "allowCommercialUse": ["Image"],
            "allowDerivatives": True, "allowDifferentLicense": False, "modelVersions": [version],
        }  # fmt: skip
        self.answers["/api/v1/models/1234"] = model
        self.answers["/api/v1/model-versions/5678"] = version
        self.blobs["/b2/ink.safetensors"] = Blob(data, etag='"ink"', disposition='attachment; filename="other.exe"')
        self.blobs["/api/download/models/5678"] = Blob(b"", key="right-key", redirect="/b2/ink.safetensors?sig=secret")
        return version

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without keys and proxies of whoever runs the tests."""
    for name in ("HF_TOKEN", "CIVITAI_API_KEY", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A server that stands for both sites."""
    clean_environment(monkeypatch)
    with model_server() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("CIVITAI_ENDPOINT", running.url)
        yield running


@contextmanager
def model_server(certificate: Path | None = None) -> Iterator[ModelServer]:
    """`certificate`: a file with a key and a certificate for localhost; with it the server speaks https."""
    httpd = _Server(("127.0.0.1", 0), _Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    httpd.daemon_threads = True
    httpd.block_on_close = False
    scheme, host = ("http", "127.0.0.1") if certificate is None else ("https", "localhost")
    server = ModelServer(f"{scheme}://{host}:{httpd.server_address[1]}")
    httpd.shelf = server  # pyright: ignore[reportAttributeAccessIssue]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.gone.set()
        httpd.shutdown()
        httpd.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Those who hang up are no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass

    @property
    def shelf(self) -> ModelServer:
        return self.server.shelf  # pyright: ignore[reportAttributeAccessIssue]

    def do_GET(self) -> None:
        shelf, path = self.shelf, urlsplit(self.path).path
        shelf.asked.append(Asked(self.path, dict(self.headers.items())))
        try:
            if path in shelf.answers:
                self._json(shelf.answers[path])
            elif match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/(.+)", path):
                self._about(match[1])
            elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
                self._resolve(match[1], match[3])
            elif path in shelf.blobs:
                self._blob(shelf.blobs[path])
            else:
                self._refuse(404)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_CONNECT(self) -> None:
        """As a proxy that lets nobody through."""
        self.shelf.asked.append(Asked(self.path, dict(self.headers.items())))
        self._refuse(407)

    def _json(self, answer: Any) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _about(self, name: str) -> None:
        self.shelf.gone.wait(self.shelf.slow_api)
        repo = self.shelf.repos.get(name)
        if repo is None:
            self._refuse(401, {"X-Error-Code": "RepoNotFound"})
            return
        siblings = []
        for path, data in repo.files.items():
            size = repo.sizes.get(path, len(data))
            entry: dict[str, Any] = {"rfilename": path, "size": size, "blobId": git_sha1(data)}
            if not path.endswith((".json", ".txt", ".md")):
                entry["lfs"] = {"sha256": repo.hashes.get(path, sha256(data)), "size": size, "pointerSize": 134}
            siblings.append(entry)
        self._json({"id": name, "sha": COMMIT, "gated": repo.gated, "cardData": repo.card, "siblings": siblings})

    def _resolve(self, name: str, path: str) -> None:
        repo = self.shelf.repos.get(name)
        if repo is None or path not in repo.files:
            self._refuse(404, {"X-Error-Code": "EntryNotFound"})
            return
        if repo.key and self.headers.get("Authorization") != f"Bearer {repo.key}":
            self._refuse(401, {"X-Error-Code": "GatedRepo"})
            return
        data = self.shelf.blob_of(name, path).data
        head = {"X-Repo-Commit": COMMIT, "X-Linked-Size": str(repo.sizes.get(path, len(data)))}
        small = path.endswith((".json", ".txt", ".md"))
        head["X-Linked-Etag"] = f'"{git_sha1(data) if small else repo.hashes.get(path, sha256(data))}"'
        self._head(302, {**head, "Location": f"/cdn/{name}/{path}?Signature=abc", "Content-Length": "0"})

    def _blob(self, blob: Blob) -> None:
        if blob.refuse:
            status, head = blob.refuse.pop(0)
            self._refuse(status, head)
            return
        told = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if blob.key and blob.key not in (told, *parse_qs(urlsplit(self.path).query).get("token", [])):
            self._refuse(401)
            return
        if blob.redirect:
            self._head(307, {"Location": blob.redirect, "Content-Length": "0"})
            return
        start = self._start_of(blob)
        if start > 0 and start >= len(blob.data):
            self._refuse(416, {"Content-Range": f"bytes */{len(blob.data)}"})
            return
        rest = blob.data[start:]
        head = {"Content-Type": blob.kind}
        if blob.etag:
            head["ETag"] = blob.etag
        if blob.disposition:
            head["Content-Disposition"] = blob.disposition
        if start:
            head["Content-Range"] = f"bytes {start}-{len(blob.data) - 1}/{len(blob.data)}"
        if blob.close:
            head["Connection"] = "close"
        if blob.chunked:
            head["Transfer-Encoding"] = "chunked"
        else:
            head["Content-Length"] = str(len(rest) if blob.length is None else blob.length)
        self._head(206 if start else 200, head)
        self._send(blob, rest)

    def _start_of(self, blob: Blob) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not blob.ranges or match is None:
            return 0
        condition = self.headers.get("If-Range")
        return int(match[1]) if condition in (None, blob.etag) else 0

    def _send(self, blob: Blob, rest: bytes) -> None:
        stop = blob.break_after.pop(0) if blob.break_after else None
        sent = 0
        while sent < len(rest) and (stop is None or sent < stop):
            if blob.delay and self.shelf.gone.wait(blob.delay):
                break
            end = sent + blob.piece if stop is None else min(sent + blob.piece, stop)
            piece = rest[sent:end]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if blob.chunked else piece)
            sent += len(piece)
        if blob.chunked and stop is None:
            self.wfile.write(b"0\r\n\r\n")
        if stop is not None or blob.length is not None:
            self.close_connection = True

    def _refuse(self, status: int, head: Mapping[str, str] | None = None) -> None:
        self._head(status, {"Content-Length": "0", **(head or {})})

    def _head(self, status: int, head: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()


def wait_for(condition: Any, seconds: float = 10.0) -> None:
    """Waits until it holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.005)
