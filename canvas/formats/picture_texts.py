"""The words inside picture files and films: PNG text chunks, EXIF and GIF comments, XMP. Decodes no pixels; bounded;
never raises."""

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from canvas.formats.film_texts import is_film, packet_in
from canvas.formats.picture_opening import PNG_SIGNATURE, UNREADABLE, formats, register_plugins
from canvas.formats.picture_provenance import SOFTWARE

BUDGET = 1 << 20
"""Bytes of text that are taken out of one file, all together."""
MAX_CHUNKS = 1 << 16
XMP = "xmp"
"""Under this key `read_texts` gives the XMP packet, whatever the format calls it."""
OURS = "handscroll"
"""Under this key `read_texts` gives our own JSON, also where it stands inside the XMP packet."""
_XMP_KEYS = ("XML:com.adobe.xmp", "xmp", "XML:com.adobe.xmp\0")
_EXIF_IFD = 0x8769
_EXIF_TEXTS = {
    0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software", 0x013B: "Artist",
    0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
    0x9286: "UserComment",
}  # fmt: skip
_UTF16_TAGS = range(0x9C9B, 0x9CA0)


def read_texts(source: Path | bytes) -> dict[str, str]:
    """Every text that a picture file carries: keyword or EXIF name -> text.

    PNG keywords stand as they are (`parameters`, `prompt`, `workflow` …), EXIF texts under their names (`UserComment`,
    `ImageDescription`, `XPComment` …), a comment of JPEG or GIF as `comment`, the XMP packet as `xmp`, our own JSON as
    `handscroll`. At most 1 MiB in all; what is damaged or too long is left out. Empty for files that are missing or no
    pictures. Of films (MP4) the packet alone. Works on any thread.
    """
    texts: dict[str, str] = {}
    try:
        with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            head = file.read(12)
            file.seek(0)
            if head.startswith(PNG_SIGNATURE):
                file.seek(len(PNG_SIGNATURE))
                found = _of_png(file)
            elif is_film(head):
                found = iter([(XMP, packet_in(file, BUDGET))])
            else:
                found = _of_pillow(file)
            left = BUDGET
            for key, value in found:
                text = value.replace("\0", "").strip()
                if text and key not in texts and len(text) <= left:
                    left -= len(text)
                    texts[key] = text
    except UNREADABLE:
        pass  # what was found before the damage is still true
    comment = texts.get("comment", "")
    recipe = xmp_value(texts.get(XMP, ""), "recipe") or (comment if _is_ours(comment) else "")
    if recipe:
        texts.setdefault(OURS, recipe)
    return texts


def _is_ours(comment: str) -> bool:
    """Whether the comment of a GIF, which has no other place for it, is our JSON."""
    return comment.startswith("{") and f'"software": "{SOFTWARE}"' in comment


