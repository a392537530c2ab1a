"""Download buttons, and all faces of all photos as a table, CSV, XLSX and JSON."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePath

import pandas as pd
import streamlit as st

import fer_core
from fer_core import registry
from fer_core.artifacts import summaries
from fer_core.quality import LIMIT
from fer_core.reports import contact_sheet, export
from fer_core.reports.answers import ANSWER_COLUMNS, answer_rows, answers_to_csv, photo_record
from fer_core.reports.contact_sheet import SheetFace
from fer_core.text import escape_formula
from pages.components import face_quality, print_out
from pages.session import selection
from pages.session.photo import Photo
from pages.session.photos import session_photos

Rows = pd.DataFrame | Sequence[Mapping[str, object]]
MIMES = {
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".npz": "application/octet-stream",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Columns that name the models of a row.
MODEL_COLUMNS = ("model", "first", "second")


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


def dated(content: str, extension: str) -> str:
    """A file name such as 'fer-explorer-leaderboard-2026-11-30-1712.csv'.

    Args:
        content: What is in the file, in the form of a file name.
        extension: With its dot; empty for a name without one.
    """
    return f"fer-explorer-{content}-{datetime.now():%Y-%m-%d-%H%M}{extension}"


def csv_button(
    label: str, rows: Rows | Callable[[], Rows], content: str, key: str | None = None
) -> None:
    """Show two download buttons for a table: as CSV, and as an Excel workbook.

    The titles of models and where the numbers come from are added as columns.

    Args:
        label: Of the first button.
        rows: A data frame, one mapping per row, or a function that returns either.
        content: What is in the file, in the form of a file name.
        key: Of the first button.
    """

    def table() -> list[dict[str, object]]:
        return with_provenance(rows() if callable(rows) else rows)

    with st.container(horizontal=True):
        button(
            label,
            lambda: export.to_csv(table()).encode(export.CSV_ENCODING),
            dated(content, ".csv"),
            key,
        )
        button(
            "XLSX",
            lambda: export.to_xlsx(table()),
            dated(content, ".xlsx"),
            key and f"{key}-xlsx",
        )


def with_provenance(rows: Rows) -> list[dict[str, object]]:
    """The rows with the title of the model in `model`, the app's version, checksums and time."""
    if isinstance(rows, pd.DataFrame):
        rows = [{str(k): value for k, value in row.items()} for row in rows.to_dict("records")]
    return [_with_provenance(dict(row)) for row in rows]


def _with_provenance(row: dict[str, object]) -> dict[str, object]:
    names = [str(row[column]) for column in MODEL_COLUMNS if row.get(column) in registry.MODELS]
    if "model" in row:
        title = registry.MODELS[names[0]].title if names else row.get("title")
        row = {"model": row["model"], "title": title} | row | {"title": title}
    return row | export.provenance(names)


def faces_table(photos: Iterable[Photo], model_names: Sequence[str]) -> pd.DataFrame:
    """One row per face and model, for the models that have classified it.

    Only if a face is outside of what the models learned from, a column says in what.
    """
    rows = [
        {
            # Streamlit's table has its own CSV download, so the name must not start a formula.
            "Photo": number,
            "File": escape_formula(photo.name),
            "Face": i + 1,
            "Model": registry.get_model_spec(model_name).title,
            "Emotion": photo.answers[model_name][i].emotion,
            "Probability": 100 * max(photo.answers[model_name][i].probabilities.values()),
            "Box (x, y, w, h)": ", ".join(map(str, face.box)),
            "Face score": face.score,
            "Outside": ", ".join(outside[i]),
            "Time": photo.answers[model_name][i].milliseconds,
        }
        for number, photo in enumerate(selection.readable_photos(photos), 1)
        for outside in [face_quality.outside(photo)]
        for i, face in enumerate(photo.faces)
        for model_name in model_names
        if model_name in photo.answers
    ]
    table = pd.DataFrame(rows)
    return table if table.empty or table["Outside"].any() else table.drop(columns="Outside")


def with_left_out(photos: Iterable[Photo]) -> list[Photo]:
    """The photos, and one unreadable photo for each file that was left out, for the downloads."""
    left_out = session_photos().left_out.named()
    return [*photos, *(Photo(name, error=reason) for name, reason in left_out)]


