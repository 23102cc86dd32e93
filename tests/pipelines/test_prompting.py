"""Wildcards and known words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.prompting.wildcards import choose_words
from pipelines.prompting.words import knows_any, unknown_words

WORDS = {"moon", "mountain", "mist", "月", "山水", "山", "小舟"}


def test_the_seed_decides() -> None:
    prompts = {choose_words("a {red|blue|green} moon", seed) for seed in range(40)}
    assert prompts == {"a red moon", "a blue moon", "a green moon"}
    assert choose_words("{a|b|c|d} {a|b|c|d}", 7) == choose_words("{a|b|c|d} {a|b|c|d}", 7)


def test_inner_braces_and_empty_choices() -> None:
    assert {choose_words("{a {b|c}|d}", seed) for seed in range(60)} == {"a b", "a c", "d"}
    assert {choose_words("x{|y}", seed) for seed in range(20)} == {"x", "xy"}


@pytest.mark.parametrize("prompt", ["plain", "{single}", "a | b", "{open", "close}", ""])
def test_what_is_no_wildcard_stays(prompt: str) -> None:
    assert choose_words(prompt, 1) == prompt


def test_a_backslash_keeps_braces() -> None:
    assert choose_words(r"\{a\|b\}", 1) == "{a|b}"


@given(st.text(alphabet="{}|\\ab ", max_size=60), st.integers(0, 2**63 - 1))
def test_any_text_comes_to_an_end_and_repeats(prompt: str, seed: int) -> None:
    assert choose_words(prompt, seed) == choose_words(prompt, seed)


def test_unknown_words() -> None:
    assert unknown_words("Mountains, a cat in the MIST; cat", WORDS) == ["a", "cat", "in", "the"]
    assert unknown_words("山水小舟飞龙月", WORDS) == ["飞龙"]
    assert unknown_words("2.5 ,,", WORDS) == []


def test_knows_any() -> None:
    assert knows_any("a cat in the mist", WORDS)
    assert knows_any("龙山", WORDS)
    assert knows_any("", WORDS)
    assert not knows_any("dragon castle", WORDS)
    assert not knows_any("龙", WORDS)
