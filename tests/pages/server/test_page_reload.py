"""Which sessions may hand their photos over after a reload."""

from pages.server import page_reload
from pages.server.page_reload import RELOAD_SECONDS, RecentlyLeft
from pages.session.photos import SessionPhotos
from pages.session.recordings import Recordings


def test_only_what_the_same_browser_has_just_left() -> None:
    now = [0.0]
    left = RecentlyLeft(lambda: now[0])
    left.note("a", "mine")
    left.note("b", "theirs")
    left.note("c", "")  # a browser that cannot be told from others
    assert left.of_browser("mine") == ["a"]
    assert left.of_browser("") == []
    now[0] = RELOAD_SECONDS + 1
    assert left.of_browser("mine") == []
    left.note("d", "mine")
    assert left.of_browser("mine") == ["d"]


def test_a_batch_that_was_stopped_stays_stopped() -> None:
    old, new = SessionPhotos(inbox=[("a.png", b"a")], is_paused=True), SessionPhotos()
    page_reload._move(old, new)
    assert new.is_paused
    assert (len(new.inbox), len(old.inbox)) == (1, 0)


def test_recordings_move_and_the_next_one_has_a_new_number() -> None:
    old, new = Recordings(), Recordings()
    first = old.begin("camera", "Camera")
    new.take_over(old)
    assert (new.recordings, old.recordings) == ({1: first}, {})
    assert new.begin("video", "film.webm").number == 2
