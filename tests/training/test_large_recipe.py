"""ResNet-101's recipe on a small backbone, and the logit adjustment at its end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from fer_core import get_model_spec
from fer_core.artifacts import weights_file
from fer_core.artifacts.store import Artifacts
from fer_core.models.networks.face_model import FaceModel
from fer_core.models.networks.torch_loading import network_from
from training import logit_adjustment, train
from training.engine.calibration import TAUS
from training.recipes import RECIPES


def test_a_large_recipe_can_be_rehearsed(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_artifacts: Artifacts
) -> None:
    """The whole command with ResNet-101's recipe, on a small backbone."""
    monkeypatch.setattr(train, "build", lambda name, **options: FaceModel("resnet18", **options))
    monkeypatch.setattr(
        "fer_core.models.networks.torch_loading.build", lambda name, **o: FaceModel("resnet18", **o)
    )
    small = replace(
        RECIPES["resnet101"], batch=35, votes=0.0, teacher="", size=80, logit_adjustment=True
    )
    monkeypatch.setitem(train.RECIPES, "resnet101", small)
    path = no_artifacts.weights / "resnet101.safetensors"
    arguments = ["resnet101", "--data", str(tiny_data)]
    paths = ["--out", str(path.parent), "--runs", str(tmp_path / "r")]
    assert train.main([*arguments, "--epochs", "1", *paths]) == 0
    provenance = weights_file.read_provenance(path)
    assert provenance["recipe"]["size"] == 80
    assert provenance["recipe"]["phases"][0]["size"] == 64
    assert provenance["temperature"] > 0
    assert provenance["logit_adjustment"] in TAUS
    assert path.with_suffix(".onnx").is_file()
    assert logit_adjustment.main(arguments) == 2  # it is adjusted already

    before = load_file(path)
    del provenance["logit_adjustment"]
    weights_file.save(path, before, provenance)
    monkeypatch.setattr("training.engine.calibration.TAUS", (1.0,))
    assert logit_adjustment.main(arguments) == 0
    after, provenance = load_file(path), weights_file.read_provenance(path)
    assert provenance["recipe"]["logit_adjustment"]
    assert provenance["logit_adjustment"] == 1
    changed = {key for key in before if not np.array_equal(before[key], after[key])}
    assert changed == {"norm.bias"}
    rise = after["norm.bias"].astype(float) - before["norm.bias"]
    np.testing.assert_allclose(rise, np.log(7), atol=2e-3)  # all emotions are as frequent
    network = network_from(get_model_spec("resnet101"), path)
    assert network.preprocessing.size == 80
