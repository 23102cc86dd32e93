"""The picture encoder of most transformer families at small size: sixteen channels, moved and scaled."""

from __future__ import annotations

from typing import Any

from diffusers import AutoencoderKL


def vae(scaling_factor: float, shift_factor: float) -> Any:
    """AutoencoderKL with 8 pixels to a latent."""
    kind: Any = AutoencoderKL
    made = kind(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 16, 16, 16),
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=4,
        sample_size=128,
        scaling_factor=scaling_factor,
        shift_factor=shift_factor,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    return made.eval()
