"""FER2013 in numbers: class balance, duplicates and mean faces."""

from functools import partial

import streamlit as st

from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_ids import SPLITS
from fer_core.datasets.fer2013_stats import DatasetScan, DatasetStats
from fer_core.evaluation import baselines
from fer_core.reports import private_test
from fer_core.reports.format import percent, percent_with_error
from pages.charts import emotion_bars, theme
from pages.components import address, face_gallery, figure, page_links
from pages.sections.data import panels


def introduction(stats: DatasetStats) -> None:
    """The data set in one paragraph."""
    total = sum(stats.total(split) for split in SPLITS)
    st.markdown(
        f"**From {stats.total('Training'):,} small grey photos of faces, each with one of seven "
        f"labels.** FER2013 has {total:,} images of 48 × 48 pixels, gathered by web image search "
        "for a competition ([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414)). The models "
        f"were trained on Training and chosen on PublicTest. "
        f"PrivateTest: {private_test.usage()} The age, "
        "origin and gender of the people are not recorded. We know of no licence that allows "
        "redistributing the images, so they are not part of this project."
    )


def balance(stats: DatasetStats) -> None:
    """The share of each emotion in a split, as a chart, as text and as a table."""
    emotion = stats.most_frequent("PrivateTest")
    baseline = baselines.majority_accuracy(stats.counts["PrivateTest"].values())
    total = sum(stats.total(split) for split in SPLITS)
    st.header("How common is each emotion?", anchor=False)
    split = address.choose(
        st.segmented_control,
        "Split of the chart",
        SPLITS,
        key="chart-split",
        param="of",
        default="Training",
    )
    counts = stats.counts[split]
    shares = stats.shares(split)
    figure.show(
        partial(emotion_bars.share_bars, shares, counts, digits=1, intervals=False),
        "balance",
        theme.alt_text(f"Share of each emotion in {split}", shares),
        title=f"Share of each emotion in FER2013's {split}",
        source=f"{sum(counts.values()):,} faces.",
        rows=lambda: [
            {"split": split, "emotion": emotion, "share": share, "faces": counts[emotion]}
            for emotion, share in shares.items()
        ],
    )
    st.markdown(
        f"**Always answering “{emotion}” is right for {percent(baseline, 1)} of PrivateTest** "
        "without looking at a face. This is the no-skill baseline shown with every accuracy here. "
        f"Disgust is rare: only {stats.counts['PrivateTest']['disgust']} faces of PrivateTest, so "
        "its scores vary a lot by chance. The three splits are alike: an emotion's share differs "
        f"by at most {100 * stats.widest_gap():.1f} points."
    )
    with st.expander("All counts as a table"):
        st.dataframe(
            panels.balance_table(stats),
            hide_index=True,
            column_config={
                f"{name}, %": st.column_config.NumberColumn(format="%.1f") for name in SPLITS
            },
            alt=f"Faces of each emotion in each split; {total:,} in all",
        )


def duplicates(
    stats: DatasetStats, dataset: Fer2013Dataset | None, scan: DatasetScan | None
) -> None:
    """Duplicate images and conflicting labels; after a scan, whether its counts are the same."""
    st.header("Are all images unique and all labels right?", anchor=False)
    test = stats.total("PrivateTest")
    st.markdown(
        f"- **No: {stats.images_in_groups:,} images are not unique.** They form {stats.groups:,} "
        "groups of images with exactly the same pixels.\n"
        f"- **{stats.groups_across_splits:,} of these groups span several splits**, and "
        f"{len(stats.train_duplicates)} of PrivateTest's {test:,} images "
        f"({percent(len(stats.train_duplicates) / test, 1)}) are in Training too, pixel for "
        "pixel. Far more are there in another crop or brightness; see the next section.\n"
        f"- **{stats.groups_with_conflicting_labels} groups carry conflicting labels**: the same "
        "image is labelled, say, fear in one place and surprise in another.\n"
        "- **People often disagree with the labels.** In a small experiment, one of the data set's "
        f"authors put human accuracy at {percent_with_error(*fer2013_stats.HUMAN_AGREEMENT)} "
        "(Goodfellow et al. 2013). Accuracy far beyond that is partly skill at guessing how this "
        "data set was labelled."
        f"{panels.no_face_text()}"
    )
    page_links.link("label_agreement", "How ten annotators label each face: {title}")
    if scan:
        wrong = panels.differing_fields(stats, scan.stats)
        if wrong:
            st.warning(
                f"Counted again in this copy of FER2013, with other results: {', '.join(wrong)}."
            )
        else:
            st.success("Counted again in this copy of FER2013: every number agrees.")
    elif dataset:
        panels.scan_button(dataset, "Count again in the images (about 15 s)", "count")


def mean_faces(dataset: Fer2013Dataset | None, scan: DatasetScan | None) -> None:
    """The mean face of each emotion, a button that computes it, or what is missing for that."""
    st.header("What does each emotion look like on average?", anchor=False)
    st.html(face_gallery.STYLE)
    if scan:
        st.html(panels.mean_face_gallery(scan.mean_faces, scan.stats.counts["Training"]))
        st.caption(
            "Mean grey value of each pixel over the Training faces with one label. What differs "
            "between these faces is what even the simplest model can use: a wide mouth for happy, "
            "an open one for surprise."
        )
    elif dataset:
        st.markdown("Averaging all faces with one label shows what they have in common.")
        panels.scan_button(dataset, "Compute the mean faces (about 15 s)", "means")
    else:
        st.caption("Needs the FER2013 images; see the end of this page.")
