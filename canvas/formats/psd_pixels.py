"""The pixels of one Photoshop file: packed planes become tiles, a row of tiles at a time and within limits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from psd_tools.constants import ChannelID, Compression, Resource
from psd_tools.psd.document import PSD
from psd_tools.psd.layer_and_mask import ChannelData

from canvas.errors import CanvasError
from canvas.formats.layered import BAND, put_pixels
from canvas.formats.psd_channels import Colours, PackedPlane, Plane, row_lengths
from canvas.formats.psd_header import Header
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.surface import TiledSurface

REACH = 1 << 24
"How far from the picture's corner a layer may lie."


@dataclass(eq=False)
class Pixels:
    """Unpacks pixels and counts them."""

    path: Path
    header: Header
    colours: Colours
    pixels_left: int
    "How many more may be unpacked."
    tell: Callable[[float], None]
    "Gets how much of the layer at hand is done, 0 to 1."

    def take(self, bounds: Bounds) -> None:
        """Count pixels before they are unpacked."""
        if max(map(abs, (bounds.x, bounds.y, bounds.right, bounds.bottom))) > REACH:
            raise CanvasError("it lies at an impossible place")
        self.pixels_left -= bounds.width * bounds.height
        if self.pixels_left < 0:
            raise CanvasError(f"{self.path.name} holds more pixels than can be opened")

    def fill(self, surface: TiledSurface, by_id: Mapping[ChannelID, ChannelData], bounds: Bounds) -> None:
        """The colours and the transparency of a layer into an empty surface. CanvasError for what is not all there."""
        self.take(bounds)
        size = (bounds.width, bounds.height)
        planes = [self.plane(by_id, ChannelID(number), size) for number in range(self.colours.planes)]
        alpha = self.plane(by_id, ChannelID.TRANSPARENCY_MASK, size)
        colours = [plane for plane in planes if plane is not None]
        if len(colours) < len(planes):
            raise CanvasError("a colour channel is missing")
        for top, rows in _bands(bounds):
            self.put(surface, colours, alpha, (bounds.x, top, rows))
            self.tell((top - bounds.y) / bounds.height)

    def fill_plain(self, surface: TiledSurface, colour: tuple[int, int, int, int]) -> None:
        """One colour over the whole picture."""
        bounds = Bounds(0, 0, self.header.width, self.header.height)
        self.take(bounds)
        for top, rows in _bands(bounds):
            put_pixels(surface, np.full((rows, bounds.width, 4), colour, np.uint8), 0, top)

    def coverage(
        self, by_id: Mapping[ChannelID, ChannelData], which: ChannelID, bounds: Bounds
    ) -> Iterator[tuple[tuple[int, int], Plane]]:
        """The values of a mask, piece by piece: left and top edge, and (h, w)."""
        self.take(bounds)
        plane = self.plane(by_id, which, (bounds.width, bounds.height))
        for top, rows in _bands(bounds):
            found = np.full((rows, bounds.width), 255, np.uint8) if plane is None else plane.rows(rows)
            yield (bounds.x, top), found

    def put(
        self,
        surface: TiledSurface,
        colours: Sequence[PackedPlane],
        alpha: PackedPlane | None,
        at: tuple[int, int, int],
        on_white: bool = False,
    ) -> None:
        """The next rows of a picture: left edge, top edge and how many; `on_white`: the colours were laid on white."""
        x, top, rows = at
        rgb = self.colours.to_rgb([plane.rows(rows) for plane in colours])
        rgba = np.full((*rgb.shape[:2], 4), 255, np.uint8)
        rgba[..., :3] = rgb
        if alpha is not None:
            rgba[..., 3] = alpha.rows(rows)
        if on_white:
            share = np.maximum(rgba[..., 3:].astype(np.float32), 1) / 255
            rgba[..., :3] = np.clip(255.5 - (255 - rgba[..., :3].astype(np.float32)) / share, 0, 255)
        put_pixels(surface, rgba, x, top)

    def plane(
        self, by_id: Mapping[ChannelID, ChannelData], which: ChannelID, size: tuple[int, int]
    ) -> PackedPlane | None:
        """One channel; None if there is none."""
        data = by_id.get(which)
        if data is None or not data.data:
            return None
        return PackedPlane.of_channel(data.compression, data.data, size, self.header.depth, self.header.version)

    def flat(self, parsed: PSD, layer_count: int) -> PaintLayer:
        """The merged picture of a file without layers."""
        header, data = self.header, parsed.image_data
        bounds = Bounds(0, 0, header.width, header.height)
        self.take(bounds)
        wanted = self.colours.planes
        named = parsed.image_resources.get_data(Resource.ALPHA_NAMES_UNICODE) or []
        sees_through = layer_count < 0 or any("transparen" in str(name).lower() for name in named)
        planes = self.merged_planes(Compression(data.compression), data.data)
        if len(planes) < wanted:
            raise CanvasError(f"{self.path.name} is damaged: its merged picture is incomplete")
        alpha = planes[wanted] if sees_through and len(planes) > wanted else None
        layer = PaintLayer(self.path.stem)
        for top, rows in _bands(bounds):
            self.put(layer.surface, planes[:wanted], alpha, (0, top, rows), on_white=alpha is not None)
            self.tell(top / bounds.height)
        return layer

    def merged_planes(self, packing: Compression, data: bytes) -> list[PackedPlane]:
        """The channels of the merged picture: its colours and one more, if there is."""
        header = self.header
        view, bits, width, rows = memoryview(data), header.depth, header.width, header.height
        count = min(header.channels, self.colours.planes + 1)
        if packing is Compression.RLE:
            lengths, start = row_lengths(data, rows * header.channels, header.version)
            found: list[PackedPlane] = []
            for number in range(count):
                own = lengths[number * rows : (number + 1) * rows]
                found.append(PackedPlane.rle(own, view[start : start + sum(own)], width, bits))
                start += sum(own)
            return found
        if packing is not Compression.RAW:
            raise CanvasError(f"the merged picture of {self.path.name} is packed in a way that cannot be read")
        size = rows * (width * bits // 8)
        return [PackedPlane(packing, view[n * size : (n + 1) * size], (width, rows), bits) for n in range(count)]


def _bands(bounds: Bounds) -> Iterator[tuple[int, int]]:
    """Top edge and number of rows of each piece that lies within one row of tiles."""
    top = bounds.y
    while top < bounds.bottom:
        bottom = min((top // BAND + 1) * BAND, bounds.bottom)
        yield top, bottom - top
        top = bottom
