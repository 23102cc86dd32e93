"""How much memory a model takes in each of the ways of running it, and which of them fits. Pure arithmetic.

The ways are rungs of a ladder, the fastest first. What a rung needs at once is the weights that are on the device
together and the room in which one of them computes; the largest of these moments counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pipelines.contract.models import Family, ModelInfo, ModelKind


class MemoryRung(StrEnum):
    """Where the parts of a model wait while they are not at work."""

    ALL = "all"
    """Everything is on the device."""
    TEXT_OFF = "text-off"
    """Text encoders leave it once the prompt is read; on a CPU they are read from disk again when new words come."""
    PARTS = "parts"
    """Only the part that is at work is on the device: text encoders, then the network, then the VAE."""
    EIGHT_BITS = "eight-bits"
    """As `parts`, and the network's weights are kept in 8 bits: half the memory, a slightly different picture."""
    BLOCKS = "blocks"
    """Blocks of the networks come to the device one after the other: least memory, much slower."""


EXACT_RUNGS = (MemoryRung.ALL, MemoryRung.TEXT_OFF, MemoryRung.PARTS, MemoryRung.BLOCKS)
"""What is chosen from without being asked, the fastest first: the picture is the same on all of them."""
CPU_RUNGS = (MemoryRung.ALL, MemoryRung.TEXT_OFF, MemoryRung.EIGHT_BITS)
"""What there is where the device's memory is the system's: nothing could wait elsewhere but on disk."""
LARGE = 2**29
"""Bytes of a model beside whose work it costs nothing to give memory back, and to read a text encoder again."""
MARGIN = 0.92
"""Part of the free memory that is planned with: allocators round up."""
PROGRAM_BYTES = 0.5e9
"""The engine itself with its libraries, in the system's memory."""
MEGAPIXEL = 1e6
_DECODE: Mapping[Family, float] = {
    Family.STARTER: 0.35e9,
    Family.SD1: 2.6e9,
    Family.SD2: 2.6e9,
    Family.WAN: 9.0e9,
}
_USUAL_DECODE = 3.2e9
"""Bytes for each megapixel in the decoder, which in most families is the same network."""
_FRAMES = 0.15e9
"""Bytes for each megapixel of the four finished frames that a clip's decoder keeps of each step in time."""
_DENOISE: Mapping[Family, float] = {
    Family.STARTER: 0.1e9,
    Family.SD1: 1.2e9,
    Family.SD2: 1.2e9,
    Family.SDXL: 1.5e9,
    Family.WAN: 1.0e9,
}
"""Bytes for each megapixel in the network. Measured with one block of full width in bf16: Wan 14B takes 0.44 to 0.6e9,
the 1.3B 0.28e9, FLUX up to 1.6e9; there is room for attention that is not computed in pieces."""
_USUAL_DENOISE = 2.0e9
_TEXT_ROOM = 0.15e9
"""For reading a prompt."""
_SHARES: Mapping[Family, tuple[float, float]] = {
    Family.STARTER: (0.12, 0.80),
    Family.SD1: (0.12, 0.80),
    Family.SD2: (0.26, 0.67),
    Family.SDXL: (0.24, 0.74),
    Family.SD3: (0.62, 0.37),
    Family.FLUX: (0.29, 0.705),
    Family.FLUX2: (0.45, 0.54),
    Family.QWEN_IMAGE: (0.285, 0.71),
    Family.Z_IMAGE: (0.39, 0.60),
    Family.WAN: (0.3, 0.69),
}
"""Text encoders and network as parts of all weights, by the published sizes; the VAE is the rest."""
_USUAL_SHARES = (0.3, 0.68)
_ALONE = frozenset({ModelKind.TRANSFORMER})
"""Kinds of files that hold the network and nothing else."""
_BLOCK = 0.1
"""Part of a network that is on the device together, blockwise: one block, and what belongs to none."""


