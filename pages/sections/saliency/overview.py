"""Results over many faces: faithfulness of the methods, and mean heat maps of the models.

`show_faithfulness` and `show_mean_maps` draw one section each; the page writes the headers.
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import (
    COMMAND,
    MIN_FACES,
    SPLIT,
    ExplanationResults,
    MeanMaps,
)
from fer_core.explain import regions
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.components import address, downloads
from pages.sections.saliency import mean_maps, tables


def show_faithfulness() -> None:
    """Draw a table of models × methods: faithfulness on a fixed set of PublicTest faces."""
    results = _load_results()
    if results is None:
        return
    summaries = {
        name: tables.summarise_methods(model)
        for name, model in results.models.items()
        if model.measurements
    }
    if not summaries:
        st.info(f"No method has been measured yet: run `{COMMAND}`.")
        return
    methods = [
        name
        for name in tables.COLUMN_TITLES
        if any(name in by_method for by_method in summaries.values())
    ]
    st.markdown(tables.counts_text(results.models))
    st.markdown(tables.most_faithful_by_model(results.models))
    st.dataframe(
        pd.DataFrame(
            [
                {"Model": MODELS[name].title}
                | {
                    tables.COLUMN_TITLES[method]: tables.format_cell(
                        by_method.get(method), name, method
                    )
                    for method in methods
                }
                for name, by_method in summaries.items()
            ]
        ),
        hide_index=True,
        column_config={
            tables.COLUMN_TITLES[method]: st.column_config.TextColumn(
                help=tables.METHOD_HELP[method]
            )
            for method in methods
        },
        key="faithful",
        alt=tables.table_alt(summaries),
    )
    n = len(results.ids)
    st.caption(
        "In percentage points: how much more the probability of the model's own answer drops when "
        "the hottest 20 % of the pixels are blurred than when random areas of the same size and "
        "shape within the face are; in brackets the 95 % interval (paired bootstrap over faces, "
        "each judged alone). A map moved at random over the face scores 0. The centre-bias "
        "baseline is a fixed spot in the middle of every face: it ignores the model, so a method "
        f"should beat it. Measured on {n} {SPLIT} faces, the first {n // len(EMOTIONS)} of each "
        "emotion by id, the same for every model and method, whether the answer is right or wrong; "
        f"{tables.slow_methods_text(results.models)}flat maps are left out. The default layers "
        f"were chosen on other {SPLIT} faces. Compare methods within a model, not models with each "
        "other: a confident model has more to lose."
    )
    with st.expander("All numbers as a table"):
        centre_tests = tables.centre_tests(results.models)
        long_table = tables.long_table(summaries, centre_tests)
        st.dataframe(
            long_table,
            hide_index=True,
            column_config={
                column: st.column_config.NumberColumn(
                    format={"Faces": "%d", "Layer": "%d", "Flat": "%.0f %%"}.get(
                        column,
                        "%.3f" if column in ("Deletion", "Insertion", "p, corrected") else "%.1f",
                    ),
                    help=definition,
                )
                for column, definition in tables.COLUMN_HELP.items()
            },
            alt="For each model and method: confidence drop, random drop, their difference with "
            "interval, areas under the curves, share of flat maps, number of faces and layer",
        )
        downloads.csv_button(
            "Download CSV", lambda: tables.csv_rows(summaries, centre_tests), "saliency-methods"
        )


def show_mean_maps() -> None:
    """Draw the mean heat map of correctly recognised PublicTest faces per model and emotion."""
    results = _load_results()
    if results is None:
        return
    available = [
        method
        for method in METHODS
        if any(method in model.mean_maps for model in results.models.values())
    ]
    if not available:
        st.info(f"There are no mean maps yet: run `{COMMAND}`.")
        return
    measured = [model.measurements for model in results.models.values()]
    method = address.choose(
        st.segmented_control,
        "Method",
        available,
        key="maps",
        default=max(available, key=lambda method: explanations.mean_difference(measured, method)),
        format_func=lambda name: METHODS[name].title,
    )
    means = {
        name: model.mean_maps[method]
        for name, model in results.models.items()
        if method in model.mean_maps
    }
    st.html(mean_maps.STYLE)
    st.markdown(
        "Region with the densest heat for most models (number of models): "
        f"{mean_maps.densest_regions(means)}. {tables.centre_bias_text(results.models, [method])}"
    )
    st.html(mean_maps.colour_bar("the model's hottest point"))
    st.html(mean_maps.model_rows(means))
    st.caption(
        f"Mean of the {METHODS[method].title} maps of up to {results.max_faces} {SPLIT} faces per "
        "emotion, the first by id that the model recognises correctly; the number of faces is "
        f"below each map (fewer than {MIN_FACES}: no map). Each map is first divided by "
        "its own peak, "
        "so each face counts the same, and 1 would be a point that is hottest in every face; flat "
        "maps are left out. Each model has its own colour scale, given below its name. Faces are "
        "not aligned exactly: read these maps for tendencies, not for pixels. A regular grid of "
        "dots comes from a network's strides, not from faces."
    )
    selected = address.choose(
        st.selectbox,
        "Model in detail",
        means,
        key="closer",
        default=next(iter(means)),
        format_func=lambda name: MODELS[name].title,
        width=360,
    )
    st.html(mean_maps.emotion_cards(means[selected], selected))
    st.caption(
        "Below each map is the region with the most heat for its area, if it has at least a "
        "quarter more than an even map would. An even map, the baseline, has the same share of "
        f"heat as of area in every region: {_areas()}. The outlines show eyes, nose and mouth of "
        f"the average FER2013 face. {METHODS[method].title} of layer {means[selected].depth} of 4."
    )
    with st.expander("All regions as a table"):
        st.dataframe(
            _region_table(means[selected]),
            hide_index=True,
            column_config={
                column: st.column_config.NumberColumn(format="%.0f")
                for column in map(_capitalise, regions.REGION_TITLES.values())
            },
            alt=f"Share of the heat in each region for {MODELS[selected].title}",
        )
        st.caption("Percentage of a map's heat in each region; the last row is the regions' area.")


def centre_bias_note(methods: Sequence[str]) -> str:
    """Whether the methods' maps beat the centre-bias baseline; empty if that was not measured."""
    try:
        results = explanation_results.load_results().models
    except ResultsError:
        return ""
    measured = {test.method for test in tables.centre_tests(results)}
    if not measured.issuperset(methods):
        return ""
    note = tables.centre_bias_text(results, methods)
    return f"{note} “Which method is most faithful?” below describes the test."


