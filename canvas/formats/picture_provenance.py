"""How a picture was made, as it stands in its file: parameters as text, our own JSON, and IPTC's source type in XMP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

METADATA_KEY = "handscroll"
SOFTWARE = "Handscroll"
_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_DESCRIPTION, _SOFTWARE_TAG, _EXIF_IFD, _USER_COMMENT, _XMP_TAG = 0x010E, 0x0131, 0x8769, 0x9286, 700
_JPEG_SEGMENT = 64_000
"""Bytes that a JPEG can hold in one of its segments, with a little room."""
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:handscroll="urn:handscroll:1.0:">
{body}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class SourceType(StrEnum):
    """IPTC's words for where a picture comes from."""

    UNSAID = ""
    GENERATED = "trainedAlgorithmicMedia"
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True)
class Provenance:
    """What is written into a file about its making."""

    parameters: str = ""
    "The settings of one generation in the form that other programs read."
    recipe: Mapping[str, Any] = field(default_factory=dict)
    "Our own JSON: every generation that is visible in the picture, under `generations`, the newest first."
    source: SourceType = SourceType.UNSAID
    "Whether generated pixels are inside."

    def json(self, limit: int = 0) -> str:
        """The recipe as text; with a limit in bytes of XML, the oldest generations are left out until it fits."""
        recipe = dict(self.recipe)
        text = json.dumps(recipe, default=str, ensure_ascii=False)
        while limit and len(escape(text).encode()) > limit:
            generations = list(recipe.get("generations", ()))
            if not generations:
                return ""
            recipe["generations"] = generations[:-1]
            recipe["left_out"] = recipe.get("left_out", 0) + 1
            text = json.dumps(recipe, default=str, ensure_ascii=False)
        return text

    def packet(self, recipe: str = "") -> bytes:
        """The XMP packet, UTF-8, with this JSON inside."""
        body = [f"<xmp:CreatorTool>{SOFTWARE}</xmp:CreatorTool>"]
        if self.source:
            kind = f"<Iptc4xmpExt:DigitalSourceType>{_IPTC}{self.source.value}</Iptc4xmpExt:DigitalSourceType>"
            body.append(kind)
        if recipe:
            body.append(f"<handscroll:recipe>{escape(_printable(recipe))}</handscroll:recipe>")
        return _PACKET.format(body="\n".join(body)).encode()


def save_options(kind: str, provenance: Provenance) -> dict[str, Any]:
    """What Pillow is to be told so that a format carries it; `kind` is Pillow's name. BMP carries nothing."""
    if kind == "PNG":
        return {"pnginfo": _png_texts(provenance)}
    if kind == "JPEG":
        packet = provenance.packet(provenance.json(_JPEG_SEGMENT - 2000))
        return {"exif": _exif(provenance, _JPEG_SEGMENT // 2 - 1000), "xmp": packet}
    if kind in ("WEBP", "AVIF"):
        return {"exif": _exif(provenance), "xmp": provenance.packet(provenance.json())}
    if kind == "TIFF":
        tags: dict[int, Any] = {_SOFTWARE_TAG: SOFTWARE, _XMP_TAG: provenance.packet(provenance.json())}
        if provenance.parameters:
            tags[_DESCRIPTION] = provenance.parameters.encode()
        return {"tiffinfo": tags}
    if kind == "GIF":
        return {"comment": provenance.json().encode()}
    return {}


def _png_texts(provenance: Provenance) -> PngInfo:
    texts = PngInfo()
    if provenance.parameters:
        _add_text(texts, "parameters", provenance.parameters)
    if provenance.recipe:
        texts.add_itxt(METADATA_KEY, provenance.json())
    texts.add_text("Software", SOFTWARE)
    texts.add_itxt("XML:com.adobe.xmp", provenance.packet().decode())
    return texts


def _add_text(texts: PngInfo, key: str, value: str) -> None:
    """Latin text as tEXt, which every reader knows; all other as iTXt."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        texts.add_itxt(key, value)
    else:
        texts.add_text(key, value)


def _exif(provenance: Provenance, most: int = 0) -> Image.Exif:
    """Software and, as A1111 does it, the parameters as UserComment in UTF-16; `most` characters if it is not 0."""
    exif = Image.Exif()
    exif[_SOFTWARE_TAG] = SOFTWARE
    if provenance.parameters:
        text = provenance.parameters[:most] if most else provenance.parameters
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + text.encode("utf-16-be")
    return exif


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold; JSON has escaped its own."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)
