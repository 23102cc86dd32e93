"""The library's window: a real library over real header files, a real window, the deeds on real files."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from canvas.generations import LogQuery
from canvas.geometry import Bounds
from canvas.layer_control import LayerControl
from desktop.dialogs.model_library import ModelLibraryDialog
from desktop.dialogs.model_library_deeds import targets_of
from desktop.dialogs.model_library_entries import Asked, ModelEntries, counted, entries_of, in_order
from desktop.dialogs.model_library_filters import Sort
from desktop.dialogs.model_library_pictures import small_picture
from desktop.dialogs.model_library_words import family_of, hash_words
from desktop.dialogs.upscale import UpscaleDialog
from desktop.main_window import MainWindow
from desktop.program import Program
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.said import Said
from tests.desktop.conftest import Scenario, until
from tests.desktop.logged import Made, Painter
from tests.pipelines.header_files import SD1, SDXL, adapted, write_shapes
from tests.pipelines.model_headers import AE, clip, flux, t5

INK = {"lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k": (320, 768)}
WORDS = {
    "ss_tag_frequency": json.dumps({"10_ink": {"sumi-e": 10, "misty mountains": 9}}),
    "modelspec.license": "openrail & more",
    "modelspec.author": "somebody",
}
INFOS = [
    ModelInfo(f"/m/{name}", name, f"/m/{name}", kind, family, problem=problem)
    for name, kind, family, problem in (
        ("ink 10", ModelKind.LORA, Family.SD1, ""),
        ("ink 2", ModelKind.LORA, Family.SDXL, ""),
        ("dream", ModelKind.CHECKPOINT, Family.SD1, ""),
        ("odd", ModelKind.UNKNOWN, Family.UNKNOWN, "It is odd."),
    )
]


@pytest.fixture
def webui(tmp_path: Path) -> Path:
    """A WebUI's folder with a checkpoint, a LoRA with a picture, a VAE and a file that nobody knows."""
    models = tmp_path / "webui" / "models"
    for folder in ("Stable-diffusion", "Lora", "VAE"):
        (models / folder).mkdir(parents=True)
    write_shapes(models / "Stable-diffusion" / "dream.safetensors", SD1)
    lora = write_shapes(models / "Lora" / "ink.safetensors", adapted(INK), WORDS)
    write_shapes(models / "Stable-diffusion" / "odd.safetensors", {"a.b": (2, 2)})
    picture = QImage(40, 60, QImage.Format.Format_RGB32)
    picture.fill(QColor("#3366aa"))
    assert picture.save(str(lora.with_suffix(".preview.png")))
    return tmp_path / "webui"


async def opened(window: MainWindow, *folders: Path) -> ModelLibraryDialog:
    """The dialog after it has seen everything in these folders."""
    for folder in folders:
        window.program.library.add_folder(folder)
    await window.program.rescan()
    dialog = await window.library_commands.show()
    await until(lambda: len(dialog.entries.all) == len(window.program.library.models(frozenset(ModelKind))))
    await until(lambda: dialog.page.info is not None)
    return dialog


async def closed(dialog: ModelLibraryDialog) -> None:
    """Closes it when everything that was begun has ended."""
    for _ in range(2):  # what ends may begin another look
        await dialog._window.slots.finish()
        await dialog._program.slots.finish()
        await dialog.slots.finish()
    dialog.close()


def id_of(dialog: ModelLibraryDialog, name: str) -> str:
    return next(entry.info.id for entry in dialog.entries.all if entry.info.name == name)


async def chosen(dialog: ModelLibraryDialog, name: str) -> ModelInfo:
    """Chooses a model and waits for its page."""
    dialog.show_model(id_of(dialog, name))
    await until(lambda: dialog.page.info is not None and dialog.page.info.name == name and dialog.page.is_complete)
    info = dialog.page.info
    assert info is not None
    return info


def chips(dialog: ModelLibraryDialog, name: str) -> dict[str, QPushButton]:
    body = dialog.page._bodies[name]
    return {one.text(): one for one in body.findChildren(QPushButton) if one.isVisibleTo(body)}


