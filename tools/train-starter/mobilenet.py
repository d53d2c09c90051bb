# SPDX-License-Identifier: GPL-3.0-or-later
"""The teacher, MobileNetV2, as a torch module in float, from its .tflite file.

The reader that comes with the weights (DATA/teacher/read_tflite.py) parses the
file; each operation is then run by torch.  An output's quantised range is its
activation (0..6 for ReLU6), so it is kept as a clamp without rounding.
"""
import sys

import torch
import torch.nn.functional as F

CONV, DEPTHWISE, ADD, POOL = 3, 4, 0, 1


class MobileNet(torch.nn.Module):
    """forward: photos [n, 3, 224, 224] in -1..1 -> (map [n, 1280, 7, 7], logits of pooled map by `classify`)"""

    def __init__(self, folder):
        super().__init__()
        sys.path.insert(0, str(folder))
        import read_tflite

        model = read_tflite.Model(str(folder / "mobilenet_v2_1.0_224_quant.tflite"))
        number = model.fb.num
        self.steps = []
        pooled = False
        for code, inputs, outputs, at in model.ops:
            if code == POOL:
                self.map_tensor, pooled = int(inputs[0]), True
            if code not in (CONV, DEPTHWISE, ADD):
                continue
            out = int(outputs[0])
            tensor = model.T[out]
            low = (0 - int(tensor["zp"][0])) * float(tensor["scale"][0])
            high = (255 - int(tensor["zp"][0])) * float(tensor["scale"][0])
            if code == ADD:
                self.steps.append((ADD, int(inputs[0]), int(inputs[1]), out, None))
                continue
            weight = torch.tensor(model.w(inputs[1]))
            bias = torch.tensor(model.w(inputs[2]))
            if pooled:  # the classifier, a 1x1 convolution after pooling
                self.register_buffer("class_weight", weight.reshape(weight.shape[0], -1))
                self.register_buffer("class_bias", bias)
                continue
            stride = number(at, 1, "<i")
            weight = weight.permute(0, 3, 1, 2) if code == CONV else weight.permute(3, 0, 1, 2)
            name = f"w{out}"
            self.register_buffer(name, weight.contiguous())
            self.register_buffer(name + "b", bias)
            limits = (low, high) if low > -0.1 and high < 6.1 else None
            self.steps.append((code, int(inputs[0]), (name, stride), out, limits))
        self.input_tensor = int(model.inp[0])

    def forward(self, photos):
        values = {self.input_tensor: photos}
        for code, source, what, out, limits in self.steps:
            x = values[source]
            if code == ADD:
                y = x + values[what]
            else:
                name, stride = what
                weight, bias = getattr(self, name), getattr(self, name + "b")
                kernel = weight.shape[-1]
                groups = x.shape[1] if code == DEPTHWISE else 1
                if kernel == 1:
                    y = F.conv2d(x, weight, bias)
                elif stride == 2:  # TensorFlow's SAME: the odd row goes below and right
                    y = F.conv2d(F.pad(x, (0, 1, 0, 1)), weight, bias, 2, 0, 1, groups)
                else:
                    y = F.conv2d(x, weight, bias, 1, 1, 1, groups)
                if limits:
                    y = y.clamp_(0, 6)
            values[out] = y
        return values[self.map_tensor]

    def classify(self, pooled):
        return pooled @ self.class_weight.T + self.class_bias
