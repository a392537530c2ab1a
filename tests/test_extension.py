"""A ninth network and a ninth ensemble need one registry record each and no other code change.

Their files are written by the project's own commands; the pages, the command line, the model cards
and the heat maps must then work with them. Adding a page or a metric is tested in
tests/pages/components/test_page_links.py and tests/pages/test_leaderboard.py.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from apptest import PAGES, open_page, text_of

import fer_core as fer
from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.store import Artifacts, artifacts, using
from fer_core.cli.app import main
from fer_core.explain.methods import METHODS
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from training.engine import ensembles
from training.engine.data import load_data
from training.export_onnx import write_graph

NINTH = replace(
    get_model_spec("multiclass"), name="ninth", title="A ninth network", short_title="Ninth"
)
VOTE = ModelSpec(
    name="soft_vote",
    title="A ninth ensemble",
    short_title="Soft vote",
    kind="ensemble",
    summary="The mean of two networks and of the yes/no models.",
    architecture="A plain mean.",
    predictor="combination",
    members=("ninth", "multiclass", "individual"),
    combine="mean",
)


@pytest.fixture(scope="module", autouse=True)
def registered(
    tmp_path_factory: pytest.TempPathFactory, tiny_data: Path
) -> Iterator[pytest.MonkeyPatch]:
    """Register both models; the library reads a copy of the committed files plus theirs."""
    copy = Artifacts(tmp_path_factory.mktemp("extended"))
    shutil.copytree(artifacts().results, copy.results)
    shutil.copytree(artifacts().weights, copy.weights, copy_function=link)
    with pytest.MonkeyPatch.context() as patch, using(copy):
        patch.setitem(MODELS, NINTH.name, NINTH)
        patch.setitem(MODELS, VOTE.name, VOTE)
        tensors = weights_file.path(NINTH)
        shutil.copy(weights_file.path(get_model_spec("multiclass")), tensors)
        write_graph(NINTH, copy.weights)
        ensembles.train(VOTE, load_data(tiny_data), copy.weights)
        evaluate(NINTH)
        yield patch


def link(source: str, target: str) -> None:
    """Copy the list of checksums, which is written to; link everything else."""
    if source.endswith(store.CHECKSUMS_FILE):
        shutil.copy(source, target)
    else:
        Path(target).symlink_to(source)


def evaluate(model: ModelSpec) -> None:
    """Record the multi-class CNN's results for this model, which has the same weights."""
    summary = dict(summaries.load_summary(get_model_spec("multiclass")) or {})
    summary |= {"variant": model.name, "sha256": store.sha256(weights_file.path(model))}
    summaries.path(model).write_text(json.dumps(summary))
    predictions = summaries.path(model).with_suffix(".npz")
    shutil.copy(summaries.path(get_model_spec("multiclass")).with_suffix(".npz"), predictions)
    store.record_checksums(summaries.path(model), predictions)


def test_both_predict(chips: np.ndarray) -> None:
    ninth, vote = (fer.load_model(name).predict_proba(chips) for name in ("ninth", "soft_vote"))
    np.testing.assert_allclose(ninth, fer.load_model("multiclass").predict_proba(chips), atol=1e-5)
    yes_no = fer.load_model("individual").predict_proba(chips)
    np.testing.assert_allclose(vote, (2 * ninth + yes_no) / 3, atol=1e-5)


@pytest.mark.parametrize("name", ["ninth", "soft_vote"])
def test_both_are_exported(name: str, chips: np.ndarray, tmp_path: Path) -> None:
    out = tmp_path / "x.onnx"
    assert main(["export", name, "--out", str(out), "--probabilities"]) == 0
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    [probabilities] = session.run(None, {"chips": chips})
    np.testing.assert_allclose(probabilities, fer.load_model(name).predict_proba(chips), atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_the_ensemble_s_map_combines_all_its_members(chips: np.ndarray, method: str) -> None:
    [explanation] = fer.explain("soft_vote", chips[:1], "happy", method)
    assert {part.member for part in explanation.contributions} == set(VOTE.members)
    assert sum(part.share for part in explanation.contributions) == pytest.approx(1)
    if not explanation.flat:
        np.testing.assert_allclose(
            sum(part.map for part in explanation.contributions), explanation.map, atol=1e-3
        )


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_them(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    if page in ("pages/home.py", "pages/leaderboard.py"):
        text = text_of(app) + "".join(str(frame.value) for frame in app.dataframe)
        assert NINTH.title in text
        assert VOTE.title in text  # not evaluated


@pytest.mark.parametrize("model", [NINTH, VOTE], ids=lambda model: model.name)
def test_either_classifies_a_photo(model: ModelSpec) -> None:
    app = open_page("pages/classify.py")
    app.selectbox(key="model").set_value(model.name)
    app = app.button(key="sample").click().run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)
    assert app.selectbox(key="model").value == model.name


def test_all_models_classify_a_photo() -> None:
    app = open_page("pages/compare.py").button(key="sample").click().run()
    assert not app.exception
    assert NINTH.title in text_of(app)
    assert VOTE.title in text_of(app)


def test_the_network_s_scores_are_shown() -> None:
    app = open_page("pages/confusion.py", model=NINTH.title)
    assert not app.exception
    assert NINTH.title in text_of(app)
    app = open_page("pages/per_class.py", model=NINTH.title)
    assert not app.exception
    assert app.selectbox(key="model").value == NINTH.name


@pytest.mark.parametrize("name", ["ninth", "soft_vote"])
def test_the_model_card(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", name]) == 0
    assert capsys.readouterr().out.startswith(f"# {get_model_spec(name).title}\n")
    if summaries.load_summary(get_model_spec(name)):  # the page lists what was evaluated
        app = open_page("pages/model_card.py", model=get_model_spec(name).title)
        assert not app.exception
        assert get_model_spec(name).title in [header.value for header in app.header]


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(sample_photo())
    assert main(["variants"]) == 0
    assert "A ninth network" in capsys.readouterr().out
    for name in ("ninth", "soft_vote"):
        assert main(["classify", "--json", "--variant", name, str(photo)]) == 0
        [face] = json.loads(capsys.readouterr().out)["faces"]
        assert face["results"][name]["emotion"] == "happy"
        figure = tmp_path / f"{name}.png"
        assert main(["explain", str(photo), "--variant", name, "--out", str(figure)]) == 0
        assert name in capsys.readouterr().out or figure.is_file()


def test_a_new_method_needs_one_record(registered: pytest.MonkeyPatch, chips: np.ndarray) -> None:
    """HiResCAM from the package grad-cam, which does not average the gradients."""
    from pytorch_grad_cam import HiResCAM

    from fer_core.explain import torch_maps

    class Hires(torch_maps.WholeFaceCam, HiResCAM):
        pass

    registered.setattr(torch_maps, "Hires", Hires, raising=False)
    hires = replace(
        METHODS["grad_cam"],
        name="hires_cam",
        title="HiResCAM",
        cam_class="fer_core.explain.torch_maps:Hires",
        has_keras=False,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(METHODS, hires.name, hires)
        [explanation] = fer.explain("ninth", chips[:1], "happy", "hires_cam")
        assert explanation.map.max() == pytest.approx(1)
        assert "keras_cnn" not in hires.model_names
        assert not open_page("pages/saliency.py").exception
