"""What other programs write into their pictures, as they write it."""

from __future__ import annotations

import json
from typing import Any

A1111 = (
    "a lighthouse, (storm:1.2), <lora:ink wash_v2:0.7>\nsecond line\n"
    "Negative prompt: blurry, low quality\n"
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 3735928559, Size: 512x768, "
    "Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Denoising strength: 0.55, "
    'Lora hashes: "ink wash_v2: 0a1b2c3d", '
    "Clip skip: 2, Version: v1.10.1"
)
API: dict[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286, "steps": 20, "cfg": 8.0, "sampler_name": "dpmpp_2m", "scheduler": "karras",
            "denoise": 1.0, "model": ["10", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "SD1.5/dreamshaper_8.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 640, "height": 448, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a bottle with a galaxy", "clip": ["10", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "text, watermark", "clip": ["10", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "ComfyUI"}},
    "10": {
        "class_type": "LoraLoader",
        "inputs": {
            "lora_name": "glass.safetensors", "strength_model": 0.8, "strength_clip": 1.0, "model": ["4", 0],
            "clip": ["4", 1],
        },
    },
}  # fmt: skip
WORKFLOW: dict[str, Any] = {
    "last_node_id": 10,
    "nodes": [
        {"id": 3, "type": "KSampler", "mode": 0, "widgets_values": [42, "randomize", 25, 7.5, "euler", "normal", 1],
         "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 4}, {"name": "negative", "link": 6},
                    {"name": "latent_image", "link": 2}]},
        {"id": 4, "type": "CheckpointLoaderSimple", "mode": 0, "widgets_values": ["sd_xl_base_1.0.safetensors"]},
        {"id": 5, "type": "EmptyLatentImage", "mode": 0, "widgets_values": [1024, 768, 1]},
        {"id": 6, "type": "CLIPTextEncode", "mode": 0, "widgets_values": ["a red fox"],
         "inputs": [{"name": "clip", "link": 3}]},
        {"id": 7, "type": "CLIPTextEncode", "mode": 0, "widgets_values": ["snow"],
         "inputs": [{"name": "clip", "link": 5}]},
    ],
    "links": [[1, 4, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [3, 4, 1, 6, 0, "CLIP"],
              [4, 6, 0, 3, 1, "CONDITIONING"], [5, 4, 1, 7, 0, "CLIP"], [6, 7, 0, 3, 2, "CONDITIONING"]],
}  # fmt: skip
FLUX: dict[str, Any] = {
    "1": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors", "weight_dtype": "default"}},
    "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 77}},
    "3": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "4": {
        "class_type": "BasicScheduler",
        "inputs": {"scheduler": "simple", "steps": 20, "denoise": 0.6, "model": ["1", 0]},
    },
    "5": {"class_type": "CLIPTextEncode", "inputs": {"text": ["20", 0], "clip": ["9", 0]}},
    "6": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["5", 0]}},
    "7": {"class_type": "BasicGuider", "inputs": {"model": ["1", 0], "conditioning": ["6", 0]}},
    "8": {"class_type": "EmptySD3LatentImage", "inputs": {"width": ["21", 0], "height": 1024, "batch_size": 1}},
    "10": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {
            "noise": ["2", 0],
            "guider": ["7", 0],
            "sampler": ["3", 0],
            "sigmas": ["4", 0],
            "latent_image": ["8", 0],
        },
    },
    "20": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a fox in the snow"}},
    "21": {"class_type": "PrimitiveInt", "inputs": {"value": 832}},
}  # fmt: skip
INVOKE = {
    "generation_mode": "sdxl_img2img", "positive_prompt": "a canal at dawn", "negative_prompt": "people",
    "width": 1024, "height": 832, "seed": 4005806, "rand_device": "cpu", "cfg_scale": 7.5, "steps": 30,
    "scheduler": "dpmpp_2m_k", "strength": 0.65, "app_version": "4.2.7",
    "model": {"key": "f4", "hash": "blake3:1d3ffe", "name": "Juggernaut XL v9", "base": "sdxl", "type": "main"},
    "loras": [{"model": {"key": "a", "hash": "blake3:77aa", "name": "add-detail-xl"}, "weight": 0.75}],
}  # fmt: skip
INVOKE_2 = {
    "model": "stable diffusion", "model_weights": "stable-diffusion-1.5", "model_hash": "cc6cb27103417325",
    "app_id": "invoke-ai/InvokeAI", "app_version": "2.3.5",
    "image": {
        "prompt": [{"prompt": "an oak tree [leaves, fog]", "weight": 1.0}], "steps": 50, "cfg_scale": 7.5,
        "seed": 1234, "width": 512, "height": 512, "sampler": "k_euler_a", "type": "txt2img",
    },
}  # fmt: skip
DREAM = '"an oak tree [fog]" -s 40 -S 99 -W 448 -H 640 -C 6.0 -A k_heun'
FOOOCUS = {
    "prompt": "a glass whale", "negative_prompt": "", "prompt_expansion": "a glass whale, cinematic",
    "styles": "['Fooocus V2']", "performance": "Speed", "steps": 30, "resolution": "(1152, 896)",
    "guidance_scale": 4.0, "sharpness": 2.0, "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8Rundiffusion",
    "base_model_hash": "aeb7e9e689", "refiner_model": "None", "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras",
    "seed": "8056346462012304711", "loras": [["sd_xl_offset", 0.1, "4852686128"]],
    "version": "Fooocus v2.5.5",
}  # fmt: skip
FOOOCUS_A1111 = (
    "a glass whale\nNegative prompt: ugly\n"
    "Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 123, Size: 1152x896, CFG scale: 4.0, Sharpness: 2.0, "
    'Model: juggernautXL_v8, Model hash: aeb7e9e689, Lora hashes: "offset: 4852686128", Lora weights: "offset: 0.1", '
    "Version: Fooocus v2.5.5"
)
NOVELAI = {
    "prompt": "1girl, umbrella", "steps": 28, "height": 1216, "width": 832, "scale": 5.0, "uncond_scale": 0.0,
    "seed": 2897532, "sampler": "k_euler_ancestral", "noise_schedule": "karras", "strength": 0.7, "noise": 0.0,
    "uc": "lowres, text", "request_type": "PromptGenerateRequest", "signed_hash": "xx==",
    "v4_prompt": {"caption": {"base_caption": "1girl, umbrella, rain", "char_captions": [
        {"char_caption": "red coat", "centers": [{"x": 0.5, "y": 0.5}]}]}},
    "v4_negative_prompt": {"caption": {"base_caption": "lowres, text, hands", "char_captions": []}},
}  # fmt: skip
OURS = {
    "request": {
        "task": "inpaint", "model": "/home/me/models/ink.safetensors", "prompt": "{a|b} moon", "negative_prompt": "sun",
        "num_inference_steps": 14, "guidance_scale": 2.0, "strength": 0.75, "scheduler": "dpmpp-2m-karras",
        "seed": 2**62 + 1, "num_images_per_prompt": 1, "x": -4, "y": 9, "width": 384, "height": 256,
        "mask_grow": 4, "mask_feather": 16, "fill": "blur", "loras": [{"model": "l/wash.safetensors", "weight": 0.5}],
        "priority": 0,
    },
    "facts": {"files": {"ink": {"sha256": "a" * 64}}},
}  # fmt: skip

CHUNKS: dict[str, dict[str, str]] = {
    "a1111": {"parameters": A1111},
    "comfyui api": {"prompt": json.dumps(API), "workflow": json.dumps(WORKFLOW)},
    "comfyui workflow": {"workflow": json.dumps(WORKFLOW)},
    "comfyui flux": {"prompt": json.dumps(FLUX)},
    "invokeai": {"invokeai_metadata": json.dumps(INVOKE)},
    "invokeai 2": {"sd-metadata": json.dumps(INVOKE_2), "Dream": DREAM},
    "invokeai dream": {"Dream": DREAM},
    "fooocus": {"parameters": json.dumps(FOOOCUS), "fooocus_scheme": "fooocus"},
    "fooocus a1111": {"parameters": FOOOCUS_A1111, "fooocus_scheme": "a1111"},
    "novelai": {
        "Title": "AI generated image", "Description": "1girl, umbrella", "Software": "NovelAI",
        "Source": "NovelAI Diffusion V4 37442FCA", "Comment": json.dumps(NOVELAI),
    },
    "ours": {"handscroll": json.dumps(OURS)},
}  # fmt: skip
"""Source -> the texts of a picture."""
