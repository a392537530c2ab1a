"""Measure the faithfulness of the heat maps and average them: python -m training.saliency.

Both use PublicTest, because PrivateTest serves only for the final scores.

Faithfulness is measured on the first faces of each emotion in the order of their ids (compared as
text), without those on which the layers were chosen. These are the same faces for every model,
correctly classified or not; the map explains the model's own prediction. The curves, and slow
methods, are measured on the first few of them.

The mean maps, of Grad-CAM and LayerCAM, average the maps of each emotion's first faces that the
committed predictions classify correctly (out of fold for ensembles and stacking).

The results are written to fer_core/results after every step, so an interrupted run continues where
it stopped, and a run with more faces measures only the new ones. A step is repeated if the weights
or the default depth have changed, or with `--again`.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import (
    MIN_FACES,
    SPLIT,
    ExplanationResults,
    MeanMaps,
    ModelResults,
)
from fer_core.evaluation.explanations import CENTRE_BASELINE, Measurement
from fer_core.explain.api import explain
from fer_core.explain.faithfulness import Predict, measure_faithfulness
from fer_core.explain.methods import METHODS, default_depth
from fer_core.models.predictors import load
from fer_core.registry import MODELS
from training.engine.arguments import add_data_argument, positive_int
from training.engine.data import FerData, load_data
from training.engine.explained_faces import (
    DRAWS,
    NO_CURVES,
    first_faces,
    measured_faces,
)

FACES_PER_EMOTION = 50
FEW_FACES_PER_EMOTION = 5  # for the curves, and for methods with a forward pass per channel
CURVE_FRACTIONS = np.linspace(0, 1, 6)  # of the pixels; the page's curves of one map are finer
NOT_MEASURED = np.full((1, len(explanations.COLUMNS)), np.nan, np.float32)  # a face's row
MAX_MEAN_FACES = 60  # per emotion, for the mean maps
MEAN_MAP_METHODS = ("grad_cam", "layer_cam")  # methods with mean maps
BATCH = 16


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.saliency", description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--models",
        "--variants",
        nargs="+",
        choices=list(MODELS),
        default=list(MODELS),
        help="models to measure",
    )
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument(
        "--faces", type=positive_int, default=FACES_PER_EMOTION, help="number of faces per emotion"
    )
    parser.add_argument(
        "--maps",
        type=positive_int,
        default=MAX_MEAN_FACES,
        help="maximum number of faces per mean map",
    )
    parser.add_argument("--again", action="store_true", help="repeat steps that are up to date")
    args = parser.parse_args(arguments)
    prepare_folder(explanation_results.files()[0].parent)
    data = load_data(args.data, [SPLIT], whole=True).split(SPLIT)
    faces = measured_faces(data, args.faces)
    results = _load_results(faces.ids, args.maps)
    for model_name in args.models:
        results = _measure_model(results, model_name, data, faces, args.methods, args.again)
    return 0


def correct_faces(model_name: str, data: FerData, n: int) -> FerData:
    """Select the first `n` faces of each emotion that the committed predictions get right."""
    predictions = split_predictions(model_name, SPLIT)
    correct_ids = set(predictions.ids[predictions.correct].tolist())
    is_correct = np.array([image in correct_ids for image in data.ids.tolist()], bool)
    return first_faces(data.select(is_correct), n)


def measure_method(
    model_name: str, method: str, faces: FerData, old: Measurement | None = None
) -> Measurement:
    """Measure the faithfulness of one method's maps at the default depth.

    The maps explain the model's own predictions. The deletion and insertion curves are measured on
    the first few faces of each emotion, and slow methods only on these; what was not measured is
    NaN.

    Args:
        model_name: Name of the model in the registry.
        method: Name of an explanation method, or `CENTRE_BASELINE`.
        faces: N faces.
        old: A measurement of the same faces; what it has of the same depth is kept.

    Returns:
        The measurement; `old` itself if nothing was missing.
    """
    predict = load(model_name).predict_proba
    is_baseline = method == CENTRE_BASELINE
    depth = 0 if is_baseline else default_depth(model_name, method)
    has_curves = np.isin(faces.ids, first_faces(faces, FEW_FACES_PER_EMOTION).ids)
    is_slow = not is_baseline and METHODS[method].is_slow
    wanted = has_curves if is_slow else np.ones(len(faces), bool)
    if old is not None and old.depth == depth:
        rows = old.faces.copy()
        missing = np.flatnonzero(wanted & np.isnan(rows[:, -1]))
        if not len(missing):
            return old
    else:
        rows, missing = np.repeat(NOT_MEASURED, len(faces), axis=0), np.flatnonzero(wanted)
    maps = explain_predictions(model_name, method, faces.chips[missing], depth)
    for i, (chip, predicted, heat, is_flat) in zip(missing, maps, strict=True):
        rows[i, -1] = is_flat
        if not is_flat:
            rows[i, :-1] = _faithfulness_row(chip, heat, predict, predicted, has_curves[i])
    return Measurement(depth, rows)


def _faithfulness_row(
    chip: np.ndarray, heat: np.ndarray, predict: Predict, predicted: int, has_curves: bool
) -> list[float]:
    """The first five columns of `Measurement.faces` for one face."""
    fractions = CURVE_FRACTIONS if has_curves else NO_CURVES
    result = measure_faithfulness(chip, heat, predict, predicted, draws=DRAWS, fractions=fractions)
    areas = [result.deletion_area, result.insertion_area] if has_curves else [np.nan, np.nan]
    return [result.probability, result.confidence_drop, result.random_drop, *areas]


def explain_predictions(
    model_name: str, method: str, chips: np.ndarray, depth: int
) -> Iterator[tuple[np.ndarray, int, np.ndarray, bool]]:
    """Explain the model's own prediction for each of `chips` (N, 48, 48).

    Args:
        model_name: Name of the model in the registry.
        method: Name of an explanation method, or `CENTRE_BASELINE`.
        chips: (N, 48, 48) uint8.
        depth: Depth of the explained layer; ignored for `CENTRE_BASELINE`.

    Yields:
        The chip, the predicted index into EMOTIONS, the map (48, 48) and whether it is flat.
    """
    predictions = load(model_name).predict_proba(chips).argmax(axis=1).tolist()
    for chip, predicted in zip(chips, predictions, strict=True):
        if method == CENTRE_BASELINE:
            yield chip, predicted, explanations.centre_map(), False
        else:
            emotion = EMOTIONS[predicted]
            explanation = explain(model_name, chip[None], emotion, method, depth=depth)[0]
            yield chip, predicted, explanation.map, explanation.flat


def mean_maps(model_name: str, method: str, faces: FerData) -> MeanMaps:
    """Average the maps of each emotion's faces, at the default depth.

    The maps explain the face's label. Each map is scaled to a peak of 1 first, so that every face
    has the same weight.
    """
    sums, depth = np.zeros((len(EMOTIONS), 48, 48)), default_depth(model_name, method)
    n, flat = np.zeros((2, len(EMOTIONS)), np.int32)
    for i in range(0, len(faces), BATCH):
        labels = faces.labels[i : i + BATCH].tolist()
        emotions = [EMOTIONS[label] for label in labels]
        batch = explain(model_name, faces.chips[i : i + BATCH], emotions, method, depth=depth)
        for label, explanation in zip(labels, batch, strict=True):
            flat[label] += explanation.flat
            n[label] += not explanation.flat
            sums[label] += explanation.map
    sums[n < MIN_FACES] = 0
    maps = (sums / np.maximum(n, 1)[:, None, None]).astype(np.float32)
    return MeanMaps(depth, maps, n, flat)


def _load_results(ids: np.ndarray, max_faces: int) -> ExplanationResults:
    """Load the results of an earlier run, without those of other faces or other weights."""
    try:
        results = explanation_results.load_results()
    except FerError:
        return ExplanationResults(ids, max_faces, {})
    models = {
        name: result
        for name, result in results.models.items()
        if not explanation_results.is_stale(result, name) and results.max_faces == max_faces
    }
    old_rows = {image_id: i for i, image_id in enumerate(results.ids.tolist())}
    rows = [old_rows.get(image_id, -1) for image_id in ids.tolist()]
    models = {
        name: replace(
            result,
            measurements={
                method: Measurement(old.depth, np.vstack([old.faces, NOT_MEASURED])[rows])
                for method, old in result.measurements.items()
            },
        )
        for name, result in models.items()
    }
    return ExplanationResults(ids, max_faces, models)


def _measure_model(
    results: ExplanationResults,
    model_name: str,
    data: FerData,
    faces: FerData,
    methods: Sequence[str],
    again: bool,
) -> ExplanationResults:
    """Return `results` with one model measured; they are written after every step."""
    result = results.models.get(model_name)
    if result is None:
        result = ModelResults(
            explanation_results.current_checksums(model_name), collect_provenance("cpu"), {}, {}
        )
    for method in MEAN_MAP_METHODS:
        if method not in methods or model_name not in METHODS[method].model_names:
            continue
        depth = default_depth(model_name, method)
        if method in result.mean_maps and result.mean_maps[method].depth == depth and not again:
            continue
        start = time.perf_counter()
        mean = mean_maps(model_name, method, correct_faces(model_name, data, results.max_faces))
        means = dict(result.mean_maps) | {method: mean}
        result = replace(result, mean_maps=means, provenance=collect_provenance("cpu"))
        results = _save(results, model_name, result)
        line = f"mean maps n {mean.n.tolist()} flat {mean.flat.tolist()}"
        _print_timed(f"{model_name:16} {method:19} {line}", start)
    for method in (CENTRE_BASELINE, *methods):
        if method != CENTRE_BASELINE and model_name not in METHODS[method].model_names:
            continue
        start = time.perf_counter()
        old = None if again else result.measurements.get(method)
        measurement = measure_method(model_name, method, faces, old)
        if measurement is old:
            continue
        measured = dict(result.measurements) | {method: measurement}
        result = replace(result, measurements=measured, provenance=collect_provenance("cpu"))
        results = _save(results, model_name, result)
        row = explanations.summarise(measurement)
        _print_timed(
            f"{model_name:16} {method:19} n {row.n}  confidence drop {row.confidence_drop:.3f}  "
            f"random {row.random_drop:.3f}  difference {row.difference:+.3f} "
            f"({row.interval.low:+.3f} to {row.interval.high:+.3f})  flat {row.flat}",
            start,
        )
    return results


def _save(results: ExplanationResults, model_name: str, result: ModelResults) -> ExplanationResults:
    models = dict(results.models) | {model_name: result}
    ordered = {name: models[name] for name in MODELS if name in models}
    results = ExplanationResults(results.ids, results.max_faces, ordered)
    explanation_results.save_results(results)
    return results


def _print_timed(line: str, start: float) -> None:
    print(f"{line}  {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
