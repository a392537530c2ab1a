"""Evaluated sets as files: .npz, .json and .csv.

Reading is for files from strangers: sizes are bounded, every array is checked, and no code is run.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

import fer_core
from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import npz_bytes
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.own_sets import results_table
from fer_core.own_sets.results_content import MAX_TEXT_BYTES, SetContent, text_arrays
from fer_core.registry import MODELS
from fer_core.text import printable

MAX_BYTES: Final = 64 * 2**20  # of a file
MAX_UNPACKED_BYTES: Final = 256 * 2**20  # of all arrays of an .npz file
MAX_MEMBERS: Final = 300  # arrays in an .npz file
ENDINGS: Final = (".npz", ".json", ".csv")
FORMAT: Final = "fer-explorer results 1"
ABOUT: Final = "about"  # the array with the JSON text of names, titles, checksums and notes
_HEAD_BYTES: Final = 1_000  # of an array in an .npz file, at most
#: Kinds of numbers that an .npz file may have: floats, integers, texts, and nothing with code.
_KINDS: Final = "fiuU"


def save_results(evaluation_set: EvaluationSet, path: str | PathLike[str]) -> None:
    """Write an evaluated set, in the form that the path's ending names.

    Raises:
        ResultsError: The ending is none of `ENDINGS`.
        OSError: The file cannot be written.
    """
    Path(path).write_bytes(results_bytes(evaluation_set, Path(path).suffix))


def results_bytes(evaluation_set: EvaluationSet, ending: str) -> bytes:
    """The content of a file of results.

    Args:
        evaluation_set: The set.
        ending: `.npz`, `.json` or `.csv`; a table holds no notes and no checksums.

    Raises:
        ResultsError: There is no such form.
    """
    content = SetContent.of(evaluation_set)
    ending = ending.lower()
    if ending == ".csv":
        return results_table.to_csv(content).encode("utf-8-sig")
    if ending == ".json":
        return _to_json(content)
    if ending == ".npz":
        return _to_npz(content)
    raise ResultsError(
        f"Results end in {', '.join(ENDINGS)}, not {printable(ending) or 'nothing'}."
    )


def load_results(path: str | PathLike[str]) -> EvaluationSet:
    """Read a file of results, which may come from a stranger.

    Args:
        path: A file of `save_results` or of `python -m fer_core evaluate --out`.

    Returns:
        The set. A model that this version does not know is kept by the name in the file.

    Raises:
        ResultsError: The file cannot be read, is too large, or is not as expected.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}.") from error
    return read_results(content, Path(path).name)


def read_results(content: bytes, file_name: str) -> EvaluationSet:
    """Read the content of a file of results.

    Args:
        content: The bytes.
        file_name: Its name, whose ending says what it is.

    Raises:
        ResultsError: It is too large or not as expected.
    """
    shown = printable(file_name)
    if len(content) > MAX_BYTES:
        raise ResultsError(f"{shown} is larger than {MAX_BYTES >> 20} MB.")
    readers = {".npz": _from_npz, ".json": _from_json, ".csv": results_table.from_csv}
    reader = readers.get(Path(file_name).suffix.lower())
    if reader is None:
        raise ResultsError(f"{shown} is no file of results: these end in {', '.join(ENDINGS)}.")
    try:
        return reader(content).checked(Path(file_name).stem).evaluation_set()
    except ResultsError as error:
        raise ResultsError(f"{shown} is no file of results: {error}") from error
    except _ERRORS as error:
        raise ResultsError(f"{shown} is damaged, or no file of results.") from error


#: What reading a damaged or hostile file may raise.
_ERRORS: Final = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError),
    *(OverflowError, RecursionError, MemoryError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error),
)


def _about(content: SetContent) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": content.name,
        "title": content.title,
        "version": fer_core.__version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "emotions": list(EMOTIONS),
        "models": {
            model: {"title": content.titles[model], "weights_sha256": _checksums(model)}
            for model in content.probabilities
        },
        "notes": list(content.notes),
        "chose_models": content.chose_models,
    }


