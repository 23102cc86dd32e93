"""Styles, weights, LoRAs and words of one's own in the window, from the keys to the request."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from safetensors.numpy import save_file

from desktop.dialogs.styles import StylesDialog
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.generation.offers import WordOffers
from desktop.generation.recipes import RecipePlan
from desktop.generation.word_store import WordStore
from desktop.generation.wording import Wording
from desktop.main_window import MainWindow
from desktop.panels.prompt_edit import PromptEdit
from desktop.panels.prompt_keys import PromptKeys
from desktop.program import Program
from desktop.settings import Folders, Settings
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName
from pipelines.contract.request import EmbeddingWord, LoraWeight
from pipelines.library.registry import Library
from pipelines.prompting.recipes.recipe import Recipe, RecipeLora
from pipelines.prompting.styles import Style
from pipelines.prompting.tag_lists import Tag, TagList
from pipelines.prompting.wildcards import WildcardFolder
from tests.desktop.conftest import Scenario, until


def info(name: str, kind: ModelKind, family: Family = Family.SD1) -> ModelInfo:
    return ModelInfo(f"/m/{name}", name, f"/m/{name}.safetensors", kind, family)


MODELS = (info("painter", ModelKind.CHECKPOINT), info("grand", ModelKind.CHECKPOINT, Family.SDXL))
ADDONS = (
    info("Ink Lines", ModelKind.LORA),
    info("grand-lora", ModelKind.LORA, Family.SDXL),
    info("easynegative", ModelKind.TEXTUAL_INVERSION),
    info("grandneg", ModelKind.TEXTUAL_INVERSION, Family.SDXL),
    info("soft", ModelKind.VAE),
)
STYLES = {"warm": Style("warm", "warm {prompt}", "cold"), "old": Style("old", "{prompt}, old", "")}


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    (tmp_path / "hue.txt").write_text("red\nblue\n", encoding="utf-8")
    return Wording(STYLES, WildcardFolder(tmp_path), MODELS, ADDONS, TagList([Tag("long hair", 9), Tag("lone (x)", 5)]))


def settings(prompt: str = "", **changes: Any) -> GenerationSettings:
    return replace(GenerationSettings(prompt=prompt, model="/m/painter"), **changes)


def test_words_become_what_the_engine_is_asked_for(wording: Wording) -> None:
    typed = settings(
        "__hue__ {pine|pine}, <lora:ink_lines:0.7> EasyNegative",
        negative_prompt="fog embedding:easynegative", styles=("warm", "old"), vae="/m/soft", clip_skip=1,
        loras=(LoraWeight("/m/grand-lora", 0.5), LoraWeight("/m/Ink Lines", 0.2)),
    )  # fmt: skip
    words = wording.resolve(typed, 3)
    assert words.prompt in {f"warm {hue} pine, EasyNegative, old" for hue in ("red", "blue")}
    assert words.negative_prompt == "fog easynegative, cold"
    assert words.loras == (LoraWeight("/m/Ink Lines", 0.7),), "the tag wins; the row of another family is left out"
    assert words.embeddings == (EmbeddingWord("EasyNegative", "/m/easynegative"),)
    assert (words.vae, words.clip_skip) == ("/m/soft", 1)
    assert wording.resolve(typed, 3) == words
    assert wording.resolve(typed, 3, uses_prompt=False).prompt == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (settings("a <lora:nobody:1>"), "no LoRA 'nobody'"),
        (settings("a <lora:grand-lora:1>"), "made for Stable Diffusion XL"),
        (settings("a __shade__"), "no wildcard file 'shade'"),
        (settings("a", styles=("gone",)), "no style 'gone'"),
        (settings("a", vae="/m/lost"), "VAE '/m/lost'"),
    ],
)
def test_what_is_not_there_is_named(wording: Wording, typed: GenerationSettings, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        wording.resolve(typed, 1)
    assert said in wording.problem(typed)


def test_regions_name_no_loras(wording: Wording) -> None:
    assert wording.choose_own("a {x|x}", 1) == "a x"
    with pytest.raises(InvalidRequestError, match="region"):
        wording.choose_own("<lora:Ink Lines:1>", 1)


def test_the_loras_of_a_recipe_are_taken_over() -> None:
    rows = (RecipeLora("ink_lines", 0.4), RecipeLora("nobody", 1.0))
    plan = RecipePlan(Recipe("A1111", "pine <lora:nobody:1>", loras=rows), MODELS, ADDONS)
    (part,) = (part for part in plan.parts if part.name == "loras")
    assert part.usable
    assert "nobody" in part.remark
    taken = plan.settings(settings("else", styles=("warm",)), {"prompt", "loras"})
    assert (taken.prompt, taken.styles) == ("pine", ()), "its words hold its styles already"
    assert taken.loras == (LoraWeight("/m/Ink Lines", 0.4),)
    tagged = replace(plan.recipe, prompt="pine <lora:ink lines:0.4>")
    assert RecipePlan(tagged, MODELS, ADDONS).settings(settings(), {"prompt", "loras"}).loras == (), "the tag is enough"


def test_the_sampler_of_a_recipe_is_the_one_that_the_model_has() -> None:
    flux = info("flux", ModelKind.CHECKPOINT, Family.FLUX)
    models = (*MODELS, flux)

    def told(recipe: Recipe, present: ModelInfo | None = None) -> tuple[str, str, SchedulerName]:
        plan = RecipePlan(recipe, models, (), present)
        (part,) = (part for part in plan.parts if part.name == "sampler")
        chosen = plan.settings(settings(model=present.id if present else "/m/painter"), {"sampler", "model"})
        return part.value, part.remark, chosen.scheduler

    euler = Recipe("A1111", sampler="Euler", scheduler=SchedulerName.EULER)
    assert told(euler) == ("Euler", "", SchedulerName.EULER)
    assert told(euler, flux) == ("Euler", "", SchedulerName.EULER_FLOW), "the same method along straight lines"
    assert told(replace(euler, model="flux")) == ("Euler", "", SchedulerName.EULER_FLOW)
    karras = Recipe("A1111", sampler="DPM++ 2M Karras", scheduler=SchedulerName.DPMPP_2M_KARRAS)
    _words, remark, scheduler = told(karras, flux)
    assert scheduler is SchedulerName.EULER_FLOW
    assert remark == "does not suit the model; nearest here: flow-match-euler"
    assert told(karras, MODELS[0])[1:] == ("", SchedulerName.DPMPP_2M_KARRAS)


def test_offers(qapp: QApplication, wording: Wording) -> None:
    form = GenerationForm(MODELS)
    form.set_wording(replace(wording, wildcard_names=("hue", "hut/roof")))
    offers = WordOffers(form, tuple)

    def texts(before: str) -> list[str]:
        return [before[: len(before) - offer.typed] + offer.text for offer in offers(before)]

    assert texts("a, lo") == ["a, long hair", r"a, lone \(x\)"]
    assert texts("a girl with lon") == ["a girl with long hair", r"a girl with lone \(x\)"]
    assert texts("(long_h") == ["(long hair"]
    assert texts("x <lora:li") == ["x <lora:Ink Lines:1>"], "those of the model's family only"
    assert texts("x __hu") == ["x __hue__", "x __hut/roof__"]
    assert texts("bad, easy") == ["bad, easynegative"]
    assert not texts("long hair")
    assert WordOffers(form, lambda: ["lonely boat"])("lon")[0].text == "lonely boat"


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_keys_weigh_words_and_walk_through_prompts(qapp: QApplication, kind: type[QLineEdit | QPlainTextEdit]) -> None:
    field = kind()
    PromptKeys(field, lambda: ["second", "first"])
    text: Callable[[], str] = field.text if isinstance(field, QLineEdit) else field.toPlainText
    QTest.keyClicks(field, "a cat")
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert text() == "a (cat:1.15)"
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert text() == "a (cat:1.1)"
    field.undo()
    assert text() != "a (cat:1.1)"
    field.redo()
    for key, shown in ((Qt.Key.Key_PageUp, "second"), (Qt.Key.Key_PageUp, "first"), (Qt.Key.Key_PageUp, "first")):
        QTest.keyClick(field, key, Qt.KeyboardModifier.AltModifier)
        assert text() == shown
    for shown in ("second", "a (cat:1.1)"):
        QTest.keyClick(field, Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
        assert text() == shown


def test_a_pasted_prompt_of_novelai_is_rewritten(qapp: QApplication) -> None:
    field, mime, told = PromptEdit(), QMimeData(), []
    field.converted.connect(lambda: told.append(True))
    field.insertPlainText("x, ")
    mime.setText("{{cat}}, [dog]")
    field.insertFromMimeData(mime)
    assert field.toPlainText() == "x, (cat:1.103), (dog:0.952)"
    field.undo()
    assert field.toPlainText() == "x, {{cat}}, [dog]"
    mime.setText("{red|blue} sea")
    field.clear()
    field.insertFromMimeData(mime)
    assert (field.toPlainText(), told) == ("{red|blue} sea", [True])


def test_the_store_reads_what_the_person_put_there(run: Scenario, folders: Folders, qapp: QApplication) -> None:
    models = folders.data.parent / "models"
    models.mkdir()
    key = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_k.lora_{}.weight"
    tensors = {key.format("down"): np.zeros((4, 320), np.float16), key.format("up"): np.zeros((320, 4), np.float16)}
    save_file(tensors, models / "brush.safetensors", {"ss_tag_frequency": json.dumps({"a": {"inkline": 3}})})
    (folders.data / "tags").mkdir(parents=True)
    (folders.data / "tags" / "own.csv").write_text('zither,0,7,"guqin,qin"\n', encoding="utf-8")
    (folders.data / "wildcards" / "sky").mkdir(parents=True)
    (folders.data / "wildcards" / "sky" / "colour.txt").write_text("red\n", encoding="utf-8")
    (folders.data / "styles.json").write_text("{broken", encoding="utf-8")
    store, troubles = WordStore(folders, Settings(folders.config / "settings.json")), []
    store.failed.connect(troubles.append)
    run(store.look(Library([models])))
    assert [tag.name for tag in store.tags.begun("guq")] == ["zither"]
    assert store.wording.wildcard_names == ("sky/colour",)
    assert [one.name for one in store.wording.addons if one.kind is ModelKind.LORA] == ["brush"]
    assert {"enhance", "tile-texture"} <= set(store.wording.styles)
    assert [trouble for trouble in troubles if "styles.json" in trouble] == troubles != []
    (lora,) = (one for one in store.wording.addons if one.kind is ModelKind.LORA)
    assert run(store.trigger_words(lora.id)) == ("inkline",)


@pytest.fixture
def window(program: Program, run: Scenario) -> MainWindow:
    async def opened() -> MainWindow:
        await program.start_engine()
        return program.new_window()

    return run(opened())


def test_the_line_under_the_prompt(window: MainWindow, run: Scenario, wording: Wording) -> None:
    form, panel = window.form, window.prompt_panel
    panel.foot.open_styles()
    names = {action.data() for action in panel.foot.styles_menu.actions()}
    assert {"anime", "3d-model", "", None} <= names
    panel.foot.styles_menu.close()
    form.set(prompt="mountain", styles=("anime", "cinematic"))
    assert "Anime, Cinematic" in panel.foot.styles.text()

    async def counted() -> None:
        panel.foot.meter.measure()
        await until(lambda: panel.foot.meter.prompt.exact)

    run(counted())
    assert panel.foot.tokens.text() == str(panel.foot.meter.prompt)
    assert panel.foot.meter.prompt.room == 30 * panel.foot.meter.prompt.chunks, "the starter's own length"
    window.actions_by_id["prompt.no-styles"].trigger()
    assert form.settings.styles == ()
    form.set(prompt="a <lora:nobody:1>")
    panel.trouble.look()
    assert "nobody" in panel.trouble.text()


def test_loras_under_the_prompt(window: MainWindow, wording: Wording) -> None:
    form, loras = window.form, window.prompt_panel.loras
    form.set_models(MODELS)
    form.choose_model("/m/painter")
    form.set_wording(wording)
    menu = window.prompt_panel.foot.loras_menu
    loras.fill_menu(menu)
    assert [action.data() for action in menu.actions()] == ["/m/Ink Lines"]
    loras.add("/m/Ink Lines")
    loras.rows[0].slider.setValue(65)
    assert form.settings.loras == (LoraWeight("/m/Ink Lines", 0.65),)
    assert loras.rows[0].weight.value() == 0.65
    assert GenerationSettings.from_dict(json.loads(json.dumps(form.settings.to_dict()))) == form.settings
    form.choose_model("/m/grand")
    assert not loras.rows[0].slider.isEnabled()
    loras.rows[0].remove.click()
    assert form.settings.loras == ()
    loras.wordChosen.emit("inkline")
    assert form.settings.prompt == "inkline"


def test_rows_offer_what_suits_the_model(window: MainWindow, wording: Wording) -> None:
    form, rows = window.form, window.prompt_panel.rows
    flow = info("flow", ModelKind.CHECKPOINT, Family.FLUX)
    form.set_wording(replace(wording, models=(*MODELS, flow)))
    form.set_models((*MODELS, flow))
    form.choose_model("/m/painter")
    assert [rows.vae.itemData(row) for row in range(rows.vae.count())] == ["", "/m/soft"]
    assert rows.scheduler.findData(str(SchedulerName.EULER_FLOW)) < 0
    form.set(vae="/m/soft", clip_skip=1)
    form.choose_model("/m/flow")
    offered = {rows.scheduler.itemData(row) for row in range(rows.scheduler.count())}
    assert offered == {"default", "flow-match-euler", "flow-match-heun"}
    assert (form.settings.vae, form.settings.clip_skip) == ("", 0), "they were of another family"
    assert rows.clip_skip.isHidden()
    form.set(scheduler=SchedulerName.DDIM)
    assert "does not suit" in rows.scheduler.currentText()


def test_a_run_with_a_style_is_remembered_and_used_again(window: MainWindow, run: Scenario) -> None:
    form, controller = window.form, window.controller
    form.set(prompt="{mountain|lake}", styles=("anime",), seed=4, random_seed=False, seed_advances=True)
    form.set(num_images_per_prompt=2)

    async def painted() -> None:
        job = await controller.generate()
        assert job
        await until(lambda: controller.current is not None)

    run(painted())
    current = controller.current
    assert current is not None
    request = current.captured.request
    assert request.prompt.startswith("anime illustration of ")
    assert "3d render" in request.negative_prompt
    assert form.settings.seed == 6, "the seed goes on behind the two pictures"
    assert window.program.words.prompts() == ["{mountain|lake}"]
    form.set(prompt="else", styles=())

    async def reused() -> None:
        controller.reuse(current.record.id)
        await until(lambda: form.settings.prompt == "{mountain|lake}")

    run(reused())
    assert (form.settings.styles, form.settings.seed) == (("anime",), 4)
    form.set(prompt="a <lora:nobody:1>")
    assert run(_job(controller)) == "", "the job is not begun"


async def _job(controller: Any) -> str:
    return await controller.generate()


def test_own_styles_are_made_from_the_prompt(window: MainWindow, run: Scenario, folders: Folders) -> None:
    window.form.set(prompt="snow", negative_prompt="people")
    dialog = StylesDialog(window.program.words, window.form, window)
    dialog.take.click()
    dialog.name.setText("Winter")
    dialog.name.textEdited.emit("Winter")
    dialog.merge([Style("Winter", "{prompt} in winter"), Style("Spring")])
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["Winter", "Spring"]

    async def saved() -> None:
        dialog.buttons.accepted.emit()
        await until(lambda: dialog.result())

    run(saved())
    assert window.form.wording.styles["Winter"].prompt == "{prompt} in winter"
    assert [row["name"] for row in json.loads((folders.data / "styles.json").read_text())["styles"]] == [
        "Winter",
        "Spring",
    ]
    dialog.deleteLater()
