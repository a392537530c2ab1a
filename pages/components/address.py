"""What is chosen on a page, by id, in its address: `?model=keras_cnn&split=PublicTest`.

Streamlit's own `bind="query-params"` writes titles, which are long and change, and drops unknown
values silently. Here the address has ids; titles in old links are understood.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.server import streamlit_internals
from pages.text.escape import escape

T = TypeVar("T")
Id = TypeVar("Id", bound=str)
SEPARATOR = "."  # between ids; a comma would become %2C


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[T],
    *,
    key: str,
    default: T,
    format_func: Callable[[T], str] = str,
    param: str = "",
    **arguments: Any,
) -> T:
    """Show a widget that selects one option, and keep the option's id in the address.

    Args:
        widget: `st.selectbox`, `st.pills` or `st.segmented_control`, or a container's.
        label: The widget's label.
        options: The ids to choose from, of a type that `str` turns into what the address shows.
        key: As for `keep`.
        default: As for `keep`.
        format_func: Gives an option's title.
        param: As for `keep`.
        arguments: Further arguments of the widget.
    """
    options = list(options)
    by_text = _by_text(options, format_func)
    if st.session_state.get(key, default) not in options:
        del st.session_state[key]  # no longer offered
    required = {} if widget.__name__ == "selectbox" else {"required": True}

    def draw(key: str) -> T:
        selected: T | None = widget(
            label,
            options,
            key=key,
            format_func=format_func,
            persist_state="session",
            **required,
            **arguments,
        )
        return default if selected is None else selected  # None: not sent by a page of ours

    return keep(
        draw,
        lambda texts: by_text[texts[-1]],
        key=key,
        default=default,
        param=param,
        offered=options,
    )


def choose_title(label: str, titles: Mapping[Id, str], key: str, param: str = "") -> Id:
    """Show a row of buttons, id → title, of which the first is the default; see `choose`."""
    return choose(
        st.segmented_control,
        label,
        titles,
        key=key,
        param=param,
        default=next(iter(titles)),
        format_func=lambda name: titles[name],
        wrap=True,  # two titles of models are wider than a phone
    )


def toggle(label: str, key: str, help: str) -> bool:
    """Show a switch that is off at first; the address has `key=yes` while it is on."""
    return keep(
        lambda key: st.toggle(label, key=key, help=help),
        lambda texts: {"yes": True}[texts[-1]],
        key=key,
        default=False,
        to_text=lambda _: "yes",
        offered=["yes"],
    )


def choose_several(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[T],
    *,
    key: str,
    default: Sequence[T],
    format_func: Callable[[T], str] = str,
    param: str = "",
    **arguments: Any,
) -> list[T]:
    """Show a widget that selects any number of options, and keep their ids in the address.

    The arguments are those of `choose`, and the widget is `st.pills` or `st.multiselect`, which may
    have `max_selections`. The result is in the order of the options.
    """
    most = arguments.get("max_selections")
    options = list(options)
    by_text = _by_text(options, format_func)
    if key in st.session_state:
        st.session_state[key] = [each for each in st.session_state[key] if each in options]

    mode = {} if widget.__name__ == "multiselect" else {"selection_mode": "multi"}

    def draw(key: str) -> list[T]:
        selected = widget(
            label,
            options,
            key=key,
            format_func=format_func,
            persist_state="session",
            **mode,
            **arguments,
        )
        return [option for option in options if option in selected]

    return keep(
        draw,
        lambda texts: [by_text[each] for text in texts for each in _split(text, by_text)][:most],
        key=key,
        default=[option for option in options if option in default],
        param=param,
        to_text=lambda selected: SEPARATOR.join(map(str, selected)),
        offered=options,
    )


def keep(
    draw: Callable[[str], T],
    read: Callable[[list[str]], T],
    *,
    key: str,
    default: T,
    param: str = "",
    to_text: Callable[[T], str] = str,
    offered: Iterable[object] = (),
) -> T:
    """Show a widget, and keep its value in the address and for the visit.

    Pages that use the same key share the value.

    Args:
        draw: Shows the widget with this key and returns its value.
        read: Gives the value of texts in the address; KeyError or ValueError if it knows none.
        key: The widget's key in the session.
        default: The value at first; the address leaves it out.
        param: Name in the address; the key by default.
        to_text: Writes the value for the address; an empty text leaves it out.
        offered: What the address may name, to be said if it names something else.
    """
    param = param or key
    texts = st.query_params.get_all(param)
    went_back = streamlit_internals.is_history_navigation()
    if went_back or texts != st.session_state.get(f"{key}-address", []):
        try:
            if texts:
                st.session_state[key] = read(texts)
            elif went_back:
                st.session_state[key] = default
        except (KeyError, ValueError):
            st.warning(_unknown(param, texts, offered))
    st.session_state.setdefault(key, default)
    value = draw(key)
    text = "" if value == default else to_text(value)
    if text:
        st.query_params[param] = text
    else:
        st.query_params.pop(param, None)
    st.session_state[f"{key}-address"] = [text] if text else []
    return value


def number_between(low: float, high: float) -> Callable[[list[str]], float]:
    """For `keep`: reads a number within these bounds."""

    def read(texts: list[str]) -> float:
        value = float(texts[-1])
        if not low <= value <= high:
            raise ValueError(value)
        return value

    return read


def _split(text: str, by_text: Mapping[str, object]) -> list[str]:
    return [text] if text in by_text else re.split(r"[.,]", text)


def _by_text(options: Sequence[T], format_func: Callable[[T], str]) -> dict[str, T]:
    """The options by title and by id; an id that is another option's title wins."""
    return {format_func(option): option for option in options} | {
        str(option): option for option in options
    }


def _unknown(param: str, texts: Sequence[str], offered: Iterable[object]) -> str:
    names = ", ".join(escape(str(each)) for each in offered)
    sentence = (
        f"This link asks for {escape(param)} “{escape(', '.join(texts))}”, which this page lacks."
    )
    return f"{sentence} It has: {names}." if names else sentence
