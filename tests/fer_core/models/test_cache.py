"""Loaded models are shared, bounded and released."""

import gc
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import numpy as np
import pytest

from fer_core.artifacts import weights_file
from fer_core.models import cache as library
from fer_core.models import predictors
from fer_core.models.cache import MEMORY_PER_FILE_BYTE, ModelCache, memory_bytes
from fer_core.registry import MODELS


class Model:
    pass


def test_concurrent_requests_load_a_model_once() -> None:
    cache, together, loads = ModelCache(100), Barrier(8), []

    def load() -> Model:
        loads.append(1)
        return Model()

    def want(_: int) -> Model:
        together.wait()
        return cache.get("a", load, 10)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(want, range(8)))
    assert len(loads) == 1
    assert all(model is found[0] for model in found)


def test_the_least_recently_used_model_goes_first() -> None:
    cache = ModelCache(100)
    for key in "abc":
        cache.get(key, Model, 30)
    cache.get("a", Model, 30)  # now b was used longest ago
    cache.get("d", Model, 30)
    assert list(cache.sizes) == ["c", "a", "d"]
    cache.get("e", Model, 75)
    assert list(cache.sizes) == ["e"]


def test_models_are_released_before_loading() -> None:
    cache, sizes_while_loading = ModelCache(100), []
    cache.get("a", Model, 60)
    cache.get("b", lambda: sizes_while_loading.append(dict(cache.sizes)), 60)
    assert sizes_while_loading == [{}]


def test_a_model_larger_than_the_budget_is_kept_alone() -> None:
    cache = ModelCache(100)
    cache.get("a", Model, 30)
    giant = cache.get("giant", Model, 500)
    assert list(cache.sizes) == ["giant"]
    assert cache.get("giant", Model, 500) is giant


def test_released_models_are_freed_once_nobody_uses_them() -> None:
    cache = ModelCache(100)
    used = cache.get("a", Model, 60)
    known = weakref.ref(used)
    cache.get("b", Model, 60)
    gc.collect()
    assert known() is used  # somebody is still predicting with it
    del used
    gc.collect()
    assert known() is None


def test_idle_models_are_released() -> None:
    now = [0.0]
    cache = ModelCache(100, clock=lambda: now[0])
    cache.get("a", Model, 10)
    cache.get("b", Model, 10)
    now[0] = 50
    cache.get("a", Model, 10)
    assert cache.release_idle(40) == 1
    assert list(cache.sizes) == ["a"]
    now[0] = 100
    assert cache.release_idle(40) == 1
    assert not cache.sizes


def test_a_failed_load_keeps_nothing_and_may_be_tried_again() -> None:
    cache = ModelCache(100)
    with pytest.raises(OSError, match="broken"):
        cache.get("a", lambda: (_ for _ in ()).throw(OSError("broken")), 10)
    assert not cache.sizes
    assert isinstance(cache.get("a", Model, 10), Model)


def test_a_slow_load_does_not_block_others() -> None:
    cache, finish = ModelCache(100), Event()
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(cache.get, "slow", lambda: finish.wait(20), 10)
        assert isinstance(cache.get("quick", Model, 10), Model)
        assert not slow.done()
        finish.set()
        assert slow.result() is True


def test_sizes_follow_the_files() -> None:
    files = sum(path.stat().st_size for path in weights_file.files(MODELS["resnet101"]))
    assert memory_bytes(MODELS["resnet101"]) == MEMORY_PER_FILE_BYTE * files
    assert memory_bytes(MODELS["stacking"]) == weights_file.path(MODELS["stacking"]).stat().st_size


def test_a_released_model_is_freed_completely(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ModelCache(10**9)
    monkeypatch.setattr(predictors, "MODEL_CACHE", cache)
    known = []
    for name in ("multiclass", "ensemble_full"):
        model = predictors.load(name)
        model.predict_proba(np.zeros((3, 48, 48), np.uint8))
        known.append(weakref.ref(model))
    known += [weakref.ref(network) for network in _networks(cache)]
    assert len(known) == 4
    del model
    cache.clear()
    gc.collect()
    assert [each() for each in known] == [None] * 4


def _networks(cache: ModelCache) -> list[object]:
    """The networks of the cached models; ensembles have none."""
    models = [entry.model for entry in cache._entries.values()]
    return [model._network for model in models if hasattr(model, "_network")]


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps what was freed")
def test_release_gives_the_memory_back_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    trims: list[int] = []

    class Library:
        def __init__(self, name: None) -> None:
            self.malloc_trim = trims.append

    monkeypatch.setattr(library.ctypes, "CDLL", Library)
    cache = ModelCache(100)
    cache.get("a", Model, 60)
    assert trims == []
    cache.get("b", Model, 60)
    assert trims == [0]
    cache.clear()
    assert trims == [0, 0]
