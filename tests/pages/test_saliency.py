"""The page Saliency. Most tests use made-up maps, so that no framework is loaded."""

import sys
from html import unescape
from pathlib import Path

import pytest
from apptest import SurelyHappy, open_page, plain_picture, text_of, upload
from fake_explanations import asked, explained
from streamlit.testing.v1 import AppTest

from fer_core.artifacts import weights_file
from fer_core.datasets.fer2013 import FOLDER_VARIABLE
from fer_core.emotions import EMOTIONS
from fer_core.errors import WeightsError
from fer_core.explain import METHODS, Explanation
from fer_core.models.cache import MODEL_CACHE
from fer_core.registry import MODELS
from pages.sections.saliency import controls, maps
from pages.sections.saliency import text as words
from pages.sections.saliency.controls import DEFAULT_METHODS

PAGE = "pages/saliency.py"
TITLES = {name: model.title for name, model in MODELS.items()}


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    asked.clear()
    monkeypatch.setattr(maps, "explain", explained)
    monkeypatch.setattr(maps, "load", lambda name: SurelyHappy())


@pytest.fixture
def fer(monkeypatch: pytest.MonkeyPatch, tiny_data: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tiny_data))


@pytest.fixture(autouse=True)
def no_fer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nothing"))


def sample(**query: object) -> AppTest:
    app = open_page(PAGE, **query)  # type: ignore[arg-type]
    return app.button(key="sample").click().run()


def plainly(app: AppTest) -> str:
    """The page's text, without Markdown's escapes."""
    return text_of(app).replace("\\", "")


def html(app: AppTest, kind: str) -> str:
    found = [e.proto.body for e in app.get("html") if f'class="{kind}' in e.proto.body]
    return found[0] if found else ""


def test_the_sample_photo_is_looked_into_by_a_real_model() -> None:
    if not weights_file.is_ready(MODELS["multiclass"]):
        pytest.skip("the multi-class CNN is not trained")
    app = sample(models=TITLES["multiclass"])
    assert not app.exception
    assert "Multi-class CNN: evidence for" in plainly(app)
    assert "Is this map faithful?" in plainly(app) or words.FLAT in plainly(app)


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    MODEL_CACHE.clear()
    monkeypatch.setitem(sys.modules, "torch", None)
    app = sample(models=TITLES["multiclass"])
    assert not app.exception
    assert "Heat maps need torch: pip install" in unescape(html(app, "maps"))


@pytest.mark.usefixtures("untrained")
def test_without_a_model_it_says_how_to_get_one() -> None:
    assert "No model is trained yet" in text_of(open_page(PAGE))


@pytest.mark.usefixtures("made_up")
def test_one_model_is_shown_by_two_methods_and_put_to_the_test() -> None:
    app = sample()
    assert not app.exception
    assert asked == [("multiclass", ("happy",), name, None, None) for name in DEFAULT_METHODS]
    cards = html(app, "maps")
    assert cards.count("<li>") == 3
    assert cards.index("<h3>LayerCAM") < cards.index("<h3>Grad-CAM")
    text = plainly(app)
    assert "Multi-class CNN: evidence for happy" in text
    assert "LayerCAM, peak 3 logits, layer 4 of 4" in text
    assert "**strongest at the mouth: 100" in text
    assert "Is this map faithful?" in text
    assert "the face significantly: LayerCAM for " in text
    app.pills(key="detail").set_value("Grad-CAM")
    assert "Grad-CAM, peak 3 logits, layer 4 of 4" in plainly(app.run())
    assert len(asked) == 2  # kept


@pytest.mark.usefixtures("made_up")
def test_a_single_map_is_not_drawn_twice() -> None:
    app = sample(method="Grad-CAM")
    assert asked == [("multiclass", ("happy",), "grad_cam", None, None)]
    assert not html(app, "maps")
    assert "Multi-class CNN: evidence for happy" in plainly(app)
    app.pills(key="method").set_value([]).run()
    assert asked[1:] == [("multiclass", ("happy",), "layer_cam", None, None)]  # never no method


@pytest.mark.usefixtures("made_up")
def test_all_models_stand_side_by_side_and_share_one_colour_bar() -> None:
    app = sample().button(key="everyone").click().run()
    cards = html(app, "maps")
    rows = [e.proto.body for e in app.get("html") if 'class="maps' in e.proto.body]
    assert [row.count("<li>") for row in rows] == [1 + len(MODELS)] * 2
    assert [e.value for e in app.subheader][:2] == ["LayerCAM", "Grad-CAM"]
    assert all(title in cards for title in TITLES.values())
    assert len([e for e in app.get("html") if 'class="heatbar"' in e.proto.body]) == 1
    app.pills(key="detail").set_value("Stacking, Grad-CAM")
    text = plainly(app.run())
    assert "Stacking: evidence for happy" in text
    assert "Grad-CAM, peak" in text
    assert "happy model, its yes" in html(app, "parts")
    assert "75\u00a0%" in html(app, "parts")


