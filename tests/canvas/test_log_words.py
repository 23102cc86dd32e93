"""The normal form of words: what is found by what."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.log_words import FIELDS, fulfils, match_expression, phrases, searchable, tokens


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("雾中远山与松", "远山"),
        ("雾中远山与松", "山与松 雾"),
        ("a Mountain lake", "mount LAK"),
        ("Éclair à la Crème", "eclair creme"),
        ("naive cafe", "naïve café"),
        ("Straße", "strasse"),
        ("ＦＵＬＬ ｗｉｄｔｈ 42", "full width 42"),
        ("dreamshaper_8.safetensors", "dreamshaper_8"),
        ("dpmpp-2m-karras", "2m kar"),
        ("2026-11-21", "2026-11"),
        ("a red boat on blue water", '"red boat"'),
        ("서울의 밤", "울의"),
        ("カタカナ", "タカ"),
        ("Ёлка", "елк"),
        ("Αθήνα", "αθην"),
        ("กรุงเทพ", "รุง"),
        ("a cat 😺 sits", "😺"),
        ("山A水b", "a水"),
        ("(masterpiece:1.2), [x|y]", "masterpiece 1.2 y"),
        ("anything", "!!! ---"),
    ],
)
def test_it_is_found(text: str, question: str) -> None:
    assert all(fulfils(phrase, {"prompt": searchable([text])}) for phrase in phrases(question))


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        (["雾中远山与松"], "山远"),
        (["mountain"], "ountain"),
        (["red", "boat"], '"red boat"'),
        (["a red boats"], '"red boat"'),
        (["a red old boat"], '"red boat"'),
        (["远", "山"], "远山"),
        (["pine"], "pine snow"),
        (["中"], "_"),
        (["中"], "00"),
        (["中"], "u"),
    ],
)
def test_it_is_not_found(fields: list[str], question: str) -> None:
    asked = phrases(question)
    assert not all(fulfils(phrase, {"prompt": searchable(fields)}) for phrase in asked) or not asked


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("model:ink", True),
        ("MODEL:ink", True),
        ("prompt:ink", False),
        ("seed:42", True),
        ("seed:4", True),
        ('seed:"4"', False),
        ("prompt:42", False),
        ("-blurry", True),
        ("-boat", False),
        ("boat -model:wash", False),
        ("-prompt:42 boat", True),
        ('-"red boat"', False),
        ("masterpiece:1.2", False),
        ("seed:", True),
        ("- boat", True),
        ("red-boat", True),
    ],
)
def test_fields_and_words_that_must_not_occur(question: str, found: bool) -> None:
    values = {"prompt": "a red boat, seed", "model": "ink-wash", "seed": "42"}
    lines = {field: searchable([values.get(field, "")]) for field in FIELDS}
    assert all(fulfils(phrase, lines) for phrase in phrases(question)) == found


def test_a_lone_underscore_asks_nothing() -> None:
    assert phrases("_ \" ' *") == ()


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=20))
def test_sqlite_finds_the_same(values: list[str], question: str) -> None:
    asked, line = phrases(question), searchable(values)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5 ({', '.join(FIELDS)}, tokenize = \"ascii tokenchars '_'\")")
    connection.execute("INSERT INTO t (prompt, status) VALUES (?, '_ finished')", (line,))
    for some in (asked, *([one] for one in asked)):
        found = connection.execute("SELECT 1 FROM t WHERE t MATCH ?", (match_expression(some),)).fetchone()
        expected = all(fulfils(one, {"prompt": line, "status": "_ finished"}) for one in some)
        assert (found is not None) == expected
    connection.close()


@given(st.text(max_size=60))
def test_tokens_are_plain_and_every_text_finds_itself(text: str) -> None:
    listed = tokens(text)
    assert all(token.isascii() and token.replace("_", "").isalnum() and token == token.lower() for token in listed)
    asked = [one for one in phrases(text.replace('"', " ")) if not one.excluded and not one.field]
    assert all(fulfils(phrase, {"prompt": searchable([text])}) for phrase in asked)
