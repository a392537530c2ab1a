"""The registry and what must stay instant: listing and classifying without torch or TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fer_core import MODELS, get_model_spec
from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.summaries import default_model_name
from fer_core.imaging.sample_photo import sample_photo

STUDY = ("individual", "multiclass", "ensemble_full", "ensemble_single", "stacking", "resnet101")
STUDY += ("efficientnet_b5", "keras_cnn")


def test_registry_holds_the_eight_variants_of_the_study() -> None:
    assert sorted(MODELS) == sorted(STUDY)
    assert all(name == variant.name for name, variant in MODELS.items())


def test_unknown_name_lists_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="resnet101"):
        get_model_spec("resnet")


@pytest.mark.parametrize("name", MODELS)
def test_every_variant_is_trained_and_every_file_can_be_pushed(name: str) -> None:
    variant = get_model_spec(name)
    assert weights_file.is_ready(variant)
    assert all(path.stat().st_size < 95_000_000 for path in weights_file.files(variant))
    assert weights_file.parameter_count(variant) is not None
    assert weights_file.parameter_count(variant) > 0
    assert weights_file.size_bytes(variant) is not None
    for part in variant.members:
        assert weights_file.parameter_count(variant) > (
            weights_file.parameter_count(get_model_spec(part)) or 0
        )


def test_default_is_the_best_on_public_test() -> None:
    scores = {
        name: summaries.accuracy(variant, "PublicTest") or 0 for name, variant in MODELS.items()
    }
    assert default_model_name() == max(scores, key=lambda name: scores[name])


@pytest.mark.parametrize("name", MODELS)
def test_who_taught_a_variant(name: str) -> None:
    networks = get_model_spec(name).members or (name,)
    made = [json.loads(summaries.path(get_model_spec(network)).read_text()) for network in networks]
    assert set(summaries.label_sources(get_model_spec(name))) == {one["labels"] for one in made}
    votes = [one["recipe"].get("votes", 0) for one in made]
    assert any("votes" in labels for labels in summaries.label_sources(get_model_spec(name))) == any(votes)
    assert summaries.trained_on_votes(get_model_spec(name)) == any(votes)
    teachers = {} if get_model_spec(name).members else made[0].get("taught_by", {})
    assert list(teachers) == (
        [summaries.teacher_name(get_model_spec(name))] if summaries.teacher_name(get_model_spec(name)) else []
    )
    assert all(f"what {teacher} answers" in made[0]["labels"] for teacher in teachers)


def test_a_teacher_that_was_trained_anew_since_shows_as_such(
    copied_results: Path,
) -> None:
    made = copied_results / "efficientnet_b5.json"
    told = json.loads(made.read_text())
    assert told["taught_by"] == {
        "resnet101": summaries.load_summary(get_model_spec("resnet101"))["sha256"]
    }
    for digest, replaced in ((told["taught_by"]["resnet101"], False), ("0" * 64, True)):
        made.write_text(json.dumps(told | {"taught_by": {"resnet101": digest}}))
        store.record_checksums(made)
        assert summaries.has_retrained_teacher(get_model_spec("efficientnet_b5")) == replaced
    assert not summaries.has_retrained_teacher(get_model_spec("multiclass"))  # nobody taught it


@pytest.mark.usefixtures("no_artifacts")
def test_untrained_variant_shows_as_such() -> None:
    assert not weights_file.is_ready(get_model_spec("stacking"))
    assert weights_file.parameter_count(get_model_spec("stacking")) is None
    assert default_model_name() is None


@pytest.mark.parametrize(
    "code",
    [
        "from fer_core import MODELS; from fer_core.artifacts import weights_file as w;"
        "assert all(w.ready(v) and w.parameters(v) for v in MODELS.values())",
        "import sys; from fer_core.pipeline import classify; from fer_core import MODELS;"
        "found = classify(sys.stdin.buffer.read(), 'a.png', list(MODELS));"
        "assert len(found.faces[0].answers) == 8, found",
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

    for variant in MODELS.values():
        summary = json.loads(summaries.path(variant).read_text())
        assert summary["sha256"] == sha256(weights_file.path(variant)), variant.name
