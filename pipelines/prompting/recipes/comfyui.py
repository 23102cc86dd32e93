"""ComfyUI: a graph of nodes, as it ran (`prompt`) or as it was drawn (`workflow`).

From the sampler that began the picture the wires are followed back: to the texts, the model, the LoRAs on the way, the
empty latents. A graph may be anything, a ring included: every node is visited once, and only so many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.prompting.recipes.comfy_graph import Graph, Node, from_api, from_workflow
from pipelines.prompting.recipes.recipe import Draft, Recipe, all_texts, as_object, real, stem
from pipelines.prompting.recipes.samplers import find_sampler

SOURCE = "ComfyUI"
_SAMPLERS = ("KSampler", "KSamplerAdvanced", "SamplerCustom", "SamplerCustomAdvanced", "KSampler (Efficient)")
_MODEL_KEYS = ("ckpt_name", "unet_name", "model_name", "base_ckpt_name")


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The settings of a graph in a picture's texts; None when there is none with a sampler."""
    drawn: list[dict[str, Any]] = []
    for text in all_texts(chunks, "prompt", "workflow"):
        bare = text.lstrip()
        for prefix in ("prompt:", "workflow:"):  # as its WebP pictures have them, in EXIF
            bare = bare[len(prefix) :] if bare[: len(prefix)].casefold() == prefix else bare
        data = as_object(bare)
        if data is not None and isinstance(data.get("nodes"), list):
            drawn.append(data)
        elif data is not None:
            recipe = _recipe(from_api(data))
            if recipe is not None:
                return recipe
    for data in drawn:
        recipe = _recipe(from_workflow(data))
        if recipe is not None:
            return recipe
    return None


def _recipe(graph: Graph) -> Recipe | None:
    samplers = [node for node in graph.nodes.values() if node.kind in _SAMPLERS or _is_sampler(node)]
    if not samplers:
        return None
    node = _first(graph, samplers)
    draft = Draft(SOURCE)
    guider = graph.node(node, "guider") or node
    _noise(graph, draft, node)
    _steps(graph, draft, node)
    guidance = _texts(graph, draft, guider)
    cfg = graph.value(guider, "cfg")
    draft.guidance(guidance if guidance is not None and cfg in (None, 1, 1.0) else cfg)
    _size(graph, draft, node)
    _model(graph, draft, guider)
    if len(samplers) > 1:
        draft.other("samplers in the graph", len(samplers))
    return draft.recipe()


def _is_sampler(node: Node) -> bool:
    """Nodes of others that are samplers by what goes in."""
    return {"positive", "negative", "latent_image"} <= node.inputs.keys() and "steps" in node.inputs


def _first(graph: Graph, samplers: list[Node]) -> Node:
    """The sampler that builds on no other: the others refine its picture."""
    ids = {node.id for node in samplers}
    for node in samplers:
        before = {one.id for one in graph.upstream(node, "latent_image")}
        if not before & (ids - {node.id}):
            return node
    return samplers[0]


def _noise(graph: Graph, draft: Draft, node: Node) -> None:
    noise = graph.node(node, "noise") or node
    for name in ("seed", "noise_seed"):
        value = graph.value(noise, name)
        if value is not None:
            draft.seed(value)
            return


def _steps(graph: Graph, draft: Draft, node: Node) -> None:
    """Steps, sampler and strength; of the newer samplers they stand in nodes of their own."""
    chosen, sigmas = graph.node(node, "sampler") or node, graph.node(node, "sigmas") or node
    draft.steps(graph.value(sigmas, "steps"))
    spacing = graph.value(sigmas, "scheduler")
    if spacing is None and sigmas.kind == "KarrasScheduler":
        spacing = "karras"
    name = graph.value(chosen, "sampler_name")
    if isinstance(name, str):
        words, scheduler, exact = find_sampler(name, spacing)
        draft.sampler(words, scheduler, exact=exact)
    strength = real(graph.value(sigmas, "denoise"), 0.0, 1.0)
    if strength is not None and strength < 1.0:
        draft.strength(strength)


def _texts(graph: Graph, draft: Draft, guider: Node) -> float | None:
    """Both prompts; gives the guidance that is wired into the conditioning, as for distilled models."""
    positive = "positive" if "positive" in guider.inputs else "conditioning"
    draft.words("prompt", "\n".join(dict.fromkeys(_conditioning(graph, guider, positive))))
    draft.words("negative_prompt", "\n".join(dict.fromkeys(_conditioning(graph, guider, "negative"))))
    for node in graph.upstream(guider, positive):
        if node.kind in ("FluxGuidance", "CLIPTextEncodeFlux"):
            return real(graph.value(node, "guidance"), 0.0, 50.0)
    return None


def _conditioning(graph: Graph, start: Node, name: str) -> Iterator[str]:
    """Texts of the encoders that lie behind an input, nearest first."""
    for node in graph.upstream(start, name, stop=_encodes, follow=_same_side):
        if node.kind == "ConditioningZeroOut":
            return
        both = node.inputs.get("negative" if name == "negative" else "positive")
        if isinstance(both, str):  # loaders that hold both texts themselves
            yield both
        elif _encodes(node):
            yield from _words(graph, node)


def _encodes(node: Node) -> bool:
    holds_both = isinstance(node.inputs.get("positive"), str)
    return "TextEncode" in node.kind or {"clip", "text"} <= node.inputs.keys() or holds_both


def _same_side(node: Node, slot: int) -> list[str]:
    """Nodes that carry both prompts through hand each on at its own outlet."""
    if {"positive", "negative"} <= node.inputs.keys():
        return ["negative" if slot == 1 else "positive"]
    return [name for name in node.inputs if name not in ("clip", "vae", "image", "control_net", "model", "mask")]


def _words(graph: Graph, node: Node) -> Iterator[str]:
    """What an encoder encodes, through the nodes of text before it."""
    for name in ("text", "text_g", "text_l", "clip_l", "t5xxl", "prompt", "text_positive"):
        value = graph.text(node, name)
        if value:
            yield value


def _size(graph: Graph, draft: Draft, node: Node) -> None:
    for before in graph.upstream(node, "latent_image"):
        for prefix in ("", "empty_latent_"):
            width, height = f"{prefix}width", f"{prefix}height"
            if {width, height} <= before.inputs.keys() and "image" not in before.inputs:
                draft.size(graph.value(before, width), graph.value(before, height))
                return


def _model(graph: Graph, draft: Draft, node: Node) -> None:
    """The LoRAs on the way and the file at the end of it."""
    for before in graph.upstream(node, "model"):
        if "lora_name" in before.inputs and not before.skipped:
            name, weight = graph.value(before, "lora_name"), graph.value(before, "strength_model")
            if name not in ("None", "", None):
                draft.lora(stem(name), 1.0 if weight is None else weight)
        for row in before.inputs.values():  # nodes that hold several, each with a switch
            if isinstance(row, dict) and row.get("on") and "lora" in row:
                draft.lora(stem(row["lora"]), row.get("strength", 1.0))
        for name in _MODEL_KEYS:
            value = graph.value(before, name)
            if isinstance(value, str):
                draft.words("model", stem(value))
                return
