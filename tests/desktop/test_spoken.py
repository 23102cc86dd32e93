"""What pipelines/ and canvas/ say is gathered, found again when it is said, and comes out in Chinese."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import Message
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import kra, picture_reading, psd_reading
from canvas.formats.ora_reading import read_ora
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.project.project import Project
from canvas.selection import Selection
from desktop.generation.form import GenerationSettings
from desktop.i18n import Languages
from desktop.spoken import LISTED, Sentences, Template, spoken
from pipelines.contract.errors import PipelineError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from pipelines.library.downloads.addresses import parse
from pipelines.library.downloads.transport import checked, refusal
from pipelines.library.families import problem_of
from pipelines.library.folders import _weights_fault
from pipelines.library.header import read_header
from pipelines.library.probe import probe
from pipelines.library.wording import KnownWords
from tests.pipelines.sample_requests import sample
from tools import gather_sentences

SENTENCES: list[str] = json.loads(LISTED.read_text("utf-8"))


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp)
    languages.use("zh_CN")
    yield
    languages.use("en")


def test_the_list_is_fresh() -> None:
    found = gather_sentences.sentences()
    assert set(found) ^ set(SENTENCES) == set(), "run: python -m tools.translate"
    assert LISTED.read_text("utf-8") == gather_sentences.written(found)


def test_every_template_finds_itself_first() -> None:
    listed = Sentences(SENTENCES)
    for source in SENTENCES:
        template = Template.of(source)
        if len(template.pieces) > 1:
            values = [f"x{place}7" for place in range(len(template.pieces) - 1)]
            text = "".join(map("".join, zip(template.pieces, [*values, ""], strict=True)))
            found, filled = next(listed.matches(text))
            assert (found.source, filled) == (source, values)


def _gathered(code: str) -> set[str]:
    return set(gather_sentences.Source("pipelines/x.py", ast.parse(code)).templates())


def test_what_is_said_is_told_from_what_is_not() -> None:
    assert _gathered('def f(a):\n """A docstring here."""\n raise E(f"The file {a} is bad.")') == {
        "The file {0} is bad."
    }
    assert (
        _gathered('log.warning("It is broken.")\nx = d.get("two words")\nc.execute("DELETE FROM it WHERE a")') == set()
    )
    assert _gathered('x = "Put {name}.txt into {folder}."') == {"Put {0}.txt into {1}."}
    assert _gathered("x = f\"It is {'very ' if a else ''}bad, {b:.1f} %.\"") == {
        "It is very bad, {0} %.",
        "It is bad, {0} %.",
    }
    local = 'def f(a):\n end = "at night" if a else "by day"\n return f"It comes {end}."'
    assert {"It comes at night.", "It comes by day."} <= _gathered(local)


def test_english_stays_as_it_is(qapp: QApplication) -> None:
    Languages(qapp).use("en")
    assert spoken(SENTENCES[0]) == SENTENCES[0]


@pytest.mark.usefixtures("chinese")
def test_what_nobody_knows_stays_as_it_is() -> None:
    for text in ("", "Cats is dogs", "no sentence of ours", "已经是中文。", "x" * 5000):
        assert spoken(text) == text


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Memory ran short: other models left memory, the picture was begun anew. The picture was finished.",
            "内存不足：其他模型已移出内存、图片已重新开始绘制。图片已完成。",
        ),
        ("The layer 'a mask cannot be read' has no mask.", "图层“a mask cannot be read”没有蒙版。"),
        ("commercial use: Image, Rent; no merges", "商业用途：Image, Rent、不得合并"),
        ("Its colours were converted to sRGB. It is no tile.", "颜色已转换为 sRGB。它不是图块。"),
        ("Its duotone was read as grey.\nnobody knows this", "双色调已按灰度读取。\nnobody knows this"),
        ("16-channel", "16 通道"),
        ("甲.safetensors: No such file or directory.", "甲.safetensors: 没有那个文件或目录。"),
    ],
)
def test_lists_names_and_several_sentences(text: str, said: str) -> None:
    assert spoken(text) == said


def _damaged(name: str, data: bytes = b"nothing that is known") -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return made


def _foreign_layer(folder: Path) -> None:
    del folder
    Document(Bounds(0, 0, 64, 64)).move_layer(PaintLayer("天空"), None, 9)


def _lora_nobody_has(folder: Path) -> None:
    del folder
    form = replace(GenerationSettings(), prompt="a tree <lora:nobody:1>")
    KnownWords().resolve(form, 1)


def _raise(sentence: str) -> None:
    raise PipelineError(sentence)


def _info(kind: ModelKind, family: Family, variant: str = "") -> ModelInfo:
    return ModelInfo(id="m", name="m", kind=kind, family=family, variant=variant, path="/m.safetensors")


REAL: dict[str, Callable[[Path], object]] = {
    "a picture": lambda at: picture_reading.read_picture(_damaged("甲.png")(at)),
    "OpenRaster": lambda at: read_ora(_damaged("甲.ora")(at)),
    "Photoshop": lambda at: psd_reading.read(_damaged("甲.psd", b"8BPS\x00\x01" + bytes(40))(at)),
    "Krita": lambda at: kra.read(_damaged("甲.kra")(at)),
    "a painting": lambda at: Project.open(_damaged("甲.scroll")(at)),
    "no painting": lambda at: Project.open(at / "没有.scroll"),
    "a foreign layer": _foreign_layer,
    "a selection": lambda at: Selection.rectangle(Bounds(0, 0, 10**6, 10**6)),
    "a header": lambda at: read_header(_damaged("甲.safetensors", b"\x05\0\0\0\0\0\0\0{bad}")(at)),
    "no model": lambda at: probe(at / "没有"),
    "a pickled folder": lambda at: _raise(_weights_fault(_damaged("a.ckpt")(at).parent, ".")),
    "a refused variant": lambda at: _raise(problem_of(_info(ModelKind.CHECKPOINT, Family.SD2, "depth"))),
    "an unknown family": lambda at: _raise(problem_of(_info(ModelKind.CHECKPOINT, Family.UNKNOWN))),
    "a request's strength": lambda at: replace(sample(), strength=7.0).check(),
    "a request's LoRA": lambda at: replace(sample(), loras=(LoraWeight("a", 99.0),)).check(),
    "a LoRA nobody has": _lora_nobody_has,
    "an address": lambda at: parse("ftp://somewhere"),
    "an address without secrets": lambda at: checked("http://example.org/a"),
    "a refusal": lambda at: _raise(str(refusal(503, Message(), checked("https://example.org/a"), had_key=False))),
}
"""Something wrong -> what raises its error, in real code."""


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("wrong", REAL)
def test_real_errors_are_chinese(wrong: str, tmp_path: Path) -> None:
    with pytest.raises((CanvasError, PipelineError)) as caught:
        REAL[wrong](tmp_path)
    said = spoken(str(caught.value))
    assert re.search(r"[\u4e00-\u9fff]", said.replace("甲", "").replace("没有.", "")), said
    assert not re.search(
        r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub(r"/\S+|'[^']*'|\([^()]*\)|（[^（）]*）", "", said)
    ), said


@pytest.mark.usefixtures("chinese")
def test_every_sentence_has_its_own_translation() -> None:
    silent = [text for text in SENTENCES if not QCoreApplication.translate("sentences", text)]
    assert silent == []


def test_errors_are_shown_in_the_language_of_the_window() -> None:
    elsewhere = {"headless.py", "app.py", "program.py", "properties.py"}  # the terminal; said later; looked at
    root = gather_sentences.ROOT / "desktop"
    bare = re.compile(r"(?<!spoken\()str\(error\)")
    files = [file for file in sorted(root.rglob("*.py")) if file.name not in elsewhere]
    assert [file.name for file in files if bare.search(file.read_text("utf-8").replace("error.strerror or ", ""))] == []
