"""Small paintings with everything that files with layers can hold."""

import numpy as np

from canvas.adjustments import HueSaturation
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection

WIDTH, HEIGHT = 240, 200
FRAME = Bounds(0, 0, WIDTH, HEIGHT)
CELL_WIDTH, CELL_HEIGHT, COLUMNS = 48, 50, 5
"""Of the sample `modes`: one field for each blend mode."""
STEP = 30
IN_GROUPS = (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN)


def colours(height: int, width: int, seed: int, soft: bool = False) -> np.ndarray:
    """(h, w, 4): waves of colour in steps (which pack well), opaque or fading from the middle outwards."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    steep, begin = rng.uniform(0.01, 0.05, (3, 2)), rng.uniform(0, 6, 3)
    waves = [127 + 120 * np.sin(steep[i, 0] * columns + steep[i, 1] * rows + begin[i]) for i in range(3)]
    far = np.hypot(columns - width / 2, rows - height / 2) * 2 / width
    alpha = np.clip(255 - far * 255, 0, 255) // STEP * STEP if soft else np.full((height, width), 255.0)
    return np.stack([*(wave // STEP * STEP for wave in waves), alpha], -1).astype(np.uint8)


def new_sample(soft: bool = False) -> Document:
    """One layer that covers the picture."""
    document = Document.new(FRAME)
    base = document.active
    assert isinstance(base, PaintLayer)
    base.name = "base"
    document.put_image(base, 0, 0, from_rgba(colours(HEIGHT, WIDTH, 1, soft)))
    return document


def put(document: Document, name: str, place: Bounds, seed: int, group: GroupLayer | None = None) -> PaintLayer:
    """One more soft layer on top."""
    layer = PaintLayer(name)
    document.add_layer(layer, group)
    document.put_image(layer, place.x, place.y, from_rgba(colours(place.height, place.width, seed, soft=True)))
    return layer


def modes() -> Document:
    """Every blend mode on opaque colours, each in a field of its own."""
    document = new_sample()
    for number, mode in enumerate(BlendMode):
        layer = PaintLayer(str(mode))
        document.add_layer(layer)
        image = from_rgba(colours(CELL_HEIGHT - 4, CELL_WIDTH - 4, 2 + number))
        field = field_of(number)
        document.put_image(layer, field.x, field.y, image)
        document.set_layer(layer, blend_mode=mode, opacity=0.8)
    return document


def field_of(number: int) -> Bounds:
    """Where the n-th mode of the sample `modes` is."""
    return Bounds(number % COLUMNS * CELL_WIDTH, number // COLUMNS * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT)


def groups() -> Document:
    """A group of its own, one that layers blend through, one with a mode, and a hidden one."""
    document = new_sample()
    alone, through, dark, hidden = (GroupLayer(name) for name in ("alone", "through", "dark", "hidden 群"))
    for group, corner in ((alone, 10), (through, 70)):
        document.add_layer(group, document.tree.root)
        for number, mode in enumerate(IN_GROUPS):
            place = Bounds(corner + number * 30, corner // 2 + number * 20, 90, 90)
            layer = put(document, f"{group.name} {mode}", place, corner + number, group)
            document.set_layer(layer, blend_mode=mode)
    for group in (dark, hidden):
        document.add_layer(group, document.tree.root)
        put(document, f"in {group.name}", Bounds(10, 110, 80, 80), 29, group)
    document.set_layer(alone, opacity=0.7)
    document.set_layer(dark, blend_mode=BlendMode.MULTIPLY)
    document.set_layer(hidden, visible=False, locked=True)
    return document


def masks() -> Document:
    """A mask, a clipped layer, and an adjustment with a mask, over soft colours."""
    document = new_sample(soft=True)
    base = document.tree.root.children[0]
    document.add_mask(base, Selection.rectangle(Bounds(20, 10, 180, 150)))
    clipped = put(document, "clipped", Bounds(50, 30, 100, 100), 5)
    document.set_layer(clipped, clipped=True, blend_mode=BlendMode.OVERLAY, opacity=0.7)
    hue = AdjustmentLayer("hue", HueSaturation(hue=90))
    document.add_layer(hue)
    document.add_mask(hue, Selection.rectangle(Bounds(60, 0, 80, 200)))
    document.set_layer(hue, opacity=0.6)
    put(document, "top", Bounds(100, 80, 100, 100), 6)
    return document
