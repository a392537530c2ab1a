"""Addresses of images: they can't be computed, and belong to one session and its browser."""

from pages.server.media_owners import NO_COOKIE, MediaOwners, is_same_browser


def test_the_same_image_has_another_address_in_every_session_and_process() -> None:
    owners, others = MediaOwners(), MediaOwners()
    ids = [owners.new_id("content", session, "b") for session in ("one", "two")]
    ids += [others.new_id("content", "one", "b"), owners.new_id("other", "one", "b")]
    assert len(set(ids)) == 4
    assert owners.new_id("content", "one", "b") == ids[0], "unchanged when the page runs again"


def test_only_the_browser_of_the_session_may_see_an_image() -> None:
    owners = MediaOwners()
    image = owners.new_id("content", "session", "browser")
    assert owners.may_see(image, "browser")
    assert not owners.may_see(image, "")
    assert not owners.may_see(image, "another")
    assert not owners.may_see("unknown", "browser")


def test_a_browser_without_cookies_sees_its_images() -> None:
    assert is_same_browser(f"{NO_COOKIE}random", "")
    assert not is_same_browser("browser", "")


def test_a_session_takes_its_images_along() -> None:
    owners = MediaOwners()
    mine = [owners.new_id(content, "mine", "b") for content in "xy"]
    other = owners.new_id("x", "other", "b")
    deleted: list[str] = []
    owners.remove_session("mine", deleted.append)
    assert sorted(deleted) == sorted(mine)
    assert owners.sessions() == {"other"}
    assert [owners.may_see(name, "b") for name in [*mine, other]] == [False, False, True]
