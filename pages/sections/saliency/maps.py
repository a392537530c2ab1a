"""Computes the page's heat maps, with progress; failures become sentences."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.answers import Answer
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.explain import METHODS, Explanation, Method, explain
from fer_core.explain.faithfulness import Faithfulness, measure_faithfulness
from fer_core.models.predictors import load
from fer_core.registry import MODELS
from fer_core.reports.format import join_words
from pages.runtime.event_log import log_event, timer
from pages.sections.saliency import text
from pages.sections.saliency.controls import MapOptions
from pages.sections.saliency.face_source import SelectedFace
from pages.session import explanation_cache, preload


@dataclass(frozen=True, eq=False)
class MapResult:
    """One map of the page, or the reason why there is none."""

    model_name: str
    method: str
    emotion: str
    answer: Answer
    explanation: Explanation | None
    reason: str = ""  # why there is no map

    @property
    def title(self) -> str:
        """The model's title."""
        return MODELS[self.model_name].title

    @property
    def is_own_answer(self) -> bool:
        """Whether the explained emotion is the model's answer."""
        return self.emotion == self.answer.emotion


def maps_by_model(
    face: SelectedFace, model_names: Sequence[str], options: MapOptions
) -> list[MapResult]:
    """One map per method and model, of the selected emotion or of the model's own answer."""
    return [
        *itertools.chain.from_iterable(
            _maps(face, name, method, [options.emotion or face.answers[name].emotion], options)
            for method in options.methods
            for name in model_names
        )
    ]


def maps_by_emotion(face: SelectedFace, model_name: str, options: MapOptions) -> list[MapResult]:
    """One map per method and emotion, all of one model."""
    return [
        *itertools.chain.from_iterable(
            _maps(face, model_name, method, EMOTIONS, options) for method in options.methods
        )
    ]


def faithfulness_of(face: SelectedFace, result: MapResult) -> Faithfulness:
    """How much the model's answer depends on the map's hottest pixels; cached in the session."""
    assert result.explanation is not None
    explanation = result.explanation
    key = (
        "test",
        face.digest,
        explanation.model_name,
        explanation.emotion,
        explanation.contrast,
        explanation.method,
        explanation.depth,
    )

    def compute() -> Faithfulness:
        predict = load(explanation.model_name).predict_proba
        return measure_faithfulness(
            face.chip, explanation.map, predict, EMOTIONS.index(explanation.emotion)
        )

    return explanation_cache.session_cached(key, compute, f"Testing the map of {result.title}")


def _maps(
    face: SelectedFace,
    model_name: str,
    method: Method,
    emotions: Sequence[str],
    options: MapOptions,
) -> list[MapResult]:
    """One model's maps by one method for these emotions, computed in one batch."""
    answer = face.answers[model_name]
    contrast = options.contrast if method.class_discriminative else None
    reasons = dict.fromkeys(emotions, "Choose two different emotions to contrast.")
    contrasted = [emotion for emotion in emotions if emotion != contrast]
    explanations: dict[str, Explanation] = {}
    if model_name not in method.model_names:
        reasons = dict.fromkeys(emotions, text.unsupported(model_name, method.name))
    else:
        try:
            batch = _explain(face, model_name, method.name, contrasted, contrast, options.depth)
            explanations = dict(zip(contrasted, batch, strict=True))
        except FerError as error:
            reasons |= dict.fromkeys(contrasted, str(error))
    return [
        MapResult(
            model_name, method.name, emotion, answer, explanations.get(emotion), reasons[emotion]
        )
        for emotion in emotions
    ]


def _explain(
    face: SelectedFace,
    model_name: str,
    method: str,
    emotions: Sequence[str],
    contrast: str | None,
    depth: int | None,
) -> list[Explanation]:
    title = MODELS[model_name].title
    progress = f"{title}: computing evidence for {join_words(emotions)}"
    if not preload.are_loaded(model_name):
        progress = f"Loading {title} … (first time only)"

    def compute(missing: list[tuple[Any, ...]]) -> list[Explanation]:
        chips = np.repeat(face.chip[None], len(missing), axis=0)
        targets = [emotion for *_, emotion in missing]
        with timer() as clock:
            explanations = explain(
                model_name, chips, targets, method, contrast=contrast, depth=depth
            )
        log_event("map", model_name=model_name, ms=clock.ms, maps=len(explanations))
        return explanations

    keys: list[tuple[Any, ...]] = [
        explanation_cache.map_key(face.digest, model_name, method, contrast, depth, emotion)
        for emotion in emotions
    ]
    return explanation_cache.session_cached_many(keys, compute, progress)


def short_labels(results: Sequence[MapResult]) -> list[str]:
    """Label each map by what sets it apart: its model, emotion or method, or several of them."""
    parts = [(result.title, result.emotion, METHODS[result.method].title) for result in results]
    varies = [len(set(values)) > 1 for values in zip(*parts, strict=True)]
    if varies[0]:
        varies[1] = False  # each model has one map per method
    return [", ".join(itertools.compress(row, varies)) for row in parts]


def heat_to_draw(result: MapResult) -> np.ndarray | None:
    """The map (48, 48), or None if it is missing or flat, so that no colour is drawn."""
    explanation = result.explanation
    return None if explanation is None or explanation.flat else explanation.map
