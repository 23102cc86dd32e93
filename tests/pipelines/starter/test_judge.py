"""The judge: labels say what shows, training follows its seed, thresholds and the model card follow the exam."""

import numpy as np
import pytest
import torch

from pipelines.starter.data import load_vae
from pipelines.starter.errors import StarterError
from pipelines.starter.export import write_card
from pipelines.starter.gates import OBJECT_GATE
from pipelines.starter.judge import Judge, judge_pictures, load_exam, load_judge
from pipelines.starter.labels import JUDGED, UNSURE, labels_of
from pipelines.starter.painter.captions import ScrollFacts, Window, look_at
from pipelines.starter.painter.exposure import Exposure, Trace
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.painter.scene import PlacedObject
from pipelines.starter.painter.scroll import paint_flat, paint_scroll
from pipelines.starter.places import MODEL_FOLDER
from pipelines.starter.train_judge import Answers, Gallery, JudgeSettings, train_judge

torch.set_num_threads(1)
_BOAT, _HUT = JUDGED.index("boat"), JUDGED.index("hut")


def facts(*objects: PlacedObject) -> ScrollFacts:
    columns = np.full(64, 256, np.float32)
    return ScrollFacts("night", "mono", 512, 256, 256.0, columns, np.zeros(64, np.float32), objects)


def test_labels_tell_the_clear_from_the_hidden_and_the_cut():
    scroll = facts(
        PlacedObject("boat", 100, 100, 140, 124, 400.0),
        PlacedObject("hut", 20, 20, 60, 60, 3.0),
        PlacedObject("moon", 240, 20, 280, 60, 900.0),
    )
    labels = labels_of(scroll, Window(0, 0, 256, 256))
    assert labels.objects[_BOAT] == 1
    assert labels.objects[_HUT] == UNSURE
    assert labels.objects[JUDGED.index("moon")] == UNSURE
    assert labels.objects[JUDGED.index("sun")] == 0
    assert labels.cells[_BOAT, 13, 14] == 1
    assert labels.cells[_BOAT].sum() <= 24
    assert labels.cells[_HUT, 4, 4] == UNSURE


def test_what_later_paint_covers_is_not_visible():
    exposure = Exposure(4, 8)
    rows, columns = slice(0, 4), slice(0, 8)
    trace = Trace(rows, columns, np.full((4, 8), 100.0), exposure.through.copy())
    assert trace.visible(exposure) == 32
    exposure.cover(rows, slice(0, 4), np.full((4, 4), 0.95, np.float32))
    assert trace.visible(exposure) == 16


def test_hidden_things_are_not_named():
    thing = PlacedObject("boat", 100, 100, 140, 124, 400.0)
    hidden = PlacedObject("hut", 20, 20, 60, 60, 3.0)
    assert look_at(facts(thing, hidden), Window(0, 0, 256, 256)).objects == ("boat",)


def test_layers_and_flat_pictures_agree_on_what_shows():
    flat, layered = paint_flat(3, 384, 128).facts.objects, paint_scroll(3, 384, 128).facts.objects
    assert [o.kind for o in flat] == [o.kind for o in layered]
    shown = [(a.visible, b.visible) for a, b in zip(flat, layered, strict=True)]
    assert all(a is not None and b is not None and abs(a - b) <= 4 + 0.05 * a for a, b in shown)
    assert any(a for a, _ in shown)


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(5, 1, load_vae(str(MODEL_FOLDER)), 0)


def test_the_same_seed_trains_the_same_judge(gallery):
    first, again = (train_judge(JudgeSettings(seed=3, steps=2, batch=2), gallery).state_dict() for _ in range(2))
    other = train_judge(JudgeSettings(seed=4, steps=2, batch=2), gallery).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["cells.weight"], other["cells.weight"])


def test_verdicts_name_one_mood_and_one_wash_and_obey_the_thresholds():
    judge = Judge().eval()
    picture = paint_flat(1, 256, 256).rgb
    judge.thresholds.fill_(-100)
    judge.thresholds[0] = 100
    verdict = judge_pictures(judge, [picture, picture])
    assert verdict.objects.tolist() == [[False] + [True] * (len(JUDGED) - 1)] * 2
    assert set(verdict.moods) <= set(MOODS)
    assert set(verdict.washes) <= set(WASHES)


def test_thresholds_let_one_false_alarm_in_twenty_pass():
    scores = torch.arange(200.0).repeat(len(JUDGED), 1).T.contiguous()
    truth = torch.zeros(200, len(JUDGED))
    truth[195:] = 1
    truth[:40] = UNSURE
    answers = Answers(scores, truth, 1.0, 1.0)
    thresholds = answers.thresholds()
    assert answers.invented(0, thresholds[0]) == pytest.approx(0.05, abs=0.01)
    assert answers.found(0, thresholds[0]) == 1


def test_a_missing_judge_says_how_to_train_one(tmp_path):
    for load in (load_judge, load_exam):
        with pytest.raises(StarterError, match=r"pipelines\.starter\.train_judge"):
            load(tmp_path)


def test_the_card_has_a_line_for_every_kind():
    one = {"found": 0.9, "invented": 0.04, "found_after_vae": 0.8, "invented_after_vae": 0.06, "windows": 20}
    gates = [{"name": "object seen", "value": 0.5, "target": ">= 0.70", "note": "n"}]
    gates += [{"name": f"{OBJECT_GATE}{k}", "value": 0.25, "target": ">= 0.70", "note": "6 pictures"} for k in JUDGED]
    exam = {"mood": 0.99, "wash": 0.9, "objects": dict.fromkeys(JUDGED, one)}
    counters = {"step": 1, "images": 12345, "core_seconds": 7200.0}
    card = write_card({"counters": counters, "gates": gates, "judge": exam}, 27_000_000)
    assert all(f"| {kind} | 0.25 | 6 pictures | 0.90 | 0.80 |" in card for kind in JUDGED)
    assert "objects found 0.80, invented 0.06" in card
    assert OBJECT_GATE not in card
