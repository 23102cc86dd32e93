"""Where packages come from: pip's own configuration, also for uv, which does not read it."""

from __future__ import annotations

import ast
import configparser
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

UV_NAMES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "no-index": ("UV_NO_INDEX", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "no-cache-dir": ("UV_NO_CACHE", " "),
}
"""pip's option -> (uv's variable, what stands between several values)."""

PROXY_NAMES = ("HTTPS_PROXY", "HTTP_PROXY")
OLDER_UV_NAMES = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}

_LINE = re.compile(r"^(?P<section>[^.=]+)\.(?P<option>[\w-]+)=(?P<value>.*)$")
_SECTIONS = ("global", "install", ":env:")
"""Later ones win, as in pip."""


def parse_config_list(output: str) -> dict[str, str]:
    """Read what `pip config list` prints into {option: value}, the strongest setting of each option."""
    found: dict[str, tuple[int, str]] = {}
    for line in output.splitlines():
        match = _LINE.match(line.strip())
        if match is None or match["section"] not in _SECTIONS:
            continue
        rank = _SECTIONS.index(match["section"])
        try:
            value = str(ast.literal_eval(match["value"]))
        except (ValueError, SyntaxError):
            value = match["value"]
        if rank >= found.get(match["option"], (-1, ""))[0]:
            found[match["option"]] = (rank, value)
    return {option: value for option, (_, value) in found.items()}


def config_files(environ: Mapping[str, str]) -> list[Path]:
    """Return the places where pip keeps its settings, weakest first, for a Python without pip."""
    home = Path.home()
    if sys.platform == "win32":
        places = [Path(environ.get(name, "")) / "pip" / "pip.ini" for name in ("PROGRAMDATA", "APPDATA")]
    else:
        user = Path(environ.get("XDG_CONFIG_HOME", home / ".config"))
        places = [Path("/etc/pip.conf"), Path("/etc/xdg/pip/pip.conf"), home / ".pip/pip.conf", user / "pip/pip.conf"]
    if sys.platform == "darwin":
        places.append(home / "Library/Application Support/pip/pip.conf")
    return [*places, Path(environ["PIP_CONFIG_FILE"])] if environ.get("PIP_CONFIG_FILE") else places


def read_config_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Read pip's settings without pip: its files, then its PIP_* variables."""
    options: dict[str, str] = {}
    for path in config_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                options.update({name.replace("_", "-"): value for name, value in parser.items(section)})
    for name, value in environ.items():
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE" and value:
            options[name[4:].lower().replace("_", "-")] = value
    return options


def pip_options(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return pip's settings as {option: value}; asks pip itself where it is installed."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, env=dict(environ)
    )
    return parse_config_list(asked.stdout) if asked.returncode == 0 else read_config_files(environ)


def _usable(option: str, value: str) -> bool:
    """pip skips a local folder that is gone; uv stops at it, so it is left out."""
    if option not in ("find-links", "extra-index-url"):
        return True
    path = value.removeprefix("file://") if value.startswith("file://") else value
    return "://" in path or Path(path).expanduser().exists()


def uv_environment(options: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make uv look where pip looks; what the person has set for uv stays."""
    added: dict[str, str] = {}
    for option, (name, separator) in UV_NAMES.items():
        values = [value for value in options.get(option, "").split() if _usable(option, value)]
        taken = name in environ or OLDER_UV_NAMES.get(name, name) in environ
        if values and not taken:
            added.setdefault(name, separator.join(values))
    if options.get("proxy"):
        added.update({name: options["proxy"] for name in PROXY_NAMES if name not in environ})
    # pip takes the best version from all its indexes; uv would stop at the first that knows the name.
    added.setdefault("UV_INDEX_STRATEGY", environ.get("UV_INDEX_STRATEGY", "unsafe-best-match"))
    return added


def redacted(options: Mapping[str, str]) -> dict[str, str]:
    """Return the settings without the names and passwords that may stand in an address."""
    return {option: " ".join(_without_login(word) for word in value.split()) for option, value in options.items()}


def _without_login(word: str) -> str:
    parts = urlsplit(word)
    if "@" not in parts.netloc:
        return word
    return urlunsplit(parts._replace(netloc="***@" + parts.netloc.rsplit("@", 1)[1]))
