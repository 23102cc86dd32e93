"""The tokenizer: a small byte-level CLIP vocabulary trained on the painter's words, English and Chinese."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from pipelines.starter.painter.words import FORM_WORDS, STYLE_WORDS, vocabulary

VOCABULARY_SIZE = 2048
LONGEST_PROMPT = 32
"""Tokens, with the two marks at the ends."""
_END_OF_WORD = "</w>"
_END_MARK = "<|endoftext|>"
_EVERYDAY_ENGLISH = (
    "a cat dog girl boy woman man portrait face flower dragon castle robot space planet car train horse temple garden "
    "style light dark red blue green yellow black white large small with and in the of on at crane summer lantern "
    "village forest sea island dream soft gentle pale bright"
)
_EVERYDAY_CHINESE = (
    "猫 狗 女孩 花 龙 城堡 夏 夏天 樱花 风景 美丽 的 和 有 在 一 个 小 大 上 下 里 旁 边 白 红 蓝 黄 绿 黑 灯 村 林 "
    "海 岛 天 光 影 静 远 近"
)


def _corpus() -> list[str]:
    """Return lines to learn merges from: words apart, so that whole captions never become one token."""
    rng = random.Random(3)
    english = [w for phrase in (*vocabulary("en"), *STYLE_WORDS["en"], *FORM_WORDS) for w in phrase.split()]
    chinese = [*vocabulary("zh"), *STYLE_WORDS["zh"]]
    lines = [" ".join(rng.sample(english, 8)) for _ in range(4000)]
    lines += ["".join(rng.sample(chinese, 2)) for _ in range(9000)]
    lines += chinese * 25
    everyday = f"{_EVERYDAY_ENGLISH} {_EVERYDAY_CHINESE}".split()
    lines += [" ".join(rng.sample(everyday, 6)) for _ in range(900)]
    lines += [mark.join(rng.sample(chinese, 2)) for mark in "，、。；" for _ in range(300)]
    return lines


def train_tokenizer() -> CLIPTokenizer:
    """Return a new tokenizer; equal merges fall in any order, so each training keeps the one it began with."""
    base = Tokenizer(models.BPE(unk_token=_END_MARK, end_of_word_suffix=_END_OF_WORD, continuing_subword_prefix=""))
    base.normalizer = normalizers.Sequence(  # type: ignore[assignment]
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    base.pre_tokenizer = pre_tokenizers.Sequence(  # type: ignore[assignment]
        [pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True), pre_tokenizers.ByteLevel(False)]
    )
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE - len(letters) - 2,
        min_frequency=20,
        special_tokens=[],
        initial_alphabet=letters,
        end_of_word_suffix=_END_OF_WORD,
        show_progress=False,
    )
    base.train_from_iterator(_corpus(), trainer)
    return _as_clip(json.loads(base.to_str())["model"], letters)


def _as_clip(model: dict[str, Any], letters: list[str]) -> CLIPTokenizer:
    """Fill the vocabulary to its full size, put the marks at its end and load it as CLIP's tokenizer."""
    words: dict[str, int] = dict(model["vocab"])
    for letter in letters:
        words.setdefault(letter + _END_OF_WORD, len(words))
    while len(words) < VOCABULARY_SIZE - 2:
        words[f"<|spare{len(words)}|>"] = len(words)
    words["<|startoftext|>"] = VOCABULARY_SIZE - 2
    words[_END_MARK] = VOCABULARY_SIZE - 1
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        (Path(folder) / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
        return CLIPTokenizer.from_pretrained(folder, model_max_length=LONGEST_PROMPT)


def transplant(old: CLIPTokenizer, new: CLIPTokenizer, weights: torch.Tensor) -> torch.Tensor:
    """Return embeddings (new size, width) for `new`: each token gets the mean of what `old` made of its text."""
    mean, spread = weights.mean(0), weights.std(0)
    out = mean + torch.randn(len(new), weights.shape[1], generator=torch.Generator().manual_seed(5)) * spread * 0.3
    shared = old.get_vocab()
    for token, index in new.get_vocab().items():
        if token in shared:
            out[index] = weights[shared[token]]
            continue
        text = new.convert_tokens_to_string([token]).strip()
        pieces = old(text, add_special_tokens=False).input_ids if text else []
        if pieces:
            out[index] = weights[torch.tensor(pieces)].mean(0)
    return out
