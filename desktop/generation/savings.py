"""What a job did because memory ran short, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication


def savings_sentence(facts: Mapping[str, Any]) -> str:
    """The translated sentence about a finished job's facts; empty when memory sufficed."""
    deeds = savings_deeds(facts)
    if not deeds:
        return ""
    words = QCoreApplication.translate("savings", "Memory ran short: {deeds}. The picture was finished.")
    return words.format(deeds=deeds)


def savings_deeds(facts: Mapping[str, Any]) -> str:
    """Only what was done, in the order in which it was; steps of a newer version as they are called there."""
    words = _words()
    taken = facts.get("thrift")
    names = [str(one.get("rung", "")) for one in taken if isinstance(one, Mapping)] if isinstance(taken, list) else []
    return ", ".join(words.get(name, name) for name in dict.fromkeys(names) if name)


def _words() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "attention-slices": translate("savings", "attention was computed in slices"),
        "vae-tiles": translate("savings", "the picture was encoded or decoded in tiles"),
        "guidance-halves": translate("savings", "guidance was computed in two halves"),
        "other-models": translate("savings", "other models left memory"),
        "offload": translate("savings", "parts of the model waited outside the device"),
        "blocks": translate("savings", "the blocks of the model waited outside the device"),
        "smaller-batch": translate("savings", "pictures were computed one at a time"),
        "smaller-window": translate("savings", "the picture was painted in windows"),
        "restart": translate("savings", "the picture was begun anew"),
    }
