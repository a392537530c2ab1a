"""Arrays that users pass: any memory layout works, anything else is one sentence."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import fer_core as fer
from fer_core import MODELS, arrays
from fer_core.explain import render
from fer_core.explain.api import heat_maps
from fer_core.explain.faithfulness import measure_faithfulness
from fer_core.explain.regions import dominant_region
from fer_core.faces.align import Face, crop_chip, detect, full_image_face
from fer_core.imaging import decode, load
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models.predictors import load_yes_no
from fer_core.pipeline import classify_chips

IMAGE, CHIPS = np.zeros((60, 50, 3), np.uint8), np.zeros((2, 48, 48), np.uint8)
CHIP, HEAT = CHIPS[0], np.zeros((48, 48), np.float32)


def read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


#: The same values, stored in other ways.
LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "mirrored twice": lambda a: a[:, ::-1].copy()[:, ::-1],
    "Fortran order": np.asfortranarray,
    "every second": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "read-only": read_only,
}
#: No images and no chips, whatever the function expects.
NOT_PIXELS = {
    "float": lambda a: a / 255,
    "NaN": lambda a: np.full(a.shape, np.nan),
    "int64": lambda a: a.astype(int),
    "bool": lambda a: a > 128,
    "objects": lambda a: a.astype(object),
    "grey, RGBA or another size": lambda a: a[..., :1],
    "one axis more": lambda a: a[None],
    "one axis less": lambda a: a[0],
    "empty": lambda a: np.array([]),
    "list": lambda a: a.tolist(),
    "list of arrays": list,
    "None": lambda a: None,
    "tensor": torch.from_numpy,
    "text": lambda a: "photo.jpg",
}
USES_IMAGE: dict[str, Callable[[Any], Any]] = {
    "detect": detect,
    "full_image_face": full_image_face,
    "crop_chip": lambda image: crop_chip(image, Face((0, 0, 40, 40))),
    "overlay_photo": lambda image: render.overlay_photo(image, Face((0, 0, 40, 40)), HEAT),
}
USES_CHIPS: dict[str, Callable[[Any], Any]] = {
    **{name: lambda chips, name=name: fer.load_model(name).predict_proba(chips) for name in MODELS},
    **{
        f"heat map: {name}": lambda chips, name=name: heat_maps(name, chips, "happy")
        for name in MODELS
    },
    "scores": lambda chips: load_yes_no("individual").scores(chips),
    "classify_chips": lambda chips: [
        answer["multiclass"].emotion for answer in classify_chips(chips, ["multiclass"])
    ],
}
USES_CHIP: dict[str, Callable[[Any], Any]] = {
    "measure_faithfulness": lambda chip: measure_faithfulness(chip, HEAT, uniform, 0).deletion,
    "overlay_chip": lambda chip: render.overlay_chip(chip, HEAT),
}
USES = {**USES_CHIPS, **USES_IMAGE, **USES_CHIP}
EXPLAINED = ["heat map: multiclass", "heat map: keras_cnn"]  # one per framework


def uniform(chips: np.ndarray) -> np.ndarray:
    return np.full((len(chips), 7), 1 / 7)


@pytest.mark.parametrize("name", [*MODELS, "scores", *USES_IMAGE, *USES_CHIP, *EXPLAINED])
def test_the_layout_in_memory_changes_nothing(
    name: str, chips: np.ndarray, portrait: np.ndarray
) -> None:
    use = USES[name]
    array = portrait if name in USES_IMAGE else chips[0] if name in USES_CHIP else chips[:1]
    expected = np.array(use(array))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*not writable")  # of torch
        for layout in LAYOUTS.values():
            np.testing.assert_array_equal(np.array(use(layout(array))), expected)


@pytest.mark.parametrize("name", USES)
def test_anything_else_is_one_sentence(name: str) -> None:
    array, expected = CHIPS, "(N, 48, 48) uint8, not "
    if name in USES_IMAGE:
        array, expected = IMAGE, "(H, W, 3) uint8, not "
    elif name in USES_CHIP:
        array, expected = CHIP, "(48, 48) uint8, not "
    for wrong in NOT_PIXELS.values():
        with pytest.raises((TypeError, ValueError)) as caught:
            USES[name](wrong(array))
        assert expected in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 5, 3), (5, 0, 3)])
def test_an_image_without_pixels_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"image must be \(H, W, 3\) uint8, not \("):
        detect(np.zeros(shape, np.uint8))


def test_the_sentence_names_what_was_expected_and_given() -> None:
    with pytest.raises(ValueError, match=r"^image must be \(H, W, 3\) uint8, not \(60, 50, 3\) fl"):
        arrays.as_image(IMAGE / 255)
    with pytest.raises(TypeError, match=r"^chips must be a NumPy array \(N, 48, 48\) uint8, not N"):
        arrays.as_chips(None)


def test_an_array_that_fits_is_not_copied() -> None:
    assert arrays.as_image(IMAGE) is IMAGE


@pytest.mark.parametrize(
    "heat", [HEAT.astype(int), HEAT[:9], HEAT - 1, HEAT + np.nan, HEAT.tolist(), None]
)
def test_heat_maps_are_checked(heat: Any) -> None:
    for use in (
        lambda: measure_faithfulness(CHIP, heat, uniform, 0),
        lambda: dominant_region(heat),
        lambda: render.overlay_chip(CHIP, heat),
    ):
        with pytest.raises((TypeError, ValueError), match="heat map must "):
            use()


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_files_bytes_may_be_of_any_kind(kind: type) -> None:
    whole = decode.decode(sample_photo())
    for read in (decode.decode, load.load):
        np.testing.assert_array_equal(read(kind(sample_photo())), whole)


@pytest.mark.parametrize("photo", ["photo.jpg", None, [1, 2], 7, torch.zeros(3)])
def test_what_is_no_file_is_said(photo: Any) -> None:
    with pytest.raises(TypeError, match="data must be the bytes of a file, not "):
        decode.decode(photo)
    if not isinstance(photo, str):
        with pytest.raises(TypeError, match="photo must be a path, the bytes of a file or a NumPy"):
            fer.detect_faces(photo)
