"""What holds for many faces: which method's maps are true, and where each model looks in general.

`table` and `mean_maps` draw a section each; the page writes the header above it.
"""

import pandas as pd
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import COMMAND, MIN_FACES, SPLIT, MeanMaps, ExplanationResults
from fer_core.explain import regions
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.components import downloads
from pages.sections.saliency import mean_maps as drawing
from pages.sections.saliency import tables


def show_faithfulness() -> None:
    """Methods × models: how true the maps are on a fixed set of PublicTest faces."""
    recorded = _recorded()
    if recorded is None:
        return
    told = {
        name: tables.summarise_methods(each) for name, each in recorded.models.items() if each.measurements
    }
    if not told:
        st.info(f"No method has been measured yet: run `{COMMAND}`.")
        return
    shown = [name for name in tables.COLUMN_TITLES if any(name in rows for rows in told.values())]
    st.markdown(tables.counts_text(recorded.models))
    st.markdown(tables.most_faithful_by_model(recorded.models))
    st.dataframe(
        pd.DataFrame(
            [
                {"Model": MODELS[name].title}
                | {tables.COLUMN_TITLES[m]: tables.format_cell(rows.get(m), name, m) for m in shown}
                for name, rows in told.items()
            ]
        ),
        hide_index=True,
        column_config={
            tables.COLUMN_TITLES[m]: st.column_config.TextColumn(help=tables.METHOD_HELP[m]) for m in shown
        },
        key="faithful",
        alt=tables.table_alt(told),
    )
    n = len(recorded.ids)
    st.caption(
        "In points: how much further the probability of the model's own answer falls when the "
        "hottest 20 % of the pixels are blurred than when the same area is blurred elsewhere; in "
        "brackets the 95 % interval (paired bootstrap over faces). 0 is a map that points "
        "anywhere. “Centre” is a spot in the middle of every face: it never looks at the model, "
        f"so a method should beat it. {SPLIT}, {n} faces, the first {n // len(EMOTIONS)} of each "
        "emotion by id, the same for every model and method, answered rightly or not; flat maps "
        "are left out. Other PublicTest faces chose the default layers, but for Score-CAM's, which "
        "earlier weights did. Compare methods on one model, not models: a sure model has further "
        "to fall."
    )
    with st.expander("All numbers as a table"):
        long = tables.long_table(told)
        st.dataframe(
            long,
            hide_index=True,
            column_config={
                name: st.column_config.NumberColumn(
                    format={"Faces": "%d", "Layer": "%d", "Flat": "%.0f %%"}.get(
                        name, "%.3f" if name in ("Deletion", "Insertion") else "%.1f"
                    ),
                    help=told_of,
                )
                for name, told_of in tables.COLUMN_HELP.items()
            },
            alt="For each model and method the falls, their difference with interval, the curves' "
            "areas, the share of flat maps and the number of faces",
        )
        downloads.csv_button("Download CSV", long, "saliency-methods.csv")


def show_mean_maps() -> None:
    """Models × emotions: mean heat maps of correctly recognised PublicTest faces."""
    recorded = _recorded()
    if recorded is None:
        return
    valid = [m for m in METHODS if any(m in each.mean_maps for each in recorded.models.values())]
    if not valid:
        st.info(f"No mean map has been made yet: run `{COMMAND}`.")
        return
    known = [each.measurements for each in recorded.models.values()]
    method = st.segmented_control(
        "Method",
        valid,
        default=max(valid, key=lambda method: explanations.mean_difference(known, method)),
        required=True,
        format_func=lambda name: METHODS[name].title,
        key="maps",
        bind="query-params",
    )
    found = {name: v.mean_maps[method] for name, v in recorded.models.items() if method in v.mean_maps}
    st.html(drawing.STYLE)
    st.markdown(
        "Where the heat is densest for most models, in brackets how many: "
        f"{drawing.densest_regions(found)}. {tables.centre_bias_text(recorded.models, method)}"
    )
    st.html(drawing.colour_bar("the model's hottest place"))
    st.html(drawing.model_rows(found))
    st.caption(
        f"Mean of the {METHODS[method].title} maps of up to {recorded.max_faces} {SPLIT} faces an "
        "emotion, the first by id that the model recognises correctly; below each map how many "
        f"(below {MIN_FACES} there is no map). "
        "Every map is divided by its own strongest place first, so each face counts the same, and "
        "1 would be a place that is hottest in every face; flat maps are left out. Each model has "
        "its own colours, to the number below its name. Faces differ in where they lie: read these "
        "maps for tendencies, not for pixels. A regular grid of dots is a trace of how a network "
        "skips pixels, not of faces."
    )
    names = list(found)
    chosen = st.selectbox(
        "Closer look at",
        names,
        format_func=lambda name: MODELS[name].title,
        key="closer",
        width=360,
        bind="query-params",
    )
    st.html(drawing.emotion_cards(found[chosen], chosen))
    st.caption(
        "Below each map the region with most heat for its area, if it has at least a quarter more "
        "than an even map. An even map, no skill, has as much heat as area everywhere: "
        f"{_areas()}. The frames show eyes, nose and mouth as they "
        f"lie in the average FER2013 face. {METHODS[method].title} of layer {found[chosen].depth} "
        "of 4."
    )
    with st.expander("All regions as a table"):
        st.dataframe(
            _regions(found[chosen]),
            hide_index=True,
            column_config={
                name: st.column_config.NumberColumn(format="%.0f")
                for name in map(_capital, regions.REGION_TITLES.values())
            },
            alt=f"Share of the heat in each region for {MODELS[chosen].title}",
        )
        st.caption("Percent of a map's heat in each region; the last row is the regions' area.")


def centre_bias_note(method: str) -> str:
    """How far to believe a method's maps, in one sentence; empty where that is not known."""
    try:
        found = explanation_results.load_results().models
    except ResultsError:
        return ""
    if not any(method in each.measurements for each in found.values()):
        return ""
    return f"{tables.centre_bias_text(found, method)} How that was measured stands below."


def _recorded() -> ExplanationResults | None:
    """The results, or None after saying what is missing; also says what is out of date."""
    try:
        recorded = explanation_results.load_results()
    except ResultsError as error:
        st.info(str(error))
        return None
    if not recorded.models:
        st.info(f"No model has been looked at yet: run `{COMMAND}`.")
        return None
    old = [n for n, each in recorded.models.items() if explanation_results.is_stale(each, n)]
    lacking = [name for name in MODELS if name not in recorded.models]
    for names, what in ((old, "Measured with earlier weights"), (lacking, "Not measured yet")):
        if names:
            titles = ", ".join(MODELS[name].title for name in names)
            st.warning(f"{what}: {titles}. Run `{COMMAND} --variants {' '.join(names)}`.")
    return recorded


def _regions(found: MeanMaps) -> pd.DataFrame:
    rows = [
        {"Emotion": emotion, "Faces": int(found.n[i])}
        | {
            _capital(regions.REGION_TITLES[name]): 100 * share
            for name, share in regions.heat_fractions(found.maps[i]).items()
        }
        for i, emotion in enumerate(EMOTIONS)
        if found.has_map(i)
    ]
    area = {_capital(regions.REGION_TITLES[name]): 100 * share for name, share in regions.AREA_FRACTIONS.items()}
    return pd.DataFrame([*rows, {"Emotion": "area, no skill"} | area])


def _areas() -> str:
    return ", ".join(f"{regions.REGION_TITLES[name]} {percent(a)}" for name, a in regions.AREA_FRACTIONS.items())


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
