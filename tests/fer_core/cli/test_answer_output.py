"""What `classify` says about the pictures of faces, in its own forms only."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo

Capture = pytest.CaptureFixture[str]
MODELS = ["--model", "multiclass", "--precision", "fp32"]


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A clear photo, and the same in the dark."""
    monkeypatch.chdir(tmp_path)
    Path("clear.png").write_bytes(sample_photo())
    with Image.open(BytesIO(sample_photo())) as photo:
        photo.convert("L").point([value // 8 for value in range(256)]).save("dark.png")
    return ["clear.png", "dark.png"]


def test_a_face_unlike_those_of_the_training_is_told(photos: list[str], capsys: Capture) -> None:
    assert main(["classify", *photos, *MODELS]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "clear.png", "face", "dark.png", "face", "Outside",
    ]  # fmt: skip
    assert "darker than" in lines[-1]


def test_missing_numbers_are_told_once(
    photos: list[str], copied_results: Path, capsys: Capture
) -> None:
    (copied_results / "fer2013_training_quantiles.npy").unlink()
    assert main(["classify", *photos, *MODELS]) == 0
    output = capsys.readouterr()
    assert output.out.count("happy") >= 2
    assert "Outside" not in output.out
    assert output.err.count("fer2013_training_quantiles.npy is missing") == 1
    assert main(["classify", *photos, *MODELS, "--schema", "deepface"]) == 0
    output = capsys.readouterr()
    assert "quality" not in output.out + output.err
