"""Put the newest checkpoint into `resources/starter`: `python -m pipelines.starter.export` (run `evaluate` first).

Writes fp16 safetensors, a sample sheet and the model card with the figures that were measured for this checkpoint.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from pipelines.prompting.words import VOCABULARY_FILE
from pipelines.starter.errors import StarterError
from pipelines.starter.folders import tidy_configs
from pipelines.starter.gates import OBJECT_GATE
from pipelines.starter.painter.words import FORM_WORDS, vocabulary
from pipelines.starter.places import MODEL_FOLDER, training_folder
from pipelines.starter.sampling import GUIDANCE, STEPS, checkpoint_pipeline, load_folder, reference_picture

_CARD = Path(__file__).with_name("model_card.md")
_LARGEST = 40e6


def measured(folder: Path, step: int) -> dict[str, Any]:
    """Return the evaluation of exactly this step. Raises StarterError where it is missing or of another step."""
    path = folder / "evaluation.json"
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    if data is None or data["counters"]["step"] != step:
        raise StarterError(f"{path} holds no figures for step {step}; run python -m pipelines.starter.evaluate first.")
    return data


def write_card(evaluation: dict[str, Any], size: int) -> str:
    """Return the text of the model card."""
    counters = evaluation["counters"]
    kinds = [gate for gate in evaluation["gates"] if gate["name"].startswith(OBJECT_GATE)]
    rows = [_row(gate) for gate in evaluation["gates"] if gate not in kinds]
    exam = evaluation["judge"]
    seen = exam["objects"]
    found = sum(one["found_after_vae"] for one in seen.values()) / len(seen)
    invented = sum(one["invented_after_vae"] for one in seen.values()) / len(seen)
    judge = f"mood {exam['mood']:.2f}, wash {exam['wash']:.2f}, objects found {found:.2f}, invented {invented:.2f}"
    return _CARD.read_text(encoding="utf-8").format(
        size=f"{size / 1e6:.1f}",
        guidance=GUIDANCE,
        steps=STEPS,
        images=f"{counters['images']:,}",
        hours=f"{counters['core_seconds'] / 3600:.1f}",
        gates="\n".join(rows),
        objects="\n".join(_object_row(gate, seen) for gate in kinds),
        judge=judge,
    )


def _row(gate: dict[str, Any]) -> str:
    return f"| {gate['name']} | {gate['value']:.2f} | {gate['target']} | {gate['note']} |"


def _object_row(gate: dict[str, Any], exam: dict[str, Any]) -> str:
    """Return the line of one kind of object: seen where asked for, and what the judge finds on true pictures."""
    kind = gate["name"].removeprefix(OBJECT_GATE)
    one = exam[kind]
    return f"| {kind} | {gate['value']:.2f} | {gate['note']} | {one['found']:.2f} | {one['found_after_vae']:.2f} |"


def export(run: Path, target: Path, evaluation: dict[str, Any] | None = None) -> int:
    """Write the newest checkpoint of `run` as a diffusers folder and return its size in bytes.

    Raises StarterError if there is no checkpoint, no matching evaluation, or the folder would pass 40 MB.
    """
    pipeline, counters = checkpoint_pipeline(run)
    evaluation = evaluation or measured(run, counters.step)
    fresh = run / "export"
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline.to(dtype=torch.float16).save_pretrained(fresh, safe_serialization=True)
    tidy_configs(fresh)
    counters.write_beside(fresh)
    size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    if size > _LARGEST:
        raise StarterError(f"The exported model is {size / 1e6:.0f} MB, more than the 40 MB it may have.")
    if (run / "samples.png").exists():
        shutil.copy(run / "samples.png", fresh / "samples.png")
    Image.fromarray(reference_picture(load_folder(fresh))).save(fresh / "reference.png")
    (fresh / "README.md").write_text(write_card(evaluation, size), encoding="utf-8")
    (fresh / VOCABULARY_FILE).write_text(vocabulary_text(), encoding="utf-8")
    shutil.copytree(fresh, target, dirs_exist_ok=True)
    return size


def vocabulary_text() -> str:
    """The JSON list of the words the starter was trained on, which the window looks prompts up in."""
    words = [*vocabulary("en"), *FORM_WORDS, *vocabulary("zh")]
    return json.dumps(words, ensure_ascii=False, indent=0) + "\n"


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="unet", help="the run to export")
    parser.add_argument("--to", default=str(MODEL_FOLDER), help="model folder to write")
    options = parser.parse_args()
    size = export(training_folder() / options.name, Path(options.to))
    print(f"{size / 1e6:.1f} MB in {options.to}")


if __name__ == "__main__":
    main()
