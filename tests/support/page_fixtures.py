"""Fixtures of whatever opens pages: models that surely answer happy, or no trained model at all."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from apptest import SurelyHappy, TwoFire

from fer_core import pipeline
from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import Artifacts, using
from fer_core.registry import MODELS


@pytest.fixture(scope="session")
def unscored(tmp_path_factory: pytest.TempPathFactory) -> Artifacts:
    """The committed files but for the variants' summaries, so that every threshold is 0.5."""
    found = without({f"{name}.json" for name in MODELS}, tmp_path_factory.mktemp("unscored"))
    found.weights.symlink_to(Artifacts().weights)
    return found


@pytest.fixture(scope="session")
def nothing_trained(tmp_path_factory: pytest.TempPathFactory) -> Artifacts:
    """No weights, and of the results only those that are of no single variant."""
    names = {f"{name}.{suffix}" for name in MODELS for suffix in ("json", "npz")}
    found = without(names, tmp_path_factory.mktemp("nothing_trained"))
    found.weights.mkdir()
    return found


def without(names: set[str], root: Path) -> Artifacts:
    """Below `root` a copy of the committed results that never had the files of these names."""
    found = Artifacts(root)
    shutil.copytree(
        Artifacts().results,
        found.results,
        ignore=lambda folder, files: names.union({store.CHECKSUMS_FILE}).intersection(files),
    )
    store.record_checksums(*found.results.iterdir())
    return found


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, unscored: Artifacts) -> Iterator[None]:
    monkeypatch.setattr(summaries, "default_model_name", lambda: "multiclass")
    monkeypatch.setattr(
        pipeline, "load", lambda name: TwoFire() if name == "individual" else SurelyHappy()
    )
    with using(unscored):
        yield


@pytest.fixture
def untrained(nothing_trained: Artifacts) -> Iterator[None]:
    with using(nothing_trained):
        yield