@pytest.mark.usefixtures("made_up")
def test_a_model_that_lacks_the_method_says_so() -> None:
    app = sample(models=[TITLES["multiclass"], TITLES["keras_cnn"]], method="Score-CAM")
    assert not app.exception
    assert "Score-CAM does not support this model" in html(app, "maps")
    assert [who for who, *_ in asked] == ["multiclass"]
    app = sample(models=TITLES["keras_cnn"])
    offered = app.pills(key="method").options
    assert offered == [m.title for m in METHODS.values() if "keras_cnn" in m.model_names]


@pytest.mark.usefixtures("made_up")
def test_seven_emotions_are_asked_for_at_once_and_a_flat_one_gets_no_colour() -> None:
    app = sample(view=controls.SEVEN_EMOTIONS)
    assert not app.exception
    assert asked == [("multiclass", EMOTIONS, name, None, None) for name in DEFAULT_METHODS]
    cards = html(app, "maps")
    assert cards.count("<li>") == 7
    assert cards.count(words.FLAT + ".</p>") == 1
    assert "70\u00a0%, its answer" in cards


@pytest.mark.usefixtures("made_up")
def test_a_flat_map_is_called_flat() -> None:
    app = sample(emotion="sad")
    assert words.FLAT in plainly(app)
    assert "Is this map faithful?" not in plainly(app)


@pytest.mark.usefixtures("made_up")
def test_rather_than() -> None:
    app = sample(method="Grad-CAM", against="fear", layer="2")
    assert "evidence for happy rather than fear" in plainly(app)
    assert asked == [("multiclass", ("happy",), "grad_cam", "fear", 2)]
    app = sample(method="Grad-CAM", against="happy")
    assert "Choose two different emotions" in plainly(app)
    assert len(asked) == 1
    sample(method=["Eigen-CAM", "Grad-CAM"], against="fear")
    assert [(method, contrast) for _, _, method, contrast, _ in asked[1:]] == [
        ("grad_cam", "fear"),
        ("eigen_cam", None),
    ]
    app = sample(method="Eigen-CAM", against="fear")
    assert not app.exception
    assert app.selectbox(key="against").disabled
    assert asked[-1][3] is None
    assert "not class-discriminative" in plainly(app)


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("value", ["nonsense", "", "<script>", "-1"])
def test_odd_addresses_do_no_harm(value: str) -> None:
    keys = ("models", "method", "emotion", "against", "layer", "opacity", "view", "of", "face")
    app = open_page(PAGE, **dict.fromkeys(keys, value))
    assert not app.exception
    assert not app.button(key="sample").click().run().exception


@pytest.mark.usefixtures("made_up", "fer")
def test_a_face_of_fer2013_is_named_in_the_address() -> None:
    app = open_page(PAGE, face="PrivateTest_1003")
    assert not app.exception
    assert "PrivateTest_1003, labelled happy" in plainly(app)
    app.number_input(key="fer-number").set_value(2).run()
    assert app.query_params["face"] == "PrivateTest_1010"
    app.selectbox(key="fer-label").set_value("fear").run()
    assert not app.exception
    app.segmented_control(key="faces-from").set_value("Your photos").run()
    assert "face" not in app.query_params


@pytest.mark.usefixtures("made_up")
def test_the_address_never_names_a_photo() -> None:
    app = sample(face="PrivateTest_1003")
    assert not app.exception
    assert "face" not in app.query_params
    assert "astronaut" not in str(app.query_params)


@pytest.mark.usefixtures("made_up", "fer")
def test_an_unknown_face_is_said_to_be_unknown() -> None:
    app = open_page(PAGE, face="PublicTest_*1*")
    assert "no test face PublicTest_*1*" in plainly(app)


@pytest.mark.usefixtures("made_up")
def test_a_photo_without_a_face_can_be_taken_whole() -> None:
    app = upload(open_page(PAGE), ("wall.png", plain_picture()), ("bad.jpg", b"no picture"))
    assert "bad\\.jpg" in app.warning[0].value
    app.button(key="whole").click().run()
    assert not app.exception
    assert "Multi-class CNN: evidence for happy" in plainly(app)


@pytest.mark.usefixtures("made_up")
def test_a_damaged_file_leaves_the_others_their_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(variant: str, *args: object, **more: object) -> list[Explanation]:
        if variant == "resnet101":
            raise WeightsError("The file is damaged.")
        return explained(variant, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(maps, "explain", failing)
    app = sample(models=[TITLES["multiclass"], TITLES["resnet101"]])
    assert not app.exception
    assert "The file is damaged." in html(app, "maps")
    assert "Multi-class CNN: evidence for happy" in plainly(app)
