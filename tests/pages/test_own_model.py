"""The operator's own ONNX files on the pages."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import own_models
import pytest
from apptest import PAGES, open_page, text_of
from starlette.requests import Request

from pages.runtime.settings import Settings
from pages.server import lifespan, model_files
from pages.session import preload

NOT_ONNX = "broken.onnx"


@pytest.fixture(scope="module", autouse=True)
def own_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an own model, `my_net`, and a broken file, registered as at the start."""
    folder = tmp_path_factory.mktemp("models")
    own_models.write(folder / "my_net.onnx")
    (folder / "my_net.json").write_text('{"title": "Net of the lab"}')
    (folder / NOT_ONNX).write_bytes(b"no model")
    with own_models.restored_registry(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifespan, "settings", lambda: Settings(models_dir=str(folder)))
        lifespan.register_own_models()
        yield folder


def test_a_broken_file_is_named_and_the_others_are_offered(
    own_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifespan, "settings", lambda: Settings(models_dir=str(own_model)))
    lifespan.register_own_models()
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(f"{NOT_ONNX} is no valid ONNX file. It is left out.")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_beside_it(page: str) -> None:
    app = open_page(page, model="my_net")
    assert not app.exception
    assert app.title


def test_classify_and_compare_ask_it() -> None:
    app = open_page("pages/classify.py", model="my_net").button(key="sample").click().run()
    assert not app.exception
    text = text_of(app)
    assert "Most likely happy" in text
    assert "Net of the lab: " in text
    app = app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert "Net of the lab" in text_of(app)
    app = app.switch_page("pages/saliency.py").run()
    assert not app.exception
    assert "Heat maps are not available for Net of the lab." in text_of(app)


def test_visitors_cannot_download_it() -> None:
    request = Request({"type": "http", "path_params": {"file": "my_net.onnx"}})
    assert asyncio.run(model_files.model_file(request)).status_code == 404


def test_nothing_is_preloaded_for_heat_maps_that_it_does_not_have() -> None:
    preload.load("my_net")
    assert not preload.are_loaded("my_net")
