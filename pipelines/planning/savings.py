"""What a job can do where memory runs short, and what is said of it: once, for the engine and the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Rung(StrEnum):
    """One way of spending less memory. A closed list, each with its words."""

    ATTENTION_SLICES = "attention-slices"
    """Attention is computed for an eighth of the pixels at a time."""
    VAE_TILES = "vae-tiles"
    """The VAE works on tiles, smaller ones each time this rung is taken."""
    GUIDANCE_HALVES = "guidance-halves"
    """With and without the prompt are computed one after the other."""
    OTHER_MODELS = "other-models"
    """Other models leave memory."""
    OFFLOAD = "offload"
    """Parts that are not at work wait outside the device."""
    BLOCKS = "blocks"
    """Blocks of the networks come to the device one after the other."""
    SMALLER_BATCH = "smaller-batch"
    """Everything is computed one picture at a time."""
    SMALLER_WINDOW = "smaller-window"
    """The network sees a part of the picture at a time, a smaller one each time this rung is taken."""
    RESTART = "restart"
    """The picture was begun anew."""


DEEDS: Mapping[str, str] = {
    Rung.ATTENTION_SLICES: "attention was computed in slices",
    Rung.VAE_TILES: "the picture was encoded or decoded in tiles",
    Rung.GUIDANCE_HALVES: "guidance was computed in two halves",
    Rung.OTHER_MODELS: "other models left memory",
    Rung.OFFLOAD: "idle parts of the model waited outside the device",
    Rung.BLOCKS: "the blocks of the model waited outside the device",
    Rung.SMALLER_BATCH: "pictures were computed one at a time",
    Rung.SMALLER_WINDOW: "the picture was painted in windows",
    Rung.RESTART: "the picture was begun anew",
}
"""Each as the end of a sentence."""


def deeds_of(rungs: Iterable[str]) -> list[str]:
    """What was done, in the order in which it was; what a newer version did as it is called there."""
    return [DEEDS.get(rung, rung) for rung in dict.fromkeys(rungs) if rung]


def savings_sentence(rungs: Iterable[str]) -> str:
    """What was done, for people; empty when memory sufficed."""
    deeds = deeds_of(rungs)
    return f"Memory ran short: {', '.join(deeds)}. The picture was finished." if deeds else ""
