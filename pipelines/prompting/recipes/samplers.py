"""Samplers by the names of other programs. This is the one place where they are translated."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.contract.models import SchedulerName

_S = SchedulerName
_SAME: dict[str, SchedulerName] = {
    "default": _S.DEFAULT,
    "euler": _S.EULER,
    "eulera": _S.EULER_A,
    "eulerancestral": _S.EULER_A,
    "eulerflow": _S.EULER_FLOW,
    "flowmatcheuler": _S.EULER_FLOW,
    "heunflow": _S.HEUN_FLOW,
    "flowmatchheun": _S.HEUN_FLOW,
    "dpmpp2m": _S.DPMPP_2M,
    "dpmpp2msde": _S.DPMPP_SDE,
    "unipc": _S.UNIPC,
    "unipcbh2": _S.UNIPC,
    "ddim": _S.DDIM,
    "ddimv3": _S.DDIM,
    "heun": _S.HEUN,
    "lcm": _S.LCM,
}
"""Letters and digits of a name, without what says how the steps are spaced."""
_SIMILAR: dict[str, SchedulerName] = {
    "dpmppsde": _S.DPMPP_SDE,
    "dpmpp3msde": _S.DPMPP_SDE,
    "dpmpp2msdeheun": _S.DPMPP_SDE,
    "heunpp2": _S.HEUN,
    "eulercfgpp": _S.EULER,
    "eulerancestralcfgpp": _S.EULER_A,
    "dpmpp2s": _S.DPMPP_2M,
    "ddimcfgpp": _S.DDIM,
}
_PLAIN = frozenset({"", "normal", "automatic", "uniform", "native", "default"})
"""Spacings that mean: as the model was trained."""
_SHOWN: dict[SchedulerName, tuple[str, str]] = {
    _S.DEFAULT: ("Default", ""),
    _S.EULER: ("Euler", ""),
    _S.EULER_A: ("Euler a", ""),
    _S.EULER_FLOW: ("Euler flow", ""),
    _S.HEUN_FLOW: ("Heun flow", ""),
    _S.DPMPP_2M: ("DPM++ 2M", "Normal"),
    _S.DPMPP_2M_KARRAS: ("DPM++ 2M", "Karras"),
    _S.DPMPP_SDE: ("DPM++ 2M SDE", ""),
    _S.UNIPC: ("UniPC", ""),
    _S.DDIM: ("DDIM", ""),
    _S.HEUN: ("Heun", ""),
    _S.LCM: ("LCM", ""),
}


class Sampler(NamedTuple):
    """A sampler in both languages."""

    words: str
    """As the other program says it, spacing included."""
    scheduler: SchedulerName | None
    exact: bool


def find_sampler(name: object, spacing: object = "") -> Sampler:
    """What comes closest to a sampler of another program; `spacing` is what some call scheduler or schedule type."""
    shown = name.strip()[:100] if isinstance(name, str) else ""
    spaced = spacing.strip()[:100] if isinstance(spacing, str) else ""
    words = f"{shown} {spaced}".strip() if _letters(spaced) not in _PLAIN else shown
    base, kind = _split(shown, _letters(spaced))
    plain = kind in _PLAIN
    if base == "dpmpp2m" and kind in ("karras", "automatic"):  # what the automatic choice means for this one
        return Sampler(words, _S.DPMPP_2M_KARRAS, exact=True)
    if base in _SAME:
        return Sampler(words, _SAME[base], exact=plain)
    return Sampler(words, _SIMILAR.get(base), exact=False)


def sampler_words(scheduler: str) -> tuple[str, str]:
    """(sampler, schedule type) as AUTOMATIC1111 calls them, of one of our names; an unknown one stays as it is."""
    try:
        return _SHOWN[SchedulerName(scheduler)]
    except ValueError:
        return scheduler, ""


def _split(name: str, spacing: str) -> tuple[str, str]:
    """Letters of the name without the spacing in it, and the spacing."""
    lowered = name.casefold().strip()
    if re.match(r"k[ _]", lowered):  # k_euler: the library it came from
        lowered = lowered[2:]
    for sign in ("karras", "exponential", "polyexponential", "sgmuniform"):
        if _letters(lowered).endswith(sign) and len(_letters(lowered)) > len(sign):
            return _letters(lowered)[: -len(sign)], sign
    if re.search(r"[ _]k$", lowered):  # dpmpp_2m_k
        return _letters(lowered[:-2]), "karras"
    letters = _letters(lowered)
    return letters.removesuffix("gpu"), spacing


def _letters(words: str) -> str:
    return "".join(sign for sign in words.casefold().replace("++", "pp") if sign.isalnum())
