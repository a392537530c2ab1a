"""What FER2013 is: how often each emotion is in it, its twins, its mean faces."""

import streamlit as st

from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import SPLITS, Fer2013Dataset
from fer_core.datasets.fer2013_stats import DatasetStats, DatasetScan
from fer_core.evaluation import baselines
from fer_core.reports.format import percent, percent_with_error
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, page_links
from pages.sections.data import panels


def introduction(known: DatasetStats) -> None:
    """What the data set is, in a paragraph."""
    total = sum(known.total(split) for split in SPLITS)
    st.markdown(
        f"**From {known.total('Training'):,} small grey photos of faces, each with one of seven "
        f"labels.** FER2013 has {total:,} pictures of 48 × 48 pixels, gathered by web image search "
        "for "
        "a competition ([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414)). Training "
        "taught "
        "the models, PublicTest chose between them, PrivateTest only measures. Who is in the "
        "pictures, "
        "by age, origin or gender, is not recorded. No licence that we know of lets anyone pass "
        "the "
        "pictures on, so they are not part of this project."
    )


def balance(known: DatasetStats) -> None:
    """How often each emotion is in a split, as a chart, in words and as a table."""
    emotion = known.most_frequent("PrivateTest")
    skill = baselines.majority_accuracy(known.counts["PrivateTest"].values())
    total = sum(known.total(split) for split in SPLITS)
    st.header("How often is each emotion in it?", anchor=False)
    split = st.segmented_control(
        "Split of the chart",
        SPLITS,
        default="Training",
        required=True,
        key="of",
        bind="query-params",
    )
    counts = known.counts[split]
    parts = known.shares(split)
    st.plotly_chart(
        emotion_bars.share_bars(parts, counts, axis_end=max(parts.values()), digits=1),
        key="balance",
        config=theme.STATIC,
        alt=theme.alt_text(f"Share of each emotion in {split}", parts),
    )
    st.markdown(
        f"**Always answering “{emotion}” is right for {percent(skill, 1)} of PrivateTest**, "
        "without a "
        "look at a face. This is the no-skill baseline that stands beside every accuracy here. "
        "Disgust "
        f"is rare: {known.counts['PrivateTest']['disgust']} faces of PrivateTest, so a score for "
        "it "
        "moves much by chance. The three splits are alike: an emotion's share differs by at most "
        f"{100 * known.widest_gap():.1f} points."
    )
    with st.expander("All counts as a table"):
        st.dataframe(
            panels.balance_table(known),
            hide_index=True,
            column_config={
                f"{name}, %": st.column_config.NumberColumn(format="%.1f") for name in SPLITS
            },
            alt=f"Faces of each emotion in each split; {total:,} in all",
        )


def duplicates(known: DatasetStats, found: Fer2013Dataset | None, survey: DatasetScan | None) -> None:
    """Which pictures are not unique; with the pictures at hand, whether they count the same."""
    st.header("Is every picture new, every label right?", anchor=False)
    test = known.total("PrivateTest")
    st.markdown(
        f"- **No: {known.images_in_groups:,} pictures are not unique.** They form {known.groups:,} "
        "groups with the very same pixels.\n"
        f"- **{known.groups_across_splits:,} of these groups reach across splits**, and "
        f"{len(known.train_duplicates)} of PrivateTest's {test:,} pictures "
        f"({percent(len(known.train_duplicates) / test, 1)}) are in Training too: a model may know these by "
        "heart. So the Leaderboard also has the accuracy without them.\n"
        f"- **{known.groups_with_conflicting_labels} groups carry conflicting labels**: the same "
        "picture is called, say, fear here and surprise there.\n"
        f"- **People agree with the labels for {percent_with_error(*fer2013_stats.HUMAN_AGREEMENT)}** of "
        "the "
        "pictures, measured by the makers of the set (Goodfellow et al. 2013). More than that is "
        "partly skill at guessing how this set was labelled."
    )
    page_links.link("label_agreement", "What ten people say of each face: {title}")
    if survey:
        wrong = panels.differing_fields(known, survey.stats)
        if wrong:
            st.warning(f"Counted again in this copy of FER2013, other numbers: {', '.join(wrong)}.")
        else:
            st.success("Counted again in this copy of FER2013: every number agrees.")
    elif found:
        panels.scan_button(found, "Count again in the pictures (some 15 s)", "count")


def mean_faces(found: Fer2013Dataset | None, survey: DatasetScan | None) -> None:
    """The mean face of each emotion, or how to have it computed."""
    st.header("What does an emotion look like, on average?", anchor=False)
    st.html(face_gallery.STYLE)
    if survey:
        st.html(panels.mean_face_gallery(survey.mean_faces, survey.stats.counts["Training"]))
        st.caption(
            "The mean grey of each pixel over Training's faces of a label. What differs between "
            "these "
            "is what even the simplest model can use: a wide mouth for happy, an open one for "
            "surprise."
        )
    elif found:
        st.markdown("Lay all faces of a label over each other, and what they share remains.")
        panels.scan_button(found, "Compute the mean faces (some 15 s)", "means")
    else:
        st.caption(
            "This is computed from the pictures. How to get them stands at the end of this page."
        )
