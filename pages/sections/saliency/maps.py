"""Asking the library for the maps of a page, with progress and with failures as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.explain import Explanation, explain
from fer_core.explain.faithfulness import Faithfulness, measure_faithfulness
from fer_core.models.predictors import load
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from fer_core.reports.format import join_words
from pages.runtime.event_log import log_event, timer
from pages.sections.saliency import text
from pages.sections.saliency.controls import MapOptions
from pages.sections.saliency.face_source import SelectedFace
from pages.session import explanation_cache

_loaded: set[str] = set()  # networks that have drawn a map in this process
_noting = Lock()


@dataclass(frozen=True, eq=False)
class MapResult:
    """One map on the page, or the sentence that stands in its place."""

    model_name: str
    emotion: str
    answer: Answer
    told: Explanation | None
    instead: str = ""

    @property
    def title(self) -> str:
        return MODELS[self.model_name].title

    @property
    def its_answer(self) -> bool:
        return self.emotion == self.answer.emotion


def maps_by_model(subject: SelectedFace, names: Sequence[str], asked: MapOptions) -> list[MapResult]:
    """A map a variant: of the emotion asked for, or of each variant's own answer."""
    return [
        *chain.from_iterable(
            _maps(subject, name, [asked.emotion or subject.answers[name].emotion], asked)
            for name in names
        )
    ]


def maps_by_emotion(subject: SelectedFace, name: str, asked: MapOptions) -> list[MapResult]:
    """The maps of one variant for all seven emotions."""
    return _maps(subject, name, EMOTIONS, asked)


def faithfulness_of(subject: SelectedFace, shown: MapResult) -> Faithfulness:
    """What hiding the hottest places of that map does to that variant's answer."""
    assert shown.told is not None
    told = shown.told
    key = ("test", subject.mark, told.model_name, told.emotion, told.contrast, told.method, told.depth)

    def make() -> Faithfulness:
        predict = load(told.model_name).predict_proba
        return measure_faithfulness(subject.chip, told.map, predict, EMOTIONS.index(told.emotion))

    return explanation_cache.session_cached(key, make, f"Putting the map of {shown.title} to the test")


def _maps(subject: SelectedFace, name: str, emotions: Sequence[str], asked: MapOptions) -> list[MapResult]:
    """The maps of one variant for those emotions, looked for all at once."""
    answer, method = subject.answers[name], asked.method.name
    instead = dict.fromkeys(emotions, "Nothing to tell apart: it is compared with itself.")
    able = [emotion for emotion in emotions if emotion != asked.contrast]
    found: dict[str, Explanation] = {}
    if name not in asked.method.model_names:
        instead = dict.fromkeys(emotions, text.unsupported(name, method))
    else:
        try:
            found = dict(zip(able, _looked_for(subject, name, able, asked), strict=True))
        except FerError as error:
            instead |= dict.fromkeys(able, str(error))
    return [MapResult(name, e, answer, found.get(e), instead[e]) for e in emotions]


def _looked_for(
    subject: SelectedFace, name: str, emotions: Sequence[str], asked: MapOptions
) -> list[Explanation]:
    method, against, depth = asked.method.name, asked.contrast, asked.depth
    networks, title = MODELS[name].members or (name,), MODELS[name].title
    doing = f"Asking {title} where it sees {join_words(emotions)}"
    if not _loaded.issuperset(networks):
        doing = f"Loading {title} … (first time only)"

    def make(missing: list[tuple[Any, ...]]) -> list[Explanation]:
        chips = np.repeat(subject.chip[None], len(missing), axis=0)
        of = [emotion for *_, emotion in missing]
        with timer() as clock:
            found = explain(name, chips, of, method, contrast=against, depth=depth)
        log_event("map", model_name=name, ms=clock.ms, maps=len(found))
        with _noting:
            _loaded.update(networks)
        return found

    keys: list[tuple[Any, ...]] = [
        ("map", subject.mark, name, method, against, depth, e) for e in emotions
    ]
    return explanation_cache.session_cached_many(keys, make, doing)


def heat_to_draw(shown: MapResult) -> np.ndarray | None:
    """The map to draw; None where there is none or it is flat, so that no colour is shown."""
    return None if shown.told is None or shown.told.flat else shown.told.map
