"""Weights, tags, wildcards of files, styles, tag lists, token counts: text in, text out."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName
from pipelines.engine.schedulers import fitting_schedulers as really_fitting
from pipelines.library.families import fitting_schedulers
from pipelines.prompting.novelai import from_novelai, is_novelai
from pipelines.prompting.styles import Style, StyleError, apply_styles, read_styles, write_styles
from pipelines.prompting.tag_lists import Tag, TagList, read_tags
from pipelines.prompting.tags import LoraTag, find_name, lora_tag, take_loras
from pipelines.prompting.tokens import count_tokens, find_vocabulary, open_counter, room_of, rule_of, unweighed
from pipelines.prompting.weighing import weigh
from pipelines.prompting.weights import Piece, parse, plain, write
from pipelines.prompting.wildcards import WildcardFolder, choose_words, missing_files, words_for_seed

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "starter"
STABILITY = (
    "enhance anime photographic digital-art comic-book fantasy-art line-art analog-film neon-punk isometric low-poly "
    "origami modeling-compound cinematic 3d-model pixel-art tile-texture"
)


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("a (b) c", [("a ", 1), ("b", 1.1), (" c", 1)]),
        ("((a))", [("a", 1.21)]),
        ("(a, (b:1.5) c:0.5)", [("a, ", 0.5), ("b", 0.75), (" c", 0.5)]),
        ("[a]", [("a", 0.9091)]),
        (r"a \(b\) \[c\] \\", [("a (b) [c] \\", 1)]),
        ("(unclosed [more", [("unclosed ", 1.1), ("more", 1)]),
        ("too) many]", [("too) many]", 1)]),
        ("a:1.2) b", [("a:1.2) b", 1)]),
        ("(a: -.5 )", [("a", -0.5)]),
        ("at 12:30, c:\\d", [("at 12:30, c:\\d", 1)]),
        ("", []),
    ],
)
def test_weights(prompt: str, pieces: list[tuple[str, float]]) -> None:
    assert [(piece.text, pytest.approx(piece.weight, abs=1e-4)) for piece in parse(prompt)] == pieces


def test_break_is_a_piece_of_its_own() -> None:
    assert parse("a BREAK (b BREAK c:1.5)") == (
        Piece("a"), Piece("", is_break=True), Piece("b", 1.5), Piece("", is_break=True), Piece("c", 1.5),
    )  # fmt: skip
    assert parse("BREAKING news") == (Piece("BREAKING news"),)
    assert plain("(red:1.3) BREAK boat") == "red boat"
    assert plain("a (red:1.3), (old) boat") == "a red, old boat"


def test_families_that_read_sentences_say_that_weights_count_for_nothing() -> None:
    assert "flux" in unweighed("a (red:1.2) boat", Family.FLUX)
    assert unweighed("a red BREAK boat", Family.SD3)
    assert not unweighed("a red boat", Family.FLUX)
    assert not unweighed("a (red:1.2) boat", Family.SDXL)


@given(st.text(alphabet="()[]\\:1.5 abBREAK", max_size=80))
def test_any_text_is_read_and_what_is_written_reads_the_same(prompt: str) -> None:
    pieces = parse(prompt)
    again = parse(write(pieces))
    assert "".join(piece.text for piece in again).split() == "".join(piece.text for piece in pieces).split()
    assert all(abs(piece.weight) <= 100 for piece in pieces)


def test_hostile_nesting_ends() -> None:
    assert "".join(piece.text for piece in parse("(" * 5000)).count("(") > 4000
    assert len(parse("((a:" * 5000 + " " * 50_000)) < 6000


@pytest.mark.parametrize(
    ("prompt", "at", "step", "result", "chosen"),
    [
        ("a cat sits", (3, 3), 0.05, "a (cat:1.05) sits", "cat"),
        ("a (cat:1.05) sits", (4, 4), -0.05, "a cat sits", "cat"),
        ("a (big cat:1.1) sits", (4, 4), 0.05, "a (big cat:1.15) sits", "big cat"),
        ("a big cat", (2, 9), 0.05, "a (big cat:1.05)", "big cat"),
        ("((cat))", (3, 3), 0.05, "((cat:1.15))", "cat"),
        ("[cat]", (2, 2), 0.05, "(cat:0.96)", "cat"),
        ("x <lora:foo:0.8>", (5, 5), 0.05, "x <lora:foo:0.85>", None),
        ("山水，小舟", (4, 4), 0.05, "山水，(小舟:1.05)", "小舟"),
        ("(cat:3)", (2, 2), 0.05, "(cat:3)", "cat"),
        (" , ", (1, 1), 0.05, None, None),
        ("", (0, 0), 0.05, None, None),
    ],
)
def test_weighing_at_the_cursor(
    prompt: str, at: tuple[int, int], step: float, result: str | None, chosen: str | None
) -> None:
    change = weigh(prompt, *at, step)
    if result is None:
        assert change is None
        return
    assert change is not None
    changed = prompt[: change.start] + change.text + prompt[change.end :]
    assert changed == result
    assert chosen is None or changed[slice(*change.chosen)] == chosen


@given(st.text(alphabet="()[]<>lora:1.2 ab,\\", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_weighing_never_fails_and_loses_no_word(prompt: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(prompt)), min(second, len(prompt))))
    change = weigh(prompt, start, end, 0.05)
    if change is not None:
        changed = prompt[: change.start] + change.text + prompt[change.end :]
        assert Counter(changed)["b"] == Counter(prompt)["b"]


@pytest.mark.parametrize(
    ("text", "converted"),
    [
        ("{masterpiece}, {{best}} [bad]", "(masterpiece:1.05), (best:1.103) (bad:0.952)"),
        ("1.3::cat, dog::, x (y)", r"(cat, dog:1.3), x \(y\)"),
        ("{a {red|blue} b}", "(a {red|blue} b:1.05)"),
        ("a {red|blue} b", None),
        ("{2$$a|b}", None),
        ("{2::a|b}", None),
        ("(a:1.2) {b}", None),
        ("plain", None),
    ],
)
def test_novelai(text: str, converted: str | None) -> None:
    assert is_novelai(text) is (converted is not None)
    assert converted is None or from_novelai(text) == converted


def test_loras_in_the_prompt() -> None:
    rest, tags = take_loras("a, <lora:Foo Bar:0.8>, b <lora:x> <LoRA:y:0.5:0.2> <lora:z:nonsense>")
    assert rest == "a, b"
    assert tags == (LoraTag("Foo Bar", 0.8), LoraTag("x", 1.0), LoraTag("y", 0.5), LoraTag("z", 1.0))
    assert take_loras(lora_tag("n", 0.75)) == ("", (LoraTag("n", 0.75),))
    assert find_name("foo_bar", ["Foo Bar.safetensors"]) == 0
    assert find_name("A", ["a", "A"]) == 1
    assert find_name("c", ["a"]) is None


def test_wildcards_weigh_and_take_several() -> None:
    picked = Counter(choose_words("{9::a|b}", seed) for seed in range(300))
    assert picked["a"] > 4 * picked["b"] > 0
    pairs = {choose_words("{2$$a|b|c}", seed) for seed in range(60)}
    assert pairs == {f"{x}, {y}" for x in "abc" for y in "abc" if x != y}
    counts = {choose_words("{1-2$$ and $$a|b}", seed) for seed in range(60)}
    assert counts == {"a", "b", "a and b", "b and a"}
    assert sorted(choose_words("{5$$a|b}", 1).split(", ")) == ["a", "b"]


def test_wildcard_files(tmp_path: Path) -> None:
    (tmp_path / "hue.txt").write_text("# remark\nred\n\n3::{dark|light} blue\n", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "sky.txt").write_text("__hue__ sky\n", encoding="utf-8")
    (tmp_path / "loop.txt").write_text("x __loop__\n", encoding="utf-8")
    files = WildcardFolder(tmp_path)
    assert files.names() == ("hue", "loop", "sub/sky")
    said = {choose_words("a __sub/sky__", seed, files) for seed in range(80)}
    assert said == {"a red sky", "a dark blue sky", "a light blue sky"}
    assert choose_words("__sub/sky__", 5, files) == choose_words("__sub/sky__", 5, files)
    assert len(choose_words("__loop__", 1, files)) < 200
    assert missing_files("__nobody__ __hue__", files) == ["nobody"]
    assert choose_words("__../hue__ __/etc/passwd__", 1, files) == "__../hue__ __/etc/passwd__"
    typed = "a __hue__"
    assert words_for_seed(typed, choose_words(typed, 4, files), 4, files) == typed
    (tmp_path / "hue.txt").write_text("green\n", encoding="utf-8")
    assert choose_words("__hue__", 1, files) == "green", "a file that changed is read anew"


def test_styles(tmp_path: Path) -> None:
    styles = {style.name: style for style in read_styles(ROOT / "resources" / "styles.json")}
    assert set(STABILITY.split()) <= set(styles)
    for style in styles.values():
        assert style.prompt.count("{prompt}") == 1, style.name
        assert style.negative_prompt, style.name
    chosen = [Style("a", "warm {prompt}", "cold"), Style("b", "old", "")]
    assert apply_styles(chosen, "pine,", "fog") == ("warm pine,, old".replace(",,", ","), "fog, cold")
    assert apply_styles(chosen, "", "") == ("warm, old", "cold")
    write_styles(tmp_path / "own.json", chosen)
    assert read_styles(tmp_path / "own.json") == tuple(chosen)
    assert read_styles(tmp_path / "none.json") == ()
    (tmp_path / "styles.csv").write_text('name,prompt,negative_prompt\nInk,"{prompt}, ink",photo\n', encoding="utf-8")
    assert read_styles(tmp_path / "styles.csv") == (Style("Ink", "{prompt}, ink", "photo"),)
    for broken in ("[1]", '{"styles": 5}', "nonsense"):
        (tmp_path / "bad.json").write_text(broken, encoding="utf-8")
        with pytest.raises(StyleError, match=r"bad\.json"):
            read_styles(tmp_path / "bad.json")


def test_tag_lists(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    rows = ['long_hair,0,500,"longhair,/lh"', "short_hair,0,900", "^_^,0,7,smile", "lone_wolf,0,40,", "broken\0row", ""]
    path.write_text("tag,category,count,aliases\n" + "\n".join(rows), encoding="utf-8")
    tags = TagList(read_tags(path))
    assert [tag.name for tag in tags.begun("lon")] == ["long hair", "lone wolf"]
    assert [tag.name for tag in tags.begun("hair")] == ["short hair", "long hair"]
    assert [tag.name for tag in tags.begun("/lh")] == ["long hair"]
    assert [tag.name for tag in tags.begun("smi")] == ["^_^"]
    assert tags.begun("") == []
    assert len(TagList(read_tags(ROOT / "resources" / "tags.csv"))) > 200


@pytest.mark.slow
def test_a_hundred_thousand_tags(tmp_path: Path) -> None:
    many = [Tag(f"tag {number % 977:03} {number}", number, aliases=(f"al{number}",)) for number in range(100_000)]
    tags = TagList(many)
    assert [tag.count for tag in tags.begun("tag", 3)] == [99_999, 99_998, 99_997]
    assert [tag.count for tag in tags.begun("al99999")] == [99_999]
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tag.name, "0", tag.count, ",".join(tag.aliases)] for tag in many[:1000])
    assert len(read_tags(tmp_path / "m.csv")) == 1000


def test_tokens_are_counted_as_the_tokenizer_does(tmp_path: Path) -> None:
    from transformers import CLIPTokenizer

    rule = rule_of(Family.STARTER)
    folder = find_vocabulary(STARTER, rule)
    assert folder is not None
    counter, rule = open_counter(folder), room_of(folder, rule)
    assert counter is not None
    assert rule.room == 30
    real = CLIPTokenizer.from_pretrained(str(folder), local_files_only=True)
    model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    added = {"<|startoftext|>": 2046, "<|endoftext|>": 2047}
    (tmp_path / "vocab.json").write_text(json.dumps(model["vocab"] | added), encoding="utf-8")
    merges = "\n".join(" ".join(pair) for pair in model["merges"])
    (tmp_path / "merges.txt").write_text(f"#version: 0.2\n{merges}\n", encoding="utf-8")
    plain_files = open_counter(tmp_path)
    assert plain_files is not None
    for words in ("misty mountains, pine", "it's a café 2024 №5!!", "山水 小舟", "  x  ", ""):
        count = len(real(words, truncation=False)["input_ids"]) - 2
        assert counter(words) == count, words
        assert plain_files(words) == count, words
    exact = count_tokens("(pine:1.3) BREAK boat", rule, counter)
    assert (exact.tokens, exact.room, exact.chunks) == (30 + counter("boat"), 60, 2)
    assert str(count_tokens("pine", rule)).startswith("~")
    assert count_tokens("word " * 600, rule_of(Family.FLUX)).is_over
    assert not count_tokens("word " * 600, rule_of(Family.SDXL)).is_over
    (tmp_path / "tokenizer.json").write_text("{", encoding="utf-8")
    assert open_counter(tmp_path) is None


def test_flux2_counts_with_the_words_of_its_own_text_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.miniatures.tokenizers import mistral_tokenizer

    monkeypatch.setenv("HANDSCROLL_VOCABULARIES", str(tmp_path))
    single = tmp_path / "flux2-dev.safetensors"
    dev, klein = rule_of(Family.FLUX2), rule_of(Family.FLUX2, "klein")
    assert find_vocabulary(single, dev) is None
    assert not count_tokens("a red boat", dev).exact
    mistral_tokenizer().save_pretrained(str(tmp_path / "mistral"))
    assert find_vocabulary(single, dev) == tmp_path / "mistral"
    assert find_vocabulary(single, klein) is None, "Klein reads with Qwen's"
    counted = count_tokens("a red boat", dev, open_counter(tmp_path / "mistral"))
    assert (counted.exact, counted.tokens) == (True, 10)  # every byte is one in this vocabulary


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_estimates_of_any_text(words: str) -> None:
    count = count_tokens(words, rule_of(Family.SD1))
    assert 0 <= count.tokens <= 75 * count.chunks


def test_schedulers_offered_are_those_that_the_engine_takes() -> None:
    from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler

    def info(family: Family, **facts: bool) -> ModelInfo:
        return ModelInfo("m", "m", "m", ModelKind.CHECKPOINT, family, **facts)  # type: ignore[arg-type]

    assert set(fitting_schedulers(info(Family.SD1))) == set(really_fitting(DDIMScheduler()))
    pure = DDIMScheduler(rescale_betas_zero_snr=True, timestep_spacing="trailing")
    assert set(fitting_schedulers(info(Family.SDXL, zero_terminal_snr=True))) == set(really_fitting(pure))
    starter = DDIMScheduler.from_pretrained(str(STARTER / "scheduler"), local_files_only=True)
    assert set(fitting_schedulers(info(Family.STARTER))) == set(really_fitting(starter))
    assert set(fitting_schedulers(info(Family.FLUX))) == set(really_fitting(FlowMatchEulerDiscreteScheduler()))
    assert fitting_schedulers(None)[0] is SchedulerName.DEFAULT
