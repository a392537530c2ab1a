"""Download buttons, and all faces of all photos as a table, CSV and JSON."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from fer_core import registry
from fer_core.reports import export
from pages.session.photos import Photo, session_photos

Rows = pd.DataFrame | Sequence[Mapping[str, object]]
MIMES = {
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
}


def button(
    label: str, data: Callable[[], str | bytes] | bytes, file_name: str, key: str | None = None
) -> None:
    """Show a download button; `data` may be a function, called on click.

    The extension of `file_name` decides the MIME type.
    """
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
    """Show a download button for a table as CSV.

    `rows` is a data frame, one mapping per row, or a function that returns either or the CSV text.
    """

    def encoded() -> bytes:
        content = rows() if callable(rows) else rows
        text = content if isinstance(content, str) else export.to_csv(content)
        return text.encode(export.CSV_ENCODING)

    button(label, encoded, file_name, key)


def faces_table(photos: Iterable[Photo], model_names: Sequence[str]) -> pd.DataFrame:
    """One row per face and model, for the models that have classified it."""
    rows = [
        {
            # Streamlit's table has its own CSV download, so the name must not start a formula.
            "File": export.escape_formula(photo.name),
            "Face": i + 1,
            "Model": registry.get_model_spec(model_name).title,
            "Emotion": photo.answers[model_name][i].emotion,
            "Probability": max(photo.answers[model_name][i].probabilities.values()),
            "Box (x, y, w, h)": ", ".join(map(str, face.box)),
            "Face score": face.score,
            "Time": photo.answers[model_name][i].milliseconds,
        }
        for photo in photos
        for i, face in enumerate(photo.faces)
        for model_name in model_names
        if model_name in photo.answers
    ]
    return pd.DataFrame(rows)


def with_left_out(photos: Iterable[Photo]) -> list[Photo]:
    """The photos, and one unreadable photo for each file that was left out, for the downloads."""
    left_out = session_photos().left_out.named()
    return [*photos, *(Photo(name, error=reason) for name, reason in left_out)]


def as_csv(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The CSV format of `python -m fer_core classify --csv`."""
    return export.answers_to_csv(photo.as_answers(model_names) for photo in photos)


def as_json(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The JSON format of `python -m fer_core classify --json`, as one list."""
    return json.dumps([photo.as_answers(model_names).as_dict() for photo in photos], indent=2)


def show_all_faces(photos: Iterable[Photo], model_names: Sequence[str]) -> None:
    """Show all results so far in one table, with CSV and JSON downloads."""
    photos = with_left_out(photos)
    faces = faces_table(photos, model_names)
    st.subheader("All faces", anchor=False)
    if faces.empty:
        st.caption("No results yet.")
    else:
        st.dataframe(
            faces,
            hide_index=True,
            column_config={
                "Probability": st.column_config.ProgressColumn(
                    min_value=0, max_value=1, format="percent"
                ),
                "Face score": st.column_config.NumberColumn(
                    format="%.2f", help="The detector's confidence that this is a face, 0 to 1"
                ),
                "Time": st.column_config.NumberColumn(format="%.1f ms"),
            },
            alt="Every detected face with its classification",
        )
    with st.container(horizontal=True):
        csv_button("Download CSV", lambda: as_csv(photos, model_names), "fer-explorer.csv")
        button("Download JSON", lambda: as_json(photos, model_names), "fer-explorer.json")
