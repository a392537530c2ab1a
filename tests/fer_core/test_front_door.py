"""The public API of `fer_core`: the README's example, kinds of photos, and errors."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fer_core as fer
from fer_core.imaging.sample_photo import sample_photo

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("document", ["README.md", "docs/using.md"])
def test_the_examples_of_the_documents_run(document: str, tmp_path: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    code = "".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert "analyze" in code
    (tmp_path / "party.jpg").write_bytes(sample_photo())
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "happy" in done.stdout


def test_a_photo_is_a_path_bytes_or_an_array(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(sample_photo())
    detected = [fer.detect_faces(photo) for photo in (path, str(path), sample_photo())]
    detected.append(fer.detect_faces(detected[0].image))
    for faces in detected:
        np.testing.assert_array_equal(faces.chips, detected[0].chips)
    assert detected[0].chips.shape == (1, 48, 48)


@pytest.mark.parametrize(
    "photo", [b"no picture", "nowhere.jpg", np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), b""]
)
def test_an_unreadable_photo_is_an_image_error(photo: Any) -> None:
    with pytest.raises(fer.ImageError):
        fer.detect_faces(photo)


def test_the_package_explain_is_callable() -> None:
    chips = fer.detect_faces(sample_photo()).chips
    [explanation] = fer.explain("multiclass", chips, method="layer_cam")
    assert explanation.map.shape == (48, 48)
    assert "grad_cam" in fer.explain.METHODS


def test_an_unknown_model_is_a_fer_error_and_a_value_error() -> None:
    for kind in (fer.FerError, ValueError, fer.UnknownModelError):
        with pytest.raises(kind, match="unknown model 'vgg'; choose one of individual, "):
            fer.load_model("vgg")
    assert fer.list_models() == list(fer.MODELS)


def test_import_and_use_change_no_process_settings() -> None:
    """Nothing exits, and warning filters, Pillow's limit and thread counts stay the same, whatever
    the environment variables."""
    program = """
import warnings, PIL.Image, torch
def state():
    about_pillow = [each for each in warnings.filters if "PIL" in str(each[3])]
    return about_pillow, PIL.Image.MAX_IMAGE_PIXELS, torch.get_num_threads()
before = state()
import fer_core as fer
from fer_core.imaging.sample_photo import sample_photo
faces = fer.detect_faces(sample_photo())
fer.load_model("multiclass").predict_proba(faces.chips)
from pytorch_grad_cam import score_cam
bar = score_cam.tqdm
fer.explain("multiclass", faces.chips, method="score_cam")
assert state() == before, (state(), before)
assert score_cam.tqdm is bar
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        env={"FER_MODEL_MB": "lots", "FER_LOG": "loud", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_an_empty_name_is_not_the_current_folder() -> None:
    with pytest.raises(fer.ImageError, match="name of the photo is empty"):
        fer.detect_faces("")