def _checksums(model_name: str) -> list[str]:
    if model_name not in MODELS:
        return []
    names = (model_name, *MODELS[model_name].members)
    return [digest for name in names if (digest := summaries.weights_checksum(name))]


def _to_json(content: SetContent) -> bytes:
    record = _about(content) | {
        "ids": content.ids.tolist(),
        "labels": [EMOTIONS[label] for label in content.labels],
        "groups": {column: values.tolist() for column, values in content.groups.items()},
        "probabilities": {m: a.round(6).tolist() for m, a in content.probabilities.items()},
        "scores": {m: a.round(6).tolist() for m, a in content.scores.items()},
    }
    return json.dumps(record).encode()


def _from_json(content: bytes) -> SetContent:
    record = json.loads(content.decode("utf-8-sig"))
    _check_format(record)
    indices = {emotion: i for i, emotion in enumerate(EMOTIONS)}
    ids, *groups = text_arrays([record["ids"], *record["groups"].values()])
    return _with_about(
        record,
        ids,
        np.array([indices[label] for label in record["labels"]], np.int64),
        {m: np.array(rows, np.float64) for m, rows in record["probabilities"].items()},
        {m: np.array(rows, np.float64) for m, rows in record["scores"].items()},
        dict(zip(record["groups"], groups, strict=True)),
    )


def _to_npz(content: SetContent) -> bytes:
    arrays = {"ids": content.ids, "labels": content.labels.astype(np.uint8)}
    arrays |= {f"probabilities/{m}": a.astype(np.float32) for m, a in content.probabilities.items()}
    arrays |= {f"scores/{m}": a.astype(np.float32) for m, a in content.scores.items()}
    arrays |= {f"groups/{column}": values for column, values in content.groups.items()}
    return npz_bytes({ABOUT: np.array(json.dumps(_about(content))), **arrays})


def _from_npz(content: bytes) -> SetContent:
    arrays = _arrays(content)
    about = json.loads(str(arrays[ABOUT]))
    _check_format(about)

    def below(folder: str) -> dict[str, np.ndarray]:
        start = f"{folder}/"
        return {k.removeprefix(start): a for k, a in arrays.items() if k.startswith(start)}

    probabilities, scores = below("probabilities"), below("scores")
    return _with_about(
        about, arrays["ids"], arrays["labels"], probabilities, scores, below("groups")
    )


def _arrays(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an .npz file; sizes are looked at before anything is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = file.infolist()
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED_BYTES:
            raise ResultsError(f"it unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB.")
        texts = [m.file_size for m in members if m.filename.startswith(("ids", "groups/"))]
        if sum(texts) > MAX_TEXT_BYTES + len(texts) * _HEAD_BYTES:
            raise ResultsError(
                f"its ids and groups need more than {MAX_TEXT_BYTES >> 20} MB: shorten the longest."
            )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        read = {name: arrays[name] for name in arrays.files}
    if any(array.dtype.kind not in _KINDS for array in read.values()):
        raise ResultsError("it has arrays of another kind.")
    return read


def _check_format(about: Mapping[str, Any]) -> None:
    if about["format"] != FORMAT or about["emotions"] != list(EMOTIONS):
        raise ResultsError("it has another format than this version writes.")


def _with_about(
    about: Mapping[str, Any],
    ids: np.ndarray,
    labels: np.ndarray,
    probabilities: Mapping[str, np.ndarray],
    scores: Mapping[str, np.ndarray],
    groups: Mapping[str, np.ndarray],
) -> SetContent:
    if not isinstance(about["notes"], list):
        raise ResultsError("its notes are no list.")
    return SetContent(
        about["name"],
        ids,
        labels,
        probabilities,
        scores,
        groups,
        {name: model["title"] for name, model in about["models"].items()},
        tuple(about["notes"]),
        about["title"],
        about.get("chose_models") is True,
    )
