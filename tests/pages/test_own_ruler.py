"""A model is measured by what it was taught: FER2013's labels, or the votes of the crowd."""

import pytest
from apptest import open_page, text_of

from fer_core.answers import Answer
from fer_core.evaluation import ferplus_agreement
from fer_core.registry import MODELS
from fer_core.reports import model_card
from fer_core.reports.format import percent
from pages.charts import training_curves
from pages.components import face_panel

ANSWER = Answer({"happy": 1.0}, milliseconds=2.0)


@pytest.fixture
def row() -> ferplus_agreement.ModelAgreement:
    return ferplus_agreement.load_agreement().models["PrivateTest"]["ferplus"]


def test_an_answer_says_which_question_it_is_to(row: ferplus_agreement.ModelAgreement) -> None:
    votes = face_panel.reliability_note("ferplus", ANSWER)
    assert "what most of ten people would call the expression" in votes
    assert f"right on {percent(row.majority_accuracy)} of the {row.n:,} test faces" in votes
    labels = face_panel.reliability_note("resnet101", ANSWER)
    assert "the question which label FER2013 would give the face: right on 73" in labels
    assert "its 3,589 test faces" in labels


def test_the_card_tells_what_taught_it(row: ferplus_agreement.ModelAgreement) -> None:
    text = model_card.summary_text(MODELS["ferplus"])
    assert "the annotators' votes (FER+) for the faces of FER2013's Training split" in text
    assert "that have no copy in a test split" in text
    assert percent(row.majority_accuracy, 1) in text
    assert "28,709 faces" in model_card.summary_text(MODELS["multiclass"])


def test_its_training_score_has_the_crowds_baseline() -> None:
    labels = ferplus_agreement.load_agreement().labels["PublicTest"]
    assert training_curves.baseline_score(MODELS["ferplus"]) == labels.majority_baseline
    assert training_curves.score_name(MODELS["ferplus"]) == "accuracy by the crowd's majority"


@pytest.mark.parametrize("page", ["confusion", "per_class"])
def test_scores_by_the_labels_say_that_it_was_not_taught_them(page: str) -> None:
    assert "which FER+ CNN was not taught" in text_of(
        open_page(f"pages/{page}.py", model="ferplus")
    )
    other = text_of(open_page(f"pages/{page}.py", model="multiclass"))
    assert "was not taught" not in other


def test_the_leaderboard_and_home_say_so() -> None:
    board = text_of(open_page("pages/leaderboard.py"))
    assert "**FER+ CNN** was not taught FER2013's labels but what ten annotators say" in board
    crowd = text_of(open_page("pages/leaderboard.py", split="PrivateTest-crowd"))
    assert "**FER+ CNN** is the most accurate on PrivateTest by FER+ majority" in crowd
    assert "was not taught FER2013's labels" not in crowd
    home = text_of(open_page("pages/home.py"))
    assert "FER+ CNN is ours, not the study's" in home
    assert "by these labels, which it was not taught" in home
