#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 7: the two towers as a Hugging Face CLIPModel directory in float16.

Takes WORK/image.pt (its averaged weights) and WORK/tuned.pt, or WORK/text.pt
where there is no tuned one; any checkpoint will do, finished or not.
"""
import json
import math
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel

from common import arguments, log_line

LAYER = {"norm1": "layer_norm1", "norm2": "layer_norm2", "out": "self_attn.out_proj", "fc1": "mlp.fc1", "fc2": "mlp.fc2"}


def blocks(state, prefix):
    found = {}
    for name, value in state.items():
        if not name.startswith("blocks."):
            continue
        _, number, part, kind = name.split(".")
        base = f"{prefix}.encoder.layers.{number}."
        if part == "qkv":
            for letter, third in zip("qkv", value.chunk(3)):
                found[f"{base}self_attn.{letter}_proj.{kind}"] = third
        else:
            found[f"{base}{LAYER[part]}.{kind}"] = value
    return found


def main():
    def extra(parser):
        parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("data/models/starter"))

    options = arguments(__doc__, extra)
    work = options.work
    image = torch.load(work / "image.pt")
    text_path = work / "tuned.pt" if (work / "tuned.pt").exists() else work / "text.pt"
    text = torch.load(text_path)
    eye = {n[6:]: p for n, p in image["average"].items() if n.startswith("tower.")}
    pen = text["optimizer"]["master"]
    i, t = image["settings"], text["settings"]
    end = t["vocabulary"] - 1
    shared = {"hidden_act": "gelu", "layer_norm_eps": 1e-5, "projection_dim": i["dimension"], "attention_dropout": 0.0}
    config = {
        "architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": i["dimension"],
        "logit_scale_init_value": 2.6592, "initializer_factor": 1.0, "torch_dtype": "float16",
        "text_config": {
            "model_type": "clip_text_model", **shared, "vocab_size": t["vocabulary"], "hidden_size": t["width"],
            "intermediate_size": 4 * t["width"], "num_hidden_layers": t["depth"], "num_attention_heads": t["heads"],
            "max_position_embeddings": t["context"], "bos_token_id": end - 1, "eos_token_id": end, "pad_token_id": end},
        "vision_config": {
            "model_type": "clip_vision_model", **shared, "hidden_size": i["width"], "intermediate_size": 4 * i["width"],
            "num_hidden_layers": i["depth"], "num_attention_heads": i["heads"], "image_size": i["side"],
            "patch_size": i["patch"], "num_channels": 3},
    }
    weights = {
        "logit_scale": torch.load(work / "ground.pt")["state"]["temperature"].clone(),
        "vision_model.embeddings.class_embedding": eye["token"],
        "vision_model.embeddings.patch_embedding.weight": eye["embed.weight"].view(-1, 3, i["patch"], i["patch"]),
        "vision_model.embeddings.position_embedding.weight": eye["positions"],
        "visual_projection.weight": eye["project.weight"],
        "text_model.embeddings.token_embedding.weight": pen["tokens.weight"],
        "text_model.embeddings.position_embedding.weight": pen["positions"],
        "text_projection.weight": pen["project.weight"],
        **blocks(eye, "vision_model"), **blocks(pen, "text_model"),
    }
    for kind in ("weight", "bias"):
        weights["vision_model.pre_layrnorm." + kind] = eye["norm_in." + kind]
        weights["vision_model.post_layernorm." + kind] = eye["norm_out." + kind]
        weights["text_model.final_layer_norm." + kind] = pen["norm_out." + kind]
    expected = CLIPModel(CLIPConfig(**config)).state_dict()
    missing = {n for n in expected if not n.endswith("position_ids")} - set(weights)
    wrong = [n for n, w in weights.items() if n not in expected or expected[n].shape != w.shape]
    if missing or wrong:
        raise SystemExit(f"not a CLIPModel: missing {sorted(missing)}, wrong {wrong}")
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "calibration.json").unlink(missing_ok=True)  # of the weights that were there; stage 9 makes it anew
    halves = {n: w.detach().half().contiguous().clone() for n, w in weights.items()}
    if not all(bool(w.isfinite().all()) for w in halves.values()):
        raise SystemExit("a weight is not finite in float16")
    save_file(halves, options.output / "model.safetensors", metadata={"format": "pt"})
    (options.output / "model.safetensors").chmod(0o644)
    (options.output / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (options.output / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "CLIPImageProcessor", "crop_size": {"height": i["side"], "width": i["side"]},
        "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
        "resample": 3, "rescale_factor": 1 / 255, "size": {"shortest_edge": i["side"]}}, indent=2) + "\n")
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(work / "tokenizer" / name, options.output / name)
    log_line(options, stage="export", image_step=image["step"], image_share=round(image["share"], 4), text=text_path.name,
             text_step=text["step"], parameters=sum(w.numel() for w in halves.values()),
             bytes=(options.output / "model.safetensors").stat().st_size, scale=round(math.exp(float(weights["logit_scale"])), 2))


if __name__ == "__main__":
    main()
