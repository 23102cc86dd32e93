"""Five hundred damaged OpenRaster files in a process of their own: a picture or a sentence, soon, in little memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MUTANTS = 500
MOST_SECONDS = 5
MOST_MEGABYTES = 200
"""More than the process had before the first of them."""
CHILD = """
import json, random, sys, time, zipfile
from pathlib import Path
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
from canvas.errors import CanvasError
from canvas.formats.layered import to_document
from canvas.formats.ora_reading import read_ora
from canvas.formats.ora_writing import ora_from_document, write_ora
from tests.canvas.formats import samples
from tests.peak import peak_megabytes

folder, count = Path(sys.argv[1]), int(sys.argv[2])
kinds = []
for name in ("groups", "masks"):
    write_ora(folder / f"{name}.ora", ora_from_document(getattr(samples, name)(), samples.FRAME))
    to_document(read_ora(folder / f"{name}.ora"))
    with zipfile.ZipFile(folder / f"{name}.ora") as archive:
        kinds.append(((folder / f"{name}.ora").read_bytes(), {one: archive.read(one) for one in archive.namelist()}))

def harmed(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(len(data))
        what = rng.randrange(4)
        if what == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            data[at:at + rng.randrange(1, 9)] = rng.randbytes(rng.randrange(9))
        elif what == 2:
            data[at:at + 4] = rng.choice((b"\\xff\\xff\\xff\\xff", b"\\0\\0\\0\\0", b"9999", b"-1e9"))
        else:
            del data[at + rng.randrange(1 + len(data) - at):]
        if not data:
            break
    return bytes(data)

before = peak_megabytes()
found = {"read": 0, "refused": 0, "slowest": 0.0}
for seed in range(count):
    rng = random.Random(seed)
    whole, members = kinds[seed % 2]
    path = folder / "mutant.ora"
    if seed % 4 == 0:
        path.write_bytes(harmed(whole, rng))
    else:
        victim = rng.choice([one for one in members if one != "mimetype"] + ["stack.xml"] * 4)
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, harmed(data, rng) if name == victim else data)
    began = time.perf_counter()
    try:
        to_document(read_ora(path))
        found["read"] += 1
    except CanvasError as error:
        assert str(error).rstrip().endswith((".", ")")), str(error)
        found["refused"] += 1
    found["slowest"] = max(found["slowest"], time.perf_counter() - began)
found["megabytes"] = peak_megabytes() - before
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_damaged_files_end_in_a_picture_or_a_sentence(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), str(MUTANTS)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout.strip().splitlines()[-1])
    assert found["read"] + found["refused"] == MUTANTS
    assert min(found["read"], found["refused"]) > MUTANTS // 20, found
    assert found["slowest"] < MOST_SECONDS, found
    assert found["megabytes"] < MOST_MEGABYTES, found
