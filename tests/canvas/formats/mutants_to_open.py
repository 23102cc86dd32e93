"""A process of its own that opens damaged files: `python -m tests.canvas.formats.mutants_to_open FILE COUNT SEED`.

It may use 1 GB more than it has after its imports. Prints what became of the mutants as JSON.
"""

import json
import random
import resource
import signal
import struct
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path

import cv2
from PySide6.QtGui import QGuiApplication

from canvas.errors import CanvasError
from canvas.formats import kra, psd_reading, psd_writing
from canvas.formats.layered import LayeredPicture, put_pixels
from canvas.layers import PaintLayer
from tests.canvas.formats import painted
from tests.peak import peak_megabytes

MEMORY = 1 << 30
HANG = 15
LIES = [
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\0\0\0\0",
    b"\0\0\x75\x30",
    b"\xff\xff",
    b"\0\1",
    b"\x7f\xff",
]


def mutated(data: bytes, kind: int, chance: random.Random) -> bytes:
    """Cut short, flipped, with lies for lengths and sizes, or with a part of it somewhere else."""
    made = bytearray(data)
    front = min(len(made), 6000)
    if kind == 0:
        return bytes(made[: chance.choice([chance.randrange(len(made)), chance.randrange(front)])])
    for _ in range(chance.randint(1, 12)):
        at = chance.choice([chance.randrange(len(made)), chance.randrange(front)])
        if kind == 1:
            made[at] = chance.randrange(256)
        elif kind == 2:
            lie = chance.choice([*LIES, struct.pack(">I", chance.randrange(1 << 20))])
            made[at : at + len(lie)] = lie
        else:
            length = chance.randrange(1, 400)
            source = chance.randrange(len(made))
            made[at : at + length] = made[source : source + length]
    return bytes(made)


def mutated_archive(data: bytes, kind: int, chance: random.Random) -> bytes:
    """One member of a zip damaged, the archive itself in order; or the archive damaged."""
    if chance.random() < 0.3:
        return mutated(data, kind, chance)
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        wanted = [name for name in old.namelist() if "layers/" in name or name in ("maindoc.xml", "mergedimage.png")]
        victim = chance.choice(wanted)
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, mutated(body, kind, chance) if name == victim and body else body)
    return packed.getvalue()


def main() -> None:
    """Opens so many mutants of a file."""
    source, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    application = QGuiApplication(sys.argv[:1])
    read = kra.read if source.suffix == ".kra" else psd_reading.read
    change = mutated_archive if source.suffix == ".kra" else mutated
    warm = PaintLayer()
    put_pixels(warm.surface, painted.paper(), 0, 0)
    cv2.setNumThreads(1)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    data, opened, refused = source.read_bytes(), 0, 0
    problems: list[str] = []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            chance = random.Random(seed * 100_003 + number)
            path = Path(folder) / source.name
            path.write_bytes(change(data, number % 4, chance))
            signal.alarm(HANG)
            began = time.perf_counter()
            try:
                found: LayeredPicture = read(path)
                psd_writing.express(found.layers)
                assert found.width > 0
                assert found.layers
                opened += 1
            except CanvasError as error:
                refused += len(str(error)) > 20
            except Exception as error:  # noqa: BLE001 - what the test is for
                problems.append(f"{number}: {type(error).__name__}: {error}")
            slowest = max(slowest, time.perf_counter() - began)
            signal.alarm(0)
    peak = peak_megabytes()
    answer = {"opened": opened, "refused": refused, "problems": problems, "slowest": slowest, "peak": peak}
    sys.stdout.write(json.dumps(answer))
    del application


if __name__ == "__main__":
    main()
