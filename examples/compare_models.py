"""Compare two models on FER2013's PrivateTest, from the committed predictions.

    python examples/compare_models.py resnet101 keras_cnn

Prints each accuracy with its Wilson interval, the no-skill baseline, and the paired difference with
its bootstrap interval and McNemar's exact test. FER2013 itself is not needed.
"""

import argparse

import fer_core as fer
from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation.baselines import majority_accuracy_of
from fer_core.evaluation.uncertainty import compare, wilson_interval

SPLIT = "PrivateTest"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", choices=fer.list_models())
    parser.add_argument("second", choices=fer.list_models())
    args = parser.parse_args()

    first, second = (split_predictions(name, SPLIT) for name in (args.first, args.second))
    print(f"{SPLIT}, {len(first)} faces; always the most common emotion is right for", end=" ")
    print(f"{majority_accuracy_of(first.labels):.1%}")
    for name, predictions in ((args.first, first), (args.second, second)):
        low, high = wilson_interval(int(predictions.correct.sum()), len(predictions))
        print(f"{name}: {predictions.correct.mean():.1%} (95 % interval {low:.1%} to {high:.1%})")
    result = compare(first.correct, second.correct)
    low, high = (100 * end for end in result.interval)
    print(f"difference: {100 * result.difference:+.1f} points (95 % {low:+.1f} to {high:+.1f})")
    verdict = "could be chance" if result.could_be_chance else "is significant"
    print(f"McNemar's test, p = {result.p_value:.2g}: the difference {verdict}")


if __name__ == "__main__":
    main()
