"""No file of this project can run code when it is read, and no code runs what it reads.

Ruff's `S` rules see to shells, `eval` and weak hashes; here is what they leave.
"""

import ast
import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from safetensors import safe_open

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("fer_core", "pages", "training")
    for path in sorted((ROOT / folder).rglob("*.py"))
] + [ROOT / "streamlit_app.py"]
#: Modules that run code from the data they read, or parse XML without limits.
UNSAFE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "xml"}
RUNNING = {"eval", "exec", "compile", "__import__"}
#: Ends of committed files that hold weights or arrays, none of them a pickle.
DATA = {".safetensors", ".onnx", ".npz", ".npy", ".json", ".csv"}


def complaints(source: str) -> list[str]:
    """What a file's code does that it should not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.partition(".")[0] in UNSAFE]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in UNSAFE:
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            found += _of_call(ast.unparse(node.func), node)
    return found


def _of_call(name: str, node: ast.Call) -> list[str]:
    words = {word.arg: ast.unparse(word.value) for word in node.keywords}
    bad = (
        name in RUNNING
        or (name == "torch.load" and words.get("weights_only") != "True")
        or (name == "np.load" and words.get("allow_pickle", "False") != "False")
        or words.get("shell", "False") != "False"
        or words.get("unsafe_allow_html", "False") != "False"
        or words.get("unsafe_allow_javascript", "False") != "False"
        or words.get("safe_mode", "True") != "True"  # Keras: a model file with code in it
    )
    return [f"{name}({words})"] if bad else []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_runs_nothing_that_it_reads(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "eval(text)",
        "subprocess.run(text, shell=True)",
        "st.markdown(text, unsafe_allow_html=True)",
        "keras.models.load_model(path, safe_mode=False)",
    ],
)
def test_it_would_be_seen(source: str) -> None:
    assert complaints(source)


def committed() -> list[Path]:
    folders = (ROOT / "fer_core/weights", ROOT / "fer_core/results")
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix]
    return [*files, *sorted((ROOT / "fer_core").glob("*.np[yz]"))]


@pytest.mark.parametrize("path", committed(), ids=lambda path: path.name)
def test_committed_data_is_data(path: Path) -> None:
    """Each file is of a kind that cannot hold code, and really is of that kind."""
    assert path.suffix in DATA
    if path.suffix == ".json":
        json.loads(path.read_text(encoding="utf-8"))
    elif path.suffix == ".safetensors":
        with safe_open(path, "numpy") as file:
            assert list(file.keys())
    elif path.suffix == ".npz":
        with zipfile.ZipFile(path) as archive:
            assert all(name.endswith(".npy") for name in archive.namelist())
        with np.load(path, allow_pickle=False) as arrays:  # object arrays would raise
            assert all(arrays[name].dtype.kind in "biufU" for name in arrays.files)
    elif path.suffix == ".npy":
        assert np.load(path, allow_pickle=False).dtype.kind in "biuf"
    elif path.suffix == ".onnx":
        graph = onnx.load(path, load_external_data=False).graph
        assert {node.domain for node in graph.node} <= {"", "ai.onnx"}  # no operators of others
        places = {
            e.value for t in graph.initializer for e in t.external_data if e.key == "location"
        }
        assert places <= {path.with_suffix(".safetensors").name}  # reads no file but its own
