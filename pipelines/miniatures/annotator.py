"""Models that see depth, poses, segments and people, at small size: real classes, random weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    ConvNextConfig,
    DepthAnythingConfig,
    DepthAnythingForDepthEstimation,
    Dinov2Config,
    DPTConfig,
    DPTForDepthEstimation,
    RTDetrConfig,
    RTDetrForObjectDetection,
    RTDetrResNetConfig,
    Sapiens2Config,
    Sapiens2ForPoseEstimation,
    SegformerConfig,
    SegformerForSemanticSegmentation,
    UperNetConfig,
    UperNetForSemanticSegmentation,
    VitPoseBackboneConfig,
    VitPoseConfig,
    VitPoseForPoseEstimation,
)
from transformers.models.sapiens2.configuration_sapiens2 import Sapiens2HeadConfig

_IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
_HALVES = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
_BICUBIC, _BILINEAR = 3, 2
_ADE = {number: f"class {number}" for number in range(150)}


def write_depth_anything(folder: Path, seed: int = 0, *, metric: bool = False) -> Path:
    """Saves a Depth Anything V2 as a folder and returns it."""
    eyes = _made(
        Dinov2Config,
        hidden_size=24,
        num_hidden_layers=4,
        num_attention_heads=2,
        mlp_ratio=2,
        image_size=56,
        patch_size=14,
        out_indices=[1, 2, 3, 4],
        apply_layernorm=True,
        reshape_hidden_states=False,
    )
    config = DepthAnythingConfig(
        backbone_config=eyes,
        reassemble_hidden_size=24,
        neck_hidden_sizes=[8, 8, 16, 16],
        fusion_hidden_size=8,
        head_hidden_size=8,
        depth_estimation_type="metric" if metric else "relative",
        max_depth=20 if metric else 1,
    )
    torch.manual_seed(seed)
    pictures = {
        "size": {"height": 56, "width": 56},
        "resample": _BICUBIC,
        "keep_aspect_ratio": True,
        "ensure_multiple_of": 14,
        **_IMAGENET,
    }
    return _write(DepthAnythingForDepthEstimation(config), folder, pictures, "DPTImageProcessor")


def write_dpt(folder: Path, seed: int = 0) -> Path:
    """Saves a DPT (MiDaS 3) as a folder and returns it."""
    config = DPTConfig(
        hidden_size=24,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=48,
        image_size=32,
        patch_size=8,
        is_hybrid=False,
        backbone_out_indices=[0, 1, 2, 3],
        neck_hidden_sizes=[8, 8, 16, 16],
        fusion_hidden_size=8,
        readout_type="project",
    )
    torch.manual_seed(seed)
    pictures = {"size": {"height": 32, "width": 32}, "resample": _BICUBIC, **_HALVES}
    return _write(DPTForDepthEstimation(config), folder, pictures, "DPTImageProcessor")


def write_vitpose(folder: Path, seed: int = 0, *, points: int = 17, experts: int = 1) -> Path:
    """Saves a ViTPose that sees so many points of a body as a folder and returns it; with experts a ViTPose+."""
    eyes = _made(
        VitPoseBackboneConfig,
        image_size=[64, 48],
        patch_size=[16, 16],
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        mlp_ratio=2,
        out_indices=[2],
        num_experts=experts,
        part_features=12 if experts > 1 else 0,
    )
    torch.manual_seed(seed)
    config = _made(VitPoseConfig, backbone_config=eyes, num_labels=points, use_simple_decoder=False)
    pictures = {"size": {"height": 64, "width": 48}, "do_affine_transform": True, **_IMAGENET}
    return _write(VitPoseForPoseEstimation(config), folder, pictures, "VitPoseImageProcessor")


def write_sapiens(folder: Path, seed: int = 0) -> Path:
    """Saves a Sapiens2 that sees the 308 points of a body as a folder and returns it."""
    config = _made(
        Sapiens2Config,
        image_size=[64, 48],
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_attention_heads=1,
        num_first_full_attention_layers=1,
        num_last_full_attention_layers=1,
        head_config=_made(Sapiens2HeadConfig, upsample_out_channels=[16, 16], conv_out_channels=[16]),
        num_labels=308,
    )
    torch.manual_seed(seed)
    pictures = {"size": {"height": 64, "width": 48}, **_IMAGENET}
    return _write(Sapiens2ForPoseEstimation(config), folder, pictures, "Sapiens2ImageProcessor")


def write_segformer(folder: Path, seed: int = 0, classes: int = 150) -> Path:
    """Saves a SegFormer as a folder and returns it."""
    config = SegformerConfig(
        depths=[1, 1, 1, 1],
        hidden_sizes=[8, 8, 16, 16],
        num_attention_heads=[1, 1, 2, 2],
        decoder_hidden_size=16,
        id2label=dict(list(_ADE.items())[:classes]),
    )
    torch.manual_seed(seed)
    pictures = {"size": {"height": 64, "width": 64}, "resample": _BILINEAR, "do_reduce_labels": True, **_IMAGENET}
    return _write(SegformerForSemanticSegmentation(config), folder, pictures, "SegformerImageProcessor")


def write_upernet(folder: Path, seed: int = 0) -> Path:
    """Saves an UperNet that sees with a ConvNeXt as a folder and returns it."""
    eyes = _made(
        ConvNextConfig,
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    torch.manual_seed(seed)
    config = UperNetConfig(
        backbone_config=eyes, hidden_size=16, auxiliary_in_channels=16, auxiliary_channels=8, id2label=_ADE
    )
    pictures = {"size": {"height": 64, "width": 64}, "resample": _BILINEAR, **_IMAGENET}
    return _write(UperNetForSemanticSegmentation(config), folder, pictures, "SegformerImageProcessor")


def write_people_finder(folder: Path, seed: int = 0) -> Path:
    """Saves an RT-DETR as a folder and returns it."""
    eyes = _made(
        RTDetrResNetConfig, embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip
    torch.manual_seed(seed)
    config = RTDetrConfig(
        backbone_config=eyes,
        encoder_hidden_dim=16,
        encoder_in_channels=[8, 16, 16],
        encoder_ffn_dim=32,
        encoder_attention_heads=2,
        d_model=16,
        decoder_in_channels=[16, 16, 16],
        decoder_ffn_dim=32,
        decoder_layers=1,
        decoder_attention_heads=2,
        num_queries=6,
        id2label={0: "person", 1: "bicycle"},
    )
    pictures = {"size": {"height": 64, "width": 64}, "resample": _BILINEAR, "do_normalize": False}
    return _write(RTDetrForObjectDetection(config), folder, pictures, "RTDetrImageProcessor")


def _made(kind: Any, **settings: Any) -> Any:
    """A configuration; the stubs do not know every setting of a backbone."""
    return kind(**settings)


def _write(network: Any, folder: Path, pictures: dict[str, Any], processor: str) -> Path:
    with torch.no_grad():  # larger weights than networks begin with, so that other pictures give other answers
        for weight in network.parameters():
            if weight.ndim > 1:
                weight.mul_(3.0)
    network.eval().save_pretrained(str(folder))
    said = {**pictures, "image_processor_type": processor}
    (folder / "preprocessor_config.json").write_text(json.dumps(said, indent=2), "utf-8")
    return folder
