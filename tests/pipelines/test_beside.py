"""What add-ons add to a forecast: counted from files that real networks were written to, and believed when learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.models import Companion, Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import ControlImage, GenerationRequest, LoraWeight, ReferenceImage
from pipelines.library.probe import probe
from pipelines.planning.beside import Beside, Worn, beside, parameters_of, worn_in
from pipelines.planning.cost import Pace, Sample, rough_memory
from pipelines.planning.memory_cost import MemoryRung, PartSizes, RunSize, memory_of
from pipelines.planning.seen_cost import seer_of
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.test_cost import asked, machine, seconds, work


def info(name: str, kind: ModelKind, millions: float, size_bytes: int = 0) -> ModelInfo:
    return ModelInfo(name, name, name, kind, Family.SD1, size_bytes=size_bytes, parameters=int(millions * 1e6))


PAINTER = info("sd15", ModelKind.CHECKPOINT, 1066, 2_132_000_000)
NET, LORA = info("canny", ModelKind.CONTROLNET, 361), info("ink", ModelKind.LORA, 14)
ADAPTER, LOOKER = info("sketch", ModelKind.T2I_ADAPTER, 77), info("ip", ModelKind.IP_ADAPTER, 22)
VAE = info("vae", ModelKind.VAE, 84)


def test_what_looks_at_every_step_costs_as_much_of_a_call_as_it_has_of_the_network() -> None:
    net = beside(PAINTER, [Worn(NET)])
    assert net.calls == pytest.approx(0.38, abs=0.03)  # measured with networks of full size
    assert net.size_bytes == 361e6 * 2
    assert beside(PAINTER, [Worn(NET, 0.5)]).calls == pytest.approx(net.calls / 2)
    assert beside(PAINTER, [Worn(NET), Worn(NET)], "fp32") == Beside(2 * net.calls, 361e6 * 4)
    once = beside(PAINTER, [Worn(ADAPTER)])
    assert (once.calls, once.size_bytes) == (0.0, 77e6 * 2)
    assert beside(PAINTER, [Worn(LORA)]).calls == pytest.approx(0.085 * 14 / 12, abs=0.01)  # measured likewise
    flux = replace(PAINTER, family=Family.FLUX, kind=ModelKind.TRANSFORMER)
    assert beside(flux, [Worn(LORA)]).calls == pytest.approx(2 * 14 / 1066)
    assert beside(PAINTER, [Worn(VAE)]) == beside(PAINTER, []) == Beside()
    alone = replace(PAINTER, kind=ModelKind.TRANSFORMER)
    assert beside(alone, [Worn(NET)]).calls == pytest.approx(net.calls * 0.8)
    assert beside(replace(PAINTER, parameters=0), [Worn(NET)]).calls == pytest.approx(net.calls)  # by its size
    assert beside(replace(PAINTER, parameters=0, size_bytes=0), [Worn(NET)]).calls == 0.0


def test_what_a_network_is_shown_counts_like_what_it_paints() -> None:
    """Kontext computes with the tokens of a reference, and of the picture that it paints over, as with its own."""
    kontext = replace(PAINTER, family=Family.FLUX, variant="kontext", defaults=ModelDefaults(native_size=512))
    small, large = np.zeros((256, 256, 4), np.uint8), np.zeros((2048, 2048, 4), np.uint8)
    own = beside(
        kontext, worn_in(sample(references=(ReferenceImage(small, end=0.5), ReferenceImage(large))), {}, kontext)
    )
    assert own.most_seen == pytest.approx(0.256**2 + 0.512**2)  # never more than the model's own square
    assert own.seen == pytest.approx(0.256**2 / 2 + 0.512**2)
    assert (own.size_bytes, own.calls) == (0.0, 0.0)
    plain = work(asked())
    shown = replace(plain, shown=True).with_addons(own)
    (before,), (after,) = plain.calls, shown.calls
    assert after.megapixels == pytest.approx(2 * before.megapixels + own.seen)
    assert shown.seen == pytest.approx(before.megapixels + own.most_seen)
    sd = worn_in(sample(references=(ReferenceImage(small),)), {}, PAINTER)
    assert beside(PAINTER, sd).most_seen == 0.0, "it is refused when it is painted"
    run = RunSize(Family.FLUX, 1.0)
    assert replace(run, seen=1.0).denoise_bytes == 2 * run.denoise_bytes
    assert replace(run, seen=1.0).decode_bytes == run.decode_bytes


def test_adapters_bring_what_they_see_with() -> None:
    def seer(variant: str, millions: float) -> ModelInfo:
        return ModelInfo(
            variant, variant, variant, ModelKind.IMAGE_ENCODER, Family.UNKNOWN, variant, parameters=int(millions * 1e6)
        )

    h, g, siglip = seer("clip-vit-h", 632), seer("clip-vit-bigg", 1845), seer("siglip", 428)
    shelf = {one.id: one for one in (siglip, g, h)}
    xl = replace(LOOKER, id="xl", family=Family.SDXL)
    redux = replace(LOOKER, id="redux", family=Family.FLUX, variant="redux")
    for adapter, wanted in ((LOOKER, h), (xl, g), (replace(xl, variant="plus"), h), (redux, siglip)):
        assert seer_of(adapter, shelf.values()) == wanted
    chosen = replace(LOOKER, companions=(Companion("image_encoder", g.path),))
    assert seer_of(chosen, shelf.values()) == g
    assert seer_of(LOOKER, []) is None
    blank = np.zeros((64, 64, 4), np.uint8)
    added = beside(xl, worn_in(sample(references=(ReferenceImage(blank, "xl"),)), shelf | {"xl": xl}))
    assert (added.size_bytes, added.looking_bytes, added.most_seen) == (22e6 * 2, 1845e6 * 2, 0.0)
    told = beside(PAINTER, worn_in(sample(references=(ReferenceImage(blank, "redux"),)), shelf | {"redux": redux}))
    assert told.most_seen == pytest.approx(729 * 256 / 1e6)
    sizes = PartSizes(1e9, 2e9, 1e8)
    plain, looking = RunSize(Family.SD1, 0.26), RunSize(Family.SD1, 0.26, looking_bytes=3.7e9)
    assert memory_of(MemoryRung.ALL, sizes, looking) == memory_of(MemoryRung.ALL, sizes, plain) + 3.7e9
    assert memory_of(MemoryRung.PARTS, sizes, looking) == pytest.approx(3.85e9), "it has left when the network comes"


def test_a_request_tells_what_it_wears() -> None:
    blank = np.zeros((128, 128, 4), np.uint8)
    request = sample(
        loras=(LoraWeight("ink"), LoraWeight("gone")),
        controls=(ControlImage("canny", blank, 1.0, 0.25, 0.75), ControlImage("canny", blank, 0.0)),
        references=(ReferenceImage(blank, "ip", end=0.5), ReferenceImage(blank)),
    )
    known = {one.id: one for one in (NET, LORA, LOOKER)}
    assert worn_in(request, known) == (Worn(LORA), Worn(NET, 0.5), Worn(LOOKER, 0.5))


def test_a_job_with_addons_foretells_one_without_and_the_other_way_round() -> None:
    added = beside(PAINTER, [Worn(NET), Worn(LORA)])
    plain = work(asked())
    followed = plain.with_addons(added)
    facts = machine(plain)
    slower = {
        **facts,
        "denoise_s": facts["denoise_s"] * (1 + added.calls),
        "peak_memory_bytes": facts["peak_memory_bytes"] + added.size_bytes,
    }
    for done, told, other, wanted in ((plain, facts, followed, slower), (followed, slower, plain, facts)):
        pace = Pace((Sample.of(done, told) or pytest.fail("no sample"),))
        cost = pace.predict(other)
        assert cost.seconds == pytest.approx(seconds(wanted), rel=0.01)
        assert cost.memory_bytes == pytest.approx(wanted["peak_memory_bytes"], rel=0.01)
        assert Pace.from_list(pace.to_list()) == pace


def test_memory_counts_them_on_every_rung() -> None:
    added = beside(PAINTER, [Worn(NET)])
    plain, followed = work(asked()), work(asked()).with_addons(added)
    free, more = rough_memory(PAINTER, plain), rough_memory(PAINTER, followed)
    assert free is not None
    assert more == pytest.approx(free + 361e6 * 2)
    sizes = PartSizes.of(PAINTER)
    assert sizes is not None
    for rung in MemoryRung:
        without, with_it = (memory_of(rung, sizes, RunSize(Family.SD1, 0.26, beside_bytes=size)) for size in (0.0, 7e8))
        assert with_it == pytest.approx(without + 7e8)


@pytest.mark.slow
def test_files_say_how_many_parameters_they_have(tiny_models: Shelf, tmp_path: Path) -> None:
    """As many as the networks themselves have; and the engine counts the same when it chooses how to run."""
    from diffusers import UNet2DConditionModel

    from pipelines.miniatures.addons import lora_tensors, write_lora
    from pipelines.miniatures.control import adapter_for, controlnet_for, write_control
    from pipelines.miniatures.sd import sd1_pipeline
    from tests.pipelines.worktop import Worktop

    kind: Any = UNet2DConditionModel
    painter = tiny_models.resolve("sd1")
    unet = kind.from_pretrained(f"{painter.path}/unet")

    def numbers(network: Any) -> int:
        return sum(one.numel() for one in network.parameters())

    net, adapter, lora = controlnet_for(unet), adapter_for(unet), lora_tensors(sd1_pipeline())
    found = {
        "folder": (probe(write_control(net, tmp_path / "canny")), numbers(net)),
        "file": (probe(write_control(net, tmp_path / "canny.safetensors")), numbers(net)),
        "original": (probe(write_control(net, tmp_path / "old.safetensors", original=True)), numbers(net)),
        "adapter": (probe(write_control(adapter, tmp_path / "sketch.safetensors")), numbers(adapter)),
        "lora": (probe(write_lora(lora, tmp_path / "ink.safetensors")), sum(one.numel() for one in lora.values())),
    }
    assert {name: one.parameters for name, (one, _) in found.items()} == {
        name: count for name, (_, count) in found.items()
    }
    assert parameters_of(found["folder"][0]) == numbers(net)

    bench = Worktop(painter, replace(found["file"][0], id="net", family=Family.SD1))
    picture = np.full((128, 128, 4), 255, np.uint8)

    def predicted(request: GenerationRequest) -> int:
        return bench.finish(request).facts["predicted_memory_bytes"]

    plain = sample(model="sd1", num_inference_steps=1)
    more = predicted(replace(plain, controls=(ControlImage("net", picture),))) - predicted(plain)
    assert more == pytest.approx(numbers(net) * 4, abs=2)


@pytest.mark.slow
def test_the_engine_counts_references_before_it_paints(tmp_path: Path) -> None:
    """By what really runs: the calls grow as the forecast says, and the log has forecast and use."""
    from pipelines.engine.memory import choose_device
    from pipelines.engine.memory_forecast import foreseen
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of, write_folder
    from tests.pipelines.sample_requests import picture
    from tests.pipelines.worktop import Worktop

    folder = write_folder(miniature_of(Family.FLUX, "kontext").build(), tmp_path / "kontext")
    bench = Worktop(info_of(folder, Family.FLUX, "kontext", variant="kontext"))
    lengths: list[int] = []
    embedder = bench.model("kontext").network.x_embedder  # within all that is put around the network's call
    embedder.register_forward_pre_hook(lambda _module, args: lengths.append(args[0].shape[1]))
    info = bench.library.resolve("kontext")
    for count in (0, 1, 2):
        shown = tuple(ReferenceImage(picture(128, 128, seed=seed)) for seed in range(count))
        request = sample(model="kontext", num_inference_steps=1, references=shown)
        run = foreseen(request, info, bench.library, choose_device())
        facts = bench.finish(request).facts
        assert min(facts["predicted_memory_bytes"], facts["peak_memory_bytes"]) > 0
        assert run.seen == pytest.approx(count * run.megapixels)
    assert sorted(set(lengths)) == [lengths[0], 2 * lengths[0], 3 * lengths[0]]
