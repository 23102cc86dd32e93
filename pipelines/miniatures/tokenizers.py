"""Tokenizers over single bytes: real classes, no vocabulary of anybody's."""

from __future__ import annotations

from transformers import CLIPTokenizer


def clip_tokenizer() -> CLIPTokenizer:
    """A real CLIP tokenizer over single bytes: 514 tokens, no merges."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}
    letters = [symbols[byte] for byte in range(256)]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: n for n, word in enumerate(words)}, merges=[], model_max_length=77)
