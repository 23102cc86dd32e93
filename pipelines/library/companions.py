"""Pairs models that lack parts with the files that have them: text encoders and VAEs that lie in the same library."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from pipelines.contract.models import Companion, Family, ModelInfo, ModelKind
from pipelines.library.families import FROM_PARTS, SINGLE_FILES, SUPPORTED, label_of
from pipelines.library.index import Found
from pipelines.library.said import Said

PARTNERS = frozenset(
    {
        ModelKind.LORA, ModelKind.TEXTUAL_INVERSION, ModelKind.VAE, ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER,
        ModelKind.IP_ADAPTER,
    }
)  # fmt: skip
"""Kinds that are used together with a model of their family."""


_PARTS = frozenset({ModelKind.TEXT_ENCODER, ModelKind.VAE, ModelKind.IMAGE_ENCODER})


class Need(NamedTuple):
    """A part that a family's models need."""

    part: str
    """Its name in diffusers."""
    kind: ModelKind
    variants: tuple[str, ...]
    """Any of these serves, as in `ModelInfo.variant`."""
    label: str
    """What people call it, and how its file is usually named."""
    families: tuple[Family, ...] = ()
    """For a VAE: the families whose VAE it is, where another of the same shape would paint wrong colours."""
    optional: bool = False


_CLIP_L = Need("text_encoder", ModelKind.TEXT_ENCODER, ("clip-l",), "the text encoder CLIP-L (clip_l.safetensors)")
_T5 = Need("text_encoder_2", ModelKind.TEXT_ENCODER, ("t5-xxl",), "the text encoder T5-XXL (t5xxl_fp16.safetensors)")
_FLUX_VAE = Need("vae", ModelKind.VAE, ("16-channel",), "the VAE of FLUX (ae.safetensors)", (Family.FLUX,))
_QWEN3 = Need("text_encoder", ModelKind.TEXT_ENCODER, ("qwen3",), "the text encoder Qwen3 (qwen_3_4b.safetensors)")
NEEDS: Mapping[Family, tuple[Need, ...]] = {
    Family.SD3: (
        _CLIP_L,
        Need("text_encoder_2", ModelKind.TEXT_ENCODER, ("clip-g",), "the text encoder CLIP-G (clip_g.safetensors)"),
        _T5._replace(part="text_encoder_3", optional=True),
        Need("vae", ModelKind.VAE, ("16-channel",), "the VAE of Stable Diffusion 3", (Family.SD3,)),
    ),
    Family.FLUX: (_CLIP_L, _T5, _FLUX_VAE),
    Family.Z_IMAGE: (_QWEN3, _FLUX_VAE),
    Family.QWEN_IMAGE: (
        Need(
            "text_encoder",
            ModelKind.TEXT_ENCODER,
            ("qwen2.5-vl",),
            "the text encoder Qwen2.5-VL (qwen_2.5_vl_7b.safetensors)",
        ),
        Need(
            "vae", ModelKind.VAE, ("wan",), "the VAE of Qwen-Image (qwen_image_vae.safetensors)", (Family.QWEN_IMAGE,)
        ),
    ),
    Family.FLUX2: (
        Need(
            "text_encoder",
            ModelKind.TEXT_ENCODER,
            ("mistral",),
            "the text encoder Mistral Small 3 (mistral_3_small_flux2_bf16.safetensors)",
        ),
        Need("vae", ModelKind.VAE, ("32-channel", ""), "the VAE of FLUX.2", (Family.FLUX2,)),
    ),
    Family.WAN: (
        Need("text_encoder", ModelKind.TEXT_ENCODER, ("umt5-xxl",), "the text encoder UMT5-XXL (umt5_xxl.safetensors)"),
        Need("vae", ModelKind.VAE, ("wan",), "the VAE of Wan (wan_2.1_vae.safetensors)", (Family.WAN,)),
    ),
}
"""What a model of each family needs beside its denoising network."""
_BY_VARIANT: Mapping[tuple[Family, str], tuple[Need, ...]] = {
    (Family.FLUX2, "klein"): (_QWEN3, NEEDS[Family.FLUX2][1]),
    (Family.FLUX2, "klein-9b"): (
        _QWEN3._replace(variants=("qwen3-8b",), label="the text encoder Qwen3 8B (qwen_3_8b.safetensors)"),
        NEEDS[Family.FLUX2][1],
    ),
    (Family.WAN, "i2v"): (
        *NEEDS[Family.WAN],
        Need(
            "image_encoder",
            ModelKind.IMAGE_ENCODER,
            ("clip-vit-h",),
            "the vision network CLIP-H (clip_vision_h.safetensors)",
        ),
    ),
    (Family.WAN, "ti2v"): (
        NEEDS[Family.WAN][0],
        Need("vae", ModelKind.VAE, ("wan-48",), "the VAE of Wan 2.2 (wan2.2_vae.safetensors)"),
    ),
}


