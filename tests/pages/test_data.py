"""Data."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from apptest import open_page, text_of
from ferplus_file import write
from streamlit.testing.v1 import AppTest

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013_ids import SPLITS, official_id
from fer_core.datasets.ferplus import VOTES_FILE
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import copy_agreement, near_copies
from fer_core.registry import MODELS
from fer_core.reports.format import format_interval, percent
from pages.sections.data import near_copies as section
from pages.sections.data import panels

PAGE = "pages/data.py"


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No FER2013 and no votes; the folder where the votes would be."""
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    return tmp_path


@pytest.fixture
def tiny_here(monkeypatch: pytest.MonkeyPatch, tiny_data: Path) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tiny_data))
    monkeypatch.setattr(fer2013_stats, "_scans", type(fer2013_stats._scans)())  # no scan yet


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


@pytest.mark.usefixtures("nothing_here")
def test_facts_are_there_without_the_data() -> None:
    app = open_page(PAGE)
    assert not app.exception
    text = text_of(app)
    for fact in ("28,709", "35,887", "3,369 images", "1,516 groups", "557 of these", "288 of"):
        assert fact in text
    assert "57 groups carry conflicting labels" in text
    assert "65 ± 5\u00a0%" in text
    assert "right for 24.5\u00a0% of PrivateTest" in text
    assert "msambare/fer2013" in text
    assert not app.button
    assert "<img" not in html(app)


@pytest.mark.usefixtures("nothing_here")
def test_balance_table_is_what_is_recorded() -> None:
    table = open_page(PAGE).dataframe[0].value.set_index("Emotion")
    stats = fer2013_stats.load_stats()
    for split in SPLITS:
        assert table.loc["all", split] == stats.total(split)
        for name in EMOTIONS:
            assert table.loc[name, split] == stats.counts[split][name]
            share = 100 * stats.counts[split][name] / stats.total(split)
            assert table.loc[name, f"{split}, %"] == pytest.approx(share)
    happy = [stats.counts[s]["happy"] / stats.total(s) for s in SPLITS]
    assert stats.widest_gap() >= max(happy) - min(happy)


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_shared_errors_are_wrong_in_every_file(split: str) -> None:
    app = open_page(PAGE, split=split)
    right, labels = np.zeros(3589, int), np.zeros(0, int)
    for model in MODELS.values():
        saved = np.load(summaries.path(model).with_suffix(".npz"))
        rows = np.char.startswith(saved["ids"], split)
        labels = saved["labels"][rows]
        right += saved["probabilities"][rows].argmax(axis=1) == labels
    table = app.dataframe[2].value.set_index("Label")
    for i, name in enumerate(EMOTIONS):
        assert table.loc[name, "Wrong for all models"] == ((right == 0) & (labels == i)).sum()
        assert table.loc[name, "Faces"] == (labels == i).sum()
    assert f"wrong on {(right == 0).sum()} of {split}'s 3,589 faces" in text_of(app)


@pytest.mark.usefixtures("tiny_here")
def test_one_scan_serves_both_sections() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "Mean of" not in html(app)
    app.button(key="means").click().run()
    assert not app.exception
    assert html(app).count("Mean of 40 ") == 7
    assert "other results: faces by split and emotion, groups of identical" in app.warning[0].value
    assert not app.button  # nothing is left to count


@pytest.mark.usefixtures("tiny_here")
def test_the_same_numbers_are_called_the_same(
    monkeypatch: pytest.MonkeyPatch, tiny_data: Path
) -> None:
    dataset = fer2013_stats.Fer2013Dataset.find(tiny_data)
    assert dataset is not None
    counted = fer2013_stats.scan_dataset(dataset).stats
    assert panels.differing_fields(counted, counted) == []
    assert panels.differing_fields(counted, replace(counted, groups=9)) == [
        panels.FIELD_TITLES["groups"]
    ]
    monkeypatch.setattr(fer2013_stats, "load_stats", lambda: counted)
    app = open_page(PAGE)
    assert "every number agrees" in app.success[0].value


def test_an_unreadable_image_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "train" / "sad"
    folder.mkdir(parents=True)
    (folder / "Training_1.jpg").write_bytes(b"no picture")
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    app = open_page(PAGE).button(key="count").click().run()
    assert not app.exception
    assert "Training_1.jpg is not a 48×48 image" in app.error[0].value


def test_a_missing_emotion_has_no_mean_face() -> None:
    means = np.full((7, 48, 48), 100.0)
    means[1] = np.nan
    shown = panels.mean_face_gallery(means, dict.fromkeys(EMOTIONS, 3))
    assert shown.count("<img") == 6
    assert "disgust" not in shown


@pytest.mark.usefixtures("tiny_here")
def test_gallery_of_the_shared_errors_by_label() -> None:
    app = open_page(PAGE, label="disgust")
    wrong = app.dataframe[2].value.set_index("Label")["Wrong for all models"]
    assert f"Faces 1 to 12 of {wrong['disgust']}" in text_of(app)
    assert html(app).count('class="answers"') == 12
    assert html(app).count("labelled disgust") == 12


def test_answers_are_grouped() -> None:
    by_name = {name: split_predictions(name, "PrivateTest") for name in MODELS}
    shown = panels.answers_by_emotion(by_name, 5)
    answers = [EMOTIONS[predictions.predicted[5]] for predictions in by_name.values()]
    assert shown.count("<p ") == len(set(answers))
    for name in set(answers):
        assert f"<b>{name}</b>, {answers.count(name)} of {len(MODELS)}:" in shown
    for model in MODELS.values():
        assert model.title in shown


