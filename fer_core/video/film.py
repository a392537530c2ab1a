"""A film file → the answers about its frames, and all of them as a timeline."""

import os
from collections.abc import Iterator, Sequence

from fer_core.errors import VideoError
from fer_core.models.precision import PrecisionChoice
from fer_core.text import clock
from fer_core.video.frames import FrameAnalyser, FrameAnswers
from fer_core.video.read import read_frames
from fer_core.video.timeline import Timeline


def analyse_film(
    path: str | os.PathLike[str],
    model_names: Sequence[str],
    every: float | None,
    precision: PrecisionChoice,
) -> Iterator[FrameAnswers]:
    """Read a film and classify the faces of its frames, one frame at a time.

    Args:
        path: As of `read_frames`.
        model_names: Names of registered models.
        every: As of `read_frames`.
        precision: As of `predictors.load`.

    Yields:
        The answers about each frame, in order of time.

    Raises:
        ValueError: As of `read_frames`.
        VideoError: As of `read_frames`; also after the answers about a damaged film.
        NotTrainedError: A model has no weights yet.
        WeightsError: The weights of a model or of the detector are missing or damaged.
    """
    analyser = FrameAnalyser(precision)
    for time, image in read_frames(path, every):
        yield analyser.analyse(image, time, model_names)


def add_to(timeline: Timeline, frames: Iterator[FrameAnswers]) -> Iterator[FrameAnswers]:
    """Add frames to a timeline, and pass them on.

    Raises:
        VideoError: The film is longer than the timeline may be; or as of `analyse_film`.
    """
    for frame in frames:
        if timeline.is_full:
            raise VideoError(
                f"{timeline.title} was analysed up to {clock(float(timeline.frame_times[-1]))} "
                "only: more faces or frames do not fit into a timeline."
            )
        timeline.add(frame)
        yield frame
