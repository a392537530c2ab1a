"""Measure how true the heat maps are and what each variant looks at in general, and record both in
fer_core/results: python -m training.saliency.

Both use PublicTest, because maps are there to be understood, and PrivateTest is only scored.
A method is measured on the first faces of each emotion in the order of their ids (compared as
text), whether the variant recognises them or not, so on the same faces for every variant; what is
explained is the variant's own answer. The mean maps, of Grad-CAM and LayerCAM, are of
an emotion's first faces that the committed predictions have right (for ensembles and stacking these
are out of fold).

What is done is written after every step, so a run that was stopped goes on where it was. A step is
done again when the weights, the faces or the default depth have changed, or with `--again`.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import MIN_FACES, SPLIT, ModelResults, MeanMaps, ExplanationResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, Measurement
from fer_core.explain.api import explain
from fer_core.explain.faithfulness import measure_faithfulness
from fer_core.explain.methods import METHODS, default_depth
from fer_core.models.predictors import load
from fer_core.registry import MODELS
from training.engine.data import DEFAULT_DATA, FerData, load_data

FACES_PER_EMOTION = 5  # an emotion
MAX_MEAN_FACES = 60  # faces an emotion for the mean maps
MEAN_MAP_METHODS = ("grad_cam", "layer_cam")  # methods with mean maps
BATCH = 16


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.saliency", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--variants", nargs="+", choices=list(MODELS), default=list(MODELS))
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--faces", type=int, default=FACES_PER_EMOTION, help="an emotion, for each method")
    parser.add_argument("--maps", type=int, default=MAX_MEAN_FACES, help="most faces of a mean map")
    parser.add_argument("--again", action="store_true", help="also what is up to date")
    chosen = parser.parse_args(arguments)
    data = load_data(chosen.data).split(SPLIT)
    faces = first_faces(data, chosen.faces)
    found = _begun(faces.ids, chosen.maps)
    for name in chosen.variants:
        found = _add(found, name, data, faces, chosen.methods, chosen.again)
    return 0


def first_faces(data: FerData, each: int) -> FerData:
    """The first `each` faces of each emotion, in the order of the ids."""
    places = [np.flatnonzero(data.labels == i)[:each] for i in range(len(EMOTIONS))]
    return select_images(data, np.sort(np.concatenate(places)))


def correct_faces(name: str, data: FerData, most: int) -> FerData:
    """The first `most` faces of each emotion that the committed predictions have right."""
    said = split_predictions(name, SPLIT)
    known = set(said.ids[said.correct].tolist())
    right = np.array([image in known for image in data.ids.tolist()], bool)
    return first_faces(select_images(data, np.flatnonzero(right)), most)


def measure_method(name: str, method: str, chips: np.ndarray) -> Measurement:
    """How true the maps of `chips` (N, 48, 48) are, at the default depth, for the variant's own
    answers. `CENTRE` is the no-skill map."""
    predict = load(name).predict_proba
    rows = np.full((len(chips), len(explanations.COLUMNS)), np.nan, np.float32)
    depth = 0 if method == CENTRE_BASELINE else default_depth(name, method)
    for i, (chip, answer, heat, flat) in enumerate(explain_predictions(name, method, chips, depth)):
        rows[i, -1] = flat
        if not flat:
            found = measure_faithfulness(chip, heat, predict, answer)
            rows[i, :-1] = (
                found.probability,
                found.confidence_drop,
                found.random_drop,
                found.deletion_area,
                found.insertion_area,
            )
    return Measurement(depth, rows)


def explain_predictions(
    name: str, method: str, chips: np.ndarray, depth: int
) -> Iterator[tuple[np.ndarray, int, np.ndarray, bool]]:
    """Each of `chips` (N, 48, 48) with the variant's own answer, the map (48, 48) that explains it
    at `depth` and whether that is flat; the depth of `CENTRE`'s map plays no part."""
    answers = load(name).predict_proba(chips).argmax(axis=1).tolist()
    for chip, answer in zip(chips, answers, strict=True):
        if method == CENTRE_BASELINE:
            yield chip, answer, explanations.centre_map(), False
        else:
            told = explain(name, chip[None], EMOTIONS[answer], method, depth=depth)[0]
            yield chip, answer, told.map, told.flat