def _load_results() -> ExplanationResults | None:
    """The results, or None after a message on what is missing; warns if they are outdated."""
    try:
        results = explanation_results.load_results()
    except ResultsError as error:
        st.info(str(error))
        return None
    if not results.models:
        st.info(f"No model has been explained yet: run `{COMMAND}`.")
        return None
    outdated = [
        name for name, model in results.models.items() if explanation_results.is_stale(model, name)
    ]
    missing = [
        name for name, model in MODELS.items() if name not in results.models and not model.is_own
    ]
    for names, status in (
        (outdated, "Measured with earlier weights"),
        (missing, "Not measured yet"),
    ):
        if names:
            titles = ", ".join(MODELS[name].title for name in names)
            st.warning(f"{status}: {titles}. Run `{COMMAND} --variants {' '.join(names)}`.")
    return results


def _region_table(means: MeanMaps) -> pd.DataFrame:
    """Percentage of the heat per emotion and region; the last row is the regions' area."""
    rows = [
        {"Emotion": emotion, "Faces": int(means.n[i])}
        | {
            _capitalise(regions.REGION_TITLES[name]): 100 * share
            for name, share in regions.heat_fractions(means.maps[i]).items()
        }
        for i, emotion in enumerate(EMOTIONS)
        if means.has_map(i)
    ]
    areas = {
        _capitalise(regions.REGION_TITLES[name]): 100 * area
        for name, area in regions.AREA_FRACTIONS.items()
    }
    return pd.DataFrame([*rows, {"Emotion": "area (baseline)"} | areas])


def _areas() -> str:
    return ", ".join(
        f"{regions.REGION_TITLES[name]} {percent(area)}"
        for name, area in regions.AREA_FRACTIONS.items()
    )


def _capitalise(text: str) -> str:
    return text[0].upper() + text[1:]