def test_labels_that_no_annotator_chose(nothing_here: Path) -> None:
    predictions = split_predictions("multiclass", "PrivateTest")
    rows = np.arange(40)
    assert panels.unsupported_labels_text(predictions, rows) == ""
    index = {image: i for i, image in enumerate(predictions.ids[rows])}
    votes: dict[int, dict[str, int]] = {}
    for row in range(32298, 35887):
        i = index.get(official_id(row))
        if i is not None and i < 30:  # ten of forty have no votes
            happy = predictions.labels[i] == EMOTIONS.index("happy")
            votes[row] = {"happiness": 10} if not happy or i < 10 else {"unknown": 10}
    write(nothing_here / VOTES_FILE, votes)
    happy = predictions.labels[rows] == EMOTIONS.index("happy")
    none = (~happy[:30]).sum() + happy[10:30].sum()
    assert f"For {none} of the 30 of them" in panels.unsupported_labels_text(predictions, rows)
    (nothing_here / VOTES_FILE).write_text("foreign")
    assert panels.unsupported_labels_text(predictions, rows) == ""


@pytest.mark.usefixtures("nothing_here", "untrained")
def test_without_results_the_facts_stay() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "1,516 groups" in text_of(app)
    assert "No model has been evaluated yet" in text_of(app)
    assert "msambare/fer2013" in text_of(app)


def test_without_the_record_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ResultsError("fer2013.json is missing: run python -m training.dataset_stats.")

    monkeypatch.setattr(fer2013_stats, "load_stats", missing)
    app = open_page(PAGE)
    assert not app.exception
    assert "python -m training.dataset_stats" in app.info[0].value


@pytest.mark.usefixtures("tiny_here")
def test_an_odd_address_is_no_accident() -> None:
    app = open_page(PAGE, of="Nothing", split="Training", label="bored", faces="-3")
    assert not app.exception
    assert app.title


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize("split", ["PublicTest", "PrivateTest"])
def test_the_scores_with_and_without_a_copy_are_shown(split: str) -> None:
    app = open_page(PAGE, copies=split)
    assert not app.exception
    text, share = text_of(app), near_copies.total_share(split)
    assert f"{share.hits:,} of {split}'s 3,589 faces ({percent(share.value, 1)})" in text
    assert "docs/near_copies.md" in text
    table = app.dataframe[1].value.set_index("Model")
    for model in MODELS.values():
        accuracy, row = near_copies.accuracy(model.name, split), table.loc[model.short_title]
        assert row["With a copy, %"] == pytest.approx(100 * accuracy.copied.value)
        assert row["No copy, %"] == pytest.approx(100 * accuracy.other.value)
        interval = format_interval(accuracy.other.interval, unit=False)
        assert row["No copy, interval"] == interval
        disgust = near_copies.recall(model.name, split)["disgust"].other
        assert row["Disgust found, no copy"] == f"{disgust.hits} of {disgust.n}"


def test_the_pairs_are_shown_where_fer2013_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for i, (label, pair) in enumerate(near_copies.labelled_copies("PrivateTest")[:20]):
        for name, folder, emotion in (
            (pair.test_id, "test", label),
            (pair.training_id, "train", pair.training_label),
        ):
            path = tmp_path / folder / emotion / f"{name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), np.full((48, 48), 10 * i, np.uint8))
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    monkeypatch.setattr(
        near_copies, "labelled_copies", partial(first_pairs, near_copies.labelled_copies)
    )
    app = open_page(PAGE)
    assert not app.exception
    shown = html(app)
    assert shown.count('class="copy"') == section.PER_PAGE
    assert shown.count("Training: ") == section.PER_PAGE


def first_pairs(function: Callable[[str], list], split: str) -> list:
    return function(split)[:20]


def test_pairs_are_selected_by_label_and_conflict() -> None:
    pairs = section.select_pairs("PrivateTest", "fear", "conflicts")
    assert pairs
    assert all(label == "fear" != pair.training_label for label, pair in pairs)
    correlations = [
        pair.correlation for _, pair in section.select_pairs("PrivateTest", "all", "all")
    ]
    assert correlations == sorted(correlations)
    assert len(correlations) == near_copies.total_share("PrivateTest").hits


@pytest.mark.usefixtures("nothing_here")
def test_without_the_table_the_rest_of_the_page_stays(copied_results: Path) -> None:
    (copied_results / "near_copies.csv").unlink()
    app = open_page(PAGE)
    assert not app.exception
    assert any("near_copies.csv is missing" in info.value for info in app.info)
    assert "Which faces does every model get wrong?" in text_of(app)


@pytest.mark.usefixtures("nothing_here")
def test_images_without_a_face_are_counted() -> None:
    images = copy_agreement.load()["PrivateTest"].no_face.all
    assert f"{images.hits} of PrivateTest's {images.n:,} images" in text_of(open_page(PAGE))


def test_what_was_left_out_of_the_folder_is_said(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "faces"
    shutil.copytree(tiny_data, folder)
    (folder / "test" / "happy").rename(folder / "test" / "joyful")
    monkeypatch.setenv("FER2013_DIR", str(folder))
    assert "their folders (joyful) are none of" in text_of(open_page(PAGE)).replace("\\", "")
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "nowhere"))
    text = text_of(open_page(PAGE)).replace("\\", "")
    assert "FER2013_DIR names nowhere, which is missing" in text
    assert str(tmp_path) not in text
