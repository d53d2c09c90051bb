# SPDX-License-Identifier: GPL-3.0-or-later
"""Retrieval and classification figures."""
import torch


def recall(texts, pictures, per_picture, ranks=(1, 5, 10)):
    """Text to image: text k belongs to picture k // per_picture. Fractions by rank."""
    similarity = texts @ pictures.T
    own = similarity.gather(1, (torch.arange(len(texts)) // per_picture).unsqueeze(1))
    better = (similarity > own).sum(1)
    return {str(k): round(float((better < k).float().mean()), 4) for k in ranks}


def top(pictures, classes, labels, ranks=(1, 5)):
    """Share of pictures whose class (labels [n]) is among the k nearest of classes [c, dim]."""
    order = (pictures @ classes.T).argsort(1, descending=True)
    return {str(k): round(float((order[:, :k] == labels.unsqueeze(1)).any(1).float().mean()), 4) for k in ranks}
