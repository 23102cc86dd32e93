"""Train the UNet and the text encoder: `python -m pipelines.starter.train` starts or goes on.

On a CPU two single-thread processes share the weights, this one meanwhile paints new scrolls a little at a time.
`pause` in the training folder makes all of them sleep, `stop` makes them save and end.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderTiny

from pipelines.starter.data import load_vae
from pipelines.starter.errors import StarterError
from pipelines.starter.network import load_network, new_network, run_tokenizer, widen
from pipelines.starter.places import MODEL_FOLDER, shards_folder, stop_file, training_folder
from pipelines.starter.settings import TrainingSettings
from pipelines.starter.shards import encoder_mark, shard_paths
from pipelines.starter.teamwork import Team


def parse_settings(arguments: list[str] | None = None) -> TrainingSettings:
    """Return the settings from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="unet", help="name of the run: its folder under the training folder")
    parser.add_argument("--start-from", default=str(MODEL_FOLDER), help="model folder to start from, or 'nothing'")
    parser.add_argument("--vae", default="", help="model folder whose VAE the run takes over; else its own")
    parser.add_argument("--workers", type=int, default=2, help="single-thread processes (CPU)")
    parser.add_argument("--batch", type=int, default=8, help="windows per worker and step")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate")
    parser.add_argument("--mean", type=float, help="decay of the mean weights (0.9995; 0.99 in a cool-down)")
    parser.add_argument("--cool-down", type=int, default=0, help="lower the rate over so many images, then end")
    parser.add_argument("--minutes", type=float, default=0, help="end after so long (0: never)")
    parser.add_argument("--save-every", type=float, default=10, help="minutes between checkpoints")
    parser.add_argument("--fresh-share", type=float, default=0.1, help="part of one core that paints new scrolls")
    parser.add_argument("--thing-weight", type=float, help="how much more things count (4; 1 in a cool-down)")
    parser.add_argument("--noisiness", type=float, default=1.5, help="above 1: high noise levels more often")
    parser.add_argument("--reading", type=float, default=0.1, help="weight of the side task: to say what lies where")
    parser.add_argument("--inpaint", action="store_true", help="train an inpaint model of nine channels; give a --name")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    options = parser.parse_args(arguments)
    # A cool-down forgets what that weight leads to, things unasked; and its mean must not reach back before it.
    for name, usual, cooling in (("mean", 0.9995, 0.99), ("thing_weight", 4.0, 1.0)):
        if getattr(options, name) is None:
            setattr(options, name, cooling if options.cool_down else usual)
    return TrainingSettings(**vars(options))


def run_vae(settings: TrainingSettings, folder: Path) -> AutoencoderTiny:
    """Return the run's VAE; where the run has none yet or another is asked for, take a copy of that first."""
    own = folder / "vae"
    if settings.vae or not own.is_dir():
        shutil.copytree(Path(settings.vae or MODEL_FOLDER) / "vae", own, dirs_exist_ok=True)
    return load_vae(str(folder), settings.device)


def main() -> None:
    """Start or go on."""
    settings = parse_settings()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    torch.set_num_threads(1)
    stop_file().unlink(missing_ok=True)
    folder = training_folder() / settings.name
    tokenizer = run_tokenizer(folder)
    blank = settings.start_from == "nothing"
    network = new_network(tokenizer) if blank else load_network(Path(settings.start_from), tokenizer)
    if settings.inpaint:
        widen(network)
    vae = run_vae(settings, folder)
    shards = shards_folder(encoder_mark(vae))
    if not shard_paths(shards):
        raise StarterError(f"There are no shards in {shards}; make them: python -m pipelines.starter.data.")
    team = Team(settings, network, vae, folder)
    team.run()


if __name__ == "__main__":
    main()
