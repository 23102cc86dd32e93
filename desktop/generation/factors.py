"""What is not as it was when a picture was made: the engine's facts then and now, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.generation.likeness import Likeness, Verdict, worst
from desktop.i18n import mark

_FACTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("model", ("model_hash",), mark("reproduce", "the model's file")),
    ("weights", ("weights_hash",), mark("reproduce", "the model's weights")),
    ("device", ("device",), mark("reproduce", "the device")),
    ("processor", ("processor",), mark("reproduce", "the processor")),
    ("dtype", ("dtype",), mark("reproduce", "the number format")),
    ("scheduler", ("scheduler", "config_hash"), mark("reproduce", "the scheduler's configuration")),
    ("threads", ("threads",), mark("reproduce", "the number of threads")),
    ("thrift", ("thrift",), mark("reproduce", "the way memory is saved")),
    ("run_width", ("run_width",), mark("reproduce", "the width at which the model painted")),
    ("run_height", ("run_height",), mark("reproduce", "the height at which the model painted")),
    ("amended", ("amended",), mark("reproduce", "the strokes that were painted into it meanwhile")),
    ("torch", ("versions", "torch"), "torch"),
    ("diffusers", ("versions", "diffusers"), "diffusers"),
    ("transformers", ("versions", "transformers"), "transformers"),
    ("safetensors", ("versions", "safetensors"), "safetensors"),
    ("handscroll", ("versions", "handscroll"), "Handscroll"),
    ("python", ("versions", "python"), "Python"),
)
"""Name, where it stands in the facts, and what people call it; what matters most first."""
_HASHES = frozenset({"model", "weights", "scheduler", "amended", "thrift"})
"""Nobody wants to read their values."""


@dataclass(frozen=True)
class Factor:
    """Something that may explain a difference."""

    name: str
    before: str
    now: str

    def sentence(self) -> str:
        """`the number format (bf16 → fp32)`, in the present language."""
        words = QCoreApplication.translate("reproduce", next(text for name, _, text in _FACTS if name == self.name))
        return words if self.name in _HASHES else f"{words} ({self.before} → {self.now})"


def changed_factors(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Factor, ...]:
    """Facts that both know and that are not the same; what an older version did not note is not guessed."""
    found: list[Factor] = []
    for name, path, _ in _FACTS:
        old, new = _at(before, path), _at(now, path)
        if old not in (None, "") and new not in (None, "") and old != new:
            found.append(Factor(name, str(old), str(new)))
    if not {"model", "weights"} & {factor.name for factor in found}:
        found[:0] = _changed_files(before, now)[:1]
    return tuple(found)


def _changed_files(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Factor]:
    """Files of model and LoRAs whose whole contents were read both times, and that are others now."""
    files = _at(before, ("files",))
    found: list[Factor] = []
    for name in files if isinstance(files, Mapping) else ():
        old, new = _at(before, ("files", name, "sha256")), _at(now, ("files", name, "sha256"))
        if old and new and old != new:
            found.append(Factor("weights", str(old), str(new)))
    return found


def verdict_sentence(likenesses: Sequence[Likeness]) -> str:
    """The verdict about a whole batch, in the present language."""
    translate = QCoreApplication.translate
    one = worst(likenesses)
    if one.verdict is Verdict.IDENTICAL:
        return translate("reproduce", "Identical, bit for bit.")
    if one.largest == float("inf"):
        return translate("reproduce", "Different: not even the size is the same.")
    if one.verdict is Verdict.ALIKE:
        sentence = translate(
            "reproduce", "The same to the eye: ΔE {mean} on average, at most {p99} in 99 of 100 pixels."
        )
    else:
        sentence = translate("reproduce", "Different: ΔE {mean} on average, up to {p99} in 99 of 100 pixels.")
    return sentence.format(mean=f"{one.mean:.2f}", p99=f"{one.p99:.1f}")


def factors_sentence(factors: Sequence[Factor], likenesses: Sequence[Likeness]) -> str:
    """What changed, in the present language; empty when nothing did and nothing had to."""
    translate = QCoreApplication.translate
    if factors:
        changed = ", ".join(factor.sentence() for factor in factors)
        return translate("reproduce", "Not as it was then: {factors}.").format(factors=changed)
    if worst(likenesses).verdict is Verdict.IDENTICAL:
        return ""
    return translate(
        "reproduce", "Model, device, number format, threads and versions are all as they were; the cause is elsewhere."
    )


def _at(facts: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = facts
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
