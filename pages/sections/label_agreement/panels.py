"""Labels and models held against the crowd, in words, charts and faces."""

from collections.abc import Mapping, Sequence

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets.fer2013 import Faces
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import ferplus_agreement
from fer_core.evaluation.ferplus_agreement import LabelsSeen, VariantSeen
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import percent, span
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, selectors
from pages.sections.label_agreement import charts
from pages.style import STYLES

HOW_TO_GET = (
    "Shown here, with both files in place: the faces that a model got “wrong” and the votes of the "
    "ten people who agree with it. The votes are `fer2013new.csv` of "
    "[github.com/microsoft/FERPlus](https://github.com/microsoft/FERPlus) (MIT licence; Barsoum et "
    "al. 2016): put it into `data/`, beside the folder of FER2013, and reload this page."
)
ALL = "all"


def answer(labels: LabelsSeen, split: str, evaluated: Sequence[ModelSpec]) -> None:
    """How many labels the crowd shares, and which models learned from such votes."""
    st.markdown(
        "**Often the label.** FER2013 gives each face one label. For FER+, Microsoft asked ten "
        "people "
        f"about each face (Barsoum et al. 2016). For {labels.clear:,} of {split}'s {labels.n:,} "
        "faces "
        "at least five of the ten chose the same emotion, and no other answer got as many: the "
        f"**crowd's majority**. Only **{percent(labels.agree_clear, 1)}** of these faces carry "
        "that "
        f"label (95 % interval {span(labels.agree_clear_interval)})."
    )
    if taught := [v.title for v in evaluated if summaries.learned_from_votes(v)]:
        st.markdown(
            f"Such votes, those of Training's faces, also taught **{', '.join(taught)}** part of "
            "what "
            "it knows; the others learned without them."
        )


def accuracies(labels: LabelsSeen, split: str, rows: Mapping[str, VariantSeen]) -> None:
    """Each model measured by the label and by the crowd."""
    st.header("The same answers, measured by the label and by the crowd", anchor=False)
    st.plotly_chart(
        charts.accuracies(rows, labels),
        key="accuracies",
        config=theme.STATIC,
        alt=f"Accuracy on {labels.clear:,} {split} faces, by label and by crowd: "
        + ", ".join(
            f"{MODELS[name].title} {percent(row.own, 1)} and {percent(row.crowd, 1)}"
            for name, row in rows.items()
        )
        + f"; no skill {percent(labels.no_skill_own, 1)} and {percent(labels.no_skill_crowd, 1)}.",
    )
    more = sum(row.gain_interval.low > 0 for row in rows.values())
    beyond = sum(row.crowd_kappa > row.own_kappa for row in rows.values())
    best = max(rows, key=lambda name: rows[name].crowd_kappa)
    st.markdown(
        f"Both accuracies are on the same {labels.clear:,} faces; the thin bars are 95 % "
        "intervals. "
        f"**{more} of {len(rows)} models agree with people more often than with the label**, by "
        "more "
        "than chance. Part of it is that people's answers are easier to guess: always "
        f"“{labels.commonest_crowd}” equals their majority for {percent(labels.no_skill_crowd, 1)} "
        "of "
        f"the faces, always “{labels.commonest_own}” the label for "
        f"{percent(labels.no_skill_own, 1)}. "
        "Cohen's κ takes such luck out: 0 is agreement by chance alone, 1 is perfect. "
        f"**It is higher with the crowd for {beyond} of {len(rows)} models**; the highest, of "
        f"“{MODELS[best].title}”, is {rows[best].crowd_kappa:.2f} with the crowd and "
        f"{rows[best].own_kappa:.2f} with the labels."
    )
    with st.expander("All numbers as a table"):
        st.dataframe(
            charts.table(rows),
            hide_index=True,
            column_config=charts.COLUMNS,
            alt=f"For each model accuracy by label and crowd, difference and kappa on {split}",
        )
        st.caption(
            "Percent, except κ; “95 %” columns are 95 % intervals (Wilson; of the difference, "
            "which is "
            "paired, and of the votes bootstrap over faces). “Votes for its answer”: the mean "
            "share of "
            "the ten votes that went to what the model said. FER2013's own labels get "
            f"{percent(labels.share_own, 1)}, always “{labels.commonest_crowd}” "
            f"{percent(labels.share_no_skill, 1)}, and the most that any model could get is "
            f"{percent(labels.share_majority, 1)}."
        )


def by_emotion(labels: LabelsSeen, split: str) -> None:
    """How far label and crowd agree, an emotion at a time."""
    st.header("For which emotions do label and crowd agree?", anchor=False)
    agreeing = {name: row["agree_clear"] for name, row in labels.by_emotion.items()}
    st.plotly_chart(
        emotion_bars.by_emotion(
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
        f"{percent(labels.agree_voted, 1)} of all {labels.voted:,} faces with votes."
    )


def backed(split: str, rows: Mapping[str, VariantSeen]) -> None:
    """The faces that count as mistakes although the crowd agrees with the model."""
    st.header("Called wrong, but the crowd agrees with the model", anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        model = selectors.variant([MODELS[name] for name in rows])
        label = st.selectbox(
            "FER2013's label", [ALL, *EMOTIONS], key="label", width=200, bind="query-params"
        )
    st.markdown(
        f"{model.title} differs from the label of {split} {rows[model.name].backed:,} times where "
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
    if votes is None or Faces.find() is None:
        if votes is None:
            st.info(HOW_TO_GET, icon=":material/how_to_vote:")
        if Faces.find() is None:
            face_gallery.missing()
        st.stop()
    cast = votes.of(found.ids)
    said = found.predicted
    sure = found.probabilities.max(axis=1)
    order = ferplus_agreement.most_backed(found.labels, said, cast, sure)
    if label != ALL:
        order = order[found.labels[order] == EMOTIONS.index(label)]
    st.html(STYLES / "label_agreement.css")
    face_gallery.gallery(
        found.ids[order],
        [f"{cast[i, said[i]]} of {cast[i].sum()} agree with the model" for i in order],
        key="faces",
        per_page=12,
        detail=lambda at: charts.votes(
            cast[order[at]],
            int(said[order[at]]),
            int(found.labels[order[at]]),
            float(sure[order[at]]),
        ),
    )