def test_names_are_in_the_order_of_people_and_questions_narrow() -> None:
    entries = entries_of(INFOS, {"/m/dream": ("favourite",)}, [Path("/m")], lambda info: f"word-of-{info.name}")
    assert [entry.info.name for entry in entries] == ["dream", "ink 2", "ink 10", "odd"]
    assert sorted(["a10", "A2", "a"], key=in_order) == ["a", "A2", "a10"]

    def names(asked: Asked) -> list[str]:
        return [entry.info.name for entry in asked.chosen(entries)]

    assert names(Asked()) == ["dream", "ink 2", "ink 10", "odd"]
    assert names(Asked("INK sdxl")) == ["ink 2"]
    assert names(Asked("word-of-dream")) == ["dream"]
    assert names(Asked("favour")) == ["dream"]
    assert names(Asked(kinds=frozenset({ModelKind.LORA, ModelKind.UNKNOWN}))) == ["ink 2", "ink 10", "odd"]
    assert names(Asked(kinds=frozenset({ModelKind.LORA}), families=frozenset({Family.SD1}))) == ["ink 10"]
    assert names(Asked(tags=frozenset({"favourite"}))) == ["dream"]
    assert names(Asked(problems=True)) == ["odd"]
    assert names(Asked(folders=frozenset({"/elsewhere"}))) == []
    counts = counted(entries)
    assert counts.kinds[ModelKind.LORA] == 2
    assert counts.folders == {"/m": 4}
    assert counts.problems == 1


def test_unknown_holds_only_what_somebody_should_name() -> None:
    kinds = (ModelKind.CAPTIONER, ModelKind.ANNOTATOR, ModelKind.TEXT_ENCODER, ModelKind.IMAGE_ENCODER, ModelKind.LORA)
    infos = [ModelInfo(f"/m/{kind}", kind, f"/m/{kind}", kind, Family.UNKNOWN) for kind in kinds]
    infos.append(ModelInfo("/m/clip", "clip", "/m/clip", ModelKind.IMAGE_ENCODER, Family.SD1))
    entries = entries_of(infos, {}, [], lambda _: "")
    assert counted(entries).families == {Family.UNKNOWN: 1, Family.SD1: 1}
    for asked in (Asked(families=frozenset({Family.UNKNOWN})), Asked("unknown")):
        assert [entry.info.kind for entry in asked.chosen(entries)] == [ModelKind.LORA]


def test_the_list_asks_for_pictures_of_what_is_seen_only(qtbot: QtBot) -> None:
    """With two thousand models a filter rebuilds the rows, and nothing is asked for of those out of view."""
    from desktop.dialogs.model_library_cards import ModelGrid
    from desktop.dialogs.model_library_pictures import ModelPictures

    asked: list[str] = []
    many = [
        ModelInfo(f"/m/{n}", f"model {n}", f"/m/{n}", ModelKind.LORA, Family.SDXL if n % 2 else Family.SD1)
        for n in range(2000)
    ]
    entries = ModelEntries()
    pictures = ModelPictures(lambda model_id: asked.append(model_id) or b"", entries)
    host = QWidget()
    grid = ModelGrid(entries, pictures, host)
    grid.resize(700, 600)
    host.show()
    rows = entries_of(many, {}, [], lambda _: "")
    entries.show(rows)
    grid.choose("/m/1500")
    assert not grid.grab().isNull()
    qtbot.waitUntil(lambda: not pictures._waiting)
    pictures.end()
    assert "/m/1500" in asked
    assert len(asked) < 40
    entries.show(Asked(families=frozenset({Family.SD1})).chosen(rows))
    assert entries.rowCount() == 1000
    assert grid.chosen_id == "/m/1500", "the chosen one stays chosen while others go"
    entries.show(Asked("model 1999").chosen(rows))
    assert [entry.info.name for entry in entries.shown] == ["model 1999"]
    host.deleteLater()


