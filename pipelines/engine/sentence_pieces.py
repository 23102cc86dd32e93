"""Vocabularies of SentencePiece models, read from their bytes: text encoder files of other programs carry them.

The format is a protocol buffer (`sentencepiece_model.proto`); of it are read the pieces with their scores and kinds,
and how text is made ready. What is in a file is anybody's, so that every length is bounded before memory is taken.
Kudo and Richardson, "SentencePiece" (2018); Kudo, "Subword Regularization" (2018) for the unigram model.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from pipelines.contract.errors import ModelError

MOST_BYTES = 32 * 2**20
_MOST_PIECES = 1_000_000
_LONGEST_PIECE = 1024
_MOST_RULES = 8 * 2**20
"""Bytes of the table by which characters are made alike."""
_UNIGRAM = 1
_PAD, _END = "<pad>", "</s>"

_VARINT, _LONG, _BYTES, _SHORT = 0, 1, 2, 5
"""Kinds of fields in a protocol buffer."""
_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3
"""Fields of the model."""
_PIECE, _SCORE, _KIND = 1, 2, 3
_MODEL_TYPE = 3
_RULES, _DUMMY_PREFIX, _FEWER_SPACES = 2, 3, 4


class _Kinds(IntEnum):
    NORMAL = 1
    UNKNOWN = 2
    BYTE = 6


@dataclass(frozen=True)
class SentencePieces:
    """What a model knows."""

    pieces: tuple[tuple[str, float], ...]
    """By number; the logarithm of how likely each is."""
    unknown: int
    """The number of what stands for anything else."""
    has_bytes: bool
    """Whether what is unknown is spelled byte by byte."""
    rules: bytes
    """Which characters are made alike; empty: none."""
    dummy_prefix: bool
    """Whether a text begins as if a space stood before it."""
    fewer_spaces: bool
    """Whether several spaces count as one."""


class _DamagedError(ValueError):
    pass


def read_pieces(data: bytes, name: str) -> SentencePieces:
    """Reads a model; `name` is the file it came from, for sentences. Raises ModelError when it is damaged, too large or
    of a kind that cannot be used."""
    if len(data) > MOST_BYTES:
        raise ModelError(f"The vocabulary in {name} is {len(data)} bytes long; at most {MOST_BYTES} can be read.")
    try:
        return _read(data)
    except (_DamagedError, UnicodeDecodeError, struct.error) as error:
        raise ModelError(
            f"The vocabulary in {name} cannot be read: {error}. Copy or download the file again."
        ) from error


def tokenizer_from(found: SentencePieces, name: str, longest: int) -> PreTrainedTokenizerFast:
    """A tokenizer that ends every text as T5 does. Raises ModelError where the vocabulary, from the file `name`, has no
    end or no filling."""
    numbers = {piece: number for number, (piece, _score) in enumerate(found.pieces)}
    if _END not in numbers or _PAD not in numbers:
        raise ModelError(f"The vocabulary in {name} is not one of T5's kind: it has no {_END} or no {_PAD}.")
    made = Tokenizer(models.Unigram(list(found.pieces), unk_id=found.unknown, byte_fallback=found.has_bytes))
    steps: list[normalizers.Normalizer] = [normalizers.Precompiled(found.rules)] if found.rules else []
    if found.fewer_spaces:
        steps += [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    made.normalizer = normalizers.Sequence(steps)
    scheme = "always" if found.dummy_prefix else "never"
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme)
    made.decoder = decoders.Metaspace(prepend_scheme=scheme)
    made.post_processor = processors.TemplateProcessing(
        single=f"$A {_END}", pair=f"$A {_END} $B {_END}", special_tokens=[(_END, numbers[_END])]
    )
    roles = {"eos_token": _END, "pad_token": _PAD, "unk_token": found.pieces[found.unknown][0]}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=longest, **roles)


def _read(data: bytes) -> SentencePieces:
    pieces: list[tuple[str, float]] = []
    unknown, has_bytes, kind = -1, False, _UNIGRAM
    rules, dummy_prefix, fewer_spaces = b"", True, True
    for field, value in _fields(data):
        if field == _PIECES:
            piece, score, what = _piece(_message(value))
            unknown = len(pieces) if what == _Kinds.UNKNOWN else unknown
            has_bytes = has_bytes or what == _Kinds.BYTE
            pieces.append((piece, score))
            if len(pieces) > _MOST_PIECES:
                raise _DamagedError(f"it has more than {_MOST_PIECES} words")
        elif field == _TRAINER:
            kind = next((said for number, said in _fields(_message(value)) if number == _MODEL_TYPE), kind)
        elif field == _NORMALIZER:
            how = dict(_fields(_message(value)))
            rules = _message(how.get(_RULES, b""))
            dummy_prefix, fewer_spaces = bool(how.get(_DUMMY_PREFIX, 1)), bool(how.get(_FEWER_SPACES, 1))
    if kind != _UNIGRAM:
        raise _DamagedError("it is no unigram model")
    if unknown < 0:
        raise _DamagedError("it has no word for what is unknown")
    if len(rules) > _MOST_RULES:
        raise _DamagedError("its table of characters is too long")
    return SentencePieces(tuple(pieces), unknown, has_bytes, rules, dummy_prefix, fewer_spaces)


def _piece(data: bytes) -> tuple[str, float, int]:
    text, score, kind = "", 0.0, int(_Kinds.NORMAL)
    for field, value in _fields(data):
        if field == _PIECE:
            raw = _message(value)
            if len(raw) > _LONGEST_PIECE:
                raise _DamagedError(f"a word has more than {_LONGEST_PIECE} bytes")
            text = raw.decode("utf-8")
        elif field == _SCORE and isinstance(value, bytes):
            (score,) = struct.unpack("<f", value)
        elif field == _KIND and isinstance(value, int):
            kind = value
    if not math.isfinite(score):
        raise _DamagedError(f"the word '{text}' has no likelihood")
    return text, score, kind


def _message(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise _DamagedError("a number stands where words should be")
    return value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Fields of a protocol buffer: their number, and a number or bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        field, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield field, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_LONG, _SHORT):
            length = 8 if kind == _LONG else 4
        else:
            raise _DamagedError(f"byte {at} begins nothing that is known")
        if length > len(data) - at:
            raise _DamagedError("it ends too early")
        yield field, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _DamagedError("it ends too early")
        byte = data[at]
        value, at = value | (byte & 0x7F) << shift, at + 1
        if byte < 0x80:
            return value, at
    raise _DamagedError(f"byte {at} belongs to a number without an end")
