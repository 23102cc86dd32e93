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
from canvas.formats import ora
from canvas.formats.pictures import read_metadata, read_picture, write_picture
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
    found = ora.read(tmp_path / "f.ora")
    assert [(layer.name, layer.x, layer.y) for layer in found.layers] == [("Layer 1", 0, 0)]
    assert (found.width, found.height) == (90, 700)


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
    assert (answer["version"], answer["layers"], answer["tiles"], answer["generations"]) == ("1.1", 1, 8, 0)
    write_picture(tmp_path / "p.png", np.zeros((5, 6, 4), np.uint8), {"request": {"seed": 3}})
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
    assert read_metadata(tmp_path / "demo" / "demo.png")["request"]["task"] == "outpaint"
    project = Project.open(tmp_path / "demo" / "demo.scroll")
    log = project.document.generations
    assert [record.task for record in log.records] == ["text-to-image", "inpaint", "outpaint"]
    assert [log.kept(record.id) for record in log.records] == [(0,), (0,), (0,)]
    assert [record.parent_id for record in log.records[1:]] == [record.id for record in log.records[:-1]]
    assert len(ora.read(tmp_path / "demo" / "demo.ora").layers) == 4
    project.close()
