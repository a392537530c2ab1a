"""No data file of this project can execute code, and no code executes what it reads."""

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import pytest
from safetensors import safe_open

ROOT = Path(__file__).parents[2]
SOURCES = ("fer_core", "pages", "training", "streamlit_app.py")
#: Ruff's rules against shells, `eval`, pickles and what pyproject.toml bans.
RULES = ("--select", "S102,S301,S302,S307,S602,S604,S605,TID251")
#: What ruff does not cover: options that allow code in data or markup in a page, with any value but
#: the safe one, and two functions.
UNSAFE = re.compile(
    r"\b(allow_pickle|unsafe_allow_html|unsafe_allow_javascript)\s*=\s*(?!False\b)"
    r"|\b(weights_only|safe_mode)\s*=\s*(?!True\b)"
    r"|(?<![\w.])(compile|__import__)\("
)
#: Extensions of committed weights and arrays; none of them is a pickle.
DATA = {".safetensors", ".onnx", ".npz", ".npy", ".json", ".csv"}


def ruff(*arguments: str, text: str | None = None) -> str:
    """Ruff's findings for RULES, one per line."""
    command = [sys.executable, "-m", "ruff", "check", *RULES, "--output-format", "concise"]
    done = subprocess.run(
        [*command, *arguments], input=text, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode else ""


def test_code_executes_nothing_that_it_reads() -> None:
    assert ruff(*SOURCES) == ""
    files = [ROOT / "streamlit_app.py"]
    files += [path for name in SOURCES for path in (ROOT / name).rglob("*.py")]
    assert len(files) > 100
    for path in files:
        assert not UNSAFE.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "import xml.etree.ElementTree",
        "eval(text)",
        "exec(text)",
        "subprocess.run(text, shell=True)",
        "os.system(text)",
    ],
)
def test_ruff_would_find_it(source: str) -> None:
    text = f"import os, subprocess\ntext = input()\n{source}\n"
    assert ":3:" in ruff("--stdin-filename", "fer_core/some.py", "-", text=text)


@pytest.mark.parametrize(
    "source",
    [
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "st.markdown(text, unsafe_allow_html=True)",
        "keras.models.load_model(path, safe_mode=False)",
        "compile(text, name, mode)",
        "__import__(name)",
    ],
)
def test_the_pattern_would_find_it(source: str) -> None:
    assert UNSAFE.search(source)


def test_torch_loads_no_pickle_by_default() -> None:
    """`weights_only` is on by default, so a call without it is safe."""
    major, minor = version("torch").split(".")[:2]
    assert (int(major), int(minor)) >= (2, 6)


def committed() -> list[Path]:
    folders = (ROOT / "fer_core/weights", ROOT / "fer_core/results")
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix]
    return [*files, *sorted((ROOT / "fer_core").glob("*.np[yz]"))]


@pytest.mark.parametrize("path", committed(), ids=lambda path: path.name)
def test_committed_data_is_data(path: Path) -> None:
    """Each file has a format that cannot contain code, and really has that format."""
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
        assert {node.domain for node in graph.node} <= {"", "ai.onnx"}  # no custom operators
        locations = {
            e.value for t in graph.initializer for e in t.external_data if e.key == "location"
        }
        model, _, _ = path.name.partition(".")
        assert locations <= {f"{model}.safetensors"}  # no other file
