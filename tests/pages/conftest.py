"""What the page tests share: models that surely answer happy, or no trained model at all."""

import pytest
from apptest import SurelyHappy, TwoFire

from fer_core import pipeline, registry
from fer_core.registry import ModelSpec


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelSpec, "ready", True)
    monkeypatch.setattr(ModelSpec, "parameters", 1_000_000)
    monkeypatch.setattr(ModelSpec, "summary_results", None)  # so the thresholds are 0.5
    monkeypatch.setattr(registry, "default_variant", lambda: "multiclass")
    monkeypatch.setattr(
        pipeline, "load", lambda name: TwoFire() if name == "individual" else SurelyHappy()
    )


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelSpec, "ready", False)
    monkeypatch.setattr(ModelSpec, "summary_results", None)
