"""Records of own models: safe names, and nothing read by them."""

import pytest

from fer_core.artifacts import int8, summaries, weights_file
from fer_core.own_model import MAX_NAME, own_model_spec, register
from fer_core.registry import MODELS, list_networks, networks_of
from fer_core.reports.model_record import model_record


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("my net, v2", "my_net_v2"),
        ("../../etc/passwd", "etc_passwd"),
        ("resnet101", "resnet101_own"),
        ("ResNet101", "ResNet101_own"),
        ("all", "all_own"),
        ("😀", "own_model"),
        ("x" * 99, "x" * MAX_NAME),
    ],
)
def test_names_become_identifiers_of_their_own(given: str, name: str) -> None:
    model = own_model_spec(given)
    assert model.name == name
    assert model.title
    assert own_model_spec(given, "Net of ours").title == "Net of ours"


def test_a_name_that_is_taken_is_numbered_after_it_is_cut() -> None:
    names: list[str] = []
    for end in "abc":
        names.append(own_model_spec("X" * MAX_NAME + end, taken=map(str.lower, names)).name)
    assert names == ["X" * MAX_NAME, *("X" * MAX_NAME + number for number in ("_2", "_3"))]


@pytest.mark.parametrize("file", ["", "/nowhere/mine.onnx"])
def test_nothing_is_read_by_the_name_of_an_own_model(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a committed file (`crowd.json`) is no own model's summary."""
    model = own_model_spec("crowd", file=file)
    assert summaries.path(model).is_file()
    assert summaries.load_summary(model) is None
    assert summaries.problem(model) is None
    assert summaries.accuracy(model, "PublicTest") is None
    assert summaries.label_sources(model) == ()
    assert not summaries.trained_by_votes(model)
    assert not summaries.trained_on_votes(model)
    assert not summaries.has_retrained_teacher(model)
    assert summaries.teacher_name(model) == ""
    assert summaries.missing_results(model) == "not evaluated yet"
    assert networks_of(model) == [model]
    assert not weights_file.is_ready(model)
    assert not weights_file.has_lost_files(model)
    assert weights_file.checksum(model) is None
    monkeypatch.setitem(MODELS, model.name, model)
    assert int8.comparison(model) is None
    assert model_record(model)["ready"] is False
    assert model.name not in list_networks()


def test_only_own_models_with_new_names_are_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fer_core.own_model.MODELS", dict(MODELS))
    register(own_model_spec("mine", file="a.onnx"))
    register(own_model_spec("mine", file="a.onnx"))
    for other in (own_model_spec("mine", file="b.onnx"), MODELS["multiclass"]):
        with pytest.raises(ValueError, match="the name of another model"):
            register(other)
