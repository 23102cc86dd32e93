"""`python -m tests.pipelines.short_of_memory FOLDER`: paints with enough memory, then with too little in each stage.

The limit (RLIMIT_AS) is set as the stage's call begins, a little above what the process has then, and taken away when
it ends. oneDNN stays out: what it makes of a network differs from processor to processor, and on some it ends the
process when there is no memory for its code. Leaves `plain.npy`, one picture for each stage and `facts.json`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch

from pipelines.contract.request import Task
from pipelines.engine.job_queue import Job
from pipelines.engine.network import Predict, around
from pipelines.engine.studio import Studio
from tests.pipelines.conftest import Shelf, starter_info
from tests.pipelines.sample_requests import sample

_HEADROOM = 30 * 2**20
"""Bytes a stage may still have, more than any needs: less and less until the system refuses memory for the first time.
"""


def main(folder: Path) -> None:
    """Paints all four pictures."""
    studio = Studio(lambda _event: None, Shelf(starter_info()), Path("/nowhere"), lambda: None)
    asked = sample(Task.IMAGE_TO_IMAGE, 256, 256, guidance_scale=2.0, prompt="dusk, mountains, water")
    np.save(folder / "plain.npy", studio.paint(Job("plain", asked, 0)).patches[0])
    model = studio._cache.acquire(starter_info(), lambda: None)
    calls = {"encode": (model.vae, "encode"), "denoise": (model.unet, "forward"), "decode": (model.vae, "decode")}
    facts: dict[str, Any] = {}
    for stage, (target, name) in calls.items():
        refused, headroom = [0], _HEADROOM
        while not refused[0]:
            studio.tidy()
            model.encoded.clear()
            model.rungs.clear()
            headroom *= 0.75
            with around(target, name, [_limited(int(headroom), refused)]):
                thrifty = studio.paint(Job(stage, asked, 0))
            np.save(folder / f"{stage}.npy", thrifty.patches[0])
            facts[stage] = {"thrift": thrifty.facts["thrift"], "refused": refused[0]}
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")


def _limited(headroom: int, refused: list[int]) -> Callable[[Predict], Predict]:
    def wrapper(plain: Predict) -> Predict:
        def call(*args: Any, **kwargs: Any) -> Any:
            limit = psutil.Process().memory_info().vms + headroom
            resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
            try:
                return plain(*args, **kwargs)
            except (RuntimeError, MemoryError) as error:
                refused[0] += 1
                print(f"refused: {error}", file=sys.stderr)
                raise
            finally:
                resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        return call

    return wrapper


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.backends.mkldnn.set_flags(False)
    main(Path(sys.argv[1]))
