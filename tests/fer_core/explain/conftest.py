"""Fixtures: real faces (skipped without FER2013), and networks that replace the committed ones."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fer_core import EMOTIONS
from fer_core.artifacts.store import artifacts
from fer_core.explain import networks
from fer_core.models.cache import ModelCache
from training.engine.data import FerData


@pytest.fixture(scope="session")
def faces(fer2013: FerData) -> np.ndarray:
    """(7, 48, 48): the first PublicTest face of each emotion."""
    public = fer2013.split("PublicTest")
    first = [int(np.flatnonzero(public.labels == i)[0]) for i in range(len(EMOTIONS))]
    return public.chips[first]


@pytest.fixture
def put_network(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """`put_network(name, network)`: replace the network that is explained, for one test."""

    def put(name: str, network: Any) -> None:
        cache = ModelCache(10**10)
        cache.get(("explain", name, artifacts().weights), lambda: network, 0)
        monkeypatch.setattr(networks, "MODEL_CACHE", cache)

    return put