def test_a_damaged_or_monstrous_picture_is_none() -> None:
    assert small_picture(b"").isNull()
    assert small_picture(b"\x89PNG\r\n\x1a\nrubbish").isNull()


def test_filters_page_and_use(window: MainWindow, webui: Path, run: Scenario) -> None:
    """The whole way of a person: narrow, look, put words into the prompt, choose a model, add its LoRA."""

    async def scenario() -> None:
        dialog = await opened(window, webui)
        assert [entry.info.name for entry in dialog.entries.all] == ["Starter", "dream", "ink", "odd"]
        assert dialog.page.info is not None
        assert dialog.page.info.name == "Starter", "the model of the prompt panel is chosen first"
        assert not dialog.page.head.use.isEnabled(), "it is in use"
        for code in ("zh_CN", "en"):
            window.program.languages.use(code)
            await asyncio.sleep(0.01)
        assert dialog.windowTitle() == "Models"
        dialog.filters.search.setText("sumi")
        await until(lambda: [entry.info.name for entry in dialog.entries.shown] == ["ink"])
        dialog.filters.only({Sort.STATE: [True]})
        await until(lambda: [entry.info.name for entry in dialog.entries.shown] == ["odd"])
        await window.library_commands.show_named("The LoRA 'ink' does not fit to 'dream'.")
        await until(lambda: dialog.page.info is not None and dialog.page.info.name == "ink")
        await chosen(dialog, "ink")
        assert len(dialog.entries.shown) == 4, "filters that hide what shall be shown go"
        await until(lambda: "openrail &amp; more" in dialog.page.about.text())
        await until(lambda: dialog.pictures.picture(id_of(dialog, "ink")))
        await until(lambda: list(chips(dialog, "words")) == ["sumi-e", "misty mountains"])
        chips(dialog, "words")["misty mountains"].click()
        assert window.form.settings.prompt == "misty mountains"
        dialog.page.head.use.click()
        await until(lambda: dialog.page.head.outcome.text())
        assert "Starter" in dialog.page.head.outcome.text(), "it says that the LoRA does not suit the model"
        assert window.form.settings.loras == ()
        await until(lambda: "dream" in chips(dialog, "partners"))
        chips(dialog, "partners")["dream"].click()
        await until(lambda: dialog.page.info is not None and dialog.page.info.name == "dream")
        index = dialog.entries.index(dialog.entries.row_of(dialog.page.info.id))
        dialog.grid.activated.emit(index)
        await until(lambda: window.form.settings.model == id_of(dialog, "dream"))
        await chosen(dialog, "dream")
        await until(lambda: "+ ink" in chips(dialog, "partners"))
        chips(dialog, "partners")["+ ink"].click()
        await until(lambda: window.form.settings.loras)
        assert window.form.settings.loras[0].model == id_of(dialog, "ink")
        assert dialog.entries.is_in_use(id_of(dialog, "ink"))
        await closed(dialog)

    run(scenario())


def test_saying_what_it_is_notes_and_tags_are_remembered(window: MainWindow, webui: Path, run: Scenario) -> None:
    async def scenario() -> None:
        dialog = await opened(window, webui)
        info = await chosen(dialog, "odd")
        assert not dialog.page.head.use.isEnabled()
        assert dialog.page.head.problem.isVisibleTo(dialog.page)
        form = dialog.page.head.form
        dialog.page.head.say.click()
        form.kind.setCurrentIndex(form.kind.findData(str(ModelKind.LORA)))
        form.family.setCurrentIndex(form.family.findData(str(Family.FLUX)))
        form.variant.setCurrentText("krea")
        form.apply.click()
        await until(lambda: dialog.page.info is not None and dialog.page.info.family is Family.FLUX)
        now = window.program.library.resolve(info.id)
        assert (now.kind, now.family, now.variant) == (ModelKind.LORA, Family.FLUX, "krea")
        await until(lambda: dialog.page.head.form.take_back.isEnabled())
        dialog.page.tags.setText("ink, , portrait")
        dialog.page.tags.setModified(True)
        dialog.page.note.setPlainText("good at 0.7")
        dialog.page.write_down()
        await until(lambda: window.program.library.details(info.id).tags == ("ink", "portrait"))
        assert window.program.library.details(info.id).note == "good at 0.7"
        await until(lambda: "portrait" in dialog.filters._counts.tags)
        dialog.filters.only({Sort.TAG: ["portrait"]})
        await until(lambda: [entry.info.name for entry in dialog.entries.shown] == ["odd"])
        form.take_back.click()
        await until(lambda: dialog.page.info is not None and dialog.page.info.kind is ModelKind.UNKNOWN)
        await closed(dialog)

    run(scenario())


