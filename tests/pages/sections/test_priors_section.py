"""The section "If emotions were more or less common" of Per-class metrics."""

import pytest
from apptest import open_page, text_of
from labelled_sets import labelled_set, open_with

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import priors
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.priors import EQUAL_SHARES
from fer_core.reports.format import percent, percent_with_interval
from pages.sections.per_class import priors as section
from pages.session.own_sets import OwnResults

PAGE = "pages/per_class.py"


@pytest.mark.parametrize("split", ["PrivateTest", "PublicTest"])
def test_shares_and_correction_follow_the_address(split: str) -> None:
    app = open_page(PAGE, model="resnet101", split=split, shares="equal", corrected="yes")
    assert not app.exception
    where = committed_set(split)
    rows = section.sorted_rows(where, EQUAL_SHARES, corrected=True)
    assert rows[0].corrected.accuracy > rows[-1].corrected.accuracy
    [row] = [each for each in rows if each.model.name == "resnet101"]
    text = text_of(app)
    for estimate in (row.in_set, row.at_shares, row.corrected):
        assert percent_with_interval(estimate.accuracy, estimate.interval) in text
    assert str(section.models_table(rows, corrected=True)) in text
    assert f"right for {percent(1 / 7, 1)}" in text
    assert "For ResNet\\-101 it is approximate" in text
    app.toggle(key="corrected").set_value(False).run()
    assert "corrected" not in app.query_params
    plain = section.sorted_rows(where, EQUAL_SHARES, corrected=False)
    text = text_of(app)
    assert str(section.models_table(plain, corrected=False)) in text
    assert "it is approximate" not in text


def test_at_first_the_shares_are_the_set_s() -> None:
    text = text_of(open_page(PAGE, model="multiclass"))
    accuracy = committed_set("PrivateTest").predictions("multiclass").correct.mean()
    assert f"is right for **{percent(accuracy, 1)} (" in text


def test_own_shares_are_scaled_and_kept_in_the_address() -> None:
    app = open_page(PAGE, model="multiclass", shares="own", share_happy="60", share_disgust="0.5")
    assert not app.exception
    assert [each.key for each in app.number_input] == [f"share_{name}" for name in EMOTIONS]
    assert app.number_input(key="share_happy").value == 60
    app.number_input(key="share_sad").set_value(80.0).run()
    assert app.query_params["share_sad"] == "80"
    assert app.query_params["share_disgust"] == "0.5"
    assert "share_angry" not in app.query_params
    numbers = [each.value for each in app.number_input]
    shares = priors.scale_shares(numbers)
    given = committed_set("PrivateTest").predictions("multiclass")
    estimate = priors.accuracy_at(given, shares)
    text = text_of(app)
    assert f"(now {sum(numbers):g})" in text
    assert f"**{percent_with_interval(estimate.accuracy, estimate.interval)}**" in text
    assert f"always sad is right for {percent(max(shares), 1)}" in text


def test_shares_that_are_all_0_or_negative_get_a_sentence() -> None:
    nothing = {f"share_{name}": "0" for name in EMOTIONS}
    app = open_page(PAGE, model="multiclass", shares="own", **nothing)
    assert not app.exception
    assert "All shares are 0" in text_of(app)
    app = open_page(PAGE, model="multiclass", shares="own", share_fear="-5")
    assert not app.exception
    assert [each.value for each in app.warning if "share\\_fear" in each.value]
    assert app.number_input(key="share_fear").value > 0


def test_an_emotion_that_an_own_set_lacks_is_said_to_be_unknown() -> None:
    own = OwnResults()
    own.add_set(labelled_set(("happy", "sad", "neutral"), 60, ["multiclass", "ferplus"]))
    app = open_with(own, PAGE, model="multiclass", shares="equal", corrected="yes")
    assert not app.exception
    assert "No face is labelled angry, disgust, fear or surprise, so the recall" in text_of(app)
    app = open_with(
        own, PAGE, model="multiclass", shares="own",
        **{f"share_{name}": "0" for name in ("happy", "sad", "neutral")},
    )  # fmt: skip
    assert not app.exception
    assert "nothing to measure" in text_of(app)


def test_the_csv_has_every_model_of_the_set() -> None:
    where = committed_set("PrivateTest")
    rows = section.csv_rows(where, EQUAL_SHARES)
    assert [row["model"] for row in rows] == list(where.models)
    assert rows[0]["share_fear"] == pytest.approx(1 / 7)
    assert rows[0]["no_skill"] == pytest.approx(1 / 7)
    given = where.predictions("individual")
    corrected = priors.accuracy_at(priors.correct(given, EQUAL_SHARES), EQUAL_SHARES)
    assert (rows[0]["accuracy_corrected"], rows[0]["correction_approximate"]) == (
        corrected.accuracy,
        True,
    )
