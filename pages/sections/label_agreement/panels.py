"""The sections of Label agreement: labels and models compared with the crowd."""

from collections.abc import Mapping, Sequence

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import ferplus_agreement
from fer_core.evaluation.ferplus_agreement import LabelAgreement, ModelAgreement
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import format_interval, join_words, percent
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, selectors
from pages.sections.label_agreement import charts
from pages.style import STYLES

VOTES_HELP = (
    "With FER2013 and FER+ in place, this section shows the faces on which a model is “wrong” but "
    "the crowd agrees with it, and the ten votes for each. Download `fer2013new.csv` from "
    "[github.com/microsoft/FERPlus](https://github.com/microsoft/FERPlus) (MIT licence; Barsoum et "
    "al. 2016), put it into `data/`, next to the folder of FER2013, and reload this page."
)
ALL_LABELS = "all"


def show_answer(labels: LabelAgreement, split: str, evaluated: Sequence[ModelSpec]) -> None:
    """Write how often label and crowd agree, and which models were trained on such votes."""
    st.markdown(
        "**Often the label.** FER2013 gives each face one label. For FER+, Microsoft asked ten "
        "annotators about each face (Barsoum et al. 2016). For "
        f"{labels.with_majority:,} of {split}'s {labels.n:,} faces, at least five of the "
        "ten chose the "
        "same emotion and no other answer got as many votes: the **crowd's majority**. It equals "
        f"FER2013's label for only **{percent(labels.majority_agreement, 1)}** of these faces "
        f"(95 % interval {format_interval(labels.majority_agreement_interval)})."
    )
    trained = [model for model in evaluated if summaries.trained_on_votes(model)]
    if trained:
        st.markdown(_training_note(trained, evaluated))


def _training_note(trained: Sequence[ModelSpec], evaluated: Sequence[ModelSpec]) -> str:
    """Which models were trained on FER+ votes, directly or through a teacher."""
    names = [model.name for model in trained]
    students = [
        model.title
        for model in evaluated
        if model.name not in names and summaries.teacher_name(model) in names
    ]
    titles = join_words([model.title for model in trained])
    verb = "was" if len(trained) == 1 else "were"
    note = f"**{titles}** {verb} trained partly on such votes for the Training faces."
    if students:
        verb = "was" if len(students) == 1 else "were"
        note += (
            f" {join_words(students)} {verb} trained partly on answers of {titles} or of "
            "an earlier "
            "version of it (knowledge distillation), so the votes may have an indirect influence."
        )
    return note


def show_accuracies(labels: LabelAgreement, split: str, rows: Mapping[str, ModelAgreement]) -> None:
    """Draw each model's accuracy against the label and against the crowd."""
    st.header("Accuracy against the label and against the crowd", anchor=False)
    st.plotly_chart(
        charts.accuracy_chart(rows, labels),
        key="accuracies",
        config=theme.STATIC,
        alt=f"Accuracy on {labels.with_majority:,} {split} faces, against label and crowd: "
        + ", ".join(
            f"{MODELS[name].title} {percent(row.label_accuracy, 1)} and "
            f"{percent(row.majority_accuracy, 1)}"
            for name, row in rows.items()
        )
        + f"; no-skill baseline {percent(labels.label_baseline, 1)} and "
        f"{percent(labels.majority_baseline, 1)}.",
    )
    higher = sum(row.difference_interval.low > 0 for row in rows.values())
    higher_kappa = sum(row.majority_kappa > row.label_kappa for row in rows.values())
    best = max(rows, key=lambda name: rows[name].majority_kappa)
    verb = "agrees" if higher == 1 else "agree"
    st.markdown(
        f"Both accuracies are on the same {labels.with_majority:,} faces; thin bars are "
        "95 % intervals. "
        f"**{higher} of {len(rows)} models {verb} with the crowd significantly more often than "
        "with the label.** Part of any gap is that the crowd's majority is easier to guess: always "
        f"answering “{labels.most_frequent_majority}” matches it for "
        f"{percent(labels.majority_baseline, 1)} of the faces, while always answering "
        f"“{labels.most_frequent_label}” matches the label for "
        f"{percent(labels.label_baseline, 1)}. "
        "Cohen's κ corrects for this: 0 is agreement by chance alone, 1 is perfect agreement. "
        f"**κ is higher with the crowd for {higher_kappa} of {len(rows)} models**; the highest, "
        f"that of “{MODELS[best].title}”, is {rows[best].majority_kappa:.2f} with the crowd and "
        f"{rows[best].label_kappa:.2f} with the labels."
    )
    with st.expander("All numbers as a table"):
        st.dataframe(
            charts.accuracy_table(rows),
            hide_index=True,
            column_config=charts.COLUMN_CONFIG,
            alt=f"{split}: each model's accuracy against label and crowd, difference and kappa",
        )
        st.caption(
            "In percent, except κ. The “95 %” columns are 95 % intervals: Wilson for the "
            "accuracies, bootstrap over faces for the paired difference and for the votes. “Votes "
            "for its answer” is the mean share of the ten votes given to the model's answer. "
            f"FER2013's labels get {percent(labels.label_vote_share, 1)}, always answering "
            f"“{labels.most_frequent_majority}” gets "
            f"{percent(labels.baseline_vote_share, 1)}, and the maximum "
            f"for any model is {percent(labels.max_vote_share, 1)}."
        )


