"""The averaged weights are those of torch's own `AveragedModel`, and forget the start soon."""

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.engine.ema import ExponentialMovingAverage


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 7, 3))


def learn(model: nn.Module) -> None:
    """As a step changes a network: parameters by the optimiser, statistics by the pictures."""
    model.train()(torch.randn(8, 1, 9, 9))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter))


def test_it_is_the_average_that_torch_keeps() -> None:
    model = network()
    kept = ExponentialMovingAverage(model, decay=0.9)
    known = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    known.update_parameters(model)  # which only copies, the first time
    for step in range(100, 110):
        learn(model)
        kept.at(step)
        kept.update()
        known.update_parameters(model)
    expected = known.module.state_dict()
    for key, value in kept.network.state_dict().items():
        torch.testing.assert_close(value, expected[key])
    assert not kept.network.training
    assert kept.network.state_dict()["1.num_batches_tracked"] == 10


@pytest.mark.parametrize(("step", "share"), [(0, 0.9), (8, 0.5), (89, 1 / 11), (10**6, 0.001)])
def test_the_memory_is_shorter_at_first(step: int, share: float) -> None:
    model = network()
    kept = ExponentialMovingAverage(model, decay=0.999)
    with torch.no_grad():
        model[0].bias.add_(1)  # type: ignore[operator]
    before = kept.network[0].bias.clone()  # type: ignore[index]
    kept.at(step)
    kept.update()
    moved = kept.network[0].bias - before  # type: ignore[index]
    torch.testing.assert_close(moved, torch.full_like(moved, share))
