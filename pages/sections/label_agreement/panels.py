"""The sections of Label agreement: labels and models compared with the crowd."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import ferplus_protocol, ferplus_votes
from fer_core.evaluation.ferplus_agreement import LabelAgreement, ModelAgreement
from fer_core.evaluation.ferplus_protocol import ProtocolFaces
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import format_interval, join_words, percent
from pages.charts import emotion_bars, theme
from pages.charts.vote_bars import vote_bars
from pages.components import downloads, face_gallery, figure, selectors
from pages.sections.label_agreement import charts, tables, verdict
from pages.style import STYLES

VOTES_HELP = (
    "With FER2013 and FER+ in place, this section shows the faces on which a model is “wrong” but "
    "the crowd agrees with it, and the ten votes for each. Download `fer2013new.csv` from "
    "[github.com/microsoft/FERPlus](https://github.com/microsoft/FERPlus) (MIT licence; Barsoum et "
    "al. 2016), put it into `data/`, next to the folder of FER2013, and reload this page."
)


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
    alone = [model for model in trained if summaries.trained_by_votes(model)]
    trained = [model for model in trained if model not in alone]
    names = [model.name for model in trained]
    students = [
        model.title
        for model in evaluated
        if model.name not in names and summaries.teacher_name(model) in names
    ]
    titles, note = join_words([model.title for model in trained]), ""
    if alone:
        verb = "was" if len(alone) == 1 else "were"
        note = (
            f"**{join_words([model.title for model in alone])}** {verb} trained only on such "
            "votes, for the Training faces that have no copy in a test split; its starting weights "
            "had seen all of them. "
        )
    if trained:
        verb = "was" if len(trained) == 1 else "were"
        note += f"**{titles}** {verb} trained partly on such votes for the Training faces."
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
    tested = split == ferplus_protocol.TEST_SPLIT
    figure.show(
        partial(charts.accuracy_chart, rows, labels),
        "label-and-crowd",
        f"Accuracy on {labels.with_majority:,} {split} faces, against label and crowd: "
        + ", ".join(
            f"{MODELS[name].title} {percent(row.label_accuracy, 1)} and "
            f"{percent(row.majority_accuracy, 1)}"
            for name, row in rows.items()
        )
        + f"; no-skill baseline {percent(labels.label_baseline, 1)} and "
        f"{percent(labels.majority_baseline, 1)}.",
        title="Accuracy against FER2013's label and against the majority of ten annotators",
        source=f"{labels.with_majority:,} {split} faces with a clear majority; 95 % intervals. "
        f"No-skill baseline: {percent(labels.label_baseline, 1)} and "
        f"{percent(labels.majority_baseline, 1)}.",
        rows=partial(tables.csv_rows, rows, split, tested=tested),
    )
    st.markdown(
        f"Both accuracies are on the same {labels.with_majority:,} faces; thin bars are "
        "95 % intervals. "
        + (verdict.accuracy_verdict(rows) if tested else verdict.untested_verdict(rows, split))
    )
    st.markdown(
        "Part of any gap is that the crowd's majority is easier to guess: always "
        f"answering “{labels.most_frequent_majority}” matches it for "
        f"{percent(labels.majority_baseline, 1)} of the faces, while always answering "
        f"“{labels.most_frequent_label}” matches the label for "
        f"{percent(labels.label_baseline, 1)}. "
        "Cohen's κ corrects for this: 0 is agreement by chance alone, 1 is perfect agreement. "
        + verdict.kappa_verdict(rows, tested=tested)
    )
    with st.expander("All numbers as a table"):
        st.dataframe(
            tables.accuracy_table(rows, tested=tested),
            hide_index=True,
            column_config=tables.COLUMN_CONFIG,
            alt=f"{split}: each model's accuracy against label and crowd, difference and kappa",
        )
        st.caption(
            "In percent, except κ. The “95 %” columns are 95 % intervals: Wilson for the "
            "accuracies; Fleiss, Cohen and Everitt (1969) for each κ; bootstrap over faces for the "
            "two paired differences and for the votes. "
            + ("McNemar's exact test is of the difference, each model alone. " if tested else "")
            + "“FER+ protocol” is explained below. “Votes for its answer” is the mean share of the "
            "ten votes given to the model's answer. "
            f"FER2013's labels get {percent(labels.label_vote_share, 1)}, always answering "
            f"“{labels.most_frequent_majority}” gets "
            f"{percent(labels.baseline_vote_share, 1)}, and the maximum "
            f"for any model is {percent(labels.max_vote_share, 1)}."
        )
        downloads.csv_button(
            "Download the table (CSV)",
            tables.csv_rows(rows, split, tested=tested),
            f"label-agreement-{split}",
        )


def show_protocol(faces: ProtocolFaces, split: str, rows: Mapping[str, ModelAgreement]) -> None:
    """Show each model's accuracy by FER+'s own protocol, with what its authors published."""
    st.header("By FER+'s own protocol", anchor=False)
    published = split == ferplus_protocol.TEST_SPLIT
    lowest, highest = (
        pick(rows.values(), key=lambda row: row.protocol.accuracy).protocol.accuracy
        for pick in (min, max)
    )
    st.markdown(
        "FER+'s authors count differently: an answer that only one annotator gave is dropped as "
        "an outlier, and a face counts if one of **eight** classes, the seven emotions and "
        "contempt, has more than half of the votes that are left. This keeps "
        f"**{faces.n:,}** of {split}'s faces ({faces.without_majority:,} have no such majority, on "
        f"{faces.unknown_or_no_face:,} it is “unknown” or “no face”). The models reach "
        f"{format_interval((lowest, highest))}. They know seven emotions and can never "
        f"answer contempt, so the {faces.contempt:,} faces of contempt are always wrong, and "
        f"{percent(faces.max_accuracy, 1)} is the most they could reach."
    )
    st.table(tables.protocol_table(rows, faces, published=published))
    if published:
        best, majority = ferplus_protocol.PUBLISHED
        st.caption(
            f"Wilson intervals. For context: {ferplus_protocol.PUBLISHED_SOURCE} (arXiv "
            f"1608.01041) report {percent(best.accuracy, 2)} for {best.training}, the "
            f"best of their four ways of training, and {percent(majority.accuracy, 2)} for "
            f"{majority.training}, both the mean of {best.runs} runs (standard deviation "
            f"{100 * best.standard_deviation:.2f} and {100 * majority.standard_deviation:.2f} "
            "points between runs). Their networks learned from the votes for Training, and knew "
            f"contempt. {_learned_note(rows)}"
        )
    else:
        st.caption(
            f"Wilson intervals. {split} is FER+'s validation set; what is published is on its "
            f"test set, {ferplus_protocol.TEST_SPLIT}."
        )


def _learned_note(model_names: Iterable[str]) -> str:
    """Which models can be compared with networks that learned from the votes."""
    alone = [MODELS[name] for name in model_names if summaries.trained_by_votes(MODELS[name])]
    if not alone:
        return "Ours learned mostly from FER2013's labels, so this is no ranking."
    titles = join_words([model.title for model in alone])
    return (
        f"Of ours, only {titles} learned from the votes, in one run and with seven emotions; the "
        "others learned mostly from FER2013's labels, so for them this is no ranking."
    )


def show_by_emotion(labels: LabelAgreement, split: str) -> None:
    """Draw how often label and crowd agree, per emotion."""
    st.header("For which emotions do label and crowd agree?", anchor=False)
    shares = {name: row["majority_agreement"] for name, row in labels.by_emotion.items()}
    counts = {name: int(row["with_majority"]) for name, row in labels.by_emotion.items()}
    figure.show(
        partial(emotion_bars.share_bars, shares, counts),
        "label-agreement",
        theme.alt_text(
            f"For each label, share of {split}'s faces whose crowd majority is that label", shares
        ),
        title="Share of each label's faces for which the annotators' majority is that label",
        source=f"{sum(counts.values()):,} {split} faces with a clear majority of ten annotators "
        "(FER+); in brackets 95 % Wilson intervals.",
        rows=partial(figure.share_rows, split, shares, counts, "agreement"),
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
        label = selectors.select_label("disputed-label")
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
    order = ferplus_votes.rank_by_majority_support(labels, predicted, face_votes, confidence)
    if label != selectors.ALL_LABELS:
        order = order[labels[order] == EMOTIONS.index(label)]
    st.html(STYLES / "votes.css")
    face_gallery.show_gallery(
        predictions.ids[order],
        [
            f"{face_votes[i, predicted[i]]} of {face_votes[i].sum()} agree with the model"
            for i in order
        ],
        key="faces",
        per_page=12,
        detail=lambda at: vote_bars(
            face_votes[order[at]],
            int(predicted[order[at]]),
            int(labels[order[at]]),
            float(confidence[order[at]]),
        ),
    )
