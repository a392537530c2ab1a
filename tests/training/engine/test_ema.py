"""The averaged weights equal those of torch's `AveragedModel` and soon forget the start."""

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.engine.ema import ExponentialMovingAverage


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 7, 3))


def train_step(model: nn.Module) -> None:
    """Change the parameters at random, and the batch norm statistics by a forward pass."""
    model.train()(torch.randn(8, 1, 9, 9))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter))


def test_it_equals_torchs_averaged_model() -> None:
    model = network()
    ema = ExponentialMovingAverage(model, decay=0.9)
    reference = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    reference.update_parameters(model)  # the first call only copies
    for step in range(100, 110):
        train_step(model)
        ema.set_step(step)
        ema.update()
        reference.update_parameters(model)
    expected = reference.module.state_dict()
    for key, value in ema.network.state_dict().items():
        torch.testing.assert_close(value, expected[key])
    assert not ema.network.training
    assert ema.network.state_dict()["1.num_batches_tracked"] == 10


@pytest.mark.parametrize(("step", "share"), [(0, 0.9), (8, 0.5), (89, 1 / 11), (10**6, 0.001)])
def test_the_decay_is_lower_at_first(step: int, share: float) -> None:
    model = network()
    ema = ExponentialMovingAverage(model, decay=0.999)
    with torch.no_grad():
        model[0].bias.add_(1)  # type: ignore[operator]
    before = ema.network[0].bias.clone()  # type: ignore[index]
    ema.set_step(step)
    ema.update()
    moved = ema.network[0].bias - before  # type: ignore[index]
    torch.testing.assert_close(moved, torch.full_like(moved, share))
