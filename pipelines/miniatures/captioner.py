"""Models that describe pictures, at small size: real classes, random weights, words over single letters."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    Florence2Config,
    Florence2ForConditionalGeneration,
    Idefics3Config,
    Idefics3ForConditionalGeneration,
    Qwen2Tokenizer,
    RobertaTokenizer,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
)

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.miniatures.tokenizers import qwen_tokenizer

SIDE = 32
"""Of what they look at, pixels."""
_CLIP = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
_IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
_HALVES = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
_BICUBIC, _LANCZOS = 3, 1


def write_blip(folder: Path, seed: int = 0) -> Path:
    """Saves a BLIP with its tokenizer as a folder and returns it."""
    letters = [*string.ascii_lowercase, *string.punctuation]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{one}" for one in letters), "[DEC]"]
    vocabulary = {word: number for number, word in enumerate(words)}
    text = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "encoder_hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 128,
        "bos_token_id": vocabulary["[DEC]"],
        "eos_token_id": 2,
        "sep_token_id": 3,
        "pad_token_id": 0,
        "is_decoder": True,
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": SIDE,
        "patch_size": 8,
        "initializer_range": 0.02,
    }
    torch.manual_seed(seed)
    config = BlipConfig(text_config=text, vision_config=vision, projection_dim=32, image_text_hidden_size=32)
    network: Any = BlipForConditionalGeneration(config)
    _enliven(network)
    pictures = {"size": {"height": SIDE, "width": SIDE}, "resample": _BICUBIC, **_CLIP}
    return _write(network, BertTokenizer(vocab=vocabulary), folder, pictures, "BlipImageProcessor", "BlipProcessor")


def write_florence(folder: Path, seed: int = 0) -> Path:
    """Saves a Florence-2 with its tokenizer as a folder and returns it."""
    words = ["<s>", "<pad>", "</s>", "<unk>", *_bytes(), "<mask>", "<image>"]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = RobertaTokenizer(vocab=vocabulary, merges=[])
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    text = {
        "model_type": "bart",
        "vocab_size": len(words),
        "d_model": 32,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
        "max_position_embeddings": 512,
        "forced_eos_token_id": 2,
    }
    vision = {
        "depths": [1, 1],
        "patch_size": [7, 3],
        "patch_stride": [4, 2],
        "patch_padding": [3, 1],
        "patch_prenorm": [False, True],
        "embed_dim": [16, 32],
        "num_heads": [2, 4],
        "num_groups": [2, 4],
        "window_size": 4,
        "projection_dim": 32,
    }
    torch.manual_seed(seed)
    config = Florence2Config(text_config=text, vision_config=vision, image_token_id=vocabulary["<image>"])
    network: Any = Florence2ForConditionalGeneration(config)
    _enliven(network)
    pictures = {
        "size": {"height": SIDE, "width": SIDE},
        "resample": _BICUBIC,
        "image_seq_length": (SIDE // 8) ** 2 + 1,
        "do_center_crop": False,
        **_IMAGENET,
    }
    return _write(network, tokenizer, folder, pictures, "CLIPImageProcessor", "Florence2Processor")


_SMOL_MARKS = ("<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<global-img>", "<image>", "<pad>")


def write_smolvlm(folder: Path, seed: int = 0, *, first: bool = False) -> Path:
    """Saves a SmolVLM, or one of the first generation (an Idefics3), with its tokenizer as a folder and returns it."""
    words = [*_bytes(), *_SMOL_MARKS]
    vocabulary = {word: number for number, word in enumerate(words)}
    ends = {"eos_token": "<end_of_utterance>", "pad_token": "<pad>", "bos_token": "<|im_start|>"}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[], **ends)
    tokenizer.add_tokens(list(_SMOL_MARKS), special_tokens=True)
    text = {
        "model_type": "llama",
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": vocabulary["<pad>"],
        "bos_token_id": vocabulary["<|im_start|>"],
        "eos_token_id": vocabulary["<end_of_utterance>"],
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": SIDE,
        "patch_size": 8,
    }
    torch.manual_seed(seed)
    config: Any = (Idefics3Config if first else SmolVLMConfig)(
        text_config=text, vision_config=vision, scale_factor=2, image_token_id=vocabulary["<image>"]
    )
    network: Any = (Idefics3ForConditionalGeneration if first else SmolVLMForConditionalGeneration)(config)
    _enliven(network)
    pictures = {
        "size": {"longest_edge": 2 * SIDE},
        "max_image_size": {"longest_edge": SIDE},
        "resample": _LANCZOS,
        **_HALVES,
    }
    return _write(network, tokenizer, folder, pictures, "SmolVLMImageProcessor", "SmolVLMProcessor")


def captioner_info(folder: Path, variant: str) -> ModelInfo:
    """The library's entry for one of them."""
    return ModelInfo(folder.name, folder.name, str(folder), ModelKind.CAPTIONER, Family.UNKNOWN, variant, 10**6, 1)


def _bytes() -> list[str]:
    """The 256 bytes as byte-level vocabularies spell them."""
    vocabulary = qwen_tokenizer().get_vocab()
    return [word for word, number in sorted(vocabulary.items(), key=lambda item: item[1]) if number < 256]


def _enliven(network: Any) -> None:
    """Larger weights than networks begin with, so that each picture is described in other words."""
    with torch.no_grad():
        for weight in network.parameters():
            if weight.ndim > 1:
                weight.mul_(6.0)


def _write(network: Any, tokenizer: Any, folder: Path, pictures: dict[str, Any], *names: str) -> Path:
    network.eval().save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    said = {**pictures, "image_processor_type": names[0], "processor_class": names[1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(said, indent=2), "utf-8")
    return folder
