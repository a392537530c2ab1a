"""The sections of the Saliency page."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from fer_core.evaluation import default_model as defaults
from fer_core.explain import METHODS
from fer_core.imaging.sizes import scaled_size
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent
from pages.components import downloads, face_quality, figure
from pages.components.face_panel import reliability_note
from pages.sections.saliency import cards, charts, image, maps, overlays, overview, text
from pages.sections.saliency.controls import MapOptions
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult
from pages.style import STYLES
from pages.text.escape import escape

STYLE = STYLES / "saliency.css"
MAX_HEIGHT = 420  # pixels of the photo on the page


def show_maps(face: SelectedFace, model_names: Sequence[str], options: MapOptions) -> None:
    """Draw the maps side by side, by model or by emotion, and one of them in detail."""
    answered = [name for name in model_names if name in face.answers]
    if options.all_emotions_of in answered:
        results = maps.maps_by_emotion(face, options.all_emotions_of, options)
    else:
        results = maps.maps_by_model(face, answered, options)
    st.html(cards.colour_bar(options.opacity))
    _show_cards(face, results, options)
    if len(results) > 1:
        _show_quality(face, has_chip=options.all_emotions_of is not None)
    for sentence in cautions(results, options):
        st.caption(sentence)
    with_map = [result for result in results if result.explanation is not None]
    if with_map:
        if len(results) > 1:
            st.header("One map in detail", anchor=False)
        show_map(face, _select_map(with_map), options)
    elif len(results) == 1:
        st.info(results[0].reason)
    if len(results) == 1:
        _show_quality(face, has_chip=True)  # below the map, which stays on the first screen


def _show_cards(face: SelectedFace, results: Sequence[MapResult], options: MapOptions) -> None:
    """Draw the maps side by side, one row per method; one row if only the method varies."""
    if len(results) == len(options.methods):
        if len(results) > 1:
            st.html(cards.method_cards(face, results, options.opacity))
        return
    draw = cards.emotion_cards if options.all_emotions_of else cards.model_cards
    for method, row in groupby(results, key=lambda result: result.method):
        if len(options.methods) > 1:
            st.subheader(METHODS[method].title, anchor=False)
        st.html(draw(face, list(row), options.opacity))


def _show_quality(face: SelectedFace, *, has_chip: bool) -> None:
    """Say how the face's picture compares; with the bare face where no card shows it."""
    alt = f"{face.name}, the models' input: 48 by 48 grey pixels"
    face_quality.show(face.description, face.chip if has_chip else None, alt)


def cautions(results: Sequence[MapResult], options: MapOptions) -> list[str]:
    """What a reader must know before comparing these maps."""
    sentences = []
    sentences += [
        f"{method.title} is not class-discriminative: a single network's map is the same for all "
        "seven emotions."
        for method in options.methods
        if not method.class_discriminative
    ]
    if any(method.name == "layer_cam" for method in options.methods) and options.depth is None:
        sentences.append(
            "LayerCAM's dots come from an early layer's fine grid: one dot per point of the grid."
        )
    if note := overview.centre_bias_note([method.name for method in options.methods]):
        sentences.append(note)
    sentences += text.baseline_cautions(list(dict.fromkeys(r.model_name for r in results)))
    if sum(maps.heat_to_draw(result) is not None for result in results) > 1:
        sentences.append(
            "Each map is scaled by its own peak, so compare where the colours are; the peak is "
            "given below each map."
        )
    return sentences


def _select_map(results: Sequence[MapResult]) -> MapResult:
    """The map to show in detail; draws pills if there are several."""
    if len(results) == 1:
        return results[0]
    by_label = dict(zip(maps.short_labels(results), results, strict=True))
    default_model = defaults.default_model_name()
    default = next(
        (
            label
            for label, result in by_label.items()
            if result.is_own_answer and result.model_name == default_model
        ),
        next(iter(by_label)),
    )
    selected = st.pills(
        "Map",
        list(by_label),
        default=default,
        required=True,
        key="detail",
        label_visibility="collapsed",
        wrap=True,
    )
    return by_label.get(selected, by_label[default])


