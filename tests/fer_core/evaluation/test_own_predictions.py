"""A user's predictions file: what is read, and the sentence for what is not."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts.predictions import Predictions, npz_bytes
from fer_core.datasets import fer2013_ids
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import own_predictions
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set, user_set
from fer_core.evaluation.own_predictions import OwnPredictions
from fer_core.evaluation.prediction_files import MAX_BYTES, PredictionsFileError
from fer_core.own_model import own_model_spec

IDS = ("smile.jpg", "frown.jpg")
HEAD = "id," + ",".join(EMOTIONS)
SURE = "0.04,0,0,0.9,0.06,0,0"


@pytest.fixture(scope="module")
def public() -> EvaluationSet:
    return committed_set("PublicTest")


@pytest.fixture(scope="module")
def saved(public: EvaluationSet) -> Predictions:
    return public.predictions("multiclass")


@pytest.fixture
def two_faces() -> EvaluationSet:
    model = own_model_spec("mine")
    uniform = np.full((2, 7), 1 / 7)
    return user_set(
        "two", {"mine": Predictions(np.array(IDS), np.array([3, 5]), uniform)}, {"mine": model}
    )


def read(text: str, faces: EvaluationSet, name: str = "mine.csv") -> OwnPredictions:
    return own_predictions.read(text.encode(), name, faces)


def table(ids: Iterable[str], rows: np.ndarray, columns: Sequence[str] = EMOTIONS) -> str:
    lines = [",".join((each, *map(str, row))) for each, row in zip(ids, rows, strict=True)]
    return "\n".join(["id," + ",".join(columns), *lines])


def test_committed_predictions_are_read_back_from_any_order(
    public: EvaluationSet, saved: Predictions
) -> None:
    order = np.random.default_rng(3).permutation(len(saved))
    columns = ["sadness", "Anger", "surprise", "DISGUST", "neutral", "fear", "happiness"]
    places = [5, 0, 6, 1, 4, 2, 3]
    rows = saved.probabilities[order][:, places]
    own = read(table(saved.ids[order], rows, columns), public)
    assert own.has_confidence
    assert own.notes == ()
    np.testing.assert_array_equal(own.predictions.ids, saved.ids)
    np.testing.assert_array_equal(own.predictions.correct, saved.correct)
    np.testing.assert_allclose(own.predictions.probabilities, saved.probabilities, atol=2e-3)
    joined = public.with_model(own_model_spec("mine"), own.predictions)
    assert joined.compare("mine", "multiclass").difference == 0


def test_npz_with_more_faces_is_read_and_says_so(public: EvaluationSet, saved: Predictions) -> None:
    ids = np.append(saved.ids, "PrivateTest_10131363")
    content = npz_bytes({"ids": ids, "probabilities": np.vstack([saved.probabilities, [[1] * 7]])})
    own = own_predictions.read(content, "mine.NPZ", public)
    np.testing.assert_array_equal(own.predictions.predicted, saved.predicted)
    assert own.notes == ("Rows of other or unknown faces, left out: PrivateTest_10131363.",)


@pytest.mark.parametrize("form", ["{}", "faces/{}.png", "{}.JPG"])
def test_rows_of_fer2013_csv_are_ids(public: EvaluationSet, saved: Predictions, form: str) -> None:
    first = fer2013_ids.FIRST_ROW["PublicTest"]
    rows = range(first, first + len(saved))
    places = {each: place for place, each in enumerate(saved.ids.tolist())}
    answers = [EMOTIONS[saved.predicted[places[fer2013_ids.official_id(row)]]] for row in rows]
    lines = [f"{form.format(row)};{answer}" for row, answer in zip(rows, answers, strict=True)]
    own = read("\n".join(["image;Emotion", *lines]), public)
    np.testing.assert_array_equal(own.predictions.predicted, saved.predicted)
    assert not own.has_confidence
    assert own.notes == (own_predictions.ONE_HOT_NOTE,)


def test_rounded_rows_are_divided_by_their_sums(two_faces: EvaluationSet) -> None:
    own = read(f"{HEAD}\nsmile,0.98,0,0,0,0,0,0\nfrown,{SURE}", two_faces)
    np.testing.assert_allclose(own.predictions.probabilities.sum(axis=1), 1)
    assert "0.980 and 1.000" in own.notes[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a,b\n1,2", "one must be `id`"),
        (f"{HEAD}\nsmile.jpg,{SURE}", "does not answer, of 2: frown.jpg"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,{SURE}\nfrown.jpg,{SURE}", "more than once: frown.jpg"),
        (f"{HEAD}\nsmile,{SURE}\nfrwn,{SURE}", "frown.jpg; rows of other or unknown faces: frwn"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,nan,0,0,0,0,0,0", "NaN or infinite numbers: frown.jpg"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,-3,2,1,0,0,0,9", "logits: apply softmax first"),
        (f"{HEAD}\nsmile,50,50,0,0,0,0,0\nfrown,1,0,0,0,0,99,0", "percentages: divide"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,1,1,0,0,0,0,0", "do not sum to 1: frown.jpg"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,x,0,0,0,0,0,1", "Row 3 of the file: 'x' is no number"),
        (f"{HEAD}\nsmile,{SURE}\nfrown,1", "Row 3 of the file has too few columns"),
        ("id,answer" + "," * 200, "more than 200 columns"),
        ("id,angry,fear\nsmile,1,0", "no column disgust"),
        (f"{HEAD},anger\nsmile,{SURE},0", "Two columns of the file are for angry"),
        ("id,answer\nsmile,happy\nfrown,bored", "'bored' is none of angry"),
    ],
)
def test_unusable_tables_get_one_sentence(
    two_faces: EvaluationSet, text: str, message: str
) -> None:
    with pytest.raises(PredictionsFileError, match=message) as error:
        read(text, two_faces)
    assert str(error.value).endswith(".")


def _zip(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ids.npy", content)
        archive.writestr(name, content)
    return file.getvalue()


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"no zip at all",
        _zip("probabilities.npy", _npy(np.array([print], dtype=object))),
        _zip("probabilities.npy", _npy(np.zeros(3)).replace(b"(3,)", b"(9,)")),
        _zip("probabilities.npy", _npy(np.zeros((9, 0), "S0"))),
        _zip("other.npy", _npy(np.zeros(3))),
        _zip("probabilities.npy", _npy(np.zeros(3))),
    ],
)
def test_hostile_npz_files_are_refused(two_faces: EvaluationSet, content: bytes) -> None:
    with pytest.raises(PredictionsFileError):
        own_predictions.read(content, "mine.npz", two_faces)


def test_large_files_are_refused_before_they_are_parsed(
    two_faces: EvaluationSet, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PredictionsFileError, match="more than 60 MB"):
        own_predictions.read_file(path, two_faces)