def as_csv(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The CSV format of `python -m fer_core classify --csv`."""
    return answers_to_csv(photo.as_answers(model_names) for photo in photos)


def as_xlsx(photos: Iterable[Photo], model_names: Sequence[str]) -> bytes:
    """The same table as an Excel workbook."""
    rows = answer_rows(photo.as_answers(model_names) for photo in photos)
    return export.to_xlsx(rows, ANSWER_COLUMNS)


def as_json(photos: Iterable[Photo], model_names: Sequence[str]) -> str:
    """The app, the models, and one record per photo as `python -m fer_core classify --json`."""
    origin = export.provenance([])
    models = [
        {
            "model": name,
            "title": registry.MODELS[name].title,
            "sha256": export.weights_checksums(name),
            "thresholds": dict(summaries.thresholds(registry.MODELS[name])),
        }
        for name in model_names
    ]
    content = {
        "app": {
            "name": "FER Explorer",
            "version": fer_core.__version__,
            "created": origin["created"],
        },
        "models": models,
        "photos": [photo_record(photo.as_answers(model_names)) for photo in photos],
    }
    return json.dumps(content, indent=2)


def answer_buttons(photos: Sequence[Photo], model_names: Sequence[str], content: str) -> None:
    """Show buttons for all answers of these models as CSV, XLSX and JSON."""
    files: dict[str, Callable[[], str | bytes]] = {
        "CSV": lambda: as_csv(photos, model_names).encode(export.CSV_ENCODING),
        "XLSX": lambda: as_xlsx(photos, model_names),
        "JSON": lambda: as_json(photos, model_names),
    }
    for kind, make in files.items():
        button(f"Download {kind}", make, dated(content, f".{kind.lower()}"), f"answers-{kind}")


def sheet_buttons(faces: Callable[[], Sequence[SheetFace]], title: str, content: str) -> None:
    """Show buttons for a contact sheet of these faces as PNG and as PDF."""
    for draw, kind in ((contact_sheet.png, "PNG"), (contact_sheet.pdf, "PDF")):
        button(
            f"Picture of all faces ({kind})",
            partial(lambda draw: draw(faces(), title), draw),
            dated(content, f".{kind.lower()}"),
            f"sheet-{kind}",
        )


def sheet_faces(photos: Iterable[Photo], model_name: str) -> list[SheetFace]:
    """All faces that the model has answered, photos in the order of arrival."""
    return [
        SheetFace(photo.chips[i], selection.face_name(number, i), {model_name: answer})
        for number, photo in enumerate(selection.readable_photos(photos), 1)
        for i, answer in enumerate(photo.answers.get(model_name, ()))
    ]


def show_all_faces(photos: Iterable[Photo], model_names: Sequence[str]) -> None:
    """Show all results so far in one table, with downloads."""
    photos = with_left_out(photos)
    faces = faces_table(photos, model_names)
    st.subheader("All faces", anchor=False)
    if faces.empty:
        st.caption("No results yet.")
    else:
        columns = {
            "Probability": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.1f %%"
            ),
            "Face score": st.column_config.NumberColumn(
                format="%.2f", help="The detector's confidence that this is a face, 0 to 1"
            ),
            "Outside": st.column_config.TextColumn(
                help=f"In what the face is beyond {100 - LIMIT:g} % of those that the models "
                "learned from"
            ),
            "Time": st.column_config.NumberColumn(format="%.1f ms"),
        }
        keys = selection.photo_keys()

        def choose() -> None:
            if rows := st.session_state["all-faces"].selection.rows:
                row = faces.iloc[rows[0]]
                selection.select(keys[row["Photo"] - 1], int(row["Face"]) - 1)

        st.caption(
            "Tick a row to see its face above. For a folder of any size without the browser: "
            "`python -m fer_core classify FOLDER --csv`."
        )
        st.dataframe(
            faces,
            hide_index=True,
            column_config=columns,
            on_select=choose,
            selection_mode="single-row",
            key="all-faces",
            alt="Every detected face with its classification",
        )
        print_out.show_table(faces, columns)
    with st.container(horizontal=True):
        answer_buttons(photos, model_names, "answers")
        if len(model_names) == 1 and not faces.empty:
            sheet_buttons(lambda: sheet_faces(photos, model_names[0]), "All faces", "faces")
