"""The page Label agreement."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from apptest import ROOT, open_page, text_of
from ferplus_file import write
from streamlit.testing.v1 import AppTest

from fer_core.artifacts import summaries
from fer_core.datasets.fer2013_ids import official_id
from fer_core.datasets.ferplus import COLUMNS, VOTES_FILE, find_votes
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement, ferplus_protocol
from fer_core.registry import MODELS
from fer_core.reports.format import format_interval, join_words, percent
from pages.charts.vote_bars import vote_bars
from pages.sections.label_agreement import tables, verdict

PAGE = "pages/label_agreement.py"


def private(name: str = "multiclass") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ids, labels and answers of PrivateTest, straight from the committed file."""
    saved = np.load(summaries.path(MODELS[name]).with_suffix(".npz"))
    rows = np.char.startswith(saved["ids"], "PrivateTest")
    return saved["ids"][rows], saved["labels"][rows], saved["probabilities"][rows].argmax(axis=1)


def pictures(app: AppTest) -> int:
    return sum(element.proto.body.count('class="votes"') for element in app.get("html"))


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No FER2013 and no votes; the folder where they would be."""
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    return tmp_path


@pytest.fixture
def crowd_of_models(nothing_here: Path, tiny_data: Path) -> Path:
    """Six of ten people say what the multi-class CNN says, four do not know; and a FER2013."""
    shutil.copytree(tiny_data, nothing_here / "fer2013")
    ids, _, said = private()
    where = {image: int(answer) for image, answer in zip(ids, said, strict=True)}
    rows = {
        row: {COLUMNS[where[official_id(row)]]: 6, "unknown": 4}
        for row in range(32298, 35887)
        if official_id(row) in where
    }
    write(nothing_here / VOTES_FILE, rows)
    return nothing_here


@pytest.mark.usefixtures("nothing_here")
def test_numbers_are_there_without_the_data() -> None:
    app = open_page(PAGE, model=MODELS["multiclass"].title)
    assert not app.exception
    text = text_of(app)
    assert "3,121 of PrivateTest's 3,589" in text
    assert "**68.0\u00a0%**" in text
    assert "34.8\u00a0%" in text  # the baseline with the crowd
    assert "github.com/microsoft/FERPlus" in text
    assert "msambare/fer2013" in text
    backed = (
        ferplus_agreement.load_agreement()
        .models["PrivateTest"]["multiclass"]
        .majority_sides_with_model
    )
    assert f"On {backed} PrivateTest faces, Multi-class CNN differs from the label" in text
    assert pictures(app) == 0


@pytest.mark.usefixtures("nothing_here")
def test_table_is_what_is_recorded() -> None:
    app = open_page(PAGE, split="PublicTest")
    rows = ferplus_agreement.load_agreement().models["PublicTest"]
    table = app.dataframe[0].value.set_index("Model")
    assert list(table.index) == [model.title for model in MODELS.values()]
    for name, row in rows.items():
        line = table.loc[MODELS[name].title]
        assert line["Label"] == pytest.approx(100 * row.label_accuracy)
        assert line["Crowd"] == pytest.approx(100 * row.majority_accuracy)
        assert line["κ crowd"] == pytest.approx(row.majority_kappa)
        low, high = row.contrast.majority_kappa_interval
        assert line["κ crowd, 95 %"] == f"{low:.2f} to {high:.2f}"
        assert line["FER+ protocol"] == pytest.approx(100 * row.protocol.accuracy)
    assert "of PublicTest's 3,589" in text_of(app)


@pytest.mark.usefixtures("nothing_here")
def test_the_verdict_goes_both_ways() -> None:
    text = text_of(open_page(PAGE))
    rows = ferplus_agreement.load_agreement().models["PrivateTest"]
    lower = [name for name, row in rows.items() if row.difference_interval.high < 0]
    assert len(lower) == 3
    assert "**2 of 9 models agree with the crowd significantly more often" in text
    assert f"3 significantly less often ({join_words([MODELS[n].title for n in lower])})" in text
    assert "4 cannot be told apart**" in text
    # Interval and exact test disagree about one model, and the correction keeps one.
    assert "not significant for Multi-class CNN (p = 0.053)" in text
    assert "there remain Keras CNN from scratch, which agrees more with the crowd" in text
    higher = sum(row.majority_kappa > row.label_kappa for row in rows.values())
    beyond = sum(row.contrast.kappa_difference_interval.low > 0 for row in rows.values())
    assert f"higher with the crowd for {higher} of 9 models, beyond chance for {beyond}" in text


@pytest.mark.usefixtures("nothing_here")
def test_no_test_on_the_split_that_chose() -> None:
    app = open_page(PAGE, split="PublicTest")
    text = text_of(app)
    assert "3 of 9 models agree more often with the crowd, 6 more often with the label" in text
    assert "no test is made on this split" in text
    assert "McNemar" not in text
    assert "significant" not in text
    assert "beyond chance" not in text
    assert "McNemar" not in app.dataframe[0].value
    assert "McNemar" in open_page(PAGE).dataframe[0].value


def test_verdict_where_nothing_can_be_told_apart() -> None:
    row = ferplus_agreement.load_agreement().models["PrivateTest"]["resnet101"]
    text = verdict.accuracy_verdict({"resnet101": row})
    assert "0 of 1 models agree with the crowd significantly more often" in text
    assert "0 significantly less often, and 1 cannot be told apart" in text
    assert "there remains none" in text
    assert "not significant for" not in text


@pytest.mark.usefixtures("nothing_here")
def test_the_protocol_of_ferplus_stands_by_itself() -> None:
    results = ferplus_agreement.load_agreement()
    faces, rows = results.protocol["PrivateTest"], results.models["PrivateTest"]
    app = open_page(PAGE)
    text = text_of(app)
    assert f"**{faces.n:,}** of PrivateTest's faces" in text
    assert "can never answer contempt" in text
    assert "84.99\u00a0% for probabilistic label drawing" in text
    assert "83.85\u00a0% for majority voting" in text
    table = app.table[0].value
    for name, row in rows.items():
        line = table.loc[MODELS[name].title]
        assert line["Accuracy"] == percent(row.protocol.accuracy, 1)
        assert line["95 % interval"] == format_interval(row.protocol.interval)
        assert line["Faces"] == f"{faces.n:,}"
    assert len(table) == len(MODELS) + 1 + len(ferplus_protocol.PUBLISHED)
    public = open_page(PAGE, split="PublicTest")
    assert len(public.table[0].value) == len(MODELS) + 1  # published for PrivateTest only
    assert "84.99" not in text_of(public)


def test_the_csv_has_both_ends_of_every_interval() -> None:
    rows = ferplus_agreement.load_agreement().models["PrivateTest"]
    lines = tables.csv_rows(rows, "PrivateTest", tested=True)
    assert [line["model"] for line in lines] == list(rows)
    for line, row in zip(lines, rows.values(), strict=True):
        for name in ("label_accuracy", "crowd_accuracy", "difference", "label_kappa"):
            assert line[f"{name}_low"] < line[name] < line[f"{name}_high"]
        ends = (line["kappa_difference_low"], line["kappa_difference_high"])
        assert ends == row.contrast.kappa_difference_interval
        assert line["mcnemar_p"] == row.contrast.p_value
        assert line["protocol_accuracy"] == row.protocol.accuracy
    assert "mcnemar_p" not in tables.csv_rows(rows, "PublicTest", tested=False)[0]


@pytest.mark.usefixtures("crowd_of_models")
def test_gallery_holds_the_wrong_answers_that_the_crowd_gives_too() -> None:
    ids, labels, said = private()
    known = {official_id(row) for row in range(32298, 35887)}
    wrong = (said != labels) & np.isin(ids, list(known))
    app = open_page(PAGE, model=MODELS["multiclass"].title)
    assert not app.exception
    assert f"of {wrong.sum():,}" in text_of(app)
    assert pictures(app) == 12
    assert "6 of 10 agree with the model" in text_of(app)

    sad = wrong & (labels == EMOTIONS.index("sad"))
    app.selectbox(key="disputed-label").select("sad").run()
    assert f"Faces 1 to 12 of {sad.sum():,}" in text_of(app)
    app.pagination[0].set_value(-(-int(sad.sum()) // 12)).run()
    assert pictures(app) == (sad.sum() - 1) % 12 + 1


def test_the_gallery_with_the_real_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FER2013_DIR", raising=False)
    votes = find_votes(ROOT / "data" / VOTES_FILE)
    if votes is None or not (ROOT / "data/fer2013").is_dir():
        pytest.skip("FER2013 and the votes are not both in data/")
    ids, labels, said = private()
    many = votes.for_images(ids)
    five = (many >= 5).sum(axis=1) == 1
    unique = many.max(axis=1) > np.sort(many, axis=1)[:, -2]
    chosen = five & unique & (many.argmax(axis=1) == said) & (said != labels)
    app = open_page(PAGE, model=MODELS["multiclass"].title)
    assert f"Faces 1 to 12 of {chosen.sum()}" in text_of(app)
    shown = "".join(element.proto.body for element in app.get("html"))
    named = [part.split(",")[0] for part in shown.split('alt="FER2013 ')[1:]]
    assert len(named) == 12
    assert set(named) <= set(ids[chosen])


def test_vote_bars_mark_answer_and_label() -> None:
    votes = np.array([0, 0, 1, 6, 0, 0, 0, 3, 0, 0])
    html = vote_bars(votes, EMOTIONS.index("happy"), EMOTIONS.index("sad"), 0.81)
    assert html.index("happy") < html.index("contempt") < html.index("fear") < html.index("sad")
    assert "neutral" not in html
    style = f"--n:6;--colour:{COLOURS['happy']}"
    assert f'<b>happy</b></span><span class="bar" style="{style}">' in html
    assert "the model&#39;s answer (81\u00a0%)" in html
    assert html.count("the model&#39;s answer") == html.count("FER2013&#39;s label") == 1
    both = vote_bars(votes, 3, 3, 1.0)
    assert "the model&#39;s answer (100\u00a0%) and FER2013&#39;s label" in both


@pytest.mark.usefixtures("nothing_here")
def test_numbers_of_other_weights_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    known = ferplus_agreement.load_agreement()
    old = {
        split: rows | {"stacking": replace(rows["stacking"], sha256="0")}
        for split, rows in known.models.items()
    }
    monkeypatch.setattr(ferplus_agreement, "load_agreement", lambda: replace(known, models=old))
    app = open_page(PAGE)
    assert "current weights of Stacking" in app.warning[0].value
    assert "Stacking" not in set(app.dataframe[0].value["Model"])
    assert len(app.dataframe[0].value) == len(MODELS) - 1


@pytest.mark.usefixtures("nothing_here")
def test_without_the_record_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ResultsError("crowd.json is missing: run python -m training.ferplus.")

    monkeypatch.setattr(ferplus_agreement, "load_agreement", missing)
    app = open_page(PAGE)
    assert not app.exception
    assert "python -m training.ferplus" in app.info[0].value


def test_a_foreign_votes_file_is_said(nothing_here: Path) -> None:
    (nothing_here / VOTES_FILE).write_text("a,b\n1,2\n")
    app = open_page(PAGE)
    assert not app.exception
    assert "is not the file of github.com/microsoft/FERPlus" in app.warning[0].value


@pytest.mark.usefixtures("crowd_of_models")
def test_an_odd_address_is_no_accident() -> None:
    app = open_page(PAGE, model="nobody", split="Training", label="bored", faces="99999")
    assert not app.exception
    assert app.title


def test_several_verdicts_say_that_each_is_judged_alone() -> None:
    text = text_of(open_page(PAGE))
    assert text.count("each judged alone by the paired 95 % interval of its difference") == 2
    assert "Bonferroni's correction" in text
