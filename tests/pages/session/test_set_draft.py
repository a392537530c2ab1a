"""A visitor's labelled photos become a set of faces and answers; the photos are forgotten."""

import io
import zipfile

import numpy as np
import pytest
from apptest import plain_picture

from fer_core.errors import UsageError
from fer_core.imaging.sample_photo import sample_photo
from fer_core.own_sets.labels import Vocabulary
from pages.session.set_draft import SetDraft

ASTRONAUT = sample_photo()
ADMIRAL = sample_photo("admiral.png")


def read(*files: tuple[str, bytes]) -> SetDraft:
    draft = SetDraft()
    draft.receive(files)
    while draft.inbox:
        draft.read_next(lambda task: task())
    return draft


def evaluate(draft: SetDraft, vocabulary: Vocabulary, *, is_cropped: bool = False):
    labelled = draft.labelled(vocabulary)
    draft.begin(labelled, vocabulary, ["multiclass"], "Mine", is_cropped=is_cropped)
    while draft.waiting:
        draft.ask_next(lambda task: task())
    assert draft.builder is not None
    return draft.builder.build("mine", title="Mine", notes=draft.notes)


FILES = (
    ("set/Happiness/a.jpg", ASTRONAUT),
    ("set/grumpy/b.png", ADMIRAL),
    ("set/sad/none.png", plain_picture()),
    ("set/sad/broken.jpg", b"no picture"),
    ("set/contempt/c.jpg", ASTRONAUT),
    ("set/.hidden/d.jpg", ASTRONAUT),
    ("set/readme.txt", b"text"),
)


def test_a_folder_becomes_a_set_and_everything_else_is_said() -> None:
    draft = read(*FILES)
    assert draft.problems == ["set/readme.txt is neither a photo, a .zip file nor a table."]
    evaluated = evaluate(draft, Vocabulary(None, {"grumpy": "angry"}))
    predictions = evaluated.predictions("multiclass")
    assert predictions.ids.tolist() == ["set/Happiness/a.jpg", "set/grumpy/b.png"]
    assert predictions.labels.tolist() == [3, 0]
    assert predictions.probabilities.sum(axis=1) == pytest.approx([1, 1])
    notes = " ".join(evaluated.notes)
    for reason in ("none.png", "broken.jpg", "contempt"):
        assert reason in notes


def test_no_photo_stays_once_it_has_been_read() -> None:
    draft = SetDraft()
    draft.receive([("set/happy/a.jpg", ASTRONAUT)])
    assert draft.memory_bytes >= len(ASTRONAUT)
    draft.read_next(lambda task: task())
    kept = draft.photos["set/happy/a.jpg"]
    assert draft.memory_bytes < len(ASTRONAUT)
    assert [face.chip.shape for face in kept.faces] == [(48, 48)]


@pytest.mark.parametrize("is_cropped", [False, True])
def test_a_zip_file_with_a_table_and_cropped_faces(is_cropped: bool) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("a.jpg", ASTRONAUT)
        file.writestr("labels.csv", "file,label,group\na.jpg,joy,one\n")
    draft = read(("photos.zip", content.getvalue()))
    evaluated = evaluate(draft, Vocabulary(), is_cropped=is_cropped)
    assert len(evaluated) == 1
    [photo] = draft.photos.values()
    expected = photo.picture_chip if is_cropped else photo.faces[0].chip
    assert draft.builder is not None
    assert np.array_equal(draft.builder.chips[0], expected)


def test_nothing_labelled_is_a_sentence() -> None:
    draft = read(("photo.jpg", ASTRONAUT))
    with pytest.raises(UsageError, match="No photo has a label"):
        draft.labelled(Vocabulary())


def test_a_click_in_the_middle_loses_no_photo() -> None:
    draft = SetDraft()
    draft.receive([("happy/a.jpg", ASTRONAUT), ("sad/b.png", ADMIRAL)])

    def interrupted(task: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draft.read_next(interrupted)
    assert len(draft.inbox) == 2
    while draft.inbox:
        draft.read_next(lambda task: task())
    vocabulary = Vocabulary()
    draft.begin(draft.labelled(vocabulary), vocabulary, ["multiclass"], "x", is_cropped=False)
    with pytest.raises(KeyboardInterrupt):
        draft.ask_next(interrupted)
    assert len(draft.waiting) == 2
    draft.ask_next(lambda task: task())
    assert draft.builder is not None
    assert len(draft.builder) == 2
