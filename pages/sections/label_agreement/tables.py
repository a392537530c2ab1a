"""Tables of Label agreement: the models against labels, crowd and FER+'s own protocol."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from fer_core.evaluation.ferplus_agreement import ModelAgreement
from fer_core.evaluation.ferplus_protocol import PUBLISHED, PUBLISHED_SOURCE, ProtocolFaces
from fer_core.registry import MODELS
from fer_core.reports.export import with_interval
from fer_core.reports.format import (
    format_interval,
    format_number_interval,
    format_points_interval,
    p_value,
    percent,
)

NOT_PUBLISHED = "not given"
COLUMN_HELP = {
    "Label": "Accuracy against FER2013's label, %",
    "Crowd": "Accuracy against the crowd's majority, %",
    "Difference": "Crowd minus label, in percentage points",
    "κ label": "Cohen's kappa with FER2013's label: agreement beyond chance",
    "κ crowd": "Cohen's kappa with the crowd's majority: agreement beyond chance",
    "κ difference": "κ crowd minus κ label",
    "FER+ protocol": "Accuracy by FER+'s own protocol, %: eight classes, other faces",
    "Votes for its answer": "Mean share of the ten votes given to the model's answer, %",
}
NUMBER_FORMATS = {
    "%.1f": ("Label", "Crowd", "Difference", "FER+ protocol", "Votes for its answer"),
    "%.2f": ("κ label", "κ crowd"),
    "%+.3f": ("κ difference",),
}
#: Number formats of `accuracy_table`.
COLUMN_CONFIG = {
    column: st.column_config.NumberColumn(format=number_format, help=COLUMN_HELP.get(column))
    for number_format, columns in NUMBER_FORMATS.items()
    for column in columns
}


def accuracy_table(rows: Mapping[str, ModelAgreement], *, tested: bool) -> pd.DataFrame:
    """The chart's numbers and more, in percent except for kappa.

    `tested`: no model was chosen on this split, so McNemar's test is shown.
    """
    return pd.DataFrame(
        {
            "Model": MODELS[name].title,
            "Label": 100 * row.label_accuracy,
            "label, 95 %": format_interval(row.label_accuracy_interval, unit=False),
            "Crowd": 100 * row.majority_accuracy,
            "crowd, 95 %": format_interval(row.majority_accuracy_interval, unit=False),
            "Difference": 100 * row.difference,
            "difference, 95 %": format_points_interval(row.difference_interval),
        }
        | ({"McNemar": p_value(row.contrast.p_value)} if tested else {})
        | {
            "κ label": row.label_kappa,
            "κ label, 95 %": format_number_interval(row.contrast.label_kappa_interval),
            "κ crowd": row.majority_kappa,
            "κ crowd, 95 %": format_number_interval(row.contrast.majority_kappa_interval),
            "κ difference": row.contrast.kappa_difference,
            "κ difference, 95 %": format_number_interval(
                row.contrast.kappa_difference_interval, 3, sign=True
            ),
            "FER+ protocol": 100 * row.protocol.accuracy,
            "FER+ protocol, 95 %": format_interval(row.protocol.interval, unit=False),
            "Votes for its answer": 100 * row.vote_share,
            "votes, 95 %": format_interval(row.vote_share_interval, unit=False),
        }
        for name, row in rows.items()
    )


def csv_rows(
    rows: Mapping[str, ModelAgreement], split: str, *, tested: bool
) -> list[dict[str, Any]]:
    """The same numbers for a spreadsheet: fractions, both ends of each interval in own columns."""
    return [
        {"model": name, "split": split, "faces": row.n}
        | with_interval("label_accuracy", row.label_accuracy, row.label_accuracy_interval)
        | with_interval("crowd_accuracy", row.majority_accuracy, row.majority_accuracy_interval)
        | with_interval("difference", row.difference, row.difference_interval)
        | {
            "faces_only_crowd": row.contrast.only_majority,
            "faces_only_label": row.contrast.only_label,
        }
        | ({"mcnemar_p": row.contrast.p_value} if tested else {})
        | with_interval("label_kappa", row.label_kappa, row.contrast.label_kappa_interval)
        | with_interval("crowd_kappa", row.majority_kappa, row.contrast.majority_kappa_interval)
        | with_interval(
            "kappa_difference",
            row.contrast.kappa_difference,
            row.contrast.kappa_difference_interval,
        )
        | {"protocol_faces": row.protocol.n}
        | with_interval("protocol_accuracy", row.protocol.accuracy, row.protocol.interval)
        | with_interval("vote_share", row.vote_share, row.vote_share_interval)
        for name, row in rows.items()
    ]


def protocol_table(
    rows: Mapping[str, ModelAgreement], faces: ProtocolFaces, *, published: bool
) -> pd.DataFrame:
    """Accuracy by FER+'s own protocol as text, with the baseline and what is published."""
    lines = [
        (
            MODELS[name].title,
            percent(row.protocol.accuracy, 1),
            format_interval(row.protocol.interval),
            f"{row.protocol.n:,}",
        )
        for name, row in rows.items()
    ]
    baseline = f"baseline: always “{faces.most_frequent}”"
    lines.append((baseline, percent(faces.baseline, 1), "", f"{faces.n:,}"))
    if published:
        lines += [
            (
                f"published: VGG13, {result.training} ({PUBLISHED_SOURCE})",
                percent(result.accuracy, 2),
                NOT_PUBLISHED,
                NOT_PUBLISHED,
            )
            for result in PUBLISHED
        ]
    columns = ("Model", "Accuracy", "95 % interval", "Faces")
    return pd.DataFrame(lines, columns=columns).set_index("Model")
