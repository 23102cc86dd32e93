"""Turns the last words of pip, uv or a package manager into one clear sentence."""

from __future__ import annotations

import re

CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        "disk",
        r"No\ space\ left\ on\ device|ENOSPC|not\ enough\ space\ on\ the\ disk|Disk\ quota\ exceeded",
        """The disk is full. Free some space (about {gigabytes:.0f} GB are needed; the system's temporary folder
        needs room too) and run the same command again: it goes on where it stopped.""",
    ),
    (
        "certificate",
        r"CERTIFICATE_VERIFY_FAILED|invalid\ peer\ certificate|SSLError|UnknownIssuer",
        """The package index shows a certificate that this computer does not trust. If your network uses its own
        certificate, name it to pip (pip config set global.cert FILE) and run the same command again.""",
    ),
    (
        "hash",
        r"DO\ NOT\ MATCH\ THE\ HASHES|[Hh]ash\ mismatch",
        """A downloaded package is not the one that the lock file names. The download may be damaged: run the
        same command again. If it happens again, your package index serves changed files.""",
    ),
    (
        "network",
        r"""Temporary\ failure\ in\ name\ resolution|Name\ or\ service\ not\ known|NewConnectionError|
        nodename\ nor\ servname|getaddrinfo\ failed|ConnectTimeout|ReadTimeout|ProxyError|Network\ is\ unreachable|
        Connection\ refused|dns\ error|error\ sending\ request|Connection\ reset|ConnectionError|
        tcp\ connect\ error|operation\ timed\ out|[Cc]ould\ not\ connect""",
        """The package index cannot be reached. Check the network (and pip's proxy and index settings, if you have
        any) and run the same command again: it goes on where it stopped.""",
    ),
    (
        "no-match",
        r"""No\ matching\ distribution\ found|Could\ not\ find\ a\ version|no\ version\ of|No\ solution\ found|
        not\ found\ in\ the\ package\ registry|not\ found\ in\ the\ provided\ package\ locations""",
        "No package index that pip is configured for has a package that fits this computer: {detail}",
    ),
    (
        "permission",
        r"Permission\ denied|PermissionError|Access\ is\ denied",
        "The folder {root} may not be written to. Copy Handscroll to a folder of your own and start it there.",
    ),
)
"""(kind, verbose pattern, sentence), the most telling first: a full disk also causes the errors further down."""

_DETAIL = re.compile(r"^(?:ERROR:|error:|E:)\s*(.+)$", re.MULTILINE)


def diagnose(output: str, root: str, gigabytes: float) -> tuple[str, str]:
    """Return (kind, sentence) for a failed command's output; kind is "unknown" where nothing is recognised."""
    details = _DETAIL.findall(output)
    detail = details[-1].strip() if details else "see the log"
    for kind, pattern, sentence in CAUSES:
        if re.search(pattern, output, re.VERBOSE):
            return kind, " ".join(sentence.split()).format(detail=detail, root=root, gigabytes=gigabytes)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return "unknown", "The command failed: " + (details[-1] if details else (lines[-1] if lines else "no output"))
