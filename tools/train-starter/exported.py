# SPDX-License-Identifier: GPL-3.0-or-later
"""An exported directory, as transformers reads it: what the stages after export.py look through."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

BATCH = 100


class Model:
    def __init__(self, folder):
        self.clip = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)
        self.processor = CLIPImageProcessorPil.from_pretrained(folder)

    @torch.no_grad()
    def texts(self, texts):
        """-> [n, dimension], unit length"""
        found = []
        for k in range(0, len(texts), BATCH):
            made = self.tokenizer(texts[k : k + BATCH], padding=True, truncation=True, return_tensors="pt")
            found.append(F.normalize(self.clip.get_text_features(**made).pooler_output, dim=1))
        return torch.cat(found)

    @torch.no_grad()
    def pictures(self, pictures):
        """PIL images or arrays [h, w, 3] -> [n, dimension], unit length"""
        found = []
        for k in range(0, len(pictures), BATCH):
            made = self.processor(pictures[k : k + BATCH], return_tensors="pt")
            found.append(F.normalize(self.clip.get_image_features(**made).pooler_output, dim=1))
        return torch.cat(found)


def stored(work, source, rows):
    """Stage 1's photos."""
    photos = np.load(work / f"photos.{source}.npy", mmap_mode="r")
    return [Image.fromarray(photos[r]) for r in rows]
