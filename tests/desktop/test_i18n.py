"""Chinese is complete, fits its placeholders, and the compiled file is the present one."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

from desktop.i18n import choose_language
from tools import gather_sentences, translate

CHINESE = translate.FOLDER / "handscroll_zh_CN.ts"
pytestmark = pytest.mark.skipif(not Path(translate.tool("lupdate")).exists(), reason="Qt's lupdate is not installed")


def test_every_text_is_translated() -> None:
    assert translate.missing(CHINESE) == []


def test_placeholders_are_the_same() -> None:
    for (context, source), text in translate.texts(CHINESE).items():
        wanted = {name for _, name, _, _ in string.Formatter().parse(source) if name is not None}
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        plural = set(re.findall(r"[a-z]\{(\d)\}", source)) if context == gather_sentences.CONTEXT else set[str]()
        assert wanted - plural <= found <= wanted, (context, source)


def test_words_of_painters_are_chinese() -> None:
    allowed = re.compile(r"[A-Za-z]{3,}")
    names = {
        "Handscroll", "Enter", "Esc", "Ctrl", "Shift", "Alt", "PNG", "JPEG", "WebP", "TIFF", "OpenRaster", "Diffusers",
        "Apache", "PySide", "LGPL", "CPU", "ora", "scroll", "safetensors", "rrggbb", "Delete", "Insert", "Home", "End",
        "Page", "Down", "Left", "Right", "Up",
        "Tab", "Lanczos", "JSON", "HSV", "RGB", "Space", "Backspace", "Photoshop", "LoRA", "sRGB",
        "CMYK", "WebM", "GIF", "APNG", "psd", "kra", "PSD", "ComfyUI", "InvokeAI", "Fooocus", "NovelAI", "ESRGAN",
        "ADE", "Adapter", "CLIP", "Canny", "Civitai", "civitai", "ControlNet", "Stable", "Diffusion", "WebUI", "Forge",
        "FLUX", "Kontext", "Redux", "Qwen", "Image", "Edit", "Hugging", "Face", "OpenPose", "Tile", "SHA", "VAE",
        "Safetensors", "pickle", "PgDn", "PgUp", "https", "csv", "json", "txt", "styles", "BREAK", "lora",
        "BLIP", "Florence", "SmolVLM", "Wan",
        # words of a grammar: what is typed
        "file", "colour", "name", "weights", "words", "tag", "category", "count", "aliases",
    }  # fmt: skip
    for (context, source), text in translate.texts(CHINESE).items():
        plain = re.sub(r"\{[^}]*\}", "", text)
        files = set(allowed.findall(source)) if context == gather_sentences.CONTEXT else set[str]()
        assert set(allowed.findall(plain)) <= names | files, (source, text)
        assert context != gather_sentences.CONTEXT or text != source or not re.search(r"[a-z]{3} [a-z]{3}", text), (
            source
        )


def test_the_compiled_file_is_up_to_date(qapp: object) -> None:
    translator = QTranslator()
    assert translator.load("handscroll_zh_CN", str(translate.FOLDER))
    for (context, source), text in translate.texts(CHINESE).items():
        assert translator.translate(context, source) == text, (context, source)


@pytest.mark.parametrize(
    ("wanted", "system", "chosen"),
    [
        ("", ["zh-Hans-CN", "en"], "zh_CN"),
        ("", ["zh_CN"], "zh_CN"),
        ("", ["zh-Hant-TW", "en-US"], "en"),
        ("", ["de-DE", "zh-CN"], "zh_CN"),
        ("", ["fr"], "en"),
        ("en", ["zh-CN"], "en"),
        ("zh_CN", [], "zh_CN"),
    ],
)
def test_the_language_follows_the_system_unless_told(wanted: str, system: list[str], chosen: str) -> None:
    assert choose_language(wanted, system) == chosen
