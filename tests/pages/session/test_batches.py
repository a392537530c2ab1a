"""Large batches: the sample is a fair one, and what is left out keeps its name."""

from collections.abc import Callable

import pytest

from fer_core.imaging.sample_photo import sample_photo
from pages.session import batches
from pages.session.batches import LeftOut
from pages.session.photo import Photo
from pages.session.photos import SessionPhotos

NAMES = [f"angry/{i}.jpg" for i in range(6)] + [f"happy/{i}.jpg" for i in range(2)]


def test_samples_are_spread_over_the_batch_and_its_folders() -> None:
    assert batches.first(NAMES, 3) == [0, 1, 2]
    assert batches.evenly(NAMES, 4) == [0, 2, 4, 6]
    assert batches.per_folder(NAMES, 4) == [0, 3, 6, 7]
    assert batches.per_folder(NAMES, 6) == [0, 1, 3, 4, 6, 7]  # happy has no third one


@pytest.mark.parametrize("select", batches.SAMPLES.values())
def test_a_sample_is_no_larger_than_the_batch(select: batches.Sample) -> None:
    assert select(NAMES, 100) == list(range(len(NAMES)))
    assert len(select(NAMES, 5)) == len(set(select(NAMES, 5))) == 5


def test_files_left_out_are_all_counted_and_many_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_LEFT_OUT_NAMES", 3)
    left_out = LeftOut()
    left_out.add(["a", "b"], "no room.")
    left_out.add(["c", "d"], "skipped.")
    left_out.add([], "never.")
    assert left_out.counts == {"no room.": 2, "skipped.": 2}
    assert [name for name, _ in left_out.named()] == ["a", "b", "c"]


def test_a_file_that_is_read_after_all_is_no_longer_left_out() -> None:
    left_out = LeftOut()
    left_out.add(["a", "b"], "skipped.")
    left_out.discard("a")
    left_out.discard("never left out")
    assert left_out.named() == [("b", "Not read: skipped.")]
    left_out.discard("b")
    assert not left_out.counts


@pytest.mark.parametrize("is_read_before", [True, False])
def test_a_photo_that_is_read_while_the_rest_is_skipped_is_not_left_out(
    is_read_before: bool,
) -> None:
    """A click ends the wait for it, but not the reading."""
    session = SessionPhotos(inbox=[("a.png", sample_photo()), ("b.png", b"b")])
    reading: list[Callable[[], Photo]] = []

    def leave(read: Callable[[], Photo]) -> Photo:
        reading.append(read)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        session.read_next(leave)
    if is_read_before:
        reading[0]()
    session.discard_rest()
    if not is_read_before:
        reading[0]()
    assert [photo.name for photo in session.album.values()] == ["a.png"]
    assert [name for name, _ in session.left_out.named()] == ["b.png"]
    assert not session.inbox
