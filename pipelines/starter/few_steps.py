"""How few steps the model can do with, and which solver: `python -m pipelines.starter.few_steps [--shipped]`.

This decides whether a few-step variant (distilled, LCM) would pay: it costs a second set of weights, so it must be
clearly better at the steps of live painting than another solver on the same weights.
"""

from __future__ import annotations

import argparse
import time
from typing import Any, Final

import torch

from pipelines.contract.models import SchedulerName
from pipelines.engine.schedulers import make_scheduler
from pipelines.starter.gates import Gate, adherence
from pipelines.starter.judge import Judge, load_judge
from pipelines.starter.places import MODEL_FOLDER, training_folder
from pipelines.starter.sampling import STEPS, checkpoint_pipeline, load_folder, paint

SOLVERS: Final = (SchedulerName.DDIM, SchedulerName.DPMPP_2M)
COUNTS: Final = (3, 4, 6, 8, STEPS)
SHOWN: Final = ("mood obeyed", "wash obeyed", "colour distance to the wash", "object seen")


def measured(pipeline: Any, judge: Judge, each: int) -> dict[tuple[str, int], list[Gate]]:
    """Return the figures of `SHOWN` for every solver and number of steps, the same prompts and seeds everywhere."""
    own, table = pipeline.scheduler, {}
    for solver in SOLVERS:
        for steps in COUNTS:
            pipeline.scheduler = make_scheduler(own, solver)
            gates = adherence(pipeline, judge, each, steps)
            table[solver.value, steps] = [gate for gate in gates if gate.name in SHOWN]
    pipeline.scheduler = own
    return table


def seconds(pipeline: Any, steps: int) -> float:
    """Return the CPU seconds of one picture of 256 pixels."""
    began = time.process_time()
    paint(pipeline, ["mountains, lake"], steps=steps)
    return time.process_time() - began


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="unet", help="the run to measure")
    parser.add_argument("--shipped", action="store_true", help="measure resources/starter instead")
    parser.add_argument("--each", type=int, default=3, help="pictures per word")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pipeline = (
        load_folder(MODEL_FOLDER) if options.shipped else checkpoint_pipeline(training_folder() / options.name)[0]
    )
    print(f"{'solver':10} {'steps':>5} {'CPU s':>6}  " + "  ".join(f"{name:>27}" for name in SHOWN))
    for (solver, steps), gates in measured(pipeline, load_judge(training_folder() / "judge"), options.each).items():
        values = {gate.name: gate.value for gate in gates}
        row = "  ".join(f"{values[name]:27.2f}" for name in SHOWN)
        print(f"{solver:10} {steps:5} {seconds(pipeline, steps):6.2f}  {row}")


if __name__ == "__main__":
    main()
