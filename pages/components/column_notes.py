"""What a table's columns mean, for those who cannot hover over their names, as on a phone."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st


def show(frame: pd.DataFrame, columns: Mapping[str, Any]) -> None:
    """List the columns that have a help text, in a closed section.

    Args:
        frame: The table as shown.
        columns: The `column_config` of the table; None hides a column.
    """
    configs = {name: columns.get(name) or {} for name in frame.columns}
    notes = [
        f"- **{config.get('label') or name}**: {config['help']}"
        for name, config in configs.items()
        if config.get("help")
    ]
    with st.expander("What the columns mean"):
        st.markdown("\n".join(notes))