def show_by_emotion(labels: LabelAgreement, split: str) -> None:
    """Draw how often label and crowd agree, per emotion."""
    st.header("For which emotions do label and crowd agree?", anchor=False)
    shares = {name: row["majority_agreement"] for name, row in labels.by_emotion.items()}
    st.plotly_chart(
        emotion_bars.share_bars(
            shares, {name: int(row["with_majority"]) for name, row in labels.by_emotion.items()}
        ),
        key="agreement",
        config=theme.STATIC,
        alt=theme.alt_text(
            f"For each label, share of {split}'s faces whose crowd majority is that label", shares
        ),
    )
    st.caption(
        f"{split} faces with a clear majority, by FER2013's label; each bar is the share of them "
        "whose majority is that label, with its 95 % interval (Wilson). "
        "Without the five-vote minimum, the emotion with the most "
        f"votes is the label for {percent(labels.plurality_agreement, 1)} of all "
        f"{labels.with_votes:,} faces "
        "with votes."
    )


def show_disputed_labels(split: str, rows: Mapping[str, ModelAgreement]) -> None:
    """Draw the faces that count as mistakes although the crowd agrees with the model."""
    st.header("Counted as wrong, although the crowd agrees with the model", anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        model = selectors.select_model([MODELS[name] for name in rows])
        label = st.selectbox(
            "FER2013's label", [ALL_LABELS, *EMOTIONS], key="label", width=200, bind="query-params"
        )
    st.markdown(
        f"On {rows[model.name].majority_sides_with_model:,} {split} faces, {model.title} "
        "differs from the label but "
        "agrees with the crowd's majority. Every accuracy measured on FER2013's labels counts "
        "these as mistakes."
    )
    try:
        predictions = split_predictions(model.name, split)
    except ResultsError as error:
        st.error(str(error))
        st.stop()
    try:
        votes = find_votes()
    except FerError as error:
        st.warning(str(error))
        votes = None
    if votes is None or Fer2013Dataset.find() is None:
        if votes is None:
            st.info(VOTES_HELP, icon=":material/how_to_vote:")
        if Fer2013Dataset.find() is None:
            face_gallery.show_download_instructions()
        st.stop()
    face_votes = votes.for_images(predictions.ids)
    predicted, labels = predictions.predicted, predictions.labels
    confidence = predictions.probabilities.max(axis=1)
    order = ferplus_agreement.rank_by_majority_support(labels, predicted, face_votes, confidence)
    if label != ALL_LABELS:
        order = order[labels[order] == EMOTIONS.index(label)]
    st.html(STYLES / "label_agreement.css")
    face_gallery.show_gallery(
        predictions.ids[order],
        [
            f"{face_votes[i, predicted[i]]} of {face_votes[i].sum()} agree with the model"
            for i in order
        ],
        key="faces",
        per_page=12,
        detail=lambda at: charts.vote_bars(
            face_votes[order[at]],
            int(predicted[order[at]]),
            int(labels[order[at]]),
            float(confidence[order[at]]),
        ),
    )
