"""HTTP for downloads: one request, its redirects, its answer; bounded in every direction.

Made of the standard library's http.client: a download must be resumable at a byte, woken from another thread, and
show each redirect's headers, which is more than urllib.request gives and all that a whole HTTP package would be
used for. The one that huggingface_hub brings along changed its name twice within a year; nothing here depends on it.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import string
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from pipelines.library.downloads.errors import BrokenConnectionError, DownloadError, KeyNeededError
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.stop import Stop

AGENT = "handscroll/0.1"
SECONDS = 30.0
"""How long a server may say nothing."""
MAX_REDIRECTS = 8
MAX_HEADER_BYTES = 128 * 1024
MAX_JSON_BYTES = 16 << 20
LONGEST_WAIT = 900.0
"""A server that asks for more patience than this is left alone."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GOOD = frozenset({200, 206, 416})
_BROKEN: tuple[tuple[type[OSError], str], ...] = (
    (TimeoutError, "{host} does not answer."),
    (socket.gaierror, "{host} cannot be found. Is this computer connected to the network?"),
    (ConnectionRefusedError, "{host} refuses the connection."),
)


@dataclass
class Answer:
    """What a server answered; its body is read piece by piece."""

    status: int
    headers: Message
    url: str
    """After all redirects; may hold a signature, so it is never shown or kept."""
    passed: list[Message] = field(default_factory=list)
    """Headers of the redirects on the way, the first first."""
    raw: http.client.HTTPResponse | None = None
    host: str = ""
    stop: Stop = field(default_factory=Stop)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, as soon as there are any; empty at the end.

        Raises StoppedError, or BrokenConnectionError when the connection ends before the body does.
        """
        self.stop.check()
        if self.raw is None:
            return b""
        try:
            data = self.raw.read1(size)
        except (OSError, http.client.HTTPException) as error:
            self.stop.check()
            raise broken(self.host, error) from error
        if not data:
            self.stop.check()
        return data

    def linked(self, name: str) -> str:
        """A header of the answer or, where it has none, of the redirects that led to it."""
        for headers in (self.headers, *reversed(self.passed)):
            if headers.get(name):
                return str(headers[name])
        return ""


class Http:
    """Asks servers. Follows what the environment says about proxies and certificates."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    @contextmanager
    def get(self, url: str, stop: Stop, headers: Mapping[str, str] | None = None, key: str = "") -> Iterator[Answer]:
        """The answer of 200, 206 or 416. `key` goes to the first host only, never along with a redirect.

        Raises StoppedError, BrokenConnectionError, KeyNeededError or DownloadError.
        """
        first = at = checked(url)
        passed: list[Message] = []
        for _ in range(MAX_REDIRECTS + 1):
            stop.check()
            told = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
            if key and _origin(at) == _origin(first):
                told["Authorization"] = f"Bearer {key}"
            connection, target, extra = self._connection(at)
            try:
                raw, wire = _ask(connection, target, told | extra, stop)
                if raw.status not in _REDIRECTS:
                    if raw.status not in _GOOD:
                        raise refusal(raw.status, raw.headers, at, bool(key))
                    with stop.watching(wire):
                        yield Answer(raw.status, raw.headers, at.geturl(), passed, raw, at.hostname or "", stop)
                    return
                passed.append(raw.headers)
                at = _redirected(at, raw.headers, first)
            finally:
                connection.close()
        raise DownloadError(f"{first.hostname} sends from one address to the next without end. Try again later.")

    def json(self, url: str, stop: Stop, key: str = "") -> dict[str, Any]:
        """An object that a site describes something with. Raises as `get`, and DownloadError when it is none."""
        with self.get(url, stop, {"Accept": "application/json"}, key) as answer:
            data = bytearray()
            while piece := answer.read(1 << 16):
                data += piece
                if len(data) > MAX_JSON_BYTES:
                    raise DownloadError(f"The answer of {answer.host} is far too long. Nothing was downloaded.")
            try:
                found = json.loads(data.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise DownloadError(
                    f"The answer of {answer.host} cannot be understood: it is not JSON. Is the address right?"
                ) from error
        if not isinstance(found, dict):
            raise DownloadError(f"The answer of {answer.host} cannot be understood. Is the address right?")
        return cast("dict[str, Any]", found)

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not context.cert_store_stats()["x509_ca"] and not ssl.get_default_verify_paths().capath:
            import certifi  # Python without the system's certificates, as python.org's on macOS

            context.load_verify_locations(certifi.where())
        return context

    def _connection(self, at: SplitResult) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
        """A connection not made yet, what to ask it for, and headers for a proxy."""
        host, port = at.hostname or "", at.port
        target = (at.path or "/") + (f"?{at.query}" if at.query else "")
        proxy = None if host in LOCAL or proxy_bypass(host) else getproxies().get(at.scheme)
        through = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        if through is not None and through.scheme not in {"http", "https"}:
            raise DownloadError(f"Proxies of the kind '{through.scheme}' cannot be used; an http:// proxy can.")
        extra = _proxy_headers(through)
        if at.scheme == "http":
            if through is None:
                return http.client.HTTPConnection(host, port, timeout=self._seconds), target, {}
            plain = http.client.HTTPConnection(through.hostname or "", through.port, timeout=self._seconds)
            return plain, f"http://{at.netloc}{target}", extra
        if through is None:
            return self._secure(host, port), target, {}
        tunnel = self._secure(through.hostname or "", through.port or 80)
        tunnel.set_tunnel(host, port or 443, extra)
        return tunnel, target, {}

    def _secure(self, host: str, port: int | None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._certificates)


def in_ascii(url: str) -> str:
    """The address as it travels: other letters of its path escaped, those of its host in Punycode."""
    if url.isascii():
        return url.replace(" ", "%20")
    head, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    with suppress(UnicodeError):  # `checked` says so
        host = host.encode("idna").decode("ascii")
    return f"{head}{mark}{host}{slash}{quote(path, safe=string.punctuation)}"


def checked(url: str) -> SplitResult:
    """The address in parts. Raises DownloadError unless it is https, or http to this computer."""
    try:
        at = urlsplit(url)
        port = at.port
        (at.hostname or "").encode("idna")  # as it is done when the name is looked up
    except ValueError as error:
        raise DownloadError("This is not an address of the web. Copy it from the browser again.") from error
    if at.scheme not in {"https", "http"} or not at.hostname or port == 0 or not url.isascii() or not url.isprintable():
        raise DownloadError("This is not an address of the web. Copy it from the browser again.")
    if at.username or at.password:
        raise DownloadError("The address holds a name or password; addresses with such are not asked.")
    if at.scheme == "http" and at.hostname not in LOCAL:
        raise DownloadError(
            f"{at.hostname} would be asked without encryption, and anybody on the way could change the model. "
            "Use an address that begins with https://."
        )
    return at


def broken(host: str, error: BaseException) -> DownloadError:
    """What happened to a connection, as a sentence without its address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DownloadError(
            f"The certificate of {host} is not valid ({error.verify_message}), so nothing was downloaded. "
            "Check the clock of this computer, or ask who runs its network."
        )
    if str(error).startswith("Tunnel connection failed"):
        return DownloadError(
            f"The proxy {host} lets nothing through ({str(error).rpartition('failed:')[2].strip()[:60]}). Look at the "
            "variable https_proxy, or ask who runs the network."
        )
    if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.IncompleteRead):
        return BrokenConnectionError(f"{host} gave an answer that cannot be understood.")
    for kind, sentence in _BROKEN:
        if isinstance(error, kind):
            return BrokenConnectionError(sentence.format(host=host))
    return BrokenConnectionError(f"The connection to {host} broke off.")


def refusal(status: int, headers: Message, at: SplitResult, had_key: bool) -> DownloadError:
    """What a server's refusal means."""
    host = at.hostname or ""
    if status in {401, 403}:
        return _closed(str(headers.get("X-Error-Code", "")), host, had_key)
    if status in {404, 410}:
        return DownloadError(f"{host} has no such model or file. Is the name right, and is it still there?")
    if status in {408, 425, 429} or status >= 500:
        wait = retry_after(headers.get("Retry-After", ""))
        busy = "asks for fewer requests" if status == 429 else f"has trouble (answer {status})"
        if wait > LONGEST_WAIT:
            return DownloadError(f"{host} {busy}, and wants to be left alone for {wait / 60:.0f} minutes.")
        asks = f"{host} asks for fewer requests." if status == 429 else f"{host} has trouble (answer {status})."
        return BrokenConnectionError(asks, wait)
    return DownloadError(f"{host} refuses (answer {status}).")


def _closed(code: str, host: str, had_key: bool) -> DownloadError:
    """Answers 401 and 403; `code` is what Hugging Face and its mirrors say in X-Error-Code."""
    if code == "RepoNotFound":
        return DownloadError(f"{host} knows no such model, or shows it only to its owners. Is its name right?")
    if code == "GatedRepo":
        return KeyNeededError(
            Site.HUGGING_FACE,
            f"{host} gives this model only to people who accepted its terms. Open its page, accept them, and enter "
            "your access token of that site.",
        )
    if had_key:
        return KeyNeededError(
            Site.NONE, f"{host} does not give this file out: the key that was given does not open it."
        )
    return KeyNeededError(Site.NONE, f"{host} gives this file only to people it knows. Enter your key of that site.")


def retry_after(text: str) -> float:
    """Seconds to wait, from a header with seconds or a date; 0 where it says nothing that can be read."""
    if text.strip().isdecimal() and len(text) < 12:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(((when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds(), 0.0)


def _ask(
    connection: http.client.HTTPConnection, target: str, headers: Mapping[str, str], stop: Stop
) -> tuple[http.client.HTTPResponse, socket.socket]:
    """The answer's head, and the socket that its body comes through; the connection itself may let go of it."""
    host = connection.host
    try:
        connection.connect()
        wire: socket.socket = connection.sock
        with stop.watching(wire):
            connection.request("GET", target, headers=dict(headers))
            answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        stop.check()
        raise broken(host, error) from error
    if sum(len(name) + len(value) for name, value in answer.headers.items()) > MAX_HEADER_BYTES:
        raise DownloadError(f"{host} gave an answer with far too long a head. Nothing was downloaded.")
    return answer, wire


def _redirected(at: SplitResult, headers: Message, first: SplitResult) -> SplitResult:
    where = headers.get("Location")
    if not where:
        raise DownloadError(f"{at.hostname} sends on to another address, but does not say which.")
    where = where.encode("latin-1", "replace").decode("utf-8", "replace")  # headers are bytes
    new = checked(in_ascii(urljoin(at.geturl(), where)))
    if new.hostname in LOCAL and first.hostname not in LOCAL:
        raise DownloadError(f"{at.hostname} sends to an address on this very computer, which is not followed.")
    if new.path.rstrip("/").endswith("/login"):
        raise KeyNeededError(
            Site.NONE, f"{first.hostname} gives this file only to people who log in. Enter your key of that site."
        )
    return new


def _origin(at: SplitResult) -> tuple[str, str | None, int | None]:
    return at.scheme, at.hostname, at.port


def _proxy_headers(through: SplitResult | None) -> dict[str, str]:
    if through is None or through.username is None:
        return {}
    pair = f"{unquote(through.username)}:{unquote(through.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
