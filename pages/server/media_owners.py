"""Which session each image and download belongs to.

Streamlit names a file by a hash of its content alone. Whoever has a photo could compute its address
and learn from the answer whether somebody has uploaded it. Here the name depends on a secret and on
the session as well, so it cannot be computed, belongs to one session and goes with it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

#: How the value of `BROWSER_HEADER` begins for a browser without cookies.
NO_COOKIE = "none-"


def is_same_browser(owner: str, browser: str) -> bool:
    """Whether a request may come from the browser that a session began with.

    Args:
        owner: What `BROWSER_HEADER` said when the session began. A browser without cookies can't
            be told from others later: there, the session's secret id has to do.
        browser: The hash of the request's cookie; empty without one.
    """
    return not owner or owner.startswith(NO_COOKIE) or owner == browser


@dataclass(frozen=True)
class _Owner:
    session: str
    browser: str


@dataclass
class MediaOwners:
    """Names of files in Streamlit's media storage, and the session that each belongs to."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _owners: dict[str, _Owner] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def new_id(self, content_id: str, session: str, browser: str) -> str:
        """The id under which `session` shows the file that Streamlit calls `content_id`.

        Args:
            content_id: Streamlit's id, computed from the content.
            session: Id of the session that shows the file.
            browser: What `BROWSER_HEADER` said when the session began.

        Returns:
            64 hexadecimal digits.
        """
        message = f"{session}/{content_id}".encode()
        file_id = hmac.new(self._key, message, hashlib.sha256).hexdigest()
        with self._lock:
            self._owners[file_id] = _Owner(session, browser)
        return file_id

    def may_see(self, file_id: str, browser: str) -> bool:
        """Whether a browser may fetch this file."""
        owner = self._owners.get(file_id)
        return owner is not None and is_same_browser(owner.browser, browser)

    def sessions(self) -> set[str]:
        """Ids of the sessions that have files."""
        with self._lock:
            return {owner.session for owner in self._owners.values()}

    def forget(self, file_id: str) -> None:
        """Forget a file that was deleted."""
        with self._lock:
            self._owners.pop(file_id, None)

    def remove_session(self, session: str, delete: Callable[[str], None]) -> None:
        """Delete all files of a session at once.

        Args:
            session: The session's id.
            delete: Deletes the file with an id from the storage.
        """
        with self._lock:
            ids = [name for name, owner in self._owners.items() if owner.session == session]
        for file_id in ids:
            delete(file_id)
            self.forget(file_id)


MEDIA_OWNERS = MediaOwners()