def _of_png(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Walks the chunks itself: Pillow would stop at the first oversized text."""
    left = BUDGET
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if left <= 0:
            return
        if kind not in _PNG_TEXTS or length > left:
            file.seek(length + 4, 1)
            continue
        data = file.read(length)
        file.seek(4, 1)
        left -= len(data)
        try:
            for key, text in _PNG_TEXTS[kind](data, left):
                left -= len(text)
                yield key, text
        except UNREADABLE:
            left -= BUDGET // 64  # one damaged text among good ones; a thousand of them are no accident


def _plain(data: bytes, _left: int) -> Iterator[tuple[str, str]]:
    key, _, value = data.partition(b"\0")
    yield key.decode("latin-1"), _utf8_or_latin(value)


def _packed(data: bytes, left: int) -> Iterator[tuple[str, str]]:
    key, _, value = data.partition(b"\0")
    yield key.decode("latin-1"), _utf8_or_latin(_unpack(value[1:], left))


def _international(data: bytes, left: int) -> Iterator[tuple[str, str]]:
    key, _, rest = data.partition(b"\0")
    is_packed, rest = rest[:1] == b"\1", rest[2:]
    _language, _, rest = rest.partition(b"\0")
    _translated, _, value = rest.partition(b"\0")
    name = key.decode("latin-1")
    yield XMP if name in _XMP_KEYS else name, (_unpack(value, left) if is_packed else value).decode("utf-8", "replace")


def _exif_chunk(data: bytes, _left: int) -> Iterator[tuple[str, str]]:
    exif = Image.Exif()
    exif.load(data if data.startswith(b"Exif\0\0") else b"Exif\0\0" + data)
    yield from _of_exif(exif)


_PNG_TEXTS = {b"tEXt": _plain, b"zTXt": _packed, b"iTXt": _international, b"eXIf": _exif_chunk}


def _unpack(data: bytes, most: int) -> bytes:
    """At most so many bytes of a zlib stream; raises zlib.error, or ValueError for more."""
    stream = zlib.decompressobj()
    text = stream.decompress(data, max(most, 1))
    if stream.unconsumed_tail:
        raise ValueError("a text that unpacks to more than there is room for")
    return text


def _of_pillow(file: BinaryIO) -> Iterator[tuple[str, str]]:
    register_plugins()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(file, formats=formats())
    with image:
        for name, value in tuple(image.info.items()):
            key = str(name)
            if not isinstance(value, str | bytes) or len(value) > BUDGET:
                continue
            if key in _XMP_KEYS:
                yield XMP, value if isinstance(value, str) else value.decode("utf-8", "replace")
            elif key == "comment":
                yield key, value if isinstance(value, str) else _utf8_or_latin(value)
        yield from _of_exif(image.getexif())
        packet = getattr(image, "tag_v2", {}).get(700)
        if isinstance(packet, bytes):
            yield XMP, packet.decode("utf-8", "replace")


def _of_exif(exif: Image.Exif) -> Iterator[tuple[str, str]]:
    for tags in (exif, exif.get_ifd(_EXIF_IFD)):
        for tag, name in _EXIF_TEXTS.items():
            value = tags.get(tag)
            if isinstance(value, tuple) and all(isinstance(part, int) and 0 <= part < 256 for part in value):
                value = bytes(value)  # XP texts come as single bytes
            if isinstance(value, str | bytes) and value and len(value) <= BUDGET:
                yield name, _exif_text(tag, value)


def _exif_text(tag: int, value: str | bytes) -> str:
    if isinstance(value, str):
        try:
            return value.encode("latin-1").decode("utf-8")  # Pillow reads UTF-8 as Latin-1
        except UnicodeError:
            return value
    if tag in _UTF16_TAGS:
        return value.decode("utf-16-le", "replace")
    if tag == 0x9286:
        return _user_comment(value)
    return _utf8_or_latin(value)


def _user_comment(value: bytes) -> str:
    """A UserComment: eight bytes say which characters follow; UTF-16 comes in either order, whatever EXIF says."""
    code, body = value[:8], value[8:]
    if code.startswith(b"UNICODE"):
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return body.decode("utf-16", "replace")
        if body[:1] != b"\0" and b"\0" not in body:
            return _utf8_or_latin(body)  # some programs write UTF-8 there
        order = "be" if body[0::2].count(0) >= body[1::2].count(0) else "le"
        return body.decode(f"utf-16-{order}", "replace")
    if code.startswith(b"JIS"):
        return body.decode("shift_jis", "replace")
    if code.startswith(b"ASCII") or code == bytes(8):
        return _utf8_or_latin(body)
    return _utf8_or_latin(value)


def _utf8_or_latin(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def xmp_value(packet: str, name: str) -> str:
    """The text of the first element or attribute of this local name in an XMP packet; empty where there is none.

    A search in the text, no XML parser: the packet comes from outside.
    """
    element = re.search(rf"<(?:[\w.-]+:)?{re.escape(name)}\b[^>]*>([^<]*)<", packet)
    attribute = element or re.search(rf"\b(?:[\w.-]+:)?{re.escape(name)}\s*=\s*\"([^\"]*)\"", packet)
    if attribute is None:
        return ""
    text = attribute.group(1)
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return text
