"""Whether a machine trains faster in bfloat16 than in float32.

Seconds a step, two cores, torch 2.14, batch 128, depthwise convolutions always in float32:

| | Intel Xeon with AVX-512's bfloat16, no AMX | AMD EPYC with AVX-512's bfloat16 |
|---|---|---|
| ResNet-101, 48 px, one block a stage | 0.42 in float32, 0.54 in bfloat16 | 0.44, 0.29 |
| multi-class CNN | 0.46, 0.60 | 0.52, 0.30 |
| EfficientNet-B5, 64 px, one block a stage | not measured | 0.57, 0.40 |

So it is asked what the processor is, not measured at every start: a run that is resumed, or
repeated on the same machine, must compute alike.
"""

import torch


def bfloat16_pays(device: str) -> bool:
    """True on a GPU, on a CPU with AMX, and on one of AMD's with AVX-512's bfloat16."""
    if device != "cpu":
        return True
    can = torch.cpu.get_capabilities()
    amd = "AMD" in str(can.get("cpu_name", ""))
    return bool(can.get("amx_bf16") or (amd and can.get("avx512_bf16")))


def autocast(device: str) -> torch.autocast:
    """Context in which networks compute in the format that is faster on `device`, e.g. `cpu`."""
    return torch.autocast(device, torch.bfloat16, enabled=bfloat16_pays(device))
