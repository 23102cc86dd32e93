"""What reference pictures cost: how much of them a network is shown, and what adapters see them with. Pure arithmetic.

A model that looks by itself (FLUX Kontext, FLUX.2, Qwen-Image-Edit) has tokens of every picture beside those that it
paints, and computes with all of them alike. Redux gives FLUX one token for each patch that SigLIP sees. An IP-Adapter
has a handful of tokens, which cost nothing, and a vision network, which is as large as some models that paint.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contract.models import Family, ModelInfo, ModelKind

_EDITING = frozenset({"kontext", "edit", "edit-plus"})
"""Variants that are shown pictures and follow instructions about them; every model of FLUX.2 does."""
_REDUX = "redux"
_REDUX_TOKENS = 27 * 27
"""Patches of SigLIP so400m at 384 pixels, with which Redux was trained."""
_TOKEN_SIDE = 16
"""Pixels of a token of FLUX."""
_MEGAPIXEL = 1e6
_PART = "image_encoder"


def sees_pictures(info: ModelInfo) -> bool:
    """Whether a model that paints looks at pictures by itself: it can be told what to change, and takes references."""
    return info.family is Family.FLUX2 or info.variant in _EDITING


def looked_at(size: tuple[int, int], looker: ModelInfo) -> float:
    """Megapixels that the network is shown of a reference of that size (width, height).

    `looker`: the adapter, or the model that paints; it sees a picture no larger than its own native square.
    """
    if looker.kind is ModelKind.IP_ADAPTER:
        return _REDUX_TOKENS * _TOKEN_SIDE**2 / _MEGAPIXEL if looker.variant == _REDUX else 0.0
    if not sees_pictures(looker):
        return 0.0
    return min(size[0] * size[1], looker.defaults.native_size**2) / _MEGAPIXEL


def seer_of(adapter: ModelInfo, known: Iterable[ModelInfo]) -> ModelInfo | None:
    """What an adapter will see with, of the vision networks known; None for what is no adapter, and where none fits.

    The person's choice, else the kind that such adapters are made for: SigLIP for Redux, CLIP ViT-bigG for the first
    ones of SDXL, CLIP ViT-H for all others.
    """
    if adapter.kind is not ModelKind.IP_ADAPTER:
        return None
    wants_siglip = adapter.variant == _REDUX
    encoders = [one for one in known if one.kind is ModelKind.IMAGE_ENCODER]
    fitting = [one for one in encoders if not one.variant or one.variant.startswith("siglip") == wants_siglip]
    chosen = {one.path for one in adapter.companions if one.part == _PART}
    told = [one for one in fitting if one.path in chosen]
    usual = _usual_seer(adapter)
    return min(told or fitting, key=lambda one: (not one.variant.startswith(usual), one.path), default=None)


def _usual_seer(adapter: ModelInfo) -> str:
    if adapter.variant == _REDUX:
        return "siglip"
    first = adapter.family is Family.SDXL and not adapter.variant and "vit-h" not in adapter.name.casefold()
    return "clip-vit-bigg" if first else "clip-vit-h"
