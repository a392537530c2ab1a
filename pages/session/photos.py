"""Photos of one visitor's session: in memory, bounded, deleted with the session.

New files wait in an inbox and are processed one at a time, so a click or a page change in the
middle of a batch loses nothing: the next run of the page continues where this one stopped.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from fer_core.text import unique_name
from pages.runtime.settings import settings
from pages.session.batches import LeftOut
from pages.session.per_session import PerSession
from pages.session.photo import Photo, read_photo
from pages.text.escape import clean_name

CURRENT_KEY = "photo"  # in the session: the current photo's key in the album
MAX_PICTURES = 200  # photos of a session that are kept with their picture
MAX_PHOTOS = 5_000  # photos of a session; those beyond MAX_PICTURES without their picture
UNDO_SECONDS = 30  # that cleared photos are held
NO_PICTURE_NOTE = (
    f"The photo itself is not kept beyond the first {MAX_PICTURES}; its faces and answers are."
)


@dataclass(frozen=True)
class Removed:
    """What a visitor has cleared or removed a moment ago, held so that it can be undone."""

    album: dict[str, Photo]  # all photos as they were before
    left_out: LeftOut
    count: int  # photos that were removed
    until: float  # time.monotonic()


@dataclass(eq=False)
class SessionPhotos:
    """All photos of a session.

    Each run of a page keeps a reference to the instance it started with: after a click, Streamlit
    starts the next run while the previous one may still be reading a photo, which must not reappear
    after "Clear".
    """

    album: dict[str, Photo] = field(default_factory=dict)
    inbox: list[tuple[str, bytes]] = field(default_factory=list)
    too_large: int = 0  # uploads rejected by `pages.server.upload_limit`
    over_quota: int = 0
    over_quota_before: int = 0  # of these, those that came before the last batch
    is_paused: bool = False  # whether the visitor has stopped the reading of `inbox`
    left_out: LeftOut = field(default_factory=LeftOut)
    removed: Removed | None = None
    is_decided: bool = False  # whether the visitor has said how much of a large batch to read
    paused: tuple[str, ...] = ()  # models whose work the visitor has stopped
    is_handed_over: bool = False  # whether the photos were here before the page was reloaded
    first: str | None = None  # key of the last batch's first photo, "" once it has been shown
    session_id: str = ""

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes. Iterates over copies, as other threads may call this."""
        waiting = sum(len(data) for _, data in self.inbox.copy())
        return waiting + self.album_bytes

    @property
    def album_bytes(self) -> int:
        """The same without the inbox."""
        photos = (self.removed.album if self.removed else {}) | self.album
        return sum(photo.memory_bytes for photo in photos.values())

    @property
    def picture_room(self) -> int:
        """How many more photos can be kept with their picture."""
        pictures = sum(photo.has_picture for photo in self.album.copy().values())
        return max(0, MAX_PICTURES - pictures)

    def receive(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Add files, as (name, content), to the inbox; what was removed before is forgotten."""
        self.removed, self.paused, self.is_handed_over = None, (), False
        self.is_paused, self.first = False, None
        self.over_quota -= self.over_quota_before  # those of the batch before may be here now
        self.over_quota_before = self.over_quota
        self.inbox.extend((clean_name(name), data) for name, data in files)

    def select(self, indices: Sequence[int]) -> None:
        """Keep only these files of the inbox; the others are left out."""
        chosen = set(indices)
        names = [name for i, (name, _) in enumerate(self.inbox) if i not in chosen]
        self.left_out.add(names, "you chose a part of the batch.")
        self.inbox[:] = [item for i, item in enumerate(self.inbox) if i in chosen]
        self.is_decided = True

    def as_removed(self, count: int) -> Removed:
        """The photos as they are now, `count` of which are about to be removed."""
        until = time.monotonic() + UNDO_SECONDS
        return Removed(self.album.copy(), self.left_out, count, until)

    def forget_removed(self, now: float) -> None:
        """Forget for good what was removed longer than `UNDO_SECONDS` ago."""
        if self.removed is not None and now >= self.removed.until:
            self.removed = None

    def read_next(self, run: Callable[[Callable[[], Photo]], Photo]) -> str | None:
        """Move one file from the inbox to the album.

        Args:
            run: Called with the function that reads the photo; decides when to call it.

        Returns:
            The photo's key, or None if there was no room for it.
        """
        name, data = item = self.inbox[0]
        key = photo_key(name, data)
        fits = key in self.album or not full_reason()
        if fits and key not in self.album:
            taken = {photo.name for photo in self.album.values()}
            shown_name = clean_name(unique_name(name, taken))  # no longer than other names
            keep = self.picture_room > 0

            def read() -> Photo:  # keeps the photo itself: a click may end the wait for it
                self.album[key] = read_photo(shown_name, data, keep_picture=keep)
                self._note_read(item, key)
                return self.album[key]

            run(read)
        elif fits:
            self._note_read(item, key)
        elif item in self.inbox:
            self.inbox.remove(item)
        return key if fits else None

    def discard_rest(self) -> None:
        """Leave out all files that still wait; one that is being read is read to its end."""
        self.is_paused = False
        waiting = self.inbox.copy()
        self.left_out.add([name for name, _ in waiting], "you skipped the rest of the batch.")
        self.inbox.clear()
        for name, data in waiting:
            if photo_key(name, data) in self.album:  # another thread has just read it
                self.left_out.discard(name)

    def take_first(self) -> str:
        """Key of the last batch's first photo, the first time that it is asked for; else empty."""
        key = self.first or ""
        self.first = "" if key else self.first
        return key if key in self.album else ""

    def _note_read(self, item: tuple[str, bytes], key: str) -> None:
        """Let a file wait no more, nor be left out, now that it is in the album."""
        if self.first is None and self.album[key].error is None:
            self.first = key
        self.left_out.discard(item[0])
        if item in self.inbox:
            self.inbox.remove(item)


def photo_key(name: str, data: bytes) -> str:
    """Key of a file in an album: the same for the same content under the same name."""
    return hashlib.sha256(data).hexdigest() + name


_PHOTOS = PerSession("held", lambda session_id: SessionPhotos(session_id=session_id))
session_photos, of_session, memory_bytes = (
    _PHOTOS.current,
    _PHOTOS.of_session,
    _PHOTOS.memory_bytes,
)


def pause_reading() -> None:
    """Let the files that still wait go on waiting until the visitor continues or discards them."""
    session_photos().is_paused = True


def read_rest() -> None:
    """Go on with the files that wait."""
    session_photos().is_paused = False


def discard_rest() -> None:
    """Leave out all files of this session that still wait."""
    session_photos().discard_rest()


def album() -> dict[str, Photo]:
    """This session's photos by key, in order of arrival."""
    return session_photos().album


def receive(files: Iterable[tuple[str, bytes]]) -> None:
    """Add files, as (name, content), to this session's inbox; see `SessionPhotos.receive`."""
    session_photos().receive(files)


def full_reason() -> str:
    """Why this session cannot hold another photo, and what to do; empty if it can."""
    limit = settings().photo_mb * 10**6
    if len(album()) >= MAX_PHOTOS:
        return f"the limit per session is {MAX_PHOTOS:,}. Clear your photos to make room."
    if session_photos().album_bytes > limit // 2:
        return "this session's photo memory is full. Clear your photos to make room."
    if sum(session.album_bytes for session in of_session()) > limit:
        return "the app's photo memory is full. Try again in a few minutes."
    return ""


def record_rejected(too_large: int, over_quota: int) -> tuple[int, int]:
    """Count uploads rejected by the server; return the totals since the last `clear`."""
    session = session_photos()
    session.too_large += too_large
    session.over_quota += over_quota
    return session.too_large, session.over_quota


def clear() -> None:
    """Delete this session's photos and everything derived from them.

    `pages.session.undo` can bring them back for `UNDO_SECONDS`.
    """
    before = session_photos()
    for key in ("held", CURRENT_KEY, "saliency"):
        st.session_state.pop(key, None)
    if before.album:
        session_photos().removed = before.as_removed(len(before.album))
    # Something may still refer to the instance, such as a run that has not ended.
    before.album, before.inbox, before.removed, before.session_id = {}, [], None, ""


def forget_removed() -> None:
    """Forget what visitors have removed, in all sessions, once it can no longer be undone."""
    for session in of_session():
        session.forget_removed(time.monotonic())
