"""The training's parts with real tensors: optimizer, tokenizer, shards, checkpoints, and a short run that resumes."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionOutput
from transformers import CLIPTokenizer

from pipelines.starter.checkpoint import Checkpoint, Counters, checkpoint_paths, latest_checkpoint, save_checkpoint
from pipelines.starter.data import load_vae
from pipelines.starter.errors import StarterError
from pipelines.starter.holes import beside, draw_hole
from pipelines.starter.muon import MuonAdam, orthogonalise
from pipelines.starter.network import Aims, Batch, losses_of, new_network, noise_schedule, widen
from pipelines.starter.painter.captions import shown_share, write_caption
from pipelines.starter.painter.scene import PlacedObject
from pipelines.starter.painter.scroll import paint_flat
from pipelines.starter.painter.words import OBJECT_WORDS
from pipelines.starter.places import MODEL_FOLDER, pause_file, stop_file, training_folder
from pipelines.starter.reading import KINDS, ThingReader, reading_loss
from pipelines.starter.settings import TrainingSettings
from pipelines.starter.shards import encode_scroll, encoder_mark, read_shard, write_shard
from pipelines.starter.teamwork import cell_weights
from pipelines.starter.tokens import VOCABULARY_SIZE, train_tokenizer, transplant
from pipelines.starter.train import parse_settings
from pipelines.starter.windows import Windows, window_around

torch.set_num_threads(1)


@pytest.fixture
def training(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("HANDSCROLL_TRAINING_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def vae():
    return load_vae(str(MODEL_FOLDER))


def test_places_follow_the_environment(training):
    assert training_folder() == training
    assert pause_file().parent == stop_file().parent == training


def test_orthogonal_steps_have_even_strength():
    made = orthogonalise(torch.randn(48, 96, generator=torch.Generator().manual_seed(0))).float()
    strengths = torch.linalg.svdvals(made)
    assert float(strengths.min()) > 0.6
    assert float(strengths.max()) < 1.3


@pytest.mark.parametrize("shape", [(32, 96), (96, 32), (48, 64)])
def test_weak_directions_stay_bounded(shape):
    """Gradients of a trained net are nearly of low rank; their weak directions must neither vanish nor grow away."""
    generator, rank = torch.Generator().manual_seed(0), min(shape)
    left, _ = torch.linalg.qr(torch.randn(shape[0], rank, generator=generator))
    right, _ = torch.linalg.qr(torch.randn(shape[1], rank, generator=generator))
    strengths = torch.linalg.svdvals(orthogonalise(left * torch.logspace(0, -3, rank) @ right.T).float())
    assert float(strengths.max()) < 1.3
    assert float(strengths[rank // 2]) > 0.5


def test_the_reader_learns_what_lies_where():
    """From features that hold the truth it must find it: its loss has the right sign and size."""
    torch.manual_seed(0)
    things = (torch.rand(8, len(KINDS), 8, 8) < 0.03).float()
    truth = torch.nn.functional.max_pool2d(things, 2)
    features = torch.cat([truth, torch.randn(8, 48 - len(KINDS), 4, 4)], 1) * 4
    reader = ThingReader(48)
    before = reading_loss(reader(features), things)
    optimizer = torch.optim.Adam(reader.parameters(), 0.05)
    for _ in range(150):
        optimizer.zero_grad()
        reading_loss(reader(features), things).backward()
        optimizer.step()
    assert reading_loss(reader(features), things).item() < 0.2 * before.item()


def test_an_older_run_without_a_reader_goes_on():
    network = new_network(CLIPTokenizer.from_pretrained(MODEL_FOLDER / "tokenizer"))
    reader = {name: p.clone() for name, p in network.named() if name.startswith("reader.")}
    network.take({name: torch.full_like(p, 2.0) for name, p in network.named() if not name.startswith("reader.")})
    assert all(torch.equal(p, reader[n]) if n in reader else bool((p == 2).all()) for n, p in network.named())


def test_a_widened_network_paints_as_before_until_it_learns():
    network = new_network(CLIPTokenizer.from_pretrained(MODEL_FOLDER / "tokenizer"))
    latents, words = torch.randn(1, 4, 16, 16), torch.randn(1, 32, 192)
    with torch.no_grad():
        before = network.unet(latents, 500, words).sample
        widen(network)
        holes = torch.from_numpy(draw_hole(random.Random(2), 16, 16)).float()[None, None]
        given = torch.cat([latents, beside(latents, holes, torch.ones(4))], 1)
        assert torch.allclose(network.unet(given, 500, words).sample, before, atol=1e-5)
    assert network.unet.config["in_channels"] == 9


def test_holes_are_all_sides_and_spots_and_hide_what_they_cover():
    holes = [draw_hole(random.Random(seed), 32, 32) for seed in range(200)]
    assert 20 < sum(hole.all() for hole in holes) < 65
    assert all(hole.mean() > 0.02 for hole in holes)
    assert sum(bool(hole[0].all() or hole[:, 0].all() or hole[:, -1].all() or hole[-1].all()) for hole in holes) > 80
    latents, hole = torch.randn(2, 4, 32, 32), torch.from_numpy(np.stack(holes[:2])).float()[:, None]
    shown = beside(latents, hole, torch.arange(4.0))
    assert torch.equal(shown[:, :1], hole)
    assert torch.equal(shown[:, 1:] * (1 - hole), latents * (1 - hole))
    assert torch.equal(shown[:, 4] * hole[:, 0], 3 * hole[:, 0])


def test_only_a_share_of_the_windows_shows_something_around_a_hole():
    whole = [draw_hole(random.Random(seed), 32, 32, share=0.5).all() for seed in range(400)]
    assert 0.5 < float(np.mean(whole)) < 0.7
    assert all(draw_hole(random.Random(seed), 32, 32, share=0.0).all() for seed in range(50))


def test_around_a_hole_nothing_has_noise_and_no_error_counts():
    network = new_network(CLIPTokenizer.from_pretrained(MODEL_FOLDER / "tokenizer"))
    seen: list[torch.Tensor] = []
    network.unet.register_forward_pre_hook(lambda _unet, given: seen.append(given[0].detach().float()))
    hole = torch.zeros(2, 1, 16, 16)
    hole[..., 8:] = 1
    latents = torch.randn(2, 4, 16, 16)
    batch = Batch(
        latents, network.token_ids(["", "night"]), torch.ones(2, 1, 16, 16), torch.zeros(2, len(KINDS), 16, 16), hole
    )

    def loss(error: torch.Tensor) -> float:
        def wrong(_unet: object, _given: object, made: UNet2DConditionOutput) -> UNet2DConditionOutput:
            return UNet2DConditionOutput(sample=made.sample + error)

        with torch.no_grad(), network.unet.register_forward_hook(wrong):
            aims, chance = Aims(1.0, 0.1), torch.Generator().manual_seed(3)
            return losses_of(network, noise_schedule().alphas_cumprod, batch, chance, aims).velocity.item()

    assert loss(50 * (1 - hole)) == pytest.approx(loss(0 * hole), rel=1e-4)
    assert loss(50 * hole) > 100
    assert torch.allclose(seen[0][..., :8], latents[..., :8])
    assert float((seen[0][..., 8:] - latents[..., 8:]).abs().mean()) > 0.1


def test_a_training_that_starts_from_a_model_goes_on_counting(tmp_path):
    assert Counters.beside(tmp_path) == Counters()
    Counters(7, 90, 12.5).write_beside(tmp_path)
    assert Counters.beside(tmp_path) == Counters(7, 90, 12.5)
    assert Counters.beside(MODEL_FOLDER).images > 290_000
    (tmp_path / "training.json").write_text("[]")
    with pytest.raises(StarterError, match="delete it"):
        Counters.beside(tmp_path)


def test_muon_fits_a_linear_map_and_its_state_moves_over():
    torch.manual_seed(0)
    layer, target, inputs = torch.nn.Linear(40, 40), torch.randn(40, 40), torch.randn(256, 40)
    optimizer = MuonAdam(list(layer.named_parameters()), weight_decay=0.0)
    losses = []
    for step in range(120):
        layer.zero_grad(set_to_none=True)
        loss = (layer(inputs) - inputs @ target.T).pow(2).mean()
        loss.backward()
        optimizer.step(0.1 * (1 - step / 125), step + 1)
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]
    other = MuonAdam(list(layer.named_parameters()))
    other.load(optimizer.state())
    assert all(torch.equal(other.state()[name], tensor) for name, tensor in optimizer.state().items())
    assert set(other.state()) == {"momentum.weight", "first.bias", "second.bias"}


def test_tokenizer_knows_the_painters_words_in_running_text():
    tokenizer = train_tokenizer()
    assert len(tokenizer) == VOCABULARY_SIZE
    inside = tokenizer("青绿山水渔船").input_ids[1:-1]
    assert len(inside) <= 4
    assert len(tokenizer("a fishing boat in mist").input_ids) == 7
    assert "zeppelin" in str(tokenizer.decode(tokenizer("zeppelin ⛵").input_ids, skip_special_tokens=True))


def test_transplanted_embeddings_keep_what_both_vocabularies_know():
    tokenizer = train_tokenizer()
    weights = torch.randn(len(tokenizer), 8)
    assert torch.equal(transplant(tokenizer, tokenizer, weights), weights)


def test_shards_keep_latents_and_facts(tmp_path, vae):
    scrolls = [encode_scroll(vae, paint_flat(seed, 512, 256)) for seed in (1, 2)]
    assert scrolls[0].latents.shape == (4, 32, 64)
    back = read_shard(write_shard(tmp_path, 1, scrolls))
    assert np.array_equal(back[1].latents, scrolls[1].latents)
    sample = Windows(back).draw(random.Random(3), 32, 32)
    assert sample.latents.shape == (4, 32, 32)
    assert sample.content.mood in (scrolls[0].facts.mood, scrolls[1].facts.mood)


def test_most_windows_are_around_a_thing_that_the_caption_names(vae):
    windows = Windows([encode_scroll(vae, paint_flat(seed, 1024, 256)) for seed in (1, 2)])
    samples = [windows.draw(random.Random(seed), 32, 32) for seed in range(60)]
    focused = [s for s in samples if s.focus]
    assert 35 < len(focused) < 55
    assert len({s.focus for s in focused}) > 5
    named = [(s, s.focus) for s in focused if s.focus and s.focus in s.content.objects]
    assert len(named) > 0.8 * len(focused)
    for sample, focus in named:
        assert 0 < sample.things[KINDS.index(focus)].mean() < 0.9
        caption = write_caption(sample.content, random.Random(1), "en", focus=focus)
        assert any(word in caption for word in OBJECT_WORDS["en"][focus])


def test_windows_around_a_thing_hold_it_and_lie_on_the_grid():
    facts = paint_flat(3, 512, 320).facts
    for seed in range(40):
        thing = random.Random(seed).choice([t for t in facts.objects if t.visible])
        window = window_around(facts, thing, random.Random(seed), (256, 256), 8)
        assert window.left % 8 == window.top % 8 == 0
        assert 0 <= window.left <= 256
        assert 0 <= window.top <= 64
        inside = PlacedObject("x", max(thing.left, 0), max(thing.top, 0), min(thing.right, 512), min(thing.bottom, 320))
        assert shown_share(inside, window) > 0.7


def test_cells_with_things_count_more_and_the_mean_stays():
    things = np.zeros((2, 3, 8, 8), bool)
    things[0, 1, 2:4, 2:4] = True
    weights = cell_weights(torch.from_numpy(things).float(), 2.0)
    assert weights.shape == (2, 1, 8, 8)
    assert float(weights.mean()) == pytest.approx(1)
    assert float(weights[0, 0, 2, 2] / weights[1, 0, 0, 0]) == pytest.approx(2)


def test_encoders_have_different_marks(vae):
    other = load_vae(str(MODEL_FOLDER))
    assert encoder_mark(vae) == encoder_mark(other)
    with torch.no_grad():
        next(other.encoder.parameters()).add_(0.1)
    assert encoder_mark(vae) != encoder_mark(other)


def test_checkpoints_come_back_whole_and_only_two_are_kept(tmp_path):
    for step in (1, 2, 3):
        tensors = {"w": torch.full((2, 3), float(step))}
        save_checkpoint(tmp_path, Checkpoint(Counters(step, step * 8, 1.5), tensors, tensors, tensors))
    assert len(checkpoint_paths(tmp_path)) == 2
    found = latest_checkpoint(tmp_path)
    assert found is not None
    assert found.counters == Counters(3, 24, 1.5)
    assert float(found.raw["w"][0, 0]) == 3
    checkpoint_paths(tmp_path)[-1].write_bytes(b"torn")
    with pytest.raises(StarterError, match="delete it"):
        latest_checkpoint(tmp_path)


def test_a_cool_down_weighs_all_cells_alike_and_means_over_itself():
    usual, cooling = parse_settings([]), parse_settings(["--cool-down", "9000"])
    assert (usual.thing_weight, usual.mean) == (4.0, 0.9995)
    assert (cooling.thing_weight, cooling.mean) == (1.0, 0.99)
    assert parse_settings(["--cool-down", "9", "--thing-weight", "3"]).thing_weight == 3.0


def test_rate_warms_up_and_cools_down():
    settings = TrainingSettings("x", "nothing", "", 1, 2, 1e-3, 0.99, 1000, 0, 10, 0, 2.0, 1.5, 0.1, False, "cpu")
    assert settings.rate_at(0, 0) < 1e-4
    assert settings.rate_at(500, 0) == pytest.approx(1e-3)
    assert settings.rate_at(500, 1000) == pytest.approx(2e-5)


@pytest.mark.slow
def test_a_short_run_saves_and_goes_on(training, vae):
    """Two forked workers train a few steps, twice; run apart so that no thread of the suite is forked along."""
    import subprocess
    import sys

    code = (
        "import sys; from pipelines.starter import data, shards, train; from pathlib import Path;"
        "data.SHARD_SIZE = 4; sys.argv = ['data', '--scrolls', '6']; data.main();"
        "sys.argv = ['train', '--minutes', '0.12', '--batch', '2', '--fresh-share', '0']; train.main()"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    run = training / "unet"
    steps = [int(path.stem.split("-")[1]) for path in checkpoint_paths(run)]
    assert len(steps) == 2
    assert steps[1] > steps[0] > 0
    found = latest_checkpoint(run)
    assert found is not None
    assert found.counters.images >= steps[1] * 2
    assert any(name.startswith("momentum.") and float(t.abs().sum()) > 0 for name, t in found.optimizer.items())
    assert json.loads((run / "vae" / "config.json").read_text())["latent_channels"] == 4