def needs_of(info: ModelInfo, holds: Iterable[str] = ()) -> tuple[Need, ...]:
    """The parts that this model lacks, given those it holds."""
    needs = _BY_VARIANT.get((info.family, info.variant), NEEDS.get(info.family, ()))
    return tuple(need for need in needs if need.part not in set(holds))


def lacks_parts(entry: Found) -> bool:
    """Whether it is a file whose other parts come from files of their own."""
    is_file = entry.info.kind in (ModelKind.TRANSFORMER, ModelKind.CHECKPOINT)
    return is_file and entry.info.family in FROM_PARTS and bool(needs_of(entry.info, entry.holds))


def wants_companions(entry: Found) -> bool:
    """Whether other files of the library must be known before it can be used."""
    return lacks_parts(entry) or entry.info.kind is ModelKind.IP_ADAPTER


def paired(found: Mapping[str, Found], said: Mapping[str, Said], only: str = "") -> dict[str, ModelInfo]:
    """Every model by its id, each that lacks parts with its companions, or with a `problem` that names what is missing.

    The person's choice (`said`) wins; then a file of the right family, near it, unpacked. `only`: that path alone.
    """
    shelf = [entry.info for entry in found.values() if entry.info.kind in _PARTS]
    wanted = {only: found[only]} if only else found
    return {entry.info.id: _complete(entry, said.get(path, Said()), shelf) for path, entry in wanted.items()}


def _complete(entry: Found, said: Said, shelf: list[ModelInfo]) -> ModelInfo:
    info = entry.info
    chosen = {companion.part: companion.path for companion in said.companions}
    if info.kind is ModelKind.IP_ADAPTER and not chosen:
        return replace(info, companions=_seers(shelf))
    if not lacks_parts(entry):
        return replace(info, companions=said.companions) if said.companions else info
    companions: list[Companion] = []
    missing: list[str] = []
    for need in needs_of(info, entry.holds):
        path = chosen.pop(need.part, "") or _best(need, info, shelf)
        if path:
            companions.append(Companion(need.part, path))
        if not need.optional and not (path and os.path.exists(path)):  # noqa: PTH110 - as a string it is quicker
            missing.append(f"{need.label}, chosen as {path}, which is not there" if path else need.label)
    companions += [Companion(part, path) for part, path in chosen.items()]
    info = replace(info, companions=tuple(companions))
    if missing and not info.problem and info.family in SUPPORTED & SINGLE_FILES:
        info = replace(info, problem=_missing(info, missing))
    return info


def _seers(shelf: list[ModelInfo]) -> tuple[Companion, ...]:
    """Every vision network there is: the engine takes the one whose width the adapter was made for."""
    found = (info for info in shelf if info.kind is ModelKind.IMAGE_ENCODER and not info.problem)
    return tuple(Companion("image_encoder", info.path) for info in sorted(found, key=lambda info: info.path))


def _missing(info: ModelInfo, missing: list[str]) -> str:
    listed = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
    return (
        f"{info.name} is only a part of a {label_of(info.family)} model. Not in the library: {listed}. "
        "Put that into one of your model folders, or choose it on the model's page."
    )


def _best(need: Need, info: ModelInfo, shelf: list[ModelInfo]) -> str:
    fit = [
        other
        for other in shelf
        if other.kind is need.kind and other.variant in need.variants and not other.problem and _may_serve(need, other)
    ]
    home = Path(info.path).parts

    def order(other: ModelInfo) -> tuple[bool, bool, bool, int, str]:
        near = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(home, Path(other.path).parts, strict=False))
        )
        in_folder = other.path.endswith((".safetensors", ".sft", ".gguf"))
        return (other.family not in need.families, not in_folder, bool(other.quantized), -near, other.path)

    return min(fit, key=order).path if fit else ""


def _may_serve(need: Need, other: ModelInfo) -> bool:
    return not need.families or other.family in (*need.families, Family.UNKNOWN) or other.variant == "wan"
