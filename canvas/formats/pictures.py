"""Flat pictures in and out: the one door to what the files beside it do."""

from canvas.formats.picture_opening import MAX_PIXELS, MAX_SIDE
from canvas.formats.picture_provenance import Provenance, SourceType
from canvas.formats.picture_reading import Change, Picture, picture_size, read_metadata, read_picture
from canvas.formats.picture_texts import read_texts
from canvas.formats.picture_writing import LOSSY, OPAQUE, WRITABLE, Writing, encoded, kind_of, replacing, write_picture

__all__ = [
    "LOSSY",
    "MAX_PIXELS",
    "MAX_SIDE",
    "OPAQUE",
    "WRITABLE",
    "Change",
    "Picture",
    "Provenance",
    "SourceType",
    "Writing",
    "encoded",
    "kind_of",
    "picture_size",
    "read_metadata",
    "read_picture",
    "read_texts",
    "replacing",
    "write_picture",
]
