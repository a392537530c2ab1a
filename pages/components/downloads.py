"""Buttons that hand out files; all faces of all photos as a table, as CSV and as JSON."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from fer_core import registry
from fer_core.reports import export
from pages.session.photos import Photo

Rows = pd.DataFrame | Sequence[Mapping[str, object]]
MIMES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
}


def button(
    label: str, data: Callable[[], str | bytes] | bytes, file_name: str, key: str | None = None
) -> None:
    """A button that hands out a file, made when it is asked for; the name's end says its kind."""
    st.download_button(
        label,
        data,
        file_name,
        MIMES[PurePath(file_name).suffix],
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def csv_button(
    label: str, rows: Rows | Callable[[], Rows | str], file_name: str, key: str | None = None
) -> None:
    """A button for a table as CSV: a frame, a line a mapping, or what makes such or the text."""

    def text() -> str:
        told = rows() if callable(rows) else rows
        return told if isinstance(told, str) else export.to_csv(told)

    button(label, text, file_name, key)


def faces_table(photos: Iterable[Photo], model_names: Sequence[str]) -> pd.DataFrame:
    """A row for every face and named model that has answered."""
    rows = [
        {
            # The table has a download button of its own.
            "File": export.escape_formula(photo.name),
            "Face": i + 1,
            "Model": registry.get_model_spec(name).title,
            "Emotion": photo.answers[name][i].emotion,
            "Probability": max(photo.answers[name][i].probabilities.values()),
            "Box (x, y, w, h)": ", ".join(map(str, face.box)),
            "Face score": face.score,
            "Time": photo.answers[name][i].milliseconds,
        }
        for photo in photos
        for i, face in enumerate(photo.faces)
        for name in model_names
        if name in photo.answers
    ]
    return pd.DataFrame(rows)


def as_csv(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The form of `python -m fer_core classify --csv`."""
    return export.answers_to_csv(photo.as_answers(model_names) for photo in photos)


def as_json(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The form of `python -m fer_core classify --json`, as one list."""
    return json.dumps([photo.as_answers(model_names).as_dict() for photo in photos], indent=2)


def show_all_faces(photos: Iterable[Photo], model_names: Sequence[str]) -> None:
    """Everything found so far in one table, with the two files to take away."""
    photos = list(photos)
    faces = faces_table(photos, model_names)
    st.subheader("All faces", anchor=False)
    if faces.empty:
        st.caption("No face has been answered for yet.")
    else:
        st.dataframe(
            faces,
            hide_index=True,
            column_config={
                "Probability": st.column_config.ProgressColumn(
                    min_value=0, max_value=1, format="percent"
                ),
                "Face score": st.column_config.NumberColumn(
                    format="%.2f", help="How sure the detector is that this is a face, 0 to 1"
                ),
                "Time": st.column_config.NumberColumn(format="%.1f ms"),
            },
            alt="Every face found, with its answer",
        )
    with st.container(horizontal=True):
        csv_button("Download CSV", lambda: as_csv(photos, model_names), "fer-explorer.csv")
        button("Download JSON", lambda: as_json(photos, model_names), "fer-explorer.json")
