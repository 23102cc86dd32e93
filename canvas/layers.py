"""Layers: paint layers with pixels, masks, adjustments, groups, and the tree of them all."""

from collections.abc import Iterator
from enum import StrEnum
from uuid import uuid4

from PySide6.QtGui import QPainter

from canvas.adjustments import Adjustment
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, Point
from canvas.layer_control import LayerControl
from canvas.png_copy import CopyNote
from canvas.surface import TiledSurface


class BlendMode(StrEnum):
    """How a layer meets what is below; stored by these names."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    OVERLAY = "overlay"
    DARKEN = "darken"
    LIGHTEN = "lighten"
    COLOR_DODGE = "color-dodge"
    COLOR_BURN = "color-burn"
    HARD_LIGHT = "hard-light"
    SOFT_LIGHT = "soft-light"
    DIFFERENCE = "difference"
    EXCLUSION = "exclusion"
    PLUS = "plus"
    ATOP = "atop"
    ERASE = "erase"
    BEHIND = "behind"
    HUE = "hue"
    SATURATION = "saturation"
    COLOR = "color"
    LUMINOSITY = "luminosity"

    @property
    def mixes_channels(self) -> bool:
        """Whether a channel of the result depends on the other channels: Qt has no mode for these."""
        return self in _MIXING

    @property
    def is_ours(self) -> bool:
        """Whether layers in this mode are blended by us: Qt has no such mode, or one unlike that of other programs.

        Qt's Plus adds premultiplied colours. Photoshop and Krita add the colours themselves (linear dodge), cut off at
        white, before alpha and opacity are weighed.
        """
        return self in _MIXING or self is BlendMode.PLUS

    @property
    def composition(self) -> QPainter.CompositionMode:
        """Qt's mode of the same meaning; SourceOver for those that mix channels."""
        name = _QT_NAMES.get(self.value) or "".join(word.title() for word in self.value.split("-"))
        return QPainter.CompositionMode[f"CompositionMode_{name}"]


_MIXING = frozenset({BlendMode.HUE, BlendMode.SATURATION, BlendMode.COLOR, BlendMode.LUMINOSITY})
_QT_NAMES = {
    "normal": "SourceOver",
    "erase": "DestinationOut",
    "atop": "SourceAtop",
    "behind": "DestinationOver",
    **dict.fromkeys(_MIXING, "SourceOver"),
}


class Layer:
    """What every layer has. Change it through the document, so that it can be undone."""

    def __init__(self, name: str = "", layer_id: str = "") -> None:
        self.id = layer_id or uuid4().hex
        self.name = name
        self.visible = True
        self.opacity = 1.0
        self.blend_mode = BlendMode.NORMAL
        self.locked = False
        self.clipped = False
        self.mask: LayerMask | None = None
        self.control: LayerControl | None = None
        self.parent: GroupLayer | None = None

    @property
    def shown(self) -> bool:
        """Whether the layer and all groups around it are visible."""
        return self.visible and (self.parent is None or self.parent.shown)

    @property
    def protected(self) -> bool:
        """Whether the layer or a group around it is locked."""
        return self.locked or (self.parent is not None and self.parent.protected)

    @property
    def apart(self) -> bool:
        """Whether it is shown to the painter only, and is no part of the picture."""
        return self.control is not None and self.control.apart

    def tile_extent(self) -> Bounds:
        """Canvas pixels that the layer's tiles may cover."""
        return NOTHING

    def content_bounds(self) -> Bounds:
        """Canvas pixels, tight around everything with alpha."""
        return NOTHING


class PaintLayer(Layer):
    """A layer with pixels; canvas position = layer position + offset."""

    def __init__(self, name: str = "", surface: TiledSurface | None = None, layer_id: str = "") -> None:
        super().__init__(name, layer_id)
        self.surface = TiledSurface() if surface is None else surface
        self.offset = Point(0, 0)
        self.alpha_locked = False
        self.in_file = CopyNote()

    def tile_extent(self) -> Bounds:
        """Canvas pixels that the layer's tiles may cover."""
        return self.surface.bounds().translated(*self.offset)

    def content_bounds(self) -> Bounds:
        """Canvas pixels, tight around everything with alpha; NOTHING for an empty layer."""
        found = self.surface.content_bounds()
        return NOTHING if found.is_empty else found.translated(*self.offset)


