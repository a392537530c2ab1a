"""A damaged file is named where it is needed; the rest of the page still works."""

from pathlib import Path

import pytest
from apptest import PAGES, open_page, text_of
from damage import DAMAGES
from streamlit.testing.v1 import AppTest

from fer_core.artifacts import weights_file
from fer_core.evaluation.default_model import default_model_name
from fer_core.registry import MODELS, get_model_spec

#: Named at the top of every page.
SHARED = ("stacking.json", "fer2013.json", "fer2013_rows.npy", "fer2013_training_quantiles.npy")
#: Also read, and named, by single pages.
OWN = {
    "label_agreement": ("crowd.json",),
    "label_audit": ("resnet101.npz",),
    "saliency": ("saliency",),
    "leaderboard": ("resnet101.npz",),
    "robustness": ("robustness.npz",),
    "face_map": ("face_map_multiclass.npz",),
    "compare": ("resnet101.npz",),
}
BROKEN = ("stacking.json", "resnet101.npz", "crowd.json", "fer2013.json", "fer2013_rows.npy")
BROKEN += (
    "face_map_multiclass.npz",
    "saliency.json",
    "saliency_maps.npz",
    "robustness.npz",
    "fer2013_training_quantiles.npy",
)


def everything(app: AppTest) -> str:
    """The page's text without Markdown's escapes."""
    return "\n".join([text_of(app), *(str(error.value) for error in app.error)]).replace("\\", "")


def assert_named(page: str, folder: Path) -> None:
    """With damaged files the page names them and says what to do."""
    app = open_page(page)
    assert not app.exception
    assert app.title
    text = everything(app)
    for name in (*SHARED, *OWN.get(Path(page).stem, ())):
        assert name in text
    assert "restore it from the repository" in text
    assert str(folder) not in text


@pytest.mark.parametrize("page", PAGES)
def test_page_with_damaged_results(page: str, copied_results: Path) -> None:
    for name in BROKEN:
        DAMAGES["a flipped byte"](copied_results / name)
    assert_named(page, copied_results)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_named(damage: str, copied_results: Path) -> None:
    """All raise the same error of the library, so one page is enough."""
    for name in BROKEN:
        DAMAGES[damage](copied_results / name)
    assert_named("pages/compare.py", copied_results)


def test_page_without_the_list_of_sums(copied_results: Path) -> None:
    (copied_results / "SHA256SUMS").unlink()
    app = open_page("pages/leaderboard.py")
    assert not app.exception
    assert "SHA256SUMS" in everything(app)


@pytest.mark.parametrize("page", [p for p in PAGES if Path(p).stem in ("per_class", "confusion")])
def test_page_of_the_model_whose_predictions_are_damaged(page: str, copied_results: Path) -> None:
    DAMAGES["a flipped byte"](copied_results / "resnet101.npz")
    app = open_page(page)
    app.selectbox(key="model").select("resnet101").run()
    assert not app.exception
    assert "resnet101.npz" in everything(app)


def replaced(path: Path, content: bytes) -> None:
    path.unlink()  # a link to the repository's file
    path.write_bytes(content)


@pytest.mark.parametrize(
    "page", ["home", "classify", "compare", "model_card", "leaderboard", "saliency"]
)
def test_page_with_damaged_weights(page: str, copied_weights: Path) -> None:
    """A header that claims to be 2^64 bytes long; `test_damaged_weights.py` tries others."""
    for name in ("multiclass.safetensors", "stacking.json", "individual.onnx"):
        replaced(copied_weights / name, b"\xff" * 8)
    app = open_page(f"pages/{page}.py")
    assert not app.exception
    assert app.title


def test_others_answer_beside_damaged_weights(copied_weights: Path) -> None:
    replaced(copied_weights / "efficientnet_b5.onnx", b"not a graph")
    damaged = bytearray((copied_weights / "keras_cnn.safetensors").read_bytes())
    damaged[-1] ^= 1
    replaced(copied_weights / "keras_cnn.safetensors", bytes(damaged))
    app = open_page("pages/compare.py")
    app.button(key="sample").click().run()
    assert not app.exception
    text = [error.value for error in app.error]
    assert len(text) == 2
    assert any("efficientnet_b5.onnx" in sentence for sentence in text)
    assert any("keras_cnn.safetensors" in sentence for sentence in text)
    answered = [m.title for m in MODELS.values() if m.title in text_of(app)]
    assert len(answered) >= 6


def test_saliency_of_damaged_weights_says_so(copied_weights: Path) -> None:
    model = get_model_spec(str(default_model_name()))
    file = weights_file.path(get_model_spec(model.members[0] if model.members else model.name)).name
    damaged = bytearray((copied_weights / file).read_bytes())
    damaged[-1] ^= 1
    replaced(copied_weights / file, bytes(damaged))
    app = open_page("pages/saliency.py")
    app.button(key="sample").click().run()
    assert not app.exception
    assert f"{file} is damaged" in everything(app)


def test_a_lost_weights_file_is_named(copied_weights: Path) -> None:
    (copied_weights / "resnet101.onnx").unlink()
    app = open_page("pages/classify.py")
    app.button(key="sample").click().run()
    app.selectbox(key="model").select("resnet101").run()
    assert not app.exception
    assert any("resnet101.onnx is missing" in info.value for info in app.info)
