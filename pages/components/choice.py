"""A choice whose address holds an id, not the title that is shown.

Streamlit's own binding (`bind="query-params"`) writes the title, so a link would break when the
title changes.
"""

from collections.abc import Mapping

import streamlit as st


def segmented_choice(label: str, titles: Mapping[str, str], key: str) -> str:
    """A row of buttons; the first choice is the default, and is left out of the address.

    Args:
        label: Shown above the buttons.
        titles: Id → title.
        key: The widget's key and the query parameter, whose value is an id; a title is read too,
            and anything else is ignored.

    Returns:
        The chosen id.
    """
    default = next(iter(titles))
    if key not in st.session_state:
        by_title = {title: name for name, title in titles.items()}
        asked = st.query_params.get(key, default)
        asked = by_title.get(asked, asked)
        st.session_state[key] = asked if asked in titles else default
    chosen = st.segmented_control(
        label,
        list(titles),
        required=True,
        format_func=lambda name: titles[name],
        key=key,
        wrap=True,
    )
    assert chosen is not None  # required
    if chosen != default:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    return chosen
