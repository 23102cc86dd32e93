"""Files with a long past, made quickly: records go in by SQL, their pictures are left out."""

import json
import random
import sqlite3
from pathlib import Path
from uuid import UUID

from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.project.batch import Batch, NewGeneration
from canvas.project.log_store import LogStore
from canvas.project.schema import connect_writer, create_file

WORDS = [
    "mountain",
    "river",
    "pine",
    "mist",
    "boat",
    "temple",
    "bridge",
    "snow",
    "crane",
    "bamboo",
    "lantern",
    "harbour",
    "castle",
    "forest",
    "meadow",
    "storm",
    "sunrise",
    "portrait",
    "astronaut",
    "café",
    "Köln",
    "façade",
    "naïve",
    "远山",
    "雾中远山与松",
    "江南水乡",
    "小桥流水",
    "孤舟",
    "明月",
    "松下问童子",
    "さくら",
    "富士山",
    "서울의",
    "밤",
]
STATUSES = ("finished", "finished", "finished", "failed", "cancelled")


def made_up(number: int, rng: random.Random, parent: str = "") -> GenerationRecord:
    """A record such as the program writes; each number has its own id and moment."""
    status = rng.choice(STATUSES)
    prompt = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 12)))
    seed = rng.randrange(1 << 32)
    minute, day = divmod(number, 60)[0] % 1440, number // 86400
    created = (
        f"2026-{1 + day % 12:02}-{1 + number % 28:02}T{minute // 60:02}:{minute % 60:02}:{number % 60:02}.000+00:00"
    )
    bounds = Bounds(rng.randint(-20, 20) * 256, rng.randint(-20, 20) * 256, 512, 512)
    request = {
        "task": "inpaint", "prompt": prompt, "negative_prompt": rng.choice(("", "blurry, 模糊")), "model": "starter",
        "seed": seed, "scheduler": "euler-a", "num_inference_steps": 14, "loras": [{"model": "ink-wash", "weight": 1}],
    }  # fmt: skip
    candidates = tuple(f"{seed + i:064x}" for i in range(2)) if status == "finished" else ()
    return GenerationRecord(
        UUID(int=number + 1).hex,
        parent,
        created,
        "inpaint",
        status,
        request,
        bounds,
        {"total_s": 1.5, "versions": {"torch": "2"}},
        "" if status == "finished" else "It failed.",
        candidates,
        {"mask": f"{seed + 9:064x}"},
        thumbnail=rng.randbytes(2000),
        form={"prompt": "{" + prompt + "|a 山}", "random_seed": True},
    )


def make_file(path: Path, count: int, seed: int = 1) -> None:
    """A project file with so many records in a row; every tenth was kept, every hundredth has a star."""
    create_file(path)
    connection = connect_writer(path)
    rng = random.Random(seed)
    store, last = LogStore(connection, lambda _digest, _pixels: None), ""
    connection.execute("BEGIN")
    for number in range(count):
        record = made_up(number, rng, last)
        store.write(Batch(generations=[NewGeneration(record, {})]))
        last = record.id if number % 3 else ""
        if number % 10 == 0 and record.candidates:
            connection.execute(
                "INSERT INTO verdict (generation_id, idx, layer_id, at) VALUES (?, 1, 'x', '')", (record.id,)
            )
        if number % 100 == 7:
            note = "好 note" if number % 200 == 7 else ""
            connection.execute("INSERT INTO annotation VALUES (?, 1, ?, ?)", (record.id, note, int(number % 300 == 7)))
    connection.execute("INSERT INTO meta VALUES ('frame', ?)", (json.dumps([0, 0, 512, 512]),))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def has_index(path: Path) -> bool:
    """Whether the words of the records are indexed in the file."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'generation_text'").fetchone()[0]
    finally:
        connection.close()
    return bool(found)