class LayerMask(PaintLayer):
    """Where its owner is seen. It is painted like a layer and has alpha only: what is painted hides.

    With `hides_outside` it is the other way round: only what is painted is seen. Either way an empty tile
    costs nothing, and the mask reaches over the whole endless plane.
    """

    def __init__(
        self,
        owner: Layer,
        hides_outside: bool = False,
        surface: TiledSurface | None = None,
        layer_id: str = "",
    ) -> None:
        super().__init__("", surface, layer_id)
        self.owner = owner
        self.hides_outside = hides_outside
        self.enabled = True

    @property
    def shown(self) -> bool:
        """Whether its owner is visible."""
        return self.owner.shown

    @property
    def protected(self) -> bool:
        """Whether its owner is locked."""
        return self.owner.protected


class AdjustmentLayer(Layer):
    """Changes the colours of everything below it in its group; has no pixels of its own."""

    def __init__(self, name: str, adjustment: Adjustment, layer_id: str = "") -> None:
        super().__init__(name, layer_id)
        self.adjustment = adjustment

    def tile_extent(self) -> Bounds:
        """Canvas pixels that may look different because of it: all those of the painting."""
        top: Layer = self
        while top.parent is not None:
            top = top.parent
        return NOTHING if top is self else top.tile_extent()


class GroupLayer(Layer):
    """A folder of layers; index 0 is the lowest."""

    def __init__(self, name: str = "", layer_id: str = "") -> None:
        super().__init__(name, layer_id)
        self.children: list[Layer] = []

    def walk(self) -> Iterator[Layer]:
        """Everything inside, bottom to top, a group after what it holds."""
        for child in self.children:
            if isinstance(child, GroupLayer):
                yield from child.walk()
            yield child

    def tile_extent(self) -> Bounds:
        """Canvas pixels that the tiles of everything inside may cover."""
        found = NOTHING
        for child in self.children:
            if not isinstance(child, AdjustmentLayer):
                found = found.united(child.tile_extent())
        return found

    def content_bounds(self) -> Bounds:
        """Canvas pixels, tight around everything inside with alpha."""
        found = NOTHING
        for child in self.children:
            found = found.united(child.content_bounds())
        return found

    def picture_bounds(self) -> Bounds:
        """As `content_bounds`, of what is a part of the picture: without layers that stand apart from it."""
        found = NOTHING
        for child in self.children:
            if not child.apart:
                within = child.picture_bounds() if isinstance(child, GroupLayer) else child.content_bounds()
                found = found.united(within)
        return found

    @property
    def isolated(self) -> bool:
        """Whether what it holds is blended together first, and then as one onto what is below."""
        masked = self.mask is not None and self.mask.enabled
        return self.opacity < 1.0 or self.blend_mode is not BlendMode.NORMAL or masked


class LayerTree:
    """All layers of a document under one root group, which itself is no layer to the user."""

    def __init__(self) -> None:
        self.root = GroupLayer("root", layer_id="root")

    def walk(self) -> Iterator[Layer]:
        """Every layer, bottom to top, a group after what it holds; without the root."""
        return self.root.walk()

    def paint_layers(self) -> Iterator[PaintLayer]:
        """Every layer with pixels, bottom to top."""
        return (layer for layer in self.walk() if isinstance(layer, PaintLayer))

    def surfaces(self) -> Iterator[PaintLayer]:
        """Everything that has pixels: paint layers and masks."""
        for layer in self.walk():
            if isinstance(layer, PaintLayer):
                yield layer
            if layer.mask is not None:
                yield layer.mask

    def find(self, layer_id: str) -> Layer:
        """The layer, or mask, with this id; CanvasError if there is none."""
        for layer in self.walk():
            if layer.id == layer_id:
                return layer
            if layer.mask is not None and layer.mask.id == layer_id:
                return layer.mask
        raise CanvasError(f"This document has no layer with the id {layer_id}.")

    def __contains__(self, layer: Layer) -> bool:
        if isinstance(layer, LayerMask):
            return layer.owner.mask is layer and layer.owner in self
        above: Layer | None = layer
        while above is not None and above is not self.root:
            if above.parent is None or above not in above.parent.children:
                return False
            above = above.parent
        return above is self.root and layer is not self.root
