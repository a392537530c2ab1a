"""Where `classify` writes its answers, in which form, and what is there already."""

import argparse
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fer_core.cli.inputs import STANDARD_STREAM
from fer_core.errors import UsageError
from fer_core.imaging.file_types import has_animation_extension
from fer_core.imaging.photo_file import PhotoFile
from fer_core.reports.export import CSV_ENCODING, checksums_text, to_csv
from fer_core.reports.format import join_words

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.answers import Answer, PhotoAnswers
    from fer_core.bulk.resume import Rest

Form = Literal["text", "jsonl", "csv", "parquet"]
RowsOf = Callable[..., Iterable[dict[str, Any]]]
Formatter = Callable[[Sequence["PhotoAnswers"]], bytes]
SCHEMAS = ("deepface", "pyfeat", "openface")
FORM_OF_ENDING: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True)
class AnswerOutput:
    """What the options of `classify` say about its output.

    Attributes:
        name: Path of the file, or "-".
        form: Its form.
        schema: The tool whose fields it has; None for ours.
        min_confidence: Answers with less than this confidence are unsure.
    """

    name: str
    form: Form
    schema: str | None = None
    min_confidence: float = 0

    @property
    def is_file(self) -> bool:
        """Whether it is a file, not standard output."""
        return self.name != STANDARD_STREAM

    @property
    def written_name(self) -> str:
        """Path of the file that is written photo by photo, or "-"."""
        if self.form != "parquet":
            return self.name
        from fer_core.bulk.parquet import journal_path

        return journal_path(self.name)


def chosen_output(args: argparse.Namespace) -> AnswerOutput:
    """The output that the options name.

    Raises:
        UsageError: They contradict each other, or no form has such an ending.
    """
    name = args.out or args.csv or STANDARD_STREAM
    form: Form = {"deepface": "jsonl", None: "text"}.get(args.schema, "csv")  # type: ignore[assignment]
    if args.json or args.csv:
        form = "jsonl" if args.json else "csv"
    elif name != STANDARD_STREAM:
        ending = Path(name).suffix.lower()
        if ending not in FORM_OF_ENDING:
            raise UsageError(f"{name} must end in {', '.join(FORM_OF_ENDING)}.")
        form = FORM_OF_ENDING[ending]
    needed = "jsonl" if args.schema == "deepface" else "csv"
    if args.schema and form != needed:
        raise UsageError(f"Answers in the form of {args.schema} are {needed.upper()}, not {form}.")
    if args.resume and (name == STANDARD_STREAM or args.schema):
        raise UsageError("--resume needs --out FILE or --csv FILE, and no --schema.")
    if args.schema and args.min_confidence:
        raise UsageError(f"The form of {args.schema} has no unsure answers: no --min-confidence.")
    if form == "parquet":
        from fer_core.bulk.parquet import check_pyarrow

        check_pyarrow()
    return AnswerOutput(name, form, args.schema, args.min_confidence)


def rest(output: AnswerOutput, model_names: Sequence[str], files: list[PhotoFile]) -> "Rest":
    """What an earlier run with the same models has left to do of these files.

    Raises:
        UsageError: Another command, version or model wrote the output.
        FerError: It cannot be read.
    """
    from fer_core.bulk import parquet, resume

    path = Path(output.written_name)
    is_reopened = output.form == "parquet" and not path.exists() and Path(output.name).exists()
    if is_reopened:
        parquet.reopen(output.name)
    if not path.exists():
        return resume.Rest(files, 0)
    weights = {name: checksums_text([name]) for name in model_names}
    if output.form == "jsonl":
        return resume.rest(files, resume.read_jsonl(path, weights), resume.jsonl_key)
    try:
        earlier = resume.read_csv(path, weights, output.name)
    except UsageError:
        if is_reopened:
            path.unlink()
        raise
    key = resume.parquet_key if output.form == "parquet" else resume.csv_key
    return resume.rest(files, earlier, key)


def print_what_is_missing(model_names: Sequence[str], output: AnswerOutput) -> None:
    """Say on stderr what our own forms have but this output will lack: sets, quality of faces."""
    from fer_core.reports.answers import missing_quality_notes, missing_set_notes

    notes = [] if output.schema else [*missing_set_notes(model_names), *missing_quality_notes()]
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def formatter(output: AnswerOutput) -> tuple[bytes, Formatter]:
    """The first bytes of the output, and the function that formats the answers about photos."""
    from fer_core.reports import answers, schemas

    if output.form == "text":
        encoding = sys.stdout.encoding
        text = partial(as_text, min_confidence=output.min_confidence)
        return b"", lambda photos: "".join(map(text, photos)).encode(encoding, "replace")
    if output.form == "jsonl":
        ours = partial(answers.photo_record, min_confidence=output.min_confidence)
        record = schemas.deepface_record if output.schema else ours
        return b"", lambda photos: "".join(json.dumps(record(p)) + "\n" for p in photos).encode()
    columns: Sequence[str] = answers.ANSWER_COLUMNS
    rows: RowsOf = partial(answers.answer_rows, min_confidence=output.min_confidence)
    if output.schema == "pyfeat":
        columns, rows = schemas.PYFEAT_COLUMNS, _numbered(schemas.pyfeat_rows, 0)
    elif output.schema == "openface":
        columns, rows = schemas.OPENFACE_COLUMNS, _numbered(schemas.openface_rows, 1)
    is_parquet = output.form == "parquet"
    encoding = CSV_ENCODING if output.is_file and not is_parquet else "utf-8"

    def format_photos(photos: Sequence["PhotoAnswers"]) -> bytes:
        table = to_csv(rows(photos), columns, header=False, for_spreadsheets=not is_parquet)
        return table.encode()

    return to_csv([], columns).encode(encoding), format_photos


def _numbered(rows: RowsOf, first: int) -> RowsOf:
    """Make the rows of many photos from a function for one photo and its number."""
    numbers = itertools.count(first)
    return lambda photos: itertools.chain.from_iterable(rows(p, next(numbers)) for p in photos)


def as_text(photo: "PhotoAnswers", min_confidence: float = 0) -> str:
    """The answers about a photo as lines of text; those with less confidence than this unsure."""
    from fer_core.reports.answers import photo_notes
    from fer_core.reports.quality_text import warning

    lines = [photo.name]
    if photo.error:
        lines.append(f"  {photo.error}")
    elif not photo.faces:
        lines.append("  no face found; --whole-picture treats the whole picture as one face")
    for number, face in enumerate(photo.faces, 1):
        for model_name, answer in face.answers.items():
            emotion = "unsure" if answer.confidence < min_confidence else answer.emotion
            line = f"  face {number}  {model_name:16} {emotion:9} {answer.confidence:6.1%}"
            lines.append(line + _set_text(model_name, answer))
        quality = photo.quality_of(face)
        if quality and (text := warning(quality)):
            lines.append(f"          {text}")
    lines += [f"  ({note})" for note in photo_notes(photo)]
    if photo.picture_count > 1 and has_animation_extension(Path(photo.name)):
        lines.append("  (--every 0.2 classifies all of an animation)")
    return "\n".join(lines) + "\n"


def _set_text(model_name: str, answer: "Answer") -> str:
    """The prediction set, to be put after the answer; empty for a model without any."""
    from fer_core.evaluation.conformal import DEFAULT_LEVEL, prediction_set

    names = prediction_set(model_name, answer.probabilities)
    return f"  ({DEFAULT_LEVEL:.0%} set: {join_words(names, 'or')})" if names else ""
