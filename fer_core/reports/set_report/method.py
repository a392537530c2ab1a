"""The end of a report: how it was measured, with what, how to cite it, and its limits."""

import platform
from collections.abc import Sequence
from typing import Final

import fer_core
from fer_core.artifacts.provenance import package_version
from fer_core.evaluation import calibration, groups
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.uncertainty import RESAMPLES
from fer_core.registry import MODELS
from fer_core.reports import calibration_text, citations, private_test, seeds_text, usage_text
from fer_core.reports.drawing import WARNING
from fer_core.reports.export import weights_checksums
from fer_core.reports.set_report.elements import Child, Element, bullets, el, section, table
from fer_core.reports.standing import no_test

PACKAGES: Final = ("numpy", "scipy", "onnxruntime", "opencv-python-headless")
METHODS: Final = (
    "**Intervals** are 95 % intervals: Wilson's for accuracy, recall and precision, and the "
    f"percentile bootstrap over faces ({RESAMPLES:,} redraws, fixed seed) for macro-F1, balanced "
    "accuracy, the worst recall, F1 and differences between models. They cover the draw of faces, "
    "not another training run.",
    f"**Calibration error**: the expected calibration error in {calibration.BINS} bins. Its limit "
    "by chance is the 95th percentile of the errors of a perfectly calibrated model with the same "
    f"confidences ({calibration.DRAWS:,} draws); each model is judged alone.",
    "**No skill**: always the most frequent label.",
)
TESTS: Final = (
    "**Tests**: the most accurate model is compared with each other one by McNemar's exact test, "
    "two-sided, with Holm's correction for the number of tests. A p-value of 0.05 or more could be "
    "chance.",
    "**First when redrawn**: how often a model is the most accurate when the faces are drawn again "
    f"with replacement, {RESAMPLES:,} times, the same faces for all models.",
)
AGREEMENT: Final = (
    "**Agreement**: Cohen's kappa with the large-sample interval of Fleiss, Cohen and Everitt."
)
GROUPS: Final = (
    "**Groups**: the interval of a gap is Newcombe's, method 10. The largest of many gaps is large "
    f"by chance too; groups of fewer than {groups.MIN_FACES} faces are not compared."
)
LIMITS: Final = (
    WARNING,
    "Labels are the opinions of those who labelled the faces, not what a person felt.",
    f"{usage_text.NOT_INTENDED}.",
    "Scores hold for faces like these; on other people, cameras and light they may be lower.",
)


def method_sections(evaluation_set: EvaluationSet, names: Sequence[str]) -> list[Child]:
    """Methods, versions, checksums, citation and limits.

    Args:
        evaluation_set: The faces.
        names: The models.
    """
    return [
        section("How this was measured", bullets(_methods(evaluation_set, names))),
        section("Versions and weights", _versions_table(), _weights_table(evaluation_set, names)),
        section("Limits", bullets(LIMITS)),
        section(
            "Licence and citation",
            el(
                "p",
                f"FER Explorer's licence is {usage_text.LICENCE}. The faces have their own. If you "
                "publish these numbers, please cite:",
            ),
            el("pre", citations.bibtex()),
        ),
    ]


def _methods(evaluation_set: EvaluationSet, names: Sequence[str]) -> list[str]:
    lines = list(METHODS)
    lines += [no_test(evaluation_set)] if evaluation_set.chose_models else TESTS
    if len(names) > 1:
        lines.append(AGREEMENT)
    if evaluation_set.groups:
        lines.append(GROUPS)
    if evaluation_set.by_crowd:
        lines.append(
            "**Labels** are the clear majorities of FER+'s ten annotators; faces without one are "
            "left out."
        )
    if evaluation_set.split == TEST_SPLIT:
        lines.append(f"**{TEST_SPLIT}**: {private_test.usage()}")
    models = [evaluation_set.models[name] for name in names]
    lines.append(f"**Training runs**: {seeds_text.comparison_sentences(models)}")
    by_fer2013 = evaluation_set.is_fer2013 and not evaluation_set.by_crowd
    folded = [
        (model.title, calibration_text.folded_in(model, by_fer2013=by_fer2013)) for model in models
    ]
    lines += [f"**{title}**: {sentence}" for title, sentence in folded if sentence]
    return lines


def _versions_table() -> Element:
    versions = [("FER Explorer", fer_core.__version__), ("Python", platform.python_version())]
    versions += [(name, number) for name in PACKAGES if (number := package_version(name))]
    caption = "Versions with which this report was made."
    return table(caption, ["Software", "Version"], versions, class_="texts")


def _weights_table(evaluation_set: EvaluationSet, names: Sequence[str]) -> Element:
    rows = []
    for name in names:
        known = name in MODELS and not evaluation_set.models[name].is_own
        digests = weights_checksums(name) if known else []
        cells = [el("code", digest) for digest in digests]
        rows.append(
            [evaluation_set.title_of(name), el("div", *cells) if cells else "not known here"]
        )
    return table(
        "SHA-256 of each model's weights in this version; of an ensemble, that of its fit, then "
        "those of its members. Answers that were read from a file may be another version's.",
        ["Model", "SHA-256"],
        rows,
        class_="texts",
    )
