"""The keys of model sites: kept by the system's keyring, or for this run only; never in settings, logs or errors."""

from __future__ import annotations

import os
import threading
from enum import StrEnum
from typing import TYPE_CHECKING

from pipelines.library.downloads.errors import DownloadError

if TYPE_CHECKING:
    from types import ModuleType

SERVICE = "handscroll"
MAX_KEY = 500


class Site(StrEnum):
    """Sites that give some files only to people they know."""

    NONE = ""
    HUGGING_FACE = "huggingface"
    CIVITAI = "civitai"


ENVIRONMENT = {Site.HUGGING_FACE: "HF_TOKEN", Site.CIVITAI: "CIVITAI_API_KEY"}
"""Where each key may stand, too, as other programs read it; the environment wins."""


class Keys:
    """Keys by site. Any thread may call; the keyring may ask the person something, so never call on the window's."""

    def __init__(self) -> None:
        self._here: dict[Site, str] = {}
        self._lock = threading.Lock()

    def get(self, site: Site) -> str:
        """The key, or an empty text. A keyring that is missing or locked counts as empty."""
        if site is Site.NONE:
            return ""
        told = os.environ.get(ENVIRONMENT[site], "").strip()
        with self._lock:
            known = told or self._here.get(site, "")
        if known:
            return known if _can_be_key(known) else ""
        found = _stored(site)
        if not _can_be_key(found):
            return ""
        with self._lock:
            return self._here.setdefault(site, found) if found else ""

    def set(self, site: Site, key: str) -> str:
        """Keeps a key, or forgets it when it is empty. Gives a sentence when it lasts only until the program ends.

        Raises DownloadError when it can be no key.
        """
        key = key.strip()
        if not _can_be_key(key):
            raise DownloadError(
                "This is no key: it must be one word of letters and digits. Copy it from the site again."
            )
        with self._lock:
            if key:
                self._here[site] = key
            else:
                self._here.pop(site, None)
        return _store(site, key)

    def use_for_now(self, site: Site, key: str) -> None:
        """Takes a key for this run, without the keyring."""
        with self._lock:
            self._here[site] = key


def _can_be_key(text: str) -> bool:
    return len(text) <= MAX_KEY and text.isascii() and text.isprintable() and " " not in text


def _stored(site: Site) -> str:
    keyring = _keyring()
    if keyring is None:
        return ""
    try:
        return keyring.get_password(SERVICE, site.value) or ""
    except (keyring.errors.KeyringError, OSError, RuntimeError):
        return ""


def _store(site: Site, key: str) -> str:
    keyring = _keyring()
    if keyring is None:
        return (
            "This system has no keyring that Handscroll can use: the key is kept until the program ends." if key else ""
        )
    try:
        if key:
            keyring.set_password(SERVICE, site.value, key)
        elif keyring.get_password(SERVICE, site.value) is not None:
            keyring.delete_password(SERVICE, site.value)
    except (keyring.errors.KeyringError, OSError, RuntimeError):
        if not key:
            return "The system's keyring is locked: the old key is still in it. Unlock it and try again."
        return "The system's keyring is locked or refuses: the key is kept until the program ends."
    return ""


def _keyring() -> ModuleType | None:
    """The package, where it is installed and found a keyring of the system; it looks for one when first imported."""
    try:
        import keyring
        from keyring.backends.fail import Keyring as NoKeyring
    except ImportError:
        return None
    return None if isinstance(keyring.get_keyring(), NoKeyring) else keyring
