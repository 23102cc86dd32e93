"""OpenRaster (.ora): the words of the format that `ora_reading` and `ora_writing` share.

A zip of one PNG for each layer, a list of them (`stack.xml`) and a picture of them all; Krita, MyPaint and GIMP open
it. The standard knows neither masks nor clipping nor adjustments nor a lock of transparency: layers that have
them are written as they look, with the originals beside them in members and attributes of our own, which others skip.
"""

from xml.etree import ElementTree

from canvas.layers import BlendMode

MIMETYPE = "image/openraster"
VERSION = "0.0.6"
MAX_LAYERS = 2000
MAX_DEPTH = 50
THUMBNAIL_SIDE = 256

MYPAINT = "http://mypaint.org/ns/openraster"
"The namespace of MyPaint's own attributes."
EOTF = "eotf"
"MyPaint's gamma while layers are blended: 1 blends as all others do, 2.2 in linear light."

NAMESPACE = "urn:handscroll:ora:1"
"Of the attributes that only we write and read:"
ORIGINALS = "originals"
"the member with the layers that the pixels were made of,"
MADE_FROM = "stands-for"
"the checksum of those pixels and their place: what another program changed is believed before the originals,"
LOCKS = "locks"
"which of the originals are locked, as a row of 0 and 1, the lowest first,"
ALPHA_LOCKED = "alpha-locked"
"whether only what is painted already can be painted on."

_TO_OPERATOR = {
    BlendMode.NORMAL: "svg:src-over",
    BlendMode.EXCLUSION: "krita:exclusion",
    BlendMode.ATOP: "svg:src-atop",
    BlendMode.ERASE: "svg:dst-out",
    BlendMode.BEHIND: "krita:behind",
}
_FROM_OPERATOR = {
    "svg:src-over": BlendMode.NORMAL,
    "krita:normal": BlendMode.NORMAL,
    "svg:add": BlendMode.PLUS,
    "svg:src-atop": BlendMode.ATOP,
    "svg:dst-out": BlendMode.ERASE,
    "svg:dst-over": BlendMode.BEHIND,
    "krita:erase": BlendMode.ERASE,
    "krita:add": BlendMode.PLUS,
    "krita:dodge": BlendMode.COLOR_DODGE,
    "krita:burn": BlendMode.COLOR_BURN,
    "krita:hard_light": BlendMode.HARD_LIGHT,
    "krita:soft_light_svg": BlendMode.SOFT_LIGHT,
    "krita:diff": BlendMode.DIFFERENCE,
}
_NAMES = frozenset(str(mode) for mode in BlendMode)


def operator_of(mode: BlendMode) -> str:
    """The composite-op that OpenRaster readers know."""
    return _TO_OPERATOR.get(mode, f"svg:{mode}")


def mode_of(operator: str) -> BlendMode | None:
    """The blend mode of a composite-op; None for one that is not known."""
    if operator in _FROM_OPERATOR:
        return _FROM_OPERATOR[operator]
    family, _, name = operator.partition(":")
    return BlendMode(name) if family in ("svg", "krita") and name in _NAMES else None


def private(element: ElementTree.Element, word: str) -> str:
    """One of our own attributes of an element that was read; empty when it has none."""
    return element.get(f"{{{NAMESPACE}}}{word}", "")
