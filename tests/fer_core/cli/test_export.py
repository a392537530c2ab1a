"""python -m fer_core export; tests/fer_core/cli/test_export_elsewhere.py runs what it writes."""

import io
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from command_line import run

from fer_core.cli.app import main
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.registry import MODELS

Capture = pytest.CaptureFixture[str]


def words(out: Path, *more: str, model: str = "multiclass") -> list[str]:
    return ["export", model, "--out", str(out), *more]


def test_the_weights_lie_beside_the_graph(
    tmp_path: Path, chips: np.ndarray, capsys: Capture
) -> None:
    assert main(words(tmp_path / "x.onnx")) == 0
    assert capsys.readouterr() == ("", "")
    assert {path.name for path in tmp_path.iterdir()} == {"x.onnx", "x.onnx.data"}
    session = ort.InferenceSession(tmp_path / "x.onnx", providers=["CPUExecutionProvider"])
    [logits] = session.run(["logits"], {"chips": chips})
    np.testing.assert_allclose(logits, OnnxNetwork(MODELS["multiclass"]).logits(chips), atol=1e-5)


def test_one_file_holds_everything(tmp_path: Path) -> None:
    assert main(words(tmp_path / "x.onnx", "--one-file", "--probabilities", "--int8")) == 0
    [path] = tmp_path.iterdir()
    session = ort.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    assert [output.name for output in session.get_outputs()] == ["probabilities"]
    assert session.get_modelmeta().custom_metadata_map["precision"] == "int8"


@pytest.mark.parametrize("name", ["x.onnx", "x.onnx.data"])
def test_neither_file_is_overwritten_unless_forced(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / name).write_text("mine")
    assert main(words(tmp_path / "x.onnx")) == 2
    assert f"{name} exists and would be overwritten" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}
    assert main(words(tmp_path / "x.onnx", "--force")) == 0
    onnx.checker.check_model(tmp_path / "x.onnx")


def test_a_network_without_int8_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    assert main(words(tmp_path / "x.onnx", "--int8", model="efficientnet_b5")) == 2
    assert capsys.readouterr().err == (
        "error: efficientnet_b5 has no int8 graph: leave out --int8.\n"
    )
    assert not list(tmp_path.iterdir())


def test_standard_output_takes_one_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture) -> None:
    assert main(["export", "multiclass", "--out", "-", "--one-file"]) == 0
    graph = onnx.load(io.BytesIO(capfdbinary.readouterr().out))
    assert graph.graph.name == "multiclass"
    assert main(["export", "multiclass", "--out", "-"]) == 2
    assert b"add --one-file" in capfdbinary.readouterr().err


def test_a_folder_is_written_and_kept_unless_forced(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "models/multiclass"
    command = ["export", "multiclass", "--hf", str(folder)]
    assert main(command) == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "README.md",
        "LICENSE",
        "config.json",
        "preprocessor_config.json",
        "model.onnx",
    }
    (folder / "README.md").write_text("mine")
    assert main(command) == 2
    assert "is not empty: name another folder, or add --force" in capsys.readouterr().err
    assert (folder / "README.md").read_text() == "mine"
    assert main([*command, "--force"]) == 0
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("---\n")


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("export", "multiclass", "--hf", tmp_path / "file")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_damaged_weights_leave_no_file(
    tmp_path: Path, copied_weights: Path, capsys: Capture
) -> None:
    (copied_weights / "multiclass.safetensors").unlink()
    (copied_weights / "multiclass.safetensors").write_bytes(b"damaged")
    out = tmp_path / "out"
    out.mkdir()
    assert main(words(out / "x.onnx")) == 1
    assert "multiclass.safetensors is damaged" in capsys.readouterr().err
    assert not list(out.iterdir())
