"""What only a printed page shows: its address and date, and the tables that a screen scrolls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

import fer_core
from pages.text.markup import table, tag

MAX_ROWS = 200
MAX_COLUMNS = 9  # a wider table is printed with rows and columns exchanged


def show_origin() -> None:
    """The app's name and version, the address of the page and the date."""
    query = urlencode(st.query_params.to_dict(), doseq=True)
    address = f"{st.context.url or ''}{'?' + query if query else ''}"
    date = datetime.now()
    st.html(
        tag(
            "footer",
            f"FER Explorer {fer_core.__version__} · {date:%Y-%m-%d %H:%M} · {address}",
            class_="print-only",
        )
    )


def show_table(frame: pd.DataFrame, columns: Mapping[str, Any]) -> None:
    """The table of an `st.dataframe`, complete; call it after that one.

    Args:
        frame: At most its first `MAX_ROWS` rows are printed.
        columns: Its `column_config`; a column that is None is left out.
    """
    names = [name for name in frame.columns if columns.get(name, "") is not None]
    rows = [
        [_text(row[name], columns.get(name)) for name in names]
        for _, row in frame.head(MAX_ROWS).iterrows()
    ]
    lines = [names, *rows]
    if len(names) > MAX_COLUMNS and len(rows) < len(names):  # narrower when it is turned
        lines = [list(line) for line in zip(*lines, strict=True)]
    st.html(table(lines[0], lines[1:], "plain print-only"))


def _text(value: Any, column: Any) -> str:
    """A cell as the table on the screen formats it."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    template = ((column or {}).get("type_config") or {}).get("format")
    if isinstance(template, str) and "%" in template and not isinstance(value, str):
        return str(template % value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
