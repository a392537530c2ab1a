"""Responsible use."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from apptest import open_page, text_of
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import (
    copy_agreement,
    default_model,
    fairness,
    ferplus_agreement,
    near_copies,
    per_class,
)
from fer_core.evaluation.default_model import default_model_name
from fer_core.registry import MODELS
from fer_core.reports.format import format_ends, percent
from pages.components import photo_sources

PAGE = "pages/responsible.py"


@pytest.fixture(scope="module")
def text() -> str:
    app = open_page(PAGE)
    assert not app.exception
    return text_of(app)


def charts(app: AppTest) -> list[str]:
    return [element.proto.alt for element in app.get("plotly_chart")]


def test_the_answer_comes_first() -> None:
    first = open_page(PAGE).markdown[0].value
    assert "cannot tell what anybody feels" in first


def test_every_accuracy_has_its_split_size_interval_and_baseline() -> None:
    name = default_model_name()
    assert name is not None
    first = open_page(PAGE).markdown[0].value
    assert MODELS[name].title in first
    agreement = ferplus_agreement.load_agreement()
    row, labels = agreement.models["PrivateTest"][name], agreement.labels["PrivateTest"]
    assert f"{percent(row.majority_accuracy, 1)} (95 % interval" in first
    assert f"of the {row.n:,} faces of FER2013's PrivateTest" in first
    assert f"answering neutral, scores {percent(labels.majority_baseline, 1)}" in first
    new = copy_agreement.load()["PrivateTest"].for_model(MODELS[name])
    assert new is not None
    assert f"On the {new.other.n:,} of these faces" in first
    assert f"it is {percent(new.other.value, 1)} (95 % interval" in first


def test_a_default_by_the_labels_is_measured_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_model, "default_model_name", lambda: "resnet101")
    first = open_page(PAGE).markdown[0].value
    private = split_predictions("resnet101", "PrivateTest")
    assert f"{percent(float(private.correct.mean()), 1)} (95 % interval" in first
    assert f"{len(private):,} PrivateTest faces" in first
    baseline = max((private.labels == i).mean() for i in range(len(EMOTIONS)))
    assert f"scores {percent(float(baseline), 1)}" in first
    new = near_copies.accuracy("resnet101", "PrivateTest").other
    assert f"of the {new.n:,} others it gives the label of {percent(new.value, 1)}" in first


def test_smiles_of_different_people_are_those_of_the_record() -> None:
    text = text_of(open_page(PAGE))
    everybody, *groups = fairness.load().for_model(MODELS[str(default_model_name())])
    assert f"{percent(everybody.smiles.value)} of the posed smiles of 102 people" in text
    for name in ("white", "black", "male", "female"):
        [row] = [row for row in groups if row.group == name]
        share = f"**{percent(row.smiles.value)}** ({format_ends(row.smiles.interval, 0)})"
        assert f"{share} of the {row.people} " in text
    assert fairness.CREDIT in text


def test_without_results_the_smiles_are_said_to_be_missing(copied_results: Path) -> None:
    (copied_results / "fairness.json").unlink()
    app = open_page(PAGE)
    assert not app.exception
    assert any("training.fairness" in info.value for info in app.info)


def test_label_noise_is_what_is_recorded(text: str) -> None:
    agreement = ferplus_agreement.load_agreement().labels["PrivateTest"]
    assert "65 ± 5\u00a0%" in text
    assert f"{agreement.with_majority:,} of {agreement.n:,} PrivateTest faces" in text
    assert percent(agreement.majority_agreement, 1) in text
    assert percent(agreement.majority_baseline, 1) in text


def test_charts_are_of_the_record_and_of_the_predictions() -> None:
    labels, recall = charts(open_page(PAGE))
    name = default_model.best_by_labels()
    assert name is not None
    for row in per_class.rows(split_predictions(name, "PrivateTest")):
        assert f"{row.emotion} {percent(row.recall)}" in recall
    for emotion, row in ferplus_agreement.load_agreement().labels["PrivateTest"].by_emotion.items():
        assert f"{emotion} {percent(row['majority_agreement'])}" in labels


def test_numbers_follow_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    results = ferplus_agreement.load_agreement()
    other = replace(results.labels["PrivateTest"], majority_agreement=0.123, with_majority=2222)
    changed = replace(results, labels=results.labels | {"PrivateTest": other})
    monkeypatch.setattr(ferplus_agreement, "load_agreement", lambda: changed)
    text = text_of(open_page(PAGE))
    assert "2,222 of" in text
    assert "12.3\u00a0%" in text


@pytest.mark.parametrize(
    "fact",
    [
        "Article 5(1)(f)",
        "2 February 2025",
        "Article 50(3)",
        "2 August 2026",
        "Article 3(39)",
        "Annex III",
        "GDPR",
        "not legal advice",
        "Barrett et al. 2019",
        "web image search",
        "about 2 minutes after",
    ],
)
def test_it_says(text: str, fact: str) -> None:
    assert fact in text


def test_headings_are_in_order() -> None:
    app = open_page(PAGE)
    assert len(app.title) == 1
    html = "".join(element.proto.body for element in app.get("html"))
    assert re.findall(r"<h(\d)", html) == ["2", "2", "3", "3"]
    assert not app.subheader


def test_teachers_are_told_what_is_kept_and_what_the_law_says() -> None:
    app = open_page(PAGE)
    assert "In class" in [header.value for header in app.header]
    [advice] = [each.value for each in app.markdown if "Use the sample photos" in each.value]
    assert "parents agreed" in advice
    assert "Article 5(1)(f)" in advice
    assert f"{st.get_option('server.disconnectedSessionTTL') / 60:g} minutes" in advice


def broken(*_: object) -> None:
    raise ResultsError("damaged; restore it from the repository.")


def test_a_damaged_record_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ferplus_agreement, "load_agreement", broken)
    app = open_page(PAGE)
    assert not app.exception
    assert [info.value for info in app.info] == ["damaged; restore it from the repository."]
    assert len(charts(app)) == 1
    assert "Article 5(1)(f)" in text_of(app)


def test_damaged_predictions_leave_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(per_class, "rows", broken)
    app = open_page(PAGE)
    assert not app.exception
    assert len(app.info) == 1
    assert len(charts(app)) == 1
    assert "Article 5(1)(f)" in text_of(app)


@pytest.mark.usefixtures("untrained")
def test_without_results_it_still_says_what_matters() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "cannot tell what anybody feels" in text_of(app)
    assert "Article 5(1)(f)" in text_of(app)


@pytest.mark.parametrize("page", ["pages/classify.py", "pages/compare.py", "pages/saliency.py"])
def test_upload_pages_carry_the_notice(page: str) -> None:
    app = open_page(page)
    assert photo_sources.PRIVACY_NOTICE in [caption.value for caption in app.caption]
    assert "Ask people" in photo_sources.PRIVACY_NOTICE
    links = [link.proto.page for link in app.get("page_link")]
    assert any("responsible" in link for link in links)
