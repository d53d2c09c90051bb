#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image tower in PyTorch and ONNX Runtime: peer-encode.py MODEL_DIRECTORY; see README.md."""

import io
import sys
import warnings

import torch
import transformers

import peer


class ImageTower(torch.nn.Module):
    def __init__(self, directory, attention):
        super().__init__()
        model = transformers.CLIPModel.from_pretrained(
            directory, attn_implementation=attention, torch_dtype=torch.float32).eval()
        self.tower, self.projection = model.vision_model, model.visual_projection

    def forward(self, pixels):
        embeddings = self.projection(self.tower(pixel_values=pixels).pooler_output)
        return embeddings / embeddings.norm(dim=-1, keepdim=True)


def torch_peer(tower):
    def prepare(n):
        pixels = torch.randn(n, 3, tower.resolution, tower.resolution)

        def work():
            with torch.inference_mode():
                tower(pixels)
            return n
        return work
    return prepare


def onnxruntime_peer(directory, resolution):
    import onnxruntime

    # The plain form of attention: the one that ONNX Runtime's own passes know how to fuse.
    program = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(ImageTower(directory, "eager"), (torch.randn(2, 3, resolution, resolution),),
                          program, dynamo=False, input_names=["pixels"],
                          dynamic_axes={"pixels": {0: "n"}}, opset_version=17)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = peer.THREADS
    session = onnxruntime.InferenceSession(program.getvalue(), options,
                                           providers=["CPUExecutionProvider"])

    def prepare(n):
        pixels = torch.randn(n, 3, resolution, resolution).numpy()

        def work():
            session.run(None, {"pixels": pixels})
            return n
        return work
    return prepare, onnxruntime.__version__


def main():
    torch.set_num_threads(peer.THREADS)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tower = ImageTower(sys.argv[1], "sdpa")
    tower.resolution = tower.tower.config.image_size
    peers, versions = {}, {"torch": torch.__version__, "transformers": transformers.__version__}
    try:
        peers["onnxruntime-fp32"], versions["onnxruntime"] = onnxruntime_peer(
            sys.argv[1], tower.resolution)
    except ImportError as error:
        print(f"peer-encode.py: without ONNX Runtime: {error}", file=sys.stderr)
    peers["torch-fp32"] = torch_peer(tower)
    peer.serve(peers, versions)


main()
