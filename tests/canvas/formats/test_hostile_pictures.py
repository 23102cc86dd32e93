"""Hundreds of hostile pictures in a process with bounded memory: each gets a sentence or is a picture, none hangs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 5.0


@pytest.mark.slow
def test_hostile_pictures_get_a_sentence_or_a_picture():
    command = [sys.executable, "-m", "tests.canvas.formats.hostile_pictures", "2026", "16"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250, check=False)
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, (rows[-1:], ran.stderr[-3000:])
    assert len(rows) >= 450
    for row in rows:
        assert row["said"] == "picture" or row["said"].endswith((".", ").")), row
        assert row["seconds"] < SECONDS, row
        assert row["peak"] < 1200, row
    said = {row["name"]: row["said"] for row in rows}
    assert sum(words == "picture" for words in said.values()) >= 50
    assert "megapixels" in said["png 60000 x 60000"]
    assert "megapixels" in said["tiff< 60000, 16 bit"]
    assert "passes" in said["jpeg thousands of scans"]
    assert said["png zTXt bombs"] == said["gif many frames"] == "picture"