def show_map(face: SelectedFace, result: MapResult, options: MapOptions) -> None:
    """Draw one map on the chip and on the photo, describe it and test its faithfulness."""
    assert result.explanation is not None
    explanation = result.explanation
    target = text.target_text(explanation.emotion, explanation.contrast)
    columns = st.columns([1, 1, 1.2] if face.photo else [1, 1.3], gap="medium")
    heat = maps.heat_to_draw(result)
    columns[0].image(
        overlays.overlay_chip(face.chip, heat, options.opacity, 2 * overlays.SIDE),
        width=MAX_HEIGHT,
        alt=cards.map_alt(result),
        output_format="JPEG",
    )
    if face.photo is not None:
        overlay = overlays.overlay_photo(face.photo, face.index, heat, options.opacity)
        height, width = overlay.shape[:2]
        width, _ = scaled_size(width, height, min(1, MAX_HEIGHT / height))
        columns[1].image(
            overlay,
            width=width,
            alt=f"Your photo {face.photo.name}, heat map of the evidence for {target} on the face",
            output_format="JPEG",
        )
    with columns[-1]:
        _show_text(face, result, target)
        downloads.button(
            "Download PNG",
            lambda: image.draw(face, result, options.opacity),
            downloads.dated(
                f"saliency-{result.model_name}-{explanation.emotion}-face-{face.index + 1}", ".png"
            ),
            "png",
        )
        st.caption(reliability_note(result.model_name, result.answer))
    if explanation.contributions:
        with st.expander(f"Contributions of the {len(explanation.contributions)} networks"):
            st.caption(
                "A network's share is its weight in this decision. The networks' maps, multiplied "
                "by their shares, add up to the map of the ensemble and use its colour scale. "
                "“Its no” means that a yes/no model counts by saying no to its own emotion."
            )
            st.html(cards.member_cards(face, explanation.contributions, options.opacity))


def _show_text(face: SelectedFace, result: MapResult, target: str) -> None:
    """Write the model's answer, the hottest region, and the faithfulness of a map."""
    assert result.explanation is not None
    explanation, answer = result.explanation, result.answer
    st.subheader(f"{result.title}: evidence for {target}", anchor=False)
    sentences = f"It says **{answer.emotion}**, {percent(answer.probabilities[answer.emotion])}."
    if not result.is_own_answer:
        probability = percent(answer.probabilities[explanation.emotion])
        sentences += f" Its probability of {explanation.emotion} is {probability}."
    if not explanation.flat:
        sentences += f" The map is **{text.location_text(explanation.map)}**."
    st.markdown(sentences)
    if explanation.flat:
        st.info(
            f"**{text.FLAT}.** The evidence for {target} in this layer is too weak or "
            "too evenly spread to show a place."
        )
    method = METHODS[explanation.method].title
    st.caption(escape(f"{face.name}; {method}, {text.peak_text(explanation)}."))
    if not explanation.flat:
        _show_test(face, result)


def _show_test(face: SelectedFace, result: MapResult) -> None:
    """Write whether the answer depends on what the map marks, and draw the curves."""
    assert result.explanation is not None
    faithfulness = maps.faithfulness_of(face, result)
    fact, conclusion = text.faithfulness_text(faithfulness, result.explanation.emotion)
    st.markdown(f"**Is this map faithful?** {fact} {conclusion}")
    with st.expander("Deletion and insertion curves"):
        figure.show(
            partial(charts.faithfulness_curves, faithfulness),
            "deletion-insertion",
            charts.faithfulness_curves_alt(faithfulness, result.explanation.emotion),
            title=f"Deletion and insertion of {METHODS[result.method].title}: {result.title}, "
            f"evidence for {result.explanation.emotion}",
            source="One face. Faithful: deletion drops early, insertion rises early.",
            rows=partial(charts.csv_rows, faithfulness, result.explanation),
        )
        st.caption(
            "Deletion blurs the map's hottest pixels first; insertion restores them first in a "
            "fully blurred face. For a faithful map, the deletion curve drops early and the "
            "insertion curve rises early. Area under the curve: deletion "
            f"{faithfulness.deletion_area:.2f} (lower is better), insertion "
            f"{faithfulness.insertion_area:.2f} (higher is better). Petsiuk et al. 2018, "
            "[RISE](https://arxiv.org/abs/1806.07421)."
        )


def show_methods() -> None:
    """Write what a map can and cannot show, and list every method with its paper."""
    st.markdown(text.LIMITS)
    st.caption(text.PEAK)
    with st.expander("The methods"):
        lines = []
        for method in METHODS.values():
            paper, _, link = method.reference.rpartition(", ")
            unsupported = [MODELS[name].title for name in MODELS if name not in method.model_names]
            exceptions = f" Not available for {join_words(unsupported)}." if unsupported else ""
            lines.append(f"- **{method.title}.** {method.summary} [{paper}]({link}).{exceptions}")
        st.markdown("\n".join(lines))
        st.caption(
            "A map's smallest value is not stretched to 0, so an even map stays even. A map that "
            "is too weak or too even to mean anything is called flat and gets no colour."
        )
