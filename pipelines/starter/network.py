"""The parts of the starter model that are trained: the UNet with its text encoder, and the noise schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from pipelines.starter.holes import EXTRA_CHANNELS
from pipelines.starter.muon import Named
from pipelines.starter.reading import ThingReader, reading_loss
from pipelines.starter.tokens import LONGEST_PROMPT, VOCABULARY_SIZE, train_tokenizer, transplant

_CHANNELS = (64, 128, 192)
_HEADS = tuple(c // 32 for c in _CHANNELS)
_TEXT_WIDTH = 192


@dataclass
class Network:
    """What learns."""

    unet: UNet2DConditionModel
    """Predicts the velocity of scaled latents."""
    text_encoder: CLIPTextModel
    """Turns token ids into the UNet's context."""
    tokenizer: CLIPTokenizer
    """Turns prompts into token ids."""
    reader: ThingReader = field(default_factory=lambda: ThingReader(_CHANNELS[-1]))
    """Learns beside them and is not shipped."""

    def named(self) -> list[Named]:
        """Return all learned parameters with unique names."""
        parts = (("unet", self.unet), ("text_encoder", self.text_encoder), ("reader", self.reader))
        return [(f"{part}.{name}", p) for part, module in parts for name, p in module.named_parameters()]

    @torch.no_grad()
    def take(self, weights: dict[str, torch.Tensor]) -> None:
        """Take over the weights of these names; what has none (older runs had no reader) stays as it is."""
        for name, parameter in self.named():
            if name in weights:
                parameter.copy_(weights[name])

    def token_ids(self, captions: list[str]) -> torch.Tensor:
        """Return (len(captions), 32) padded token ids."""
        made = self.tokenizer(captions, padding="max_length", max_length=LONGEST_PROMPT, truncation=True)
        return torch.tensor(made.input_ids)


