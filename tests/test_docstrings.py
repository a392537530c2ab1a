"""The examples in docstrings run, and every exported function has one."""

import doctest
import importlib
from pathlib import Path

import pytest

import fer_core as fer

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("fer_core", "pages", "training")
    for path in (ROOT / folder).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    failed, attempted = doctest.testmod(importlib.import_module(name))
    assert attempted
    assert not failed


@pytest.mark.parametrize(
    "name",
    [
        "analyze",
        "create_model",
        "detect_faces",
        "get_model_spec",
        "list_models",
        "load_model",
        "network_input",
    ],
)
def test_exported_functions_have_an_example(name: str) -> None:
    assert ">>> " in (getattr(fer, name).__doc__ or "")
