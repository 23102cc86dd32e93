"""Paints one scroll in layers into a folder, as the window asks for it.

It runs as a program of its own so that the window, which lets it paint a person's first picture, never waits.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from pipelines.starter.painter.scroll import LAYER_NAMES, paint_scroll


def main() -> int:
    """Writes LAYER.npy, (height, width, 4) straight RGBA, for each layer, and scroll.json with its captions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--width", type=int, default=2048)
    parser.add_argument("--height", type=int, default=512)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        picture = paint_scroll(arguments.seed, arguments.width, arguments.height)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for name in LAYER_NAMES:
        np.save(arguments.out / f"{name}.npy", picture.layers[name], allow_pickle=False)
    captions = {language: picture.caption(language=language) for language in ("en", "zh")}
    (arguments.out / "scroll.json").write_text(json.dumps(captions, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
