"""What the tests share: made-up chips, a made-up data set, the real FER2013 where it is present."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from fer_core import registry
from fer_core.artifacts import predictions
from fer_core.datasets import fer2013 as fer2013_module
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import explanation_results, ferplus_agreement, leaderboard
from fer_core.models import predictors
from fer_core.models.cache import ModelCache
from fer_core.reports import model_card_facts
from training.engine.data import FerData, load_data

ROOT = Path(__file__).parents[1]
#: Where FER2013 may lie; it is never part of the repository.
PLACES = (ROOT / "data/fer2013", ROOT.parent / "shared/data/fer2013.tar.xz")


@pytest.fixture(scope="session")
def fer2013() -> FerData:
    """The real data set, or a skip that says what is missing."""
    for place in PLACES:
        if place.exists():
            return load_data(place)
    pytest.skip("FER2013 is not present: unpack it into data/fer2013 (see README.md)")


@pytest.fixture(scope="session")
def chips() -> np.ndarray:
    """Five made-up chips (5, 48, 48) uint8: gradients and noise, each different."""
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
    """Her head and shoulders, (300, 300, 3)."""
    return np.ascontiguousarray(astronaut[:300, 70:370])


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up data set in the layout of msambare/fer2013: an emotion is a bright stripe."""
    return write_data(tmp_path_factory.mktemp("data") / "fer2013")


def write_data(folder: Path) -> Path:
    """280 training and 2 × 70 test pictures below `folder`."""
    random = np.random.default_rng(0)
    places = {"Training": ("train", 280), "PublicTest": ("test", 70), "PrivateTest": ("test", 70)}
    for split, (name, count) in places.items():
        for i in range(count):
            emotion = i % len(EMOTIONS)
            picture = random.integers(0, 120, (48, 48)).astype(np.uint8)
            picture[emotion * 6 : emotion * 6 + 6] += 130
            path = folder / name / EMOTIONS[emotion] / f"{split}_{1000 + i}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), picture)
    return folder


@pytest.fixture
def copied_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the committed results that may be damaged; the library reads it."""
    folder = tmp_path / "results"
    shutil.copytree(registry.RESULTS_DIR, folder)
    monkeypatch.setattr(registry, "RESULTS_DIR", folder)
    monkeypatch.setattr(ferplus_agreement, "RECORDED", folder / "crowd.json")
    monkeypatch.setattr(fer2013_stats, "RECORDED", folder / "fer2013.json")
    monkeypatch.setattr(explanation_results, "SUMMARY", folder / "saliency.json")
    monkeypatch.setattr(fer2013_module, "ROW_NUMBERS", folder / "fer2013_rows.npy")
    _forget_results()
    yield folder
    _forget_results()


def _forget_results() -> None:
    """Empty what keeps results for as long as the app runs."""
    for kept in (
        ferplus_agreement.recorded,
        fer2013_stats.recorded,
        explanation_results.read,
        predictions._read,
        predictions.split_predictions,
        leaderboard.split_scores,
        leaderboard.paired,
        model_card_facts.intervals,
        fer2013_module.row_numbers,
    ):
        kept.cache_clear()


@pytest.fixture
def copied_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Links to the committed weights; one that is replaced damages the library's view of it only.

    To damage a file, `unlink` it before writing: a link's content is the repository's.
    """
    folder = tmp_path / "weights"
    folder.mkdir()
    for path in registry.WEIGHTS_DIR.iterdir():
        try:
            os.link(path, folder / path.name)
        except OSError:  # another disk
            shutil.copy(path, folder)
    monkeypatch.setattr(registry, "WEIGHTS_DIR", folder)
    monkeypatch.setattr(predictors, "MODELS", ModelCache(10**9))
    return folder
