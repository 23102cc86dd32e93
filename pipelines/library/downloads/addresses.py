"""What a person types to name a download: a repository, a Civitai number, or an address, in the forms people copy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pipelines.library.downloads.errors import DownloadError
from pipelines.library.downloads.transport import checked, in_ascii

_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_REVISION = re.compile(r"[\w][\w./-]{0,120}")
_CIVITAI = re.compile(r"(?:urn:air:[\w.-]+:[\w.-]+:)?civitai:(\d{1,12})(?:@(\d{1,12}))?", re.IGNORECASE)
_CIVITAI_HOSTS = ("civitai.com", "civitai.red", "civitai.green")
_HUB_HOSTS = ("huggingface.co", "hf.co", "hf-mirror.com")
WHAT_CAN_BE_TYPED = (
    "Type a repository of Hugging Face (owner/name, or owner/name/file.safetensors), a Civitai number (civitai:1234), "
    "or an address that begins with https://."
)


@dataclass(frozen=True)
class HubSource:
    """A repository of Hugging Face or a mirror of it, or one file or folder of it."""

    repo: str
    path: str = ""
    """A file or folder in it; empty: what paints."""
    revision: str = "main"
    """Branch, tag or commit."""
    variant: str = ""
    """`fp16`: the files of that variant where there are some."""


@dataclass(frozen=True)
class CivitaiSource:
    """A model of Civitai, or one version of it. At least one is above 0."""

    model: int = 0
    version: int = 0


@dataclass(frozen=True)
class WebSource:
    """A file anywhere on the web."""

    url: str


Source = HubSource | CivitaiSource | WebSource


@dataclass(frozen=True)
class Typed:
    """What was understood."""

    source: Source
    key: str = ""
    """A key for Civitai that was part of the address; it is to be used and not to be kept."""


def parse(text: str, variant: str = "") -> Typed:
    """Understands what was typed. Raises DownloadError, which says what can be."""
    text = text.strip().strip("<>\"'")
    if match := _CIVITAI.fullmatch(text):
        return Typed(CivitaiSource(int(match[1]), int(match[2] or 0)))
    if text.isdecimal() and len(text) < 13:
        return Typed(CivitaiSource(int(text)))
    if "://" in text:
        return _address(text, variant)
    return Typed(_repository(text.removeprefix("hf:"), variant))


def _repository(text: str, variant: str) -> HubSource:
    """`owner/name`, `owner/name@revision`, `owner/name/folder/file`, `owner/name@revision/file`, `…:fp16`."""
    text, _, told = text.partition(":")
    parts = text.strip("/").split("/")
    name, _, revision = (parts[1] if len(parts) > 1 else "").partition("@")
    repo, path = f"{parts[0]}/{name}", "/".join(parts[2:])
    if not _REPO.fullmatch(repo) or ".." in text or not re.fullmatch(r"[\w.-]*", told):
        raise DownloadError(WHAT_CAN_BE_TYPED)
    return HubSource(repo, path, _revision(revision or "main"), told or variant)


def _address(text: str, variant: str) -> Typed:
    at = checked(in_ascii(text.partition("#")[0]))
    host = (at.hostname or "").removeprefix("www.")
    if host in _CIVITAI_HOSTS:
        return _civitai(at)
    if host in _HUB_HOSTS:
        return Typed(_hub(at, variant))
    return Typed(WebSource(at.geturl()))


def _hub(at: SplitResult, variant: str) -> HubSource:
    """`/owner/name`, `/owner/name/tree|blob|resolve/revision/path`."""
    parts = unquote(at.path).strip("/").split("/")
    if parts[0] in ("datasets", "spaces", "api") or not _REPO.fullmatch("/".join(parts[:2])):
        raise DownloadError("This address of Hugging Face is no model. Its models have the form owner/name.")
    repo, rest = "/".join(parts[:2]), parts[2:]
    if len(rest) > 1 and rest[0] in ("tree", "blob", "resolve"):
        return HubSource(repo, "/".join(rest[2:]), _revision(rest[1]), variant)
    return HubSource(repo, variant=variant)


def _civitai(at: SplitResult) -> Typed:
    """`/models/ID/any-name?modelVersionId=ID`, `/api/download/models/VERSION?token=KEY`, `/model-versions/ID`."""
    asked = parse_qs(at.query)
    key = next(iter(asked.get("token", [])), "")
    version = next((int(one) for one in asked.get("modelVersionId", []) if one.isdecimal() and len(one) < 13), 0)
    if match := re.match(r"/api/download/models/(\d{1,12})\b|(?:/api/v1)?/model-versions/(\d{1,12})\b", at.path):
        return Typed(CivitaiSource(0, int(match[1] or match[2])), key)
    if match := re.match(r"(?:/api/v1)?/models/(\d{1,12})\b", at.path):
        return Typed(CivitaiSource(int(match[1]), version), key)
    raise DownloadError("This address of Civitai is no model. Its models have the form civitai.com/models/1234.")


def _revision(text: str) -> str:
    if not _REVISION.fullmatch(text) or ".." in text:
        raise DownloadError(f"'{text[:60]}' is no branch, tag or commit.")
    return text


def endpoint(told: str, usual: str) -> str:
    """Where a site is asked: what the environment says, or the usual. Raises DownloadError for a bad one."""
    if not told.strip():
        return usual
    at: SplitResult = urlsplit(checked(told.strip()).geturl())
    return f"{at.scheme}://{at.netloc}{at.path.rstrip('/')}"
