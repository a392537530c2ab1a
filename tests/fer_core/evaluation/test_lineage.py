"""Lineage from the committed summaries and the registry."""

import pytest

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage
from fer_core.evaluation.lineage import Lineage
from fer_core.registry import MODELS


@pytest.fixture
def lineage_summaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """individual starts from multiclass; multiclass teaches resnet101, which teaches two others."""
    by_name = {
        "individual": {"initialisation": "multiclass", "recipe": {"teacher": "resnet101"}},
        "resnet101": {"initialisation": "random", "recipe": {"teacher": "multiclass"}},
        "efficientnet_b5": {"initialisation": "random", "recipe": {"teacher": "resnet101"}},
    }
    monkeypatch.setattr(summaries, "load_summary", lambda model: by_name.get(model.name))


def test_ensembles_with_members() -> None:
    assert lineage.ensembles_with_members(["stacking", "individual", "keras_cnn"]) == ["stacking"]
    assert lineage.ensembles_with_members(["stacking", "keras_cnn"]) == []


@pytest.mark.usefixtures("lineage_summaries")
def test_students_by_teacher() -> None:
    assert lineage.students_by_teacher(MODELS) == {
        "resnet101": ["individual", "efficientnet_b5"],
        "multiclass": ["resnet101"],
    }


@pytest.mark.usefixtures("lineage_summaries")
def test_teachers_of_members_and_of_teachers() -> None:
    assert lineage.all_teachers("ensemble_single") == {"resnet101", "multiclass"}
    assert lineage.all_teachers("resnet101") == {"multiclass"}
    assert lineage.all_teachers("keras_cnn") == set()


@pytest.mark.usefixtures("lineage_summaries")
def test_lineage_by_weights_and_by_a_teachers_teacher() -> None:
    assert lineage.lineages(["individual", "multiclass"]) == [
        Lineage("individual", "multiclass", None)
    ]
    assert lineage.lineages(["efficientnet_b5", "multiclass"]) == [
        Lineage("efficientnet_b5", "multiclass", "resnet101")
    ]
    # Direct distillation is not listed.
    assert lineage.lineages(["efficientnet_b5", "resnet101", "multiclass"]) == []
    assert lineage.lineages(["individual", "keras_cnn"]) == []
