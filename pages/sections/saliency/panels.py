"""The sections of the Saliency page."""

from collections.abc import Sequence

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.explain import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent
from pages.charts import theme
from pages.components import downloads
from pages.components.face_panel import reliability_note
from pages.sections.saliency import cards, charts, image, maps, overlays, overview, text
from pages.sections.saliency.controls import MapOptions
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult
from pages.style import STYLES
from pages.text.escape import escape

STYLE = STYLES / "saliency.css"
MAX_HEIGHT = 420  # pixels that the photo may take of the screen's height


def show_maps(subject: SelectedFace, names: Sequence[str], asked: MapOptions) -> None:
    """Maps side by side, over variants or over emotions, and one of them closer."""
    able = [name for name in names if name in subject.answers]
    if asked.seven in able:
        shown = maps.maps_by_emotion(subject, asked.seven, asked)
        st.html(cards.colour_bar(asked.opacity))
        st.html(cards.emotion_cards(subject, shown, asked.opacity))
    else:
        shown = maps.maps_by_model(subject, able, asked)
        st.html(cards.colour_bar(asked.opacity))
        if len(shown) > 1:
            st.html(cards.model_cards(subject, shown, asked.opacity))
    for said in cautions(shown, asked):
        st.caption(said)
    drawn = [each for each in shown if each.told is not None]
    if drawn:
        if len(shown) > 1:
            st.header("One map, closer", anchor=False)
        show_map(subject, _pick(drawn), asked)
    elif len(shown) == 1:
        st.info(shown[0].instead)


def cautions(shown: Sequence[MapResult], asked: MapOptions) -> list[str]:
    """What a reader must know before comparing these maps."""
    told = []
    if not asked.method.class_discriminative:
        told.append(
            f"{asked.method.title} doesn't ask about an emotion: a single network gives the same "
            "map for all seven."
        )
    if measured := overview.centre_bias_note(asked.method.name):
        told.append(measured)
    told += text.baseline_cautions([each.model_name for each in shown])
    if sum(maps.heat_to_draw(each) is not None for each in shown) > 1:
        told.append(
            "Each map is scaled by its own strongest place, so compare where the colours lie; how "
            "strong a map is stands below it."
        )
    return told


def _pick(drawn: Sequence[MapResult]) -> MapResult:
    """The map to look at closely; asks where there are several."""
    if len(drawn) == 1:
        return drawn[0]
    seven = len({each.model_name for each in drawn}) == 1
    options = {each.emotion if seven else each.model_name: each for each in drawn}
    wanted = drawn[0].answer.emotion if seven else summaries.default_model_name()
    first = wanted if wanted in options else next(iter(options))
    chosen = st.pills(
        "Map",
        list(options),
        default=first,
        required=True,
        format_func=lambda name: MODELS[name].title if name in MODELS else name,
        key="closer-emotion" if seven else "closer-model",
        label_visibility="collapsed",
        wrap=True,
    )
    return options.get(chosen, options[first])


def show_map(subject: SelectedFace, shown: MapResult, asked: MapOptions) -> None:
    """One map on the photo and on the chip, in words, and put to the test."""
    assert shown.told is not None
    told = shown.told
    question = text.target_text(told.emotion, told.contrast)
    columns = st.columns([1, 1, 1.2] if subject.photo else [1, 1.3], gap="medium")
    heat = maps.heat_to_draw(shown)
    columns[0].image(
        overlays.overlay_chip(subject.chip, heat, asked.opacity, 2 * overlays.SIDE),
        width=MAX_HEIGHT,
        alt=cards.map_alt(shown),
        output_format="JPEG",
    )
    if subject.photo is not None:
        overlaid = overlays.overlay_photo(subject.photo, subject.index, heat, asked.opacity)
        width = min(overlaid.shape[1], round(MAX_HEIGHT * overlaid.shape[1] / overlaid.shape[0]))
        columns[1].image(
            overlaid,
            width=width,
            alt=f"Your photo {subject.photo.name}, with the heat map of {question} on the face",
            output_format="JPEG",
        )
    with columns[-1]:
        answer = shown.answer
        st.subheader(f"{shown.title}: why {question}?", anchor=False)
        said = f"It says **{answer.emotion}**, {percent(answer.probabilities[answer.emotion])}."
        if not shown.its_answer:
            said += f" To {told.emotion} it gives {percent(answer.probabilities[told.emotion])}."
        if not told.flat:
            said += f" The map is **{text.location_text(told.map)}**."
        st.markdown(said)
        if told.flat:
            st.info(f"**{text.FLAT}.** Nothing in this layer speaks for {question}.")
        st.caption(escape(f"{subject.name}; {METHODS[told.method].title}, {text.peak_text(told)}."))
        if not told.flat:
            _test(subject, shown)
        downloads.button(
            "Download PNG",
            lambda: image.draw(subject, shown, asked.opacity),
            f"fer-explorer-saliency-{shown.model_name}-{told.emotion}.png",
            "png",
        )
        st.caption(reliability_note(shown.model_name, answer.milliseconds))
    if told.contributions:
        with st.expander(f"Made of {len(told.contributions)} networks: whose share is how large?"):
            st.caption(
                "A share is the part's weight in this decision; the parts' maps, weighted by it, "
                "add up to the whole, and are drawn on its scale. “Its no” means that this model "
                "counts by denying its emotion."
            )
            st.html(cards.contributions(subject, told.contributions, asked.opacity))


def _test(subject: SelectedFace, shown: MapResult) -> None:
    """Whether the answer hangs on what the map marks."""
    assert shown.told is not None
    told = maps.faithfulness_of(subject, shown)
    fact, sense = text.faithfulness_text(told, shown.told.emotion)
    st.markdown(f"**Is the map true?** {fact} {sense}")
    with st.expander("The test in full: blurred bit by bit"):
        st.plotly_chart(
            charts.faithfulness_curves(told),
            key="curves",
            config=theme.STATIC,
            alt=charts.faithfulness_curves_alt(told, shown.told.emotion),
        )
        st.caption(
            f"Deletion blurs the map's hottest places first, insertion shows them first in a face "
            f"blurred all over. In a true map the first falls early and the second rises early. "
            f"Area below: deletion {told.deletion_area:.2f} (low is good), insertion "
            f"{told.insertion_area:.2f} (high is good). Petsiuk et al. 2018, "
            "[RISE](https://arxiv.org/abs/1806.07421)."
        )


def show_methods() -> None:
    """Every method in a line with its paper, and what no map can tell."""
    st.header("What a map can tell, and what not", anchor=False)
    st.markdown(text.LIMITS)
    st.caption(text.PEAK)
    with st.expander("The methods"):
        lines = []
        for method in METHODS.values():
            paper, _, link = method.reference.rpartition(", ")
            without = [MODELS[name].title for name in MODELS if name not in method.model_names]
            but = f" Not for {join_words(without)}." if without else ""
            lines.append(f"- **{method.title}.** {method.summary} [{paper}]({link}).{but}")
        st.markdown("\n".join(lines))
        st.caption(
            "A map is never stretched from its weakest place to 0, so an even map stays even; one "
            "too weak or too even to mean anything is called flat and gets no colour."
        )
