"""Which variants go back to which: as the committed summaries and the registry say."""

import pytest

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage
from fer_core.evaluation.lineage import Lineage
from fer_core.registry import MODELS


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """individual began with multiclass's weights; multiclass taught resnet101, that two others."""
    made = {
        "individual": {"initialisation": "multiclass", "recipe": {"teacher": "resnet101"}},
        "resnet101": {"initialisation": "random", "recipe": {"teacher": "multiclass"}},
        "efficientnet_b5": {"initialisation": "random", "recipe": {"teacher": "resnet101"}},
    }
    monkeypatch.setattr(summaries, "load_summary", lambda variant: made.get(variant.name))


def test_combinations_of_members_that_are_there() -> None:
    assert lineage.ensembles_with_members(["stacking", "individual", "keras_cnn"]) == ["stacking"]
    assert lineage.ensembles_with_members(["stacking", "keras_cnn"]) == []


@pytest.mark.usefixtures("taught")
def test_pupils_by_teacher() -> None:
    assert lineage.students_by_teacher(MODELS) == {
        "resnet101": ["individual", "efficientnet_b5"],
        "multiclass": ["resnet101"],
    }


@pytest.mark.usefixtures("taught")
def test_descent_by_weights_and_by_a_teachers_teacher() -> None:
    assert lineage.lineages(["individual", "multiclass"]) == [
        Lineage("individual", "multiclass", None)
    ]
    assert lineage.lineages(["efficientnet_b5", "multiclass"]) == [
        Lineage("efficientnet_b5", "multiclass", "resnet101")
    ]
    # A teacher who is there speaks for itself.
    assert lineage.lineages(["efficientnet_b5", "resnet101", "multiclass"]) == []
    assert lineage.lineages(["individual", "keras_cnn"]) == []
