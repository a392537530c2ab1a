"""Fixtures for page tests: models that always answer happy, or no trained model."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from apptest import SurelyHappy, TwoFire

from fer_core import pipeline
from fer_core.artifacts import store
from fer_core.artifacts.store import Artifacts, using
from fer_core.evaluation import default_model
from fer_core.registry import MODELS


@pytest.fixture(scope="session")
def unscored(tmp_path_factory: pytest.TempPathFactory) -> Artifacts:
    """The committed files without the models' summaries, so that every threshold is 0.5."""
    copy = without({f"{name}.json" for name in MODELS}, tmp_path_factory.mktemp("unscored"))
    copy.weights.symlink_to(Artifacts().weights)
    return copy


@pytest.fixture(scope="session")
def nothing_trained(tmp_path_factory: pytest.TempPathFactory) -> Artifacts:
    """No weights, and only the results that belong to no single model."""
    names = {f"{name}.{suffix}" for name in MODELS for suffix in ("json", "npz")}
    copy = without(names, tmp_path_factory.mktemp("nothing_trained"))
    copy.weights.mkdir()
    return copy


def without(names: set[str], root: Path) -> Artifacts:
    """A copy of the committed results below `root`, without the files of these names."""
    copy = Artifacts(root)
    shutil.copytree(
        Artifacts().results,
        copy.results,
        ignore=lambda folder, files: names.union({store.CHECKSUMS_FILE}).intersection(files),
    )
    store.record_checksums(*copy.results.iterdir())
    return copy


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, unscored: Artifacts) -> Iterator[None]:
    monkeypatch.setattr(default_model, "default_model_name", lambda: "multiclass")
    monkeypatch.setattr(
        pipeline,
        "load_without_members",
        lambda name, precision: TwoFire() if name == "individual" else SurelyHappy(),
    )
    with using(unscored):
        yield


@pytest.fixture
def untrained(nothing_trained: Artifacts) -> Iterator[None]:
    with using(nothing_trained):
        yield