def network_share(info: ModelInfo) -> float:
    """Which part of a model's weights is its network, roughly."""
    return 1.0 if info.kind in _ALONE else _SHARES.get(info.family, _USUAL_SHARES)[1]


@dataclass(frozen=True)
class PartSizes:
    """Bytes of a model's weights as they are computed with."""

    text: float
    network: float
    vae: float

    @property
    def whole(self) -> float:
        """All together."""
        return self.text + self.network + self.vae

    @classmethod
    def of(cls, info: ModelInfo) -> Self | None:
        """Roughly, by its family and the size of its files; None where not even that is known."""
        if info.size_bytes <= 0 or info.family is Family.UNKNOWN:
            return None
        text, network = _SHARES.get(info.family, _USUAL_SHARES)
        return cls(info.size_bytes * text, info.size_bytes * network, info.size_bytes * (1.0 - text - network))


@dataclass(frozen=True)
class RunSize:
    """What of a job decides about memory."""

    family: Family
    megapixels: float
    """The largest picture that is painted at once."""
    moments: int = 1
    """Steps in time of a clip, each of them four frames; 1 for a picture."""
    beside_bytes: float = 0.0
    """Weights of add-ons that are on the device while the network computes."""
    looking_bytes: float = 0.0
    """Weights of vision networks that look at references before the steps; they stay where there is room."""
    seen: float = 0.0
    """Megapixels that the network is shown beside the picture: each is computed with as one that is painted."""

    @property
    def denoise_bytes(self) -> float:
        """Room in which the network computes."""
        return _DENOISE.get(self.family, _USUAL_DENOISE) * (self.megapixels * self.moments + self.seen)

    @property
    def decode_bytes(self) -> float:
        """Room in which the VAE computes."""
        whole = _FRAMES * self.moments if self.moments > 1 else 0.0
        return (_DECODE.get(self.family, _USUAL_DECODE) + whole) * self.megapixels


def memory_of(rung: MemoryRung, sizes: PartSizes, run: RunSize) -> float:
    """Bytes of the device that a job takes on that rung, the program itself not counted."""
    text, network, vae = sizes.text, sizes.network, sizes.vae
    painting, decoding, beside = run.denoise_bytes, run.decode_bytes, run.beside_bytes
    if rung is MemoryRung.ALL:
        return beside + run.looking_bytes + sizes.whole + max(painting, decoding, _TEXT_ROOM)
    if rung is MemoryRung.TEXT_OFF:
        return beside + run.looking_bytes + network + vae + max(painting, decoding, text + _TEXT_ROOM)
    looking = run.looking_bytes + _TEXT_ROOM if run.looking_bytes else 0.0
    if rung is MemoryRung.BLOCKS:
        return beside + max(text * _BLOCK + _TEXT_ROOM, looking, network * _BLOCK + painting, vae + decoding)
    kept = network / 2 if rung is MemoryRung.EIGHT_BITS else network
    return beside + max(text + _TEXT_ROOM, looking, kept + painting, vae + decoding)


def memory_by_rung(sizes: PartSizes, run: RunSize, rungs: Iterable[MemoryRung] = MemoryRung) -> dict[MemoryRung, float]:
    """Bytes on each rung, in their order."""
    return {rung: memory_of(rung, sizes, run) for rung in rungs}


def rungs_for(device: str) -> tuple[MemoryRung, ...]:
    """What a device of that name can do; `cpu` has no second memory."""
    return CPU_RUNGS if device == "cpu" else tuple(MemoryRung)


def choose_rung(device: str, free_bytes: float, sizes: PartSizes, run: RunSize) -> MemoryRung:
    """The fastest rung that fits into the free memory of the device; the thriftiest where none does."""
    if device == "cpu":
        return MemoryRung.TEXT_OFF if sizes.whole > LARGE else MemoryRung.ALL
    for rung in EXACT_RUNGS:
        if memory_of(rung, sizes, run) <= free_bytes * MARGIN:
            return rung
    return EXACT_RUNGS[-1]
