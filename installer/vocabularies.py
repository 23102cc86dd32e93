"""The vocabularies that single-file models lack, taken as data out of published packages.

A checkpoint in one file holds weights and no words. Some packages carry the words: they are downloaded, the few members
that are needed are taken out and checked, and the rest is thrown away. Nothing of them is installed or run.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from installer.errors import SetupError

COMMAND = "python3 -m installer vocabularies"
_LARGEST = 32_000_000
"""Bytes of a member; more is no vocabulary."""


@dataclass(frozen=True)
class Member:
    """A file inside a package."""

    path: str
    """Where it lies in the package."""
    sha256: str
    """Of its content, in hex."""
    place: str
    """Where it goes below the folder of vocabularies; for those in another form, the folder that is made of it."""


@dataclass(frozen=True)
class Package:
    """A published package that carries vocabularies."""

    name: str
    version: str
    members: tuple[Member, ...]
    notice: str
    """Whose the words are, and under which licence they come."""

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.name}=={self.version}"


_TOKENIZERS = "diffsynth/tokenizer_configs"
PACKAGES = (
    Package(
        "diffsynth",
        "1.1.9",
        (
            Member(
                f"{_TOKENIZERS}/stable_diffusion/tokenizer/vocab.json",
                "e089ad92ba36837a0d31433e555c8f45fe601ab5c221d4f607ded32d9f7a4349",
                "clip/vocab.json",
            ),
            Member(
                f"{_TOKENIZERS}/stable_diffusion/tokenizer/merges.txt",
                "9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a",
                "clip/merges.txt",
            ),
            Member(
                f"{_TOKENIZERS}/flux/tokenizer_2/tokenizer.json",
                "f5dfec163765e18e270537fe896c49f5fad74db1525641d9b255a3008b999596",
                "t5/tokenizer.json",
            ),
            Member(
                "diffsynth-1.1.9.dist-info/LICENSE",
                "d43b96112d60d83595395649e61c6bc215f568052a979320489556c6c1262eb1",
                "licences/diffsynth.txt",
            ),
        ),
        "clip: the vocabulary of CLIP by OpenAI (MIT licence), from the package diffsynth 1.1.9 (Apache-2.0).\n"
        "t5: the vocabulary of T5 by Google (Apache-2.0), from the package diffsynth 1.1.9 (Apache-2.0).\n",
    ),
    Package(
        "dashscope",
        "2.0.2",
        (
            Member(
                "dashscope/resources/qwen.tiktoken",
                "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
                "qwen",
            ),
            Member(
                "dashscope-2.0.2.dist-info/licenses/LICENSE",
                "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4",
                "licences/dashscope.txt",
            ),
        ),
        "qwen: the vocabulary of Qwen by Alibaba Cloud (Apache-2.0), from the package dashscope 2.0.2 (Apache-2.0), in "
        "another form.\n",
    ),
    Package(
        "mistral-common",
        "1.13.1",
        (
            Member(
                "mistral_common/data/tekken_240911.json",
                "1948e2d48b0e7377f1bb5f1210f1ae5f984934e75713fc07e2452729b8365316",
                "mistral",
            ),
            Member(
                "mistral_common-1.13.1.dist-info/licenses/LICENSE",
                "5ed6f79e77734b5a60740dd821af5ecac9a6f33709c860eea4e20fcb6cca7fcc",
                "licences/mistral-common.txt",
            ),
        ),
        "mistral: the vocabulary Tekken by Mistral AI (Apache-2.0), from the package mistral-common 1.13.1 "
        "(Apache-2.0), in another form.\n",
    ),
)

_FILES = {
    "clip": ("vocab.json", "merges.txt"),
    "t5": ("tokenizer.json",),
    "qwen": ("vocab.json", "merges.txt"),
    "mistral": ("tokenizer.json",),
}
"""What makes a vocabulary whole."""

_TEKKEN_MARKS = (
    "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
    "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]",
    "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
)  # fmt: skip
"""What the first numbers stand for; those behind them have no meaning to the networks that paint."""

Fetch = Callable[[str, Path], object]
"""Puts the package of a requirement into an empty folder, as a wheel or unpacked. Raises SetupError."""


def missing(folder: Path) -> list[str]:
    """Names of the vocabularies that are not, or not wholly, in the folder."""
    return [name for name, files in _FILES.items() if not all((folder / name / file).is_file() for file in files)]


def bring(folder: Path, fetch: Fetch, packages: tuple[Package, ...] = PACKAGES) -> None:
    """Makes the folder of vocabularies anew. What is there stays until everything has arrived.

    Raises SetupError, as a sentence, when a package cannot be had or is not what it should be.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="vocabularies-") as scratch:
        draft = Path(scratch) / "draft"
        for package in packages:
            arrived = Path(scratch) / package.name
            arrived.mkdir()
            fetch(package.requirement, arrived)
            for member in package.members:
                _place(draft, member, _content(package, member, arrived))
        (draft / "NOTICE.txt").write_text("".join(package.notice for package in packages), encoding="utf-8")
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        draft.rename(folder)


