"""Evaluated sets as files, ours and strangers'."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fer_core as fer
from fer_core.artifacts.predictions import Predictions, npz_bytes
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet, user_set
from fer_core.own_sets import results_content, results_file
from fer_core.own_sets.results_file import ENDINGS, read_results, results_bytes, save_results
from fer_core.registry import MODELS


@pytest.fixture(scope="module")
def evaluated() -> EvaluationSet:
    random = np.random.default_rng(0)
    ids = np.array(["=1+1", "b, c", "'d", 'é "f"'])
    labels = np.array([0, 3, 3, 6])
    given = {
        name: Predictions(
            ids,
            labels,
            random.dirichlet(np.ones(7), 4),
            random.random((4, 7)) if name == "individual" else None,
        )
        for name in ("individual", "ferplus")
    }
    groups = {"age": np.array(["old", "young", "", "-1"])}
    return user_set("mine", given, MODELS, title="My faces", groups=groups, notes=("A note.",))


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_is_read(evaluated: EvaluationSet, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"mine{ending}"
    save_results(evaluated, path)
    read = fer.load_results(path)
    assert list(read.models) == list(evaluated.models)
    for name in evaluated.models:
        ours, theirs = evaluated.predictions(name), read.predictions(name)
        assert theirs.ids.tolist() == ours.ids.tolist()
        assert theirs.labels.tolist() == ours.labels.tolist()
        np.testing.assert_allclose(theirs.probabilities, ours.probabilities, atol=1e-6)
        assert (theirs.scores is None) == (ours.scores is None)
        assert read.models[name] is MODELS[name]
    assert {k: v.tolist() for k, v in read.groups.items()} == {"age": ["old", "young", "", "-1"]}
    if ending != ".csv":
        assert (read.name, read.title, read.notes) == ("mine", "My faces", ("A note.",))


@pytest.mark.parametrize("ending", [".npz", ".json"])
def test_that_no_test_is_valid_is_kept(evaluated: EvaluationSet, ending: str) -> None:
    content = results_bytes(replace(evaluated, chose_models=True), ending)
    assert read_results(content, f"a{ending}").chose_models
    assert not read_results(results_bytes(evaluated, ending), f"a{ending}").chose_models


def test_no_cell_of_a_table_is_a_formula(evaluated: EvaluationSet) -> None:
    table = results_bytes(evaluated, ".csv").decode("utf-8-sig")
    assert "'=1+1" in table
    assert "\n=1+1" not in table


def changed(evaluated: EvaluationSet, change: Callable[[dict[str, Any]], Any]) -> bytes:
    record = json.loads(results_bytes(evaluated, ".json"))
    change(record)
    return json.dumps(record).encode()


def test_an_unknown_model_is_kept_by_name(evaluated: EvaluationSet) -> None:
    def rename(record: dict[str, Any]) -> None:
        record["probabilities"]["theirs"] = record["probabilities"].pop("ferplus")
        record["models"]["theirs"] = {"title": "Their model"}

    read = read_results(changed(evaluated, rename), "x.json")
    assert read.models["theirs"].title == "Their model"
    assert len(read.predictions("theirs")) == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.update(format="other"),
        lambda r: r.update(emotions=r["emotions"][::-1]),
        lambda r: r.update(ids=[]),
        lambda r: r.update(ids=[["a"]] * 4),
        lambda r: r.update(ids=["a", "a", "b", "c"]),
        lambda r: r.update(ids=["a" * 2000, "d", "b", "c"]),
        lambda r: r.update(labels=["happy"]),
        lambda r: r.update(labels=["happy", "sad", "sad", "contempt"]),
        lambda r: r.update(probabilities={}),
        lambda r: r.update(probabilities={"ferplus": [[1] * 7] * 4}),
        lambda r: r["probabilities"].update(ferplus=[[-1, 2, 0, 0, 0, 0, 0]] * 4),
        lambda r: r["probabilities"].update(ferplus=[[float("nan")] * 7] * 4),
        lambda r: r["probabilities"].update(ferplus=[[1, 0]] * 4),
        lambda r: r["scores"].update(nobody=[[0] * 7] * 4),
        lambda r: r["groups"].update(age=["old"]),
        lambda r: r["groups"].update({str(i): ["a"] * 4 for i in range(60)}),
        lambda r: r.update(models=[]),
        lambda r: r.pop("notes"),
        lambda r: r.update(notes=["x" * 5000]),
        lambda r: r.update(notes="abcd"),
        lambda r: r.update(title={"a": 1}),
        lambda r: r["groups"].update({"a\x00": ["a"] * 4, "a\x01": ["b"] * 4}),
    ],
)
def test_a_wrong_file_is_one_sentence(evaluated: EvaluationSet, change: Any) -> None:
    with pytest.raises(ResultsError, match=r"x\.json"):
        read_results(changed(evaluated, change), "x.json")


def test_models_whose_names_become_one_identifier_are_kept_apart(evaluated: EvaluationSet) -> None:
    names = ["my net", "my_net", "x" * 41, "x" * 42]

    def rename(record: dict[str, Any]) -> None:
        record["probabilities"] = dict.fromkeys(names, record["probabilities"]["ferplus"])
        record["scores"] = {}
        record["models"] = {name: {"title": name} for name in names}

    read = read_results(changed(evaluated, rename), "x.json")
    assert [*read.models] == ["my_net", "my_net_2", "x" * 40, f"{'x' * 40}_2"]
    assert [model.title for model in read.models.values()] == names


def test_probabilities_that_were_rounded_sum_to_1(evaluated: EvaluationSet) -> None:
    rounded = [[0.001] * 6 + [1.003], [0.142] * 7, [0.9, 0.1, 0, 0, 0, 0, 0], [0] * 6 + [1.009]]
    content = changed(evaluated, lambda r: r["probabilities"].update(ferplus=rounded))
    read = read_results(content, "x.json").predictions("ferplus").probabilities
    np.testing.assert_allclose(read.sum(axis=1), 1, rtol=1e-12)
    assert read.max() <= 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_long_text_does_not_make_all_of_them_long(
    evaluated: EvaluationSet, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = {"age": np.array(["old", "young", "", "x" * 900])}
    content = results_bytes(replace(evaluated, groups=longest), ending)
    assert read_results(content, f"x{ending}").groups["age"][3] == "x" * 900
    for module in (results_content, results_file):
        monkeypatch.setattr(module, "MAX_TEXT_BYTES", 2**13)
    with pytest.raises(ResultsError, match="shorten the longest"):
        read_results(content, f"x{ending}")


@pytest.mark.parametrize("name", ["x.npz", "x.json", "x.csv", "x.pkl", "x"])
@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"{}", b"[]", b"[" * 99_999, b"id\n1\n", b"\xff\x00"]
)
def test_what_is_no_such_file_is_one_sentence(name: str, content: bytes) -> None:
    with pytest.raises(ResultsError):
        read_results(content, name)


def test_no_code_of_a_file_is_run(evaluated: EvaluationSet) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return pytest.fail, ("code was run",)

    content = npz_bytes({"about": np.array([Trap()], object), "ids": np.array(["a"])})
    with pytest.raises(ResultsError):
        read_results(content, "x.npz")


def test_a_file_that_unpacks_to_much_is_refused(
    evaluated: EvaluationSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_file, "MAX_UNPACKED_BYTES", 2**20)
    with np.load(io.BytesIO(results_bytes(evaluated, ".npz"))) as arrays:
        bomb = {**arrays, "groups/more": np.zeros(2**18)}
    with pytest.raises(ResultsError, match="unpacks"):
        read_results(npz_bytes(bomb), "x.npz")


def test_an_unknown_ending_is_refused(evaluated: EvaluationSet) -> None:
    with pytest.raises(ResultsError, match=r"\.npz"):
        results_bytes(evaluated, ".pkl")
