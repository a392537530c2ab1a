"""`python -m fer_core classify film.mp4`: the emotions of every face in a film, over time."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from fer_core.cli.asked_models import asked_models, load_job
from fer_core.cli.inputs import STANDARD_STREAM, find_photos
from fer_core.cli.output import OutputFile
from fer_core.cli.progress import Progress
from fer_core.errors import UsageError, VideoError
from fer_core.imaging import remote
from fer_core.imaging.file_types import has_animation_extension, has_film_extension
from fer_core.imaging.photo_file import PhotoFile
from fer_core.reports.export import CSV_ENCODING

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.bulk.job import Job
    from fer_core.video.frames import FrameAnswers
    from fer_core.video.timeline import Timeline

EVERY = 0.2  # seconds
MIN_EVERY = 0.001
Form = Literal["text", "csv", "jsonl", "vtt", "elan"]
FORM_OF_ENDING: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl", ".vtt": "vtt", ".txt": "elan"}
_STREAMED: tuple[Form, ...] = ("csv", "jsonl")  # without the whole timeline in memory


class _Target(NamedTuple):
    name: str  # path of a file, or "-"
    form: Form


def seconds(text: str) -> float:
    """An argument that is a number of seconds from 0.001, for `argparse`."""
    number = float(text)
    if not MIN_EVERY <= number < float("inf"):
        raise ValueError(text)
    return number


seconds.__name__ = "number of seconds from 0.001"  # argparse names it in its message


def films(args: argparse.Namespace) -> list[PhotoFile]:
    """The films that the arguments name; none if they name photos.

    Raises:
        UsageError: They name both, or an option does not go with films.
    """
    named = [name for name in args.paths if _is_film(name, args.every is not None)]
    if not named:
        if args.every is not None and STANDARD_STREAM in args.paths:
            raise UsageError("A film cannot come from standard input: name its file.")
        if args.every is not None:
            raise UsageError("--every is for films: name one, such as film.mp4.")
        return []
    if len(named) < len(args.paths) or args.list:
        raise UsageError("Films and photos cannot be classified in one call: use one for each.")
    if any(map(remote.is_address, named)):
        raise UsageError("A film cannot be read from an address: copy it to this machine.")
    unsuitable = {
        "--workers": args.workers > 1,
        "--engine": args.engine != "local",
        "--address": args.address,
        "--resume": args.resume,
        "--schema": args.schema,
        "--whole-picture": args.whole_picture,
        "--batch-size": args.batch_size is not None,
        "--min-confidence": args.min_confidence,
    }
    if given := [option for option, is_given in unsuitable.items() if is_given]:
        raise UsageError(f"{given[0]} is for photos, not for films: leave it out.")
    return find_photos(named)


def _is_film(name: str, with_animations: bool) -> bool:
    path = Path(name)
    is_named_so = has_film_extension(path) or (with_animations and has_animation_extension(path))
    return is_named_so and not path.is_dir()


def run(files: Sequence[PhotoFile], args: argparse.Namespace) -> int:
    """Print or write the answers; return 1 if a film failed or `all` had to skip a model."""
    model_names, own = asked_models(args)
    target = _target(args, len(files), len(model_names))
    inputs = [file.path for file in files] + ([args.onnx] if args.onnx else [])
    failed = 0
    with OutputFile(target.name, inputs, args.force) as output:
        job = load_job(model_names, args, own)
        is_visible = target.name == STANDARD_STREAM and sys.stdout.isatty()
        is_shown = not is_visible and (target.name != STANDARD_STREAM or sys.stderr.isatty())
        progress = Progress(None, is_shown, "frame")
        if target.form == "csv":
            from fer_core.reports.timeline.frames import frames_to_csv

            is_file = target.name != STANDARD_STREAM
            output.write(frames_to_csv("", []).encode(CSV_ENCODING if is_file else "utf-8"))
        for file in files:
            try:
                if file.error:
                    raise VideoError(f"{file.name}: {file.error}")
                _write_film(file, job, args.every or EVERY, target.form, output, progress)
            except VideoError as error:
                failed += 1
                progress.end_line()
                print(f"error: {error}", file=sys.stderr)
        progress.finish()
    return int(len(job.model_names) < len(model_names) or failed > 0)


def _target(args: argparse.Namespace, film_count: int, model_count: int) -> _Target:
    """The output that the options name.

    Raises:
        UsageError: No form has such an ending, or it has not the answers about several films or of
            several models.
    """
    name = args.out or args.csv or STANDARD_STREAM
    if args.json or args.csv:
        return _Target(name, "jsonl" if args.json else "csv")
    if name == STANDARD_STREAM:
        return _Target(name, "text")
    ending = Path(name).suffix.lower()
    if ending == ".parquet":
        raise UsageError("A film's answers are not written as Parquet: use .csv or .jsonl.")
    if ending not in FORM_OF_ENDING:
        raise UsageError(f"{name} must end in {', '.join(FORM_OF_ENDING)}.")
    form = FORM_OF_ENDING[ending]
    if form not in _STREAMED and film_count > 1:
        raise UsageError(f"A {ending} file is about one film: name one.")
    if form == "vtt" and model_count > 1:
        raise UsageError("A .vtt file has the answers of one model: name it.")
    return _Target(name, form)


def _write_film(
    file: PhotoFile, job: "Job", every: float, form: Form, output: OutputFile, progress: Progress
) -> None:
    """Write the answers about one film frame by frame, and at its end what is about all of it.

    Raises:
        VideoError: It cannot be read, or not up to its end; what could be is written.
    """
    from fer_core.cli.film_text import film_end
    from fer_core.video.film import add_to, analyse_film
    from fer_core.video.timeline import Timeline

    timeline = Timeline(file.name)
    frames = analyse_film(str(file.path), job.model_names, every, job.precision)
    if form not in _STREAMED:
        frames = add_to(timeline, frames)
    format_frame = _frame_formatter(form, timeline, job.model_names)
    try:
        for frame in frames:
            output.write(format_frame(frame))
            progress.add(len(frame.faces), failed=False)
            progress.show()
    except KeyboardInterrupt:
        progress.end_line()
        print(f"Only {progress.done} frames were classified.", file=sys.stderr)
        raise
    finally:
        if timeline.frame_count:
            output.write(_encoded(film_end(form, timeline, job.model_names), form))


def _frame_formatter(
    form: Form, timeline: "Timeline", model_names: Sequence[str]
) -> Callable[["FrameAnswers"], bytes]:
    """The function that formats the answers about one frame of this film."""
    from fer_core.cli.film_text import Changes
    from fer_core.reports.timeline.frames import frames_to_csv, frames_to_jsonl, record_of

    name = timeline.title
    if form == "csv":
        return lambda frame: frames_to_csv(name, [record_of(frame)], header=False).encode()
    if form == "jsonl":
        return lambda frame: frames_to_jsonl(name, [record_of(frame)]).encode()
    if form == "text":
        changes = Changes(name, len(model_names) > 1)
        return lambda frame: _encoded(changes.lines(frame), form)
    return lambda frame: b""


def _encoded(text: str, form: Form) -> bytes:
    return text.encode(sys.stdout.encoding if form == "text" else "utf-8", "replace")
