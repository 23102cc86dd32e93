"""Measure the newest checkpoint, or the shipped model: `python -m pipelines.starter.evaluate`.

Writes `evaluation.json` and `samples.png` beside the checkpoint (or, for the shipped model, into the training folder).
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from pipelines.starter.checkpoint import Counters
from pipelines.starter.gates import Gate, adherence, speed
from pipelines.starter.joins import seams
from pipelines.starter.judge import load_exam, load_judge
from pipelines.starter.naming import naming
from pipelines.starter.places import MODEL_FOLDER, training_folder
from pipelines.starter.program_gates import folder_of, joins_in_program
from pipelines.starter.sampling import SHEET_PROMPTS, checkpoint_pipeline, contact_sheet, load_folder, paint
from pipelines.starter.vae import held_out_psnr, rim_bias


@dataclass(frozen=True)
class Evaluation:
    """All measures of one state of the model."""

    counters: Counters
    """How long it had trained."""
    gates: list[Gate]
    """The figures."""
    judge: dict[str, Any]
    """The classifier's own exam on the painter's held-out windows: the ceiling of the figures of adherence."""

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def evaluate(pipeline: Any, counters: Counters, folder: Path, quick: bool, shipped: Path | None = None) -> Evaluation:
    """Measure a pipeline and write the report and the sample sheet into `folder`.

    `shipped` is the folder that the pipeline was read from, if it was read from one.
    """
    judge, exam = load_judge(training_folder() / "judge"), load_exam(training_folder() / "judge")
    contact_sheet(paint(pipeline, SHEET_PROMPTS), 4, SHEET_PROMPTS).save(folder / "samples.png")
    gates = adherence(pipeline, judge, 2 if quick else 6)
    gates += naming(pipeline, 32 if quick else 96)
    gates += joins(pipeline, shipped, 4 if quick else 24)
    mean, worst = held_out_psnr(pipeline.vae)
    gates.append(Gate("VAE on held-out windows, dB", mean, ">= 30", f"worst {worst:.1f}"))
    rim, inside = rim_bias(pipeline.vae)
    gates.append(Gate("VAE, how far the rim of a window is off, levels", rim, "small", f"well inside {inside:.1f}"))
    gates += speed(pipeline)
    result = Evaluation(counters, gates, exam)
    (folder / "evaluation.json").write_text(json.dumps(result.to_json(), indent=1), encoding="utf-8")
    return result


def joins(pipeline: Any, shipped: Path | None, count: int) -> list[Gate]:
    """Return the seams, the drift and the horizon of `count` scrolls, by diffusers alone and in the program."""
    with TemporaryDirectory() as scratch:
        return seams(pipeline, count) + joins_in_program(folder_of(pipeline, shipped, Path(scratch)), count)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="unet", help="the run to measure")
    parser.add_argument("--shipped", action="store_true", help="measure resources/starter instead")
    parser.add_argument("--quick", action="store_true", help="a third of the pictures")
    parser.add_argument("--joins", type=int, default=0, help="only the seams and the drift, of so many scrolls")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    began = time.process_time()
    if options.shipped:
        folder, pipeline, counters = (
            training_folder() / "shipped",
            load_folder(MODEL_FOLDER),
            Counters.beside(MODEL_FOLDER),
        )
    else:
        folder = training_folder() / options.name
        pipeline, counters = checkpoint_pipeline(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shipped = MODEL_FOLDER if options.shipped else None
    if options.joins:
        gates = joins(pipeline, shipped, options.joins)
    else:
        gates = evaluate(pipeline, counters, folder, options.quick, shipped).gates
    for gate in gates:
        print(f"{gate.name:45} {gate.value:7.2f}   target {gate.target:8} {gate.note}")
    print(f"{counters.images} images seen; {time.process_time() - began:.0f} core-seconds; report in {folder}")


if __name__ == "__main__":
    main()
