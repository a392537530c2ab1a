"""What a visit keeps of cameras and films."""

from film_answers import HAPPY, face, frame

from fer_core.video.marks import Mark
from pages.session.recordings import Recordings


def test_a_recording_without_anything_to_lose_goes_when_the_next_begins() -> None:
    held = Recordings()
    for kind, seconds, marks in [
        ("camera", 0.3, []),
        ("camera", 2.0, []),
        ("camera", 0.5, [Mark(0.1)]),
        ("video", 0.0, []),
        ("video", None, []),
    ]:
        recording = held.begin(kind, "A")  # type: ignore[arg-type]
        recording.marks += marks
        for i, time in enumerate([] if seconds is None else sorted({0.0, seconds}), 1):
            recording.timeline.add(frame(i, time, face(1, multiclass=HAPPY)))
    held.begin("camera", "Camera")
    assert list(held.recordings) == [2, 3, 4, 6]
    assert held.recordings[6].timeline.title == "Camera 6"
    assert held.running is None
