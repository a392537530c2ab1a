"""python -m fer_core explain."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "astronaut.png"
    path.write_bytes(sample_photo())
    return path


@pytest.fixture
def two_faces(tmp_path: Path, photo: Path) -> Path:
    """A small face on the left of a larger one."""
    large = Image.open(photo).convert("RGB")
    both = Image.new("RGB", (812, 512), "grey")
    both.paste(large.resize((300, 300)), (0, 0))
    both.paste(large, (300, 0))
    both.save(tmp_path / "two.png")
    return tmp_path / "two.png"


def explain(*words: object) -> int:
    return main(["explain", *map(str, words)])


def test_a_real_process(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "why.png"
    words = ["explain", photo, "--model", "multiclass", "--out", out]
    command = [sys.executable, "-m", "fer_core", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    for text in ("face 1", "grad_cam", "logits", "happy", "hottest 20%", "same size"):
        assert text in done.stdout
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        assert picture.width > picture.height > 480
        assert not picture.info
        assert len(picture.getcolors(10**7)) > 1000


@pytest.mark.parametrize("more", [["--contrast", "sad"], ["--method", "layer_cam", "--depth", "4"]])
def test_other_questions_give_other_pictures(
    photo: Path, tmp_path: Path, capsys: Capture, more: list[str]
) -> None:
    plain, other = tmp_path / "plain.png", tmp_path / "other.png"
    common = [photo, "--model", "multiclass", "--emotion", "happy", "--out"]
    assert explain(*common, plain) == 0
    assert explain(*common, other, *more) == 0
    assert plain.read_bytes() != other.read_bytes()
    assert capsys.readouterr().err == ""


def test_variant_and_against_are_aliases(photo: Path, tmp_path: Path) -> None:
    new, old = tmp_path / "new.png", tmp_path / "old.png"
    common = [photo, "--emotion", "happy", "--out"]
    assert explain(*common, new, "--model", "multiclass", "--contrast", "sad") == 0
    assert explain(*common, old, "--variant", "multiclass", "--against", "sad") == 0
    assert new.read_bytes() == old.read_bytes()


def test_largest_face_unless_another_is_named(
    two_faces: Path, tmp_path: Path, capsys: Capture
) -> None:
    common = [two_faces, "--model", "multiclass", "--out", tmp_path / "why.png"]
    assert explain(*common) == 0
    assert "face 2" in capsys.readouterr().out
    assert explain(*common, "--face", 1, "--force") == 0
    assert "face 1" in capsys.readouterr().out
    assert explain(*common, "--face", 3, "--force") == 1
    assert "there is no face 3: the photo has 2" in capsys.readouterr().err


def test_no_face(tmp_path: Path, capsys: Capture) -> None:
    Image.fromarray(np.full((200, 300, 3), 90, np.uint8)).save(tmp_path / "wall.png")
    out = tmp_path / "why.png"
    common = [tmp_path / "wall.png", "--model", "multiclass", "--out", out]
    assert explain(*common) == 1
    assert "no face found; --whole-picture" in capsys.readouterr().err
    assert not out.exists()
    assert explain(*common, "--whole-picture") == 0
    assert out.exists()


def test_a_flat_map_is_called_flat(
    photo: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.explain.api.raw_maps", lambda *a, **k: np.zeros((1, 48, 48)))
    out = tmp_path / "why.png"
    assert explain(photo, "--model", "multiclass", "--out", out) == 0
    text = capsys.readouterr().out
    assert "flat map" in text
    assert "cannot be tested" in text


def test_what_cannot_be_done_is_one_sentence(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("this is no photo")
    end = ["--model", "multiclass", "--out"]
    assert explain(tmp_path / "nowhere.jpg", *end, tmp_path / "a.png") == 1
    assert explain(broken, *end, tmp_path / "a.png") == 1
    assert explain(photo, *end, tmp_path / "no folder/a.png") == 1
    text = capsys.readouterr().err.splitlines()
    assert len(text) == 3
    assert all(line.startswith("error: ") and line.endswith(".") for line in text)


def test_a_photo_is_no_place_for_the_figure(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(b"another photo")
    for out, words in ((photo, ["--force"]), (other, [])):
        assert explain(photo, "--model", "multiclass", "--out", out, *words) == 2
        assert "would be overwritten" in capsys.readouterr().err
    assert photo.read_bytes() == sample_photo()
    assert other.read_bytes() == b"another photo"


def test_standard_input_and_output(
    photo: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with photo.open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert explain("-", "--model", "multiclass", "--out", "-") == 0
    output = capsysbinary.readouterr()
    assert output.out.startswith(b"\x89PNG")
    assert output.err.startswith(b"(standard input)  face 1  grad_cam")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--model", "keras_cnn", "--method", "eigen_cam"], "choose one of layer_cam, grad_cam"),
        (["--model", "multiclass", "--emotion", "bored"], "invalid choice: 'bored'"),
        (["--model", "multiclass", "--emotion", "sad", "--contrast", "sad"], "with itself"),
        (["--model", "vgg"], "invalid choice: 'vgg'"),
        ([], "--model"),
    ],
)
def test_wrong_usage_is_status_two(
    photo: Path, tmp_path: Path, capsys: Capture, words: list[str], text: str
) -> None:
    with pytest.raises(SystemExit) as left:
        explain(photo, *words, "--out", tmp_path / "why.png")
    assert left.value.code == 2
    assert text in capsys.readouterr().err
