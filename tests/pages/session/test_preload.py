"""What the first heat map needs is loaded before it is asked for."""

from threading import Event
from time import sleep

import pytest

from fer_core.models.cache import MODEL_CACHE
from pages.runtime.settings import Settings
from pages.session import preload
from pages.session.preload import Preloader


def test_models_are_loaded_once_and_only_while_nothing_else_runs() -> None:
    loaded: list[str] = []
    busy, done = Event(), Event()
    busy.set()

    def load(name: str) -> None:
        loaded.append(name)
        done.set()

    preloader = Preloader(load, loaded.__contains__, busy.is_set)
    preloader.request("multiclass")  # before the start: dropped
    preloader.start()
    for _ in range(3):
        preloader.request("resnet101")
    sleep(2 * preload.IDLE_SECONDS)
    assert not loaded
    busy.clear()
    assert done.wait(20)
    preloader.stop()
    assert preloader._thread is not None
    preloader._thread.join(20)
    assert loaded == ["resnet101"]


def test_only_what_fits_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(preload, "explain", lambda name, *_: loaded.append(name))
    monkeypatch.setattr(MODEL_CACHE, "_entries", {})
    for megabytes, expected in ((1, []), (5000, ["resnet101", "individual", "stacking"])):
        monkeypatch.setattr(preload, "settings", lambda n=megabytes: Settings(model_mb=n))
        for name in ("resnet101", "individual", "stacking"):
            preload.load(name)
        assert loaded == expected