def mean_maps(name: str, method: str, faces: FerData) -> MeanMaps:
    """Mean map of each emotion's faces, at the default depth. Every map is scaled to its own
    strongest place first, so each face counts the same. What is explained is the face's label."""
    sums, depth = np.zeros((len(EMOTIONS), 48, 48)), default_depth(name, method)
    n, flat = np.zeros((2, len(EMOTIONS)), np.int32)
    for i in range(0, len(faces), BATCH):
        labels = faces.labels[i : i + BATCH].tolist()
        asked = [EMOTIONS[label] for label in labels]
        found = explain(name, faces.chips[i : i + BATCH], asked, method, depth=depth)
        for label, told in zip(labels, found, strict=True):
            flat[label] += told.flat
            n[label] += not told.flat
            sums[label] += told.map
    sums[n < MIN_FACES] = 0
    maps = (sums / np.maximum(n, 1)[:, None, None]).astype(np.float32)
    return MeanMaps(depth, maps, n, flat)


def _begun(ids: np.ndarray, most: int) -> ExplanationResults:
    """What an earlier run has found, without what is not of these faces or these weights."""
    try:
        found = explanation_results.load_results()
    except FerError:
        return ExplanationResults(ids, most, {})
    kept = {
        name: each
        for name, each in found.variants.items()
        if not explanation_results.is_stale(each, name) and found.max_faces == most
    }
    if found.ids.tolist() != ids.tolist():
        kept = {name: replace(each, measurements={}) for name, each in kept.items()}
    return ExplanationResults(ids, most, kept)


def _add(
    found: ExplanationResults,
    name: str,
    data: FerData,
    faces: FerData,
    methods: Sequence[str],
    again: bool,
) -> ExplanationResults:
    """`found` with one variant measured; written after every step."""
    known = found.variants.get(name)
    if known is None:
        known = ModelResults(explanation_results.current_checksums(name), collect_provenance("cpu"), {}, {})
    for method in MEAN_MAP_METHODS:
        if method not in methods or name not in METHODS[method].variants:
            continue
        depth = default_depth(name, method)
        if method in known.mean_maps and known.mean_maps[method].depth == depth and not again:
            continue
        start = time.perf_counter()
        mean = mean_maps(name, method, correct_faces(name, data, found.max_faces))
        known = replace(known, mean_maps=dict(known.mean_maps) | {method: mean}, provenance=collect_provenance("cpu"))
        found = _written(found, name, known)
        told = f"mean maps n {mean.n.tolist()} flat {mean.flat.tolist()}"
        _say(f"{name:16} {method:19} {told}", start)
    for method in (CENTRE_BASELINE, *methods):
        if method != CENTRE_BASELINE and name not in METHODS[method].variants:
            continue
        depth = 0 if method == CENTRE_BASELINE else default_depth(name, method)
        if method in known.measurements and known.measurements[method].depth == depth and not again:
            continue
        start = time.perf_counter()
        result = measure_method(name, method, faces.chips)
        known = replace(known, measurements=dict(known.measurements) | {method: result}, provenance=collect_provenance("cpu"))
        found = _written(found, name, known)
        row = explanations.summarise(result)
        _say(
            f"{name:16} {method:19} n {row.n}  fall {row.confidence_drop:.3f}  random {row.random_drop:.3f}  "
            f"difference {row.difference:+.3f} ({row.interval.low:+.3f} to "
            f"{row.interval.high:+.3f})  flat {row.flat}",
            start,
        )
    return found


def _written(found: ExplanationResults, name: str, variant: ModelResults) -> ExplanationResults:
    every = dict(found.variants) | {name: variant}
    done = ExplanationResults(found.ids, found.max_faces, {v: every[v] for v in MODELS if v in every})
    explanation_results.save_results(done)
    return done


def _say(line: str, start: float) -> None:
    print(f"{line}  {time.perf_counter() - start:.0f} s", flush=True)


def select_images(data: FerData, places: np.ndarray) -> FerData:
    """The images at `places`, numbers or (N,) bool."""
    return FerData(data.ids[places], data.labels[places], data.chips[places])


if __name__ == "__main__":
    sys.exit(main())
