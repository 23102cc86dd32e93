"""How many tokens a prompt has, for the counter beside the field: exactly where the vocabulary is there, else about."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.contract.models import Family
from pipelines.prompting.weights import Piece, parse

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VARIABLE = "HANDSCROLL_VOCABULARIES"
"""Names another place for the vocabularies than the Python environment."""
_SPECIAL = ("<|startoftext|>", "<|endoftext|>")
_CLIP_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_PARTS = re.compile(r"[A-Za-z]+|\d|[^\W\d_]|[^\w\s]+|_")
_LETTERS_A_TOKEN = 7


@dataclass(frozen=True)
class TokenRule:
    """How a family reads prompts."""

    vocabulary: str
    """Folder of the vocabulary: `clip`, `t5`, `qwen`, `mistral`."""
    room: int
    """Tokens of the words that one chunk holds, or the whole prompt: without the two at begin and end, or what a
    language model's conversation puts around them."""
    chunks: bool = False
    """Whether longer prompts go on in another chunk; else the rest is cut off. Where they do, words have weights."""
    tokenizer: str = "tokenizer"
    """Where a diffusers folder has its vocabulary."""


_CLIP = TokenRule("clip", 75, chunks=True)
_RULES: Mapping[Family, TokenRule] = {
    Family.STARTER: TokenRule("clip", 30, chunks=True),
    Family.SD1: _CLIP,
    Family.SD2: _CLIP,
    Family.SDXL: _CLIP,
    Family.SD3: TokenRule("t5", 255, tokenizer="tokenizer_3"),
    Family.FLUX: TokenRule("t5", 511, tokenizer="tokenizer_2"),
    Family.FLUX2: TokenRule("mistral", 512 - 33),
    Family.QWEN_IMAGE: TokenRule("qwen", 1024),
    Family.Z_IMAGE: TokenRule("qwen", 512 - 8),
    Family.WAN: TokenRule("umt5", 511),
}
_KLEIN = TokenRule("qwen", 512 - 12)
_OF_VARIANTS: Mapping[tuple[Family, str], TokenRule] = {
    (Family.FLUX2, variant): _KLEIN for variant in ("klein", "klein-base", "klein-9b")
}
"""Variants that read with another text encoder than their family."""


@dataclass(frozen=True)
class TokenCount:
    """What the counter shows."""

    tokens: int
    """Of the words, chunks that a BREAK cut short counted whole."""
    room: int
    """What the chunks in use hold together."""
    chunks: int
    """How many chunks are in use, at least 1."""
    exact: bool

    @property
    def is_over(self) -> bool:
        """Whether the end of the prompt is cut off."""
        return self.tokens > self.room

    def __str__(self) -> str:
        return f"{'' if self.exact else '~'}{self.tokens} / {self.room}"


class WordTokens(Protocol):
    """Counts the tokens of a stretch of words."""

    def __call__(self, words: str, /) -> int:
        """Tokens of `words` alone, without begin and end."""
        ...


def rule_of(family: Family, variant: str = "") -> TokenRule:
    """How models of that family and variant read prompts; CLIP's way for unknown ones."""
    return _OF_VARIANTS.get((family, variant)) or _RULES.get(family, _CLIP)


def unweighed(prompt: str, family: Family) -> str:
    """A sentence where the prompt gives weights to words and models of that family read none; else empty."""
    if rule_of(family).chunks or all(piece.weight == 1.0 and not piece.is_break for piece in parse(prompt)):
        return ""
    return (
        f"Models of the family {family.value} read whole sentences: weights of words and BREAK count for nothing there."
    )


def count_tokens(prompt: str, rule: TokenRule, counter: WordTokens | None = None) -> TokenCount:
    """The tokens of a prompt, its weights read as such; about, where no `counter` is given."""
    about = counter is None
    count = counter or (lambda words: estimate(words, rule.vocabulary))
    filled, chunk = 0, 0
    pieces = parse(prompt) if rule.chunks else (Piece(prompt),)
    for piece in pieces:
        if piece.is_break:
            filled, chunk = filled + rule.room * max(1, -(-chunk // rule.room)), 0
        else:
            chunk += count(piece.text)
    tokens = filled + chunk
    used = max(1, -(-tokens // rule.room)) if rule.chunks else 1
    return TokenCount(tokens, used * rule.room, used, exact=not about)


def estimate(words: str, vocabulary: str) -> int:
    """About how many tokens words have, by their length."""
    wide = 2 if vocabulary == "clip" else 1
    return sum(
        -(-len(part) // _LETTERS_A_TOKEN) if part.isascii() and part.isalpha() else wide if part.isalpha() else 1
        for part in _PARTS.findall(words)
    )


def vocabularies_folder() -> Path:
    """The folder with one folder for each vocabulary: `clip`, `t5`, `qwen`, `mistral`. The set-up unpacks them below
    the Python environment."""
    return Path(os.environ.get(VARIABLE) or Path(sys.prefix) / "share" / "handscroll" / "vocabularies")


def find_vocabulary(model: Path, rule: TokenRule) -> Path | None:
    """The folder with the words of a model: its own `tokenizer`, else the installed one; None when neither is there."""
    for folder in (model / rule.tokenizer, _installed(rule)):
        if (folder / "tokenizer.json").is_file() or _has_merges(folder):
            return folder
    return None


def room_of(folder: Path, rule: TokenRule) -> TokenRule:
    """The rule with the length that a CLIP tokenizer's own settings give; for a thread."""
    try:
        longest = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8")).get("model_max_length")
    except (OSError, ValueError, AttributeError):
        return rule
    if rule.chunks and isinstance(longest, int) and 2 < longest <= 4096:
        return replace(rule, room=longest - 2)
    return rule


def open_counter(folder: Path) -> WordTokens | None:
    """Counts with the vocabulary in a folder; None when it cannot be read. Takes a moment: for a thread."""
    from tokenizers import Tokenizer  # native code: not for every start

    try:
        if (folder / "tokenizer.json").is_file():
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        else:
            tokenizer = _clip_tokenizer(folder)
    except Exception as error:  # the library raises nothing narrower
        if isinstance(error, MemoryError):
            raise
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda words: len(tokenizer.encode(words, add_special_tokens=False).ids) if words.strip() else 0


def _installed(rule: TokenRule) -> Path:
    return vocabularies_folder() / rule.vocabulary


def _has_merges(folder: Path) -> bool:
    return (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()


def _clip_tokenizer(folder: Path) -> Tokenizer:
    """CLIP's byte pair encoding from the two files of its first release."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    vocab, merges = str(folder / "vocab.json"), str(folder / "merges.txt")
    is_clip = _SPECIAL[0] in json.loads(Path(vocab).read_text(encoding="utf-8"))
    if not is_clip:
        tokenizer = Tokenizer(models.BPE.from_file(vocab, merges))
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        return tokenizer
    tokenizer = Tokenizer(models.BPE.from_file(vocab, merges, unk_token=_SPECIAL[1], end_of_word_suffix="</w>"))
    spaces = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), spaces, normalizers.Lowercase()])
    words = pre_tokenizers.Split(Regex(_CLIP_WORDS), "removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer
