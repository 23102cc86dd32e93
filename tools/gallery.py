"""Makes the starter's gallery, docs/starter.md's pictures, from the shipped weights: `python -m tools.gallery`.

Every prompt with the seeds 0 to 5: nothing is picked. Two minutes on one core.
"""

from __future__ import annotations

from pathlib import Path

import torch

from pipelines.starter.places import MODEL_FOLDER
from pipelines.starter.sampling import contact_sheet, load_folder, paint

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SEEDS = 6
PROMPTS = {
    "gallery-moods": (
        "dawn, misty mountains, red sun, lake",
        "night, full moon, mountains, water",
        "sunset, distant hills, boat with a sail",
        "rain, black ink, pines, rocks",
    ),
    "gallery-seasons": (
        "spring, peach blossom, bridge, water",
        "秋天，红枫，河，亭子",
        "雪，高山，小屋，枯树",
        "青绿山水，高山，瀑布，松树",
    ),
}


def main() -> None:
    """Paints and saves both sheets."""
    torch.set_num_threads(1)
    pipeline = load_folder(MODEL_FOLDER)
    for name, prompts in PROMPTS.items():
        rows = [picture for prompt in prompts for picture in paint(pipeline, [prompt] * SEEDS)]
        sheet = contact_sheet(rows, SEEDS)
        sheet.resize((sheet.width // 2, sheet.height // 2)).save(PICTURES / f"{name}.jpg", quality=90)
        print(f"{PICTURES / name}.jpg")


if __name__ == "__main__":
    main()
