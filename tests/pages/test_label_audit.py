"""The page Label audit: its numbers, its list and its files."""

import csv
import io
from pathlib import Path

import fake_dataset
import numpy as np
import pytest
from apptest import open_page, text_of
from committed_file import committed
from labelled_sets import NAME, labelled_set, open_with
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets.ferplus import ANSWERS
from fer_core.datasets.near_copies import has_training_copy
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import label_audit
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports import export
from fer_core.reports.format import percent
from pages.components import downloads
from pages.sections.label_audit import controls, suspects
from pages.sections.label_audit.text import judge_note
from pages.session.own_sets import OwnResults

PAGE = "pages/label_audit.py"


@pytest.fixture
def no_faces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No FER2013 and no votes."""
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))


def suspect_table(app: AppTest) -> dict[str, list[object]]:
    [table] = [t.value for t in app.dataframe if "Face" in t.value]
    return {name: list(table[name]) for name in table}


@pytest.mark.usefixtures("no_faces")
def test_the_hit_rate_is_said_with_interval_and_chance() -> None:
    app = open_page(PAGE, by="multiclass")
    assert not app.exception
    ranking = label_audit.audit(committed_set("PrivateTest"), ("multiclass",))
    rate, clear = (label_audit.hit_rate(each, 100) for each in (ranking, ranking.clear()))
    text = text_of(app)
    assert f"contradicts **{rate.hits}** ({percent(rate.value)}; 95 % interval" in text
    assert f"at random, it would contradict {100 * rate.chance:.0f}." in text
    assert f"contradicts **{clear.hits}** of the first 100 (" in text
    assert "msambare/fer2013" in text


@pytest.mark.usefixtures("no_faces")
def test_the_list_is_the_least_believed_labels() -> None:
    app = open_page(PAGE, by="keras_cnn", suspects="25")
    table = suspect_table(app)
    file = committed(MODELS["keras_cnn"], "PrivateTest")
    belief = file["probabilities"].astype(float)[np.arange(len(file["ids"])), file["labels"]]
    order = np.argsort(belief, kind="stable")[:25]
    assert table["Face"] == file["ids"][order].tolist()
    assert table["Believed"] == pytest.approx(100 * belief[order])
    assert table["Label"] == [EMOTIONS[i] for i in file["labels"][order]]
    assert table["No."] == list(range(1, 26))


@pytest.mark.usefixtures("no_faces")
def test_a_pair_is_selected_and_kept_in_the_address() -> None:
    app = open_page(PAGE)
    pairs = [option for option in app.selectbox(key="pair").options if "labelled" in option]
    ranking = label_audit.audit(committed_set("PrivateTest"), averaged())
    [first, *_] = label_audit.pairs(ranking, 100)
    assert len(pairs) == len(label_audit.pairs(ranking, 100))
    name = f"{EMOTIONS[first.label]}-{EMOTIONS[first.answer]}"
    app.selectbox(key="pair").select(name).run()
    assert app.query_params["pair"] == name
    table = suspect_table(app)
    assert len(table["Face"]) == first.n
    assert set(table["Label"]) == {EMOTIONS[first.label]}
    assert set(table["Models say"]) == {EMOTIONS[first.answer]}


@pytest.mark.usefixtures("no_faces")
def test_the_mean_is_of_the_networks_that_learned_labels() -> None:
    app = open_page(PAGE)
    selector = app.selectbox(key="auditor")
    assert selector.value == controls.MEAN
    assert selector.options == ["Mean of the five networks", *(m.title for m in MODELS.values())]
    assert all(MODELS[name].title in selector.help for name in averaged())
    assert MODELS["ferplus"].title not in selector.help


@pytest.mark.usefixtures("no_faces")
def test_a_pupil_of_the_annotators_is_said_to_be_one() -> None:
    assert "no independent judge" in text_of(open_page(PAGE, by="ferplus"))
    assert "no independent judge" not in text_of(open_page(PAGE))


@pytest.mark.parametrize("name", ["individual", "ensemble_full", "ensemble_single", "stacking"])
def test_an_ensemble_owes_to_the_annotators_what_its_members_do(name: str) -> None:
    title = MODELS[name].title
    note = judge_note(controls.Auditor(name, title, (name,), (title,)))
    assert f"{title} learned partly, directly or through members" in note
    assert f"answers of {MODELS['resnet101'].title}" in note
    alone = controls.Auditor("multiclass", "", ("multiclass",), ("",))
    assert "annotators' votes" not in judge_note(alone)


@pytest.mark.usefixtures("no_faces")
def test_annotators_do_not_judge_their_own_labels() -> None:
    app = open_page(PAGE, split="PrivateTest-crowd")
    assert not app.exception
    assert "There is no hit rate here" in text_of(app)
    assert "Crowd's majority" not in suspect_table(app)


def test_faces_are_shown_where_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = fake_dataset.faces(tmp_path / "fer2013")
    fake_dataset.votes(folder)
    monkeypatch.setenv("FER2013_DIR", str(folder))
    html = text_of(open_page(PAGE, by="multiclass"))
    assert html.count("<img") == suspects.PER_PAGE
    assert html.count('class="votes"') == suspects.PER_PAGE
    first = label_audit.audit(committed_set("PrivateTest"), ("multiclass",)).ids
    copied = has_training_copy(first[: suspects.PER_PAGE].tolist()).sum()
    assert html.count("its copy in Training is labelled") == copied > 0


def test_own_faces_are_ranked_without_a_hit_rate() -> None:
    own = OwnResults()
    own.add_set(labelled_set(EMOTIONS, 30), np.full((30, 48, 48), 99, np.uint8))
    app = open_with(own, PAGE)
    assert not app.exception
    text = text_of(app)
    assert "There is no hit rate here" in text
    assert "nobody else has labelled these faces" in text
    assert text.count("<img") == suspects.PER_PAGE
    evaluation_set = own.sets[NAME]
    ranking = label_audit.audit(evaluation_set, averaged())
    assert suspect_table(app)["Face"] == ranking.ids[:25].tolist()
    assert not app.get("plotly_chart")


def test_one_model_and_few_faces() -> None:
    own = OwnResults()
    own.add_set(labelled_set(["happy", "sad"], 5, ["ferplus"]))
    app = open_with(own, PAGE)
    assert not app.exception
    assert app.selectbox(key="auditor").options == [MODELS["ferplus"].title]
    assert len(suspect_table(app)["Face"]) == 5


def test_of_an_own_model_only_its_owner_knows_what_it_has_seen() -> None:
    own, given = OwnResults(), split_predictions("multiclass", "PrivateTest")
    own.add_model("PrivateTest", own_model_spec("my net"), given)
    app = open_with(own, PAGE, split="PrivateTest", by="my_net")
    assert not app.exception
    assert "only you know" in text_of(app)
    app.selectbox(key="auditor").select("multiclass").run()
    assert "only you know" not in text_of(app)


def test_the_csv_has_suspicion_votes_and_provenance() -> None:
    evaluation_set = committed_set("PrivateTest")
    ranking = label_audit.audit(evaluation_set, averaged())
    places = np.arange(3)
    auditor = controls.Auditor(controls.MEAN, "Mean of the five networks", averaged(), ())
    votes = np.arange(30).reshape(3, 10)
    rows = suspects.csv_rows(
        ranking.select(places), places, auditor, evaluation_set, votes, {ranking.ids[1]: "fear"}
    )
    text = export.to_csv(downloads.with_provenance(rows))
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["face"] for line in lines] == ranking.ids[:3].tolist()
    assert [line["number"] for line in lines] == ["1", "2", "3"]
    assert float(lines[0]["suspicion"]) == pytest.approx(ranking.suspicion[0], abs=1e-6)
    assert [line["training_copy_label"] for line in lines] == ["", "fear", ""]
    assert {line["title"] for line in lines} == {"Mean of the five networks"}
    for name, votes_of_answer in zip(ANSWERS, votes.T, strict=True):
        column = f"votes_{name.replace(' ', '_')}"
        assert [int(line[column]) for line in lines] == votes_of_answer.tolist()


def averaged() -> tuple[str, ...]:
    models = label_audit.averaged_models(committed_set("PrivateTest"))
    return tuple(model.name for model in models)
