"""Make training data: `python -m pipelines.starter.data --scrolls 1000`."""

from __future__ import annotations

import argparse
import time

import torch
from diffusers import AutoencoderTiny
from tqdm import tqdm

from pipelines.starter.places import MODEL_FOLDER, shards_folder, training_folder
from pipelines.starter.shards import encoder_mark, paint_shard, shard_paths

SHARD_SIZE = 200
"""Scrolls in one shard."""


def load_vae(folder: str, device: str = "cpu") -> AutoencoderTiny:
    """Return the VAE of a diffusers model folder in float32, ready to encode."""
    vae = AutoencoderTiny.from_pretrained(folder, subfolder="vae", torch_dtype=torch.float32)
    return vae.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]


def main() -> None:
    """Paint and encode new scrolls into the shards folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--scrolls", type=int, default=1000, help="how many new scrolls (1024 pixels wide each)")
    parser.add_argument("--model", default="", help="folder whose VAE encodes; the run's own, else the shipped one")
    parser.add_argument("--name", default="unet", help="the run whose VAE is the default")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    own = training_folder() / options.name
    vae = load_vae(options.model or str(own if (own / "vae").is_dir() else MODEL_FOLDER), options.device)
    folder = shards_folder(encoder_mark(vae))
    start = time.process_time()
    with tqdm(total=options.scrolls, unit="scroll") as bar:
        for first in range(0, options.scrolls, SHARD_SIZE):
            for _ in paint_shard(vae, folder, min(SHARD_SIZE, options.scrolls - first)):
                bar.update()
    print(
        f"{len(shard_paths(folder))} shards in {folder}; "
        f"{time.process_time() - start:.0f} core-seconds for {options.scrolls} scrolls"
    )


if __name__ == "__main__":
    main()
