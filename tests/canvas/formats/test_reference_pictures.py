"""Pictures with 16 bits a channel as the real GIMP writes them (`tools/reference_files.py`)."""

from pathlib import Path

import numpy as np

from canvas.formats.pictures import read_picture

REFERENCE = Path(__file__).parents[2] / "reference" / "formats"


def test_gimps_deep_pictures_are_the_same_in_both_formats_and_say_so():
    png, tiff = (read_picture(REFERENCE / f"gimp-16{suffix}") for suffix in (".png", ".tiff"))
    assert png.rgba.shape == (60, 80, 4)
    assert "16" in png.note
    assert "16" in tiff.note
    seen = png.rgba[..., 3] > 0
    assert seen.any()
    assert np.abs(png.rgba.astype(int) - tiff.rgba)[seen].max() <= 1
