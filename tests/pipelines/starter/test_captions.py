"""Captions tell what is really in a window."""

import json
import random

import numpy as np

from pipelines.starter.painter.captions import ScrollFacts, Window, look_at, plain_caption, write_caption
from pipelines.starter.painter.scene import PlacedObject
from pipelines.starter.painter.scroll import paint_flat, paint_scroll
from pipelines.starter.painter.words import OBJECT_WORDS, PLACE_WORDS, vocabulary


def facts(*objects: PlacedObject) -> ScrollFacts:
    columns = np.full(64, 256, np.float32)
    return ScrollFacts("night", "mono", 512, 256, 256.0, columns, np.zeros(64, np.float32), objects)


def test_only_objects_that_lie_mostly_inside_are_named():
    scroll = facts(PlacedObject("boat", 100, 100, 140, 120), PlacedObject("moon", 290, 20, 310, 40))
    assert look_at(scroll, Window(0, 0, 256, 256)).objects == ("boat",)
    assert look_at(scroll, Window(110, 0, 256, 256)).objects == ("boat", "moon")
    assert look_at(scroll, Window(125, 0, 256, 256)).objects == ("moon",)
    assert look_at(scroll, Window(0, 128, 256, 128)).objects == ()


def test_specks_are_not_named():
    assert look_at(facts(PlacedObject("birds", 50, 50, 53, 53)), Window(0, 0, 256, 256)).objects == ()


def test_an_empty_window_is_called_sky():
    assert look_at(facts(), Window(0, 0, 256, 256)).places == ("sky",)


def test_plain_captions_in_both_languages():
    content = look_at(facts(PlacedObject("boat", 100, 100, 140, 120)), Window(0, 0, 256, 256))
    assert plain_caption(content, "en") == "night, black ink, empty sky, fishing boat"
    assert plain_caption(content, "zh") == "夜晚，水墨，天空，渔船"


def test_captions_vary_but_follow_the_seed():
    scroll = paint_flat(5, 512, 256)
    content = look_at(scroll.facts, Window(128, 0, 256, 256))
    captions = [write_caption(content, random.Random(i)) for i in range(60)]
    assert len(set(captions)) > 40
    assert captions == [write_caption(content, random.Random(i)) for i in range(60)]
    chinese = [c for c in captions if not c.isascii()]
    assert 8 < len(chinese) < 40


def test_every_kind_that_is_painted_has_names_in_both_languages():
    kinds = {thing.kind for seed in range(5) for thing in paint_flat(seed, 768, 96).facts.objects}
    assert len(kinds) > 12
    for language in ("en", "zh"):
        assert kinds <= set(OBJECT_WORDS[language])
    assert set(OBJECT_WORDS["en"]) == set(OBJECT_WORDS["zh"])
    assert set(PLACE_WORDS["en"]) == set(PLACE_WORDS["zh"])


def test_vocabulary_has_no_repeats_and_no_empty_word():
    for language in ("en", "zh"):
        words = vocabulary(language)
        assert len(words) == len(set(words)) > 60
        assert all(words)


def test_facts_survive_json():
    scroll = paint_flat(2, 512, 128).facts
    back = ScrollFacts.from_json(json.loads(json.dumps(scroll.to_json())))
    window = Window(64, 0, 128, 128)
    assert look_at(back, window) == look_at(scroll, window)


def test_objects_of_a_layered_scroll_carry_their_names():
    picture = paint_scroll(4, 768, 128)
    assert picture.objects
    assert all(thing.english.isascii() and not thing.chinese.isascii() for thing in picture.objects)
    assert picture.caption() == picture.caption(Window(0, 0, 768, 128))
