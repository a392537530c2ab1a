"""The London Set's layout is read, faces are found as in the app, and numbers alone are written."""

import json
from pathlib import Path

import pytest

from fer_core.evaluation import fairness
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS
from training import fairness as command

PEOPLE = 10


@pytest.fixture
def london(tmp_path: Path) -> Path:
    """The sample photo as the smiling and as the neutral face of ten people."""
    lines = ["id,age,gender,ethnicity"]
    for person in range(PEOPLE):
        lines.append(f"{person:03},{20 + 3 * person if person else 'NA'},female,white")
        for part in ("neutral", "smiling"):
            path = tmp_path / "london" / part / f"{person:03}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sample_photo())
    (tmp_path / "london/people.csv").write_text("\n".join(lines))
    return tmp_path / "london"


def test_all_models_are_measured(london: Path, copied_results: Path) -> None:
    assert command.main([str(london)]) == 0
    content = json.loads((copied_results / "fairness.json").read_text())
    assert list(content["groups"]) == list(MODELS)
    results = fairness.load()
    for model in MODELS.values():
        everybody, *groups = results.for_model(model)
        assert everybody.people == everybody.smiles_found == PEOPLE  # the astronaut smiles
        assert everybody.area == 0.5  # the same photo twice
        assert [row.group for row in groups] == ["white", "female"]


@pytest.mark.parametrize(
    ("age", "group"), [("19", "up to 24"), ("25", "25 to 34"), ("54", "35 and over"), ("NA", "")]
)
def test_ages_become_groups(age: str, group: str) -> None:
    assert command.age_group(age) == group


def test_a_missing_photo_is_named(
    london: Path, copied_results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (copied_results / "fairness.json").read_bytes()
    (london / "smiling/003.jpg").unlink()
    assert command.main([str(london)]) != 0
    assert "003.jpg" in capsys.readouterr().err
    (london / "people.csv").write_text("who,what\n1,2\n")
    assert command.main([str(london)]) != 0
    assert "id, age, gender, ethnicity" in capsys.readouterr().err
    assert (copied_results / "fairness.json").read_bytes() == before
