"""The measured part: curves over severity, the ranking, and where models swap places."""

from functools import partial

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import robustness, robustness_results
from fer_core.evaluation.robustness_results import SPLIT, WRITER, RobustnessResults
from fer_core.registry import MODELS
from pages.components import address, downloads, figure
from pages.sections.robustness import charts, text

FIRST = "blur"  # the corruption shown at first
MAX_FIRST = 3  # best models of the ranking that the chart shows at first, beside the last


def show() -> None:
    """Draw the charts of one corruption, the ranking and the swaps; a note without results."""
    try:
        results = robustness_results.load()
    except ResultsError as error:
        st.info(str(error))
        return
    models = tuple(name for name in results.current_models if name in MODELS)
    if outdated := [name for name in results.checksums if name in MODELS and name not in models]:
        st.warning(text.outdated(outdated))
    if not models or not results.corruptions:
        st.info(f"No model has been measured yet: run `python -m training.{WRITER}`.")
        return
    corruption = address.choose(
        st.pills,
        "Corruption",
        results.corruptions,
        key="corruption",
        default=FIRST if FIRST in results.corruptions else next(iter(results.corruptions)),
        format_func=lambda name: results.corruptions[name].title,
        wrap=True,
    )
    st.markdown(text.verdict(results, models, corruption))
    _show_charts(results, models, corruption)
    st.header("Which model keeps most of its accuracy?", anchor=False)
    places = robustness.ranking(results, models, (corruption,))
    averages = robustness.ranking(results, models, tuple(results.corruptions))
    st.html(text.ranking_table(places, averages, results, corruption))
    st.caption(text.ranking_note(results))
    if note := text.training_note(models):
        st.caption(note)
    downloads.csv_button(
        "Download CSV", partial(text.all_rows, results, models), "robustness", "data-robustness"
    )
    st.header("Where models swap places", anchor=False)
    st.markdown(text.swaps_text(results, models, corruption))
    st.header("Which corruption hits hardest?", anchor=False)
    st.html(text.effects_table(robustness.effects(results, models)))
    st.caption(text.EFFECTS_NOTE)


def _show_charts(results: RobustnessResults, models: tuple[str, ...], corruption: str) -> None:
    best = [place.name for place in robustness.ranking(results, models, tuple(results.corruptions))]
    shown = address.choose_several(
        st.pills,
        "Models",
        list(models),
        key="robustness-models",
        param="models",
        default=sorted({*best[:MAX_FIRST], best[-1]}, key=list(models).index),
        format_func=lambda name: MODELS[name].short_title,
        wrap=True,
    )
    if not shown:
        st.info("Choose at least one model.")
        return
    measured = results.corruptions[corruption]
    curves = {name: robustness.curve(results, name, corruption) for name in shown}
    source = text.source(results)
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure.show(
            partial(charts.accuracy_chart, curves, measured, text.baseline(results)),
            f"robustness-{corruption}",
            charts.alt_text(curves, measured),
            title=f"Accuracy on {SPLIT} faces: {measured.title}",
            source=source,
            rows=partial(charts.rows, curves),
        )
    with right:
        st.markdown("**Does the model notice?** Its mean confidence on the same faces:")
        figure.show(
            partial(charts.confidence_chart, curves, measured),
            f"confidence-{corruption}",
            f"Mean confidence over the severity of {measured.title}",
            title=f"Mean confidence on {SPLIT} faces: {measured.title}",
            source=source,
            rows=partial(charts.rows, curves),
        )
        st.caption(text.CONFIDENCE_NOTE)
    st.caption(source)
