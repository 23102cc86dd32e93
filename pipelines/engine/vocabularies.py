"""Tokenizers made of the vocabularies that single files lack; the set-up unpacks these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import transformers

from pipelines.contract.errors import ModelError
from pipelines.prompting.tokens import vocabularies_folder

COMMAND = "python3 -m installer vocabularies"
"""What brings missing ones."""
_CARRIED = {"umt5": "ComfyUI's umt5_xxl_fp16.safetensors or umt5_xxl_fp8_e4m3fn_scaled.safetensors"}
"""Vocabularies that no package has, and files of text encoders that carry them."""


def has_vocabulary(folder: Path) -> bool:
    """Whether a tokenizer folder holds its words; without them it would load silently as an empty one."""
    if (folder / "tokenizer.json").is_file():
        return True
    return (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()


def tokenizer_of(model: str, class_name: str, vocabulary: str, settings: dict[str, Any]) -> Any:
    """A tokenizer of that class over the vocabulary of that name; `settings` go to it, but for `added`, the tokens that
    follow the vocabulary's own, `plain`, how many of these, from the last, are ordinary ones, and `chat_template`.

    Raises ModelError, for the file named `model`, when there is no such vocabulary.
    """
    folder = vocabularies_folder() / vocabulary
    if not has_vocabulary(folder) and vocabulary in _CARRIED:
        raise ModelError(
            f"To open the single file '{model}', the {vocabulary.upper()} vocabulary is needed. Choose a text encoder "
            f"file that carries it, such as {_CARRIED[vocabulary]}, on the model's page, or use the diffusers folder."
        )
    if not has_vocabulary(folder):
        raise ModelError(
            f"To open the single file '{model}', the {vocabulary.upper()} vocabulary is needed, and it is not in "
            f"{folder}. Bring it with this command in Handscroll's folder: {COMMAND}"
        )
    settings = dict(settings)
    added, plain = settings.pop("added", []), settings.pop("plain", 0)
    template = settings.pop("chat_template", None)
    roles = {role: settings.pop(role) for role in [*settings] if settings[role] in added}
    made = getattr(transformers, class_name).from_pretrained(str(folder), local_files_only=True, **settings)
    special = len(added) - plain
    made.add_tokens([token for token in added[:special] if token not in made.get_vocab()], special_tokens=True)
    made.add_tokens([token for token in added[special:] if token not in made.get_vocab()])
    for role, token in roles.items():  # after all are there: a role would be added first, and get another number
        setattr(made, role, token)
    if template:
        made.chat_template = template
    return made
