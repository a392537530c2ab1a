"""Made-up answers to corrupted faces, in which two models swap places under blur."""

import numpy as np

from fer_core.artifacts import summaries
from fer_core.corruptions.records import CORRUPTIONS
from fer_core.evaluation.robustness_results import MeasuredCorruption, RobustnessResults

FACES = 400
#: Model → fraction of right answers at severities 0 to 5 of blur, then of noise.
PLANTED = {
    "multiclass": ((0.8, 0.7, 0.5, 0.4, 0.3, 0.2), (0.8, 0.8, 0.78, 0.76, 0.75, 0.72)),
    "resnet101": ((0.8, 0.78, 0.74, 0.7, 0.68, 0.66), (0.8, 0.6, 0.5, 0.4, 0.3, 0.3)),
    "keras_cnn": ((0.6, 0.6, 0.6, 0.6, 0.58, 0.55), (0.6, 0.5, 0.4, 0.3, 0.3, 0.2)),
}


def planted_results() -> RobustnessResults:
    """Three models and two corruptions; which faces are right differs between the models."""
    names = ("blur", "noise")
    correct = np.zeros((len(PLANTED), len(names), 6, FACES), bool)
    for i, fractions in enumerate(PLANTED.values()):
        order = np.random.default_rng(i).permutation(FACES)
        for j, row in enumerate(fractions):
            for severity, fraction in enumerate(row):
                correct[i, j, severity, order[: round(fraction * FACES)]] = True
    return RobustnessResults(
        np.array([f"PrivateTest_{i}" for i in range(FACES)]),
        np.arange(FACES) % 7,
        {name: summaries.weights_checksum(name) or "" for name in PLANTED},
        {
            name: MeasuredCorruption(
                CORRUPTIONS[name].title,
                CORRUPTIONS[name].unit,
                CORRUPTIONS[name].none,
                CORRUPTIONS[name].severities,
            )
            for name in names
        },
        correct,
        np.linspace(0.9, 0.5, 36).reshape(3, 2, 6),
        {"date": "2026-01-01"},
    )
