# SPDX-License-Identifier: GPL-3.0-or-later
"""Muon (Jordan 2024) for the blocks' matrices, AdamW for the rest.

Master weights stay in float32; the model computes with a bfloat16 copy.
"""
import torch


def orthogonal(g):
    """Nearest half-orthogonal matrices to g [n, rows, columns], by five Newton-Schulz steps."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = g.shape[1] > g.shape[2]
    x = g.transpose(1, 2) if tall else g
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(5):
        y = x @ x.transpose(1, 2)
        x = a * x + (b * y + c * y @ y) @ x
    return (x.transpose(1, 2) if tall else x).float()


class Optimizer:
    """step(lr): lr is Muon's; AdamW's is lr times `ratio`."""

    def __init__(self, model, ratio=0.1, decay=0.05, momentum=0.95):
        self.model, self.ratio, self.decay, self.momentum = model, ratio, decay, momentum
        self.master = {n: p.detach().float().clone() for n, p in model.named_parameters()}
        self.first = {n: torch.zeros_like(p) for n, p in self.master.items()}
        self.matrices = [n for n, p in self.master.items() if "blocks." in n and p.dim() == 2]
        self.second = {n: torch.zeros_like(p) for n, p in self.master.items() if n not in self.matrices}
        self.steps = 0

    @torch.no_grad()
    def step(self, lr):
        self.steps += 1
        grouped = {}
        for name, parameter in self.model.named_parameters():
            if parameter.grad is None:
                continue
            grad, weight, first = parameter.grad.float(), self.master[name], self.first[name]
            parameter.grad = None
            if name in self.matrices:
                first.mul_(self.momentum).add_(grad)
                update = grad + self.momentum * first
                parts = 3 if ".qkv." in name else 1
                grouped.setdefault((len(weight) // parts, weight.shape[1]), []).append((weight, update, parts))
            else:
                second = self.second[name]
                first.lerp_(grad, 0.1)
                second.lerp_(grad * grad, 0.02)
                fair = (first / (1 - 0.9**self.steps)) / ((second / (1 - 0.98**self.steps)).sqrt() + 1e-8)
                if weight.dim() == 2 and "positions" not in name:
                    weight.mul_(1 - lr * self.ratio * self.decay)
                weight.sub_(lr * self.ratio * fair)
        for (rows, columns), members in grouped.items():
            stack = torch.cat([u.reshape(p, rows, columns) for _, u, p in members])
            stack = orthogonal(stack) * (max(1, rows / columns) ** 0.5)
            at = 0
            for weight, _, parts in members:
                weight.mul_(1 - lr * self.decay).sub_(lr * stack[at : at + parts].reshape(weight.shape))
                at += parts
        for name, parameter in self.model.named_parameters():
            parameter.copy_(self.master[name])

    def state(self):
        return {"master": self.master, "first": self.first, "second": self.second, "steps": self.steps}

    @torch.no_grad()
    def load(self, state):
        self.master, self.first, self.second = state["master"], state["first"], state["second"]
        self.steps = state["steps"]
        for name, parameter in self.model.named_parameters():
            parameter.copy_(self.master[name])
