"""What is worth knowing about a model beside what it is: its words, its picture, its licence, the person's notes.

It comes from the notes that training programs leave in the file's header (kohya's `ss_*`, `modelspec.*`), from the
small files that other programs put beside it (`NAME.civitai.info`, `NAME.json`, `NAME.metadata.json`,
`NAME.cm-info.json`, `NAME.preview.png` …), and from the person.
"""

from __future__ import annotations

import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self, cast

from pipelines.contract.models import Family

PICTURES = (".preview.png", ".preview.jpg", ".preview.jpeg", ".preview.webp", ".png", ".jpg", ".jpeg", ".webp")
"""Endings of a picture beside a model, the more certain first."""
NOTES = (".civitai.info", ".cm-info.json", ".metadata.json", ".json")
"""Endings of descriptions beside a model, the more certain first."""
_MAX_NOTE_BYTES = 4_000_000
_MAX_THUMBNAIL_BYTES = 8_000_000
_MAX_TEXT = 4_000
_MAX_WORDS = 40
_MAX_WORD = 200
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class ModelDetails:
    """What the detail page shows. Empty where nothing is known."""

    title: str = ""
    author: str = ""
    description: str = ""
    """Plain text."""
    licence: str = ""
    base: str = ""
    """What it was made from or for, in its maker's words: `SDXL 1.0`, `Pony`, a checkpoint's name."""
    trigger_words: tuple[str, ...] = ()
    """What wakes it in a prompt, the most telling first."""
    source: str = ""
    """The web page it came from."""
    thumbnail: str = ""
    """A picture's path, or `EMBEDDED`."""
    note: str = ""
    """The person's own."""
    tags: tuple[str, ...] = ()
    """The person's own."""
    file_hash: str = ""
    """SHA-256 in hex, empty while it is not known."""
    family_is_guess: bool = False
    """The file does not tell its family: it was taken from `base`, which a person may have typed."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote; what it does not know is left out."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name in ("trigger_words", "tags"):
            values[name] = tuple(str(word) for word in values.get(name, ()))
        return cls(**values)


_BASES = (
    (r"qwen", Family.QWEN_IMAGE),
    (r"z-?image", Family.Z_IMAGE),
    (r"wan\b|wan[ _-]?(video|2)", Family.WAN),
    (r"flux[._ -]?2", Family.FLUX2),
    (r"flux", Family.FLUX),
    (r"sd[ _]?3|stable diffusion 3", Family.SD3),
    (r"sdxl|sd[ _]?xl|pony|illustrious|noob ?ai|animagine", Family.SDXL),
    (r"sd[ _]?2|stable diffusion 2", Family.SD2),
    (r"sd[ _]?1|stable diffusion 1", Family.SD1),
)
"""How people and sites write families; the first that is found counts."""


def family_in(base: str) -> Family:
    """The family that a maker's words name: `SDXL 1.0`, `SD1`, `Flux.1 D`; UNKNOWN where they name none."""
    words = base.casefold()
    return next((family for pattern, family in _BASES if re.search(rf"(?<![a-z])(?:{pattern})", words)), Family.UNKNOWN)


EMBEDDED = "embedded"
"""As a thumbnail: the picture is in the model file's own header."""


def from_metadata(metadata: Mapping[str, str]) -> ModelDetails:
    """What the header's notes tell."""
    spec = {key.removeprefix("modelspec."): text for key, text in metadata.items() if key.startswith("modelspec.")}
    phrase = spec.get("trigger_phrase", "")
    words = _split(phrase) if phrase else _words_of_training(metadata)
    return ModelDetails(
        title=_text(spec.get("title", "")) or _text(metadata.get("ss_output_name", "")),
        author=_text(spec.get("author", "")),
        description=_text(spec.get("description", "")),
        licence=_text(spec.get("license", "")),
        base=_base_of(metadata),
        trigger_words=words,
        thumbnail=EMBEDDED if spec.get("thumbnail", "").startswith("data:image/") else "",
    )


def from_beside(model: Path, names: Iterable[str]) -> ModelDetails:
    """What the files beside `model` tell; `names` are those that are there (`names_beside`)."""
    there = set(names)
    found = ModelDetails()
    for ending in NOTES:
        if _beside(model, ending) in there:
            found = merged(found, _read_note(model.with_name(_beside(model, ending))))
    picture = next((_beside(model, ending) for ending in PICTURES if _beside(model, ending) in there), "")
    return replace(found, thumbnail=str(model.with_name(picture))) if picture else found


def names_beside(model: str) -> tuple[str, ...]:
    """The file names that may tell something about the file of the name `model`."""
    stem = model.rpartition(".")[0] or model
    return tuple(stem + ending for ending in (*NOTES, *PICTURES))


def merged(first: ModelDetails, second: ModelDetails) -> ModelDetails:
    """`first`, completed by `second` where it says nothing."""
    filled = {field.name: getattr(first, field.name) or getattr(second, field.name) for field in fields(ModelDetails)}
    return ModelDetails(**filled)


