"""Every page runs, and the Classify page keeps its promises, in Streamlit's own test harness."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core import bench, pipeline, variants
from fer_core.sample import sample_photo
from fer_core.variants import VARIANTS, Variant

ROOT = Path(__file__).parents[1]
PAGES = ("pages/home.py", "pages/classify.py")


def open_page(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    return app.switch_page(page).run()


def text_of(app: AppTest) -> str:
    """Everything the page says, in one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.warning)
    elements = [element for kind in kinds for element in kind]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([str(element.value) for element in elements] + html)


def plain_picture(colour: str = "white") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 120), colour).save(file, "PNG")
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return app.run()


class SurelyHappy:
    """Answers happy with 0.7 and shares the rest, for tests of the page, not of a model."""

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        row = np.full(7, 0.05, np.float32)
        row[3] = 0.7
        return np.tile(row, (len(chips), 1))


class TwoFire(SurelyHappy):
    def scores(self, chips: np.ndarray) -> np.ndarray:
        return np.tile(np.array([0.1, 0.1, 0.1, 0.9, 0.6, 0.1, 0.1], np.float32), (len(chips), 1))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Variant, "ready", True)
    monkeypatch.setattr(Variant, "parameters", 1_000_000)
    monkeypatch.setattr(Variant, "summary_results", None)  # so the thresholds are 0.5
    monkeypatch.setattr(variants, "default_variant", lambda: "multiclass")
    monkeypatch.setattr(
        pipeline, "load", lambda name: TwoFire() if name == "individual" else SurelyHappy()
    )


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Variant, "ready", False)
    monkeypatch.setattr(Variant, "summary_results", None)


@pytest.mark.parametrize("page", PAGES)
def test_page_runs(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("untrained")
def test_page_runs_without_any_results(page: str) -> None:
    assert not open_page(page).exception


def test_home_shows_every_variant_with_its_split() -> None:
    text = text_of(open_page("pages/home.py"))
    for variant in VARIANTS.values():
        assert variant.title in text
    assert "PrivateTest" in text
    assert "no skill 25.8" in text


@pytest.mark.usefixtures("untrained")
def test_home_calls_untrained_what_is_untrained() -> None:
    assert text_of(open_page("pages/home.py")).count("not trained yet") == len(VARIANTS)


def test_home_measures_speed_on_request(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    monkeypatch.setattr(bench, "load", lambda name: SurelyHappy())
    app = open_page("pages/home.py")
    assert " ms</div>" not in text_of(app)
    [button] = [button for button in app.button if "speed" in button.label]
    app = button.click().run()
    assert text_of(app).count(" ms</div>") == len(VARIANTS)


def test_sample_photo_is_answered() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    assert not app.exception
    ready = variants.default_variant() is not None
    assert ("Most likely" if ready else "not trained yet") in text_of(app)


@pytest.mark.usefixtures("untrained")
def test_untrained_model_is_refused_in_words() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    assert not app.exception
    assert "not trained yet" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_broken_file_leaves_its_neighbours_alone() -> None:
    app = open_page("pages/classify.py")
    app = upload(app, ("good.png", sample_photo()), ("bad.jpg", b"no picture"), ("empty.png", b""))
    assert not app.exception
    [warning] = app.warning
    assert "bad\\.jpg" in warning.value
    assert "empty\\.png" in warning.value
    assert "good" not in warning.value
    assert "Most likely happy, 70" in text_of(app)
    assert list(app.dataframe[0].value["File"]) == ["good.png"]


@pytest.mark.usefixtures("trained")
def test_only_a_broken_file_leads_back_to_the_start() -> None:
    app = upload(open_page("pages/classify.py"), ("bad.jpg", b"no picture"))
    assert not app.exception
    assert app.warning
    assert app.button(key="sample")


@pytest.mark.usefixtures("trained")
def test_no_face_offers_the_whole_picture() -> None:
    app = upload(open_page("pages/classify.py"), ("wall.png", plain_picture()))
    assert "No face found" in text_of(app)
    app = app.button(key="whole").click().run()
    assert not app.exception
    assert "whole picture was taken as the face" in text_of(app)
    assert "Most likely happy" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_photos_survive_a_change_of_page_and_model() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    app.selectbox(key="variant").select("individual").run()
    assert "Two of the seven models say yes" in text_of(app)
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/classify.py").run()
    assert app.selectbox(key="variant").value == "individual"
    assert "Most likely happy" in text_of(app)


def test_another_model_needs_no_second_search_for_faces(
    monkeypatch: pytest.MonkeyPatch, trained: None
) -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    monkeypatch.setattr(pipeline, "find_faces", lambda *_, **__: pytest.fail("searched again"))
    app.selectbox(key="variant").select("stacking").run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_the_camera_is_off_until_asked_for() -> None:
    app = open_page("pages/classify.py")
    assert not app.camera_input
    app.segmented_control(key="source").select("Camera").run()
    app.camera_input[0].upload("camera.jpg", sample_photo(), "image/jpeg").run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_a_folder_is_taken_whole() -> None:
    app = open_page("pages/classify.py")
    app.segmented_control(key="source").select("Folder").run()
    app = upload(app, ("trip/a.png", sample_photo()), ("trip/b.png", sample_photo()))
    assert not app.exception
    assert list(app.dataframe[0].value["File"]) == ["trip/a.png", "trip/b.png"]


@pytest.mark.usefixtures("trained")
def test_all_models_side_by_side() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    app.toggle(key="compare").set_value(True).run()
    assert not app.exception
    assert "8 of 8 models say **happy**" in text_of(app)
    assert len(app.dataframe[0].value) == len(VARIANTS)


@pytest.mark.usefixtures("trained")
def test_clear_forgets_everything() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    app.button(key="clear").click().run()
    assert not app.exception
    assert not app.session_state["album"]
    assert app.button(key="sample")


def test_the_pages_load_no_training_framework() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=120).run()\n"
        "app.switch_page('pages/classify.py').run()\n"
        "assert not app.exception\n"
        "loaded = {'torch', 'tensorflow', 'keras', 'skimage'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)
