"""Photos shared among real processes, one of which is killed on the way."""

import os
import signal
import time
from collections import Counter
from multiprocessing import active_children
from pathlib import Path

import pytest
from killer_job import KillerJob

from fer_core.bulk.job import Job, batches
from fer_core.bulk.processes import CRASHED, classify_batches
from fer_core.imaging.photo_file import PhotoFile
from fer_core.imaging.sample_photo import sample_photo

JOB = Job(("multiclass",))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[PhotoFile]:
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{number:02}.png" for number in range(24)]
    for path in paths:
        path.write_bytes(sample_photo())
    paths[5].write_text("no photo")
    return [PhotoFile(path.name, str(path)) for path in paths]


@pytest.mark.parametrize("pause", [0, 1])
def test_a_killed_process_loses_and_doubles_nothing(files: list[PhotoFile], pause: int) -> None:
    answers = []
    for number, batch in enumerate(classify_batches(batches(files, 2), JOB, workers=2)):
        answers += batch
        if number == 1:
            os.kill(active_children()[0].pid or 0, signal.SIGKILL)
            time.sleep(pause)  # as while an output is slow: the pool notices in between
    assert Counter(answer.name for answer in answers) == Counter(file.name for file in files)
    assert [answer.name for answer in answers if answer.error] == ["05.png"]
    [alone] = JOB.classify([files[0]])[0].faces
    probabilities = alone.answers["multiclass"].probabilities
    assert alone.quality, "it was measured before the chip was left out"
    for answer in answers:
        for face in answer.faces:
            assert face.chip.size == 0, "no pixel goes from process to process"
            assert face.answers["multiclass"].probabilities == pytest.approx(
                probabilities, abs=1e-5
            )
            assert face.quality == alone.quality


def test_a_photo_that_ends_its_process_is_named_and_the_others_are_answered(
    files: list[PhotoFile],
) -> None:
    found = classify_batches(batches(files[:6], 2), KillerJob(("multiclass",)), workers=2)
    errors = {answer.name: answer.error for batch in found for answer in batch}
    assert len(errors) == 6
    assert errors.pop("03.png") == CRASHED
    assert [name for name, error in errors.items() if error] == ["05.png"]


def test_large_files_make_small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fer_core.bulk.job.BATCH_BYTES", 100)
    sizes = [10, 10, 200, 10, 60, 60, 1, 1, 1, 1]
    files = []
    for number, size in enumerate(sizes):
        path = tmp_path / str(number)
        path.write_bytes(bytes(size))
        files.append(PhotoFile(path.name, str(path)))
    groups = [[int(file.name) for file in batch] for batch in batches(files, 3)]
    assert groups == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]