def picture_in(metadata: Mapping[str, str]) -> bytes:
    """The picture in the header's notes, as the bytes of a PNG, JPEG or WebP file; empty when there is none."""
    uri = metadata.get("modelspec.thumbnail", "")
    _, mark, encoded = uri.partition(";base64,")
    if not mark or not uri.startswith("data:image/") or len(encoded) > _MAX_THUMBNAIL_BYTES:
        return b""
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except (binascii.Error, ValueError):
        return b""


def _beside(model: Path, ending: str) -> str:
    return model.stem + ending if model.suffix else model.name + ending


def _base_of(metadata: Mapping[str, str]) -> str:
    for key in ("ss_sd_model_name", "modelspec.merged_from", "modelspec.architecture", "ss_base_model_version"):
        if text := _text(metadata.get(key, "")):
            return Path(text.replace("\\", "/")).name if key == "ss_sd_model_name" else text
    return ""


def _words_of_training(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The captions' commonest tags, by kohya's count for each folder of pictures.

    A tag in at least half of all captions of its folder names the subject; without one, the first few are given.
    """
    folders = _json(metadata.get("ss_tag_frequency", ""))
    total: Counter[str] = Counter()
    certain: Counter[str] = Counter()
    for counts in folders.values():
        table = cast("dict[str, Any]", counts) if isinstance(counts, dict) else {}
        numbers = {word.strip(): int(n) for word, n in table.items() if isinstance(n, int) and word.strip()}
        most = max(numbers.values(), default=0)
        total.update(numbers)
        certain.update({word: n for word, n in numbers.items() if n * 2 > most})
    chosen = certain if certain and len(certain) <= _MAX_WORDS else total
    return tuple(word[:_MAX_WORD] for word, _ in chosen.most_common(_MAX_WORDS if chosen is certain else 12))


def _read_note(path: Path) -> ModelDetails:
    try:
        if path.stat().st_size > _MAX_NOTE_BYTES:
            return ModelDetails()
        data = _json(path.read_text("utf-8-sig", errors="replace"))
    except OSError:
        return ModelDetails()
    nested = data.get("civitai")  # the manager extensions of ComfyUI wrap what the site says
    inner = cast("dict[str, Any]", nested) if isinstance(nested, dict) else {}
    return merged(_from_note({**data, **inner}), _from_note(data)) if inner else _from_note(data)


def _from_note(data: Mapping[str, Any]) -> ModelDetails:
    """From the site's own answer for a version (`trainedWords`, `model`), or from A1111's few fields for a person."""
    model = data.get("model")
    about = cast("dict[str, Any]", model) if isinstance(model, dict) else {}
    words = data.get("trainedWords") or data.get("TrainedWords") or data.get("activation text") or ()
    listed = [str(word) for word in cast("list[object]", words)] if isinstance(words, list) else [str(words or "")]
    name, version = _text(about.get("name") or data.get("ModelName")), _text(data.get("name"))
    number = data.get("modelId") or data.get("ModelId")
    base = data.get("baseModel") or data.get("BaseModel") or data.get("base_model") or data.get("sd version")
    described = about.get("description") or data.get("modelDescription") or data.get("description")
    return ModelDetails(
        title=" ".join(part for part in (name, version) if part) if name else version,
        author=_text(_inside(data, "creator", "username")),
        description=_text(described or data.get("ModelDescription")),
        licence=_licence(about) or _text(data.get("license")),
        base="" if base == "Unknown" else _text(base),
        trigger_words=tuple(dict.fromkeys(word for text in listed for word in _split(text)))[:_MAX_WORDS],
        source=f"https://civitai.com/models/{number}" if isinstance(number, int) and number > 0 else "",
        note=_text(data.get("notes")),
    )


def _licence(about: Mapping[str, Any]) -> str:
    """The site's permissions in words."""
    if "allowCommercialUse" not in about:
        return _text(about.get("license"))
    allowed = about["allowCommercialUse"]
    kinds = [str(kind) for kind in cast("list[object]", allowed)] if isinstance(allowed, list) else [str(allowed)]
    selling = [kind for kind in kinds if kind not in ("None", "{}", "")]
    parts = [f"commercial use: {', '.join(selling) if selling else 'not allowed'}"]
    if about.get("allowNoCredit") is False:
        parts.append("credit the maker")
    if about.get("allowDerivatives") is False:
        parts.append("no merges")
    if about.get("allowDifferentLicense") is False:
        parts.append("same terms for merges")
    return "; ".join(parts)


def _inside(data: Mapping[str, Any], outer: str, inner: str) -> object:
    value = data.get(outer)
    return cast("dict[str, Any]", value).get(inner) if isinstance(value, dict) else ""


def _split(text: str) -> tuple[str, ...]:
    words = (_text(word)[:_MAX_WORD].strip() for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))[:_MAX_WORDS]


def _text(value: object) -> str:
    """Plain text of a bounded length; empty for anything that is no text."""
    if not isinstance(value, str):
        return ""
    plain = value[: 4 * _MAX_TEXT]
    if "<" in plain or "&" in plain:
        import html

        plain = html.unescape(_TAGS.sub(" ", plain))
    plain = " ".join(plain.split())[:_MAX_TEXT]
    return "" if plain in ("None", "null") else plain


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}
