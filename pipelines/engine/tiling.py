"""VAEs that work on tiles: how small the tiles are, in the words of each kind of VAE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_LEAST = 8
"""Smallest side of a tile, latent pixels."""
_OVERLAP = 0.25
"""Part of a tile that its neighbour covers as well. With the eighth that AutoencoderTiny has of its own accord, tiles
of 8 latents overlap by one, and diffusers divides by that number less one."""


class Tiling:
    """Smaller and smaller tiles for one VAE."""

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self._side = 0

    def shrink(self, size: tuple[int, ...], undo: Callable[[Callable[[], object]], object]) -> bool:
        """Halves the tiles for a call whose first tensor has that shape; False when they are small enough already.

        The first time `undo` is given what puts the VAE's own settings back.
        """
        vae = self._vae
        if not hasattr(vae, "use_tiling"):
            return False
        factor = _factor_of(vae)
        longest = max(size[-2:]) // (factor if size[1] == _pixel_channels(vae) else 1)
        side = min(self._side or longest, longest) // 2
        if side < _LEAST:
            return False
        settings = _settings_of(vae, side, factor)
        if not self._side:
            own = {name: getattr(vae, name) for name in settings}
            undo(lambda: vae.__dict__.update(own))
        self._side = side
        for name, value in settings.items():
            setattr(vae, name, value)
        return True

    def area(self, size: tuple[int, ...]) -> float:
        """Pixels of the picture that are computed at once in a call whose first tensor has that shape."""
        factor = _factor_of(self._vae)
        scale = 1 if size[1] == _pixel_channels(self._vae) else factor
        height, width = (side * scale for side in size[-2:])
        most = self._side * factor or max(height, width)
        return float(min(height, most) * min(width, most))


def _factor_of(vae: Any) -> int:
    if "block_out_channels" in vae.config:
        return 2 ** (len(vae.config.block_out_channels) - 1)
    return int(vae.spatial_compression_ratio)


def _pixel_channels(vae: Any) -> int:
    patch = vae.config.get("patch_size", None)  # Wan's joins so many pixels to a side before it begins
    joined = patch if isinstance(patch, int) else 1
    return int(vae.config.get("in_channels", vae.config.get("input_channels", 3))) // joined**2


def _settings_of(vae: Any, side: int, factor: int) -> dict[str, Any]:
    if hasattr(vae, "tile_sample_stride_height"):
        most, step = side * factor, round(side * (1.0 - _OVERLAP)) * factor
        names = ("tile_sample_min_height", "tile_sample_min_width")
        strides = ("tile_sample_stride_height", "tile_sample_stride_width")
        return {"use_tiling": True} | dict.fromkeys(names, most) | dict.fromkeys(strides, step)
    known = {
        "use_tiling": True,
        "tile_latent_min_size": side,
        "tile_sample_min_size": side * factor,
        "tile_overlap_factor": _OVERLAP,
    }
    return {name: value for name, value in known.items() if hasattr(vae, name)}
