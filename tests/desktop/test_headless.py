"""export, info and demo without a window, called as the command line calls them."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from canvas.document import Document
from canvas.formats.ora_reading import read_ora
from canvas.formats.pictures import Provenance, read_metadata, read_picture, read_texts, write_picture
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from desktop import headless


@pytest.fixture
def painted(qapp, tmp_path: Path) -> Path:
    document = Document.new(Bounds(0, 0, 64, 48))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    rgba = np.random.default_rng(0).integers(0, 256, (700, 90, 4), dtype=np.uint8)
    rgba[..., 3] = 255
    document.put_image(layer, -20, -600, from_rgba(rgba))
    project = Project.create(tmp_path / "a.scroll", document)
    project.close()
    return project.path


def asked(**values) -> argparse.Namespace:
    return argparse.Namespace(**{"json": True, "bounds": "content", **values})


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff", ".bmp"])
def test_export_writes_what_is_painted(painted, tmp_path, capsys, suffix):
    out = tmp_path / f"out{suffix}"
    before = painted.read_bytes()
    assert headless.export(asked(project=painted, out=out)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["width"], answer["height"], answer["bytes"]) == (90, 700, out.stat().st_size)
    picture = read_picture(out).rgba
    assert picture.shape == (700, 90, 4)
    if suffix in (".png", ".tiff", ".bmp"):
        rgba = np.random.default_rng(0).integers(0, 256, (700, 90, 4), dtype=np.uint8)
        assert (picture[..., :3] == rgba[..., :3]).all()
    assert painted.read_bytes() == before


def test_export_of_the_frame_and_of_layers(painted, tmp_path, capsys):
    assert headless.export(asked(project=painted, out=tmp_path / "f.png", bounds="frame", json=False)) == 0
    assert "64 x 48 pixels" in capsys.readouterr().out
    assert read_picture(tmp_path / "f.png").rgba.shape == (48, 64, 4)
    assert headless.export(asked(project=painted, out=tmp_path / "f.ora")) == 0
    found = read_ora(tmp_path / "f.ora")
    assert [(layer.name, layer.content_bounds()[:2]) for layer in found.layers] == [("Layer 1", (0, 0))]
    assert (found.width, found.height) == (90, 700)


def test_export_at_other_sizes_on_a_background_and_bare(painted, tmp_path, capsys):
    out = tmp_path / "small.png"
    assert headless.export(asked(project=painted, out=out, part="frame", scale=50, background="#102030")) == 0
    assert (json.loads(capsys.readouterr().out)["width"], read_picture(out).rgba.shape) == (32, (24, 32, 4))
    assert read_texts(out)["Software"] == "Handscroll"
    assert headless.export(asked(project=painted, out=out, no_metadata=True)) == 0
    assert read_texts(out) == {}
    project = Project.open(painted)
    document = project.document
    document.add_layer(layer := PaintLayer("sun / moon"))
    document.put_image(layer, 5, 5, from_rgba(np.full((9, 12, 4), 200, np.uint8)))
    project.close()
    capsys.readouterr()
    assert headless.export(asked(project=painted, out=tmp_path / "parts.webp", part="layers")) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [Path(file["out"]).name for file in answer["files"]] == ["parts 01 Layer 1.webp", "parts 02 sun _ moon.webp"]
    assert [(file["width"], file["height"]) for file in answer["files"]] == [(90, 700), (12, 9)]
    assert read_picture(tmp_path / "parts 02 sun _ moon.webp").rgba.shape == (9, 12, 4)


@pytest.mark.parametrize(("values", "words"), [({"scale": 500}, "1 to 400"), ({"background": "moon"}, "no background")])
def test_export_refuses_values_that_make_no_sense(painted, tmp_path, capsys, values, words):
    assert headless.export(asked(project=painted, out=tmp_path / "a.png", **values)) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()


def test_export_works_while_the_painting_is_open(painted, tmp_path):
    project = Project.open(painted)
    assert headless.export(asked(project=painted, out=tmp_path / "a.png")) == 0
    project.close()


def test_bad_input_gets_a_sentence_and_a_code(painted, tmp_path, capsys, qapp):
    empty = Project.create(tmp_path / "empty.scroll", Document.new(Bounds(0, 0, 9, 9)))
    empty.close()
    text = tmp_path / "text.scroll"
    text.write_text("hello " * 500)
    for project, out, code, words in (
        (painted, tmp_path / "a.xyz", 2, ".xyz"),
        (painted, tmp_path / "no" / "a.png", 2, "no folder"),
        (tmp_path / "none.scroll", tmp_path / "a.png", 1, "no file"),
        (empty.path, tmp_path / "a.png", 1, "Nothing is painted"),
        (text, tmp_path / "a.png", 1, "text.scroll"),
    ):
        assert headless.export(asked(project=project, out=out)) == code
        told = capsys.readouterr()
        assert words in told.err
        assert not told.out
        assert not out.exists()


def test_info(painted, tmp_path, capsys):
    assert headless.info(asked(file=painted)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["version"], answer["layers"], answer["tiles"], answer["generations"]) == ("1.2", 1, 8, 0)
    told = Provenance(recipe={"request": {"seed": 3}})
    write_picture(tmp_path / "p.png", np.zeros((5, 6, 4), np.uint8), provenance=told)
    assert headless.info(asked(file=tmp_path / "p.png")) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["width"], answer["height"], answer["format"]) == (6, 5, "PNG")
    assert answer["handscroll"] == {"request": {"seed": 3}}
    assert headless.info(asked(file=painted, json=False)) == 0
    assert "generations  0" in capsys.readouterr().out
    assert headless.info(asked(file=tmp_path / "none.png")) == 1
    assert "no file" in capsys.readouterr().err


@pytest.mark.slow
def test_the_demo_paints_with_the_real_engine(tmp_path, qapp):
    environment = {**os.environ, "HANDSCROLL_DEMO_DIR": str(tmp_path / "demo"), "HANDSCROLL_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "desktop.command_line", "demo", "--json"]
    root = Path(headless.__file__).parents[1]
    ran = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=280, check=False)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["files"] == ["demo.scroll", "demo.png", "demo.ora"]
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == sorted(answer["files"])
    picture = read_picture(tmp_path / "demo" / "demo.png").rgba
    assert picture.shape == (answer["height"], answer["width"], 4)
    assert (picture[..., 3] == 255).all()
    assert picture[..., :3].std(axis=(0, 1)).min() > 3  # a picture, not a plain sheet
    told = read_metadata(tmp_path / "demo" / "demo.png")
    assert [one["task"] for one in told["generations"]] == ["outpaint", "inpaint", "text-to-image"]
    assert told["request"]["prompt"]
    project = Project.open(tmp_path / "demo" / "demo.scroll")
    log = project.document.generations
    assert [record.task for record in log.records] == ["text-to-image", "inpaint", "outpaint"]
    assert [log.kept(record.id) for record in log.records] == [(0,), (0,), (0,)]
    assert [record.parent_id for record in log.records[1:]] == [record.id for record in log.records[:-1]]
    assert len(read_ora(tmp_path / "demo" / "demo.ora").layers) == 4
    project.close()
