"""How fast is each model for what it reaches? A chart, and a button to measure this machine."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from fer_core.artifacts.speed import Speed
from fer_core.evaluation.leaderboard import Row
from fer_core.reports import speed_text
from fer_core.reports.export import with_interval
from fer_core.reports.format import percent
from pages.components import address, figure, speed
from pages.sections.leaderboard import speed_chart
from pages.sections.leaderboard.charts import Ranking
from pages.sections.leaderboard.speed_chart import Point

TIMES = {"photo": "Whole photo (with face detection)", "model": "Model only"}


def show(ranking: Ranking, ranked: Sequence[Row]) -> None:
    """The metric of the ranking against time, in words and as a chart."""
    st.header("How fast is it?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = address.choose_title("Time of", TIMES, "time")
        clicked = speed.measure_button()
    progress = st.container()
    measured = speed.current()
    if measured is None:
        st.warning(f"{speed.problem()} The button above measures this machine.")
    else:
        _show_measured(ranking, ranked, measured, kind)
    if clicked:
        speed.measure_and_rerun(progress)


def _show_measured(ranking: Ranking, ranked: Sequence[Row], measured: Speed, kind: str) -> None:
    """The chart, and in words what it shows and how it was measured."""
    whole = kind == "photo"
    points = [
        Point(place, milliseconds, _megabytes(place.name, ranked))
        for place in ranking.places
        if (milliseconds := measured.milliseconds(place.name, whole_photo=whole)) is not None
    ]
    if not points:
        st.info("The time of the models in this ranking is not known.")
        return
    per = "photo" if whole else "face"
    chart_column, text_column = st.columns([3, 2], gap="large")
    with text_column:
        st.markdown(speed_text.summary(ranking.places, ranking.title, measured, whole_photo=whole))
        st.markdown(
            "Up and to the left is better. On the dotted line are the models that no other beats "
            f"in both. {ranking.title}: {ranking.where}, with 95 % intervals, no-skill baseline "
            f"{percent(ranking.baseline, 1)}. MB: the weights in half precision, an ensemble's "
            "with its members'."
        )
        st.caption(speed.note(measured))
    with chart_column:
        figure.show(
            partial(speed_chart.chart, points, ranking.title, per, ranking.where),
            "speed",
            speed_chart.alt_text(points, ranking.title, per),
            title=f"{ranking.title} and time per {per}",
            source=f"{ranking.where}, 95 % intervals, no-skill baseline "
            f"{percent(ranking.baseline, 1)}; time {speed.place(measured)}.",
            rows=lambda: [
                {"model": point.place.name, "metric": ranking.title}
                | with_interval("value", point.place.value, point.place.interval)
                | {"ms": point.milliseconds, "per": per, "megabytes": point.megabytes}
                for point in points
            ],
        )


def _megabytes(name: str, ranked: Sequence[Row]) -> float | None:
    [size] = [row.weights_bytes for row in ranked if row.name == name]
    return None if size is None else size / 1e6
