"""Settings of pictures in the real window: dropped, chosen, pasted; and a generation that is made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from canvas.formats.picture_provenance import Provenance
from canvas.formats.picture_writing import write_picture
from canvas.geometry import Bounds
from desktop.dialogs.reproduction import ReproductionDialog
from desktop.generation.recipes import find_model, recipe_in
from desktop.main_window import MainWindow
from desktop.view.drops import DroppedRecord, record_mime
from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName
from pipelines.contract.request import GenerationRequest, Task
from pipelines.prompting.recipes.a1111 import parameters_text
from tests.desktop.conftest import Scenario, until
from tests.pipelines.recipes import samples
from tests.pipelines.recipes.samples import CHUNKS


def write_png(path: Path, chunks: dict[str, str]) -> Path:
    """As the other programs do it: Latin-1 as tEXt, the rest as iTXt."""
    info = PngInfo()
    for key, text in chunks.items():
        info.add_text(key, text, zip=len(text) > 5000)
    Image.new("RGB", (24, 16), "teal").save(path, pnginfo=info)
    return path


def write_exif(path: Path, chunks: dict[str, str]) -> Path:
    exif = Image.Exif()
    if "parameters" in chunks:
        comment = b"UNICODE\0" + chunks["parameters"].encode("utf-16-be")
        exif.get_ifd(0x8769)[0x9286] = comment
    else:
        for tag, key in ((0x010F, "workflow"), (0x0110, "prompt")):
            if key in chunks:
                exif[tag] = f"{key}:{chunks[key]}"
    Image.new("RGB", (24, 16), "teal").save(path, exif=exif)
    return path


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(panel: QWidget, mime: QMimeData) -> bool:
    """What Qt sends when something is dragged over a widget and let go."""
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(panel.rect().center(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(panel, enter)
    if not enter.isAccepted():
        return False
    at = QPointF(panel.rect().center())
    QApplication.sendEvent(panel, QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none))
    return True


async def offered(window: MainWindow) -> Any:
    await until(lambda: window.prompt_panel.recipe.plan is not None)
    plan = window.prompt_panel.recipe.plan
    assert plan is not None
    return plan.recipe


def test_pictures_of_every_program_are_understood(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    bar = window.prompt_panel.recipe

    async def story() -> None:
        for source, chunks in CHUNKS.items():
            picture = write_png(tmp_path / f"{source}.png", chunks)
            assert drop(window.prompt_panel.prompt.viewport(), mime_of(picture))
            assert window.prompt_panel.prompt.toPlainText() == window.form.settings.prompt
            recipe = await offered(window)
            bar.take()
            settings = window.form.settings
            assert (settings.prompt.replace("\\", ""), settings.negative_prompt) == (
                recipe.prompt,
                recipe.negative_prompt or settings.negative_prompt,
            )
            assert (settings.seed, settings.random_seed) == (recipe.seed, False), source
            bar.dismiss()
        for source, suffix in EXIF:
            await window.recipes.offer_files([write_exif(tmp_path / f"{source}{suffix}", CHUNKS[source])])
            assert (await offered(window)).seed is not None, source
            bar.dismiss()

    run(story())


EXIF = (
    ("a1111", ".jpg"), ("a1111", ".webp"), ("fooocus", ".jpg"), ("fooocus a1111", ".webp"), ("comfyui api", ".webp"),
    ("comfyui workflow", ".webp"),
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff"])
def test_what_we_export_we_read_to_the_last_digit(tmp_path: Path, suffix: str) -> None:
    request = GenerationRequest(
        Task.IMAGE_TO_IMAGE, "/models/ink.safetensors", "月, <mist> & {a|b}", 'not "this"', 17, 2.123456789,
        strength=0.333333333, scheduler=SchedulerName.DPMPP_2M_KARRAS, seed=2**63 - 1, width=640, height=384,
    )  # fmt: skip
    provenance = Provenance(parameters_text(request.to_dict(), {}), {"request": request.to_dict(), "facts": {}})
    path = tmp_path / f"a{suffix}"
    write_picture(path, np.full((8, 8, 4), 200, np.uint8), provenance=provenance)
    recipe = recipe_in(path)
    assert recipe is not None
    assert recipe.source == "Handscroll"
    for name in ("prompt", "negative_prompt", "num_inference_steps", "guidance_scale", "strength", "scheduler", "seed"):
        assert getattr(recipe, name) == getattr(request, name), name
    assert (recipe.width, recipe.height, recipe.model) == (640, 384, "ink")


def test_a_renamed_model_is_known_by_its_hash() -> None:
    infos = [
        ModelInfo(f"/m/{name}.safetensors", name, f"/m/{name}.safetensors", ModelKind.CHECKPOINT, Family.SD1,
                  file_hash=digest * 8)
        for name, digest in (("dream shaper 8", "0123abcd"), ("other", "deadbeef"))
    ]  # fmt: skip
    assert find_model("whatever", "DEADBEEFde", infos) is infos[1]
    assert find_model("x/DreamShaper_8.ckpt", "", infos) is infos[0]
    assert find_model("dreamshaper", "dead", infos) is None


def test_the_offer_is_taken_in_part_and_taken_back(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    picture = write_png(tmp_path / "fox.png", CHUNKS["comfyui api"])
    form, document, bar = window.form, window.session.document, window.prompt_panel.recipe

    async def story() -> None:
        form.set(prompt="mine", negative_prompt="ugly")
        before, frame = form.settings, document.frame
        await window.recipes.offer_files([picture])
        boxes = {box.part.name: box for box in bar.boxes}
        assert set(boxes) == {"prompt", "negative_prompt", "model", "size", "seed", "steps", "sampler", "loras"}
        assert not boxes["model"].isEnabled()
        assert "not in the library" in boxes["model"].text()
        assert form.settings == before
        boxes["negative_prompt"].setChecked(False)
        bar.use.click()
        taken = form.settings
        assert (taken.prompt, taken.negative_prompt) == ("a bottle with a galaxy", "ugly")
        assert (taken.num_inference_steps, taken.guidance_scale) == (20, 8.0)
        assert taken.scheduler is SchedulerName.DPMPP_2M  # Karras does not suit the model that is chosen
        assert taken.model == before.model
        assert (document.frame.width, document.frame.height) == (640, 448)
        middle = Bounds(*document.frame).center
        assert abs(middle.x - frame.center.x) <= 1
        assert abs(middle.y - frame.center.y) <= 1
        assert window.prompt_panel.prompt.toPlainText() == "a bottle with a galaxy"
        bar.back.click()
        assert (form.settings, document.frame) == (before, frame)
        assert bar.isHidden()

        await window.recipes.offer_files([write_png(tmp_path / "ours.png", CHUNKS["ours"])])
        next(box for box in bar.boxes if box.part.name == "seed").setChecked(False)
        QApplication.sendEvent(bar, QEvent(QEvent.Type.LanguageChange))
        assert [box.part.name for box in bar.boxes if box.isEnabled() and not box.isChecked()] == ["seed"]

        info = form.models[0]
        text = f"a moon\nSteps: 9, Sampler: DDIM, Seed: 3, Size: 64x64, Model: {info.name.upper()}"
        form.set(model="nothing")
        await window.recipes.offer_files([write_png(tmp_path / "a.png", {"parameters": text})])
        bar.take()
        assert (form.settings.model, form.settings.num_inference_steps) == (info.id, 9)
        assert form.settings.guidance_scale == info.defaults.guidance_scale

    run(story())


def test_a_picture_on_the_canvas_is_imported_and_its_settings_offered(
    window: MainWindow, run: Scenario, tmp_path: Path
) -> None:
    picture = write_png(tmp_path / "fox.png", CHUNKS["a1111"])
    plain = tmp_path / "plain.png"
    Image.new("RGB", (24, 16), "teal").save(plain)

    async def story() -> None:
        layers = len(list(window.session.document.tree.paint_layers()))
        await window._dropped([plain], 0, 0)
        assert window.banner.key == ""
        await window._dropped([picture], 0, 0)
        assert len(list(window.session.document.tree.paint_layers())) == layers + 2
        graph = tmp_path / "graph.json"
        graph.write_text(json.dumps(samples.WORKFLOW), "utf-8")
        await window._dropped([graph], 0, 0)
        assert (await offered(window)).prompt == "a red fox"
        window.prompt_panel.recipe.dismiss()
        assert drop(window.prompt_panel, mime_of(picture))
        await offered(window)
        window.prompt_panel.recipe.dismiss()
        assert len(list(window.session.document.tree.paint_layers())) == layers + 2
        assert "fox.png carries its settings (AUTOMATIC1111)" in window.banner.lasting.text()
        assert window.prompt_panel.recipe.plan is None
        button = window.banner.findChild(QPushButton, "useItsSettings")
        assert button is not None
        button.click()
        assert window.banner.key == ""
        assert (await offered(window)).seed == 3735928559

    run(story())


def test_importing_by_the_menu_offers_the_settings_too(
    window: MainWindow, run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = write_png(tmp_path / "fox.png", CHUNKS["a1111"])

    async def chosen(*_: object) -> list[Path]:
        return [picture]

    monkeypatch.setattr("desktop.window_file.choose_files", chosen)

    async def story() -> None:
        window.actions_by_id["file.import"].trigger()
        await until(lambda: "fox.png carries its settings" in window.banner.lasting.text())

    run(story())


def test_pasted_recipes_are_offered_and_prompts_are_not(window: MainWindow, run: Scenario) -> None:
    prompt, bar = window.prompt_panel.prompt, window.prompt_panel.recipe

    async def story() -> None:
        window.form.set(prompt="mine")
        before = window.form.settings
        mime = QMimeData()
        mime.setText(", a storm, Steps: many")
        prompt.insertFromMimeData(mime)
        assert bar.isHidden()
        window.form.set(prompt="mine")
        prompt.selectAll()
        mime.setText(samples.A1111)
        prompt.insertFromMimeData(mime)
        assert "whole recipe" in bar.title.text()
        assert prompt.toPlainText() == samples.A1111
        bar.use.click()
        assert window.form.settings.num_inference_steps == 28
        assert prompt.toPlainText().startswith("a lighthouse")
        assert "Steps:" not in prompt.toPlainText()
        bar.back.click()
        assert window.form.settings == before

    run(story())


def test_files_and_texts_on_the_clipboard(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    graph = tmp_path / "workflow.json"
    graph.write_text(json.dumps(samples.WORKFLOW), "utf-8")
    clipboard = QGuiApplication.clipboard()

    async def story() -> None:
        clipboard.setMimeData(mime_of(graph))
        await window.recipes.paste()
        assert (await offered(window)).prompt == "a red fox"
        clipboard.setText(json.dumps(samples.INVOKE))
        await window.recipes.paste()
        assert (await offered(window)).prompt == "a canal at dawn"
        clipboard.setText("only words")
        await window.recipes.paste()
        assert "no settings on the clipboard" in window.banner.text.text()

    run(story())


def test_files_without_settings_get_a_sentence(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(write_png(tmp_path / "a.png", CHUNKS["ours"]).read_bytes()[:30])

    async def story() -> None:
        await window.recipes.offer_files([broken, tmp_path / "missing.png"])
        assert "broken.png, missing.png carries no settings" in window.banner.text.text()
        await window.recipes.offer_files([tmp_path / "missing.json"])

    with pytest.raises(Exception, match=r"missing\.json cannot be read"):
        run(story())


# --- reproducing


async def generated(window: MainWindow) -> Any:
    log = window.session.document.generations
    before = log.count()
    window.controller.generate()
    await until(lambda: log.count() > before)
    return log.records[-1]


def page(window: MainWindow) -> ReproductionDialog:
    found = window.findChild(ReproductionDialog)
    assert found is not None
    return found


@pytest.fixture
def seen(window: MainWindow) -> Callable[[], None]:
    """Looks at the page without a screen: nothing may be cut off."""

    def look() -> None:
        dialog = page(window)
        assert dialog.size().width() >= dialog.minimumSizeHint().width()
        assert not dialog.grab().isNull()

    return look


def test_a_generation_is_made_again_beside_the_original(
    window: MainWindow, run: Scenario, seen: Callable[[], None]
) -> None:
    document = window.session.document

    async def story() -> None:
        window.form.set(prompt="a pine", num_images_per_prompt=2)
        record = await generated(window)
        window.controller.discard()
        window.show_dock("history")
        window.history_panel.model.wake()
        window.history_panel.go_to(record.id)
        await until(lambda: window.history_panel.record() is not None)
        window.refresh_actions()
        window.actions_by_id["log.reproduce"].trigger()
        await until(lambda: window.findChild(ReproductionDialog) is not None)
        dialog = page(window)
        await until(lambda: not dialog.keep.isHidden())
        assert dialog.verdict.text() == "Identical, bit for bit."
        assert dialog.causes.isHidden()
        assert dialog.progress.isHidden()
        assert not dialog.frames["before"].pixmap().isNull()
        seen()
        dialog.candidate.setValue(2)
        layers = len(list(document.tree.paint_layers()))
        dialog.keep.click()
        assert len(list(document.tree.paint_layers())) == layers + 1
        made = document.generations.records[-1]
        assert (made.parent_id, document.generations.kept(made.id)) == (record.id, (1,))
        document.undo()
        assert len(list(document.tree.paint_layers())) == layers

    run(story())


def test_a_generation_dropped_on_the_prompt_is_used_again(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        window.form.set(prompt="a heron")
        record = await generated(window)
        window.controller.discard()
        window.form.set(prompt="else", random_seed=True)
        assert not drop(window.prompt_panel, record_mime(DroppedRecord("another painting", record.id)))
        dropped = record_mime(DroppedRecord(window.session.document.id, record.id))
        assert drop(window.prompt_panel, dropped)
        await until(lambda: window.form.settings.prompt == "a heron")
        assert window.form.settings.seed == record.request["seed"]

    run(story())


def test_closing_the_page_takes_the_job_back(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        record = await generated(window)
        window.controller.discard()
        task = window.slots.start(window.recipes.reproduce_record(record))
        await until(lambda: bool(window.program.router.jobs))
        page(window).close()
        await task
        assert window.session.document.generations.records[-1].status in ("cancelled", "finished")
        assert not window.program.router.jobs

    run(story())
