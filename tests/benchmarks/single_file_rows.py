"""Opening a single file of full size (SD1.5, fp16, 2 GB) as the engine does, against the bare library call.

Each side has a process of its own, on one thread, and both convert to the numbers that the engine computes in here.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.rows import Row, median

_RUNS = 3
_LIMIT_S = 600
_TOUCHED = 6 * 10**9
"""Bytes: more than either side uses."""


def single_file_rows() -> list[Row]:
    """Writes the file (2 GB) to a temporary folder, measures and takes it away again; some 2 minutes."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        _alone("write", folder)
        pairs = [(_alone("engine", folder), _alone("bare", folder)) for _ in range(_RUNS)]
    ours, bare = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    note = f"SD1.5 of full size to {ours[0]['dtype']}, median of {_RUNS}"

    def of(side: list[dict[str, Any]], name: str) -> float:
        return median([run[name] for run in side])

    peak, bare_peak = of(ours, "peak_mb") / of(ours, "final_mb"), of(bare, "peak_mb") / of(bare, "final_mb")
    return [
        Row("single file: peak / final memory", peak, "ratio", 1.25, f"bare library call: {bare_peak:.2f}"),
        Row("single file: CPU time / bare", of(ours, "cpu_s") / of(bare, "cpu_s"), "ratio", 1.2, note),
        Row("single file: time / bare", of(ours, "wall_s") / of(bare, "wall_s"), "ratio", 1.2, note),
        Row("single file: time", of(ours, "wall_s"), "s", None, f"bare: {of(bare, 'wall_s'):.1f} s"),
        Row("single file: final memory", of(ours, "final_mb") / 1000, "GB", None, "resident, libraries included"),
    ]


def _alone(part: str, folder: Path) -> dict[str, Any]:
    """Runs a part of this module in a process of its own."""
    # Pages that were never used come to a virtual machine at seconds for each GB; whoever is first would pay for that.
    subprocess.run([sys.executable, "-c", f"import numpy; numpy.ones({_TOUCHED} // 8)"], check=False)
    command = [sys.executable, "-m", "tests.benchmarks.single_file_rows", part, str(folder)]
    quiet = os.environ | {"OMP_NUM_THREADS": "1", "HANDSCROLL_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    quiet["HANDSCROLL_VOCABULARIES"] = str(folder / "words")
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    print(f"    {part}: {done.stdout.splitlines()[-1]}", file=sys.stderr, flush=True)
    return json.loads(done.stdout.splitlines()[-1])


def _write(folder: Path) -> dict[str, Any]:
    from pipelines.miniatures.tokenizers import clip_tokenizer
    from tests.benchmarks import full_size

    full_size.write_single_file(folder / "model.safetensors")
    full_size.write_configurations(folder / "configurations")
    clip_tokenizer().save_pretrained(str(folder / "words" / "clip"))
    return {}


def _engine(folder: Path) -> dict[str, Any]:
    from diffusers import StableDiffusionPipeline  # noqa: F401 - imports are no part of it, on either side

    from pipelines.engine.engine import EngineSettings
    from pipelines.engine.loader import load_model
    from pipelines.engine.memory import choose_device
    from tests.benchmarks import full_size

    device = choose_device()
    info = full_size.info(folder / "model.safetensors")
    configs = EngineSettings().config_dir
    return _measured(lambda: load_model(info, device, configs, lambda: None)) | {"dtype": device.dtype_name}


def _bare(folder: Path) -> dict[str, Any]:
    from diffusers import StableDiffusionPipeline

    from pipelines.engine.memory import choose_device

    kind: Any = StableDiffusionPipeline
    dtype, config = choose_device().dtype, str(folder / "configurations")
    path = str(folder / "model.safetensors")
    settings = {"config": config, "dtype": dtype, "local_files_only": True, "safety_checker": None}
    return _measured(lambda: kind.from_single_file(path, **settings))


def _measured(load: Callable[[], object]) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    kept = load()
    figures = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    figures["final_mb"] = psutil.Process().memory_info().rss / 1e6
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    del kept
    return figures


if __name__ == "__main__":
    parts: dict[str, Callable[[Path], dict[str, Any]]] = {"write": _write, "engine": _engine, "bare": _bare}
    print(json.dumps(parts[sys.argv[1]](Path(sys.argv[2]))))
