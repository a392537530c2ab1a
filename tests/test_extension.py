"""A ninth network and a ninth ensemble are a record each: nothing else in the code knows the eight.

Their files are made here by the project's own commands; the pages, the command line, the cards and
the heat maps must then work with them. One more page, metric and method are shown beside the tests
of what holds them: tests/pages/test_navigation.py, tests/pages/test_leaderboard.py.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
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
    """Both in the registry, and in use a copy of the committed files with theirs beside them."""
    copy = Artifacts(tmp_path_factory.mktemp("extended"))
    shutil.copytree(artifacts().results, copy.results)
    shutil.copytree(artifacts().weights, copy.weights, copy_function=linked)
    with pytest.MonkeyPatch.context() as patch, using(copy):
        patch.setitem(MODELS, NINTH.name, NINTH)
        patch.setitem(MODELS, VOTE.name, VOTE)
        tensors = weights_file.path(NINTH)
        shutil.copy(weights_file.path(get_model_spec("multiclass")), tensors)
        write_graph(NINTH, copy.weights)
        ensembles.train(VOTE, load_data(tiny_data), copy.weights)
        evaluate(NINTH)
        yield patch


def linked(source: str, target: str) -> None:
    """The list of checksums is written to; everything else only read."""
    if source.endswith(store.CHECKSUMS_FILE):
        shutil.copy(source, target)
    else:
        Path(target).symlink_to(source)


def evaluate(variant: ModelSpec) -> None:
    """The multi-class CNN's results as this variant's, whose weights are the same."""
    summary = dict(summaries.load_summary(get_model_spec("multiclass")) or {})
    summary |= {"variant": variant.name, "sha256": store.sha256(weights_file.path(variant))}
    summaries.path(variant).write_text(json.dumps(summary))
    answers = summaries.path(variant).with_suffix(".npz")
    shutil.copy(summaries.path(get_model_spec("multiclass")).with_suffix(".npz"), answers)
    store.record_checksums(summaries.path(variant), answers)


def test_they_answer(chips: np.ndarray) -> None:
    ninth, vote = (fer.load_model(name).predict_proba(chips) for name in ("ninth", "soft_vote"))
    np.testing.assert_allclose(ninth, fer.load_model("multiclass").predict_proba(chips), atol=1e-5)
    yes_no = fer.load_model("individual").predict_proba(chips)
    np.testing.assert_allclose(vote, (2 * ninth + yes_no) / 3, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_the_ensembles_map_is_made_of_all_its_networks(chips: np.ndarray, method: str) -> None:
    [found] = fer.explain("soft_vote", chips[:1], "happy", method)
    assert {part.member for part in found.contributions} == set(VOTE.members)
    assert sum(part.share for part in found.contributions) == pytest.approx(1)
    if not found.flat:
        np.testing.assert_allclose(sum(part.map for part in found.contributions), found.map, atol=1e-3)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_them(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    if page in ("pages/home.py", "pages/leaderboard.py"):
        shown = text_of(app) + "".join(str(frame.value) for frame in app.dataframe)
        assert NINTH.title in shown
        assert VOTE.title in shown  # not evaluated


@pytest.mark.parametrize("variant", [NINTH, VOTE], ids=lambda each: each.name)
def test_one_of_them_is_asked_about_a_photo(variant: ModelSpec) -> None:
    app = open_page("pages/classify.py")
    app.selectbox(key="variant").set_value(variant.name)
    app = app.button(key="sample").click().run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)
    assert app.selectbox(key="variant").value == variant.name


def test_all_are_asked_about_a_photo() -> None:
    app = open_page("pages/compare.py").button(key="sample").click().run()
    assert not app.exception
    assert NINTH.title in text_of(app)
    assert VOTE.title in text_of(app)


def test_its_numbers_are_shown() -> None:
    app = open_page("pages/confusion.py", model=NINTH.title)
    assert not app.exception
    assert NINTH.title in text_of(app)
    app = open_page("pages/per_class.py", model=NINTH.title)
    assert not app.exception
    assert app.selectbox(key="model").value == NINTH.name


@pytest.mark.parametrize("name", ["ninth", "soft_vote"])
def test_its_card(name: str, capsys: pytest.CaptureFixture[str]) -> None:
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
        assert main(["explain", str(photo), "--variant", name, "--out", f"{photo}.map.png"]) == 0
        assert name in capsys.readouterr().out or Path(f"{photo}.map.png").is_file()


def test_one_more_method_is_one_more_record(
    registered: pytest.MonkeyPatch, chips: np.ndarray
) -> None:
    """HiResCAM, which the package grad-cam has: its gradients are not averaged."""
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
        [found] = fer.explain("ninth", chips[:1], "happy", "hires_cam")
        assert found.map.max() == pytest.approx(1)
        assert "keras_cnn" not in hires.model_names
        assert not open_page("pages/saliency.py").exception
