"""Export as a person meets it: every part, size and background, one file per layer, cancel, once more, provenance."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from canvas.formats.pictures import read_metadata, read_picture, read_texts
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.dialogs.export import ExportDialog, ExportPlace
from desktop.export_choices import Background, ExportChoices, NameParts, Part, named_file, safe_name
from desktop.export_estimate import estimate
from desktop.export_pictures import ExportJob, ExportPlan, export_picture, jobs_of
from desktop.export_run import run_export
from desktop.main_window import MainWindow
from desktop.program import Program
from tests.desktop.conftest import Scenario, until

VISIBLE = Bounds(10, 20, 90, 60)


def paint(window: MainWindow, bounds: Bounds, colour: str) -> PaintLayer:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, bounds.x, bounds.y, image)
    return layer


def noise(window: MainWindow, bounds: Bounds) -> None:
    from canvas.pixels import from_rgba

    pixels = np.random.default_rng(1).integers(0, 256, (bounds.height, bounds.width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, bounds.x, bounds.y, from_rgba(pixels))


def plan(folder: Path, **choices: object) -> ExportPlan:
    return ExportPlan(replace(ExportChoices(name="out"), **choices), folder, VISIBLE)  # pyright: ignore[reportArgumentType]


def exported(window: MainWindow, run: Scenario, wanted: ExportPlan) -> list[np.ndarray]:
    outcome = run(run_export(window.session, wanted, lambda _: None))
    return [read_picture(path).rgba for path in outcome.paths]


def seen(window: MainWindow, bounds: Bounds) -> np.ndarray:
    return to_rgba(window.session.compositor.flatten(bounds))


def dialog_of(window: MainWindow, folder: Path) -> ExportDialog:
    dialog = ExportDialog(ExportPlace(window.session, window.program.settings, folder, VISIBLE), window)
    dialog.open()
    return dialog


def is_open(dialog: QWidget) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:
        return False


def test_every_part_bit_for_bit(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    noise(window, Bounds(-30, -40, 200, 150))
    window.session.document.set_selection(Selection.rectangle(Bounds(5, 6, 70, 33)))
    parts = {
        Part.FRAME: window.session.document.frame,
        Part.SELECTION: Bounds(5, 6, 70, 33),
        Part.EVERYTHING: Bounds(-30, -40, 200, 150),
        Part.VIEW: VISIBLE,
    }
    for part, suffix in product(parts, (".png", ".webp", ".tiff")):
        (found,) = exported(window, run, plan(tmp_path, part=part, suffix=suffix, lossless=True))
        assert (found == seen(window, parts[part])).all(), (part, suffix)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.png", "out.tiff", "out.webp"]


def test_the_selections_shape_is_cut_out(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paint(window, Bounds(0, 0, 100, 100), "#204080")
    selection = Selection.ellipse(Bounds(10, 10, 60, 40))
    window.session.document.set_selection(selection)
    (found,) = exported(window, run, plan(tmp_path, part=Part.SHAPE))
    assert (found[..., 3] == selection.coverage(selection.bounds)).all()
    assert tuple(found[20, 30]) == (0x20, 0x40, 0x80, 255)


def test_other_sizes(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paint(window, Bounds(0, 0, 200, 150), "#c04020")
    sizes = {(50, 0): (100, 75), (300, 0): (600, 450), (100, 64): (64, 48), (100, 1): (1, 1)}
    for (percent, side), (width, height) in sizes.items():
        (found,) = exported(window, run, plan(tmp_path, part=Part.EVERYTHING, percent=percent, side=side))
        assert found.shape == (height, width, 4)
        assert (found == (0xC0, 0x40, 0x20, 255)).all()


def test_backgrounds(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paint(window, Bounds(0, 0, 20, 20), "#c04020")
    grounds = {
        Background.WHITE: (255, 255, 255, 255), Background.BLACK: (0, 0, 0, 255), Background.TRANSPARENT: (0, 0, 0, 0),
        Background.PAPER: (0xFB, 0xFA, 0xF7, 255), Background.COLOUR: (0x12, 0x34, 0x56, 255),
    }  # fmt: skip
    for background, colour in grounds.items():
        (found,) = exported(window, run, plan(tmp_path, background=background, colour="#123456"))
        assert tuple(found[100, 100]) == colour
        assert tuple(found[10, 10]) == (0xC0, 0x40, 0x20, 255)


def test_each_layer_is_a_file_with_its_mask_and_opacity(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    document = window.session.document
    first = paint(window, Bounds(0, 0, 40, 40), "#ff0000")
    document.set_layer(first, name="sky / sea: 1?")
    second = PaintLayer("CON")
    document.add_layer(second)
    document.active = second
    paint(window, Bounds(300, 10, 30, 20), "#0000ff")
    document.set_layer(second, opacity=0.5)
    hidden = PaintLayer("hidden")
    document.add_layer(hidden)
    document.active = hidden
    paint(window, Bounds(0, 0, 9, 9), "#00ff00")
    document.set_layer(hidden, visible=False)
    document.add_layer(PaintLayer("empty"))
    red, blue = exported(window, run, plan(tmp_path, part=Part.LAYERS))
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert names == ["out 01 sky _ sea_ 1_.png", "out 02 CON.png"]
    assert (red == (255, 0, 0, 255)).all()
    assert red.shape == (40, 40, 4)
    assert blue.shape == (20, 30, 4)
    assert np.abs(blue.astype(int) - (0, 0, 255, 128)).max() <= 1
    together = exported(window, run, plan(tmp_path, part=Part.LAYERS, trim=False))
    assert [one.shape for one in together] == [(40, 330, 4)] * 2
    assert tuple(together[1][15, 310, :3]) == (0, 0, 255)
    assert together[1][15, 5, 3] == 0


def test_a_group_is_one_file_or_its_layers(window: MainWindow, tmp_path: Path) -> None:
    document = window.session.document
    group = GroupLayer("both")
    document.add_layer(group)
    for name in ("a", "b"):
        layer = PaintLayer(name)
        document.add_layer(layer, group)
        document.active = layer
        paint(window, Bounds(0, 0, 20, 20), "#888888")
    whole = jobs_of(window.session, plan(tmp_path, part=Part.GROUPS))
    each = jobs_of(window.session, plan(tmp_path, part=Part.LAYERS, name="{layer}"))
    assert [job.path.name for job in whole] == ["out 01 both.png"]
    assert [job.path.name for job in each] == ["a.png", "b.png"]
    document.set_layer(group.children[1], name="A")
    same = jobs_of(window.session, plan(tmp_path, part=Part.LAYERS, name="{layer}"))
    assert len({job.path.name.casefold() for job in same}) == 2


@pytest.mark.slow
def test_cancel_leaves_no_file(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    noise(window, Bounds(0, 0, 1500, 1500))
    job = ExportJob(tmp_path / "big.png", Bounds(0, 0, 1500, 1500), (3000, 3000))
    told: list[float] = []

    async def stopped_at(part: float) -> bool:
        told.clear()
        work = asyncio.ensure_future(export_picture(window.session, job, told.append))
        await until(lambda: work.done() or (told and told[-1] >= part))
        work.cancel()
        await asyncio.wait([work])
        return work.cancelled()

    for part in (0.1, 0.55, 0.75, 0.8):
        assert run(stopped_at(part)), part
        assert [path for path in tmp_path.iterdir() if path.is_file()] == []
    assert told[-1] < 1


@pytest.mark.slow
def test_cancel_in_the_dialog_stops_the_work_and_keeps_the_choices(
    window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    noise(window, Bounds(0, 0, 1500, 1500))
    window.session.document.set_frame(Bounds(0, 0, 1500, 1500))

    async def scenario() -> None:
        dialog = dialog_of(window, tmp_path)
        dialog.form.percent.setValue(200)
        dialog.run.click()
        await until(lambda: dialog.bar.value() > 100)
        dialog.reject()
        await until(dialog.run.isEnabled)
        assert is_open(dialog)
        assert dialog.form.percent.value() == 200
        dialog.reject()
        assert not is_open(dialog)

    run(scenario())
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_the_dialog_asks_before_it_writes_over_a_file(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paint(window, Bounds(0, 0, 50, 50), "#336699")
    there = tmp_path / "mine.png"
    there.write_bytes(b"precious")

    async def scenario() -> None:
        dialog = dialog_of(window, tmp_path)
        dialog.name.setText("mine")
        dialog.run.click()
        await until(lambda: dialog.problem.text())
        assert "mine.png is there already" in dialog.problem.text()
        assert dialog.run.text() == "Replace"
        assert there.read_bytes() == b"precious"
        dialog.name.setText("other")
        assert dialog.run.text() == "Export"
        dialog.name.setText("mine")
        dialog.run.click()
        await until(lambda: dialog.problem.text())
        dialog.run.click()
        await until(lambda: not is_open(dialog))

    run(scenario())
    assert read_picture(there).rgba.shape == (512, 512, 4)


def test_the_dialog_remembers_and_says_how_large_the_file_will_be(
    window: MainWindow, program: Program, run: Scenario, tmp_path: Path
) -> None:
    noise(window, Bounds(0, 0, 512, 512))

    async def scenario() -> None:
        dialog = dialog_of(window, tmp_path)
        dialog.form.format.setCurrentIndex(dialog.form.format.findData(".webp"))
        dialog.form.quality.setValue(61)
        dialog.form.sizing.setCurrentIndex(1)
        dialog.form.side.setValue(256)
        dialog.form.says_how.setChecked(False)
        dialog.name.setText("{title} {number}")
        assert "256 × 256" in dialog.size_text.text()
        await until(lambda: "B" in dialog.bytes_text.text())
        job = jobs_of(window.session, dialog.plan())[0]
        guess = (await estimate(window.session, job)).size
        dialog.run.click()
        await until(lambda: not is_open(dialog))
        assert (tmp_path / "Untitled 01.webp").stat().st_size == guess
        again = dialog_of(window, tmp_path)
        chosen = again.plan().choices
        assert (chosen.suffix, chosen.quality, chosen.side, chosen.name) == (".webp", 61, 256, "{title} {number}")
        await until(lambda: again.target_text.text() == "Untitled 02.webp")
        again.reject()

    run(scenario())
    assert ExportChoices.from_dict(program.settings.remembered.export).side == 256


@pytest.mark.slow
def test_the_guess_for_a_large_picture_is_near(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    noise(window, Bounds(0, 0, 1600, 1300))
    (job,) = jobs_of(window.session, plan(tmp_path, part=Part.EVERYTHING, suffix=".jpg", quality=80))
    guess = run(estimate(window.session, job))
    run(export_picture(window.session, job, lambda _: None))
    assert not guess.is_exact
    assert guess.size == pytest.approx(job.path.stat().st_size, rel=0.1)


def test_export_again_repeats_without_asking(
    window: MainWindow, program: Program, run: Scenario, tmp_path: Path
) -> None:
    paint(window, Bounds(0, 0, 512, 512), "#336699")
    program.settings.remember(folder=str(tmp_path))

    async def scenario() -> None:
        window.actions_by_id["file.export-again"].trigger()  # the first time it asks
        await until(lambda: window.findChild(ExportDialog))
        dialog = window.findChild(ExportDialog)
        assert isinstance(dialog, ExportDialog)
        dialog.name.setText("same")
        dialog.run.click()
        await until(lambda: not is_open(dialog))
        paint(window, Bounds(0, 0, 512, 512), "#cc3300")
        window.actions_by_id["file.export-again"].trigger()
        await until(lambda: tuple(read_picture(tmp_path / "same.png").rgba[5, 5]) == (0xCC, 0x33, 0, 255))

    run(scenario())
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["same.png"]


async def generated(window: MainWindow, prompt: str) -> None:
    window.prompt_panel.prompt.setPlainText(prompt)
    window.actions_by_id["generate.run"].trigger()
    await until(lambda: window.actions_by_id["generate.accept"].isEnabled())
    window.actions_by_id["generate.accept"].trigger()
    await until(lambda: not window.actions_by_id["generate.accept"].isEnabled())


def test_a_generated_picture_says_so_or_not_a_word(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    run(generated(window, "a paper lantern"))
    for suffix in (".png", ".jpg", ".webp", ".avif", ".tiff"):
        exported(window, run, plan(tmp_path, suffix=suffix))
        path = tmp_path / f"out{suffix}"
        told, texts = read_metadata(path), read_texts(path)
        (one,) = told["generations"]
        assert one["request"]["prompt"] == told["request"]["prompt"] == "a paper lantern"
        assert not {"image", "mask"} & one["request"].keys()
        assert "/trainedAlgorithmicMedia<" in texts["xmp"]
        words = texts[{".png": "parameters", ".tiff": "ImageDescription"}.get(suffix, "UserComment")]
        assert words.startswith("a paper lantern\n")
        assert f"Seed: {one['request']['seed']}" in words
    for suffix in (".png", ".jpg", ".webp", ".avif", ".tiff", ".bmp"):
        exported(window, run, replace(plan(tmp_path, suffix=suffix), says_how=False))
        data = (tmp_path / f"out{suffix}").read_bytes()
        for word in ("lantern", "andscroll", "AlgorithmicMedia", "parameters"):
            assert word.encode() not in data
            assert word.encode("utf-16-be") not in data
        assert read_texts(tmp_path / f"out{suffix}") == {}


def test_a_painting_with_generated_parts_is_a_composite(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    run(generated(window, "a paper lantern"))
    document = window.session.document
    document.add_layer(top := PaintLayer("mine"))
    document.active = top
    paint(window, Bounds(0, 0, 200, 200), "#336699")
    exported(window, run, plan(tmp_path))
    assert "/compositeWithTrainedAlgorithmicMedia<" in read_texts(tmp_path / "out.png")["xmp"]
    made = next(layer for layer in document.tree.paint_layers() if "lantern" in layer.name)
    document.shift_layers([made], 2000, 0)
    document.set_frame(Bounds(2000, 0, 300, 300))
    exported(window, run, plan(tmp_path))
    assert read_metadata(tmp_path / "out.png")["request"]["prompt"] == "a paper lantern"  # also where it was moved to
    document.shift_layers([made], -2000, 0)
    document.set_frame(Bounds(0, 0, 512, 512))
    document.set_selection(Selection.rectangle(Bounds(600, 600, 50, 50)))
    exported(window, run, plan(tmp_path, part=Part.SELECTION))
    texts = read_texts(tmp_path / "out.png")
    assert "AlgorithmicMedia" not in texts["xmp"]
    assert "parameters" not in texts
    for layer in document.tree.paint_layers():
        document.set_layer(layer, visible=layer is top)
    exported(window, run, plan(tmp_path))
    assert "lantern" not in str(read_texts(tmp_path / "out.png"))


def test_a_merged_generation_is_still_known_and_a_deleted_one_is_not(
    window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    window.form.set(random_seed=False, seed=1)  # its colours are far from the one that is painted over it
    run(generated(window, "a paper lantern"))
    window.actions_by_id["layer.merge-down"].trigger()
    run(asyncio.sleep(0.05))
    document = window.session.document
    assert len(list(document.tree.paint_layers())) == 1
    exported(window, run, plan(tmp_path))
    assert read_metadata(tmp_path / "out.png")["request"]["prompt"] == "a paper lantern"
    paint(window, document.frame, "#336699")
    exported(window, run, plan(tmp_path))
    assert "lantern" not in str(read_texts(tmp_path / "out.png"))


@pytest.mark.parametrize(("name", "safe"), [
    ("a/b\\c:d", "a_b_c_d"), ("", "picture"), (" . ", "picture"), ("nul", "_nul"), ("LPT1.x", "_LPT1.x"),
    ("夜" * 300, "夜" * 66), ("tab\tnew\n", "tab_new_"), ("ends. ", "ends"),
])  # fmt: skip
def test_names_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) <= 200


def test_templates() -> None:
    parts = NameParts("My painting", 7, "sky")
    assert named_file("{title}-{number} {layer}", parts, ".png") == "My painting-07 sky.png"
    assert named_file("{date}", parts, ".jpg")[:2] == "20"
    assert named_file("{nothing} {", parts, ".png") == "{nothing} {.png"


def test_damaged_memories_are_forgotten() -> None:
    assert (
        ExportChoices.from_dict({"part": "moon", "suffix": ".exe", "percent": "9", "colour": "no", "dpi": -5})
        == ExportChoices()
    )
    assert ExportChoices.from_dict(ExportChoices(Part.LAYERS, ".webp", side=9).to_dict()) == ExportChoices(
        Part.LAYERS, ".webp", side=9
    )
