"""A look at one frame: what a worker thread does with it, and what the browser is told."""

import io
from collections.abc import Sequence
from time import monotonic
from typing import Any

from PIL import Image

from fer_core.imaging import header_limits
from fer_core.imaging.decode import decode
from fer_core.video.frames import FrameAnswers
from fer_core.video.summary import vote_entropy
from pages.server.api.error import ApiError
from pages.session.recordings import Recording

MAX_SIDE = 1280  # px of a frame


def look(recording: Recording, data: bytes, time: float, names: Sequence[str]) -> FrameAnswers:
    """Decode a frame, ask the models, and add the answers to the recording.

    Args:
        recording: Of the frame's session.
        data: A JPEG; it is dropped at the end.
        time: Of the frame, in seconds.
        names: Models to ask.

    Raises:
        ApiError: 400, 413 or 415.
        ImageError: The JPEG is damaged.
        WeightsError: A model's weights are missing or damaged.
    """
    timeline = recording.timeline
    if time <= timeline.last_time:
        raise ApiError(400, "A frame must be later than the one before.")
    check_jpeg(data)
    answers = recording.analyser.analyse(decode(data), time, names)
    timeline.add(answers)
    recording.last_frame = monotonic()
    return answers


def frame_record(answers: FrameAnswers, names: Sequence[str]) -> dict[str, Any]:
    """The answers about a frame as JSON-serialisable data; boxes in px, entropy in bits."""
    faces = []
    for each in answers.faces:
        rows = {name: list(each.answers[name].probabilities.values()) for name in names}
        votes = [row.index(max(row)) for row in rows.values()]
        faces.append(
            {
                "track": each.track,
                "box": each.face.box,
                "score": each.face.score,
                "doubt": each.doubt,
                "answers": {name: [round(p, 4) for p in row] for name, row in rows.items()},
                "entropy": round(vote_entropy(votes), 3) if len(votes) > 1 else None,
            }
        )
    return {
        "frame": answers.number,
        "time": answers.time,
        "width": answers.width,
        "height": answers.height,
        "faces": faces,
    }


def check_jpeg(data: bytes) -> None:
    """Raise `ApiError` for what is no JPEG or too large, by its header, without decoding it."""
    header_limits.check_structure(data)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as header:
            side = max(header.size)
    except Exception:  # Pillow raises almost any type
        raise ApiError(415, "A frame must be a JPEG.") from None
    if side > MAX_SIDE:
        raise ApiError(413, f"A frame may have at most {MAX_SIDE} pixels per side.")