def noise_schedule() -> DDIMScheduler:
    """Return the schedule that training and the shipped model share: v-prediction down to zero signal."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def new_network(tokenizer: CLIPTokenizer) -> Network:
    """Return an untrained network of the shipped shape (about 12.5 million parameters)."""
    unet = UNet2DConditionModel(
        sample_size=32,
        in_channels=4,
        out_channels=4,
        block_out_channels=_CHANNELS,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=_TEXT_WIDTH,
        attention_head_dim=_HEADS,  # type: ignore[arg-type]
        norm_num_groups=16,
    )
    return Network(unet, CLIPTextModel(_text_config()), tokenizer)


def _text_config() -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=VOCABULARY_SIZE,
        hidden_size=_TEXT_WIDTH,
        intermediate_size=512,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=LONGEST_PROMPT,
        hidden_act="quick_gelu",
        bos_token_id=VOCABULARY_SIZE - 2,
        eos_token_id=VOCABULARY_SIZE - 1,
        pad_token_id=VOCABULARY_SIZE - 1,
        projection_dim=_TEXT_WIDTH,
    )


@torch.no_grad()
def widen(network: Network) -> None:
    """Give the UNet the five more inputs of an inpaint model; it paints as before until it learns to use them."""
    old = network.unet.conv_in
    channels = old.in_channels + EXTRA_CHANNELS
    new = torch.nn.Conv2d(channels, old.out_channels, old.kernel_size, padding=old.padding)  # type: ignore[arg-type]
    unused = torch.zeros(old.out_channels, EXTRA_CHANNELS, *old.kernel_size)
    new.load_state_dict({**old.state_dict(), "weight": torch.cat([old.weight, unused], 1)})
    network.unet.conv_in = new
    network.unet.register_to_config(in_channels=channels)


def run_tokenizer(folder: Path) -> CLIPTokenizer:
    """Return the tokenizer of the run in `folder`; a new run trains and keeps one, as its embeddings depend on it."""
    kept = folder / "tokenizer"
    if not kept.is_dir():
        train_tokenizer().save_pretrained(kept)
    return CLIPTokenizer.from_pretrained(kept)


def load_network(folder: Path, today: CLIPTokenizer) -> Network:
    """Return the network of a diffusers model folder, moved to the vocabulary `today` if its own is another."""
    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", torch_dtype=torch.float32)
    text = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32)
    own = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    if own.get_vocab() == today.get_vocab():
        return Network(unet, text, own)
    moved = CLIPTextModel(_text_config())
    weights = text.state_dict()
    name = next(key for key in weights if key.endswith("token_embedding.weight"))
    moved.load_state_dict({**weights, name: transplant(own, today, weights[name])})
    return Network(unet, moved, today)


@dataclass(frozen=True)
class Batch:
    """Training windows ready for the network."""

    latents: torch.Tensor
    """(n, 4, rows, columns), scaled to a spread of about one."""
    token_ids: torch.Tensor
    """(n, 32)."""
    weights: torch.Tensor
    """(n, 1, rows, columns): how much the error of a cell counts; 1 on the mean."""
    things: torch.Tensor
    """(n, `reading.KINDS`, rows, columns): 1 where a thing of the kind lies."""
    holes: torch.Tensor | None = None
    """(n, 1, rows, columns): 1 where it is to paint, 0 where it is shown the picture without noise; None: 1."""
    beside: torch.Tensor | None = None
    """(n, 5, rows, columns): what an inpaint network sees beside the noise."""

    def to(self, device: str) -> Batch:
        """Return the same on another device."""
        return Batch(
            self.latents.to(device),
            self.token_ids.to(device),
            self.weights.to(device),
            self.things.to(device),
            None if self.holes is None else self.holes.to(device),
            None if self.beside is None else self.beside.to(device),
        )


@dataclass(frozen=True)
class Aims:
    """What a training tries for."""

    noisiness: float
    """1: all noise levels equally often; more: noisy ones, where words decide what is painted, more often."""
    reading: float
    """How much the reader's loss counts beside the velocity's."""


@dataclass(frozen=True)
class Losses:
    """The losses of one batch."""

    velocity: torch.Tensor
    """Weighted mean squared error of the predicted velocity."""
    reading: torch.Tensor
    """Cross entropy of the reader, nats per feature cell."""


def losses_of(network: Network, signal: torch.Tensor, batch: Batch, generator: torch.Generator, aims: Aims) -> Losses:
    """Return how wrong the network is at times that are spread over the batch.

    `signal` is the schedule's cumulative alphas (1000,) on the network's device. What is shown around holes has no
    noise at any time, and its error does not count (Hoeppe et al., "Diffusion Models for Video Prediction and
    Infilling", 2022, do so with frames).
    """
    clean, count, device = batch.latents, len(batch.latents), batch.latents.device
    places = (torch.arange(count) + torch.rand(1, generator=generator)) / count * len(signal)
    times = (len(signal) * (places / len(signal)) ** (1 / aims.noisiness)).long().clamp(0, len(signal) - 1).to(device)
    noise = torch.randn(clean.shape, generator=generator).to(device)
    alpha = signal[times].view(-1, 1, 1, 1)
    noisy = alpha.sqrt() * clean + (1 - alpha).sqrt() * noise
    target = alpha.sqrt() * noise - (1 - alpha).sqrt() * clean
    weights = batch.weights
    if batch.holes is not None:
        noisy, weights = torch.where(batch.holes > 0, noisy, clean), weights * batch.holes
        weights = weights / weights.mean()
    features: list[torch.Tensor] = []

    def listen(_block: torch.nn.Module, _given: object, made: torch.Tensor) -> None:
        features.append(made)

    listening = network.unet.up_blocks[0].register_forward_hook(listen)  # type: ignore[arg-type]
    with torch.autocast(device.type, torch.bfloat16), listening:
        context = network.text_encoder(batch.token_ids).last_hidden_state
        given = noisy if batch.beside is None else torch.cat([noisy, batch.beside], 1)
        given = given.contiguous(memory_format=torch.channels_last)
        predicted = network.unet(given, times, context).sample
        read = network.reader(features[0])
    velocity = ((predicted.float() - target).pow(2) * weights).mean()
    return Losses(velocity, reading_loss(read, batch.things))
