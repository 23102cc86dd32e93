"""The pixels of Photoshop files: packed planes read row by row, and rows of any colour mode turned into sRGB.

Nothing is unpacked beyond the rows asked for, so a file that claims more than it holds costs no memory.
Layout: Adobe Photoshop File Formats Specification, "Channel image data" and "Image data".
"""

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from psd_tools.compression import rle_impl  # pyright: ignore[reportAttributeAccessIssue] - C, or Python
from psd_tools.constants import ColorMode, Compression

from canvas.errors import CanvasError

Plane = NDArray[np.uint8]
MOST_PER_BYTE = {Compression.RAW: 1, Compression.RLE: 64, Compression.ZIP: 1040, Compression.ZIP_WITH_PREDICTION: 1040}
"How many bytes each kind of packing can make of one; Deflate cannot do better."
DEPTHS = (8, 16, 32)


class PackedPlane:
    """One channel of a picture, read from its first row to its last."""

    def __init__(self, packing: Compression, data: bytes | memoryview, size: tuple[int, int], sample_bits: int) -> None:
        """`data` without row lengths (see `rle`); `size`: width, height. CanvasError if it cannot hold so much."""
        width, height = size
        self._packing, self._data, self._bits = packing, memoryview(data), sample_bits
        self._width, self._row_bytes = width, width * sample_bits // 8
        self._at, self._row = 0, 0
        self._lengths: Sequence[int] = ()
        self._inflate = zlib.decompressobj()
        if self._row_bytes * height > len(data) * MOST_PER_BYTE[packing]:
            raise CanvasError("its pixels are cut short")

    @classmethod
    def rle(cls, lengths: Sequence[int], data: bytes | memoryview, width: int, sample_bits: int) -> "PackedPlane":
        """Rows packed with PackBits, one after the other."""
        made = cls(Compression.RLE, data, (width, len(lengths)), sample_bits)
        made._lengths = lengths
        return made

    @classmethod
    def of_channel(
        cls, packing: Compression, data: bytes, size: tuple[int, int], sample_bits: int, version: int
    ) -> "PackedPlane":
        """A layer's channel, with the lengths of its rows in front if it is RLE."""
        if packing is not Compression.RLE:
            return cls(packing, data, size, sample_bits)
        lengths, start = row_lengths(data, size[1], version)
        return cls.rle(lengths, memoryview(data)[start:], size[0], sample_bits)

    def rows(self, count: int) -> Plane:
        """(count, width): the next rows as 8 bits. CanvasError when there is not so much."""
        want = count * self._row_bytes
        if self._packing is Compression.RLE:
            raw = self._unpack_runs(count)
        elif self._packing is Compression.RAW:
            raw = bytes(self._data[self._at : self._at + want])
            self._at += want
        else:
            raw = self._deflated(want)
        if len(raw) != want:
            raise CanvasError("its pixels are cut short")
        return _eight_bits(raw, (count, self._width), self._bits, self._packing is Compression.ZIP_WITH_PREDICTION)

    def _unpack_runs(self, count: int) -> bytes:
        found: list[bytes] = []
        for length in self._lengths[self._row : self._row + count]:
            found.append(rle_impl.decode(bytes(self._data[self._at : self._at + length]), self._row_bytes))
            self._at += length
        if self._at > len(self._data):
            raise CanvasError("its pixels are cut short")
        self._row += count
        return b"".join(found)

    def _deflated(self, want: int) -> bytes:
        fresh = self._inflate.unconsumed_tail if self._at else self._data
        self._at = 1
        try:
            return self._inflate.decompress(fresh, want)
        except zlib.error as error:
            raise CanvasError("its pixels are damaged") from error


def row_lengths(data: bytes | memoryview, rows: int, version: int) -> tuple[list[int], int]:
    """The packed length of each row, and where the rows begin."""
    size = 2 * version * rows
    if size > len(data):
        raise CanvasError("its pixels are cut short")
    return list(struct.unpack(f">{rows}{'HI'[version - 1]}", data[:size])), size


