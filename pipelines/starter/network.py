"""The parts of the starter model that are trained: the UNet with its text encoder, and the noise schedule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from pipelines.starter.muon import Named
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

    def named(self) -> list[Named]:
        """Return all learned parameters with unique names."""
        parts = (("unet", self.unet), ("text_encoder", self.text_encoder))
        return [(f"{part}.{name}", p) for part, module in parts for name, p in module.named_parameters()]

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


def velocity_loss(
    network: Network, signal: torch.Tensor, batch: Batch, generator: torch.Generator, noisiness: float = 1.0
) -> torch.Tensor:
    """Return the weighted mean squared error of the predicted velocity; times are spread over the batch.

    `signal` is the schedule's cumulative alphas (1000,) on the network's device. `noisiness` is 1 for times drawn
    evenly; above that noisy ones, at which words decide what is painted, come more often.
    """
    clean, count, device = batch.latents, len(batch.latents), batch.latents.device
    places = (torch.arange(count) + torch.rand(1, generator=generator)) / count * len(signal)
    times = (len(signal) * (places / len(signal)) ** (1 / noisiness)).long().clamp(0, len(signal) - 1).to(device)
    noise = torch.randn(clean.shape, generator=generator).to(device)
    alpha = signal[times].view(-1, 1, 1, 1)
    noisy = alpha.sqrt() * clean + (1 - alpha).sqrt() * noise
    target = alpha.sqrt() * noise - (1 - alpha).sqrt() * clean
    with torch.autocast(device.type, torch.bfloat16):
        context = network.text_encoder(batch.token_ids).last_hidden_state
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        predicted = network.unet(noisy, times, context).sample
    return ((predicted.float() - target).pow(2) * batch.weights).mean()
