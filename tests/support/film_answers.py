"""Answers about frames, made up: each model is sure of one emotion."""

import numpy as np

from fer_core.answers import Answer
from fer_core.emotions import EMOTIONS
from fer_core.faces.align import Face
from fer_core.video.frames import FrameAnswers, TrackedFace
from fer_core.video.timeline import Series
from fer_core.video.tracks import Doubt

HAPPY, NEUTRAL, SAD = (EMOTIONS.index(name) for name in ("happy", "neutral", "sad"))


def probabilities(emotion: int) -> np.ndarray:
    """(7,): 0.94 for this emotion."""
    row = np.full(len(EMOTIONS), 0.01)
    row[emotion] = 0.94
    return row


def face(track: int, doubt: Doubt | None = None, grey: int = 0, **led: int) -> TrackedFace:
    """A face, and by model the emotion that leads."""
    answers = {
        name: Answer(dict(zip(EMOTIONS, probabilities(emotion).tolist(), strict=True)), 1.0)
        for name, emotion in led.items()
    }
    box = Face((100 * track, 20, 50, 60), 0.9)
    return TrackedFace(track, doubt, box, np.full((48, 48), grey, np.uint8), answers)


def frame(number: int, time: float, *faces: TrackedFace) -> FrameAnswers:
    """A frame of 640×480."""
    return FrameAnswers(number, time, 640, 480, faces)


def series(*answers: tuple[float, int], step: float = 0.1) -> Series:
    """At these seconds, these emotions led, in a film with a frame every `step` seconds."""
    times = np.array([time for time, _ in answers], float)
    rows = np.array([probabilities(emotion) for _, emotion in answers], np.float32)
    return Series(times, rows.reshape(-1, len(EMOTIONS)), step)