def _eight_bits(raw: bytes, shape: tuple[int, int], bits: int, predicted: bool) -> Plane:
    height, width = shape
    if bits == 8:
        plane = np.frombuffer(raw, np.uint8).reshape(shape)
        return np.cumsum(plane, axis=1, dtype=np.uint8) if predicted else plane
    if bits == 16:
        words = np.frombuffer(raw, ">u2").reshape(shape)
        if predicted:
            words = np.cumsum(words, axis=1, dtype=np.uint16)
        return ((words.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    if predicted:  # the differences run over the four bytes of a row's floats, the highest bytes first
        summed = np.cumsum(np.frombuffer(raw, np.uint8).reshape(height, 4 * width), axis=1, dtype=np.uint8)
        raw = summed.reshape(height, 4, width).transpose(0, 2, 1).tobytes()
    light = np.clip(np.nan_to_num(np.frombuffer(raw, ">f4").astype(np.float32).reshape(shape)), 0, 1)
    return (light * 255 + 0.5).astype(np.uint8)


class Colours:
    """Turns rows of planes into sRGB."""

    def __init__(self, mode: ColorMode, palette: bytes, profile: bytes, float_light: bool) -> None:
        """`palette`: 768 bytes, red then green then blue. `float_light`: the samples are linear light."""
        self.notes: list[str] = []
        self._mode = mode
        self._palette = np.frombuffer(palette[:768].ljust(768, b"\0"), np.uint8).reshape(3, 256).T
        self._transform: ImageCms.ImageCmsTransform | None = None
        self._curve = _srgb_curve() if float_light and mode in (ColorMode.RGB, ColorMode.GRAYSCALE) else None
        if mode not in _PLANES:
            raise CanvasError(f"pictures of the colour mode {mode.name.lower()} cannot be read here")
        if profile and self._curve is None and mode in _ICC_MODES:
            self._transform = self._transform_from(profile)
        if self._transform is None and mode in (ColorMode.CMYK, ColorMode.LAB):
            self.notes.append("Its printing or Lab colours were converted without a profile and may look different.")
        elif mode is ColorMode.DUOTONE:
            self.notes.append("Its duotone was read as grey.")

    @property
    def planes(self) -> int:
        """How many channels make a colour."""
        return _PLANES[self._mode]

    def to_rgb(self, planes: Sequence[Plane]) -> Plane:
        """(h, w, 3) sRGB from as many (h, w) as `planes` says."""
        if self._mode is ColorMode.INDEXED:
            return self._palette[planes[0]]
        if self._mode is ColorMode.CMYK:
            planes = [255 - plane for plane in planes]  # the file keeps paper as 255
        stacked = planes[0] if len(planes) == 1 else np.stack(planes, axis=-1)
        if self._curve is not None:
            stacked = self._curve[stacked]
        if self._mode is ColorMode.LAB or self._transform is not None:
            image = Image.fromarray(np.ascontiguousarray(stacked), _ICC_MODES[self._mode])
            done = ImageCms.applyTransform(image, self._transform or _lab_transform())
            return np.asarray(image if done is None else done)
        if self._mode is ColorMode.CMYK:
            ink = 255 - stacked.astype(np.uint16)
            return ((ink[..., :3] * ink[..., 3:] + 127) // 255).astype(np.uint8)
        return np.repeat(stacked[..., None], 3, axis=-1) if stacked.ndim == 2 else stacked

    def _transform_from(self, profile: bytes) -> ImageCms.ImageCmsTransform | None:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            name = ImageCms.getProfileDescription(source)
            if "srgb" in name.lower() and self._mode is ColorMode.RGB:
                return None
            target = ImageCms.createProfile("sRGB")
            made = ImageCms.buildTransform(source, target, _ICC_MODES[self._mode], "RGB")
        except (OSError, ValueError, TypeError, KeyError, ImageCms.PyCMSError):
            self.notes.append("Its colour profile could not be used; colours may look different.")
            return None
        self.notes.append("Its colours were converted to sRGB.")
        return made


_PLANES = {
    ColorMode.RGB: 3,
    ColorMode.GRAYSCALE: 1,
    ColorMode.DUOTONE: 1,
    ColorMode.INDEXED: 1,
    ColorMode.CMYK: 4,
    ColorMode.LAB: 3,
}
_ICC_MODES = {ColorMode.RGB: "RGB", ColorMode.GRAYSCALE: "L", ColorMode.CMYK: "CMYK", ColorMode.LAB: "LAB"}


def _lab_transform() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")


def _srgb_curve() -> Plane:
    """(256,) from linear light to sRGB."""
    light = np.linspace(0, 1, 256)
    curved = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (curved * 255 + 0.5).astype(np.uint8)
