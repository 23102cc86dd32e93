"""Pixels survive the way into bytes and back, and damaged bytes are noticed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from canvas.errors import CanvasError
from canvas.project.codec import Codec, decode, encode

shapes = st.one_of(
    st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3, 4])),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
)


@settings(deadline=None)
@given(shapes.flatmap(lambda shape: hnp.arrays(np.uint8, shape)))
def test_round_trip(pixels):
    codec, data = encode(pixels)
    assert (decode(codec, data, pixels.shape) == pixels).all()


def test_a_view_with_strides_is_stored_as_it_looks():
    whole = np.random.default_rng(1).integers(0, 256, (64, 64, 4), dtype=np.uint8)
    part = whole[3:40:2, 5:20]
    assert (decode(*encode(part), part.shape) == part).all()


def test_plain_tiles_take_one_pixel():
    tile = np.full((256, 256, 4), (10, 20, 30, 255), np.uint8)
    codec, data = encode(tile)
    assert (codec, data) == (Codec.PLAIN, bytes((10, 20, 30, 255)))
    tile[200, 100, 0] = 11
    assert encode(tile)[0] is Codec.DELTA_ZSTD


def test_every_flipped_bit_is_noticed_or_harmless():
    tile = np.random.default_rng(2).integers(0, 4, (64, 64, 4), dtype=np.uint8)
    codec, data = encode(tile)
    rng = np.random.default_rng(3)
    for _ in range(300):
        broken = bytearray(data)
        broken[rng.integers(len(data))] ^= 1 << rng.integers(8)
        try:
            assert (decode(codec, bytes(broken), tile.shape) == tile).all()
        except CanvasError:
            continue


@pytest.mark.parametrize("shape", [(0, 4, 4), (1 << 20, 1 << 20, 4), (4,), (256, 256, 3)])
def test_impossible_sizes_are_refused_before_memory_is_taken(shape):
    codec, data = encode(np.arange(256 * 256 * 4, dtype=np.uint32).astype(np.uint8).reshape(256, 256, 4))
    with pytest.raises(CanvasError):
        decode(codec, data, shape)


def test_unknown_codings_are_refused():
    with pytest.raises(CanvasError, match="newer"):
        decode(77, b"abcd", (1, 1, 4))


@pytest.mark.parametrize("height", [1, 2, 3, 127, 255, 256, 257, 300, 511, 512, 513, 769])
def test_tall_pictures_are_added_up_right(height):
    pixels = np.random.default_rng(height).integers(0, 256, (height, 3, 4), dtype=np.uint8)
    assert (decode(*encode(pixels), pixels.shape) == pixels).all()