def answer(name: str) -> Callable[[], bool]:
    """Clicks a button of the question, once it is there."""

    def click() -> bool:
        boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
        button = boxes[0].findChild(QPushButton, name) if boxes else None
        if button is not None:
            button.click()
        return button is not None

    return click


def test_verify_bin_and_picture(
    window: MainWindow, webui: Path, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    binned: list[str] = []

    def move_to_trash(path: str) -> bool:  # a test leaves nothing in the bin of whoever runs it
        binned.append(path)
        Path(path).unlink()
        return True

    monkeypatch.setattr(QFile, "moveToTrash", move_to_trash)
    lora = webui / "models" / "Lora" / "ink.safetensors"

    async def scenario() -> None:
        dialog = await opened(window, webui)
        info = await chosen(dialog, "ink")
        digest = hashlib.sha256(lora.read_bytes()).hexdigest()
        window.actions_by_id["models.verify"].trigger()
        await until(lambda: hash_words(digest) in dialog.page.head.outcome.text())
        assert window.program.library.details(info.id).file_hash == digest
        lora.with_suffix(".civitai.info").write_text(
            json.dumps({"files": [{"name": lora.name, "hashes": {"SHA256": "0" * 64}}]})
        )
        window.actions_by_id["models.verify"].trigger()
        await until(lambda: "not the file" in dialog.page.head.outcome.text())
        assert "what it was" in dialog.page.head.outcome.text()

        window.session.document.set_frame(Bounds(0, 0, 64, 64))
        window.actions_by_id["models.picture"].trigger()
        await until(lambda: "Nothing is painted" in dialog.page.head.outcome.text())
        before = window.program.library.thumbnail(info.id)
        window.form.set(prompt="ink mountains")
        await window.controller.generate()
        await until(lambda: window.controller.current is not None)
        window.actions_by_id["models.picture"].trigger()
        await until(lambda: window.program.library.thumbnail(info.id) != before)
        candidate = window.program.library.thumbnail(info.id)
        assert QImage.fromData(candidate).size() == QSize(64, 64)
        window.controller.accept()
        window.session.document.set_frame(Bounds(16, 16, 32, 24))
        window.actions_by_id["models.picture"].trigger()
        await until(lambda: window.program.library.thumbnail(info.id) != candidate)
        assert QImage.fromData(window.program.library.thumbnail(info.id)).size() == QSize(32, 24)
        window.actions_by_id["models.no-picture"].trigger()
        await until(lambda: window.program.library.thumbnail(info.id) == before)

        window.actions_by_id["models.bin"].trigger()
        await until(answer("modelBinNo"))
        assert lora.exists()
        window.actions_by_id["models.bin"].trigger()
        await until(answer("modelBinYes"))
        await until(lambda: not lora.exists())
        assert str(lora.with_suffix(".preview.png")) in binned
        await until(lambda: [entry.info.name for entry in dialog.entries.all] == ["Starter", "dream", "odd"])
        await until(lambda: dialog.chosen is not None and dialog.chosen.name == "odd")  # its neighbour
        await chosen(dialog, "Starter")
        assert not dialog.page.head.deeds()["bin"]
        await closed(dialog)

    run(scenario())


def test_where_an_addon_is_used_in_the_painting(window: MainWindow, tmp_path: Path, run: Scenario) -> None:
    """Textual inversions, VAEs and what layers name, as well as painters and LoRAs."""
    adapter = write_shapes(
        tmp_path / "sketch.safetensors",
        {"adapter.conv_in.weight": (8, 64, 3, 3), "adapter.body.0.resnets.0.block1.weight": (8, 8, 3, 3)},
    )
    write_shapes(tmp_path / "soft.safetensors", AE)
    word = write_shapes(tmp_path / "badink.safetensors", {"emb_params": (2, 768)})

    async def scenario() -> None:
        dialog = await opened(window, tmp_path)
        library, document = window.program.library, window.session.document
        names = {info.name: info for info in library.models(frozenset(ModelKind))}
        request = {
            "model": "starter",
            "vae": names["soft"].id,
            "embeddings": [{"word": "badink", "model": word.as_posix()}],
            "controls": [{"model": adapter.as_posix(), "kind": "scribble"}],
        }
        painter = Painter(window.session)
        plain, _ = painter.record(Made())
        document.generations.append(replace(plain, request={**plain.request, **request}))
        await painter.add()
        layer = document.active
        assert layer is not None
        document.set_layer(layer, control=LayerControl("scribble", adapter.as_posix()))
        for name in ("soft", "badink", "sketch"):
            await chosen(dialog, name)
            await until(lambda: dialog.page.uses.text() == "Generations: 1" and dialog.page.uses.isEnabled())
        button = dialog.page.layers.findChild(QPushButton)
        assert button is not None
        assert button.text() == layer.name
        document.active = None
        button.click()
        assert document.active is layer
        await chosen(dialog, "soft")
        assert not dialog.page.layers.isVisibleTo(dialog.page)
        dialog._deed("uses")
        await until(lambda: window.history_panel.filters.search.text() == 'lora:"soft"')
        await until(lambda: len(document.generations.find(LogQuery(words='lora:"soft"'))) == 1)
        await closed(dialog)

    run(scenario())


def test_what_serves_every_family_is_not_called_unknown() -> None:
    unknown = ModelInfo("/m/x", "x", "/m/x", ModelKind.LORA, Family.UNKNOWN)
    assert family_of(unknown) == "Unknown"
    assert family_of(replace(unknown, family=Family.SDXL)) == "SDXL"
    assert family_of(replace(unknown, kind=ModelKind.CAPTIONER)) == ""
    assert family_of(replace(unknown, kind=ModelKind.TEXT_ENCODER, family=Family.FLUX)) == "FLUX.1"


def test_what_goes_to_the_bin_with_a_model(tmp_path: Path) -> None:
    ckpt, twin = tmp_path / "a.ckpt", tmp_path / "a.safetensors"
    note, other = tmp_path / "a.civitai.info", tmp_path / "a.txt"
    for file in (ckpt, note, other):
        file.touch()
    assert targets_of(ckpt) == [ckpt, note]
    twin.touch()
    assert targets_of(ckpt) == [ckpt], "what the other one of that name needs stays"
    snapshot = tmp_path / "models--own--er" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    assert targets_of(snapshot) == [tmp_path / "models--own--er"], "a snapshot is links only"


def test_dropped_on_the_window(window: MainWindow, webui: Path, program: Program, run: Scenario) -> None:
    """A file is used at once where it lies, a folder is offered, a picture stays a picture."""
    dream = webui / "models" / "Stable-diffusion" / "dream.safetensors"
    picture = webui / "models" / "Lora" / "ink.preview.png"

    async def scenario() -> None:
        await window._dropped([dream, picture], 10, 10)
        assert window.form.settings.model == dream.as_posix()
        assert [info.name for info in program.library.models(frozenset(ModelKind))] == ["Starter", "dream"]
        assert "dream" in window.banner.lasting.text()
        await window._dropped([webui], 10, 10)
        assert "A1111" in window.banner.lasting.text()
        assert webui not in program.library.folders, "nothing before the person said so"
        button = [one for one in window.banner.findChildren(QPushButton, "droppedModelsFolder") if one.isVisible()]
        button[-1].click()
        await until(lambda: webui in program.library.folders)
        dialog = window.library_commands.dialog
        assert dialog is not None
        await until(lambda: len(dialog.entries.all) == 4)
        await closed(dialog)

    run(scenario())


def test_folders_are_named_added_and_removed(window: MainWindow, webui: Path, tmp_path: Path, run: Scenario) -> None:
    plain = tmp_path / "more"
    plain.mkdir()
    write_shapes(plain / "large.safetensors", SDXL)

    async def scenario() -> None:
        window.actions_by_id["models.folders"].trigger()
        dialog = await opened(window, webui)
        assert dialog.tabs.currentWidget() is dialog.folders
        dialog.files_dropped.emit([plain])
        listed = dialog.folders.list

        def rows() -> dict[str, tuple[str, str]]:
            items = map(listed.topLevelItem, range(listed.topLevelItemCount()))
            return {item.text(0): (item.text(1), item.text(2)) for item in items if item is not None}

        expected = {str(webui): ("Stable Diffusion WebUI (A1111)", "3"), str(plain): ("folder of models", "1")}
        await until(lambda: rows() == expected)
        item = next(
            one
            for one in map(dialog.folders.list.topLevelItem, range(2))
            if one is not None and one.text(0) == str(webui)
        )
        item.setSelected(True)
        await until(dialog.folders.remove.isEnabled)
        dialog.folders.remove.click()
        await until(lambda: [entry.info.name for entry in dialog.entries.all] == ["Starter", "large"])
        assert (webui / "models" / "Lora" / "ink.safetensors").exists()
        await closed(dialog)

    run(scenario())


def test_the_empty_state_and_a_model_that_appears_by_itself(
    window: MainWindow, program: Program, tmp_path: Path, run: Scenario
) -> None:
    folder = tmp_path / "later"
    folder.mkdir()

    async def scenario() -> None:
        dialog = await opened(window, folder)
        assert dialog.middle.empty.isVisibleTo(dialog)
        assert "starter" in dialog.middle.empty_words.text().lower()
        await program.library_watch.stop()
        await program.library_watch.start(every=0.02)
        write_shapes(folder / "new.safetensors", SD1)
        await until(lambda: [entry.info.name for entry in dialog.entries.all] == ["Starter", "new"])
        assert "new" in [info.name for info in window.form.models]
        assert not dialog.middle.empty.isVisibleTo(dialog)
        window.form.choose_model(id_of(dialog, "new"))
        (folder / "new.safetensors").unlink()
        await until(lambda: window.form.settings.model == "starter")
        assert window.banner.text.text().startswith("new cannot be used any more"), "Starter never steps in silently"
        await closed(dialog)

    run(scenario())


def test_parts_of_a_model_are_listed_and_chosen_by_hand(
    window: MainWindow, program: Program, tmp_path: Path, run: Scenario
) -> None:
    """A network alone: its parts come from the library; another VAE is chosen; what is missing can be chosen."""
    folder = tmp_path / "flux"
    folder.mkdir()
    write_shapes(folder / "flux1-dev.safetensors", flux())
    for name, shapes in (("clip_l", clip(768)), ("t5xxl", t5(32128)), ("ae", AE), ("another", AE)):
        write_shapes(folder / f"{name}.safetensors", shapes)

    async def scenario() -> None:
        dialog = await opened(window, folder)
        info = await chosen(dialog, "flux1-dev")
        buttons = dialog.page.parts.buttons
        assert list(buttons) == ["text_encoder", "text_encoder_2", "vae"]
        assert buttons["text_encoder_2"].text() == "t5xxl.safetensors"
        assert "fits" not in dialog.page.memory.text(), "an engine that has not come up knows no memory"
        buttons["vae"].menu().aboutToShow.emit()
        rows = {action.text(): action for action in buttons["vae"].menu().actions()}
        other = "ae" if buttons["vae"].text().startswith("another") else "another"
        next(action for words, action in rows.items() if words.startswith(other)).trigger()
        await until(lambda: dialog.page.parts.buttons["vae"].text() == f"{other}.safetensors")
        now = program.library.resolve(info.id)
        assert {one.part: Path(one.path).stem for one in now.companions}["vae"] == other
        (folder / "clip_l.safetensors").unlink()
        await program.rescan()
        await until(lambda: dialog.page.parts.buttons["text_encoder"].text() == "missing")
        assert "CLIP-L" in dialog.page.head.problem.text()
        await closed(dialog)

    run(scenario())


@pytest.mark.slow
def test_a_pickled_file_is_converted_and_the_new_one_chosen(window: MainWindow, tmp_path: Path, run: Scenario) -> None:
    import torch

    old = tmp_path / "lora.pt"
    torch.save({name: torch.ones(shape) for name, shape in adapted(INK).items()}, old)

    async def scenario() -> None:
        dialog = await opened(window, tmp_path)
        info = await chosen(dialog, "lora")
        assert "pickled" in info.problem
        assert dialog.page.head.use.text() == "Convert"  # nothing else can be done with it first
        dialog.page.head.use.click()
        await until(lambda: dialog.page.head.work.busy)
        await until(lambda: "Written" in dialog.page.head.outcome.text())
        fresh = str(old.with_suffix(".safetensors"))
        await until(lambda: dialog.page.info is not None and dialog.page.info.path == fresh)
        assert dialog.chosen is not None
        assert dialog.chosen.problem == ""
        assert old.exists()
        await closed(dialog)

    run(scenario())


def test_each_kind_is_used_in_its_way(window: MainWindow, tmp_path: Path, run: Scenario) -> None:
    models = {
        "canny": (ModelKind.CONTROLNET, Family.STARTER),
        "word": (ModelKind.TEXTUAL_INVERSION, Family.STARTER),
        "colours": (ModelKind.VAE, Family.STARTER),
        "enlarge": (ModelKind.UPSCALER, None),
        "reader": (ModelKind.TEXT_ENCODER, None),
    }
    for name in models:
        write_shapes(tmp_path / f"{name}.safetensors", {"a.b": (2, 2)})

    async def scenario() -> None:
        library, commands, form = window.program.library, window.library_commands, window.form
        library.add_folder(tmp_path)
        for name, (kind, family) in models.items():
            library.say((tmp_path / f"{name}.safetensors").as_posix(), Said(kind=kind, family=family))
        dialog = await opened(window)
        infos = {entry.info.name: entry.info for entry in dialog.entries.all}
        commands.use(infos["word"])
        assert form.settings.prompt == "word"
        commands.use(infos["colours"])
        assert form.settings.vae == infos["colours"].id
        assert not commands.offer(infos["colours"]).possible, "it is in use"
        assert not commands.offer(infos["reader"]).possible
        commands.use(infos["canny"])
        layer = window.session.document.active
        assert layer is not None
        assert layer.control is not None
        assert layer.control.model == infos["canny"].id
        await chosen(dialog, "enlarge")
        window.actions_by_id["models.use"].trigger()
        await until(lambda: window.findChild(UpscaleDialog) is not None)
        upscale = window.findChild(UpscaleDialog)
        assert upscale is not None
        assert upscale.method.currentData() == infos["enlarge"].id
        upscale.close()
        await closed(dialog)

    run(scenario())


def test_what_was_painted_with_it(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        window.form.set(prompt="ink mountains")
        await window.controller.generate()
        await until(lambda: window.controller.current is not None)
        dialog = await opened(window)
        await chosen(dialog, "Starter")
        await until(lambda: dialog.page.uses.isEnabled())
        assert "1" in dialog.page.uses.text()
        dialog.page.uses.click()
        await until(lambda: window.history_panel.filters.model == "starter")
        window.actions_by_id["models.copy-path"].trigger()
        await until(lambda: QGuiApplication.clipboard().text().endswith("starter"))
        await closed(dialog)

    run(scenario())
