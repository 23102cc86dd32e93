"""Tokenizers over single bytes: real classes, no vocabulary of anybody's."""

from __future__ import annotations

from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import CLIPTokenizer, PreTrainedTokenizerFast, Qwen2Tokenizer, T5Tokenizer

QWEN_MARKS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<think>",
    "</think>",
)
"""Tokens of their own, behind the 256 bytes."""
_CHAT = """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}\
{% if message['content'] is string %}{{ message['content'] }}{% else %}\
{% for part in message['content'] %}\
{% if part['type'] == 'text' %}{{ part['text'] }}{% else %}<|vision_start|><|image_pad|><|vision_end|>{% endif %}\
{% endfor %}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}\
{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""


_MISTRAL_MARKS = ("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "<pad>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]")
"""Before the 256 bytes."""
MISTRAL_WORDS = 256 + len(_MISTRAL_MARKS)
_MISTRAL_CHAT = """{{ bos_token }}{% for message in messages %}{% set mark = 'SYSTEM_PROMPT' \
if message['role'] == 'system' else 'INST' %}{{ '[' + mark + ']' }}\
{% for part in message['content'] %}{{ part['text'] }}{% endfor %}{{ '[/' + mark + ']' }}{% endfor %}"""


def clip_tokenizer() -> CLIPTokenizer:
    """A real CLIP tokenizer over single bytes: 514 tokens, no merges."""
    letters = _byte_symbols()
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: n for n, word in enumerate(words)}, merges=[], model_max_length=77)


def t5_tokenizer() -> T5Tokenizer:
    """A real T5 tokenizer over printable ASCII: 108 tokens."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [(chr(code), -3.0) for code in range(33, 127)]
    pieces += [(f"<extra_id_{number}>", 0.0) for number in range(9, -1, -1)]
    return T5Tokenizer(vocab=pieces, extra_ids=10, model_max_length=512)


def qwen_tokenizer() -> Qwen2Tokenizer:
    """A real Qwen tokenizer over single bytes, with its marks and a plain chat template: 266 tokens."""
    words = [*_byte_symbols(), *QWEN_MARKS]
    tokenizer = Qwen2Tokenizer(vocab={word: n for n, word in enumerate(words)}, merges=[], model_max_length=2048)
    tokenizer.add_tokens(list(QWEN_MARKS), special_tokens=True)
    tokenizer.chat_template = _CHAT
    return tokenizer


def mistral_tokenizer() -> PreTrainedTokenizerFast:
    """A real tokenizer of the form of Mistral's, over single bytes, with its marks and a plain chat template: 264
    tokens, and what is short is filled at its beginning."""
    words = [*_MISTRAL_MARKS, *_byte_symbols()]
    made = Tokenizer(models.BPE(vocab={word: n for n, word in enumerate(words)}, merges=[]))
    cut = pre_tokenizers.Split(Regex(r"\s+|\S+"), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.add_special_tokens(list(_MISTRAL_MARKS))
    roles = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=2048, padding_side="left", **roles)
    tokenizer.chat_template = _MISTRAL_CHAT
    return tokenizer


def _byte_symbols() -> list[str]:
    """The 256 bytes as the printable characters that byte-level vocabularies spell them with."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}
    return [symbols[byte] for byte in range(256)]
