"""Labels and models held against the crowd, in words, charts and faces."""

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
from fer_core.reports.format import percent, format_interval
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, selectors
from pages.sections.label_agreement import charts
from pages.style import STYLES

VOTES_HELP = (
    "Shown here, with both files in place: the faces that a model got “wrong” and the votes of the "
    "ten people who agree with it. The votes are `fer2013new.csv` of "
    "[github.com/microsoft/FERPlus](https://github.com/microsoft/FERPlus) (MIT licence; Barsoum et "
    "al. 2016): put it into `data/`, beside the folder of FER2013, and reload this page."
)
ALL_LABELS = "all"


def show_answer(labels: LabelAgreement, split: str, evaluated: Sequence[ModelSpec]) -> None:
    """How many labels the crowd shares, and which models learned from such votes."""
    st.markdown(
        "**Often the label.** FER2013 gives each face one label. For FER+, Microsoft asked ten "
        "people "
        f"about each face (Barsoum et al. 2016). For {labels.with_majority:,} of {split}'s {labels.n:,} "
        "faces "
        "at least five of the ten chose the same emotion, and no other answer got as many: the "
        f"**crowd's majority**. Only **{percent(labels.majority_agreement, 1)}** of these faces carry "
        "that "
        f"label (95 % interval {format_interval(labels.majority_agreement_interval)})."
    )
    if taught := [v.title for v in evaluated if summaries.trained_on_votes(v)]:
        st.markdown(
            f"Such votes, those of Training's faces, also taught **{', '.join(taught)}** part of "
            "what "
            "it knows; the others learned without them."
        )


def show_accuracies(labels: LabelAgreement, split: str, rows: Mapping[str, ModelAgreement]) -> None:
    """Each model measured by the label and by the crowd."""
    st.header("The same answers, measured by the label and by the crowd", anchor=False)
    st.plotly_chart(
        charts.accuracy_chart(rows, labels),
        key="accuracies",
        config=theme.STATIC,
        alt=f"Accuracy on {labels.with_majority:,} {split} faces, by label and by crowd: "
        + ", ".join(
            f"{MODELS[name].title} {percent(row.label_accuracy, 1)} and {percent(row.majority_accuracy, 1)}"
            for name, row in rows.items()
        )
        + f"; no skill {percent(labels.label_baseline, 1)} and {percent(labels.majority_baseline, 1)}.",
    )
    more = sum(row.difference_interval.low > 0 for row in rows.values())
    beyond = sum(row.majority_kappa > row.label_kappa for row in rows.values())
    best = max(rows, key=lambda name: rows[name].majority_kappa)
    st.markdown(
        f"Both accuracies are on the same {labels.with_majority:,} faces; the thin bars are 95 % "
        "intervals. "
        f"**{more} of {len(rows)} models agree with people more often than with the label**, by "
        "more "
        "than chance. Part of it is that people's answers are easier to guess: always "
        f"“{labels.most_frequent_majority}” equals their majority for {percent(labels.majority_baseline, 1)} "
        "of "
        f"the faces, always “{labels.most_frequent_label}” the label for "
        f"{percent(labels.label_baseline, 1)}. "
        "Cohen's κ takes such luck out: 0 is agreement by chance alone, 1 is perfect. "
        f"**It is higher with the crowd for {beyond} of {len(rows)} models**; the highest, of "
        f"“{MODELS[best].title}”, is {rows[best].majority_kappa:.2f} with the crowd and "
        f"{rows[best].label_kappa:.2f} with the labels."
    )
    with st.expander("All numbers as a table"):
        st.dataframe(
            charts.accuracy_table(rows),
            hide_index=True,
            column_config=charts.COLUMN_CONFIG,
            alt=f"For each model accuracy by label and crowd, difference and kappa on {split}",
        )
        st.caption(
            "Percent, except κ; “95 %” columns are 95 % intervals (Wilson; of the difference, "
            "which is "
            "paired, and of the votes bootstrap over faces). “Votes for its answer”: the mean "
            "share of "
            "the ten votes that went to what the model said. FER2013's own labels get "
            f"{percent(labels.label_vote_share, 1)}, always “{labels.most_frequent_majority}” "
            f"{percent(labels.baseline_vote_share, 1)}, and the most that any model could get is "
            f"{percent(labels.max_vote_share, 1)}."
        )


def show_by_emotion(labels: LabelAgreement, split: str) -> None:
    """How far label and crowd agree, an emotion at a time."""
    st.header("For which emotions do label and crowd agree?", anchor=False)
    agreeing = {name: row["agree_clear"] for name, row in labels.by_emotion.items()}
    st.plotly_chart(
        emotion_bars.share_bars(
            agreeing, {k: int(row["clear"]) for k, row in labels.by_emotion.items()}
        ),
        key="agreement",
        config=theme.STATIC,
        alt=theme.alt_text(
            f"Share of {split}'s faces of each label whose crowd majority is that label", agreeing
        ),
    )
    st.caption(
        f"{split}, faces with a crowd's majority, by FER2013's label; the bar is the share where "
        "the "
        f"majority is that label. If the emotion with most votes counts, however few, it is "
        f"{percent(labels.plurality_agreement, 1)} of all {labels.with_votes:,} faces with votes."
    )


def show_disputed_labels(split: str, rows: Mapping[str, ModelAgreement]) -> None:
    """The faces that count as mistakes although the crowd agrees with the model."""
    st.header("Called wrong, but the crowd agrees with the model", anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        model = selectors.select_model([MODELS[name] for name in rows])
        label = st.selectbox(
            "FER2013's label", [ALL_LABELS, *EMOTIONS], key="label", width=200, bind="query-params"
        )
    st.markdown(
        f"{model.title} differs from the label of {split} {rows[model.name].majority_sides_with_model:,} times where "
        "the "
        "crowd's majority is what the model said. Each of these counts as a mistake in every "
        "accuracy "
        "on FER2013's labels."
    )
    try:
        found = split_predictions(model.name, split)
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
    cast = votes.for_images(found.ids)
    said = found.predicted
    sure = found.probabilities.max(axis=1)
    order = ferplus_agreement.rank_by_majority_support(found.labels, said, cast, sure)
    if label != ALL_LABELS:
        order = order[found.labels[order] == EMOTIONS.index(label)]
    st.html(STYLES / "label_agreement.css")
    face_gallery.show_gallery(
        found.ids[order],
        [f"{cast[i, said[i]]} of {cast[i].sum()} agree with the model" for i in order],
        key="faces",
        per_page=12,
        detail=lambda at: charts.vote_bars(
            cast[order[at]],
            int(said[order[at]]),
            int(found.labels[order[at]]),
            float(sure[order[at]]),
        ),
    )
