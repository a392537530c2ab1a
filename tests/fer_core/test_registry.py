"""The registry, and what must stay fast: listing and classifying without torch or TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fer_core import MODELS, get_model_spec, list_models
from fer_core.artifacts import store, summaries, weights_file
from fer_core.evaluation import ferplus_agreement
from fer_core.evaluation.default_model import best_by_labels, default_model_name
from fer_core.imaging.sample_photo import sample_photo

STUDY = ("individual", "multiclass", "ensemble_full", "ensemble_single", "stacking", "resnet101")
STUDY += ("efficientnet_b5", "keras_cnn")


def test_registry_holds_the_eight_models_of_the_study_and_says_which_they_are() -> None:
    assert {name for name, model in MODELS.items() if model.in_study} == set(STUDY)
    assert all(name == model.name for name, model in MODELS.items())


def test_unknown_name_lists_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="resnet101"):
        get_model_spec("resnet")


def test_models_can_be_listed_by_a_pattern() -> None:
    assert list_models("ens*") == ["ensemble_full", "ensemble_single"]
    assert list_models("vgg*") == []
    assert list_models() == list(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_trained_and_every_file_can_be_pushed(name: str) -> None:
    model = get_model_spec(name)
    assert weights_file.is_ready(model)
    assert all(path.stat().st_size < 95_000_000 for path in weights_file.files(model))
    assert weights_file.parameter_count(model) is not None
    assert weights_file.parameter_count(model) > 0
    assert weights_file.size_bytes(model) is not None
    for member in model.members:
        assert weights_file.parameter_count(model) > (
            weights_file.parameter_count(get_model_spec(member)) or 0
        )


def test_default_is_the_best_by_the_crowd_on_public_test() -> None:
    rows = ferplus_agreement.load_agreement().models["PublicTest"]
    best = max(rows, key=lambda name: rows[name].majority_accuracy)
    assert default_model_name() == best


def test_without_votes_the_default_is_the_best_by_the_labels(copied_results: Path) -> None:
    scores = {name: summaries.accuracy(model, "PublicTest") or 0 for name, model in MODELS.items()}
    best = max(scores, key=lambda name: scores[name])
    (copied_results / "crowd.json").unlink()
    assert default_model_name() == best
    assert best_by_labels() == best


@pytest.mark.parametrize("name", MODELS)
def test_the_teacher_of_a_model(name: str) -> None:
    networks = get_model_spec(name).members or (name,)
    results = [
        json.loads(summaries.path(get_model_spec(network)).read_text()) for network in networks
    ]
    assert set(summaries.label_sources(get_model_spec(name))) == {one["labels"] for one in results}
    votes = [one["recipe"].get("votes", 0) or one["recipe"].get("by_votes") for one in results]
    assert any(
        "votes" in labels for labels in summaries.label_sources(get_model_spec(name))
    ) == any(votes)
    assert summaries.trained_on_votes(get_model_spec(name)) == any(votes)
    assert summaries.trained_by_votes(get_model_spec(name)) == (name == "ferplus")
    teachers = {} if get_model_spec(name).members else results[0].get("taught_by", {})
    assert list(teachers) == (
        [summaries.teacher_name(get_model_spec(name))]
        if summaries.teacher_name(get_model_spec(name))
        else []
    )
    assert all(f"what {teacher} answers" in results[0]["labels"] for teacher in teachers)


def test_a_retrained_teacher_is_noticed(
    copied_results: Path,
) -> None:
    file = copied_results / "efficientnet_b5.json"
    summary = json.loads(file.read_text())
    assert list(summary["taught_by"]) == ["resnet101"]
    teacher = summaries.load_summary(get_model_spec("resnet101"))
    for digest, replaced in ((teacher["sha256"], False), ("0" * 64, True)):
        file.write_text(json.dumps(summary | {"taught_by": {"resnet101": digest}}))
        store.record_checksums(file)
        assert summaries.has_retrained_teacher(get_model_spec("efficientnet_b5")) == replaced
    assert not summaries.has_retrained_teacher(get_model_spec("multiclass"))  # no teacher


@pytest.mark.usefixtures("no_artifacts")
def test_an_untrained_model_is_reported_as_such() -> None:
    assert not weights_file.is_ready(get_model_spec("stacking"))
    assert weights_file.parameter_count(get_model_spec("stacking")) is None
    assert default_model_name() is None


@pytest.mark.parametrize(
    "code",
    [
        "from fer_core import MODELS; from fer_core.artifacts import weights_file as w;"
        "assert all(w.is_ready(m) and w.parameter_count(m) for m in MODELS.values())",
        "import sys; from fer_core.pipeline import classify; from fer_core import MODELS;"
        "photo = classify(sys.stdin.buffer.read(), 'a.png', list(MODELS));"
        "assert list(photo.faces[0].answers) == list(MODELS), photo",
    ],
    ids=["list", "classify"],
)
def test_neither_torch_nor_tensorflow_is_imported(code: str) -> None:
    heavy = "{'torch', 'tensorflow', 'keras', 'timm', 'torchvision'} & set(sys.modules)"
    program = f"import sys; {code}; assert not {heavy}, {heavy}"
    done = subprocess.run(
        [sys.executable, "-c", program], input=sample_photo(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_listing_imports_no_numpy() -> None:
    program = "import sys, fer_core; list(fer_core.MODELS); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_committed_results_name_the_committed_weights() -> None:
    from fer_core.artifacts.weights_file import sha256

    for model in MODELS.values():
        summary = json.loads(summaries.path(model).read_text())
        assert summary["sha256"] == sha256(weights_file.path(model)), model.name
