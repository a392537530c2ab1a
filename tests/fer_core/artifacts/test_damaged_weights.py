"""Damaged weights of any model and file raise an error naming the file; the CLI continues."""

import json
from pathlib import Path

import pytest
from damage import DAMAGES
from onnx import TensorProto, helper

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import record_checksums
from fer_core.cli import app as command
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models.predictors import load
from fer_core.registry import MODELS, get_model_spec

FILES = [(name, path.name) for name, model in MODELS.items() for path in weights_file.files(model)]
#: Headers of safetensors that lie about their length or hold no table.
HEADERS = {
    "2^64 bytes": b"\xff" * 8,
    "1 TB": (2**40).to_bytes(8, "little") + b"{}",
    "longer than the file": (5000).to_bytes(8, "little") + b"{}",
    "no JSON": (4).to_bytes(8, "little") + b"oops",
    "a list": (2).to_bytes(8, "little") + b"[]",
    "no shapes": (11).to_bytes(8, "little") + b'{"a": [1] }',
    "nested": (90_000).to_bytes(8, "little") + b"[" * 90_000,
    "shorter than a header": b"\1\2",
    "empty": b"",
}


def damaged(path: Path, how: str) -> None:
    """Replace the file by a damaged copy: it may be a link to the repository's file."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    DAMAGES[how](path)


def refused(name: str, file: str, folder: Path) -> WeightsError:
    """The error of loading the model: one sentence that names the file."""
    with pytest.raises(WeightsError) as caught:
        load(name)
    message = str(caught.value)
    assert file in message
    assert "restore it from the repository" in message
    assert str(folder) not in message
    return caught.value


@pytest.mark.parametrize(("name", "file"), FILES)
def test_damaged_model_is_refused_by_name(name: str, file: str, copied_weights: Path) -> None:
    damaged(copied_weights / file, "a flipped byte")
    assert not isinstance(refused(name, file, copied_weights), NotTrainedError)


def test_a_damaged_int8_graph_is_refused_by_name(copied_weights: Path) -> None:
    damaged(copied_weights / "multiclass.int8.onnx", "a flipped byte")
    with pytest.raises(WeightsError, match=r"multiclass\.int8\.onnx"):
        load("multiclass", "int8")
    assert load("multiclass").precision == "fp32"


@pytest.mark.parametrize("how", DAMAGES)
def test_every_damage_is_seen(how: str, copied_weights: Path) -> None:
    """The check is the same for every file, so a small one is enough."""
    damaged(copied_weights / "multiclass.safetensors", how)
    error = refused("multiclass", "multiclass.safetensors", copied_weights)
    assert isinstance(error, NotTrainedError) == (how == "missing")


@pytest.mark.parametrize("header", HEADERS)
def test_numbers_of_a_damaged_header_are_unknown(header: str, copied_weights: Path) -> None:
    path = copied_weights / "multiclass.safetensors"
    path.unlink()
    path.write_bytes(HEADERS[header])
    assert weights_file.is_ready(get_model_spec("multiclass"))
    assert weights_file.parameter_count(get_model_spec("multiclass")) is None
    assert (
        weights_file.parameter_count(get_model_spec("stacking")) is None
    )  # it has the other as a member
    assert weights_file.parameter_count(get_model_spec("resnet101"))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"fitted"', "\0"])
def test_numbers_of_a_damaged_ensemble_are_unknown(text: str, copied_weights: Path) -> None:
    path = copied_weights / "stacking.json"
    path.unlink()
    path.write_text(text)
    assert weights_file.parameter_count(get_model_spec("stacking")) is None


@pytest.mark.parametrize("text", ["", "no sums", "\0\xff"])
def test_damaged_list_of_sums_refuses_all(text: str, copied_weights: Path) -> None:
    path = copied_weights / "SHA256SUMS"
    path.unlink()
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(WeightsError, match=r"multiclass\.safetensors is damaged or was changed"):
        load("multiclass")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "astronaut.png"
    path.write_bytes(sample_photo())
    return path


def test_all_others_answer_on_the_command_line(
    copied_weights: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged(copied_weights / "resnet101.onnx", "another file")
    damaged(copied_weights / "keras_cnn.safetensors", "missing")
    words = ["--variant", "all", "--precision", "fp32", "--json"]
    assert command.main(["classify", str(photo), *words]) == 1
    output = capsys.readouterr()
    [face] = json.loads(output.out)["faces"]
    assert set(face["results"]) == set(MODELS) - {"resnet101", "keras_cnn"}
    assert "resnet101.onnx is damaged" in output.err
    assert "keras_cnn.safetensors is missing" in output.err


def test_the_one_that_was_asked_for_is_refused_on_the_command_line(
    copied_weights: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged(copied_weights / "multiclass.safetensors", "half of it")
    assert command.main(["classify", str(photo), "--variant", "multiclass"]) == 1
    output = capsys.readouterr()
    assert output.err.startswith("error: multiclass.safetensors is damaged")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize("how", DAMAGES)
def test_models_are_listed_despite_damaged_files(
    how: str, copied_weights: Path, copied_results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["variants", "--json"]) == 0
    capsys.readouterr()
    damaged(copied_results / "stacking.json", how)
    (copied_weights / "multiclass.safetensors").unlink()
    (copied_weights / "multiclass.safetensors").write_bytes(b"\xff" * 8)
    assert command.main(["variants", "--json"]) == 1
    output = capsys.readouterr()
    rows = {row["name"]: row for row in json.loads(output.out)}
    assert set(rows) == set(MODELS)
    assert rows["stacking"]["private_test_accuracy"] is None
    assert rows["multiclass"]["parameters"] is None
    assert rows["resnet101"]["private_test_accuracy"]
    assert "error: stacking.json" in output.err
    assert "error: multiclass.safetensors" in output.err
    assert "Traceback" not in output.err


def graph(input_name: str) -> bytes:
    """An ONNX graph that adds an input of floats to itself."""
    shape = ["n", 48, 48]
    node = helper.make_node("Add", [input_name, input_name], ["y"])
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in (input_name, "y")
    ]
    graph = helper.make_graph([node], "g", values[:1], values[1:])
    opset = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is damaged; restore it from the repository."),
        (b"no graph", "is damaged; restore it from the repository."),
        (b"\x08\x07", "is damaged; restore it from the repository."),
        (graph("other"), "cannot be run: memory is short, or it is another model's."),
        (graph("chips"), "cannot be run: memory is short, or it is another model's."),
    ],
    ids=["empty", "text", "no nodes", "another input", "another type"],
)
def test_a_wrong_graph_is_reported_without_raw_text(
    content: bytes,
    says: str,
    copied_weights: Path,
    photo: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Also if its checksum is right, so that ONNX Runtime reads it."""
    file = copied_weights / "multiclass.onnx"
    file.unlink()
    file.write_bytes(content)
    record_checksums(file)
    words = ["--model", "multiclass", "--precision", "fp32"]
    assert command.main(["classify", str(photo), *words]) == 1
    errors = [line for line in capfd.readouterr().err.splitlines() if not line.startswith("Only 0")]
    assert errors == [f"error: multiclass.onnx {says}"]
