"""Shared fixtures: synthetic chips, a synthetic data set, the real FER2013 where present."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from fer_core.artifacts.store import Artifacts, artifacts, using
from fer_core.datasets import near_copies
from fer_core.emotions import EMOTIONS
from training.engine.data import FerData, load_data

ROOT = Path(__file__).parents[1]
#: Possible locations of FER2013; it is never part of the repository.
DATASET_PATHS = (ROOT / "data/fer2013", ROOT.parent / "shared/data/fer2013.tar.xz")


@pytest.hookimpl(tryfirst=True)  # before pytest selects tests by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "fer2013" in getattr(item, "fixturenames", ()):
            item.add_marker("dataset")


@pytest.fixture(scope="session")
def fer2013() -> FerData:
    """The real data set; skips the test if it is missing."""
    for path in DATASET_PATHS:
        if path.exists():
            return load_data(path)
    pytest.skip("FER2013 is not present: unpack it into data/fer2013 (see README.md)")


@pytest.fixture(scope="session")
def chips() -> np.ndarray:
    """Five synthetic chips, (5, 48, 48) uint8: gradients with noise, all different."""
    random = np.random.default_rng(7)
    ramp = np.linspace(40, 200, 48)
    smooth = [np.outer(ramp, np.roll(ramp, 9 * i)) / 200 for i in range(5)]
    return (np.array(smooth) + random.normal(0, 12, (5, 48, 48))).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """A photo of one face, (512, 512, 3) uint8."""
    return skimage.data.astronaut()


@pytest.fixture(scope="session")
def portrait(astronaut: np.ndarray) -> np.ndarray:
    """The astronaut's head and shoulders, (300, 300, 3) uint8."""
    return np.ascontiguousarray(astronaut[:300, 70:370])


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic data set in the layout of msambare/fer2013; a stripe encodes the emotion."""
    return write_data(tmp_path_factory.mktemp("data") / "fer2013")


def write_data(folder: Path) -> Path:
    """Write 280 training and 2 × 70 test images below `folder`."""
    random = np.random.default_rng(0)
    splits = {"Training": ("train", 280), "PublicTest": ("test", 70), "PrivateTest": ("test", 70)}
    for split, (name, count) in splits.items():
        for i in range(count):
            emotion = i % len(EMOTIONS)
            image = random.integers(0, 120, (48, 48)).astype(np.uint8)
            image[emotion * 6 : emotion * 6 + 6] += 130
            path = folder / name / EMOTIONS[emotion] / f"{split}_{1000 + i}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), image)
    return folder


@pytest.fixture
def copied_results(tmp_path: Path) -> Iterator[Path]:
    """A copy of the committed results, which tests may damage; the library reads it."""
    copy = Artifacts(tmp_path / "copied_results")
    shutil.copytree(artifacts().results, copy.results)
    copy.weights.symlink_to(artifacts().weights)
    with using(copy):
        yield copy.results


@pytest.fixture
def copied_weights(tmp_path: Path) -> Iterator[Path]:
    """Links to the committed weights, which tests may replace; the library reads them.

    To damage a file, `unlink` it before writing: the link shares the repository's content.
    """
    copy = Artifacts(tmp_path / "copied_weights")
    copy.weights.mkdir(parents=True)
    for path in artifacts().weights.iterdir():
        try:
            os.link(path, copy.weights / path.name)
        except OSError:  # on another file system
            shutil.copy(path, copy.weights)
    copy.results.symlink_to(artifacts().results)
    with using(copy):
        yield copy.weights


@pytest.fixture
def no_results(tmp_path: Path) -> Iterator[Path]:
    """The committed weights without any results; yields the empty results folder."""
    empty = Artifacts(tmp_path / "no_results")
    empty.results.mkdir(parents=True)
    empty.weights.symlink_to(artifacts().weights)
    with using(empty):
        yield empty.results


@pytest.fixture
def no_artifacts(tmp_path: Path) -> Iterator[Artifacts]:
    """No weights and no results, but a table that knows of no copies, as training needs one.

    The library reads what a test writes below `tmp_path`.
    """
    empty = Artifacts(tmp_path)
    empty.weights.mkdir()
    with using(empty):
        near_copies.write_matches([])
        near_copies.write_training_copies([])
        yield empty


@pytest.fixture
def unused_port() -> int:
    """A free port of this machine."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
    return port