def _content(package: Package, member: Member, arrived: Path) -> bytes:
    """The member's bytes, checked."""
    try:
        content = _read(member, arrived)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise SetupError(f"The package {package.requirement} has no readable {member.path}.") from error
    if hashlib.sha256(content).hexdigest() != member.sha256:
        raise SetupError(
            f"{member.path} in the package {package.requirement} is not the file that Handscroll knows, so it is not "
            "used. The download may be damaged or the package index may serve changed files."
        )
    return content


def _read(member: Member, arrived: Path) -> bytes:
    wheels = list(arrived.glob("*.whl"))
    if not wheels:
        with (arrived / member.path).open("rb") as file:
            return file.read(_LARGEST)
    with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(member.path) as file:
        return file.read(_LARGEST)


def _place(draft: Path, member: Member, content: bytes) -> None:
    target = draft / member.place
    if member.path.endswith(".tiktoken"):
        words, merges = from_tiktoken(content)
        target.mkdir(parents=True)
        (target / "vocab.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        (target / "merges.txt").write_text("".join(f"{left} {right}\n" for left, right in merges), encoding="utf-8")
        return
    if Path(member.path).name.startswith("tekken"):
        target.mkdir(parents=True)
        (target / "tokenizer.json").write_text(json.dumps(from_tekken(content), ensure_ascii=False), encoding="utf-8")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def from_tiktoken(content: bytes) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """A byte-pair vocabulary in tiktoken's form (base64 of each token and its rank, a line each) as the words by their
    numbers and the merges in order, spelled in the printable letters that GPT-2 gave to the 256 bytes.

    The merge that makes a token is what earlier merges leave of its bytes: always two pieces. Raises SetupError.
    """
    try:
        lines = (line.split() for line in content.splitlines() if line.strip())
        ranks = {base64.b64decode(token, validate=True): int(rank) for token, rank in lines}
    except (ValueError, binascii.Error) as error:
        raise SetupError("The vocabulary is not in tiktoken's form.") from error
    return _words_and_merges(ranks)


def from_tekken(content: bytes) -> dict[str, Any]:
    """A byte-pair vocabulary in the form of Mistral's Tekken (JSON: base64 of each token, the pattern that cuts text,
    and how many numbers are kept for marks) as the `tokenizer.json` of the library tokenizers. Raises SetupError.

    Marks come first, and the words behind them, as many as the networks were made for.
    """
    try:
        said = json.loads(content)
        config, entries = said["config"], said["vocab"]
        marks, room = int(config["default_num_special_tokens"]), int(config["default_vocab_size"])
        ranks = {base64.b64decode(one["token_bytes"], validate=True): int(one["rank"]) for one in entries}
        pattern = str(config["pattern"])
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SetupError("The vocabulary is not in Tekken's form.") from error
    words, merges = _words_and_merges({token: rank for token, rank in ranks.items() if rank < room - marks})
    names = [*_TEKKEN_MARKS, *(f"<SPECIAL_{number}>" for number in range(len(_TEKKEN_MARKS), marks))][:marks]
    as_marks = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    letters = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "added_tokens": [{"id": number, "content": name, **as_marks} for number, name in enumerate(names)],
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, letters]},
        "decoder": letters,
        "model": {
            "type": "BPE",
            "vocab": {name: number for number, name in enumerate(names)}
            | {word: rank + marks for word, rank in words.items()},
            "merges": [list(pair) for pair in merges],
            "ignore_merges": True,
        },
    }


def _words_and_merges(ranks: dict[bytes, int]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    letters = _letters()
    spelled = {token: "".join(letters[byte] for byte in token) for token in ranks}
    merges: list[tuple[str, str]] = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        if len(token) > 1:
            pieces = _pieces(token, rank, ranks)
            if len(pieces) != 2:
                raise SetupError("The vocabulary is not one of byte pairs.")
            merges.append((spelled[pieces[0]], spelled[pieces[1]]))
    return {spelled[token]: rank for token, rank in ranks.items()}, merges


def _pieces(token: bytes, below: int, ranks: dict[bytes, int]) -> list[bytes]:
    """The token's bytes after all merges that come before its own."""
    pieces = [token[i : i + 1] for i in range(len(token))]
    while len(pieces) > 2:
        found = [(ranks.get(left + right, below), i) for i, (left, right) in enumerate(pairwise(pieces))]
        rank, place = min(found)
        if rank >= below:
            break
        pieces[place : place + 2] = [pieces[place] + pieces[place + 1]]
    return pieces


def _letters() -> list[str]:
    """A printable letter for each byte: its own where it has one, else those from U+0100 on."""
    own = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in own else chr(next(others)) for byte in range(256)]
