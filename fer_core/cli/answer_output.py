"""Where `classify` writes its answers, in which form, and what is there already."""

import argparse
import itertools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fer_core.cli.inputs import STANDARD_STREAM
from fer_core.errors import UsageError
from fer_core.imaging.file_types import has_animation_extension
from fer_core.imaging.photo_file import PhotoFile
from fer_core.reports.export import CSV_ENCODING, checksums_text, to_csv

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.answers import PhotoAnswers
    from fer_core.bulk.resume import Rest

Form = Literal["text", "jsonl", "csv", "parquet"]
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
    """

    name: str
    form: Form
    schema: str | None = None

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
    if form == "parquet":
        from fer_core.bulk.parquet import check_pyarrow

        check_pyarrow()
    return AnswerOutput(name, form, args.schema)


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


def formatter(output: AnswerOutput) -> tuple[bytes, Formatter]:
    """The first bytes of the output, and the function that formats the answers about photos."""
    from fer_core.reports import answers, schemas

    if output.form == "text":
        encoding = sys.stdout.encoding
        return b"", lambda photos: "".join(map(as_text, photos)).encode(encoding, "replace")
    if output.form == "jsonl":
        record = schemas.deepface_record if output.schema else answers.photo_record
        return b"", lambda photos: "".join(json.dumps(record(p)) + "\n" for p in photos).encode()
    columns: Sequence[str] = answers.ANSWER_COLUMNS
    rows = answers.answer_rows
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


def _numbered(rows: Callable, first: int) -> Callable:  # type: ignore[type-arg]
    """Make the rows of many photos from a function for one photo and its number."""
    numbers = itertools.count(first)
    return lambda photos: itertools.chain.from_iterable(rows(p, next(numbers)) for p in photos)


def as_text(photo: "PhotoAnswers") -> str:
    """The answers about a photo as lines of text."""
    from fer_core.reports.answers import photo_notes

    lines = [photo.name]
    if photo.error:
        lines.append(f"  {photo.error}")
    elif not photo.faces:
        lines.append("  no face found; --whole-picture treats the whole picture as one face")
    for number, face in enumerate(photo.faces, 1):
        for model_name, answer in face.answers.items():
            probability = answer.probabilities[answer.emotion]
            lines.append(f"  face {number}  {model_name:16} {answer.emotion:9} {probability:6.1%}")
    lines += [f"  ({note})" for note in photo_notes(photo)]
    if photo.picture_count > 1 and has_animation_extension(Path(photo.name)):
        lines.append("  (--every 0.2 classifies all of an animation)")
    return "\n".join(lines) + "\n"
