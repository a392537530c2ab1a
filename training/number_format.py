"""Whether a machine trains faster in bfloat16 than in float32: measured, once a process.

What a CPU calls itself does not tell. Of two without AMX but with AVX-512's bfloat16, both on two
cores with torch 2.14, one took 0.54 s a step of ResNet-101 (48 pixels, one block a stage, batch
128) instead of 0.42 in float32, the other 0.29 instead of 0.44.
"""

import time
from functools import cache

import torch
from torch import nn

CLEARLY = 0.9  # share of float32's time; for less it is not worth the digits


@cache
def bfloat16_pays(device: str) -> bool:
    """True on a GPU; on a CPU where a small network's step is clearly faster so."""
    if device != "cpu":
        return True
    return _seconds(half=True) < CLEARLY * _seconds(half=False)


def _seconds(half: bool) -> float:
    """The fastest of some steps of a convolution with normalisation, forward and back."""
    state = torch.get_rng_state()
    layers = [nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.SiLU()]
    network = nn.Sequential(*layers, nn.Conv2d(64, 64, 1)).to(memory_format=torch.channels_last)
    images = torch.rand(64, 64, 32, 32).contiguous(memory_format=torch.channels_last)
    torch.set_rng_state(state)  # whoever is training draws what he would have drawn
    took = []
    for _ in range(6):
        started = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            answer = network(images)
        answer.float().square().mean().backward()
        took.append(time.perf_counter() - started)
    return min(took)
