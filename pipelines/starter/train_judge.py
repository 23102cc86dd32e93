"""Train the judge and measure it on pictures of the painter: `python -m pipelines.starter.train_judge`.

The same seed gives the same judge. Some scrolls go through the VAE first, since every picture that it will judge did.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch.nn import functional
from tqdm import tqdm

from pipelines.starter.data import load_vae
from pipelines.starter.judge import EXAM_FILE, JUDGE_FILE, Judge
from pipelines.starter.labels import JUDGED, SIDE, UNSURE, Labels, labels_of
from pipelines.starter.muon import MuonAdam
from pipelines.starter.painter.captions import ScrollFacts, Window
from pipelines.starter.painter.palette import MOODS
from pipelines.starter.painter.scroll import paint_flat
from pipelines.starter.places import MODEL_FOLDER, training_folder
from pipelines.starter.shards import HELD_OUT_SEED, to_tensor
from pipelines.starter.windows import places_by_kind, window_around

_HEIGHTS = (256, 256, 320, 416, 560)
_WIDTH = 1024
_RATE = 2e-3
_FIRST_SEED = 700_000_000
_CALIBRATION_SEED, _EXAM_SEED = HELD_OUT_SEED + 2000, HELD_OUT_SEED + 500
_THROUGH_VAE = 10
FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class JudgeSettings:
    """One training of the judge."""

    seed: int = 1
    """Of first weights and of the order of windows."""
    scrolls: int = 800
    """Scrolls to learn from, 1024 pixels wide."""
    steps: int = 800
    """Batches."""
    batch: int = 16
    """Windows in one."""
    exam: int = 120
    """Scrolls for the thresholds, and as many others for the measures."""


class Gallery:
    """Painted scrolls, from which windows with their labels are drawn."""

    def __init__(self, first_seed: int, count: int, vae: AutoencoderTiny, every: int) -> None:
        """Paint `count` scrolls; every `every`-th goes through `vae`, none where `every` is 0."""
        self.pictures: list[NDArray[np.uint8]] = []
        self.facts: list[ScrollFacts] = []
        for number in tqdm(range(count), desc="scrolls", leave=False):
            scroll = paint_flat(first_seed + number, _WIDTH, _HEIGHTS[number % len(_HEIGHTS)])
            coded = every > 0 and (number // len(_HEIGHTS)) % every == 0
            self.pictures.append(_levels(through_vae(vae, to_tensor(scroll.rgb))) if coded else scroll.rgb)
            self.facts.append(scroll.facts)
        found = places_by_kind(self.facts, JUDGED)
        self.places = {kind: found[kind] for kind in JUDGED if kind in found}

    def cut(self, number: int, window: Window) -> tuple[torch.Tensor, Labels]:
        """Return the pixels (1, 3, 256, 256) in -1..1 and the labels of a window of one scroll."""
        part = self.pictures[number][window.top : window.top + SIDE, window.left : window.left + SIDE]
        return to_tensor(np.ascontiguousarray(part)), labels_of(self.facts[number], window)

    def draw(self, rng: random.Random) -> tuple[torch.Tensor, Labels]:
        """Return a random window: two of three hold an object of a kind drawn evenly."""
        if rng.random() < 0.67 and self.places:
            number, thing = rng.choice(self.places[rng.choice(list(self.places))])
            return self.cut(number, window_around(self.facts[number], thing, rng, (SIDE, SIDE)))
        number = rng.randrange(len(self.facts))
        facts = self.facts[number]
        left, top = rng.randrange(facts.width - SIDE + 1), rng.randrange(facts.height - SIDE + 1)
        return self.cut(number, Window(left, top, SIDE, SIDE))

    def exam(self, rng: random.Random, each: int) -> Iterator[tuple[torch.Tensor, Labels]]:
        """Yield up to `each` windows around things of every kind, and one of every second scroll anywhere."""
        for places in self.places.values():
            for number, thing in rng.sample(places, min(each, len(places))):
                yield self.cut(number, window_around(self.facts[number], thing, rng, (SIDE, SIDE)))
        for number, facts in list(enumerate(self.facts))[::2]:
            left, top = rng.randrange(facts.width - SIDE + 1), rng.randrange(facts.height - SIDE + 1)
            yield self.cut(number, Window(left, top, SIDE, SIDE))


@torch.no_grad()
def through_vae(vae: AutoencoderTiny, pixels: torch.Tensor) -> torch.Tensor:
    """Return pixels (n, 3, H, W) in -1..1, sides multiples of 8, as the VAE gives them back."""
    with torch.autocast("cpu", torch.bfloat16):
        return vae.decoder(vae.encoder(pixels)).float().clamp(-1, 1)


def _levels(pixels: torch.Tensor) -> NDArray[np.uint8]:
    scaled = (pixels[0] + 1) * 127.5
    return scaled.round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()


def judge_loss(judge: Judge, pixels: torch.Tensor, labels: list[Labels]) -> torch.Tensor:
    """Return the loss of a batch: mood, wash, every cell (focal, Lin et al. 2017), and the surest cell."""
    with torch.autocast("cpu", torch.bfloat16):
        whole, cells = judge(pixels)
    whole, cells = whole.float(), cells.float()
    loss = functional.cross_entropy(whole[:, : len(MOODS)], torch.tensor([one.mood for one in labels]))
    loss = loss + functional.cross_entropy(whole[:, len(MOODS) :], torch.tensor([one.wash for one in labels]))
    truth = torch.from_numpy(np.stack([one.cells for one in labels]))
    error = functional.binary_cross_entropy_with_logits(cells, truth.clamp(min=0), reduction="none")
    doubt = (cells.sigmoid() - truth).abs().pow(2)
    sure = truth != UNSURE
    loss = loss + (error * doubt * sure).sum() / (truth == 1).sum().clamp(min=1)
    named = torch.from_numpy(np.stack([one.objects for one in labels]))
    top = functional.binary_cross_entropy_with_logits(cells.amax((2, 3)), named.clamp(min=0), reduction="none")
    known = named != UNSURE
    return loss + 3 * (top * known).sum() / known.sum()


def train_judge(settings: JudgeSettings, gallery: Gallery) -> Judge:
    """Train a judge on windows of `gallery`."""
    torch.manual_seed(settings.seed)
    rng, judge = random.Random(settings.seed), Judge()
    judge.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = MuonAdam(list(judge.named_parameters()))
    with tqdm(range(settings.steps), desc="steps", leave=False) as bar:
        for step in bar:
            batch = [gallery.draw(rng) for _ in range(settings.batch)]
            pixels = torch.cat([p for p, _ in batch])
            if rng.random() < 0.5:
                pixels = pixels.flip(3)
                batch = [(p, _mirrored(one)) for p, one in batch]
            loss = judge_loss(judge, pixels, [one for _, one in batch])
            judge.zero_grad(set_to_none=True)
            loss.backward()
            rate = _RATE * min(1.0, (step + 1) / 40) * (1 - 0.98 * step / settings.steps)
            optimizer.step(rate, step + 1)
            bar.set_postfix(loss=f"{loss.item():.3f}")
    return judge.eval()


def _mirrored(labels: Labels) -> Labels:
    return Labels(labels.mood, labels.wash, labels.objects, np.ascontiguousarray(labels.cells[:, :, ::-1]))


@dataclass(frozen=True)
class Answers:
    """What the judge made of many windows, and the truth."""

    scores: torch.Tensor
    """(windows, judged kinds): of the surest cell."""
    truth: torch.Tensor
    """(windows, judged kinds): 1, 0 or `UNSURE`."""
    mood: float
    """Share of right moods."""
    wash: float
    """Share of right washes."""

    def thresholds(self) -> torch.Tensor:
        """Return for every kind the score that one in twenty windows without it passes."""
        return torch.stack(
            [self.scores[self.truth[:, i] == 0, i].quantile(1 - FALSE_ALARMS) for i in range(len(JUDGED))]
        )

    def found(self, kind: int, threshold: torch.Tensor) -> float:
        """Return how much of what is named is seen."""
        return float((self.scores[self.truth[:, kind] == 1, kind] > threshold).float().mean())

    def invented(self, kind: int, threshold: torch.Tensor) -> float:
        """Return in how many windows without it it is seen."""
        return float((self.scores[self.truth[:, kind] == 0, kind] > threshold).float().mean())


@torch.no_grad()
def show(judge: Judge, gallery: Gallery, vae: AutoencoderTiny | None, seed: int, each: int = 24) -> Answers:
    """Show the judge windows of `gallery`, through `vae` if there is one."""
    whole: list[torch.Tensor] = []
    scores: list[torch.Tensor] = []
    truths: list[Labels] = []
    for pixels, labels in tqdm(gallery.exam(random.Random(seed), each), desc="windows", leave=False):
        one, cells = judge(pixels if vae is None else through_vae(vae, pixels))
        whole.append(one)
        scores.append(cells.amax((2, 3)))
        truths.append(labels)
    guesses = torch.cat(whole)
    moods, washes = torch.tensor([one.mood for one in truths]), torch.tensor([one.wash for one in truths])
    return Answers(
        torch.cat(scores),
        torch.from_numpy(np.stack([one.objects for one in truths])),
        float((guesses[:, : len(MOODS)].argmax(1) == moods).float().mean()),
        float((guesses[:, len(MOODS) :].argmax(1) == washes).float().mean()),
    )


def examine(judge: Judge, vae: AutoencoderTiny, scrolls: int) -> dict[str, Any]:
    """Set the judge's thresholds, then measure it on other scrolls; both kinds are never trained on.

    Returns mood and wash (shares that are right on pictures out of the VAE) and for every kind found and invented, on
    the painter's pictures and on those as the VAE gives them back, and the number of windows that name it.
    """
    judge.thresholds.copy_(show(judge, Gallery(_CALIBRATION_SEED, scrolls, vae, 0), vae, 3).thresholds())
    gallery = Gallery(_EXAM_SEED, scrolls, vae, 0)
    true, coded = show(judge, gallery, None, 4), show(judge, gallery, vae, 4)
    objects = {
        kind: {
            "found": true.found(i, judge.thresholds[i]),
            "invented": true.invented(i, judge.thresholds[i]),
            "found_after_vae": coded.found(i, judge.thresholds[i]),
            "invented_after_vae": coded.invented(i, judge.thresholds[i]),
            "windows": int((true.truth[:, i] == 1).sum()),
        }
        for i, kind in enumerate(JUDGED)
    }
    return {"mood": coded.mood, "wash": coded.wash, "objects": objects}


def print_exam(exam: dict[str, Any]) -> None:
    """Print what `examine` measured."""
    print(f"mood {exam['mood']:.2f}, wash {exam['wash']:.2f}")
    print(f"{'':10}{'found':>8}{'invented':>10}{'after the VAE: found':>22}{'invented':>10}{'windows':>9}")
    rows = exam["objects"]
    names = ("found", "invented", "found_after_vae", "invented_after_vae")
    mean = {name: float(np.mean([row[name] for row in rows.values()])) for name in names}
    for kind, row in [*rows.items(), ("mean", {**mean, "windows": sum(row["windows"] for row in rows.values())})]:
        first, second, third, fourth = (row[name] for name in names)
        print(f"{kind:10}{first:8.2f}{second:10.2f}{third:22.2f}{fourth:10.2f}{row['windows']:9}")


def main() -> None:
    """Train, examine, and keep the judge with its exam."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    standard = JudgeSettings()
    for name, note in (
        ("seed", "of first weights and order"),
        ("scrolls", "scrolls to learn from"),
        ("steps", "batches"),
        ("batch", "windows in one"),
        ("exam", "scrolls to set thresholds, and as many to measure"),
    ):
        parser.add_argument(f"--{name}", type=int, default=getattr(standard, name), help=note)
    parser.add_argument("--folder", type=Path, default=training_folder() / "judge", help="where to keep it")
    options = vars(parser.parse_args())
    folder: Path = options.pop("folder")
    settings = JudgeSettings(**options)
    torch.set_num_threads(1)
    began = time.process_time()
    vae = load_vae(str(MODEL_FOLDER))
    judge = train_judge(settings, Gallery(_FIRST_SEED, settings.scrolls, vae, _THROUGH_VAE))
    print(f"trained in {time.process_time() - began:.0f} core-seconds")
    exam = examine(judge, vae, settings.exam)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in judge.state_dict().items()}, folder / JUDGE_FILE)
    (folder / EXAM_FILE).write_text(json.dumps(exam, indent=1), encoding="utf-8")
    print_exam(exam)
    print(f"{time.process_time() - began:.0f} core-seconds in all; kept in {folder}")


if __name__ == "__main__":
    main()
