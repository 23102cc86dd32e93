"""Layers as bytes: what goes in comes out, and nothing foreign gets in."""

from __future__ import annotations

import json
import random
import struct

import numpy as np
import pytest
from PySide6.QtGui import QImage

from canvas.adjustments import HueSaturation
from canvas.errors import CanvasError
from canvas.geometry import Point
from canvas.layer_packet import MAGIC, inside, pack, unpack
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.pixels import view
from canvas.project.codec import encode
from canvas.transform import image_of


def tile(seed: int) -> QImage:
    generator = np.random.default_rng(seed)
    alpha = generator.integers(0, 256, (256, 256, 1))
    colour = generator.integers(0, 256, (256, 256, 3)) * alpha // 255
    return image_of(np.concatenate([colour, alpha], axis=2).astype(np.uint8))


@pytest.fixture
def layers() -> list[Layer]:
    painted = PaintLayer("Berg 山")
    painted.offset, painted.opacity, painted.blend_mode = Point(-7, 300), 0.25, BlendMode.MULTIPLY
    painted.surface.set_tile((-1, 2), tile(1))
    painted.surface.set_tile((5, 0), tile(2))
    mask = LayerMask(painted, hides_outside=True)
    mask.surface.set_tile((0, 0), tile(3))
    mask.enabled = False
    painted.mask = mask
    group = GroupLayer("Group")
    inner = AdjustmentLayer("Colours", HueSaturation())
    inner.clipped = True
    for child in (painted, inner):
        child.parent = group
        group.children.append(child)
    top = PaintLayer("Top")
    top.visible = False
    return [group, top]


def test_everything_about_layers_survives(layers: list[Layer]) -> None:
    group, top = unpack(pack(layers))
    assert isinstance(group, GroupLayer)
    painted, colours = group.children
    assert isinstance(painted, PaintLayer)
    assert isinstance(colours, AdjustmentLayer)
    assert (group.name, painted.name, colours.name, top.name) == ("Group", "Berg 山", "Colours", "Top")
    assert (painted.offset, painted.opacity, painted.blend_mode) == (Point(-7, 300), 0.25, BlendMode.MULTIPLY)
    assert colours.adjustment == HueSaturation()
    assert colours.clipped
    assert not top.visible
    assert painted.mask is not None
    assert painted.mask.owner is painted
    assert painted.mask.hides_outside
    assert not painted.mask.enabled
    for old, new in zip(inside(layers), inside([group, top]), strict=True):
        assert old.id != new.id
        assert old.surface.snapshot() == new.surface.snapshot()


def framed(header: object, blobs: bytes = b"") -> bytes:
    body = json.dumps(header).encode()
    return MAGIC + struct.pack("<I", len(body)) + body + blobs


CODEC, BLOB = encode(np.full((256, 256, 4), 7, np.uint8))
GOOD = {"name": "x", "kind": "paint", "offset": [0, 0], "tiles": [[0, 0, int(CODEC), len(BLOB)]]}


def nested(depth: int) -> dict[str, object]:
    node: dict[str, object] = {"name": "g", "kind": "group", "children": []}
    for _ in range(depth):
        node = {"name": "g", "kind": "group", "children": [node]}
    return node


def test_the_hand_made_packet_is_good() -> None:
    (layer,) = unpack(framed({"version": 1, "layers": [GOOD]}, BLOB))
    assert isinstance(layer, PaintLayer)
    found = layer.surface.tile((0, 0))
    assert found is not None
    assert (view(found) == 7).all()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        MAGIC,
        b"PNG" * 40,
        MAGIC + struct.pack("<I", 1 << 31),
        MAGIC + struct.pack("<I", 5) + b"[[[[[",
        framed([]),
        framed({"version": 1}),
        framed({"version": 1, "layers": []}),
        framed({"version": 1, "layers": [7]}),
        framed({"version": 1, "layers": [nested(60)]}),
        framed({"version": 1, "layers": [{"name": "g", "kind": "group", "children": []}] * 2000}),
        framed({"version": 1, "layers": [{**GOOD, "kind": "oil"}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "name": 5}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "blend": "glow"}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "blend": []}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "opacity": "much"}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "offset": [0, 1 << 40]}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "tiles": [[1 << 30, 0, int(CODEC), len(BLOB)]]}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "tiles": [[0, 0, int(CODEC), len(BLOB) + 9]]}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "tiles": [[0, 0, 99, len(BLOB)]]}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "tiles": [[0, 0, 2, -4]]}]}, BLOB),
        framed({"version": 1, "layers": [{**GOOD, "mask": 3}]}, BLOB),
        framed({"version": 1, "layers": [{"name": "a", "kind": "adjustment", "adjustment": {"kind": "?"}}]}),
        framed({"version": 1, "layers": [{"name": "a", "kind": "adjustment", "adjustment": {}}]}),
    ],
)
def test_garbage_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(CanvasError) as refused:
        unpack(data)
    assert str(refused.value).endswith(".")


def test_damage_anywhere_never_gets_further_than_a_sentence(layers: list[Layer]) -> None:
    data = pack(layers)
    chance = random.Random(5)
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(min(len(broken), 1500))] = chance.randrange(256)
        if chance.random() < 0.3:
            del broken[chance.randrange(len(broken)) :]
        try:
            found = unpack(bytes(broken))
        except CanvasError:
            continue
        for surface in inside(found):
            for key in sorted(surface.surface.keys()):
                image = surface.surface.tile(key)
                assert image is not None
                pixels = view(image)
                assert (pixels[..., :3] <= pixels[..., 3:]).all()
