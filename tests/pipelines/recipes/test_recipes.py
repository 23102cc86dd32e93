"""Settings of every program we know, read from texts as these programs write them; and what strangers may do to us."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.models import SchedulerName
from pipelines.contract.request import GenerationRequest, LoraWeight, Task
from pipelines.prompting.recipes import a1111
from pipelines.prompting.recipes.reading import read_pasted, read_recipe
from pipelines.prompting.recipes.recipe import MAX_TEXT, Recipe, RecipeLora
from pipelines.prompting.recipes.samplers import find_sampler, sampler_words
from tests.pipelines.recipes import samples
from tests.pipelines.recipes.samples import CHUNKS

EXPECTED: dict[str, dict[str, Any]] = {
    "a1111": {
        "source": "AUTOMATIC1111", "prompt": "a lighthouse, (storm:1.2), \nsecond line",
        "negative_prompt": "blurry, low quality", "num_inference_steps": 28, "guidance_scale": 6.5,
        "scheduler": SchedulerName.DPMPP_2M_KARRAS, "scheduler_exact": True, "seed": 3735928559, "width": 512,
        "height": 768, "strength": 0.55, "model": "v1-5-pruned-emaonly", "model_hash": "6ce0161689",
        "loras": (RecipeLora("ink wash_v2", 0.7, "0a1b2c3d"),),
    },
    "comfyui api": {
        "source": "ComfyUI", "prompt": "a bottle with a galaxy", "negative_prompt": "text, watermark",
        "num_inference_steps": 20, "guidance_scale": 8.0, "sampler": "dpmpp_2m karras",
        "scheduler": SchedulerName.DPMPP_2M_KARRAS, "seed": 156680208700286, "width": 640, "height": 448,
        "strength": None, "model": "dreamshaper_8", "loras": (RecipeLora("glass", 0.8),),
    },
    "comfyui workflow": {
        "prompt": "a red fox", "negative_prompt": "snow", "num_inference_steps": 25, "guidance_scale": 7.5,
        "scheduler": SchedulerName.EULER, "scheduler_exact": True, "seed": 42, "width": 1024, "height": 768,
        "model": "sd_xl_base_1.0",
    },
    "comfyui flux": {
        "prompt": "a fox in the snow", "negative_prompt": "", "num_inference_steps": 20, "guidance_scale": 3.5,
        "scheduler": SchedulerName.EULER, "scheduler_exact": False, "seed": 77, "width": 832, "height": 1024,
        "strength": 0.6, "model": "flux1-dev",
    },
    "invokeai": {
        "source": "InvokeAI", "prompt": "a canal at dawn", "negative_prompt": "people", "num_inference_steps": 30,
        "guidance_scale": 7.5, "scheduler": SchedulerName.DPMPP_2M_KARRAS, "seed": 4005806, "width": 1024,
        "height": 832, "strength": 0.65, "model": "Juggernaut XL v9", "model_hash": "1d3ffe",
        "loras": (RecipeLora("add-detail-xl", 0.75, "77aa"),),
    },
    "invokeai 2": {
        "prompt": "an oak tree", "negative_prompt": "leaves, fog", "num_inference_steps": 50, "seed": 1234,
        "scheduler": SchedulerName.EULER_A, "model": "stable-diffusion-1.5", "strength": None,
    },
    "invokeai dream": {
        "prompt": "an oak tree", "negative_prompt": "fog", "num_inference_steps": 40, "seed": 99, "width": 448,
        "height": 640, "guidance_scale": 6.0, "scheduler": SchedulerName.HEUN,
    },
    "fooocus": {
        "source": "Fooocus", "prompt": "a glass whale", "num_inference_steps": 30, "guidance_scale": 4.0,
        "scheduler": SchedulerName.DPMPP_SDE, "scheduler_exact": False, "seed": 8056346462012304711, "width": 1152,
        "height": 896, "model": "juggernautXL_v8Rundiffusion", "model_hash": "aeb7e9e689",
        "loras": (RecipeLora("sd_xl_offset", 0.1, "4852686128"),),
    },
    "fooocus a1111": {
        "source": "Fooocus", "prompt": "a glass whale", "negative_prompt": "ugly", "model": "juggernautXL_v8",
        "loras": (RecipeLora("offset", 0.1, "4852686128"),),
    },
    "novelai": {
        "source": "NovelAI", "prompt": "1girl, umbrella, rain\nred coat", "negative_prompt": "lowres, text, hands",
        "num_inference_steps": 28, "guidance_scale": 5.0, "scheduler": SchedulerName.EULER_A, "seed": 2897532,
        "width": 832, "height": 1216, "strength": None, "model": "NovelAI Diffusion V4 37442FCA",
    },
    "ours": {
        "source": "Handscroll", "prompt": "{a|b} moon", "negative_prompt": "sun", "num_inference_steps": 14,
        "guidance_scale": 2.0, "scheduler": SchedulerName.DPMPP_2M_KARRAS, "scheduler_exact": True,
        "seed": 2**62 + 1, "width": 384, "height": 256, "strength": 0.75, "model": "ink", "model_hash": "a" * 10,
        "loras": (RecipeLora("wash", 0.5),),
    },
}  # fmt: skip


@pytest.mark.parametrize("source", EXPECTED)
def test_every_source_is_read(source: str) -> None:
    recipe = read_recipe(CHUNKS[source])
    assert recipe is not None
    assert {name: getattr(recipe, name) for name in EXPECTED[source]} == EXPECTED[source]
    assert recipe.refused == ()


def test_pictures_without_settings_give_none() -> None:
    assert read_recipe({}) is None
    assert read_recipe({"Software": "GIMP", "Comment": "Created with GIMP", "prompt": "not a graph"}) is None
    assert read_recipe({"handscroll": json.dumps({"software": "Handscroll"})}) is None
    assert read_recipe({"prompt": json.dumps({"1": {"class_type": "LoadImage", "inputs": {}}})}) is None


def test_names_of_texts_may_have_prefixes_and_other_cases() -> None:
    recipe = read_recipe({"Exif:UserComment": samples.A1111})
    assert recipe is not None
    assert recipe.seed == 3735928559
    webp = read_recipe(
        {"Make": "workflow:" + json.dumps(samples.WORKFLOW), "Model": "prompt:" + json.dumps(samples.API)}
    )
    assert webp is not None
    assert webp.seed == 156680208700286


def test_the_sampler_that_began_the_picture_is_asked_and_the_sides_of_a_control_net_kept_apart() -> None:
    graph = copy.deepcopy(samples.API)
    graph["30"] = {"class_type": "LatentUpscale", "inputs": {"samples": ["3", 0], "width": 1280, "height": 896}}
    second = dict(graph["3"]["inputs"], latent_image=["30", 0], denoise=0.4, seed=7)
    graph["0"] = {"class_type": "KSampler", "inputs": second}
    both = {"positive": ["6", 0], "negative": ["7", 0], "control_net": ["99", 0]}
    graph["40"] = {"class_type": "ControlNetApplyAdvanced", "inputs": both}
    graph["3"]["inputs"] |= {"positive": ["40", 0], "negative": ["40", 1]}
    recipe = read_recipe({"prompt": json.dumps(graph)})
    assert recipe is not None
    assert (recipe.seed, recipe.width, recipe.strength) == (156680208700286, 640, None)
    assert (recipe.prompt, recipe.negative_prompt) == ("a bottle with a galaxy", "text, watermark")


def test_nodes_of_others_that_hold_many_things_at_once() -> None:
    loader = {
        "ckpt_name": "a/b.safetensors", "lora_name": "None", "positive": "a crane", "negative": "city",
        "empty_latent_width": 768, "empty_latent_height": 512,
    }  # fmt: skip
    stack = {"lora_1": {"on": True, "lora": "ink.safetensors", "strength": 0.0}, "lora_2": {"on": False, "lora": "x"}}
    sampler = {"seed": 4, "steps": 9, "cfg": 5, "sampler_name": "ddim", "scheduler": "normal", "denoise": 1}
    wires = {"model": ["2", 0], "positive": ["1", 1], "negative": ["1", 2], "latent_image": ["1", 3]}
    graph = {
        "1": {"class_type": "Efficient Loader", "inputs": loader},
        "2": {"class_type": "Power Lora Loader (rgthree)", "inputs": {**stack, "model": ["1", 0]}},
        "3": {"class_type": "KSampler (Efficient)", "inputs": {**sampler, **wires}},
    }
    recipe = read_recipe({"prompt": json.dumps(graph)})
    assert recipe is not None
    assert (recipe.prompt, recipe.negative_prompt, recipe.model) == ("a crane", "city", "b")
    assert (recipe.width, recipe.height, recipe.loras) == (768, 512, (RecipeLora("ink", 0.0),))


def test_what_cannot_be_used_is_named() -> None:
    text = "moon\nSteps: 1000000, Sampler: Restart, CFG scale: nan, Seed: -1, Size: 99999x8, Model: m"
    recipe = a1111.parse_text(text)
    assert recipe is not None
    assert set(recipe.refused) == {"num_inference_steps", "guidance_scale", "seed", "size"}
    assert (recipe.scheduler, recipe.sampler, recipe.scheduler_exact) == (None, "Restart", False)
    assert recipe.seed is None
    assert recipe.width is None


def test_samplers_in_all_spellings() -> None:
    for name in ("Euler a", "euler_ancestral", "k_euler_a", "k_euler_ancestral", "EULER A"):
        assert find_sampler(name)[1:] == (SchedulerName.EULER_A, True), name
    for name, spacing in (("DPM++ 2M Karras", ""), ("DPM++ 2M", "Karras"), ("dpmpp_2m", "karras"), ("dpmpp_2m_k", "")):
        assert find_sampler(name, spacing)[1:] == (SchedulerName.DPMPP_2M_KARRAS, True), name
    assert find_sampler("DPM++ 2M SDE Karras")[1:] == (SchedulerName.DPMPP_SDE, False)
    assert find_sampler("DPM adaptive") == ("DPM adaptive", None, False)
    for scheduler in SchedulerName:
        assert find_sampler(*sampler_words(scheduler))[1:] == (scheduler, True)


def test_pasted_text_is_told_from_a_prompt() -> None:
    assert read_pasted("a lighthouse in a storm, Steps: many") is None
    assert read_pasted("a {red|blue} house") is None
    assert read_pasted("{red|blue} house") is None
    assert read_pasted(samples.A1111) is not None
    for graph in (samples.API, samples.WORKFLOW, samples.INVOKE, samples.FOOOCUS, samples.OURS):
        assert read_pasted(json.dumps(graph)) is not None


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200).filter(
    lambda text: not any(line.startswith("Negative prompt:") for line in text.split("\n")) and "<lora:" not in text
)


REQUESTS = st.builds(
    GenerationRequest,
    task=st.just(Task.IMAGE_TO_IMAGE),
    model=st.text(st.characters(categories=("L", "N"), include_characters=' ,:"-.'), max_size=30).map(
        lambda name: f"/home/me/{name}x.safetensors"
    ),
    prompt=WORDS,
    negative_prompt=WORDS,
    num_inference_steps=st.integers(1, 200),
    guidance_scale=st.integers(0, 500).map(lambda tenths: tenths / 10),
    strength=st.sampled_from([0.0, 0.25, 1.0]),
    scheduler=st.sampled_from(SchedulerName),
    seed=st.integers(0, 2**63 - 1),
    width=st.integers(16, 8192),
    height=st.integers(16, 8192),
    loras=st.just((LoraWeight("/l/ink wash.safetensors", -0.5),)),
)


@given(REQUESTS)
def test_what_we_write_we_read(request: GenerationRequest) -> None:
    files = {request.model: {"sha256": "0123456789abcdef" * 4}, request.loras[0].model: {"sha256": "fedcba" * 10}}
    recipe = a1111.parse_text(a1111.parameters_text(request.to_dict(), {"files": files}))
    assert recipe is not None
    for name in ("num_inference_steps", "guidance_scale", "strength", "scheduler", "seed", "width", "height"):
        assert getattr(recipe, name) == getattr(request, name), name
    assert (recipe.prompt, recipe.negative_prompt) == (request.prompt.strip(), request.negative_prompt.strip())
    assert recipe.model == request.model.removeprefix("/home/me/").removesuffix(".safetensors").strip()
    assert (recipe.model_hash, recipe.loras) == ("0123456789", (RecipeLora("ink wash", -0.5, "fedcbafedc"),))


@given(st.text(max_size=400), st.sampled_from(["", "\nSteps: 20, Sampler: Euler, Seed: 1, ", "Negative prompt: "]))
def test_any_text_is_read_or_not_but_never_raises(text: str, between: str) -> None:
    for words in (text, text + between + text):
        for key in ("parameters", "Comment", "prompt", "Dream", "sd-metadata"):
            found = read_recipe({key: words})
            assert found is None or isinstance(found, Recipe)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["KSampler", "6"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "nodes", "links", "inputs", "class_type", "3", "6", "model", "image", "prompt", "positive_prompt", "loras",
        "uc", "steps", "v4_prompt", "caption", "char_captions", "base_model", "request",
        "num_inference_steps", "guidance_scale", "widgets_values", "type", "id", "positive",
        "latent_image", "seed", "resolution",
    ]), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_not_but_never_raises(data: object) -> None:
    text = json.dumps(data)
    keys = ("handscroll", "parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Comment")
    found = read_recipe(dict.fromkeys(keys, text))
    assert found is None or isinstance(found, Recipe)


@given(st.data())
def test_graphs_with_values_exchanged_never_raise(data: st.DataObject) -> None:
    graph = copy.deepcopy(samples.API)
    for _ in range(data.draw(st.integers(1, 6))):
        inputs = graph[data.draw(st.sampled_from(sorted(graph)))]["inputs"]
        name = data.draw(st.sampled_from(sorted(inputs)))
        wire = st.tuples(st.sampled_from([*sorted(graph), "none"]), st.integers(-1, 2)).map(list)
        inputs[name] = data.draw(wire | JSON)
    found = read_recipe({"prompt": json.dumps(graph)})
    assert found is None or isinstance(found, Recipe)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000,
        '{"a":' * 150_000,
        '{"nodes": ' + "[" * 100_000,
        '{"prompt": ' + "9" * 900_000 + "}",
        "Steps: 1, " + "a: {" * 200_000,
        "a" * MAX_TEXT,
        "Steps: 1, Sampler: x, " + '"' * 800_000,
        "<lora:" * 170_000 + "\nSteps: 1, Sampler: Euler, Seed: 2",
        "Steps: 1, Seed: 2\n" * 55_000,
        "[" * 400_000 + " -s 20",
        "a" * (MAX_TEXT + 1),
    ],
)
def test_bombs_come_to_nothing_quickly(text: str) -> None:
    keys = ("handscroll", "parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Comment", "Dream")
    found = read_recipe(dict.fromkeys(keys, text))
    assert found is None or len(found.prompt) <= 20_000


def test_rings_and_thousands_of_nodes_are_walked_once() -> None:
    ring = copy.deepcopy(samples.API)
    ring["10"]["inputs"]["model"] = ["10", 0]
    ring["6"]["inputs"]["text"] = ["50", 0]
    ring["50"] = {"class_type": "Text", "inputs": {"text": ["51", 0]}}
    ring["51"] = {"class_type": "Text", "inputs": {"text": ["50", 0]}}
    recipe = read_recipe({"prompt": json.dumps(ring)})
    assert recipe is not None
    assert (recipe.prompt, recipe.model, recipe.seed) == ("", "dreamshaper_8", 156680208700286)
    chain: dict[str, Any] = {
        str(i): {"class_type": "Reroute", "inputs": {"a": [str(i + 1), 0], "b": [str(i + 2), 0]}} for i in range(4000)
    }
    chain["s"] = {"class_type": "KSampler", "inputs": {"seed": 1, "model": ["0", 0], "positive": ["0", 0]}}
    assert read_recipe({"prompt": json.dumps(chain)}) is not None
