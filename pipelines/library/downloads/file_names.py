"""Names that come from outside, made safe: nothing leaves its folder, hides, or trips another system."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pipelines.library.downloads.errors import DownloadError

MODEL_SUFFIXES = (".safetensors", ".gguf", ".sft", ".ckpt", ".pt", ".pth", ".bin")
MAX_LENGTH = 150
"""Characters of one name; most file systems take 255 bytes."""
MAX_PARTS = 6
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f]')


def safe_name(name: str, fallback: str = "model") -> str:
    """One name of a file or folder out of what a server or a file list says."""
    last = re.split(r"[/\\]", name)[-1]
    text = unicodedata.normalize("NFC", last)
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    text = _FORBIDDEN.sub("_", text).lstrip(". ").rstrip(". ")
    if len(text) > MAX_LENGTH:
        suffix = PurePosixPath(text).suffix[:16]
        text = text[: MAX_LENGTH - len(suffix)] + suffix
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    return text or fallback


def safe_path(path: str) -> PurePosixPath:
    """A path inside a folder. Raises DownloadError when it points anywhere else: then the list is not to be trusted."""
    parts = PurePosixPath(path).parts
    good = bool(parts) and len(parts) <= MAX_PARTS and all(part == safe_name(part, "") for part in parts)
    if not good:
        raise DownloadError(f"The server names a file that must not be written: '{path[:80]}'. Nothing was downloaded.")
    return PurePosixPath(*parts)


def name_from_answer(headers: Message, url: str) -> str:
    """What a file is called: Content-Disposition if it says so, else the end of the address."""
    told = headers.get_filename() if headers.get("Content-Disposition") else None
    return safe_name(told or unquote(urlsplit(url).path))


def is_model_file(name: str) -> bool:
    """Whether the name ends like a file of weights."""
    return name.casefold().endswith(MODEL_SUFFIXES)
