"""The graph of ComfyUI in one form, whichever of its two it came in, and how to walk it without getting lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MAX_NODES = 5000
MAX_VISITS = 2000
_MAX_TEXTS = 50
_WIDGETS: dict[str, tuple[str, ...]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSampler (Efficient)": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "SamplerCustom": ("add_noise", "noise_seed", "", "cfg"),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "KarrasScheduler": ("steps",),
    "RandomNoise": ("noise_seed",),
    "CFGGuider": ("cfg",),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CLIPTextEncodeSDXL": (
        "width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l",
    ),
    "FluxGuidance": ("guidance",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "CheckpointLoader": ("config_name", "ckpt_name"),
    "UNETLoader": ("unet_name",),
    "UnetLoaderGGUF": ("unet_name",),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "PrimitiveNode": ("value",),
    "PrimitiveInt": ("value",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
    "StringConcatenate": ("string_a", "string_b", "delimiter"),
}  # fmt: skip
"""Names of what a drawn node lists without names; an empty one is skipped (what happens to the seed afterwards)."""
_PLAIN = ("value", "text", "string", "seed", "int", "float", "number", "prompt", "string_a", "string_b")
"""Inputs under which small nodes keep the one thing they give."""
_SKIPPED = (2, 4)
"""Modes of a drawn node: never runs, lets everything through."""


class Wire(NamedTuple):
    """Where an input comes from."""

    node: str
    slot: int


@dataclass(frozen=True)
class Node:
    """One node: what goes in is either a wire or a plain value."""

    id: str
    kind: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    skipped: bool = False


class Graph:
    """Nodes by id."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes

    def node(self, start: Node, name: str) -> Node | None:
        """The node behind an input; None where no wire leads to one."""
        wire = start.inputs.get(name)
        return self.nodes.get(wire.node) if isinstance(wire, Wire) else None

    def value(self, start: Node, name: str) -> Any:
        """A plain value, followed through nodes that only hold or hand on one; None when there is none."""
        found = start.inputs.get(name)
        if not isinstance(found, Wire):
            return found
        for node in self.upstream(start, name):
            for key in (name, *_PLAIN):
                plain = node.inputs.get(key)
                if plain is not None and not isinstance(plain, Wire):
                    return plain
        return None

    def text(self, start: Node, name: str) -> str:
        """The words of an input; those of several nodes before it are joined in their order."""
        found = start.inputs.get(name)
        if isinstance(found, str):
            return found
        if not isinstance(found, Wire):
            return ""
        parts: list[str] = []
        for node in self.upstream(start, name):
            plain = [node.inputs.get(key) for key in _PLAIN]
            parts += [text for text in plain if isinstance(text, str) and text.strip()]
            if len(parts) > _MAX_TEXTS:
                break
        return ", ".join(dict.fromkeys(parts))

    def upstream(
        self,
        start: Node,
        name: str,
        stop: Callable[[Node], bool] = lambda _node: False,
        follow: Callable[[Node, int], list[str]] | None = None,
    ) -> Iterator[Node]:
        """Nodes behind an input, nearest first, each once.

        Nothing behind a node of which `stop` is true is visited; `follow` says which inputs of a node lead on, given
        the outlet by which it was reached (all of them, without it).
        """
        waiting = deque([start.inputs.get(name)])
        seen: set[str] = set()
        while waiting and len(seen) < MAX_VISITS:
            wire = waiting.popleft()
            node = self.nodes.get(wire.node) if isinstance(wire, Wire) else None
            if not isinstance(wire, Wire) or node is None or node.id in seen:
                continue
            seen.add(node.id)
            yield node
            if not stop(node):
                names = follow(node, wire.slot) if follow is not None else list(node.inputs)
                waiting.extend(node.inputs[key] for key in names if key in node.inputs)


def from_api(data: Mapping[str, Any]) -> Graph:
    """The graph as it ran: id -> class and inputs; a wire is a list of node and outlet."""
    nodes: dict[str, Node] = {}
    for key, row in list(data.items())[:MAX_NODES]:
        inputs = row.get("inputs") if isinstance(row, dict) else None
        if isinstance(inputs, dict):
            found = {str(name): _wired(value) for name, value in inputs.items()}
            nodes[str(key)] = Node(str(key), str(row.get("class_type", "")), found)
    return Graph(nodes)


def from_workflow(data: Mapping[str, Any]) -> Graph:
    """The graph as it was drawn: a list of nodes with nameless values, and a list of wires."""
    wires = _wires(data.get("links"))
    nodes: dict[str, Node] = {}
    rows = data.get("nodes")
    for row in rows[:MAX_NODES] if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("mode") != _SKIPPED[0]:
            key, kind = str(row.get("id")), str(row.get("type", ""))
            nodes[key] = Node(key, kind, _drawn_inputs(row, kind, wires), row.get("mode") in _SKIPPED)
    return Graph(nodes)


def _wired(value: Any) -> Any:
    if isinstance(value, list):
        fits = len(value) == 2 and isinstance(value[0], str | int) and isinstance(value[1], int)
        return Wire(str(value[0]), value[1]) if fits else None
    return value


def _wires(links: Any) -> dict[str, Wire]:
    """Wire id -> where it comes from."""
    found: dict[str, Wire] = {}
    for link in links[: 4 * MAX_NODES] if isinstance(links, list) else ():
        if isinstance(link, list) and len(link) >= 3 and isinstance(link[2], int):
            found[str(link[0])] = Wire(str(link[1]), link[2])
        elif isinstance(link, dict) and isinstance(link.get("origin_slot"), int):
            found[str(link.get("id"))] = Wire(str(link.get("origin_id")), link["origin_slot"])
    return found


def _drawn_inputs(row: Mapping[str, Any], kind: str, wires: Mapping[str, Wire]) -> dict[str, Any]:
    values = row.get("widgets_values")
    found: dict[str, Any] = {}
    if isinstance(values, dict):
        found = {str(name): value for name, value in values.items()}
    elif isinstance(values, list):
        found = dict(zip(_WIDGETS.get(kind, ("value",)), values, strict=False))
        found.pop("", None)
    slots = row.get("inputs")
    for slot in slots[:200] if isinstance(slots, list) else ():
        if isinstance(slot, dict) and str(slot.get("link")) in wires:
            found[str(slot.get("name"))] = wires[str(slot.get("link"))]
    return found
